"""A person writes their plan anew while it is on; what it asked for until then stays as it was."""

import json
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection

from tracker.errors import ConflictError, NotThereError, SettingsError, UsageError
from tracker.plan.bands import BandLevel
from tracker.plan.catalogue import Catalogue
from tracker.plan.growth import Change, ChangeKind, GrownPrescription, Strength
from tracker.plan.plan_lines import changed_lines
from tracker.plan.plan_table import parse_plan
from tracker.plan.prescription import Plan, Range
from tracker.plan.rules import RuleName
from tracker.session.plan_answers import plan_in_use
from tracker.session.plan_state import PersonPlan, change_of
from tracker.store.plans import ACCEPTED, RuleVerdict, replace_waiting, save_verdicts

SOURCE = "your plan"
"""Names the text in errors."""


@dataclass(frozen=True, slots=True)
class PrescriptionEdit:
    """What a person may change of one prescription without writing the plan's text.

    Attributes:
        name: of the prescription, in the present phase.
        hold_s, rest_s, tempo: None for none.
        band: how strong it is from now on; None leaves a prescription without a band as it is.
    """

    name: str
    days_a_week: Range
    sets: Range
    reps: Range
    hold_s: float | None
    rest_s: float | None
    tempo: str | None
    band: BandLevel | None


def plan_text(plan: PersonPlan) -> str:
    """The text of a plan as it was written last."""
    edits = [change_of(one) for one in plan.accepted() if change_of(one).kind is ChangeKind.EDIT]
    return edits[-1].text if edits else plan.stored.toml


def plan_mark(plan: PersonPlan) -> str:
    """Tells one state of a plan from another: with each change that a person says yes to it is a new one."""
    return f"{plan.stored.plan_id}-{len(plan.accepted())}"


def edit_plan(
    connection: Connection,
    person_id: int,
    today: date,
    text: str,
    mark: str,
    catalogue: Catalogue,
    now: datetime,
) -> None:
    """Let a new text hold from now on; what had grown stays grown where the text says the same as before.

    Args:
        mark: `plan_mark` of the plan that the person saw and changed.

    Raises:
        SettingsError: the text is no plan, or lacks the phase that the plan is in; `key` in its data names
            what is wrong.
        UsageError: no plan is on, it was changed meanwhile, or nothing is different.
    """
    plan = _seen_plan(connection, person_id, today, mark)
    written = parse_plan(text, SOURCE, catalogue.counting)
    _refuse_without_phase(plan, written)
    if text == plan_text(plan):
        raise _nothing_different()
    change = Change(ChangeKind.EDIT, text=text)
    _keep(connection, plan, change, "you changed the plan", now)


def edit_prescription(
    connection: Connection,
    person_id: int,
    today: date,
    edit: PrescriptionEdit,
    mark: str,
    catalogue: Catalogue,
    now: datetime,
) -> None:
    """Change one prescription of the present phase from now on.

    Raises:
        SettingsError: a value is none that a plan may have, or the text cannot be changed line by line.
        UsageError: no plan is on, it was changed meanwhile, it asks for no such exercise now, or nothing is
            different.
    """
    plan = _seen_plan(connection, person_id, today, mark)
    grown = plan.grown()
    before = grown.find(edit.name)
    if before is None:
        raise NotThereError(
            f"the plan asks for no {edit.name[:40]!r} now",
            advice="Choose an exercise of the present phase.",
            prescription=edit.name,
        )
    values = _values(edit, before)
    path = ("phases", grown.phase.name, "prescriptions", edit.name)
    text = changed_lines(plan_text(plan), path, values)
    parse_plan(text, SOURCE, catalogue.counting)
    strength = _strength(edit, before)
    if text == plan_text(plan) and strength == before.strength:
        raise _nothing_different()
    change = Change(ChangeKind.EDIT, edit.name, strength, text=text)
    _keep(connection, plan, change, "you changed it", now)


def _seen_plan(connection: Connection, person_id: int, today: date, mark: str) -> PersonPlan:
    plan = plan_in_use(connection, person_id, today)
    if plan_mark(plan) != mark:
        raise ConflictError(
            "the plan was changed meanwhile, on another page or by an answer",
            advice="Look at it again, then repeat your change.",
            plan=plan.stored.name,
        )
    return plan


def _refuse_without_phase(plan: PersonPlan, written: Plan) -> None:
    phase = plan.grown().phase.name
    if all(one.name != phase for one in written.phases):
        raise SettingsError(
            f"{SOURCE}: phases.{phase} is missing, and the plan is in it now",
            advice=f"Keep the name {phase} for the present phase.",
            source=SOURCE,
            key=f"phases.{phase}",
        )


def _nothing_different() -> UsageError:
    return UsageError("nothing is different", advice="Change something, or leave it as it is.")


def _keep(connection: Connection, plan: PersonPlan, change: Change, reason: str, now: datetime) -> None:
    """Store the change as said yes to; proposals about what is changed are out of date."""
    verdict = RuleVerdict(
        verdict_id=None,
        session_id=None,
        prescription=change.prescription,
        rule=RuleName.EDIT.value,
        acts=True,
        reason=reason,
        inputs={},
        change=change.as_mapping(),
        made_at=now,
        answer=ACCEPTED,
        answered_at=now,
    )
    moot = [
        one.verdict_id
        for one in plan.waiting
        if one.verdict_id is not None and change.prescription in ("", one.prescription)
    ]
    replace_waiting(connection, plan.stored.plan_id, moot, now)
    save_verdicts(connection, plan.stored.plan_id, [verdict])


def _strength(edit: PrescriptionEdit, before: GrownPrescription) -> Strength:
    sets = before.strength.sets
    if edit.sets != before.prescription.sets:
        sets = min(max(sets, edit.sets.low), edit.sets.high)
    return Strength(sets, before.strength.band if edit.band is None else edit.band)


def _values(edit: PrescriptionEdit, before: GrownPrescription) -> dict[str, str | None]:
    """What differs from the prescription, as TOML writes it."""
    one = before.prescription
    values: dict[str, str | None] = {}
    for key, now, then in (
        ("days_a_week", edit.days_a_week, one.days_a_week),
        ("sets", edit.sets, one.sets),
        ("reps", edit.reps, one.reps),
    ):
        if now != then:
            values[key] = f"{now.low}" if now.low == now.high else f"[{now.low}, {now.high}]"
    for key, seconds, before_s in (("hold_s", edit.hold_s, one.hold_s), ("rest_s", edit.rest_s, one.rest_s)):
        if seconds != before_s:
            values[key] = None if seconds is None else repr(float(seconds))
    if edit.tempo != one.tempo:
        values["tempo"] = None if edit.tempo is None else json.dumps(edit.tempo, ensure_ascii=False)
    if edit.band is not None and one.band is not None and edit.band != before.strength.band:
        values["band"] = _band(edit.band, before)
    return values


def _band(level: BandLevel, before: GrownPrescription) -> str:
    band = before.prescription.band
    placement, claimed = ("", None) if band is None else (band.placement.value, band.claimed)
    parts = [
        f"placement = {json.dumps(placement, ensure_ascii=False)}",
        f"colour = {json.dumps(level.colour, ensure_ascii=False)}",
        f"elongation_percent = {float(level.elongation_percent)!r}",
    ]
    if claimed is not None:
        parts.append(f"loads = {json.dumps(claimed.value, ensure_ascii=False)}")
    return f"{{ {', '.join(parts)} }}"
