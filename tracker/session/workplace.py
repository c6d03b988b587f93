"""What commands and the page work with: the home folder, settings, catalogue and database."""

from dataclasses import dataclass

from tracker.backup.opening import open_home_database
from tracker.home import Home, home_from_environment
from tracker.plan.catalogue import Catalogue, load_catalogue
from tracker.session.analysis_parameters import AnalysisParameters
from tracker.session.settings import Settings, load_settings
from tracker.store.database import Database


@dataclass(frozen=True, slots=True)
class Workplace:
    """Everything that is read from the home folder before any work is done."""

    home: Home
    settings: Settings
    catalogue: Catalogue

    @property
    def analysis(self) -> AnalysisParameters:
        """Parameters of an analysis with these settings."""
        settings = self.settings
        return AnalysisParameters(
            settings.motion, settings.clock, self.catalogue.counting, backfill=settings.backfill
        )

    def database(self) -> Database:
        """The database, opened; to be used as a context manager."""
        self.home.create()
        return open_home_database(self.home, self.settings.backup)


def workplace(home: Home | None = None, *, simulated: bool = False) -> Workplace:
    """Read settings and catalogue of a home folder; that of the environment where none is given.

    Args:
        simulated: work in the folder's home for simulated sessions, with the same settings.
    """
    home = home or home_from_environment()
    return Workplace(home.simulated if simulated else home, load_settings(home), load_catalogue(home))
