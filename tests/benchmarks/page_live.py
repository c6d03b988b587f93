"""What the live view costs and how soon it shows and sounds, with three simulated sensors in a real browser.

Run with `python tests/benchmarks/page_live.py [SECONDS]`. Printed are the server's share of a core with the
page open and without, and that of the simulated radio with its links alone, which is no part of the program;
updates a second; and the times from the arrival of a packet to the picture of its newest sample, and of the
packet that closes a repetition to its tone. Browser and server are on one computer and share its clock. The
picture's time is that of the frame after the drawing; a screen adds its own delay, as a loudspeaker does.
"""

import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median, quantiles
from urllib.request import Request, urlopen

from playwright.sync_api import Page, sync_playwright

sys.path.insert(0, str(Path(__file__).parents[1] / "app"))
from app_process import ServedApp
from browser_fixtures import ARGUMENTS, SHORT_GUIDE

SECONDS = 30.0
BEGIN_LIMIT_S = 60.0
SAME_PACKET_MS = 5.0
"""Two messages whose newest packets arrived so close to each other tell of the same one."""

RADIO_ALONE = "--radio"
TICKS_A_SECOND = os.sysconf("SC_CLK_TCK")

# Noted are, by the computer's clock in ms: messages, the frames after them, and the beginnings of tones.
NOTED = """
const clock = () => performance.timeOrigin + performance.now();
window.noted = { taken: [], shown: [], closed: [] };
let tones = [];
const start = OscillatorNode.prototype.start;
OscillatorNode.prototype.start = function (at) {
  const { currentTime, baseLatency, outputLatency } = this.context;
  tones.push(clock() + 1000 * (Math.max(0, at - currentTime) + (outputLatency || baseLatency || 0)));
  return start.call(this, at);
};
addEventListener("tracker-taken", (event) => {
  const { at_ms, points, closed } = event.detail;
  noted.taken.push(clock());
  if (closed && tones.length) noted.closed.push([at_ms, tones[0]]);
  tones = [];
  if (!points) return;
  requestAnimationFrame(() => {
    const channel = new MessageChannel();
    channel.port1.onmessage = () => noted.shown.push([at_ms, clock()]);
    channel.port2.postMessage(0);
  });
});
"""


def say(line: str) -> None:
    """Print a line at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def processor_s(pid: int) -> float:
    """Time of all cores that a process has taken; Linux."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS_A_SECOND


def share_of(pid: int, seconds: float) -> float:
    """Share of one core that a process takes in the next seconds."""
    before_s, began_s = processor_s(pid), time.monotonic()
    time.sleep(seconds)
    return (processor_s(pid) - before_s) / (time.monotonic() - began_s)


def asked(address: str, path: str, body: object | None = None) -> dict[str, object]:
    """The answer of the JSON API."""
    data = None if body is None else json.dumps(body).encode()
    headers = {"Content-Type": "application/json", "Origin": address}
    with urlopen(Request(f"{address}/api{path}", data, headers)) as answer:  # noqa: S310 - the own server
        return dict(json.load(answer))


def begin_set(address: str) -> None:
    """Start a session and wait until its set is on."""
    body = {"exercise": "supine_in_toeing", "rest_test": False, "knee_lift": False}
    asked(address, "/live/start", body)
    wait_for_set(address)


def wait_for_set(address: str) -> None:
    """Wait until repetitions are counted."""
    until_s = time.monotonic() + BEGIN_LIMIT_S
    while time.monotonic() < until_s:
        step = asked(address, "/live")["step"]
        if isinstance(step, dict) and step["kind"] == "set" and step["running"]:
            return
        time.sleep(0.2)
    raise RuntimeError("the set did not begin")


def end_session(address: str) -> None:
    """Stop, and wait until it is stored."""
    asked(address, "/live/stop", {})
    while asked(address, "/live")["stage"] not in ("over", "failed"):
        time.sleep(0.2)
    asked(address, "/live/dismiss", {})


async def only_radio(seconds: float) -> float:
    """Share of one core of the simulated radio, its sensors and their links, with nobody who analyses."""
    from tracker.home import Home
    from tracker.sensing.virtual import require_virtual_radio
    from tracker.session.guide import GuideParameters
    from tracker.session.simulated_following import following_stage
    from tracker.session.steered_guide import SteeredConductor
    from tracker.session.workplace import workplace

    require_virtual_radio()
    with tempfile.TemporaryDirectory() as folder:
        place = workplace(Home(Path(folder)), simulated=True)
        guide = SteeredConductor((), GuideParameters())
        async with following_stage(place, lambda _now_s: guide, guide.position) as stage, stage.source:
            items = stage.source.items()
            await anext(items)
            before_s, began_s = time.process_time(), time.monotonic()
            async for _item in items:
                if time.monotonic() - began_s >= seconds:
                    break
            return (time.process_time() - before_s) / (time.monotonic() - began_s)


def press_start(page: Page, address: str) -> None:
    """Begin a set as a person does, so that the page may sound."""
    page.goto(f"{address}/en/session?what=exercise&exercise=supine_in_toeing")
    page.get_by_label("Begin with the rest test").uncheck()
    page.get_by_role("spinbutton", name="Repetitions of each set").fill("0")
    page.get_by_role("spinbutton", name="Repetitions of each set").press("Tab")
    page.wait_for_timeout(500)
    page.get_by_role("button", name="Start", exact=True).click()
    wait_for_set(address)


def print_delays(name: str, delays_ms: list[float]) -> None:
    """Median, the slowest twentieth and the slowest."""
    if len(delays_ms) < 2:
        say(f"{name}: not seen")
        return
    slow_ms = quantiles(delays_ms, n=20, method="inclusive")[-1]
    say(
        f"{name}: median {median(delays_ms):.0f} ms, 95 % within {slow_ms:.0f} ms, at most "
        f"{max(delays_ms):.0f} ms ({len(delays_ms)})"
    )


def print_noted(page: Page, seconds: float) -> None:
    """What the page noted in so many seconds."""
    noted = page.evaluate("noted")
    say(f"updates a second: {len(noted['taken']) / seconds:.1f}")
    fresh, newest_ms = [], 0.0
    for at_ms, shown_ms in noted["shown"]:
        if at_ms - newest_ms > SAME_PACKET_MS:
            fresh.append(shown_ms - at_ms)
        newest_ms = max(newest_ms, at_ms)
    print_delays("packet to picture", fresh)
    print_delays("packet to tone", [tone_ms - at_ms for at_ms, tone_ms in noted["closed"]])


def bench_page(seconds: float) -> None:
    """Print shares and delays."""
    command = [sys.executable, __file__, RADIO_ALONE, str(seconds)]
    radio = float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    arguments = [one for one in ARGUMENTS if "autoplay" not in one]
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        (Path(folder) / "settings.toml").write_text(SHORT_GUIDE)
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=arguments)
        with ServedApp(Path(folder)) as app:
            begin_set(app.address)
            without = share_of(app.pid, seconds)
            end_session(app.address)
            page = browser.new_page()
            page.add_init_script(NOTED)
            press_start(page, app.address)
            page.wait_for_timeout(2000)
            page.evaluate("Object.values(noted).forEach((one) => (one.length = 0))")
            # Playwright's own loop must turn, or its pipe to the browser fills up.
            began_s, before_s = time.monotonic(), processor_s(app.pid)
            page.wait_for_timeout(1000 * seconds)
            took_s = time.monotonic() - began_s
            shown = (processor_s(app.pid) - before_s) / took_s
            say(f"of a core: server with page {shown:.1%}, without {without:.1%}; radio alone {radio:.1%}")
            say(f"server less radio: {shown - radio:.1%} with the page, {without - radio:.1%} without")
            print_noted(page, took_s)
            end_session(app.address)
        browser.close()


if __name__ == "__main__":
    if RADIO_ALONE in sys.argv:
        say(f"{asyncio.run(only_radio(float(sys.argv[-1])))}")
    else:
        bench_page(float(sys.argv[1]) if len(sys.argv) > 1 else SECONDS)
