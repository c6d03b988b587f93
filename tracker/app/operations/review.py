"""One session to look through: everything kept of it, and its recording measured to be drawn."""

import asyncio
from dataclasses import dataclass, replace
from pathlib import Path

from tracker.app.operations.session_corrections import check_own
from tracker.app.operations.timeline import Timeline, courses_json, timeline, timeline_json
from tracker.app.recordings.shelf import OpenRecording, Shelf
from tracker.errors import ConflictError, InputError, NotThereError, UsageError
from tracker.model import Analysis
from tracker.report.session_history import SessionHistory, read_history
from tracker.session.analysis_parameters import AnalysisParameters
from tracker.session.plan_state import zone_of
from tracker.session.posed_recording import stored_parameters
from tracker.session.workplace import Workplace
from tracker.store.database import Database
from tracker.store.plans import RuleVerdict, latest_verdicts, plan_on
from tracker.store.values import Person, SessionState

FIRST_NEWS_S = 0.4
"""For so long a reader waits for more to show; a page that asks again sees a picture that grows."""


@dataclass(frozen=True, slots=True)
class StoredReview:
    """A session as it is stored.

    Attributes:
        history: results, corrections, how it felt, what was asked for, revisions.
        verdicts: what the plan's rules said last of the session.
        plan: name of the plan; None where none was on.
    """

    history: SessionHistory
    verdicts: tuple[RuleVerdict, ...]
    plan: str | None

    @property
    def analysis(self) -> Analysis | None:
        """The results that are shown; None of a session by hand, or one that was not analysed."""
        return None if self.history.shown is None else self.history.shown.analysis


@dataclass(frozen=True, slots=True)
class ShownRecording:
    """A recording that is being looked through.

    Attributes:
        analysis: the stored results; None where those that are measured now are shown.
    """

    opened: OpenRecording
    analysis: Analysis | None = None

    def timeline(self) -> Timeline:
        """What is known of it now. The first call with all of it takes some ms: for a thread."""
        return timeline(self.analysis, self.opened.found)


def read_review(
    database: Database, person: Person, session_id: int, analysis_id: int | None = None
) -> StoredReview:
    """Read all that is kept of a person's session; a deleted one too.

    Args:
        analysis_id: show the results of this analysis; of the current one where None.

    Raises:
        UsageError: no such session of this person, or it has no such analysis.
    """
    with database.read() as connection:
        check_own(connection, person, session_id)
        history = read_history(connection, session_id, analysis_id)
        day = history.session.started_at.astimezone(zone_of(connection, person.person_id)).date()
        plan = plan_on(connection, person.person_id, day)
        verdicts = () if plan is None else latest_verdicts(connection, plan.plan_id, session_id)
    return StoredReview(history, verdicts, None if plan is None or not verdicts else plan.name)


async def open_session(shelf: Shelf, place: Workplace, stored: StoredReview) -> ShownRecording:
    """Have the recording of a session measured, with the parameters of its stored analysis; returns at once.

    Raises:
        UsageError: it was done without sensors, or is being recorded.
        InputError: the file is not there.
    """
    session, shown = stored.history.session, stored.history.shown
    file = session.recording_file(place.home.folder)
    if file is None:
        raise NotThereError(
            f"session {session.session_id} was done without sensors",
            advice="There is no recording of it; what was told of it stands in its table.",
        )
    if session.state is SessionState.RECORDING:
        raise ConflictError(
            f"session {session.session_id} is being recorded", advice="Look through it once it is over."
        )
    parameters = _parameters(place, stored.analysis)
    opened = await shelf.open(file, parameters, None if shown is None else shown.analysis_id)
    return ShownRecording(opened, stored.analysis)


async def open_file(shelf: Shelf, place: Workplace, path: Path) -> ShownRecording:
    """Have a recording from elsewhere measured, with the present settings; returns at once.

    Raises:
        InputError: the file is not there.
    """
    return ShownRecording(await shelf.open(path, place.analysis))


async def timeline_document(shown: ShownRecording, points: int) -> bytes:
    """Timeline and thinned courses as JSON; waits a moment for more of a recording that is being measured.

    Raises:
        TrackerError: it cannot be measured.
    """
    await shown.opened.change(FIRST_NEWS_S)
    _refuse(shown.opened)
    complete, share, courses = shown.opened.is_over, shown.opened.share, shown.opened.courses
    return await asyncio.to_thread(
        lambda: timeline_json(shown.timeline(), courses, points, share, complete=complete)
    )


async def courses_document(shown: ShownRecording, from_s: float, until_s: float, points: int) -> bytes:
    """The thinned courses of a stretch as JSON, as far as they are measured.

    Raises:
        UsageError: it ends before it begins.
        TrackerError: the recording cannot be measured.
    """
    if not from_s < until_s:
        raise UsageError("the stretch ends before it begins", advice="Give from_s below until_s.")
    _refuse(shown.opened)
    complete, courses = shown.opened.is_over, shown.opened.courses
    return await asyncio.to_thread(
        lambda: courses_json(shown.timeline(), courses, (from_s, until_s), points, complete=complete)
    )


def _refuse(opened: OpenRecording) -> None:
    if opened.refused is not None:
        raise InputError(opened.refused.message, advice=opened.refused.advice)


def _parameters(place: Workplace, analysis: Analysis | None) -> AnalysisParameters:
    """Those that the stored analysis was made with; exercises are the present ones."""
    if analysis is None:
        return place.analysis
    return replace(stored_parameters(analysis.parameters), exercises=place.catalogue.counting)
