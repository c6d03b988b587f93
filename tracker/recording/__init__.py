"""The recording file: what the sensors sent, written as it arrives, read back, rescued, imported.

`format.py` says what is in the file; `writer.py` and `reader.py` are the two ends that others use;
`recover.py` makes a whole file of a damaged one; `csv_import.py` makes a recording of foreign data.
"""
