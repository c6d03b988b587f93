"""Prints what the program costs, as ratios and shares measured in one run on this machine.

Run with `make bench`. The data are simulated; nothing here is a test.
"""

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from vqf import VQF

from tracker.model import Notification, PhaseMark, Placement
from tracker.plan.catalogue import load_catalogue
from tracker.recording.items import RecordedSensor, RecordingItem
from tracker.recording.reader import read_recording
from tracker.recording.writer import RecordingWriter
from tracker.sensing.body.builder import ScriptBuilder, Tempo
from tracker.sensing.body.feed import simulate_block
from tracker.sensing.body.mems import MemsModel
from tracker.sensing.body.sessions import SimulatedSession, random_mounting
from tracker.session.analyser import AnalysisParameters, SessionAnalyser
from tracker.session.replay import GATHERED_NOTIFICATIONS, RecordingFeeder, replay
from tracker.session.settings import load_settings
from tracker.session.simulation import write_simulated_recording

RUNS = 7
REPETITIONS = 200
THIGHS = (Placement.LEFT_THIGH, Placement.RIGHT_THIGH)


def long_session(placements: tuple[Placement, ...]) -> SimulatedSession:
    """About ten minutes: poses, rest test and one long set."""
    rng = np.random.default_rng(1)
    script = ScriptBuilder().stand(4.0).lie_down(2.0).reference(5.0)
    script = script.relax(left_rad=-0.3, right_rad=-0.4, duration_s=1.0).rest(8.0)
    tempos = [Tempo(1.0, 0.3, 1.0, 0.6)] * REPETITIONS
    script.repetitions([0.5] * REPETITIONS, tempos, still_before_s=2.0, still_after_s=1.0)
    return SimulatedSession(
        script.build(),
        {placement: random_mounting(placement, rng) for placement in placements},
        {placement: MemsModel.drawn(rng) for placement in placements},
    )


def median_cpu_s(*works: Callable[[], object]) -> list[float]:
    """Median CPU time of each piece of work, run in turn so that the machine's moods fall on all alike."""
    times: list[list[float]] = [[] for _ in works]
    for _ in range(RUNS):
        for work, own in zip(works, times, strict=True):
            began = time.process_time()
            work()
            own.append(time.process_time() - began)
    return [statistics.median(own) for own in times]


def parameters() -> AnalysisParameters:
    """The shipped settings."""
    settings = load_settings()
    return AnalysisParameters(settings.motion, settings.clock, load_catalogue().counting)


def bench_replay(folder: Path) -> None:
    """Replay of two sensors, without and with its file, beside the orientation filter alone."""
    session = long_session(THIGHS)
    path = folder / "two.mcap"
    write_simulated_recording(session, path, datetime.now(UTC))
    recording = read_recording(path)
    items = list(recording.items())
    blocks = [simulate_block(session.feed(placement)) for placement in THIGHS]
    settings = parameters()

    def analyse() -> None:
        analyser = SessionAnalyser(THIGHS, recording.header.anchor.monotonic_ns, settings)
        feeder = RecordingFeeder(analyser, GATHERED_NOTIFICATIONS)
        for item in items:
            feeder.take(item)
        feeder.flush()
        analyser.finish()

    def filter_alone() -> None:
        for block in blocks:
            VQF(0.01).updateBatch(block.gyroscope_rad_per_s, block.accelerometer_m_per_s2)

    analysis_s, filter_s = median_cpu_s(analyse, filter_alone)
    began = time.perf_counter()
    replay(path, parameters())
    whole_s = time.perf_counter() - began
    length_s = session.script.duration_s
    show("replay of two sensors, no file, CPU", f"{analysis_s / filter_s:.1f} x the orientation filter alone")
    show("replay of its file, end to end", f"{length_s / whole_s:,.0f} x real time")


def bench_live(folder: Path) -> None:
    """Decode, record and analyse what three sensors send, as a share of one core in real time."""
    session = long_session(tuple(Placement))
    source = folder / "three.mcap"
    write_simulated_recording(session, source, datetime.now(UTC))
    recording = read_recording(source)
    items: list[RecordingItem] = list(recording.items())
    size_mb = source.stat().st_size / 1e6
    began = time.process_time()
    analyser = SessionAnalyser(tuple(Placement), recording.header.anchor.monotonic_ns, parameters())
    feeder = RecordingFeeder(analyser)
    with RecordingWriter(folder / "live.mcap", recording.header) as writer:
        for item in items:
            write(writer, item)
            feeder.take(item)
    cost_s = time.process_time() - began
    length_s = session.script.duration_s
    show("live, three sensors: decode, record, analyse", f"{100 * cost_s / length_s:.2f} % of a core")
    show("recording, three sensors", f"{size_mb * 3600 / length_s:.1f} MB an hour")


def write(writer: RecordingWriter, item: RecordingItem) -> None:
    """Write one item as a live session does."""
    if isinstance(item, RecordedSensor):
        writer.add_sensor(item.placement, item.identity)
    elif isinstance(item, Notification):
        writer.write_notification(item)
    elif isinstance(item, PhaseMark):
        writer.write_mark(item, writer.header.anchor.monotonic_ns + round(item.time_s * 1e9))


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


def show(what: str, figure: str) -> None:
    """One line of the result."""
    sys.stdout.write(f"{what:48} {figure}\n")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as name:
        bench_replay(Path(name))
        bench_live(Path(name))
    bench_start()
