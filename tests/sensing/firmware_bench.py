"""A virtual sensor's firmware without a radio, under a clock that the test moves."""

from collections.abc import Sequence

from virtual_bench import PatternFeed, settings_of

from firmware_protocol import AnyAnswer, Request, StartAnswer, StartRequest, encode_request
from firmware_protocol.backfill import decode_backfill_record
from firmware_protocol.stream import parse_header
from tracker.sensing.virtual.faults import FaultScript
from tracker.sensing.virtual.feed import MotionClock
from tracker.sensing.virtual.firmware import NO_FAULTS, Firmware
from tracker.sensing.virtual.framing import Session
from tracker.sensing.virtual.settings import SensorSettings

MTU = 247
SESSION = 7
START = StartRequest(
    1, session=SESSION, sample_rate_hz=100.0, accelerometer_range_g=4, gyroscope_range_dps=1000
)


class HandClock(MotionClock):
    """Time of the motion as the test sets it."""

    def __init__(self) -> None:
        super().__init__()
        self.at_s = 0.0

    @property
    def host_s(self) -> float:
        """The time that was set."""
        return self.at_s


class FirmwareBench:
    """A sensor at 100 Hz whose time the test sets."""

    def __init__(
        self, faults: FaultScript = NO_FAULTS, *, ring_buffer_s: float = 10.0, **changes: object
    ) -> None:
        self.settings: SensorSettings = settings_of(0, ring_buffer_s=ring_buffer_s, **changes)
        self.clock = HandClock()
        self.feed = PatternFeed(rate_hz=self.settings.true_rate_hz)
        self.firmware = Firmware(self.settings, self.feed, self.clock, faults)

    @property
    def session(self) -> Session:
        """The running or last session."""
        session = self.firmware.session
        if session is None:
            raise RuntimeError("START was never taken")
        return session

    def ask(self, request: Request, mtu: int = MTU) -> AnyAnswer | None:
        """What the request is answered with."""
        return self.firmware.answer(encode_request(request), mtu)

    def start(self, at_s: float = 0.0) -> None:
        """START, then let the time pass."""
        if not isinstance(self.ask(START), StartAnswer):
            raise RuntimeError("START was refused")
        self.clock.at_s = at_s

    def stream(self) -> list[bytes]:
        """All whole frames up to now."""
        frames: list[bytes] = []
        while self.firmware.next_frame_at_s(self.session) < self.clock.now_s:
            frames.append(self.firmware.take_frame(self.session).payload)
        return frames

    def records(self, mtu: int = MTU) -> list[bytes]:
        """All that is still to be sent again."""
        taken = []
        while (record := self.firmware.take_record(mtu)) is not None:
            taken.append(record.payload)
        return taken


def indices(frames: Sequence[bytes]) -> list[int]:
    """Index of each sample of frames, in their order."""
    spans = [(header[3], header[6]) for header in map(parse_header, frames)]
    return [first + step for first, samples in spans for step in range(samples)]


def frames_of(records: Sequence[bytes]) -> list[bytes]:
    """The frames of records whose checksum is right."""
    return [bytes(decode_backfill_record(record)) for record in records]
