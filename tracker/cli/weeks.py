"""Looking up weeks."""

from tracker.cli.opening import open_home_database
from tracker.cli.person_option import person_of
from tracker.home import Home, home_from_environment
from tracker.plan.catalogue import load_catalogue
from tracker.progress.iso_week import IsoWeek
from tracker.progress.week_page import HISTORY_WEEKS, WeekPage, week_page


def page_of_week(
    name: str | None = None,
    home: Home | None = None,
    weeks_before: int = 0,
    person_name: str | None = None,
) -> WeekPage:
    """The page of a week, of the running one where no name is given, with so many weeks before it or more."""
    chosen = IsoWeek.parse(name) if name else None
    home = home or home_from_environment()
    catalogue = load_catalogue(home)
    with open_home_database(home) as database:
        with database.write() as connection:
            person = person_of(connection, person_name)
        weeks = max(HISTORY_WEEKS, weeks_before + 1)
        return week_page(database, person, catalogue, chosen, weeks=weeks)
