"""Runs the command line as `python -m tracker`."""

from tracker.cli.main import run

run()
