"""What follows on a session: what was done, how it felt, what the rules say, and what its rest test says."""

from dataclasses import dataclass

from tracker.app.operations.proposals import Proposal, proposals_among
from tracker.model import RestTest
from tracker.plan.pain import PainAdvice
from tracker.progress.trend.resting_trend import left_out_notices, resting_trend
from tracker.progress.trend.values import Level, TrendPoint
from tracker.session.after_session import is_safety_due_for_pain, pain_advice, reviewed
from tracker.session.felt_session import FeltSession, felt_session
from tracker.session.workplace import Workplace
from tracker.store.analyses import read_analysis
from tracker.store.database import Database
from tracker.store.found_sets import FoundSet, found_sets
from tracker.store.values import Person


@dataclass(frozen=True, slots=True)
class RestingResult:
    """The resting rotation of one leg, or of both together, in one session.

    Attributes:
        name: `left`, `right`, `difference` or `mean`, as in the trend.
        now: the session's last strapping-on: the median of its repeats.
        before: of the strappings-on that it may be compared with, the first ones; None with too few.
        earlier: how many strappings-on before this session it may be compared with.
        verdict: what the trend says as a whole.
    """

    name: str
    now: TrendPoint
    before: Level | None
    earlier: int
    verdict: str


@dataclass(frozen=True, slots=True)
class AfterSession:
    """A stored session, as it is shown when it is over.

    Attributes:
        sets: each leg of each set, corrections in them.
        rest_tests: in the order in which they were done, refused ones too.
        resting: what can be compared of them; empty where nothing was measured, or nothing comparable.
        not_compared: what the trend leaves out and why, in words, where neither leg's result is in it.
        proposals: of the plan, that wait for an answer.
        safety_due: the safety questions come next, because of pain.
    """

    felt: FeltSession
    sets: tuple[FoundSet, ...]
    rest_tests: tuple[RestTest, ...]
    resting: tuple[RestingResult, ...]
    not_compared: tuple[str, ...]
    advice: tuple[PainAdvice, ...]
    proposals: tuple[Proposal, ...]
    safety_due: bool


def after_session(place: Workplace, database: Database, person: Person, session_id: int) -> AfterSession:
    """Read what is shown after a session; the plan's rules judge it, where they have not.

    Raises:
        UsageError: no such session of this person.
        DatabaseError: the database cannot be read or written.
    """
    with database.read() as connection:
        felt = felt_session(connection, person.person_id, session_id)
        stored = read_analysis(connection, session_id)
        sets = () if stored is None else found_sets(connection, session_id, stored.analysis_id)
    rest_tests = () if stored is None else stored.analysis.rest_tests
    resting, not_compared = _resting(database, person, session_id, rest_tests)
    verdicts = reviewed(database, person, felt, place.catalogue)
    with database.read() as connection:
        proposals = proposals_among(connection, person, verdicts)
    return AfterSession(
        felt=felt,
        sets=sets,
        rest_tests=rest_tests,
        resting=resting,
        not_compared=not_compared,
        advice=pain_advice(felt),
        proposals=proposals,
        safety_due=is_safety_due_for_pain(database, person),
    )


def _resting(
    database: Database, person: Person, session_id: int, rest_tests: tuple[RestTest, ...]
) -> tuple[tuple[RestingResult, ...], tuple[str, ...]]:
    """What the trend has of a session, and what it leaves out where it has neither leg of it."""
    if all(test.refused is not None for test in rest_tests):
        return (), ()
    trend = resting_trend(database, person)
    found = []
    for quantity in trend.quantities:
        own = [point for point in quantity.points if point.session_id == session_id]
        if own:
            earlier = sum(point.at < own[-1].at for point in quantity.points)
            found.append(RestingResult(quantity.name, own[-1], quantity.baseline, earlier, quantity.text))
    legs = any(one.name in (trend.left.name, trend.right.name) for one in found)
    return tuple(found), () if legs else tuple(left_out_notices(trend.quantities))
