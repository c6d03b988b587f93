"""Recordings that pages look through: measured in a process of their own, kept while they are looked at."""
