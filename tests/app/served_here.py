"""An application behind the program's own web server, in the event loop of the test."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import uvicorn
from starlette.types import ASGIApp

from tracker.app.access.connections import BoundedProtocol


@asynccontextmanager
async def served_here(app: ASGIApp) -> AsyncIterator[int]:
    """Serve it on a free port of this computer, whose number is given."""
    config = uvicorn.Config(
        app, port=0, http=BoundedProtocol, log_level="critical", lifespan="off", timeout_graceful_shutdown=1
    )
    server = uvicorn.Server(config)
    socket = config.bind_socket()
    serving = asyncio.create_task(server.serve([socket]))
    try:
        yield socket.getsockname()[1]
    finally:
        server.should_exit = True
        await serving
        socket.close()
