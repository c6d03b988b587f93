"""Fixtures of the API on a copy of a home; the module of the tests gives it as the fixture `filled`."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from asked_api import asked_api
from history_home import copied_home


@pytest.fixture
def home(filled: Path, tmp_path: Path) -> Path:
    """A home of one's own with the sessions of `filled`."""
    return copied_home(filled, tmp_path)


@pytest.fixture
async def client(home: Path) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the API on it, with simulated sensors."""
    async with asked_api(home, simulated=True) as client:
        yield client
