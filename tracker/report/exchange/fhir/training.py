"""Sessions as procedures; their sets, shown ranges, and how it felt as observations."""

import math
from collections.abc import Iterator
from datetime import timedelta
from statistics import median

from tracker.model import Band, ReferenceRange, SetFelt, SetTarget, Side
from tracker.motion.exercise import CountedSignal
from tracker.plan.band_force import THIGHS_TEXT, elongation_percent
from tracker.plan.bands import BandPlacement
from tracker.report.exchange.fhir.codes import HIP_RANGE, Element, LocalCode, category
from tracker.report.exchange.fhir.elements import (
    DEGREE,
    PERCENT,
    SECOND,
    clean,
    component,
    degrees,
    entry,
    quantity,
)
from tracker.report.exchange.fhir.session_context import SessionContext
from tracker.store.found_sets import FoundSet
from tracker.store.values import SessionState

TOLD_NOTE = "Told by the person afterwards: done without sensors."
_CORRECTED = "Corrected by the person; the sensors found: {exercise}, {valid} valid, {partial} partial."
_STATES = {
    SessionState.COMPLETE: "completed",
    SessionState.INTERRUPTED: "stopped",
    SessionState.RECORDING: "in-progress",
}


def session_entry(context: SessionContext, plan_key: tuple[object, ...] | None) -> Element:
    """The session itself.

    Args:
        plan_key: what the care plan that it followed is named by; None for none.
    """
    session, names = context.session, context.names
    procedure: Element = {
        "resourceType": "Procedure",
        **context.common(TOLD_NOTE if session.by_hand else None, context.felt.notes),
        "status": _STATES[session.state],
        "code": LocalCode.SESSION.concept(),
        "performedPeriod": context.whole_period,
    }
    if session.by_hand:
        procedure["asserter"] = names.reference()
    if plan_key is not None:
        procedure["basedOn"] = [names.reference(*plan_key)]
    return entry(names, procedure, *context.session_key)


def training_entries(context: SessionContext) -> Iterator[Element]:
    """The sets of a session that count, counted ones and told ones, and the ranges that were shown."""
    ranges = {} if context.stored is None else _ranges_deg(context)
    for done in context.found:
        if done.correction is None or not done.correction.left_out:
            key = ("set", done.set_number, done.side or "")
            yield entry(context.names, _set(context, done, ranges), *context.session_key, *key)
    for number, told in enumerate(context.told):
        parts = [
            component(LocalCode.EXERCISE, valueString=_exercise(context, told.exercise)),
            component(LocalCode.SETS, valueInteger=told.sets),
            component(LocalCode.REPS, valueInteger=told.reps),
        ]
        if told.hold_s is not None:
            parts.append(component(LocalCode.HOLD, valueQuantity=quantity(told.hold_s, SECOND)))
        observation = {
            "resourceType": "Observation",
            **context.common(TOLD_NOTE),
            "partOf": [context.names.reference(*context.session_key)],
            "status": "final",
            "category": category("survey"),
            "code": LocalCode.TOLD_SETS.concept(),
            "effectivePeriod": context.whole_period,
            "performer": [context.names.reference()],
            **_site(told.side),
            "component": parts,
        }
        yield entry(context.names, observation, *context.session_key, "told", number)
    shown = () if context.stored is None else context.stored.analysis.ranges
    for number, one in enumerate(shown):
        yield entry(context.names, _shown(context, one), *context.session_key, "range", number)


def felt_entries(context: SessionContext) -> Iterator[Element]:
    """Pain and effort of the whole session, as the person said."""
    felt = context.felt
    start, end = context.whole_period["start"], context.whole_period["end"]
    morning = (context.session.started_at.astimezone(context.zone) + timedelta(days=1)).date().isoformat()
    for code, value, when in (
        (LocalCode.PAIN_BEFORE, felt.pain_before, start),
        (LocalCode.PAIN_WORST, felt.pain_worst, end),
        (LocalCode.PAIN_NEXT_MORNING, felt.pain_next_morning, morning),
        (LocalCode.EFFORT, felt.effort, end),
    ):
        if value is None:
            continue
        observation = {
            "resourceType": "Observation",
            **context.common(),
            "partOf": [context.names.reference(*context.session_key)],
            "status": "final",
            "category": category("survey"),
            "code": code.concept(),
            "effectiveDateTime": when,
            "performer": [context.names.reference()],
            "valueInteger": value,
        }
        yield entry(context.names, observation, *context.session_key, code.code)


def target_text(target: SetTarget) -> str:
    """What is asked for, in one line: `3 sets of 8-12, held 3 s, band at the ankles: red, +125 %`."""
    reps = (
        f"{target.reps_low}"
        if target.reps_low == target.reps_high
        else (f"{target.reps_low}-{target.reps_high}")
    )
    parts = [f"{target.sets} sets of {reps}"]
    if target.hold_s is not None:
        parts.append(f"held {target.hold_s:g} s")
    if target.tempo is not None:
        parts.append(f"tempo {target.tempo} s")
    if target.rest_s is not None:
        parts.append(f"{target.rest_s:g} s rest")
    if target.band_placement is not None:
        stretched = "" if target.elongation_percent is None else f", +{target.elongation_percent:g} %"
        parts.append(f"band at the {target.band_placement}: {target.band_colour or 'any'}{stretched}")
        if target.band_placement == BandPlacement.THIGHS:
            parts.append(f"there it {THIGHS_TEXT}")
    return clean(", ".join(parts))


def _set(context: SessionContext, done: FoundSet, ranges: dict[tuple[float, Side | None], float]) -> Element:
    correction = done.correction
    exercise, valid, partial = done.exercise, done.valid_reps, done.partial_reps
    note = None
    if correction is not None:
        note = _CORRECTED.format(exercise=_exercise(context, exercise), valid=valid, partial=partial)
        exercise = correction.exercise or exercise
        valid = valid if correction.valid_reps is None else correction.valid_reps
        partial = partial if correction.partial_reps is None else correction.partial_reps
    felt = context.sets_felt.get(done.set_number, SetFelt())
    target = next((one for one in context.targets if one.exercise == exercise), None)
    parts = [
        component(LocalCode.EXERCISE, valueString=_exercise(context, exercise)),
        component(LocalCode.SET_NUMBER, valueInteger=done.set_number),
        component(LocalCode.VALID_REPS, valueInteger=valid),
        component(LocalCode.PARTIAL_REPS, valueInteger=partial),
    ]
    range_deg = ranges.get((done.start_s, done.side))
    if range_deg is not None:
        parts.append(component(LocalCode.RANGE, valueQuantity=quantity(range_deg, DEGREE)))
    if target is not None:
        parts.append(component(LocalCode.TARGET, valueString=target_text(target)))
    parts += _band(context, felt, exercise, target)
    if felt.pain is not None:
        parts.append(component(LocalCode.PAIN_WORST, valueInteger=felt.pain))
    if felt.effort is not None:
        parts.append(component(LocalCode.EFFORT, valueInteger=felt.effort))
    return {
        "resourceType": "Observation",
        **context.common(note, felt.notes),
        "partOf": [context.names.reference(*context.session_key)],
        "status": "final" if correction is None else "corrected",
        "category": category("activity"),
        "code": LocalCode.SET.concept(),
        "effectivePeriod": context.period(done.start_s, done.end_s),
        **_site(done.side),
        "device": context.names.reference("program"),
        "component": parts,
    }


def _band(
    context: SessionContext, felt: SetFelt, exercise: str, target: SetTarget | None
) -> Iterator[Element]:
    """The band of a set, and what it loads: at the thighs never internal rotation."""
    band: Band | None = None if felt.band_id is None else context.person.bands.get(felt.band_id)
    if band is None:
        return
    yield component(LocalCode.BAND, valueString=clean(f"{band.brand} {band.colour}") or "unnamed")
    if band.rest_length_m is not None and felt.stretched_length_m is not None:
        percent = elongation_percent(band.rest_length_m, felt.stretched_length_m)
        yield component(LocalCode.ELONGATION, valueQuantity=quantity(percent, PERCENT))
    known = context.person.catalogue.get(exercise)
    if target is not None and target.band_placement is not None:
        yield component(LocalCode.BAND_PLACE, valueString=clean(target.band_placement))
    elif known is not None:
        yield component(LocalCode.BAND_PLACE, valueString=clean(known.band_placement))
    if target is not None and target.band_placement == BandPlacement.THIGHS:
        yield component(LocalCode.BAND_LOADS, valueString=THIGHS_TEXT)
    elif known is not None:
        yield component(LocalCode.BAND_LOADS, valueString=clean(known.band_effect))


def _shown(context: SessionContext, shown: ReferenceRange) -> Element:
    """A range that the person showed; of the hip's rotation it has the code of a hip's range."""
    known = context.person.catalogue.get(shown.exercise)
    is_rotation = known is not None and known.counting.signal is CountedSignal.HIP_ROTATION
    return {
        "resourceType": "Observation",
        **context.common(),
        "partOf": [context.names.reference(*context.session_key)],
        "status": "final",
        "category": category("exam"),
        "code": LocalCode.SHOWN_RANGE.concept(*([HIP_RANGE] if is_rotation else [])),
        "effectivePeriod": context.whole_period,
        **_site(shown.side),
        "device": context.names.reference("program"),
        "valueQuantity": degrees(shown.rom_rad),
        "component": [component(LocalCode.EXERCISE, valueString=_exercise(context, shown.exercise))],
    }


def _ranges_deg(context: SessionContext) -> dict[tuple[float, Side | None], float]:
    """Median range of the valid repetitions of each set, by its start and leg."""
    found: dict[tuple[float, Side | None], float] = {}
    for done in () if context.stored is None else context.stored.analysis.sets:
        ranges = [rep.rom_rad for rep in done.repetitions if rep.valid and rep.rom_rad is not None]
        if ranges:
            found[done.start_s, done.side] = math.degrees(median(ranges))
    return found


def _exercise(context: SessionContext, name: str) -> str:
    known = context.person.catalogue.get(name)
    return clean(name if known is None else known.title) or "unnamed"


def _site(side: Side | None) -> Element:
    if side is None:
        return {}
    return {"bodySite": {"text": "both legs" if side is Side.BOTH else f"{side.value} leg"}}
