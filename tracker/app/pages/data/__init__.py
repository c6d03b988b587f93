"""Export, backup, restore, import, re-analysis, what was deleted, and where the files are."""
