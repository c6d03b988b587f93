"""Writes the simulated recording that ships: `python recordings/make_simulated_session.py`."""

from datetime import UTC, datetime
from pathlib import Path

from tracker.sensing.body.sessions import demo_session
from tracker.session.simulation import write_simulated_recording

if __name__ == "__main__":
    path = Path(__file__).with_name("simulated_session.mcap")
    path.unlink(missing_ok=True)
    write_simulated_recording(demo_session(), path, datetime(2026, 11, 2, 18, 0, tzinfo=UTC))
