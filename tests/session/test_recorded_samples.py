"""The samples of a recording alone are those that its analysis measures."""

from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from frame_bench import PARAMETERS
from test_backfill_recorded import ITEMS, lived

from tracker.model import FloatArray, PhaseMark, Placement
from tracker.recording.reader import read_recording
from tracker.sensing.body.feed import simulate_block
from tracker.sensing.body.sessions import demo_session
from tracker.session.recorded_samples import RecordedSamples, SampleRun
from tracker.session.replay import replay_opened
from tracker.session.simulation import write_simulated_recording


def samples_of(path: Path) -> tuple[RecordedSamples, list[SampleRun | PhaseMark]]:
    """All parts of a recording."""
    recording = read_recording(path)
    reader = RecordedSamples(recording.header)
    return reader, list(reader.parts(recording.items()))


def times(parts: list[SampleRun | PhaseMark], placement: Placement) -> FloatArray:
    """The sample times of one sensor, in the order in which they came."""
    runs = [one for one in parts if isinstance(one, SampleRun) and one.placement is placement]
    return np.concatenate([run.samples.time_s for run in runs])


def test_a_whole_recording_gives_what_the_sensors_took(tmp_path: Path) -> None:
    session = demo_session()
    path = tmp_path / "whole.mcap"
    write_simulated_recording(session, path, datetime(2026, 11, 17, tzinfo=UTC))
    reader, parts = samples_of(path)
    for placement in session.mountings:
        truth = simulate_block(session.feed(placement))
        np.testing.assert_allclose(times(parts, placement), truth.time_s, rtol=0, atol=1e-9)
        account = reader.quality()[placement]
        assert (account.samples, account.missing) == (len(truth), 0)
    marks = tuple(one for one in parts if isinstance(one, PhaseMark))
    assert marks == session.script.marks()


@pytest.mark.slow
async def test_what_was_sent_again_later_stands_where_it_belongs(tmp_path: Path) -> None:
    """Also for the pelvis: what comes too late for the legs' analysis is no less a sample."""
    path = tmp_path / "backfilled.mcap"
    await lived(path, ITEMS)
    reader, parts = samples_of(path)
    replayed, _ = replay_opened(read_recording(path), PARAMETERS)
    assert tuple(reader.quality().values()) == replayed.analysis.sensors
    for account in replayed.analysis.sensors:
        time_s = times(parts, account.placement)
        assert account.backfilled > 180
        assert len(time_s) == account.samples
        assert float(np.diff(time_s).max()) < 1.8 / account.rate_hz
        assert float(np.diff(time_s).min()) > 0.0
