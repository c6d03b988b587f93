"""The present algorithms over all recordings: what is due, what would change, and the change itself."""

from contextlib import closing
from dataclasses import dataclass

from tracker.app.engine.jobs import JobLine, Work
from tracker.progress.analysis_changes import AnalysisChanges, analysis_changes
from tracker.progress.reanalysis_summary import ReanalysisSummary, summarise
from tracker.session.reanalysis import Due, due_sessions, reanalyse
from tracker.session.workplace import Workplace
from tracker.store.database import Database

_JOBS = 2
"""Processes of their own, as measuring in this one would hold up the pages; few, as a session may run."""


@dataclass(frozen=True, slots=True)
class NotMeasured:
    """A session whose recording could not be measured; its analysis stays."""

    session_id: int
    reason: str


@dataclass(frozen=True, slots=True)
class ReanalysisDone:
    """What came out.

    Attributes:
        stored: false where it was only looked what would come out.
        analysed: how many sessions.
        elsewhere: sessions that another program analysed meanwhile.
    """

    stored: bool
    analysed: int
    elsewhere: int
    summary: ReanalysisSummary
    not_measured: tuple[NotMeasured, ...]


def due_now(place: Workplace, database: Database) -> Due:
    """The sessions of all persons that the present program would analyse otherwise.

    Raises:
        DatabaseError: the database cannot be read.
    """
    with database.read() as connection:
        return due_sessions(connection, place.home, place.analysis)


def reanalysis_work(place: Workplace, database: Database, *, store: bool) -> Work:
    """Analyses again what is due; its result is `ReanalysisDone`. Stopped, what came out is stored.

    Args:
        store: false only looks what would come out.

    The work raises:
        DatabaseError, StorageError: a result cannot be stored; those before it are.
    """

    def work(line: JobLine) -> ReanalysisDone:
        line.say("analysing again")
        due = due_now(place, database).sessions
        changes: list[AnalysisChanges] = []
        refused: list[NotMeasured] = []
        with closing(reanalyse(database, due, place.analysis, jobs=_JOBS, store=store)) as results:
            for done, one in enumerate(results, 1):
                if one.after is not None:
                    changes.append(analysis_changes(one.session_id, one.before, one.after))
                elif one.refused:
                    refused.append(NotMeasured(one.session_id, one.refused))
                line.progress(done / len(due))
        return ReanalysisDone(
            stored=store,
            analysed=len(changes),
            elsewhere=len(due) - len(changes) - len(refused),
            summary=summarise(changes),
            not_measured=tuple(refused),
        )

    return work
