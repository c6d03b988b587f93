"""Each leg in words: its count, its last repetition, and where it is against the target."""

from collections.abc import Sequence
from dataclasses import dataclass

from tracker.app.engine.values import GaugeNow, HeardRepetition, LegNow, RestTestNow, SetNow
from tracker.app.live.names import exercise_title, leg_name, rotation_text, rotation_with_error
from tracker.app.words import Words
from tracker.model import Side
from tracker.plan.catalogue import Catalogue


@dataclass(frozen=True, slots=True)
class GaugeShown:
    """The gauge of one leg; angles are degrees.

    Attributes:
        from_, target: from where a repetition is valid, and where it should reach.
    """

    value: float
    from_: float
    target: float
    label: str
    text: str
    ready: bool


@dataclass(frozen=True, slots=True)
class LegShown:
    """One leg as the live view shows it; empty texts are not shown."""

    side: str | None
    name: str
    angle: str
    count: int
    count_text: str
    partial: str
    last: str
    last_valid: bool
    back: str
    back_of: str
    gauge: GaugeShown | None


@dataclass(frozen=True, slots=True)
class Heard:
    """A repetition as it is heard and marked.

    Attributes:
        spoken: the count, where this repetition made it rise for the leg that leads; else empty.
        told: for screen readers.
    """

    serial: int
    side: str | None
    time: float
    valid: bool
    spoken: str
    told: str


@dataclass(frozen=True, slots=True)
class RestShown:
    """One rest test of one leg, or of both where the same refused them."""

    name: str
    text: str
    refused: bool


@dataclass(frozen=True, slots=True)
class RepeatShown:
    """The rest tests of both legs that were measured together."""

    title: str
    legs: tuple[RestShown, ...]


def leg_shown(words: Words, leg: LegNow, last: HeardRepetition | None, *, has_zero: bool) -> LegShown:
    """One leg.

    Args:
        has_zero: a reference pose was held: without one its angle would mislead, and is left out.
        last: its newest repetition, for the reason why it does not count.
    """
    name = leg_name(words, leg.side)
    return LegShown(
        side=leg.side,
        name=name,
        angle=_angle(words, leg.hip_rotation_deg) if has_zero else "",
        count=leg.valid,
        count_text=words.number(leg.valid, 0),
        partial="" if not leg.partial else words("Not counted: {count}", count=leg.partial),
        last=_last(words, leg, last),
        last_valid=leg.last_valid,
        back=words("Take one back"),
        back_of=words("Take one back: {leg}", leg=name),
        gauge=None if leg.gauge is None else _gauge(words, name, leg.gauge),
    )


def heard(words: Words, one: HeardRepetition, legs: tuple[LegNow, ...]) -> Heard:
    """A repetition, with the count to be spoken."""
    own = next((leg.valid for leg in legs if leg.side == one.side), 0)
    leads = one.valid and own == max((leg.valid for leg in legs), default=0)
    name = leg_name(words, one.side)
    if one.valid:
        told = words("{leg}: {count}", leg=name, count=own)
    else:
        told = words("{leg}: not counted", leg=name)
    return Heard(one.serial, one.side, one.time_s, one.valid, words.number(own, 0) if leads else "", told)


def rest_tests_shown(words: Words, tests: tuple[RestTestNow, ...]) -> tuple[RepeatShown, ...]:
    """The rest tests so far, those of both legs together; the newest first, where it is in sight."""
    starts = sorted({test.start_s for test in tests})
    found = [
        RepeatShown(
            words("Rest test {number}", number=number),
            _together(words, [test for test in tests if test.start_s == start_s]),
        )
        for number, start_s in enumerate(starts, start=1)
    ]
    return tuple(reversed(found))


def set_text(words: Words, catalogue: Catalogue, done: SetNow) -> str:
    """A finished set of one leg in one line."""
    return words(
        "Set {number}, {exercise}, {leg}: {valid} counted, {partial} not",
        number=done.number,
        exercise=exercise_title(words, catalogue, done.exercise),
        leg=leg_name(words, done.side),
        valid=done.valid,
        partial=done.partial,
    )


def _angle(words: Words, rotation_deg: float | None) -> str:
    return words("Not to be seen") if rotation_deg is None else rotation_text(words, rotation_deg)


def _together(words: Words, tests: Sequence[RestTestNow]) -> tuple[RestShown, ...]:
    refusals = {test.refused for test in tests}
    if len(tests) > 1 and len(refusals) == 1 and None not in refusals:
        # said once, it stays in sight above the sensors' states
        return (_rest(words, leg_name(words, Side.BOTH), tests[0]),)
    return tuple(_rest(words, leg_name(words, test.side), test) for test in tests)


def _rest(words: Words, name: str, test: RestTestNow) -> RestShown:
    if test.hip_rotation_deg is None or test.uncertainty_deg is None:
        reason = words.told(test.refused or "")
        return RestShown(name, words("Could not be measured: {reason}", reason=reason), True)
    return RestShown(name, rotation_with_error(words, test.hip_rotation_deg, test.uncertainty_deg), False)


def _last(words: Words, leg: LegNow, last: HeardRepetition | None) -> str:
    if not (leg.valid or leg.partial):
        return ""
    reach = "" if leg.last_rom_deg is None else words.degrees(leg.last_rom_deg, 0)
    if leg.last_valid:
        return words("Last one {range}: counts", range=reach)
    reasons = () if last is None else last.reasons
    if not reasons:
        return words("Last one {range}: does not count", range=reach)
    listed = words.listed([words.told(reason) for reason in reasons])
    return words("Last one {range}: does not count ({reasons})", range=reach, reasons=listed)


def _gauge(words: Words, name: str, gauge: GaugeNow) -> GaugeShown:
    value_deg = gauge.value_deg
    values = {
        "valid_from": words.degrees(gauge.valid_from_deg, 0),
        "target": words.degrees(gauge.target_deg, 0),
    }
    if not gauge.ready:
        text = words("Not in the starting pose: nothing is counted")
    elif value_deg is None:
        text = words("Not to be seen; counts from {valid_from}, target {target}", **values)
    else:
        now = words.degrees(value_deg, 0)
        text = words("{angle}; counts from {valid_from}, target {target}", angle=now, **values)
    return GaugeShown(
        value=round(value_deg or 0.0, 1),
        from_=round(gauge.valid_from_deg, 1),
        target=round(gauge.target_deg, 1),
        label=words("Movement of now, {leg}", leg=name),
        text=text,
        ready=gauge.ready,
    )
