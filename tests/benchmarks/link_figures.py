"""Prints what a lost link costs: samples, repetitions, seconds. Simulated sensors on a virtual radio.

Run `python tests/benchmarks/link_figures.py` (two minutes; real time), or with `hour` for an hour of sensor
time with a fault a minute (six minutes; ten times as fast).
"""

import asyncio
import logging
import math
import sys
import tempfile
from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from firmware_protocol import decode_capabilities
from firmware_protocol.hip_imu_decoder import HipImuDecoder
from tracker.model import Analysis, Notification, Placement, SensorIdentity, Side, WallClockAnchor
from tracker.plan.catalogue import load_catalogue
from tracker.recording.header import RecordingHeader
from tracker.sensing.bluetooth_source import BluetoothSource
from tracker.sensing.body.builder import ScriptBuilder, Tempo
from tracker.sensing.body.feed import BodyFeed
from tracker.sensing.body.script import BodyScript
from tracker.sensing.body.sessions import knee_lift_session
from tracker.sensing.missing_samples import MissingSamples
from tracker.sensing.parameters import LinkParameters
from tracker.sensing.radio import Radio
from tracker.sensing.source import LinkReport, LinkState, SourceItem
from tracker.sensing.virtual.delivery import DeliveryFaults
from tracker.sensing.virtual.faults import FaultScript
from tracker.sensing.virtual.radio import VirtualRadio
from tracker.sensing.virtual.sensor import VirtualSensor
from tracker.sensing.virtual.settings import SensorSettings
from tracker.session.analysis_parameters import AnalysisParameters
from tracker.session.guide import Conductor
from tracker.session.live import LiveSession
from tracker.session.script_conductor import ScriptConductor
from tracker.session.settings import load_settings
from tracker.session.simulation import TEXTS
from tracker.session.status import SessionStatus

LOST_AT_S = 30.0
REPETITIONS = 20
SHARE = 0.05
AT_ONCE = 5
HOUR_S, HASTE, FAULT_EVERY_S = 3600.0, 10.0, 60.0


def say(line: str) -> None:
    """One line of the result."""
    sys.stdout.write(f"{line}\n")


def script() -> BodyScript:
    """Poses, a rest test, and a set of twenty repetitions: about 75 s, the link is lost in the middle."""
    made = ScriptBuilder().stand(2.0).lie_down(1.5).reference(3.0)
    made.relax(left_rad=-0.3, right_rad=-0.4, duration_s=1.0).rest(6.5)
    tempo = Tempo(1.0, 0.3, 1.0, 0.5)
    made.repetitions([math.radians(30)] * REPETITIONS, tempo, still_before_s=2.0, still_after_s=2.0)
    return made.build()


@dataclass(slots=True)
class Seen:
    """What a session showed."""

    analysis: Analysis
    reports: list[LinkReport]


class Keeper:
    """Keeps nothing."""

    def begin(self, header: RecordingHeader, path: Path, sensors: Mapping[Placement, SensorIdentity]) -> None:
        """The recording is looked at by nobody."""


class WatchedSource(BluetoothSource):
    """A source whose reports are kept as they are handed on."""

    def __init__(self, addresses: Mapping[Placement, str], link: LinkParameters, radio: Radio) -> None:
        super().__init__(addresses, link, radio)
        self.reports: list[LinkReport] = []

    async def _watched(self) -> AsyncIterator[SourceItem]:
        async for item in super().items():
            if isinstance(item, LinkReport):
                self.reports.append(item)
            yield item

    def items(self) -> AsyncIterator[SourceItem]:
        """What arrives."""
        return self._watched()


async def session(folder: Path, name: str, fault: FaultScript, ring_buffer_s: float) -> Seen:
    """Three sensors, one of which has a fault, through the whole program."""
    body, worn = script(), knee_lift_session()
    settings = load_settings()
    parameters = AnalysisParameters(settings.motion, settings.clock, load_catalogue().counting)
    async with AsyncExitStack() as stack:
        air = await stack.enter_async_context(VirtualRadio())
        addresses = {}
        for number, placement in enumerate(worn.mountings):
            mems = worn.mems[placement]
            sensor = SensorSettings(
                bytes([number + 1] * 8),
                accelerometer_range_g=int(mems.accelerometer_range_g),
                gyroscope_range_dps=int(mems.gyroscope_range_dps),
                ring_buffer_s=ring_buffer_s,
            )
            feed = BodyFeed(body, placement, worn.mountings[placement], mems)
            own = fault if placement is Placement.RIGHT_THIGH else FaultScript()
            await stack.enter_async_context(VirtualSensor(air, feed, sensor, own))
            addresses[placement] = sensor.address

        def conductor(now_s: Callable[[], float]) -> Conductor:
            return ScriptConductor(body.phases, TEXTS, lambda: now_s() - air.motion.now_s, body.duration_s)

        def header(anchor: WallClockAnchor) -> RecordingHeader:
            return RecordingHeader(anchor, "0", simulated=True)

        def view(_status: SessionStatus) -> None:
            """Nobody looks."""

        source = WatchedSource(addresses, settings.link, air.radio)
        live = LiveSession(
            source, folder / f"{name}.mcap", header, lambda _sensors: parameters, conductor, Keeper(), view
        )
        outcome = await live.run()
    if outcome.failure is not None:
        raise outcome.failure
    return Seen(outcome.analysis, source.reports)


def run_session(folder: Path, name: str, fault: FaultScript, ring_buffer_s: float) -> Seen:
    """The same, to its end."""
    return asyncio.run(session(folder, name, fault, ring_buffer_s))


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table."""

    name: str
    missing: int
    gaps: int
    valid: int
    partial: int
    back_s: float | None
    same: bool


def row_of(name: str, seen: Seen, undisturbed: Seen, away_s: float | None) -> Row:
    """What one session lost against the undisturbed one."""
    right = Placement.RIGHT_THIGH
    quality = next(one for one in seen.analysis.sensors if one.placement is right)
    analyses = (seen.analysis, undisturbed.analysis)
    both = [next(one for one in each.sets if one.side is Side.RIGHT) for each in analyses]
    ranges = [
        [rep.rom_rad and round(math.degrees(rep.rom_rad), 1) for rep in one.repetitions] for one in both
    ]
    return Row(
        name,
        quality.missing,
        len(quality.gaps),
        both[0].valid_reps,
        both[0].partial_reps,
        None if away_s is None else back_after_s(seen.reports, away_s),
        ranges[0] == ranges[1],
    )


def back_after_s(reports: Sequence[LinkReport], away_s: float) -> float | None:
    """From when the sensor could be heard again to when it streamed; None where it never came back."""
    own = [one for one in reports if one.placement is Placement.RIGHT_THIGH]
    lost = next((place for place, one in enumerate(own) if one.state is LinkState.LOST), None)
    if lost is None:
        return None
    back = next((one for one in own[lost:] if one.state is LinkState.STREAMING), None)
    return None if back is None else (back.at_ns - own[lost].at_ns) * 1e-9 - away_s


def losses() -> None:
    """The table of lost links and of bad ways; each session in a process of its own."""
    way = DeliveryFaults(dropped=SHARE, doubled=SHARE, swapped=SHARE, seed=1)
    cases: list[tuple[str, FaultScript, float, float | None]] = [("undisturbed", FaultScript(), 120.0, None)]
    for away_s in (0.5, 2.0, 5.0, 20.0):
        fault = FaultScript(drop_link_at_s=(LOST_AT_S,), away_s=away_s)
        cases.append((f"lost for {away_s:g} s, ring buffer", fault, 120.0, away_s))
        cases.append((f"lost for {away_s:g} s, no ring buffer", fault, 0.0, away_s))
    cases.append(("5 % dropped, doubled and swapped each, ring buffer", FaultScript(stream=way), 120.0, None))
    with tempfile.TemporaryDirectory() as folder, ProcessPoolExecutor(AT_ONCE) as pool:
        running = [
            pool.submit(run_session, Path(folder), str(number), fault, ring_buffer_s)
            for number, (_, fault, ring_buffer_s, _) in enumerate(cases)
        ]
        seen = [one.result() for one in running]
    say("right thigh's sensor              missing gaps valid partial  back after  ranges as undisturbed")
    for (name, _, _, away), one in zip(cases, seen, strict=True):
        row = row_of(name, one, seen[0], away)
        back = "-" if row.back_s is None else f"{row.back_s:.1f} s"
        say(f"{name:50} {row.missing:5} {row.gaps:4} {row.valid:5} {row.partial:5} {back:>8}  {row.same}")


async def hour() -> None:
    """Three sensors, a fault a minute in turn, ten times as fast: what is missing, memory, states."""
    link = LinkParameters()
    async with AsyncExitStack() as stack:
        air = await stack.enter_async_context(VirtualRadio(time_scale=HASTE))
        addresses = {}
        for number, placement in enumerate(Placement):
            sensor = SensorSettings(bytes([number + 1] * 8), ring_buffer_s=240.0, records_per_s=100.0)
            faults = _hour_of_faults(number)
            await stack.enter_async_context(VirtualSensor(air, Counting(), sensor, faults))
            addresses[placement] = sensor.address
        async with WatchedSource(addresses, link, air.radio) as source:
            decoders = {
                placement: HipImuDecoder(decode_capabilities(identity.capabilities))
                for placement, identity in source.sensors.items()
            }
            missing = {placement: MissingSamples() for placement in decoders}
            samples = dict.fromkeys(decoders, 0)
            memory: list[tuple[float, int]] = []
            stopping = False
            async for item in source.items():
                if isinstance(item, Notification):
                    batch = decoders[item.placement].decode([item.payload], np.array([item.received_ns]))
                    for block in batch.blocks():
                        missing[item.placement].see(block.first_sample_index, len(block))
                        samples[item.placement] += len(block)
                if not memory or air.motion.now_s - memory[-1][0] >= HOUR_S / 12:
                    memory.append((air.motion.now_s, _resident_kib()))
                if air.motion.now_s >= HOUR_S and not stopping:
                    stopping = True
                    await source.stop()
    for placement, account in missing.items():
        own = [one for one in source.reports if one.placement is placement]
        left = sum(one.end - one.first for one in account.ranges)
        counts = Counter(one.state.value for one in own)
        say(f"{placement}: {samples[placement]} samples came, {left} missing, last state {own[-1].state}")
        say(f"  {dict(counts)}")
        for detail in Counter(one.detail for one in own if one.detail).most_common(6):
            say(f"  {detail[1]} x {detail[0]}")
    growth = [(round(at_s / 60), kib // 1024) for at_s, kib in memory]
    say(f"memory in MiB by sensor minutes: {growth}")


def _hour_of_faults(number: int) -> FaultScript:
    """Every third minute the link breaks for 20 s; all along notifications are dropped, doubled, swapped."""
    first_s = FAULT_EVERY_S * (number + 1)
    breaks = tuple(np.arange(first_s, HOUR_S - FAULT_EVERY_S, 3 * FAULT_EVERY_S).tolist())
    way = DeliveryFaults(dropped=0.01, doubled=0.01, swapped=0.01, seed=number)
    return FaultScript(drop_link_at_s=breaks, away_s=20.0 / HASTE, stream=way, backfill=way)


@dataclass(frozen=True, slots=True)
class Counting:
    """A feed whose samples are nothing but their own numbers."""

    rate_hz: float = 100.0

    def counts(self, first_index: int, count: int) -> npt.NDArray[np.int16]:
        """Samples by index."""
        index = np.arange(first_index, first_index + count, dtype=np.int64)[:, None]
        return (index % 30_000 + np.arange(6)).astype(np.int16)


def _resident_kib() -> int:
    line = next(line for line in Path("/proc/self/status").read_text().splitlines() if "VmRSS" in line)
    return int(line.split()[1])


if __name__ == "__main__":
    # the radio in memory warns of what was on its way when a link broke
    logging.getLogger("bumble").setLevel(logging.ERROR)
    if sys.argv[1:] == ["hour"]:
        asyncio.run(hour())
    else:
        losses()
