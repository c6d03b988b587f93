"""The commands: thin, each in a file of its own. What costs time to import is imported inside them."""
