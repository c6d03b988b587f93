"""Pictures of every page, on laptop and phone, with simulated history: `make screenshots`.

docs/screenshots/all/    every page in every language, a running session and its end; not kept
docs/screenshots/        the three that the README shows, small
"""

import io
import sys
import tempfile
from pathlib import Path

import session_driver as person
from app_process import ServedApp
from browser_fixtures import SHORT_GUIDE, running_browser
from history_home import copied_home, write_history
from PIL import Image
from playwright.sync_api import Browser
from watched_page import WatchedPage

from tracker.app.pages.index import PAGES
from tracker.app.words import LANGUAGES

FOLDER = Path(__file__).parents[2] / "docs" / "screenshots"
ALL = FOLDER / "all"
LAPTOP, PHONE = (1280, 800), (360, 740)
HIGH = (1280, 960)
LARGEST_BYTES = 150_000
"""Of a picture in the repository."""

_REPETITIONS_IN = 3

SHOWN = {"week": "/en/week", "review": "/en/review/{session}"}
"""In the README, beside the running session; from the top, where it says that all is simulated."""


def main() -> None:
    """Make all pictures."""
    ALL.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, running_browser() as browser:
        write_history(Path(folder) / "history")
        home = copied_home(Path(folder) / "history", Path(folder) / "home", SHORT_GUIDE)
        with ServedApp(home) as app:
            _every_page(browser, app)
            for name, path in SHOWN.items():
                _shown(browser, app, name, path)
            _running_session(browser, app)
    sys.stdout.write(f"All pages are in {ALL}, those of the README in {FOLDER}.\n")


def _window(browser: Browser, app: ServedApp, size: tuple[int, int], *, dark: bool = False) -> WatchedPage:
    return WatchedPage(browser, app.address, width=size[0], height=size[1], dark=dark)


def _address(path: str) -> str:
    return path.replace("{session}", "1")


def _every_page(browser: Browser, app: ServedApp) -> None:
    """Each in all its length: light on the laptop, dark on the phone."""
    for page in PAGES:
        for language in LANGUAGES:
            for name, size in (("laptop", LAPTOP), ("phone", PHONE)):
                window = _window(browser, app, size, dark=size is PHONE)
                window.go(f"/{language.code}{_address(page.path)}")
                called = page.path.strip("/").replace("/{session}", "-of-one")
                file = f"{called}-{language.code}-{name}.png"
                window.page.screenshot(path=ALL / file, full_page=True)
                window.close()
                sys.stdout.write(f"{file}\n")


def _shown(browser: Browser, app: ServedApp, name: str, path: str) -> None:
    window = _window(browser, app, HIGH)
    window.go(_address(path))
    window.page.wait_for_load_state("networkidle")
    # somewhere in the session that is looked at, not before it
    for button in window.page.get_by_role("button", name="Next repetition").all():
        for _ in range(_REPETITIONS_IN):
            button.click()
    window.page.evaluate("() => scrollTo(0, 0)")
    _keep(name, window.page.screenshot())
    window.close()


def _running_session(browser: Browser, app: ServedApp) -> None:
    """While repetitions are counted, on both; and what is shown after it."""
    laptop, phone = _window(browser, app, LAPTOP), _window(browser, app, PHONE)
    laptop.go("/en/session")
    phone.go("/en/session")
    person.choose_exercise(laptop.page, repetitions=8, rest_test=True)
    person.start(laptop.page)
    person.wait_for_count(laptop.page, 5)
    _keep("session", laptop.page.screenshot())
    phone.page.screenshot(path=ALL / "session-running-phone.png")
    person.finish(laptop.page)
    laptop.page.screenshot(path=ALL / "session-saved-laptop.png", full_page=True)
    laptop.close()
    phone.close()


def _keep(name: str, picture: bytes) -> None:
    """Keep a picture for the README, with as many colours as it may be large."""
    whole = Image.open(io.BytesIO(picture)).convert("RGB")
    for colours in (256, 128, 64, 32):
        file = io.BytesIO()
        whole.quantize(colours, dither=Image.Dither.NONE).save(file, "PNG", optimize=True)
        if file.tell() < LARGEST_BYTES:
            (FOLDER / f"{name}.png").write_bytes(file.getvalue())
            return
    raise ValueError(f"{name} stays larger than {LARGEST_BYTES} bytes")


if __name__ == "__main__":
    main()
