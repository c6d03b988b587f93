"""The page Session: before it, while it runs, and after it."""
