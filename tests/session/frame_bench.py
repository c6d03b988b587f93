"""Notifications of simulated sensors, arriving as a radio would bring them, for the tests of this folder."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from firmware_protocol import Capabilities, Feature, FrameFlag, encode_capabilities, encode_frame
from firmware_protocol.backfill import encode_backfill_record
from tracker.model import Analysis, Notification, PhaseMark, Placement, SensorIdentity
from tracker.motion.parameters import MotionParameters
from tracker.plan.catalogue import load_catalogue
from tracker.sensing.body.sessions import SimulatedSession
from tracker.sensing.clock_model.parameters import ClockParameters
from tracker.sensing.source import LinkReport
from tracker.session.analyser import SessionAnalyser
from tracker.session.analysis_parameters import AnalysisParameters
from tracker.session.events import TraceSink

TICK_RATE_HZ = 1_000_000
ORIGIN_NS = 7_000_000_000
FRAME_SAMPLES = 18
PARAMETERS = AnalysisParameters(MotionParameters(), ClockParameters(), load_catalogue().counting)


def identity(
    placement: Placement = Placement.LEFT_THIGH, number: int = 0, *, keeps_samples: bool = False
) -> SensorIdentity:
    """A sensor with 4 g and 1000 deg/s that samples at 25 to 200 Hz; it may keep its samples for later."""
    device_id = bytes([number, *placement.value.encode()[:7].ljust(7, b"_")])
    capabilities = Capabilities(
        device_id=device_id,
        firmware="bench 1",
        tick_rate_hz=TICK_RATE_HZ,
        sample_rates_hz=(25.0, 50.0, 100.0, 200.0),
        accelerometer_ranges_g=(4,),
        gyroscope_ranges_dps=(1000,),
        accelerometer_range_g=4,
        gyroscope_range_dps=1000,
        features=Feature.RESUME_AND_FETCH if keeps_samples else Feature.NONE,
    )
    return SensorIdentity(device_id.hex(), "", "bench", "hip-imu", encode_capabilities(capabilities))


def still_counts(count: int) -> npt.NDArray[np.int16]:
    """Samples of a sensor that lies still, its x up: 1 g is 8192 counts at a range of 4 g."""
    counts = np.zeros((count, 6), dtype=np.int16)
    counts[:, 0] = 8192
    return counts


@dataclass(slots=True)
class Sender:
    """A sensor that sends frames of consecutive samples.

    Attributes:
        index: of the next sample.
        tick: of the next sample.
        drift_ppm: how much faster than the host's its clock runs.
        sequence: number of the next frame.
        now_s: true time of the next sample.
    """

    placement: Placement = Placement.LEFT_THIGH
    index: int = 0
    tick: int = 0
    rate_hz: float = 100.0
    drift_ppm: float = 0.0
    sequence: int = 0
    now_s: float = 0.0

    @property
    def interval_ticks(self) -> int:
        """Ticks between two samples."""
        return round(TICK_RATE_HZ / self.rate_hz)

    def frame(
        self,
        samples: int = FRAME_SAMPLES,
        *,
        delay_s: float = 0.0,
        flags: FrameFlag = FrameFlag.NONE,
        counts: npt.NDArray[np.int16] | None = None,
    ) -> Notification:
        """The next frame; time goes on by its samples."""
        taken = still_counts(samples) if counts is None else counts
        payload = encode_frame(
            taken,
            first_sample_index=self.index,
            first_tick=self.tick,
            interval_ticks=self.interval_ticks,
            sequence=self.sequence,
            flags=flags,
        )
        if flags & FrameFlag.BACKFILL:
            payload = encode_backfill_record(payload)
        interval_s = self.interval_ticks / TICK_RATE_HZ / (1.0 + self.drift_ppm * 1e-6)
        last_s = self.now_s + (len(taken) - 1) * interval_s
        self.skip(len(taken))
        self.sequence += 1
        return Notification(self.placement, payload, ORIGIN_NS + round((last_s + delay_s) * 1e9))

    def skip(self, samples: int) -> None:
        """Let samples pass that are not sent."""
        self.index += samples
        self.tick += samples * self.interval_ticks
        self.now_s += samples * self.interval_ticks / TICK_RATE_HZ / (1.0 + self.drift_ppm * 1e-6)


@dataclass(frozen=True, slots=True)
class Stall:
    """A time in which a sensor's frames wait: those sampled from start to end arrive together at the end."""

    start_s: float
    end_s: float


@dataclass(frozen=True, slots=True)
class Air:
    """What happens to one sensor's frames on their way; times are of the script.

    Attributes:
        stalls: frames wait.
        lost_s: spans whose frames are lost.
        jitter_s: largest random delay of a frame.
        seed: of the random delays.
        drift_ppm: how much faster than the host's the sensor's clock runs; its samples come as much sooner.
    """

    stalls: Sequence[Stall] = ()
    lost_s: Sequence[tuple[float, float]] = ()
    jitter_s: float = 0.0
    seed: int = 0
    drift_ppm: float = 0.0


CLEAR = Air()
Item = Notification | PhaseMark
StreamItem = Item | LinkReport


def sent(
    session: SimulatedSession,
    air: Mapping[Placement, Air] | None = None,
    rate_hz: float = 100.0,
    samples: int = FRAME_SAMPLES,
) -> list[Item]:
    """All frames of a session's sensors and its marks in the order of arrival.

    A mark stands before the first frame that arrives after its time, and is never before a sample that
    arrived already: as in a live session.
    """
    notifications: list[Notification] = []
    for placement in session.mountings:
        notifications += _frames(session, placement, (air or {}).get(placement, CLEAR), rate_hz, samples)
    notifications.sort(key=lambda one: one.received_ns)
    items: list[Item] = []
    marks = list(session.script.marks())
    for one in notifications:
        while marks and ORIGIN_NS + round(marks[0].time_s * 1e9) <= one.received_ns:
            items.append(marks.pop(0))
        items.append(one)
    return [*items, *marks]


def _frames(
    session: SimulatedSession, placement: Placement, air: Air, rate_hz: float, samples: int
) -> list[Notification]:
    true_rate_hz = rate_hz * (1.0 + air.drift_ppm * 1e-6)
    feed = session.feed(placement, true_rate_hz)
    counts = feed.counts(0, feed.samples)
    delays_s = np.random.default_rng(air.seed).uniform(0.0, air.jitter_s, len(counts) // samples + 1)
    sender = Sender(placement, rate_hz=rate_hz, drift_ppm=air.drift_ppm)
    frames: list[Notification] = []
    earliest_ns = 0
    for number, first in enumerate(range(0, len(counts), samples)):
        part = counts[first : first + samples]
        last_s = (first + len(part) - 1) / true_rate_hz
        waits_s = max((stall.end_s - last_s for stall in air.stalls if stall.start_s <= last_s), default=0.0)
        frame = sender.frame(counts=part, delay_s=max(waits_s, float(delays_s[number])))
        if any(start_s <= last_s < end_s for start_s, end_s in air.lost_s):
            continue
        # A link keeps the order: a frame never overtakes the one before it.
        earliest_ns = max(earliest_ns + 1, frame.received_ns)
        frames.append(Notification(placement, frame.payload, earliest_ns))
    return frames


def analysed(
    placements: Iterable[Placement],
    items: Iterable[StreamItem],
    gather: int = 1,
    *,
    keep_samples: bool = False,
) -> Analysis:
    """The analysis of items in their order: notifications one by one, or up to `gather` together."""
    return taken(placements, items, gather, keep_samples=keep_samples).analysis()


def taken(
    placements: Iterable[Placement],
    items: Iterable[StreamItem],
    gather: int = 1,
    trace: TraceSink | None = None,
    *,
    keep_samples: bool = False,
) -> SessionAnalyser:
    """An analyser that has taken items in their order to their end.

    Args:
        keep_samples: whether the sensors can send again what was lost.
    """
    analyser = started(placements, trace, keep_samples=keep_samples)
    follow(analyser, items, gather)
    analyser.finish()
    return analyser


def started(
    placements: Iterable[Placement], trace: TraceSink | None = None, *, keep_samples: bool = False
) -> SessionAnalyser:
    """An analyser of sensors that have begun to send."""
    worn = tuple(placements)
    analyser = SessionAnalyser(worn, ORIGIN_NS, PARAMETERS, trace)
    for number, placement in enumerate(worn):
        analyser.begin_sensor(placement, identity(placement, number, keeps_samples=keep_samples))
    return analyser


def follow(analyser: SessionAnalyser, items: Iterable[StreamItem], gather: int = 1) -> None:
    """Let an analyser take items in their order, notifications up to `gather` together."""
    held: list[Notification] = []

    def flush() -> None:
        if held:
            analyser.take_notifications(held)
        held.clear()

    for item in items:
        if isinstance(item, Notification):
            held.append(item)
            if len(held) >= gather:
                flush()
        else:
            flush()
            if isinstance(item, LinkReport):
                analyser.take_link(item)
            else:
                analyser.take_mark(item)
    flush()
