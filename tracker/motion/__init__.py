"""Signal processing: blocks in, measurements out. No files, no clock, no database.

The way of the data: orientation -> alignment -> hip rotation -> rest test and repetitions. Every step
gives the same bits however its input is cut into blocks: what depends on several samples is kept as
explicit state or computed over a whole phase, and no routine is used whose rounding depends on length.
"""
