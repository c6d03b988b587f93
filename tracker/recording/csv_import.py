"""Makes a recording of foreign CSV files.

All files share one time axis, in seconds; the recording starts at the earliest sample of them all.
Units are said by the person and held against the numbers (`units.py`). The whole of the files is in memory
while they are imported: 20 MB an hour and sensor at 100 Hz.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np

from tracker import __version__
from tracker.errors import InputError, UsageError
from tracker.model import THIGH_SIDES, PhaseKind, Placement, Side, TimedBlock, WallClockAnchor
from tracker.recording.csv_events import MAX_EXERCISE_CHARS, Interval, check_events, read_events
from tracker.recording.csv_samples import CsvSamples, read_samples
from tracker.recording.files import publishing
from tracker.recording.format import json_text
from tracker.recording.header import RecordingHeader
from tracker.recording.tracks import write_tracks
from tracker.recording.units import (
    AccelerometerUnit,
    GyroscopeUnit,
    Misfit,
    check_accelerometer,
    check_gyroscope,
)

_READING_SHARE = 0.7
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LATEST = datetime(2100, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class ImportSummary:
    """What was imported.

    Attributes:
        path: the recording.
        started_at: its start.
        duration_s: from the first to the last sample of all sensors.
        samples: number of samples, by placement.
        rate_hz: samples a second, by placement.
        phases: the phases in it, in the order of their beginning, on the recording's time line.
    """

    path: Path
    started_at: datetime
    duration_s: float
    samples: Mapping[Placement, int]
    rate_hz: Mapping[Placement, float]
    phases: tuple[Interval, ...]


def import_csv(
    files: Mapping[Placement, Path],
    events: Path | None,
    accelerometer_unit: AccelerometerUnit,
    gyroscope_unit: GyroscopeUnit,
    exercise: str | None,
    out: Path,
    *,
    started_at: datetime | None = None,
    known_exercises: Collection[str] | None = None,
    progress: Callable[[float], None] | None = None,
) -> ImportSummary:
    """Make a recording of CSV files, one a placement, with the columns `time_s,ax,ay,az,gx,gy,gz`.

    Args:
        files: at least one.
        events: a file with the columns `start_s,end_s,kind,side,exercise`, and `recipe,posture` where needed.
        exercise: for sets without one in `events`; without `events` the whole recording is one set of it.
        out: the recording; it must not exist.
        started_at: when the recording started, with its time zone. Without it, the time of the
            oldest file's last change, which is the best that files tell.
        known_exercises: names that sets in `events` may have; None takes any.
        progress: is called with the share that is done, 0 to 1.

    Raises:
        InputError: a file has a fault (named by line and column), or does not fit its units.
        UsageError: no file, or values that do not go together.
        StorageError: `out` exists or cannot be written.
    """
    _check_usage(files, events, exercise, started_at)
    report = progress or _ignore
    intervals = [] if events is None else read_events(events, exercise, known_exercises)
    tables: dict[Placement, CsvSamples] = {}
    for index, (placement, path) in enumerate(sorted(files.items())):
        begin, end = (_READING_SHARE * step / len(files) for step in (index, index + 1))
        tables[placement] = read_samples(path, _part(report, begin, end))
    span_s = _common_span(tables)
    tracks = [_track(p, table, span_s[0], accelerometer_unit, gyroscope_unit) for p, table in tables.items()]
    if events is not None:
        intervals = check_events(intervals, tuple(tables), span_s, events)
    elif exercise is not None:
        intervals = [_whole(exercise, tables, span_s)]
    phases = _moved(intervals, span_s[0])
    header = _header(tables, accelerometer_unit, gyroscope_unit, started_at)
    with publishing(out) as temporary:
        write_tracks(temporary, header, tracks, phases, _part(report, _READING_SHARE, 1.0))
    return ImportSummary(
        path=out,
        started_at=header.started_at,
        duration_s=span_s[1] - span_s[0],
        samples={placement: len(table.rows) for placement, table in tables.items()},
        rate_hz={placement: table.rate_hz for placement, table in tables.items()},
        phases=tuple(phases),
    )


def _ignore(_: float) -> None:
    """Nobody watches."""


def _part(report: Callable[[float], None], begin: float, end: float) -> Callable[[float], None]:
    """Reports the progress of a step that makes the share from `begin` to `end` of the whole."""
    return lambda share: report(begin + (end - begin) * share)


def _check_usage(
    files: Mapping[Placement, Path], events: Path | None, exercise: str | None, started_at: datetime | None
) -> None:
    if not files:
        raise UsageError("no file to import", advice="Give the file of at least one sensor.")
    if exercise is not None and not (0 < len(exercise) <= MAX_EXERCISE_CHARS and exercise.isprintable()):
        raise UsageError(
            f"{exercise[:40]!r} is not the name of an exercise", advice="Give a short plain name."
        )
    if exercise is not None and events is None and not set(files) & set(THIGH_SIDES):
        raise UsageError(
            "a set needs a sensor on a thigh", advice="Give the file of a thigh, or no exercise."
        )
    if started_at is not None and (started_at.tzinfo is None or not _EPOCH <= started_at < _LATEST):
        raise UsageError(
            "the start needs a time zone and a year from 1970 to 2099",
            advice="Write it like 2026-01-31T18:00:00+01:00.",
        )


def _common_span(tables: Mapping[Placement, CsvSamples]) -> tuple[float, float]:
    """Times of the first and the last sample of all files."""
    starts = {placement: float(table.rows[0, 0]) for placement, table in tables.items()}
    ends = {placement: float(table.rows[-1, 0]) for placement, table in tables.items()}
    latest, earliest = max(starts, key=starts.__getitem__), min(ends, key=ends.__getitem__)
    if starts[latest] >= ends[earliest]:
        raise InputError(
            f"{tables[latest].path} begins at {starts[latest]:g} s, when {tables[earliest].path} is over"
            f" ({ends[earliest]:g} s)",
            advice="All files must share one time axis; shift the times of one of them.",
            path=str(tables[latest].path),
        )
    return min(starts.values()), max(ends.values())


def _track(
    placement: Placement,
    table: CsvSamples,
    start_s: float,
    accelerometer_unit: AccelerometerUnit,
    gyroscope_unit: GyroscopeUnit,
) -> TimedBlock:
    """The samples of a file in SI units on the recording's time line."""
    accelerometer, gyroscope = table.rows[:, 1:4], table.rows[:, 4:7]
    _refuse(
        table.path,
        check_accelerometer(table.rate_hz, accelerometer, gyroscope, accelerometer_unit),
        "accelerometer",
        "Check ax, ay, az: they are what an accelerometer measures, gravity included.",
    )
    accelerometer = accelerometer * accelerometer_unit.in_m_per_s2
    _refuse(
        table.path,
        check_gyroscope(table.rate_hz, accelerometer, gyroscope, gyroscope_unit),
        "gyroscope",
        "Check gx, gy, gz: they are rates of turn.",
    )
    time_s = table.rows[:, 0] - start_s
    if (np.diff(time_s) <= 0).any():
        raise InputError(
            f"{table.path}, column time_s: the times are too large for their steps",
            advice="Write times that count from the start.",
            path=str(table.path),
        )
    return TimedBlock(
        placement=placement,
        time_s=time_s,
        accelerometer_m_per_s2=accelerometer,
        gyroscope_rad_per_s=gyroscope * gyroscope_unit.in_rad_per_s,
        saturated=np.zeros(len(time_s), dtype=np.bool_),
    )


def _refuse(path: Path, misfit: Misfit | None, sensor: str, otherwise: str) -> None:
    if misfit is None:
        return
    if misfit.fitting is None:
        what, advice = "that fits no unit", otherwise
    else:
        what, advice = f"that fits {misfit.fitting}", f"Import it with the {sensor} unit {misfit.fitting}."
    raise InputError(
        f"{path}: {misfit.finding}; {what}", advice=advice, path=str(path), fitting=misfit.fitting
    )


def _whole(exercise: str, placements: Iterable[Placement], span_s: tuple[float, float]) -> Interval:
    """The whole recording as one set of the legs that wear a sensor."""
    sides = [THIGH_SIDES[placement] for placement in placements if placement in THIGH_SIDES]
    return Interval(*span_s, PhaseKind.SET, sides[0] if len(sides) == 1 else Side.BOTH, exercise)


def _moved(intervals: Sequence[Interval], start_s: float) -> list[Interval]:
    """The phases on the recording's time line, in the order of their beginning."""
    moved = [replace(one, start_s=one.start_s - start_s, end_s=one.end_s - start_s) for one in intervals]
    return sorted(moved, key=lambda one: (one.start_s, one.end_s))


def _header(
    tables: Mapping[Placement, CsvSamples],
    accelerometer_unit: AccelerometerUnit,
    gyroscope_unit: GyroscopeUnit,
    started_at: datetime | None,
) -> RecordingHeader:
    if started_at is None:
        changed = min(table.path.stat().st_mtime for table in tables.values())
        started_at = min(max(_EPOCH, datetime.fromtimestamp(changed, UTC)), _LATEST).astimezone()
    offset = started_at.utcoffset() or timedelta()
    return RecordingHeader(
        anchor=WallClockAnchor((started_at - _EPOCH) // timedelta(microseconds=1) * 1000, 0),
        software_version=__version__,
        utc_offset_s=round(offset.total_seconds()),
        settings_json=json_text(
            {
                "import": {
                    "accelerometer_unit": accelerometer_unit,
                    "gyroscope_unit": gyroscope_unit,
                    "sha256": {placement.value: table.sha256 for placement, table in tables.items()},
                }
            }
        ),
    )
