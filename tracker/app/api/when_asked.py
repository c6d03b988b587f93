"""The JSON API, made after the first page has been shown: its many types take a third of a second."""

import asyncio

from starlette.types import ASGIApp, Receive, Scope, Send

from tracker.app.site import Site

API_PATH = "/api"

_FIRST_PAGE_S = 2.0
"""Until then the browser has what it needs for the first page."""


class ApiWhenAsked:
    """Stands for the API until it is made: some seconds after the start, or when it is first asked for."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._api: ASGIApp | None = None
        self._making = asyncio.Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request as the API does."""
        await (await self._made())(scope, receive, send)

    async def get_ready(self) -> None:
        """Make the API once the first page is likely to be there."""
        await asyncio.sleep(_FIRST_PAGE_S)
        await self._made()

    async def _made(self) -> ASGIApp:
        async with self._making:
            if self._api is None:
                self._api = await asyncio.to_thread(_make, self._site)
        return self._api


def _make(site: Site) -> ASGIApp:
    from tracker.app.api.routes import make_api

    return make_api(site)
