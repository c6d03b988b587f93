"""Analyses recordings again with the present program; older analyses stay, each session is stored alone."""

from collections.abc import Collection, Generator, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection

from tracker.errors import ConflictError, UsageError
from tracker.home import Home
from tracker.model import Analysis
from tracker.session.analysis_parameters import AnalysisParameters
from tracker.session.measuring_pool import measured
from tracker.session.reanalysis_recipe import PresentRecipe
from tracker.store.analyses import read_analysis, save_analysis
from tracker.store.database import Database
from tracker.store.recorded import current_analysis_id, recorded_sessions
from tracker.store.sessions import read_session


@dataclass(frozen=True, slots=True)
class DueSession:
    """A session to analyse again.

    Attributes:
        file: its recording.
        analysis_id: of its current analysis when it was looked at; None where it had none.
    """

    session_id: int
    file: Path
    analysis_id: int | None


@dataclass(frozen=True, slots=True)
class Due:
    """What there is to do.

    Attributes:
        sessions: the earliest first.
        up_to_date: sessions whose current analysis is what the present program makes.
        being_recorded: sessions that some process writes now; they are left alone.
    """

    sessions: tuple[DueSession, ...]
    up_to_date: tuple[int, ...]
    being_recorded: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Reanalysed:
    """What became of one session.

    Attributes:
        before: the analysis that was current; None where there was none.
        after: the new one; None where the recording could not be measured, or another program was first.
        refused: why it could not be measured; empty where it could.
    """

    session_id: int
    file: Path
    before: Analysis | None
    after: Analysis | None
    refused: str = ""


def due_sessions(
    connection: Connection,
    home: Home,
    parameters: AnalysisParameters,
    *,
    person_id: int | None = None,
    sessions: Collection[int] | None = None,
) -> Due:
    """Which sessions the present program would analyse otherwise than their current analysis was made.

    Deleted sessions and those by hand are not among them.

    Args:
        person_id: only this person's.
        sessions: only those; each must exist.

    Raises:
        UsageError: there is no such session, or it was done by hand or deleted.
    """
    for session_id in sessions or ():
        _refuse_without_recording(connection, session_id)
    recipe = PresentRecipe(parameters)
    due: list[DueSession] = []
    up_to_date: list[int] = []
    being_recorded: list[int] = []
    for one in recorded_sessions(connection, person_id=person_id, sessions=sessions):
        if one.is_recorded_now:
            being_recorded.append(one.session_id)
        elif recipe.made(one.version, one.parameters):
            up_to_date.append(one.session_id)
        else:
            due.append(DueSession(one.session_id, home.folder / one.path, one.analysis_id))
    return Due(tuple(due), tuple(up_to_date), tuple(being_recorded))


def reanalyse(
    database: Database,
    due: Collection[DueSession],
    parameters: AnalysisParameters,
    *,
    jobs: int,
    store: bool = True,
) -> Generator[Reanalysed, None, None]:
    """Analyse sessions again, and store each result on its own as soon as it is there.

    Stopped at any moment, what came out is stored and the rest is due as before.

    Args:
        jobs: processes that measure; this one stores.
        store: False only looks what would come out.

    Raises:
        DatabaseError, StorageError: a result cannot be stored; those before it are.
        LossError: a process that measured was ended from outside.
    """
    known = {one.session_id: one for one in due}

    def files() -> Iterator[tuple[int, Path]]:
        for one in due:
            # Where two do this at once, none measures what the other one has stored.
            if _is_still_due(database, one):
                yield one.session_id, one.file

    # Closed, so that no process goes on measuring where the taker of the results was stopped.
    with closing(measured(files(), parameters, min(jobs, len(known)))) as results:
        for session_id, found in results:
            one = known[session_id]
            if found.analysis is None:
                yield Reanalysed(session_id, one.file, None, None, found.refused)
            else:
                yield _kept(database, one, found.analysis, store=store)


def _refuse_without_recording(connection: Connection, session_id: int) -> None:
    session = read_session(connection, session_id)
    if session.by_hand:
        raise UsageError(
            f"session {session_id} was done by hand: there is nothing to analyse",
            advice="Name sessions that were recorded.",
            session_id=session_id,
        )
    if session.deleted_at is not None:
        raise ConflictError(
            f"session {session_id} was deleted",
            advice=f"Bring it back first: tracker sessions restore {session_id}",
            session_id=session_id,
        )


def _is_still_due(database: Database, one: DueSession) -> bool:
    with database.read() as connection:
        return current_analysis_id(connection, one.session_id) == one.analysis_id


def _kept(database: Database, one: DueSession, analysis: Analysis, *, store: bool) -> Reanalysed:
    if not store:
        with database.read() as connection:
            before = read_analysis(connection, one.session_id)
        return Reanalysed(one.session_id, one.file, None if before is None else before.analysis, analysis)
    with database.write() as connection:
        current = current_analysis_id(connection, one.session_id, hold=True)
        before = read_analysis(connection, one.session_id)
        if current != one.analysis_id:
            return Reanalysed(one.session_id, one.file, None if before is None else before.analysis, None)
        save_analysis(connection, one.session_id, analysis)
    return Reanalysed(one.session_id, one.file, None if before is None else before.analysis, analysis)
