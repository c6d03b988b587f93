"""Events of a foreign recording: `start_s,end_s,kind,side,exercise`, and `recipe,posture` where needed."""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from tracker.model import THIGH_SIDES, PhaseKind, Placement, Posture, ReferenceRecipe, Side
from tracker.recording.csv_text import (
    CsvFault,
    check_width,
    open_csv,
    parse_number,
    read_header,
    split_line,
)

EVENT_COLUMNS = ("start_s", "end_s", "kind", "side", "exercise")
OPTIONAL_EVENT_COLUMNS = ("recipe", "posture")
MAX_EXERCISE_CHARS = 100

_OF_EXERCISE = (PhaseKind.SET, PhaseKind.DEMONSTRATION)

_Name = TypeVar("_Name", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Interval:
    """One phase of a recording.

    Attributes:
        start_s, end_s: in the file's own time; the end is after the start.
        side: the leg meant; None means all that wear a sensor.
        exercise: catalogue name, for a set or a demonstration.
        recipe: how a reference pose was made neutral; None for the one of the settings.
        posture: how the body lay in a rest test; None for on the back.
        line: where it stands in the file.
    """

    start_s: float
    end_s: float
    kind: PhaseKind
    side: Side | None
    exercise: str | None
    recipe: ReferenceRecipe | None = None
    posture: Posture | None = None
    line: int | None = None

    @property
    def legs(self) -> frozenset[Side]:
        """The legs that it speaks of."""
        both = frozenset((Side.LEFT, Side.RIGHT))
        return both if self.side is None or self.side is Side.BOTH else frozenset((self.side,))


def read_events(
    path: Path, default_exercise: str | None, known_exercises: Collection[str] | None = None
) -> list[Interval]:
    """Read an events file.

    Args:
        default_exercise: for sets without one.
        known_exercises: names that a set may have; None takes any.

    Raises:
        InputError: with file, line and column of the first fault.
    """
    intervals: list[Interval] = []
    with open_csv(path) as (text, _, _):
        order = read_header(text, path, EVENT_COLUMNS, OPTIONAL_EVENT_COLUMNS)
        for number, line in enumerate(text, 2):
            if line.strip():
                interval = _interval(line, order, path, number, default_exercise)
                _refuse_unknown(interval, known_exercises, CsvFault(path, number, "exercise"))
                intervals.append(interval)
    if not intervals:
        raise CsvFault(path).error("there are only column names and no events", "Leave the events file out.")
    return intervals


def _interval(
    line: str, order: Mapping[str, int], path: Path, number: int, default_exercise: str | None
) -> Interval:
    values = split_line(line, CsvFault(path, number))
    check_width(values, line, len(order), CsvFault(path, number))
    cells = {name: values[place].strip() for name, place in order.items()}

    def fault(column: str) -> CsvFault:
        return CsvFault(path, number, column)

    interval = Interval(
        start_s=parse_number(cells["start_s"], fault("start_s")),
        end_s=parse_number(cells["end_s"], fault("end_s")),
        kind=_name(PhaseKind, cells["kind"], fault("kind")),
        side=_name(Side, cells["side"], fault("side")) if cells["side"] else None,
        exercise=None,
        recipe=_name(ReferenceRecipe, cells["recipe"], fault("recipe")) if cells.get("recipe") else None,
        posture=_name(Posture, cells["posture"], fault("posture")) if cells.get("posture") else None,
        line=number,
    )
    if interval.end_s <= interval.start_s:
        raise fault("end_s").error(
            f"the end {interval.end_s:g} is not after the start {interval.start_s:g}",
            "Correct one of the two.",
        )
    if interval.kind not in _OF_EXERCISE:
        return interval
    name = cells["exercise"] or default_exercise
    if name is None:
        raise fault("exercise").error(
            f"a {interval.kind} needs the name of its exercise",
            "Enter one; 'generic' counts any repeated movement.",
        )
    if len(name) > MAX_EXERCISE_CHARS or not name.isprintable():
        raise fault("exercise").error("this is not the name of an exercise", "Enter a short plain name.")
    return replace(interval, exercise=name)


def _refuse_unknown(interval: Interval, known: Collection[str] | None, fault: CsvFault) -> None:
    if known is not None and interval.exercise is not None and interval.exercise not in known:
        raise fault.error(
            f"the exercise {interval.exercise!r} is unknown", f"It can be {', '.join(sorted(known))}."
        )


def _name(kind: type[_Name], value: str, fault: CsvFault) -> _Name:
    try:
        return kind(value)
    except ValueError:
        known = ", ".join(kind)
        raise fault.error(f"{value[:40]!r} is unknown", f"It can be {known}.") from None


def check_events(
    intervals: Sequence[Interval], placements: Sequence[Placement], span_s: tuple[float, float], path: Path
) -> list[Interval]:
    """The intervals within the samples, refused where they cannot be meant.

    Args:
        placements: where sensors are.
        span_s: times of the first and the last sample. An interval may go a tenth of a second beyond.

    Raises:
        InputError: an interval lies outside, speaks of a leg without sensor, or overlaps another of
            its kind on the same leg.
    """
    worn = {THIGH_SIDES[placement] for placement in placements if placement in THIGH_SIDES}
    checked = [_within(interval, span_s, path) for interval in intervals]
    for interval in checked:
        if interval.side in (Side.LEFT, Side.RIGHT) and interval.side not in worn:
            raise CsvFault(path, interval.line, "side").error(
                f"no file is given for the {interval.side} thigh", "Give that file, or correct the side."
            )
        if interval.kind in _OF_EXERCISE and not worn:
            raise CsvFault(path, interval.line, "kind").error(
                f"a {interval.kind} needs a sensor on a thigh", "Give the file of a thigh."
            )
    _refuse_overlaps(checked, path)
    return checked


def _within(interval: Interval, span_s: tuple[float, float], path: Path) -> Interval:
    first, last = span_s
    tolerance = 0.1
    for column, value in (("start_s", interval.start_s), ("end_s", interval.end_s)):
        if not first - tolerance <= value <= last + tolerance:
            raise CsvFault(path, interval.line, column).error(
                f"{value:g} is outside of the recording, which goes from {first:g} to {last:g} s",
                "Events and samples must share one time axis, in seconds.",
            )
    start, end = max(interval.start_s, first), min(interval.end_s, last)
    return replace(interval, start_s=start, end_s=max(end, start))


def _refuse_overlaps(intervals: Sequence[Interval], path: Path) -> None:
    for kind in PhaseKind:
        for leg in (Side.LEFT, Side.RIGHT):
            mine = [one for one in intervals if one.kind is kind and leg in one.legs]
            mine.sort(key=lambda one: one.start_s)
            end_s, before = -math.inf, None
            for one in mine:
                if one.start_s < end_s and before is not None:
                    raise CsvFault(path, one.line, "start_s").error(
                        f"this {kind} begins before the one of line {before.line} ends, on the {leg} leg",
                        "Correct the times: two of one kind on one leg follow each other.",
                    )
                end_s, before = one.end_s, one
