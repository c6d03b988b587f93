"""What stands at an address without a page, and in place of a page that a fault of the program ended."""

import logging

from fastapi import Request, Response
from fastapi.exception_handlers import http_exception_handler
from nicegui import Client, app, ui
from starlette.exceptions import HTTPException

from tracker.app.frame import page_frame, show_error
from tracker.app.routes import asked_language
from tracker.app.site import Page, Site, View
from tracker.app.words import LANGUAGES, Language, words_for
from tracker.errors import TrackerError
from tracker.local_time import local_time_zone
from tracker.store.values import Person

_LOG = logging.getLogger(__name__)


def add_missing_pages(site: Site, pages: tuple[Page, ...]) -> None:
    """Register both, in the frame and the language of the address; NiceGUI's own are in English."""

    @app.exception_handler(404)
    async def no_such_page(request: Request, error: Exception) -> Response:
        endpoint = request.scope.get("endpoint")
        if endpoint is not None and endpoint is not app and isinstance(error, HTTPException):
            return await http_exception_handler(request, error)
        refusal = TrackerError(
            "there is no page at this address",
            advice="Choose one of the pages above, or look at the address.",
        )
        return _page_in_place(site, pages, request, refusal, 404)

    @app.exception_handler(Exception)
    async def broken_page(request: Request, error: Exception) -> Response:
        if not request.scope.get("nicegui_page_path"):
            raise error
        _LOG.error("a page could not be made", exc_info=error)
        refusal = TrackerError(
            "the page could not be made: the program made a mistake",
            advice="Load it again. What is recorded and stored is safe.",
        )
        return _page_in_place(site, pages, request, refusal, 500)


def _page_in_place(
    site: Site, pages: tuple[Page, ...], request: Request, refusal: TrackerError, status: int
) -> Response:
    language = _language_of(request)
    words = words_for(language.code, local_time_zone())
    title = f"{words('No page')} · {words('Hip rotation tracker')}"
    frame = ui.page("", title=title, dark=None, language=language.quasar)  # type: ignore[arg-type]
    nobody = Person(0, "", local_time_zone())
    view = View(site, words, nobody, "/today")
    with Client(frame, request=request) as client, page_frame(view, Page("", "No page", _nothing), pages):
        show_error(words, refusal)
    return client.build_response(request, status)


async def _nothing(_view: View) -> None:
    """The frame is filled at once."""


def _language_of(request: Request) -> Language:
    """The one in the address, else the one that the browser asks for."""
    code = request.url.path.strip("/").partition("/")[0]
    return next((language for language in LANGUAGES if language.code == code), asked_language(request))
