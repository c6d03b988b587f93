"""Writes whole tracks of samples as a recording."""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from tracker.model import Edge, PhaseMark, Placement, SensorIdentity, TimedBlock
from tracker.recording.csv_events import Interval
from tracker.recording.format import NANOSECONDS, SAMPLES_PROTOCOL
from tracker.recording.header import RecordingHeader
from tracker.recording.writer import RecordingWriter

_BLOCK_S = 1.0


def _marks(phases: Sequence[Interval]) -> list[PhaseMark]:
    """Both edges of all phases in the order of time, ends before beginnings."""
    marks = [
        PhaseMark(time_s, one.kind, edge, one.side, one.exercise, one.recipe, one.posture)
        for one in phases
        for time_s, edge in ((one.start_s, Edge.START), (one.end_s, Edge.END))
    ]
    return sorted(marks, key=lambda mark: (mark.time_s, mark.edge is Edge.START))


def write_tracks(
    path: Path,
    header: RecordingHeader,
    tracks: Sequence[TimedBlock],
    phases: Sequence[Interval],
    progress: Callable[[float], None],
) -> None:
    """Write a recording with samples and marks in the order of time.

    Samples earlier than a mark stand before it; a mark at the very end stands behind the last sample.

    Args:
        path: the new file.
        tracks: one a placement, each with samples, on the recording's time line.
        phases: on the recording's time line.
        progress: is called with the share that is done, 0 to 1.

    Raises:
        StorageError: the file exists or cannot be written.
    """
    marks = _marks(phases)
    duration_s = max(float(track.time_s[-1]) for track in tracks)
    inner = {mark.time_s for mark in marks if mark.time_s < duration_s}
    cuts = [*sorted({*np.arange(_BLOCK_S, duration_s, _BLOCK_S).tolist(), *inner}), np.inf]
    bounds = [[0, *np.searchsorted(track.time_s, cuts).tolist()] for track in tracks]
    with RecordingWriter(path, header, sync=False) as writer:
        for track in tracks:
            writer.add_sensor(track.placement, _identity(track.placement))
        for index, cut in enumerate(cuts):
            for track, bound in zip(tracks, bounds, strict=True):
                writer.write_samples(track.part(bound[index], bound[index + 1]))
            while marks and marks[0].time_s <= cut and (marks[0].time_s < duration_s or cut == np.inf):
                mark = marks.pop(0)
                writer.write_mark(mark, round(mark.time_s * NANOSECONDS))
            progress((index + 1) / len(cuts))


def _identity(placement: Placement) -> SensorIdentity:
    # No file name: people put names of persons into them.
    return SensorIdentity(f"imported-{placement}", "", "imported", SAMPLES_PROTOCOL, b"")
