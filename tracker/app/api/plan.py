"""The person's plan: seen, begun, changed, ended; its proposals answered."""

from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field, StrictBool, StrictInt

from tracker.app.api.answers.as_it_is import AS_IT_IS
from tracker.app.api.answers.of_plans import PlanAnswer
from tracker.app.api.asked import HIGHEST_NUMBER, Asked, Name, Number, PersonOf, SiteOf
from tracker.app.operations.plan import (
    PlanShown,
    answer_shown,
    call_off,
    change_prescription,
    change_text,
    end_plan,
    plan_document,
    plan_shown,
    resume_exercise,
    start_plan,
)
from tracker.app.operations.plan_verdicts import why_document
from tracker.plan.bands import BandLevel
from tracker.plan.prescription import Range
from tracker.report.objects.plans import VerdictsObject
from tracker.session.plan_editing import PrescriptionEdit

router = APIRouter(prefix="/plan", tags=["plan"])

_PLAN_CHARS = 100_000
_DayText = Annotated[str, Field(max_length=20)]
_PlanText = Annotated[str, Field(max_length=_PLAN_CHARS)]
_Whole = Annotated[StrictInt, Field(ge=0, le=HIGHEST_NUMBER)]
_Seconds = Annotated[float, Field(ge=0.0, le=100_000.0)]


class StartBody(Asked):
    """A plan to be begun.

    Attributes:
        text: TOML; the shipped plan where null.
        starts_on, ends_on: today, and open, where null.
        replace: end a plan that is on then.
    """

    text: _PlanText | None = None
    name: Name | None = None
    starts_on: _DayText | None = None
    ends_on: _DayText | None = None
    replace: StrictBool = False


class EndBody(Asked):
    """The plan's last day; today where null."""

    ends_on: _DayText | None = None


class TextBody(Asked):
    """A new text from now on; `mark` as the plan was seen with."""

    text: _PlanText
    mark: Name


class RangeBody(Asked):
    """From and up to, both included."""

    low: _Whole
    high: _Whole

    def range(self) -> Range:
        """The same as the plan has it."""
        return Range(self.low, self.high)


class BandBody(Asked):
    """How strong a band is: its colour, and how much longer it is drawn."""

    colour: Name
    elongation_percent: Annotated[float, Field(ge=0.0, le=1000.0)]


class PrescriptionBody(Asked):
    """What of a prescription is otherwise from now on; `mark` as the plan was seen with."""

    mark: Name
    days_a_week: RangeBody
    sets: RangeBody
    reps: RangeBody
    hold_s: _Seconds | None = None
    rest_s: _Seconds | None = None
    tempo: Name | None = None
    band: BandBody | None = None


@router.get("")
def see_plan(site: SiteOf, person: PersonOf) -> PlanAnswer:
    """The plan that is on, as `tracker plan --json`, with its text and the mark of its state."""
    return _document(plan_shown(site.place, site.database, person))


@router.get("/why")
def see_why(
    site: SiteOf,
    person: PersonOf,
    session: Annotated[int | None, Query(ge=1, le=HIGHEST_NUMBER, description="The last one.")] = None,
) -> Annotated[VerdictsObject, AS_IT_IS]:
    """What each rule of the plan said after a session, as `tracker plan why --json`."""
    return why_document(site.database, person, session)


@router.post("/start")
def start(body: StartBody, site: SiteOf, person: PersonOf) -> PlanAnswer:
    """Begin a plan: the shipped one, or one's own. Agree on it with a physiotherapist first."""
    shown = start_plan(
        site.place,
        site.database,
        person,
        body.text,
        starts_on=body.starts_on,
        ends_on=body.ends_on,
        name=body.name,
        replace=body.replace,
    )
    return _document(shown)


@router.post("/end")
def end(body: EndBody, site: SiteOf, person: PersonOf) -> PlanAnswer:
    """End the plan that is on; what was done in it stays."""
    return _document(end_plan(site.place, site.database, person, body.ends_on))


@router.post("/{plan}/call-off")
def call_off_plan(plan: Number, site: SiteOf, person: PersonOf) -> PlanAnswer:
    """Call off a plan that has not begun."""
    return _document(call_off(site.place, site.database, person, plan))


@router.post("/proposals/{proposal}/accept")
def accept_proposal(proposal: Number, site: SiteOf, person: PersonOf) -> PlanAnswer:
    """Say yes to a change that a rule asks for."""
    return _document(answer_shown(site.place, site.database, person, proposal, accept=True))


@router.post("/proposals/{proposal}/decline")
def decline_proposal(proposal: Number, site: SiteOf, person: PersonOf) -> PlanAnswer:
    """Say no to it; it is not asked again until the next session."""
    return _document(answer_shown(site.place, site.database, person, proposal, accept=False))


@router.post("/prescriptions/{name}/resume")
def resume(name: Name, site: SiteOf, person: PersonOf) -> PlanAnswer:
    """Take an exercise up again that was left out, one level below where it was."""
    return _document(resume_exercise(site.place, site.database, person, name))


@router.post("/prescriptions/{name}")
def change_one(name: Name, body: PrescriptionBody, site: SiteOf, person: PersonOf) -> PlanAnswer:
    """Change a prescription of the present phase, from now on."""
    band = None if body.band is None else BandLevel(body.band.colour, body.band.elongation_percent)
    edit = PrescriptionEdit(
        name,
        body.days_a_week.range(),
        body.sets.range(),
        body.reps.range(),
        body.hold_s,
        body.rest_s,
        body.tempo,
        band,
    )
    return _document(change_prescription(site.place, site.database, person, edit, body.mark))


@router.post("/text")
def change_whole(body: TextBody, site: SiteOf, person: PersonOf) -> PlanAnswer:
    """Let a new text hold from now on."""
    return _document(change_text(site.place, site.database, person, body.text, body.mark))


def _document(shown: PlanShown) -> PlanAnswer:
    return {**plan_document(shown), "proposals": [asdict(one) for one in shown.proposals]}
