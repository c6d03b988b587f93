"""How long it takes from calling `tracker app` to the first page: `python tests/benchmarks/page_start.py`.

The browser is open already. Printed are the medians of some starts: until the program says that it can be
reached, until the browser has painted something, and until the page's title stands.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser

sys.path.insert(0, str(Path(__file__).parents[1] / "app"))
from browser_fixtures import running_browser

STARTS = 5
_PAINT_MS = "performance.getEntriesByType('paint')[0].startTime"


@dataclass(frozen=True, slots=True)
class Start:
    """One start, in seconds from the call of the program."""

    reachable_s: float
    painted_s: float
    titled_s: float


def one_start(browser: Browser, folder: Path) -> Start:
    """Start the program on a home folder, open its first page, and end it."""
    page = browser.new_context().new_page()
    began_s = time.monotonic()
    command = [sys.executable, "-m", "tracker", "app", "--no-open", "--port", "0"]
    environment = {**os.environ, "TRACKER_HOME": str(folder)}
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) as program:
        if program.stderr is None:
            raise RuntimeError("the program tells nothing")
        address = next(word for word in program.stderr.readline().split() if word.startswith("http"))
        reachable_s = time.monotonic() - began_s
        page.goto(f"{address}en/today")
        page.wait_for_selector("#content h1")
        titled_s = time.monotonic() - began_s
        painted_s = reachable_s + float(page.evaluate(_PAINT_MS)) / 1000.0
        page.context.close()
        program.terminate()
    return Start(reachable_s, painted_s, titled_s)


def bench_start() -> None:
    """Print the medians."""
    with tempfile.TemporaryDirectory() as folder, running_browser() as browser:
        starts = [one_start(browser, Path(folder)) for _ in range(STARTS)]
    reachable_s, painted_s, titled_s = (
        statistics.median(getattr(one, name) for one in starts)
        for name in ("reachable_s", "painted_s", "titled_s")
    )
    sys.stdout.write(
        f"median of {STARTS} starts: reachable {reachable_s:.2f} s, first paint {painted_s:.2f} s, "
        f"title {titled_s:.2f} s\n"
    )


if __name__ == "__main__":
    bench_start()
