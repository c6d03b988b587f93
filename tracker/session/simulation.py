"""Simulated sensors as a source, and simulated recordings without a radio. All of it is marked as such."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from firmware_protocol import encode_capabilities, encode_frame
from tracker import __version__
from tracker.model import Edge, Notification, PhaseKind, PhaseMark, Placement, WallClockAnchor
from tracker.recording.header import RecordingHeader
from tracker.recording.writer import RecordingWriter
from tracker.sensing.body.feed import BodyFeed
from tracker.sensing.body.sessions import SimulatedSession
from tracker.sensing.identity import identity_of
from tracker.sensing.radio import Radio
from tracker.sensing.virtual.radio import VirtualRadio
from tracker.sensing.virtual.sensor import VirtualSensor
from tracker.sensing.virtual.settings import SensorSettings
from tracker.session.guide import Conductor
from tracker.session.script_conductor import ScriptConductor

_NANOSECONDS = 1_000_000_000
_FRAME_SAMPLES = 18
_DEVICE_IDS = {
    Placement.LEFT_THIGH: b"SIM-THGL",
    Placement.RIGHT_THIGH: b"SIM-THGR",
    Placement.PELVIS: b"SIM-PELV",
}
_BATTERY_PERCENT = {Placement.LEFT_THIGH: 86, Placement.RIGHT_THIGH: 91, Placement.PELVIS: 64}

TEXTS: Mapping[PhaseKind, str] = {
    PhaseKind.STANDING: "The simulated body stands still.",
    PhaseKind.REFERENCE: "The simulated body lies in the reference pose.",
    PhaseKind.REST: "The simulated body lets its legs fall outwards: rest test.",
    PhaseKind.SET: "The simulated body rolls both legs in and out.",
    PhaseKind.DONNING: "The simulated body straps the sensors on anew.",
    PhaseKind.KNEE_LIFT: "The simulated body slides a heel up and back.",
    PhaseKind.DEMONSTRATION: "The simulated body shows how far it can go.",
}


@dataclass(frozen=True, slots=True)
class SimulatedStage:
    """Virtual sensors that advertise on a virtual radio.

    Attributes:
        radio: what the Bluetooth client is run on.
        addresses: the sensor at each placement.
        make_conductor: follows the script of the body, given a clock of the recording's time line.
    """

    radio: Radio
    addresses: Mapping[Placement, str]
    make_conductor: Callable[[Callable[[], float]], Conductor]


@asynccontextmanager
async def worn_virtual_sensors(
    session: SimulatedSession, air: VirtualRadio
) -> AsyncIterator[Mapping[Placement, VirtualSensor]]:
    """Switch on a virtual sensor at every placement of a simulated body."""
    async with AsyncExitStack() as stack:
        sensors: dict[Placement, VirtualSensor] = {}
        for placement in session.mountings:
            settings = _settings(session, placement)
            feed = session.feed(placement, settings.true_rate_hz)
            sensors[placement] = await stack.enter_async_context(VirtualSensor(air, feed, settings))
        yield sensors


@asynccontextmanager
async def simulated_stage(session: SimulatedSession) -> AsyncIterator[SimulatedStage]:
    """Switch on a virtual radio with a sensor at every placement of a simulated body."""
    async with VirtualRadio() as air, worn_virtual_sensors(session, air) as sensors:
        addresses = {placement: sensor.settings.address for placement, sensor in sensors.items()}

        def make_conductor(now_s: Callable[[], float]) -> Conductor:
            def begins_s() -> float | None:
                return None if air.motion.began_s is None else now_s() - air.motion.now_s

            return ScriptConductor(session.script.phases, TEXTS, begins_s, session.script.duration_s)

        yield SimulatedStage(air.radio, addresses, make_conductor)


def write_simulated_recording(session: SimulatedSession, path: Path, started_at: datetime) -> None:
    """Write what a simulated session's sensors would have sent, frame by frame, as a recording.

    Args:
        started_at: aware instant that the recording says it began at.

    Raises:
        StorageError: the file exists or cannot be written.
    """
    anchor = WallClockAnchor(int(started_at.timestamp() * _NANOSECONDS), _NANOSECONDS)
    offset = started_at.utcoffset()
    header = RecordingHeader(
        anchor=anchor,
        software_version=__version__,
        simulated=True,
        time_zone="UTC" if offset is None or not offset else "",
        utc_offset_s=0 if offset is None else int(offset.total_seconds()),
    )
    items: list[Notification | PhaseMark] = []
    with RecordingWriter(path, header, sync=False) as writer:
        for placement in session.mountings:
            settings = _settings(session, placement)
            capabilities = encode_capabilities(settings.capabilities)
            writer.add_sensor(placement, identity_of(settings.address, settings.name, capabilities))
            items += _frames(session.feed(placement, settings.true_rate_hz), settings, anchor)
        items += session.script.marks()
        for item in sorted(items, key=lambda item: _order(item, anchor)):
            if isinstance(item, Notification):
                writer.write_notification(item)
            else:
                writer.write_mark(item, _mark_ns(item, anchor))


def _settings(session: SimulatedSession, placement: Placement) -> SensorSettings:
    mems = session.mems[placement]
    return SensorSettings(
        device_id=_DEVICE_IDS[placement],
        accelerometer_range_g=int(mems.accelerometer_range_g),
        gyroscope_range_dps=int(mems.gyroscope_range_dps),
        battery_percent=_BATTERY_PERCENT[placement],
    )


def _frames(feed: BodyFeed, settings: SensorSettings, anchor: WallClockAnchor) -> list[Notification]:
    """All frames of a feed, each received as soon as its last sample was taken."""
    interval_ticks = settings.clock.interval_ticks(settings.rate_hz)
    counts = feed.counts(0, feed.samples)
    frames = []
    for sequence, first in enumerate(range(0, len(counts), _FRAME_SAMPLES)):
        part = counts[first : first + _FRAME_SAMPLES]
        payload = encode_frame(
            part,
            first_sample_index=first,
            first_tick=first * interval_ticks,
            interval_ticks=interval_ticks,
            sequence=sequence,
        )
        last_s = (first + len(part) - 1) / feed.rate_hz
        received_ns = anchor.monotonic_ns + round(last_s * _NANOSECONDS)
        frames.append(Notification(feed.placement, payload, received_ns))
    return frames


def _mark_ns(mark: PhaseMark, anchor: WallClockAnchor) -> int:
    return anchor.monotonic_ns + round(mark.time_s * _NANOSECONDS)


def _order(item: Notification | PhaseMark, anchor: WallClockAnchor) -> tuple[int, int]:
    """Marks before the notifications that hold the samples after them; an end before a beginning."""
    if isinstance(item, Notification):
        return item.received_ns, 2
    return _mark_ns(item, anchor), 0 if item.edge is Edge.END else 1
