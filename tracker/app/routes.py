"""Puts each page at its address in each language, in the frame, with errors in plain words."""

import asyncio
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

from fastapi import Request, Response
from fastapi.responses import RedirectResponse
from nicegui import app, ui

from tracker.app.cookies import LANGUAGE_COOKIE, PERSON_COOKIE
from tracker.app.frame import page_frame, show_error
from tracker.app.site import Page, Site, View
from tracker.app.words import LANGUAGES, Language, language_for, words_for
from tracker.errors import TrackerError
from tracker.local_time import local_time_zone
from tracker.store.persons import list_persons, person_meant
from tracker.store.values import Person

ASSETS_PATH = "/assets"

_START_PATH = "/today"
_BUILD_LIMIT_S = 20.0
"""A page that reads ten years takes seconds on a slow computer; shorter limits would show it as broken."""


def add_pages(site: Site, pages: tuple[Page, ...]) -> None:
    """Register all pages in all languages, the assets, and the way to them from addresses without one."""
    app.add_static_files(ASSETS_PATH, Path(__file__).parent / "assets")
    for page in pages:
        for language in LANGUAGES:
            _add_page(site, page, pages, language)
    for path in ("/", *(page.path for page in pages if "{" not in page.path)):
        _add_redirect(path)


def _add_redirect(path: str) -> None:
    target = _START_PATH if path == "/" else path

    @app.get(path, include_in_schema=False)
    def to_language(request: Request) -> Response:
        language = asked_language(request)
        return RedirectResponse(f"/{language.code}{target}", status_code=307)


def _add_page(site: Site, page: Page, pages: tuple[Page, ...], language: Language) -> None:
    title = f"{words_for(language.code)(page.title)} · {words_for(language.code)('Hip rotation tracker')}"

    @ui.page(
        f"/{language.code}{page.path}",
        title=title,
        dark=None,
        language=language.quasar,  # type: ignore[arg-type]
        response_timeout=_BUILD_LIMIT_S,
    )
    async def show(request: Request) -> None:
        try:
            person = await asyncio.to_thread(asked_person, site, request)
        except TrackerError as error:
            words = words_for(language.code, local_time_zone())
            nobody = Person(0, "", local_time_zone())
            with page_frame(View(site, words, nobody, page.path), page, pages):
                show_error(words, error)
            return
        words = words_for(language.code, person.time_zone)
        view = View(site, words, person, page.path, _values(request), dict(request.query_params))
        with page_frame(view, page, pages):
            try:
                await page.build(view)
            except TrackerError as error:
                show_error(words, error)


def asked_language(request: Request) -> Language:
    """The language that a browser was last set to, else the first that it prefers."""
    chosen = request.cookies.get(LANGUAGE_COOKIE)
    return language_for(chosen, request.headers.get("accept-language", ""))


def _values(request: Request) -> Mapping[str, str]:
    return {name: quote(str(value), safe="") for name, value in request.path_params.items()}


def asked_person(site: Site, request: Request) -> Person:
    """The person that a browser was set to, where there still is one of that number; else the default.

    Raises:
        DatabaseError: the database cannot be used.
    """
    chosen = request.cookies.get(PERSON_COOKIE, "")
    with site.database.write() as connection:
        for person in list_persons(connection):
            if str(person.person_id) == chosen:
                return person
        return person_meant(connection, None, time_zone=local_time_zone())
