"""What commands work with: the home folder, settings, catalogue and database."""

from dataclasses import dataclass

from tracker.home import Home, home_from_environment
from tracker.plan.catalogue import Catalogue, load_catalogue
from tracker.session.analyser import AnalysisParameters
from tracker.session.keeping import local_time_zone
from tracker.session.settings import Settings, load_settings
from tracker.store.database import Database, open_database


@dataclass(frozen=True, slots=True)
class Workplace:
    """Everything that is read from the home folder before a command does its work."""

    home: Home
    settings: Settings
    catalogue: Catalogue

    @property
    def analysis(self) -> AnalysisParameters:
        """Parameters of an analysis with these settings."""
        return AnalysisParameters(self.settings.motion, self.settings.clock, self.catalogue.counting)

    @property
    def time_zone(self) -> str:
        """IANA name of the zone whose midnights part days and weeks."""
        return local_time_zone()

    def database(self) -> Database:
        """The database, opened; to be used as a context manager."""
        self.home.create()
        return open_database(self.home.database)


def workplace(home: Home | None = None) -> Workplace:
    """Read settings and catalogue of a home folder; that of the environment where none is given."""
    home = home or home_from_environment()
    return Workplace(home, load_settings(home), load_catalogue(home))
