"""A D-Bus of a test's own, on which nothing is but what the test puts there."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest


@asynccontextmanager
async def message_bus(folder: Path) -> AsyncIterator[str]:
    """The running bus; its address."""
    program = shutil.which("dbus-daemon")
    if program is None:
        pytest.skip("dbus-daemon is not installed")
    address = f"unix:path={folder / 'bus'}"
    bus = await asyncio.create_subprocess_exec(
        program, "--session", "--nofork", "--print-address", "--address", address,
        stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        assert bus.stdout is not None
        await asyncio.wait_for(bus.stdout.readline(), 10.0)
        yield address
    finally:
        bus.terminate()
        await bus.wait()
