"""The person's sessions: listed, seen, felt, corrected, deleted, restored."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal, TypeAlias

from fastapi import APIRouter, Query
from pydantic import AwareDatetime, Field, StrictBool, StrictInt

from tracker.app.api.answers.as_it_is import AS_IT_IS
from tracker.app.api.answers.of_sessions import AfterAnswer, SessionAnswer
from tracker.app.api.asked import (
    HIGHEST_NUMBER,
    Asked,
    Count,
    Name,
    Number,
    PersonOf,
    Reason,
    Scale,
    SiteOf,
    Text,
)
from tracker.app.api.session_documents import after_object
from tracker.app.operations.after_session import after_session
from tracker.app.operations.review import read_review
from tracker.app.operations.session_by_hand import DoneByHand, add_by_hand
from tracker.app.operations.session_corrections import (
    SetSaid,
    ToldSaid,
    correct_set,
    correct_told,
    count_rest_tests,
    delete,
    restore,
    undo_correction,
)
from tracker.app.operations.session_list import PER_PAGE, SessionsPage, sessions_page
from tracker.model import Side
from tracker.report.felt_tables import felt_object
from tracker.report.objects.said import FeltSessionObject
from tracker.report.plan_tables import verdict_object
from tracker.report.session_history import history_object
from tracker.session.felt_session import Said
from tracker.session.saying_felt import say_felt
from tracker.session.session_limits import MAX_HOLD_S, MAX_MINUTES, MAX_REPS, MAX_SETS
from tracker.store.revisions import Revision

router = APIRouter(prefix="/sessions", tags=["sessions"])

_Felt: TypeAlias = Annotated[FeltSessionObject, AS_IT_IS]

_MOST_LISTED = 1000
"""In one answer: some years of sessions."""


class FeltBody(Asked):
    """How a session felt; what is left out stays as it was, null takes it back."""

    pain_before: Scale | None = None
    pain_worst: Scale | None = None
    pain_next_morning: Scale | None = None
    effort: Scale | None = None
    notes: Text | None = None


class SetFeltBody(Asked):
    """How a set felt; what is left out stays as it was, null takes it back."""

    pain: Scale | None = None
    effort: Scale | None = None
    notes: Text | None = None
    band_id: Annotated[StrictInt, Field(ge=1, le=HIGHEST_NUMBER)] | None = None
    stretched_length_m: Annotated[float, Field(gt=0.0, le=10.0)] | None = None


class SetBody(Reason):
    """What a counted set was, of one leg; what is left out stays as it is."""

    side: Side | None = None
    exercise: Name | None = None
    valid_reps: Count | None = None
    partial_reps: Count | None = None
    left_out: StrictBool | None = None
    as_found: StrictBool = False


class ToldBody(Reason):
    """What sets were that were told by hand; what is left out stays as it is."""

    exercise: Name | None = None
    sets: Annotated[StrictInt, Field(ge=1, le=MAX_SETS)] | None = None
    reps: Annotated[StrictInt, Field(ge=1, le=MAX_REPS)] | None = None
    hold_s: Annotated[float, Field(ge=0.0, le=MAX_HOLD_S)] | None = None


class RestTestsBody(Reason):
    """Whether the rest tests of a session count in weeks and trend."""

    counts: StrictBool


class DoneBody(Asked):
    """What was done of one exercise without sensors."""

    exercise: Name
    sets: Annotated[StrictInt, Field(ge=1, le=MAX_SETS)]
    reps: Annotated[StrictInt, Field(ge=1, le=MAX_REPS)]
    side: Literal["left", "right", "both"] | None = None
    hold_s: Annotated[float, Field(ge=0.0, le=MAX_HOLD_S)] | None = None


class AddBody(Asked):
    """A session that was done without sensors; `started_at` as in 2026-11-28T18:30, by the person's clock."""

    started_at: Annotated[str, Field(max_length=40)]
    minutes: Annotated[float, Field(gt=0.0, le=MAX_MINUTES)]
    done: Annotated[list[DoneBody], Field(min_length=1, max_length=100)]
    notes: Text | None = None


@dataclass(frozen=True, slots=True)
class Added:
    """The number of the session."""

    session_id: int


@router.post("", status_code=201)
def add_session(body: AddBody, site: SiteOf, person: PersonOf) -> Added:
    """Add a session that was done without sensors, as `tracker sessions add`."""
    done = [DoneByHand(one.exercise, one.sets, one.reps, one.side, one.hold_s) for one in body.done]
    catalogue = site.place.catalogue
    number = add_by_hand(site.database, person, catalogue, body.started_at, body.minutes, done, body.notes)
    return Added(number)


@router.get("")
def list_sessions(
    site: SiteOf,
    person: PersonOf,
    before: Annotated[AwareDatetime | None, Query(description="Only what began earlier.")] = None,
    deleted: Annotated[bool, Query(description="Those that were deleted.")] = False,
    limit: Annotated[int, Query(ge=1, le=_MOST_LISTED)] = PER_PAGE,
) -> SessionsPage:
    """The latest first; `earlier_before` is the `before` of the next page."""
    instant: datetime | None = before
    return sessions_page(site.database, person, site.place.catalogue, instant, deleted=deleted, limit=limit)


@router.get("/{session}")
def see_session(
    session: Number,
    site: SiteOf,
    person: PersonOf,
    analysis: Annotated[int | None, Query(ge=1, le=HIGHEST_NUMBER, description="An earlier one.")] = None,
) -> SessionAnswer:
    """All that is kept of a session, as `tracker sessions show --json`, and what the plan's rules said."""
    stored = read_review(site.database, person, session, analysis)
    verdicts = [verdict_object(one) for one in stored.verdicts]
    return {**history_object(stored.history), "plan": stored.plan, "verdicts": verdicts}


@router.get("/{session}/after")
def see_after(session: Number, site: SiteOf, person: PersonOf) -> Annotated[AfterAnswer, AS_IT_IS]:
    """What is shown when a session is over; the plan's rules judge it where they have not."""
    return after_object(after_session(site.place, site.database, person, session))


@router.post("/{session}/felt")
def say_how_it_felt(session: Number, body: FeltBody, site: SiteOf, person: PersonOf) -> _Felt:
    """Say how it felt, as `tracker feel`."""
    return felt_object(say_felt(site.database, person, session, _said(body)))


@router.post("/{session}/sets/{set_number}/felt")
def say_how_a_set_felt(
    session: Number, set_number: Number, body: SetFeltBody, site: SiteOf, person: PersonOf
) -> _Felt:
    """Say how one set of it felt; sets are counted from 1."""
    return felt_object(say_felt(site.database, person, session, _said(body), set_number))


@router.post("/{session}/sets/{set_number}/correct")
def correct_counted_set(
    session: Number, set_number: Number, body: SetBody, site: SiteOf, person: PersonOf
) -> Revision:
    """Correct what the sensors counted; recording and analysis stay as they are."""
    said = SetSaid(
        set_number,
        body.side,
        body.exercise,
        body.valid_reps,
        body.partial_reps,
        body.left_out,
        as_found=body.as_found,
    )
    return correct_set(site.database, person, session, said, body.reason, site.place.catalogue)


@router.post("/{session}/told/{set_number}/correct")
def correct_told_sets(
    session: Number, set_number: Number, body: ToldBody, site: SiteOf, person: PersonOf
) -> Revision:
    """Correct what was told by hand."""
    said = ToldSaid(set_number, body.exercise, body.sets, body.reps, body.hold_s)
    return correct_told(site.database, person, session, said, body.reason, site.place.catalogue)


@router.post("/{session}/rest-tests")
def let_rest_tests_count(session: Number, body: RestTestsBody, site: SiteOf, person: PersonOf) -> Revision:
    """Let its rest tests count, or leave them out."""
    catalogue = site.place.catalogue
    return count_rest_tests(
        site.database, person, session, counts=body.counts, reason=body.reason, catalogue=catalogue
    )


@router.post("/{session}/undo")
def undo_last_correction(session: Number, body: Reason, site: SiteOf, person: PersonOf) -> Revision:
    """Bring back what was before the last correction."""
    return undo_correction(site.database, person, session, body.reason, site.place.catalogue)


@router.post("/{session}/delete")
def delete_session(session: Number, body: Reason, site: SiteOf, person: PersonOf) -> Revision:
    """Let it count no more; all of it stays, and it can be restored."""
    return delete(site.database, person, session, body.reason, site.place.catalogue)


@router.post("/{session}/restore")
def restore_session(session: Number, body: Reason, site: SiteOf, person: PersonOf) -> Revision:
    """Let a deleted session count again."""
    return restore(site.database, person, session, body.reason, site.place.catalogue)


def _said(body: Asked) -> Said:
    """What was said, and what was taken back; what was left out is not among it."""
    return body.model_dump(exclude_unset=True)
