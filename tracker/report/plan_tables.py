"""A plan on a day as tables for a terminal and as one JSON object."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import date
from typing import TYPE_CHECKING, Any, cast

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from tracker.model import SetTarget
from tracker.plan.bands import BandLoad, band_load
from tracker.plan.catalogue import Catalogue
from tracker.plan.prescription import counted_week
from tracker.report.terminal import plain_table, simulated_banner
from tracker.session.plan_view import PlanView
from tracker.store.plans import RuleVerdict

if TYPE_CHECKING:
    from tracker.report.objects.plans import ChangeObject, VerdictObject


def plan_tables(view: PlanView, catalogue: Catalogue) -> list[RenderableType]:
    """The plan with this week's exercises, what waits, what the rules said last, and its notes."""
    stored = view.plan.stored
    until = "" if stored.ends_on is None else f" until {stored.ends_on}"
    first, last = view.plan.grown().phase.counted_weeks
    head = Text(f"{stored.name}, from {stored.starts_on}{until}", style="bold")
    week = counted_week(view.week)
    place = f"week {week} of the plan, phase {view.asked.phase}: {view.phase_title} (weeks {first} to {last})"
    parts: list[RenderableType] = [simulated_banner()] if view.simulated else []
    parts += [head, Text(place), Text(""), _week_table(view, catalogue)]
    if view.stopped:
        names = ", ".join(view.stopped)
        parts.append(Text(f"left out: {names} (take one up again: tracker plan resume {view.stopped[0]})"))
    parts += waiting_parts(view.waiting)
    if view.last_session_id is not None:
        parts += [Text(""), *verdict_parts(view.last_session_id, view.last_verdicts)]
    parts.append(Text(""))
    parts += [Text(f"· {note}", style="dim") for note in view.plan.grown().plan.notes]
    return parts


def today_tables(
    day: date, targets: Iterable[SetTarget], waiting: Iterable[RuleVerdict], catalogue: Catalogue
) -> list[RenderableType]:
    """What a day asks for."""
    asked = list(targets)
    if not asked:
        return [Text(f"{day:%A %d %B %Y}: the plan asks for nothing today."), *waiting_parts(waiting)]
    title = f"{day:%A %d %B %Y}"
    table = _table(title, "exercise", "leg", "sets x reps", "hold", "tempo", "rest", "band", "it loads")
    for one in asked:
        table.add_row(
            _title(one.exercise, catalogue),
            one.side.value,
            _amount(one),
            _seconds(one.hold_s),
            one.tempo or "–",
            _seconds(one.rest_s),
            band_text(one),
            _load_text(one),
        )
    return [table, *waiting_parts(waiting)]


def waiting_parts(waiting: Iterable[RuleVerdict]) -> list[RenderableType]:
    """Proposals with how to answer them; nothing where none waits."""
    found = list(waiting)
    if not found:
        return []
    lines = [Text(f"{one.verdict_id:>4}  {one.prescription or 'the plan'}: {one.reason}") for one in found]
    number = found[0].verdict_id
    answers = f"Answer: tracker plan accept {number}, or: tracker plan decline {number}"
    return [Text(""), Text("Waits for your yes or no", style="bold"), *lines, Text(answers)]


def verdict_parts(session_id: int, verdicts: Sequence[RuleVerdict]) -> list[RenderableType]:
    """What each rule said after a session, and why."""
    table = _table(f"Why, after session {session_id}", "exercise", "rule", "says", "because")
    for one in verdicts:
        table.add_row(one.prescription or "the plan", one.rule, says(one), one.reason)
    untold = any("not judged because no" in one.reason and "told" in one.reason for one in verdicts)
    return [table, *([Text(f"Tell pain and effort: tracker feel {session_id}")] if untold else [])]


def says(verdict: RuleVerdict) -> str:
    """What became of a verdict, in a word."""
    if verdict.change is None:
        return "no change"
    answer = {None: "waits", "accepted": "yes", "declined": "no", "replaced": "out of date"}[verdict.answer]
    return f"{verdict.change['kind']}: {answer}"


def band_text(target: SetTarget) -> str:
    """The band of a target for a person."""
    if target.band_placement is None:
        return "none"
    return f"{target.band_colour}, +{target.elongation_percent:g} %, at the {target.band_placement}"


def plan_object(view: PlanView) -> dict[str, Any]:
    """The plan as plain values."""
    stored, grown = view.plan.stored, view.plan.grown()
    return {
        "plan": {
            "name": stored.name,
            "starts_on": stored.starts_on.isoformat(),
            "ends_on": None if stored.ends_on is None else stored.ends_on.isoformat(),
            "notes": list(view.plan.grown().plan.notes),
        },
        "day": view.day.isoformat(),
        "week": view.week,
        "phase": {
            "name": view.asked.phase,
            "title": view.phase_title,
            "from_week": view.phase_weeks[0],
            "until_week": view.phase_weeks[1],
        },
        "prescriptions": [
            {
                **target_object(target),
                "days_a_week": [one.prescription.days_a_week.low, one.prescription.days_a_week.high],
                "hours_between": one.prescription.hours_between,
                "done_days": view.done_days[one.prescription.name],
                "target": one.prescription.target.value,
                "stopped": one.stopped,
            }
            for one in grown.prescriptions
            for target in [one.target(grown.phase.name)]
        ],
        "today": [target_object(one) for one in view.today],
        "waiting": [verdict_object(one) for one in view.waiting],
        "last_session": view.last_session_id,
        "last_verdicts": [verdict_object(one) for one in view.last_verdicts],
        "simulated": view.simulated,
    }


def target_object(target: SetTarget) -> dict[str, Any]:
    """A target with what its band loads, as plain values."""
    return {
        **asdict(target),
        "side": target.side.value,
        "band_loads": band_load(target.band_placement).value,
    }


def verdict_object(verdict: RuleVerdict) -> "VerdictObject":
    """What a rule said, as plain values."""
    return {
        "number": verdict.verdict_id,
        "session_id": verdict.session_id,
        "prescription": verdict.prescription or None,
        "rule": verdict.rule,
        "acts": verdict.acts,
        "reason": verdict.reason,
        "inputs": dict(verdict.inputs),
        "change": None if verdict.change is None else cast("ChangeObject", dict(verdict.change)),
        "answer": verdict.answer,
    }


def _week_table(view: PlanView, catalogue: Catalogue) -> RenderableType:
    today = {one.prescription for one in view.today}
    columns = ("exercise", "leg", "sets x reps", "hold", "band", "days a week", "done", "today")
    table = _table("This week", "name", *columns)
    for one in view.plan.grown().prescriptions:
        prescribed, target = one.prescription, one.target(view.asked.phase)
        if one.stopped:
            continue
        table.add_row(
            prescribed.name,
            _title(prescribed.exercise, catalogue),
            prescribed.side.value,
            _amount(target),
            _seconds(target.hold_s),
            band_text(target),
            prescribed.days_a_week.text,
            str(view.done_days[prescribed.name]),
            "yes" if prescribed.name in today else "–",
        )
    return table


def _table(title: str, *columns: str) -> Table:
    table = plain_table(title, *columns)
    for column in table.columns:
        column.justify = "left"
    return table


def _title(exercise: str, catalogue: Catalogue) -> str:
    entry = catalogue.get(exercise)
    return exercise if entry is None else entry.title


def _amount(target: SetTarget) -> str:
    low, high = target.reps_low, target.reps_high
    return f"{target.sets} x {low}" + ("" if low == high else f"-{high}")


def _seconds(value: float | None) -> str:
    return "–" if value is None else f"{value:g} s"


def _load_text(target: SetTarget) -> str:
    load = band_load(target.band_placement)
    return "–" if load is BandLoad.NOTHING else load.value.replace("_", " ")
