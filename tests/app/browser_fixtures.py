"""Fixtures of the tests in a browser: Debian's Chromium, the app as a process, pages that are watched."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TypeAlias

import pytest
from app_process import ServedApp
from history_home import copied_home, write_history
from playwright.sync_api import Browser, expect, sync_playwright
from watched_page import PATIENCE_MS, WatchedPage

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--no-first-run",
    "--autoplay-policy=no-user-gesture-required",
)


def short_guide(**other: float) -> str:
    """Settings of sessions as short as the simulated body can follow and the measurement allows.

    Args:
        other: of the table `guide`, where a test needs more time than that.
    """
    shortest = {
        "prepare_s": 1.6,
        "standing_s": 1.5,
        "reference_s": 1.6,
        "knee_lift_s": 6.5,
        "settle_s": 2.0,
        "settle_again_s": 2.8,
        "rest_s": 5.6,
        "rest_repeats": 1,
        "set_finish_s": 1.0,
        "finish_wait_s": 60.0,
    }
    lines = [f"{name} = {value}" for name, value in (shortest | other).items()]
    return "\n[guide]\n" + "\n".join(lines) + "\n"


SHORT_GUIDE = short_guide()

OpenPage: TypeAlias = Callable[..., WatchedPage]
Serve: TypeAlias = Callable[..., ServedApp]


@contextmanager
def running_browser() -> Iterator[Browser]:
    """Chromium, without a window; what is expected of pages is waited for patiently from then on.

    Raises:
        RuntimeError: none is installed.
    """
    path = next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)
    if path is None:
        raise RuntimeError("no Chromium is installed, and no page can be seen without: apt install chromium")
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One browser for all tests of a process; where there is none they fail."""
    with running_browser() as browser:
        yield browser


@pytest.fixture(scope="session")
def history(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home folder with weeks of simulated history; to be copied."""
    folder = tmp_path_factory.mktemp("history")
    write_history(folder)
    return folder


@pytest.fixture(scope="session")
def looked_at(history: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedApp]:
    """An app with a history, for tests that change nothing."""
    with ServedApp(copied_home(history, tmp_path_factory.mktemp("looked_at"), SHORT_GUIDE)) as app:
        yield app


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Starts the app on a home folder; it ends after the windows on it, which would log that it is gone."""
    with ExitStack() as running:

        def serve_one(folder: Path, host: str = "127.0.0.1") -> ServedApp:
            return running.enter_context(ServedApp(folder, host))

        yield serve_one


@pytest.fixture
def served(tmp_path: Path, serve: Serve) -> ServedApp:
    """An app of one's own, nothing in it yet, in which a session takes little time."""
    (tmp_path / "settings.toml").write_text(SHORT_GUIDE, encoding="utf-8")
    return serve(tmp_path)


@pytest.fixture
def open_page(browser: Browser, serve: Serve) -> Iterator[OpenPage]:  # noqa: ARG001 - apps end after their windows
    """Opens an address in a window of its own; fails where a page asked another host or logged an error."""
    opened: list[WatchedPage] = []

    def open_one(
        app: ServedApp, path: str, *, width: int = 1280, height: int = 800, dark: bool = False
    ) -> WatchedPage:
        page = WatchedPage(browser, app.address, width=width, height=height, dark=dark)
        opened.append(page)
        page.go(path)
        return page

    yield open_one
    for page in opened:
        page.close()
    faults = [fault for page in opened for fault in page.faults]
    if faults:
        pytest.fail("\n".join(faults), pytrace=False)
