"""A day of an open page with a session every hour, accelerated: whether server and page grow.

Run with `python tests/benchmarks/page_day.py [HOURS]`. The sensors are simulated. The idle rest of each hour
is left out; a session takes about half a minute. Printed are the server's resident memory and the page's heap
after each session, and what they grow an hour by Theil and Sen's slope over the second half of the day, when
caches have filled.
"""

import json
import sys
import tempfile
import time
from pathlib import Path
from urllib.request import Request, urlopen

from playwright.sync_api import CDPSession, sync_playwright
from scipy.stats import theilslopes

sys.path.insert(0, str(Path(__file__).parents[1] / "app"))
from app_process import ServedApp
from browser_fixtures import ARGUMENTS, SHORT_GUIDE

HOURS = 24
SESSION_LIMIT_S = 120.0
LOOK_S = 0.5
MB = 1e6


def say(line: str) -> None:
    """Print a line at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def resident_mb(pid: int) -> float:
    """Memory of a process that is not shared or swapped out, in MB; Linux."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024 / MB
    raise RuntimeError("no memory is told of the process")


def heap_mb(devtools: CDPSession) -> float:
    """What the page's own objects take, in MB."""
    devtools.send("HeapProfiler.collectGarbage")
    metrics = devtools.send("Performance.getMetrics")["metrics"]
    return float(next(one["value"] for one in metrics if one["name"] == "JSHeapUsedSize")) / MB


def asked(address: str, path: str, body: object | None = None) -> dict[str, object]:
    """The answer of the JSON API."""
    data = None if body is None else json.dumps(body).encode()
    headers = {"Content-Type": "application/json", "Origin": address}
    with urlopen(Request(f"{address}/api{path}", data, headers)) as answer:  # noqa: S310 - the own server
        return dict(json.load(answer))


def one_session(address: str) -> None:
    """A rest test and a set, from start to stored."""
    body = {"exercise": "supine_in_toeing", "repetitions": 3, "knee_lift": False, "repeats": 1}
    asked(address, "/live/start", body)
    until_s = time.monotonic() + SESSION_LIMIT_S
    while time.monotonic() < until_s:
        now = asked(address, "/live")
        if now["stage"] in ("over", "failed"):
            break
        if now["stage"] == "running" and now["step"] is None:
            asked(address, "/live/finish", {})
        time.sleep(LOOK_S)
    if asked(address, "/live")["stage"] != "over":
        raise RuntimeError("the session did not end as it should")
    asked(address, "/live/dismiss", {})


def bench_day(hours: int) -> None:
    """Print memory after each session and what it grows an hour."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        (Path(folder) / "settings.toml").write_text(SHORT_GUIDE)
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=list(ARGUMENTS))
        with ServedApp(Path(folder)) as app:
            page = browser.new_page()
            page.goto(f"{app.address}/en/session")
            page.wait_for_selector("#content h1")
            devtools = page.context.new_cdp_session(page)
            devtools.send("Performance.enable")
            servers, pages = [], []
            for hour in range(1, hours + 1):
                one_session(app.address)
                page.wait_for_timeout(1000)
                servers.append(resident_mb(app.pid))
                pages.append(heap_mb(devtools))
                say(f"hour {hour:2}: server {servers[-1]:6.1f} MB, page {pages[-1]:5.1f} MB")
            page.close()
        browser.close()
    for name, values in (("server", servers), ("page", pages)):
        half = values[len(values) // 2 :]
        slope, _, low, high = theilslopes(half)
        say(f"{name}: {1000 * slope:+.0f} kB an hour (95 %: {1000 * low:+.0f} to {1000 * high:+.0f})")


if __name__ == "__main__":
    bench_day(int(sys.argv[1]) if len(sys.argv) > 1 else HOURS)
