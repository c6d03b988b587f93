"""Signal processing: blocks in, measurements out. No files, no clock, no database.

The way of the data, and of the folders: frames (orientation, alignment, hip rotation), then rest (the rest
test) on one side, and signals, grading and counting (repetitions) on the other. Every step gives the same
bits however its input is cut into blocks: what depends on several samples is kept as explicit state or
computed over a whole phase, and no routine is used whose rounding depends on length.
"""
