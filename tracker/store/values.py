"""What the store hands out: frozen values without a tie to the database. Angles here are degrees."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path, PurePath

from tracker.model import Analysis, RestTest, SensorAlignment, Side


class SessionState(StrEnum):
    """How far a session came."""

    RECORDING = "recording"
    """Being written now."""
    COMPLETE = "complete"
    """Ended as meant."""
    INTERRUPTED = "interrupted"
    """Its recorder was killed or gave up; what is whole in the recording counts."""


@dataclass(frozen=True, slots=True)
class Person:
    """One who trains.

    Attributes:
        time_zone: IANA name of the zone whose midnights part the person's days and weeks.
        is_default: commands mean this one that name none.
    """

    person_id: int
    name: str
    time_zone: str
    is_default: bool = False


@dataclass(frozen=True, slots=True)
class SessionSummary:
    """One session with the counts of its current analysis; zeros where it has none.

    Attributes:
        started_at, ended_at: UTC; `ended_at` is None while recording and after an interruption.
        time_zone: IANA name of the zone in which the session took place.
        simulated: the samples came from a virtual sensor, not from a body.
        by_hand: done without sensors and told afterwards; it has no recording.
        deleted_at: when the person deleted it; it does not count, and can be restored.
        rest_left_out: its rest tests do not count.
        recording_path: as stored: relative to the program's folder where it lies inside; None: by hand.
        duration_s: length of the recording; None until it is known.
        analysis_version: version of the current analysis; None where there is none.
        sets, valid_reps, partial_reps: counted by the sensors, corrections in them.
        told_sets, told_reps: of a session by hand.
    """

    session_id: int
    person_id: int
    started_at: datetime
    ended_at: datetime | None
    time_zone: str
    state: SessionState
    simulated: bool
    by_hand: bool
    deleted_at: datetime | None
    rest_left_out: bool
    recording_path: str | None
    duration_s: float | None
    size_bytes: int | None
    analysis_version: str | None
    sets: int
    valid_reps: int
    partial_reps: int
    told_sets: int
    told_reps: int
    rest_tests: int
    refused_rest_tests: int

    def recording_file(self, home: Path) -> Path | None:
        """Where the recording lies, for the program's folder `home`; None for a session by hand."""
        return None if self.recording_path is None else home / self.recording_path


@dataclass(frozen=True, slots=True)
class StoredAnalysis:
    """An analysis as it was stored, with its results back in radians."""

    analysis_id: int
    session_id: int
    created_at: datetime
    is_current: bool
    analysis: Analysis


@dataclass(frozen=True, slots=True)
class AnalysisNumbers:
    """What one analysis of a session comes to, as it was found: corrections are not in it."""

    analysis_id: int
    version: str
    created_at: datetime
    is_current: bool
    sets: int
    valid_reps: int
    partial_reps: int
    rest_tests: int
    refused_rest_tests: int


@dataclass(frozen=True, slots=True)
class SessionInSpan:
    """A session within a span of time, with the recipe of its current analysis (None: not analysed).

    Attributes:
        by_hand: told afterwards; it has no analysis and never gets one.
        rest_left_out: its rest tests do not count; they are not among those of the span.
    """

    session_id: int
    started_at: datetime
    simulated: bool
    by_hand: bool
    rest_left_out: bool
    ended_at: datetime | None
    analysis_version: str | None
    analysis_parameters: str | None


@dataclass(frozen=True, slots=True)
class SetCounts:
    """The sets of one exercise and side in one session, and their repetitions.

    Attributes:
        sets: one that went on after a pause counts once.
    """

    session_id: int
    exercise: str
    side: Side | None
    sets: int
    valid_reps: int
    partial_reps: int


@dataclass(frozen=True, slots=True)
class ToldSets:
    """Sets of one exercise and side in one session that were done without sensors; `reps` of each set."""

    session_id: int
    exercise: str
    side: Side | None
    sets: int
    reps: int
    hold_s: float | None


@dataclass(frozen=True, slots=True)
class RestTestInSpan:
    """One rest test of a session's current analysis, refused ones included."""

    session_id: int
    test: RestTest


@dataclass(frozen=True, slots=True)
class SpanRows:
    """All that one person did in a span of time, in the order of the sessions' starts.

    Attributes:
        sets: counted by the sensors, corrections in them.
        told: done without sensors.
        alignments: those of each session with a rest test: they tell its donnings.
    """

    sessions: tuple[SessionInSpan, ...]
    sets: tuple[SetCounts, ...]
    told: tuple[ToldSets, ...]
    rest_tests: tuple[RestTestInSpan, ...]
    alignments: Mapping[int, tuple[SensorAlignment, ...]]


def stored_path(recording: Path, home: Path) -> str:
    """The text to keep for a recording: relative to `home` where it lies inside, else absolute.

    A relative path lets the whole folder move, or be restored elsewhere, with its database.
    """
    absolute, base = recording.resolve(), home.resolve()
    path: PurePath = absolute.relative_to(base) if absolute.is_relative_to(base) else absolute
    return path.as_posix()
