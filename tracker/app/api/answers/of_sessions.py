"""All that is kept of a session, and what follows on one."""

from typing import Annotated, TypeAlias

from typing_extensions import TypedDict

from tracker.app.api.answers.as_it_is import As
from tracker.app.api.asked import Document
from tracker.app.operations.proposals import Proposal
from tracker.model import SessionFelt, SetFelt, SetTarget
from tracker.progress.trend.values import Level, TrendPoint
from tracker.report.objects.measured import NoticeObject, RestTestObject, SensorObject
from tracker.report.objects.plans import VerdictObject
from tracker.report.objects.said import FeltSessionObject
from tracker.report.objects.sessions import FoundSetObject, ShownAnalysisObject, WornSensorObject
from tracker.report.session_history import Done
from tracker.store.found_sets import SetCorrection
from tracker.store.manual_sets import ManualSet
from tracker.store.revisions import Action, Change
from tracker.store.values import AnalysisNumbers, SessionSummary


class RevisionAnswer(TypedDict):
    """What a person did to a session at one moment.

    Attributes:
        made_at: ISO 8601.
        changes: every field that changed, the person by name; empty where a session was added.
    """

    made_at: str
    action: Action
    reason: str
    changes: list[Annotated[Document, As(Change, "ChangeOfSession", field=str)]]


class KeptSessionAnswer(TypedDict):
    """Everything that is kept of one session.

    Attributes:
        person: whose session it is.
        sensors: by where they were worn.
        analysis: whose results are shown; null where there is none.
        quality: what came from each sensor.
        sets: each leg of each set, as found and as it counts.
        corrections_without_set: of sets that the shown analysis did not find.
        told: done without sensors.
        felt: null where nothing was said.
        sets_felt: by the number of the set, from 1.
        targets: what the plan asked for on the day, and what was done of it.
        revisions: the earliest first.
        analyses: all of them, the earliest first.
        plan: the name of the plan whose rules judged it; null where none did.
        verdicts: what the plan's rules said.
    """

    session: SessionSummary
    person: str
    sensors: dict[str, WornSensorObject]
    analysis: ShownAnalysisObject | None
    quality: list[SensorObject]
    rest_tests: list[RestTestObject]
    notices: list[NoticeObject]
    sets: list[FoundSetObject]
    corrections_without_set: list[SetCorrection]
    told: list[Annotated[Document, As(ManualSet, "ToldSet", set_number=int)]]
    felt: SessionFelt | None
    sets_felt: dict[str, SetFelt]
    targets: list[Annotated[Document, As(SetTarget, "TargetAndDone", done=Done)]]
    revisions: list[RevisionAnswer]
    analyses: list[AnalysisNumbers]
    plan: str | None
    verdicts: list[VerdictObject]


class RestingNowAnswer(TypedDict):
    """The resting rotation of one leg, or of both together, in a session.

    Attributes:
        name: `left`, `right`, `difference` or `mean`.
        now: the session's last strapping-on.
        before: of the strappings-on that it may be compared with, the first ones; null with too few.
        earlier: how many strappings-on before this session it may be compared with.
        verdict: what the trend says as a whole.
    """

    name: str
    now: Annotated[Document, As(TrendPoint)]
    before: Annotated[Document, As(Level)] | None
    earlier: int
    verdict: str


class AdviceAnswer(TypedDict):
    """What a rule says of the pain, in plain words."""

    rule: str
    text: str


class AfterAnswer(FeltSessionObject):
    """What is shown when a session is over.

    Attributes:
        started_at: ISO 8601.
        sets: those of which was said how they felt.
        results: each leg of each set, as found and as it counts.
        resting: what can be compared of the rest tests.
        not_compared: what the trend leaves out and why, where it has neither leg's result of this session.
        safety_questions_due: they come next, because of pain.
        proposals: of the plan, that wait for an answer.
    """

    session: Annotated[Document, As(SessionSummary)]
    results: list[FoundSetObject]
    rest_tests: list[RestTestObject]
    resting: list[RestingNowAnswer]
    not_compared: list[str]
    advice: list[AdviceAnswer]
    safety_questions_due: bool
    proposals: list[Annotated[Document, As(Proposal)]]


SessionAnswer: TypeAlias = Annotated[Document, As(KeptSessionAnswer)]
