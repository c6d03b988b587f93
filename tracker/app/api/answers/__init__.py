"""What the API's document says of answers that are made as plain values."""
