"""The picture of a recording over time, which is drawn and replayed in the browser."""
