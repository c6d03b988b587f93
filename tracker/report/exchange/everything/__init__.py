"""One archive with all data of a home in open formats: written, checked, and read into an empty home.

A zip file. `database/TABLE.jsonl` has the rows of a table, one JSON object a line; `home/` has recordings and
settings as they are; `elsewhere/` has recordings that lay outside the home; `manifest.json` tells versions,
counts, and size and SHA-256 of every entry.
"""
