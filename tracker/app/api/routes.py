"""Puts the JSON API at `/api`: an application of its own, so that it can stand without the pages."""

from fastapi import FastAPI

from tracker import __version__
from tracker.app.api import bands, data, days, jobs, live, persons, plan, recordings, sensors, sessions, weeks
from tracker.app.api.described_fields import Schema, describe_fields
from tracker.app.api.errors import ErrorAnswer, add_error_answers
from tracker.app.api.when_asked import API_PATH
from tracker.app.site import Site

_ROUTERS = (
    live.router,
    days.router,
    recordings.router,
    sessions.router,
    weeks.router,
    plan.router,
    bands.router,
    persons.router,
    sensors.router,
    data.router,
    jobs.router,
)

_ABOUT = """Everything that the page shows, for programs. Angles are degrees, times seconds, days as in
2026-11-28, instants ISO 8601; internal rotation is positive on both legs. Results are compared with the
person's own earlier ones alone. What goes wrong is told as `error`, in English."""


class _Api(FastAPI):
    """Its document says of each field what it is."""

    def openapi(self) -> Schema:
        """The document, made when it is first asked for."""
        if not self.openapi_schema:
            describe_fields(super().openapi())
        document: Schema = self.openapi_schema or {}
        return document


def make_api(site: Site) -> FastAPI:
    """The API as an application; its document is at `openapi.json`."""
    api = _Api(
        title="Hip rotation tracker",
        version=__version__,
        description=_ABOUT,
        docs_url=None,
        redoc_url=None,
        openapi_url="/openapi.json",
        servers=[{"url": API_PATH}],
        root_path_in_servers=False,
        responses={"default": {"model": ErrorAnswer, "description": "It went wrong, and why."}},
    )
    api.state.site = site
    add_error_answers(api)
    for router in _ROUTERS:
        api.include_router(router)
    return api
