"""The plan that is on, or that none is."""

from typing import Annotated, TypeAlias

from typing_extensions import TypedDict

from tracker.app.api.answers.as_it_is import As
from tracker.app.api.asked import Document
from tracker.app.operations.plan import ProposalShown
from tracker.model import SetTarget
from tracker.plan.bands import BandLoad
from tracker.report.objects.plans import VerdictObject

TargetAnswer: TypeAlias = Annotated[Document, As(SetTarget, "TargetOfDay", band_loads=BandLoad)]

PrescriptionAnswer: TypeAlias = Annotated[
    Document,
    As(
        SetTarget,
        "PrescriptionNow",
        band_loads=BandLoad,
        days_a_week=tuple[int, int],
        hours_between=int,
        done_days=int,
        target=str,
        stopped=bool,
    ),
]


class PlanHeadAnswer(TypedDict):
    """The plan as a whole.

    Attributes:
        ends_on: its last day; null while it is open.
        notes: of the plan, for the person.
    """

    name: str
    starts_on: str
    ends_on: str | None
    notes: list[str]


class PlanPhaseAnswer(TypedDict):
    """The present phase.

    Attributes:
        from_week, until_week: weeks of the plan, from 0: `until_week` 2 ends as the third begins.
    """

    name: str
    title: str
    from_week: int
    until_week: int


class LaterPlanAnswer(TypedDict):
    """A plan that has not begun."""

    plan_id: int
    name: str
    starts_on: str


class PlanOnAnswer(TypedDict):
    """The plan on a day of the person.

    Attributes:
        week: of the plan, from 0.
        prescriptions: all of the present phase, with how many days they were done in this week.
        today: what the day asks for; empty on a day off.
        waiting: proposals that wait for an answer, as the rules said them.
        last_session: after which the rules said `last_verdicts`.
        simulated: what the rules said comes from simulated sessions.
        mark: names the state that is shown; it is handed back with a change.
        text: the plan as it is written now.
        later: plans that have not begun.
        proposals: those that wait, with what they change.
    """

    plan: PlanHeadAnswer
    day: str
    week: int
    phase: PlanPhaseAnswer
    prescriptions: list[PrescriptionAnswer]
    today: list[TargetAnswer]
    waiting: list[VerdictObject]
    last_session: int | None
    last_verdicts: list[VerdictObject]
    simulated: bool
    mark: str
    text: str
    later: list[LaterPlanAnswer]
    proposals: list[Annotated[Document, As(ProposalShown)]]


class NoPlanAnswer(TypedDict):
    """No plan is on."""

    plan: None
    later: list[LaterPlanAnswer]
    proposals: list[Annotated[Document, As(ProposalShown)]]


PlanAnswer: TypeAlias = Annotated[Document, As(PlanOnAnswer | NoPlanAnswer)]
