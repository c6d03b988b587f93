"""Prints what looking through a 60-minute recording costs, in Chromium and on the server.

Run with `python tests/benchmarks/page_review.py`. The recording is simulated; nothing here is a test.
"""

import asyncio
import shutil
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
from playwright.sync_api import Page, sync_playwright
from sessions import THIGHS, plan_script

from tracker.app.access.passphrase import PassphraseFile
from tracker.app.engine.running import Engine
from tracker.app.server import Address, serve
from tracker.app.site import Site
from tracker.home import Home
from tracker.model import Placement
from tracker.sensing.body.mems import MemsModel
from tracker.sensing.body.sessions import SimulatedSession, random_mounting
from tracker.session.keeping import keep_replay, recording_path
from tracker.session.replay import replay
from tracker.session.simulation import write_simulated_recording
from tracker.session.workplace import Workplace, workplace
from tracker.store.database import Database

ROUNDS = 7
"""Of the sets of a day: 68 minutes."""

ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run")
PLAYED_MS = 4000
OPENED = 3

_FRAMES = """ms => new Promise(done => {
    const frames = []
    let last = performance.now()
    const end = last + ms
    const look = now => {
        frames.push(now - last)
        last = now
        if (now < end) requestAnimationFrame(look)
        else done(frames.slice(1))
    }
    requestAnimationFrame(look)
})"""

_MARK = "name => performance.getEntriesByName(name)[0].startTime"


def say(text: str) -> None:
    """Print a line at once."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


class LoopWatch:
    """How long the server's event loop did not come round, and how long it worked in that time.

    On a machine that does much else it waits for its core, too: then the first says little.
    """

    def __init__(self) -> None:
        self._longest_s = 0.0
        self._longest_work_s = 0.0

    async def look(self) -> None:
        """Come round every 5 ms for ever."""
        while True:
            began_s, worked_s = time.perf_counter(), time.thread_time()
            await asyncio.sleep(0.005)
            self._longest_s = max(self._longest_s, time.perf_counter() - began_s - 0.005)
            self._longest_work_s = max(self._longest_work_s, time.thread_time() - worked_s)

    def take(self) -> str:
        """The longest of both since this was asked last."""
        text = (
            f"longest stall of the server's loop {1000.0 * self._longest_s:.0f} ms, "
            f"of which it worked {1000.0 * self._longest_work_s:.0f} ms at most"
        )
        self._longest_s = self._longest_work_s = 0.0
        return text


@contextmanager
def served(place: Workplace, database: Database, watch: LoopWatch) -> Iterator[str]:
    """The app in a thread of this process; its address."""
    address: list[str] = []
    ready = threading.Event()
    loop = asyncio.new_event_loop()
    site = Site(place, database, Engine(place, database, simulated=True), simulated=True)

    def tell(found: str) -> None:
        address.append(found)
        ready.set()

    async def run() -> None:
        looking = asyncio.create_task(watch.look())
        passphrase = PassphraseFile(place.home)
        serving = asyncio.create_task(serve(site, Address(port=0), passphrase, tell))
        await asyncio.wait({looking, serving}, return_when=asyncio.FIRST_COMPLETED)

    def serve_all() -> None:
        asyncio.set_event_loop(loop)
        task = loop.create_task(run())
        try:
            loop.run_until_complete(task)
        except RuntimeError:
            return

    thread = threading.Thread(target=serve_all, daemon=True)
    thread.start()
    if not ready.wait(60.0):
        raise RuntimeError("the app did not start")
    yield address[0].rstrip("/")
    site.shelf.close()
    site.dropped.close()
    loop.call_soon_threadsafe(loop.stop)


def with_long_session(folder: Path) -> tuple[Workplace, Database, int]:
    """A home with one session of three sensors that takes more than an hour."""
    place = workplace(Home(folder))
    place.home.create()
    rng = np.random.default_rng(1)
    placements = (*THIGHS, Placement.PELVIS)
    session = SimulatedSession(
        plan_script(ROUNDS),
        {placement: random_mounting(placement, rng) for placement in placements},
        {placement: MemsModel.drawn(rng) for placement in placements},
    )
    started_at = datetime.now(UTC) - timedelta(hours=3)
    path = recording_path(place.home, started_at)
    write_simulated_recording(session, path, started_at)
    began_s = time.process_time()
    found = replay(path, place.analysis)
    say(
        f"recording: {found.analysis.duration_s / 60.0:.0f} min, {len(placements)} sensors, "
        f"{path.stat().st_size / 1e6:.1f} MB; its replay alone {time.process_time() - began_s:.1f} s CPU"
    )
    database = place.database()
    return place, database, keep_replay(database, place.home, found)


def opening(page: Page, address: str) -> tuple[float, float, float]:
    """Open a session; seconds to first paint, to the first picture with traces and marks, to all of it."""
    page.goto(address, wait_until="load")
    page.wait_for_selector(".review-play:not([disabled])", timeout=120_000)
    marks = [page.evaluate(_MARK, name) for name in ("first-paint", "review-picture", "review-complete")]
    paint_s, picture_s, complete_s = (mark / 1000.0 for mark in marks)
    return paint_s, picture_s, complete_s


def frames(page: Page) -> str:
    """How long frames take for some seconds."""
    found = sorted(page.evaluate(_FRAMES, PLAYED_MS))
    late = sum(one > 50.0 for one in found)
    return (
        f"median {statistics.median(found):.1f} ms, 95 % within {found[int(0.95 * len(found))]:.1f} ms, "
        f"longest {found[-1]:.1f} ms, {late} of {len(found)} above 50 ms"
    )


def bench(page: Page, address: str, number: int, watch: LoopWatch) -> None:
    """Print every figure."""
    page.goto(f"{address}/en/review", wait_until="load")
    # The list is read for some seconds before a session is chosen; the process that measures starts then.
    page.wait_for_timeout(4000)
    watch.take()
    page.wait_for_timeout(2000)
    say(f"nothing asked for: {watch.take()}")
    paint_s, picture_s, complete_s = opening(page, f"{address}/en/review/{number}")
    say(
        f"first opening: paint {paint_s:.2f} s, picture with marks {picture_s:.2f} s, all of it "
        f"{complete_s:.2f} s; {watch.take()}"
    )
    again = [opening(page, f"{address}/en/review/{number}")[2] for _ in range(OPENED)]
    say(f"opened again: all of it {statistics.median(again):.2f} s; {watch.take()}")
    page.get_by_label("Speed").select_option("16")
    page.get_by_role("button", name="Play", exact=True).click()
    say(f"replaying at 16 x, whole session in view: {frames(page)}")
    for _ in range(5):
        page.get_by_role("button", name="Closer").click()
    say(f"replaying at 16 x, two minutes in view: {frames(page)}")
    page.get_by_role("button", name="Pause", exact=True).click()
    page.locator(".review-picture").focus()
    for key in ("+", "+", "-", "-", "PageDown", "PageDown", "PageUp", "0", "+", "+", "+", "+"):
        page.keyboard.press(key)
    zoomed = page.evaluate(_FRAMES, 100)
    say(f"zooming: longest frame after twelve keys {max(zoomed, default=0.0):.1f} ms")
    page.wait_for_load_state("networkidle")
    say(f"replaying and zooming: {watch.take()}")


def main() -> None:
    """Make the recording, open it, print."""
    chromium = shutil.which("chromium")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        place, database, number = with_long_session(Path(folder))
        watch = LoopWatch()
        with database, served(place, database, watch) as address:
            browser = playwright.chromium.launch(executable_path=chromium, args=list(ARGUMENTS))
            bench(browser.new_page(viewport={"width": 1280, "height": 800}), address, number, watch)
            browser.close()


if __name__ == "__main__":
    main()
