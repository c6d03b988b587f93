"""What all pages share, and what one load of a page knows."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from tracker.app.engine.jobs import JobBoard
from tracker.app.engine.running import Engine
from tracker.app.engine.streams import Streams
from tracker.app.recordings.dropped import DropFolder
from tracker.app.recordings.shelf import Shelf
from tracker.app.words import Words
from tracker.session.workplace import Workplace
from tracker.store.database import Database
from tracker.store.values import Person


@dataclass(frozen=True, slots=True)
class Site:
    """The program behind the pages.

    Attributes:
        place: home folder, settings and catalogue.
        database: open as long as the program runs; used in threads.
        engine: the one session that runs.
        simulated: sensors are simulated, and all that is shown is kept apart in a home of its own.
        has_login: true where pages are only for whoever knows the passphrase.
        jobs: long work of all pages.
        shelf: the recordings that are looked through.
        dropped: recordings from elsewhere that were dropped onto the page.
        uploads: files that were handed in for work that follows.
        streams: programs that follow the session.
    """

    place: Workplace
    database: Database
    engine: Engine
    simulated: bool = False
    has_login: bool = False
    jobs: JobBoard = field(default_factory=JobBoard)
    shelf: Shelf = field(default_factory=Shelf)
    dropped: DropFolder = field(default_factory=DropFolder)
    uploads: DropFolder = field(default_factory=DropFolder)
    streams: Streams = field(default_factory=Streams)


@dataclass(frozen=True, slots=True)
class View:
    """One load of one page.

    Attributes:
        person: whose data is shown.
        path: where the page is, without the language: `/week`.
        values: what stands in the address, for example the number of a session.
        query: what follows the question mark in the address.
    """

    site: Site
    words: Words
    person: Person
    path: str
    values: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)

    def link(self, path: str) -> str:
        """The address of a page in this language."""
        return f"/{self.words.code}{path}"


PageBuilder: TypeAlias = Callable[[View], Awaitable[None]]
"""Puts the content of a page into the frame."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the site.

    Attributes:
        path: with the names of values in braces: `/review/{session}`.
        title: English; also what its link in the navigation says.
        in_navigation: whether it has a link there.
    """

    path: str
    title: str
    build: PageBuilder
    in_navigation: bool = True
