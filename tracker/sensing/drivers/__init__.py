"""One driver for each kind of sensor: what is written to it so that it streams, and what it is called."""
