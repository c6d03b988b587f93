"""The web server of the page: one process, one event loop, on this computer."""

import asyncio
import logging
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

import uvicorn
from fastapi import FastAPI
from nicegui import app as nicegui_app
from nicegui import ui
from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp

from tracker import __version__
from tracker.app.access.connections import BoundedProtocol, make_room_for_files
from tracker.app.access.guard import Access, Guard
from tracker.app.access.hosts import is_local
from tracker.app.access.listening import listening_socket
from tracker.app.access.passphrase import PassphraseFile
from tracker.app.access.serving import Certificate, access_for, check_certificate
from tracker.app.api.when_asked import API_PATH, ApiWhenAsked
from tracker.app.connection_words import say_connection_words
from tracker.app.file_routes import add_file_routes
from tracker.app.missing_pages import add_missing_pages
from tracker.app.pages.index import PAGES
from tracker.app.reloading import reload_after_restores
from tracker.app.routes import add_pages
from tracker.app.site import Site

LOCAL_HOST = "127.0.0.1"
DEFAULT_PORT = 8321

_MESSAGES_KEPT = 200
"""Of a page that lost its connection: some seconds of a live view, which is drawn anew after that."""

_RECONNECT_S = 10.0
"""For how long a page may be away, as a phone whose screen was off, before it is built anew."""

_CUTS_OFF = "Cancel %s running task"
"""So the server's own line begins that says how many answers it gives up at the end."""

_GZIP_LEVEL = 5
"""Above this, it takes much time and little of the size; all others wait meanwhile."""

_LONGEST_MESSAGE_BYTES = 2_000_000
"""Of a page to the server: what was clicked and typed."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where the page is served.

    Attributes:
        port: 0 takes any that is free.
        certificate: encrypts it; None leaves it readable for others on the way.
    """

    host: str = LOCAL_HOST
    port: int = DEFAULT_PORT
    certificate: Certificate | None = None

    @property
    def is_readable_by_others(self) -> bool:
        """True where it goes over a network as it is."""
        return self.certificate is None and not is_local(self.host)


def make_app(site: Site, access: Access) -> ASGIApp:
    """The whole site as one application; can be made once in a process, since NiceGUI is one to a process."""

    api = ApiWhenAsked(site)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        getting_ready = asyncio.create_task(api.get_ready())
        yield
        getting_ready.cancel()
        await site.engine.close()
        await site.jobs.close()
        await asyncio.to_thread(site.shelf.close)
        await asyncio.to_thread(site.dropped.close)
        await asyncio.to_thread(site.uploads.close)

    app = FastAPI(
        title="Hip rotation tracker",
        version=__version__,
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
    )
    app.mount(API_PATH, api)
    add_file_routes(app, site)
    reload_after_restores(site)
    add_pages(site, PAGES)
    ui.run_with(
        app,
        title="Hip rotation tracker",
        dark=None,
        tailwind=False,
        binding_refresh_interval=None,
        reconnect_timeout=_RECONNECT_S,
        message_history_length=_MESSAGES_KEPT,
        show_welcome_message=False,
        gzip_middleware_factory=None,
    )
    say_connection_words()
    add_missing_pages(site, PAGES)
    # A bar over the page for each fetch: screen readers hear of it without a name.
    nicegui_app.config.quasar_config["loadingBar"]["skipHijack"] = True
    guarded = Guard(app, access)
    # The guard writes into pages; within this computer, packing would cost more than it saves.
    return guarded if access.gate is None else GZipMiddleware(guarded, compresslevel=_GZIP_LEVEL)


async def serve(
    site: Site, address: Address, passphrase: PassphraseFile, on_ready: Callable[[str], None]
) -> None:
    """Serve the site until it is interrupted; a session that runs is stopped and saved then.

    Args:
        passphrase: asked for where others can reach the address.
        on_ready: told the address once it can be opened.

    Raises:
        UsageError: the address cannot be taken, or others could reach it without a passphrase.
        InputError: the certificate cannot be used.
    """
    certificate = address.certificate
    if certificate is not None:
        check_certificate(certificate)
    access = access_for(site.place.settings.page, address.host, passphrase, encrypted=certificate is not None)
    with listening_socket(address.host, address.port) as listening:
        make_room_for_files()
        app = make_app(replace(site, has_login=access.gate is not None), access)
        shown = _shown(address, listening.getsockname()[1])
        server = _Server(_config(app, certificate), lambda: on_ready(shown), site.streams.close)
        await server.serve([listening])


def _config(app: ASGIApp, certificate: Certificate | None) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        loop="asyncio",
        http=BoundedProtocol,
        ws_max_size=_LONGEST_MESSAGE_BYTES,
        ssl_certfile=None if certificate is None else certificate.chain,
        ssl_keyfile=None if certificate is None else certificate.key,
        # What a proxy says of a sender, others can say too: waits after wrong passphrases are by sender.
        proxy_headers=False,
        access_log=False,
        log_level="warning",
        server_header=False,
        timeout_graceful_shutdown=5,
    )


class _Server(uvicorn.Server):
    """Tells when it can be reached, and when it ends: what has no end of its own would be waited for."""

    def __init__(
        self, config: uvicorn.Config, on_ready: Callable[[], None], on_ending: Callable[[], None]
    ) -> None:
        super().__init__(config)
        self._on_ready = on_ready
        self._on_ending = on_ending

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to serve, then tell."""
        await super().startup(sockets)
        if self.started:
            self._on_ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Tell, then end."""
        logging.getLogger("uvicorn.error").addFilter(_is_worth_saying)
        self._on_ending()
        await super().shutdown(sockets)


def _is_worth_saying(record: logging.LogRecord) -> bool:
    """False for answers that are cut off because the program ends: whoever ended it wanted that."""
    error = record.exc_info[1] if record.exc_info else None
    return not (isinstance(error, asyncio.CancelledError) or str(record.msg).startswith(_CUTS_OFF))


def _shown(address: Address, port: int) -> str:
    """What a person opens."""
    scheme = "http" if address.certificate is None else "https"
    host = LOCAL_HOST if address.host in ("0.0.0.0", "::") else address.host  # noqa: S104
    return f"{scheme}://{f'[{host}]' if ':' in host else host}:{port}/"
