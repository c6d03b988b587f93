"""A week's page for one person: its values, its document, its file."""

from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from tracker.progress.iso_week import IsoWeek
from tracker.progress.week_page import HISTORY_WEEKS, WeekPage, week_page
from tracker.report.week_document import week_document
from tracker.report.week_parts import Page
from tracker.report.week_sections import page_of
from tracker.session.workplace import Workplace
from tracker.store.database import Database
from tracker.store.values import Person


@dataclass(frozen=True, slots=True)
class WeekShown:
    """A week as it is shown.

    Attributes:
        page: its values.
        text: the same as tables and lines, in English.
        before, after: names of the weeks beside it; None where there is none yet.
    """

    page: WeekPage
    text: Page
    before: str
    after: str | None

    @property
    def name(self) -> str:
        """As in 2026-W48."""
        return str(self.page.summary.week)


def week_shown(place: Workplace, database: Database, person: Person, week: str | None = None) -> WeekShown:
    """Read a week.

    Args:
        week: its name, as in 2026-W48; the running one where None or empty.

    Raises:
        UsageError: no week, one that has not begun, or one older than any session.
        DatabaseError, StorageError: the database cannot be read.
    """
    chosen = IsoWeek.parse(week) if week else None
    page = week_page(database, person, place.catalogue, chosen)
    meant = page.summary.week
    running = IsoWeek.containing(datetime.now(UTC), ZoneInfo(person.time_zone))
    return WeekShown(
        page=page,
        text=page_of(page, weeks=HISTORY_WEEKS),
        before=str(meant.previous),
        after=None if meant >= running else str(meant.next),
    )


def week_object(shown: WeekShown) -> dict[str, object]:
    """The document of a week, as `tracker week --json` prints it, with all weeks of its history."""
    return week_document(shown.page, before=HISTORY_WEEKS - 1)


def week_file(shown: WeekShown) -> tuple[str, bytes]:
    """The week as one A4 page in English, with the name of the file; takes a second."""
    from tracker.report.week_pdf import week_pdf

    return f"week-{shown.name}.pdf", week_pdf(shown.text)
