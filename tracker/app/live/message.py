"""What a page is sent of a session: sections that have changed, new points of the traces, new repetitions."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, is_dataclass
from typing import Any, TypeAlias

from tracker.app.engine.values import SessionNow, Stage
from tracker.app.live.leg_words import heard, leg_shown, rest_tests_shown, set_text
from tracker.app.live.sensor_words import alarm_of, is_in_trouble, sensor_line
from tracker.app.live.step_words import countdown, step_shown
from tracker.app.words import Words
from tracker.model import PhaseKind
from tracker.plan.catalogue import Catalogue

Message: TypeAlias = dict[str, Any]
"""Plain values for JSON; the component in the browser knows their names."""

_Section: TypeAlias = Callable[[Words, Catalogue, SessionNow], object]

_SHOWN_NOTES = 3
"""The last ones: more would push count and gauge off a phone."""


def is_on(now: SessionNow) -> bool:
    """True from where it is known that a session can begin until it is stored."""
    return now.stage in (Stage.RUNNING, Stage.SAVING) or (
        now.stage is Stage.CONNECTING and now.person_id is not None
    )


def run_name(now: SessionNow) -> str:
    """Names the running session, so that a repetition that was heard is not heard again after a reload."""
    return "" if now.session_id is None else str(now.session_id)


def sections(words: Words, catalogue: Catalogue, now: SessionNow) -> Message:
    """All that is shown of the session but traces and repetitions."""
    return {name: _plain(make(words, catalogue, now)) for name, make in _SECTIONS.items()}


def changed(before: Mapping[str, Any], now: Message) -> Message:
    """The sections that differ."""
    return {name: value for name, value in now.items() if before.get(name, _NEVER) != value}


def new_repetitions(words: Words, now: SessionNow, after_serial: int) -> list[Message]:
    """The repetitions after a serial number."""
    return [asdict(heard(words, one, now.legs)) for one in now.closed if one.serial > after_serial]


def new_points(now: SessionNow, newest_s: Mapping[str, float]) -> dict[str, list[tuple[float, float | None]]]:
    """The traces' points after the newest ones that were sent of each leg."""
    found = {}
    for trace in now.traces:
        after_s = newest_s.get(trace.side, -1.0)
        points = []
        for exact_s, angle_deg in reversed(trace.points):
            time_s = round(exact_s, 3)
            if time_s <= after_s:
                break
            points.append((time_s, None if angle_deg is None else round(angle_deg, 1)))
        if points:
            found[trace.side] = points[::-1]
    return found


_NEVER = object()


def _stage(_words: Words, _catalogue: Catalogue, now: SessionNow) -> object:
    return {"stage": now.stage.value, "run": run_name(now), "on": is_on(now)}


def _sensors(words: Words, _catalogue: Catalogue, now: SessionNow) -> object:
    running = now.stage is Stage.RUNNING
    return [sensor_line(words, sensor, running=running) for sensor in now.sensors]


def _alarms(words: Words, _catalogue: Catalogue, now: SessionNow) -> object:
    if now.stage is not Stage.RUNNING:
        return []
    return [alarm_of(words, sensor) for sensor in now.sensors if is_in_trouble(sensor)]


def _legs(words: Words, _catalogue: Catalogue, now: SessionNow) -> object:
    kind = None if now.step is None else now.step.kind
    has_zero = bool(now.rest_tests) or kind == PhaseKind.REST
    if not (has_zero or now.sets_begun or kind in (PhaseKind.SET, PhaseKind.DEMONSTRATION)):
        return []
    newest = {one.side: one for one in now.closed}
    counted = [leg for leg in now.legs if leg.gauge is not None or leg.valid or leg.partial]
    return [leg_shown(words, leg, newest.get(leg.side), has_zero=has_zero) for leg in counted or now.legs]


def _tests(words: Words, _catalogue: Catalogue, now: SessionNow) -> object:
    return rest_tests_shown(words, now.rest_tests)


def _sets(words: Words, catalogue: Catalogue, now: SessionNow) -> object:
    return [{"number": one.number, "text": set_text(words, catalogue, one)} for one in now.sets]


def _notes(words: Words, _catalogue: Catalogue, now: SessionNow) -> object:
    return [words.told(note) for note in now.notes[-_SHOWN_NOTES:]]


def _asked(words: Words, _catalogue: Catalogue, now: SessionNow) -> object:
    """The set of which pain and effort are asked, and what the person may do now."""
    step = now.step
    is_between = now.stage is Stage.RUNNING and (step is None or not step.running)
    number = now.sets_begun if is_between and now.sets_begun else None
    return {
        "set_number": number,
        "title": "" if number is None else words("How did set {number} feel?", number=number),
        "repeat": now.can_repeat_rest_test,
        "finish": now.stage is Stage.RUNNING and step is None and now.time_s > 0.0,
    }


_SECTIONS: Mapping[str, _Section] = {
    "session": _stage,
    "step": step_shown,
    "countdown": lambda words, _catalogue, now: countdown(words, now),
    "sensors": _sensors,
    "alarms": _alarms,
    "legs": _legs,
    "tests": _tests,
    "sets": _sets,
    "notes": _notes,
    "asked": _asked,
}


def _plain(value: object) -> object:
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return value
