"""Plans as care plans, as they stand with the changes that the person has accepted."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from tracker.errors import TrackerError
from tracker.plan.growth import GrownPlan, GrownPrescription
from tracker.plan.plan_table import parse_plan
from tracker.report.exchange.fhir.codes import Element
from tracker.report.exchange.fhir.elements import clean, entry, notes, simulated_tag
from tracker.report.exchange.fhir.session_context import PersonContext
from tracker.report.exchange.fhir.training import target_text
from tracker.report.exchange.formats import LeftOut
from tracker.session.plan_state import PersonPlan, zone_of
from tracker.store.plans import StoredPlan, changes_of, plans_between


@dataclass(frozen=True, slots=True)
class ExportedPlan:
    """A plan with what is known of it.

    Attributes:
        grown: None where its text is no plan any more.
    """

    stored: StoredPlan
    grown: GrownPlan | None

    @property
    def key(self) -> tuple[object, ...]:
        """What its care plan is named by."""
        return "plan", self.stored.plan_id

    def is_on(self, day: date) -> bool:
        """Whether a day lies in it."""
        return self.stored.starts_on <= day and (self.stored.ends_on is None or day <= self.stored.ends_on)


def read_plans(
    connection: Connection, person_id: int, first: date, last: date
) -> tuple[tuple[ExportedPlan, ...], tuple[LeftOut, ...]]:
    """The plans that were on between two days, and the prescriptions that could not be read."""
    found: list[ExportedPlan] = []
    left_out: list[LeftOut] = []
    for stored in plans_between(connection, person_id, first, last):
        grown = None
        try:
            plan = parse_plan(stored.toml, "the plan", None)
            changes = changes_of(connection, stored.plan_id)
            grown = PersonPlan(stored, plan, changes, zone_of(connection, person_id)).grown()
        except (TrackerError, ValueError, KeyError) as error:
            what = f"the prescriptions of the plan of {stored.starts_on}"
            left_out.append(LeftOut(what, getattr(error, "message", "it cannot be read")))
        found.append(ExportedPlan(stored, grown))
    return tuple(found), tuple(left_out)


def plan_entry(context: PersonContext, plan: ExportedPlan, last: date, *, simulated: bool) -> Element:
    """A plan.

    Args:
        last: the day that the export ends with: a plan that is on then is active.
    """
    stored, grown = plan.stored, plan.grown
    period = {"start": stored.starts_on.isoformat()}
    if stored.ends_on is not None:
        period["end"] = max(stored.ends_on, stored.starts_on).isoformat()
    care_plan: Element = {
        "resourceType": "CarePlan",
        **simulated_tag(simulated),
        "status": "active" if plan.is_on(last) else "completed",
        "intent": "plan",
        "title": clean(stored.name) or "Plan",
        "subject": context.names.reference(),
        "period": period,
    }
    if grown is not None:
        care_plan["description"] = clean(f"Phase {grown.phase.name}: {grown.phase.title}") or "Plan"
        care_plan.update(notes(grown.plan.notes))
        activities = [_activity(context, grown, one) for one in grown.prescriptions]
        if activities:
            care_plan["activity"] = activities
    return entry(context.names, care_plan, *plan.key)


def _activity(context: PersonContext, grown: GrownPlan, one: GrownPrescription) -> Element:
    prescription = one.prescription
    known = context.catalogue.get(prescription.exercise)
    title = clean(prescription.exercise if known is None else known.title) or "exercise"
    return {
        "detail": {
            "status": "stopped" if one.stopped else "in-progress",
            "code": {"text": title},
            "description": "; ".join(_description(grown, one)),
        }
    }


def _description(grown: GrownPlan, one: GrownPrescription) -> Iterator[str]:
    prescription = one.prescription
    yield clean(f"{prescription.name}: {target_text(one.target(grown.phase.name))}")
    yield "both legs" if prescription.side == "both" else f"{prescription.side.value} leg"
    yield f"{prescription.days_a_week.text} days a week"
    if prescription.hours_between:
        yield f"{prescription.hours_between} h between two sessions"
    if prescription.weekdays:
        yield ", ".join(day.value for day in prescription.weekdays)
