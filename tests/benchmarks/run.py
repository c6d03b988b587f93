"""Prints what the program costs, as ratios and shares measured in one run on this machine.

Run with `make bench`. The sessions are simulated; nothing here is a test.
"""

import statistics
import subprocess
import sys
import tempfile
import time
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from functools import cache, partial
from pathlib import Path

import numpy as np
from alternatives import ALTERNATIVES, Angle, ours, vqf_alone
from backups import bench_backups
from exports import bench_exports
from sessions import RATE_HZ, THIGHS, Recorded, ceaseless_script, plan_script, quick_script, recorded
from week_figures import bench_week

from tracker.model import Notification, PhaseKind, PhaseMark, Placement, Side, TimedBlock
from tracker.motion.counting.closed import RepetitionClosed
from tracker.plan.catalogue import load_catalogue
from tracker.recording.items import RecordedSensor, RecordingItem
from tracker.recording.writer import RecordingWriter
from tracker.sensing.body.feed import BodyFeed, simulate_block
from tracker.sensing.body.kinematics import Mounting
from tracker.sensing.body.mems import MemsModel
from tracker.session.analyser import SessionAnalyser
from tracker.session.analysis_parameters import AnalysisParameters
from tracker.session.ingest import SensorIngest
from tracker.session.live_traces import LiveTraces
from tracker.session.prompt import Prompt
from tracker.session.replay import GATHERED_NOTIFICATIONS, RecordingFeeder, replay
from tracker.session.settings import load_settings
from tracker.session.status import StatusBoard

RIGHT = Placement.RIGHT_THIGH
RUNS = 9
MEMORY_FACTOR = 4
MEASURE_MEMORY = """
import sys
from pathlib import Path
sys.path.insert(0, {folder!r})
from run import parameters
from tracker.session.replay import replay
replay(Path({path!r}), parameters())
status = Path("/proc/self/status").read_text()
print(next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM")))
"""


@cache
def parameters() -> AnalysisParameters:
    """The shipped settings, read once: that is part of the start."""
    settings = load_settings()
    return AnalysisParameters(settings.motion, settings.clock, load_catalogue().counting)


def median_cpu_s(*works: Callable[[], object], runs: int = RUNS) -> list[float]:
    """Median CPU time of each piece of work, run in turn so that the machine's moods fall on all alike."""
    times: list[list[float]] = [[] for _ in works]
    for _ in range(runs):
        for work, own in zip(works, times, strict=True):
            began = time.process_time()
            work()
            own.append(time.process_time() - began)
    return [statistics.median(own) for own in times]


def analyse(one: Recorded, items: Iterable[RecordingItem], gather: int = GATHERED_NOTIFICATIONS) -> None:
    """Everything between a recording's items and its analysis."""
    analyser = SessionAnalyser(
        tuple(one.session.mountings), one.recording.header.anchor.monotonic_ns, parameters()
    )
    feeder = RecordingFeeder(analyser, gather)
    for item in items:
        feeder.take(item)
    feeder.flush()
    analyser.finish()


def decode(one: Recorded) -> None:
    """Notifications to samples on the time line, and no further."""
    origin_ns, clock = one.recording.header.anchor.monotonic_ns, load_settings().clock
    identities = {item.placement: item.identity for item in one.items if isinstance(item, RecordedSensor)}
    for placement, identity in identities.items():
        ingest = SensorIngest(placement, identity, origin_ns, clock)
        own = [item for item in one.items if isinstance(item, Notification) and item.placement is placement]
        for first in range(0, len(own), GATHERED_NOTIFICATIONS):
            ingest.take(own[first : first + GATHERED_NOTIFICATIONS])


def bench_replay(plan: Recorded, ceaseless: Recorded) -> None:
    """Replay without its file, beside filters alone on the same samples; and where its time goes."""
    for what, one in (("a day of a plan", plan), ("one ceaseless set", ceaseless)):
        blocks = one.blocks()
        whole_s, vqf_s, accelerometer_s = median_cpu_s(
            partial(analyse, one, one.items),
            partial(_each, vqf_alone, blocks),
            partial(_each, ALTERNATIVES["accelerometer alone"], blocks),
        )
        [madgwick_s] = median_cpu_s(partial(_each, ALTERNATIVES["ahrs Madgwick alone"], blocks), runs=1)
        show(f"replay, {what}, CPU by vqf alone", f"{whole_s / vqf_s:.2f} x")
        show("    by ahrs Madgwick alone", f"{whole_s / madgwick_s:.3f} x")
        show("    by the accelerometer's angle alone", f"{whole_s / accelerometer_s:.1f} x")
    bench_stages(plan)


def _each(find: Angle, blocks: Sequence[TimedBlock]) -> None:
    for block in blocks:
        find(block)


def bench_stages(one: Recorded) -> None:
    """Shares of the CPU of a day's replay."""
    blocks = one.blocks()
    unmarked = [
        item for item in one.items if not (isinstance(item, PhaseMark) and item.kind is PhaseKind.SET)
    ]
    whole_s, no_sets_s, decode_s, orientation_s = median_cpu_s(
        lambda: analyse(one, one.items),
        lambda: analyse(one, unmarked),
        lambda: decode(one),
        lambda: _each(ours, blocks),
    )
    rest_s = no_sets_s - decode_s - orientation_s
    for what, cost_s in (
        ("orientation", orientation_s),
        ("counting and grading the sets", whole_s - no_sets_s),
        ("decoding and clocks", decode_s),
        ("poses, rest tests, all else", rest_s),
    ):
        show(f"    of it {what}", f"{100 * cost_s / whole_s:.0f} %")


def bench_angles() -> None:
    """Error of the twist of what one would take instead, and its CPU time by vqf's, on quick repetitions."""
    script = quick_script()
    block = simulate_block(
        BodyFeed(script, RIGHT, Mounting.strapped(), MemsModel.drawn(np.random.default_rng(2)), RATE_HZ)
    )
    moving = block.time_s > script.phases[0].start_s
    true = script.true_hip_rotation_rad(Side.RIGHT, block.time_s)
    works = {"this program's filter": ours, **ALTERNATIVES}
    costs_s = median_cpu_s(*(partial(find, block) for find in works.values()), runs=3)
    base_s = dict(zip(works, costs_s, strict=True))["vqf alone"]
    for (what, find), cost_s in zip(works.items(), costs_s, strict=True):
        up = find(block)
        error = np.degrees(np.arctan2(up[:, 2], up[:, 0]) - true)[moving]
        rms_deg = float(np.sqrt(np.mean(((error + 180.0) % 360.0 - 180.0) ** 2)))
        show(f"quick repetitions, {what}", f"{rms_deg:.2f} deg RMS, {cost_s / base_s:.2f} x vqf's CPU")


def bench_file(plan: Recorded, folder: Path) -> None:
    """Replay of a file, end to end; its memory for a short and a long one."""
    times = []
    for _ in range(3):
        began = time.perf_counter()
        replay(plan.path, parameters())
        times.append(time.perf_counter() - began)
    show("replay of a file, two sensors", f"{plan.length_s / statistics.median(times):,.0f} x real time")
    long = recorded(plan_script(MEMORY_FACTOR), THIGHS, folder / "long.mcap")
    short_kb, long_kb = (_peak_kb(one.path) for one in (plan, long))
    longer = long.length_s / plan.length_s
    show(f"    peak memory, {longer:.1f} x as long", f"{long_kb / short_kb:.2f} x ({long_kb / 1024:.0f} MB)")


def _peak_kb(path: Path) -> int:
    """Peak resident memory of a process that replays a file, as Linux counts it."""
    code = MEASURE_MEMORY.format(folder=str(Path(__file__).parent), path=str(path))
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    return int(done.stdout)


def bench_live(folder: Path) -> None:
    """Decode, record and analyse what three sensors send, as a share of one core in real time."""
    one = recorded(ceaseless_script(), tuple(Placement), folder / "three.mcap")
    for what, shown in (("decode, record, analyse", False), ("and a view's status at each", True)):
        share = _live_cost_s(one, folder / f"live{shown:d}.mcap", shown=shown) / one.length_s
        show(f"live, three sensors: {what}", f"{100 * share:.2f} % of a core")
    size_mb = one.path.stat().st_size / 1e6
    show("recording, three sensors", f"{size_mb * 3600 / one.length_s:.1f} MB an hour")


def _live_cost_s(one: Recorded, path: Path, *, shown: bool) -> float:
    """CPU time of a live session without its radio; with a status of all that a page shows, where wanted."""
    motion = parameters().motion
    traces = LiveTraces(motion.rest_test.refuse_observability) if shown else None
    began = time.process_time()
    origin_ns = one.recording.header.anchor.monotonic_ns
    analyser = SessionAnalyser(tuple(Placement), origin_ns, parameters(), traces)
    board = StatusBoard(analyser, traces)
    if traces is not None:
        traces.read_with(analyser.pipeline)
    feeder = RecordingFeeder(analyser)
    with RecordingWriter(path, one.recording.header) as writer:
        for item in one.items:
            write(writer, item)
            events = feeder.take(item)
            if not shown:
                continue
            if isinstance(item, PhaseMark):
                board.see_mark(item)
            if isinstance(item, Notification):
                board.see_notification(item)
                board.see_events(events)
                board.status(Prompt(""))
    return time.process_time() - began


def bench_announcement(folder: Path) -> None:
    """From the arrival of the sample that closes a repetition to its announcement."""
    for what, placements in (("two thighs", THIGHS), ("with a pelvis", tuple(Placement))):
        one = recorded(plan_script(), placements, folder / f"announced{len(placements)}.mcap")
        waits_ms = list(_announcement_waits_ms(one))
        shown = f"median {statistics.median(waits_ms):.1f} ms, longest {max(waits_ms):.1f} ms"
        show(f"a repetition is announced, {what}", f"{shown} of {len(waits_ms)}")


def _announcement_waits_ms(one: Recorded) -> Iterable[float]:
    """For each repetition how long the stream went on until it was told, and how long computing took."""
    origin_ns = one.recording.header.anchor.monotonic_ns
    analyser = SessionAnalyser(tuple(one.session.mountings), origin_ns, parameters())
    feeder = RecordingFeeder(analyser)
    arrivals_s: deque[float] = deque(maxlen=100)
    for item in one.items:
        began = time.perf_counter()
        events = feeder.take(item)
        computed_s = time.perf_counter() - began
        if isinstance(item, Notification):
            arrivals_s.append((item.received_ns - origin_ns) * 1e-9)
            for event in events:
                if isinstance(event, RepetitionClosed):
                    first_s = next(at_s for at_s in arrivals_s if at_s >= event.time_s)
                    yield 1000.0 * (arrivals_s[-1] - first_s + computed_s)


def bench_start() -> None:
    """`tracker --help` beside an interpreter that does nothing."""
    commands = ([sys.executable, "-m", "tracker", "--help"], [sys.executable, "-c", "pass"])
    times: list[list[float]] = [[], []]
    for _ in range(RUNS):
        for command, own in zip(commands, times, strict=True):
            began = time.perf_counter()
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
            own.append(time.perf_counter() - began)
    helped_s, empty_s = (statistics.median(own) for own in times)
    show("tracker --help", f"{helped_s:.2f} s ({helped_s / empty_s:.0f} x an empty interpreter)")


def write(writer: RecordingWriter, item: RecordingItem) -> None:
    """Write one item as a live session does."""
    if isinstance(item, RecordedSensor):
        writer.add_sensor(item.placement, item.identity)
    elif isinstance(item, Notification):
        writer.write_notification(item)
    elif isinstance(item, PhaseMark):
        writer.write_mark(item, writer.header.anchor.monotonic_ns + round(item.time_s * 1e9))


def show(what: str, figure: str) -> None:
    """One line of the result."""
    sys.stdout.write(f"{what:48} {figure}\n")
    sys.stdout.flush()


def main() -> None:
    """All of it, in some minutes."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        plan = recorded(plan_script(), THIGHS, folder / "plan.mcap")
        ceaseless = recorded(ceaseless_script(), THIGHS, folder / "ceaseless.mcap")
        bench_replay(plan, ceaseless)
        bench_file(plan, folder)
        bench_live(folder)
        bench_announcement(folder)
    bench_angles()
    bench_start()
    with tempfile.TemporaryDirectory() as name:
        bench_week(Path(name))
    bench_backups()
    bench_exports()


if __name__ == "__main__":
    main()
