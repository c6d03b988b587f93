"""Version of the algorithms. Results name it, and a trend never mixes two of them silently."""

ANALYSIS_VERSION = "4"
"""Raised with every change that can change a result; CHANGELOG.md, section Scientific changes, says how."""
