"""Results in forms that other software reads, and everything in one archive."""
