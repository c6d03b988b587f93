"""One recording over time: phases, repetitions with the moment each was counted, gaps and notices."""

import json
import math
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass

from tracker.app.operations.reduced_courses import reduced
from tracker.model import Analysis, Notice, Repetition, RestTest, Side
from tracker.motion.counting.closed import RepetitionClosed
from tracker.session.looked_courses import LegCourse, LookedThrough

_CLOSED_LATE_S = 2.0
"""A repetition is told some time after it ended where samples were waited for."""


@dataclass(frozen=True, slots=True)
class PhaseSpan:
    """What the person did from one time to another; `kind` as `PhaseKind`."""

    kind: str
    side: str | None
    exercise: str | None
    start_s: float
    end_s: float


@dataclass(frozen=True, slots=True)
class SetSpan:
    """One set, of one leg or both; `number` counts the sets of the session from 1."""

    number: int
    exercise: str
    start_s: float
    end_s: float


@dataclass(frozen=True, slots=True)
class RepetitionMark:
    """One repetition of one leg.

    Attributes:
        number: among those of its leg in its set, partial ones too, from 1.
        counted_s: when it was told; its end where that is not known.
        rom_deg: its range; None where the sensor was at its range's end.
        reasons: why it is partial, and what spoilt it.
    """

    set_number: int
    number: int
    side: str | None
    start_s: float
    peak_s: float
    end_s: float
    counted_s: float
    valid: bool
    rom_deg: float | None
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RestTestSpan:
    """One rest test, measured or refused."""

    side: str
    start_s: float
    end_s: float
    hip_rotation_deg: float | None
    uncertainty_deg: float | None
    refused: str | None


@dataclass(frozen=True, slots=True)
class GapSpan:
    """An interval without samples of one sensor; `cause` as `Gap`."""

    placement: str
    start_s: float
    end_s: float
    missing: int
    cause: str


@dataclass(frozen=True, slots=True)
class NoticeAt:
    """Something that may fool the numbers."""

    time_s: float
    placement: str | None
    text: str


@dataclass(frozen=True, slots=True)
class Timeline:
    """A recording over time, all times in seconds from its start.

    Attributes:
        phases: empty while the recording is being measured.
        not_counted: exercises of sets that are in no catalogue any more.
    """

    duration_s: float
    phases: tuple[PhaseSpan, ...]
    sets: tuple[SetSpan, ...]
    repetitions: tuple[RepetitionMark, ...]
    rest_tests: tuple[RestTestSpan, ...]
    gaps: tuple[GapSpan, ...]
    notices: tuple[NoticeAt, ...]
    not_counted: tuple[str, ...] = ()


NOTHING_YET = Timeline(0.0, (), (), (), (), (), ())


def timeline(analysis: Analysis | None, looked: LookedThrough | None) -> Timeline:
    """What is known of a recording over time.

    Args:
        analysis: the results that are shown; those of `looked` where None.
        looked: the recording, once it is measured.
    """
    if analysis is None:
        if looked is None:
            return NOTHING_YET
        analysis = looked.replay.analysis
    begins_s = sorted({one.start_s for one in analysis.sets})
    sets = {
        one.start_s: SetSpan(begins_s.index(one.start_s) + 1, one.exercise, one.start_s, one.end_s)
        for one in analysis.sets
    }
    closings = () if looked is None else looked.closings
    marks = [
        mark
        for one in analysis.sets
        for mark in _marks(sets[one.start_s].number, one.side, one.repetitions, closings)
    ]
    return Timeline(
        duration_s=analysis.duration_s,
        phases=() if looked is None else _phases(looked),
        sets=tuple(sorted(sets.values(), key=lambda one: one.number)),
        repetitions=tuple(sorted(marks, key=lambda mark: (mark.start_s, mark.side or ""))),
        rest_tests=tuple(map(_rest_test, analysis.rest_tests)),
        gaps=tuple(
            GapSpan(sensor.placement.value, gap.start_s, gap.end_s, gap.missing, gap.cause)
            for sensor in analysis.sensors
            for gap in sensor.gaps
        ),
        notices=tuple(map(_notice, analysis.notices)),
        not_counted=() if looked is None else looked.not_counted,
    )


def timeline_json(
    shown: Timeline, courses: Iterable[LegCourse], points: int, share: float, *, complete: bool
) -> bytes:
    """Timeline and thinned courses as one JSON object."""
    return _json(
        {
            "complete": complete,
            "share": round(share, 3),
            **asdict(shown),
            "courses": _courses(courses, 0.0, math.inf, points, shown),
        }
    )


def courses_json(
    shown: Timeline,
    courses: Iterable[LegCourse],
    span_s: tuple[float, float],
    points: int,
    *,
    complete: bool,
) -> bytes:
    """The thinned courses of a stretch as one JSON object."""
    from_s, until_s = span_s
    return _json(
        {
            "complete": complete,
            "from_s": from_s,
            "until_s": until_s,
            "courses": _courses(courses, from_s, until_s, points, shown),
        }
    )


def _courses(
    courses: Iterable[LegCourse], from_s: float, until_s: float, points: int, shown: Timeline
) -> list[dict[str, object]]:
    def marked_s(side: Side) -> list[float]:
        own = (one for one in shown.repetitions if one.side == side.value)
        return [at_s for one in own for at_s in (one.peak_s, one.start_s) if from_s <= at_s <= until_s]

    return [
        asdict(reduced(one, from_s, until_s, points, marked_s(one.side)))
        for one in courses
        if len(one.time_s)
    ]


def _json(whole: dict[str, object]) -> bytes:
    return json.dumps(whole, allow_nan=False, separators=(",", ":")).encode()


def _marks(
    set_number: int,
    side: Side | None,
    repetitions: Sequence[Repetition],
    closings: Sequence[RepetitionClosed],
) -> Iterable[RepetitionMark]:
    """The repetitions of one leg in one set, each with the moment in which it was told."""
    own = [one for one in closings if one.side is side]
    times_s = [one.time_s for one in own]
    for number, rep in enumerate(repetitions, start=1):
        first = bisect_right(times_s, rep.start_s)
        last = bisect_right(times_s, rep.end_s + _CLOSED_LATE_S)
        told = (one.time_s for one in own[first:last] if one.valid == rep.valid)
        yield RepetitionMark(
            set_number=set_number,
            number=number,
            side=None if side is None else side.value,
            start_s=rep.start_s,
            peak_s=rep.peak_s,
            end_s=rep.end_s,
            counted_s=next(told, rep.end_s),
            valid=rep.valid,
            rom_deg=None if rep.rom_rad is None else math.degrees(rep.rom_rad),
            reasons=rep.flags,
        )


def _phases(looked: LookedThrough) -> tuple[PhaseSpan, ...]:
    return tuple(
        PhaseSpan(
            one.kind.value,
            None if one.side is None else one.side.value,
            one.exercise,
            one.start_s,
            one.end_s,
        )
        for one in looked.phases
    )


def _rest_test(test: RestTest) -> RestTestSpan:
    value, error = test.hip_rotation_rad, test.uncertainty_rad
    return RestTestSpan(
        test.side.value,
        test.start_s,
        test.end_s,
        None if value is None else math.degrees(value),
        None if error is None else math.degrees(error),
        test.refused,
    )


def _notice(one: Notice) -> NoticeAt:
    return NoticeAt(one.time_s, None if one.placement is None else one.placement.value, one.text)
