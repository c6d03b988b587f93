"""What runs inside a virtual sensor: its state, its answers, its frames. No radio in here."""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from firmware_protocol import (
    MINIMUM_MTU,
    AnyAnswer,
    FrameError,
    FrameFlag,
    GetStatusAnswer,
    GetStatusRequest,
    IdentifyAnswer,
    IdentifyRequest,
    PingAnswer,
    PingRequest,
    RefusedAnswer,
    Request,
    SensorState,
    SensorStatus,
    StartAnswer,
    StartRequest,
    Status,
    StopAnswer,
    StopRequest,
    decode_request,
    encode_frame,
    refusal_of,
    samples_per_frame,
)
from firmware_protocol.stream import SATURATED_COUNTS
from tracker.sensing.virtual.feed import FaultScript, MotionClock, SampleFeed
from tracker.sensing.virtual.settings import SensorSettings

MEMORY_S = 10.0
"""Samples that could not be sent for longer than this are lost in the sensor."""

U32 = 1 << 32


@dataclass(slots=True)
class Session:
    """One stream from START to STOP.

    Attributes:
        number: chosen by the receiver.
        base_index: index in the feed of the session's first sample.
        frame_samples: samples in one frame.
        next_index: index, since START, of the first sample of the next frame.
        sequence: number of the next frame.
        dropped_samples: samples that were lost in the sensor.
        running: false after STOP.
    """

    number: int
    base_index: int
    frame_samples: int
    next_index: int = 0
    sequence: int = 0
    dropped_samples: int = 0
    running: bool = True


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One frame that leaves the sensor.

    Attributes:
        payload: its bytes.
        copies: how often it arrives.
    """

    payload: bytes
    copies: int


class Firmware:
    """A sensor's state and behaviour.

    Args:
        settings: what kind of sensor it is.
        feed: what it measures; its rate must be the true rate of the sensor's clock.
        motion: time of the simulated motion.
        faults: how it misbehaves.

    Raises:
        ValueError: the feed has another rate than the sensor.
    """

    def __init__(
        self, settings: SensorSettings, feed: SampleFeed, motion: MotionClock, faults: FaultScript
    ) -> None:
        if not math.isclose(feed.rate_hz, settings.true_rate_hz, rel_tol=1e-9):
            raise ValueError(
                f"the feed has {feed.rate_hz} Hz, the sensor's clock samples at {settings.true_rate_hz} Hz"
            )
        self.settings = settings
        self.session: Session | None = None
        self.identify_s = 0
        self._feed = feed
        self._motion = motion
        self._faults = faults
        self._switched_on_s = motion.host_s
        self._fresh = True

    def answer(self, data: bytes, mtu: int) -> AnyAnswer | None:
        """What is answered to bytes on the control point; None where nothing is.

        Args:
            mtu: ATT MTU of the link.
        """
        if not self._faults.answers:
            return None
        try:
            request = decode_request(data)
        except FrameError as error:
            return refusal_of(data, error)
        return self._answer_to(request, mtu)

    def status(self) -> SensorStatus:
        """What the Status characteristic tells."""
        session = self.session
        index = self._current_index() % U32
        return SensorStatus(
            state=SensorState.STREAMING if session and session.running else SensorState.IDLE,
            session=session.number if session else 0,
            ticks_now=self.ticks_now(),
            next_sample_index=index,
            oldest_sample_index=index,
            battery_percent=self.settings.battery_percent,
            dropped_samples=session.dropped_samples if session else 0,
        )

    def ticks_now(self) -> int:
        """The device clock."""
        uptime_s = self._motion.host_s - self._switched_on_s
        return self.settings.clock.start_tick + int(uptime_s * self.settings.clock.true_tick_rate_hz)

    def skip_unsent(self) -> None:
        """Leave out what was sampled since the link broke: this sensor keeps nothing for later."""
        if self.session is not None and self.session.sequence > 0:
            self.session.next_index = max(self.session.next_index, self._current_index())

    def next_frame_at_s(self, session: Session) -> float:
        """Time of the motion at which the last sample of the next frame is taken."""
        last = session.base_index + session.next_index + session.frame_samples - 1
        return last / self.settings.true_rate_hz

    def take_frame(self, session: Session) -> Outgoing:
        """The next frame, all samples of which have been taken."""
        # ticks and index began anew when the sensor was switched on; the first frame must tell so
        flags = FrameFlag.TIME_JUMP if self._fresh else FrameFlag.NONE
        self._fresh = False
        behind = self._current_index() - session.next_index
        if behind > MEMORY_S * self.settings.true_rate_hz:
            lost = behind - session.frame_samples
            session.next_index += lost
            session.dropped_samples += lost
            flags |= FrameFlag.OVERFLOW
        first = session.base_index + session.next_index
        counts = self._feed.counts(first, session.frame_samples)
        payload = encode_frame(
            counts,
            first_sample_index=session.next_index,
            first_tick=self._tick_of(first),
            interval_ticks=self.settings.clock.interval_ticks(self.settings.rate_hz),
            sequence=session.sequence,
            flags=flags | _saturation(counts),
        )
        silent = self._faults.is_silent(self.next_frame_at_s(session))
        outgoing = Outgoing(payload, 0 if silent else self._faults.copies(session.sequence))
        session.next_index += session.frame_samples
        session.sequence += 1
        return outgoing

    def _answer_to(self, request: Request, mtu: int) -> AnyAnswer:
        match request:
            case StartRequest():
                return self._start(request, mtu)
            case StopRequest():
                return self._stop(request)
            case PingRequest():
                ticks = self.ticks_now()
                return PingAnswer(request.request_id, request.host_stamp, ticks, ticks)
            case GetStatusRequest():
                status = self.status()
                return GetStatusAnswer(
                    request.request_id,
                    status.state,
                    status.session,
                    status.ticks_now,
                    status.next_sample_index,
                    status.oldest_sample_index,
                    status.battery_percent,
                )
            case IdentifyRequest():
                self.identify_s = request.duration_s
                return IdentifyAnswer(request.request_id)
            case _:
                return _refused(request, Status.BAD_OPCODE)

    def _start(self, request: StartRequest, mtu: int) -> AnyAnswer:
        if self._faults.refuse_start is not None:
            return _refused(request, self._faults.refuse_start)
        if mtu < MINIMUM_MTU:
            return _refused(request, Status.MTU_TOO_SMALL)
        wanted = (request.sample_rate_hz, request.accelerometer_range_g, request.gyroscope_range_dps)
        offered = self.settings
        if wanted != (offered.rate_hz, offered.accelerometer_range_g, offered.gyroscope_range_dps):
            return _refused(request, Status.BAD_PARAMETER)
        if self.session is None or not self.session.running or self.session.number != request.session:
            base_index = math.ceil(self._motion.begin() * offered.true_rate_hz)
            self.session = Session(request.session, base_index, 0)
        self.session.frame_samples = self._frame_samples(request, mtu)
        nominal_hz = offered.clock.tick_rate_hz / offered.clock.interval_ticks(offered.rate_hz)
        return StartAnswer(request.request_id, request.session, 0, round(nominal_hz, 3))

    def _stop(self, request: StopRequest) -> AnyAnswer:
        if self.session is None or not self.session.running:
            return _refused(request, Status.WRONG_STATE)
        self.session.running = False
        return StopAnswer(request.request_id, (self.session.next_index - 1) % U32)

    def _frame_samples(self, request: StartRequest, mtu: int) -> int:
        """Samples in a frame: as many as fit, but the oldest waits no longer than was asked for."""
        fitting = samples_per_frame(mtu)
        if request.max_latency_ms == 0:
            return fitting
        in_time = 1 + int(request.max_latency_ms * 1e-3 * self.settings.rate_hz)
        return min(fitting, in_time)

    def _current_index(self) -> int:
        """Index, since START, of the sample that comes next; 0 without a session."""
        if self.session is None:
            return 0
        return math.ceil(self._motion.now_s * self.settings.true_rate_hz) - self.session.base_index

    def _tick_of(self, feed_index: int) -> int:
        """Device tick at which a sample is taken."""
        clock = self.settings.clock
        began_s = self._switched_on_s if self._motion.began_s is None else self._motion.began_s
        origin = clock.start_tick + int((began_s - self._switched_on_s) * clock.true_tick_rate_hz)
        return origin + feed_index * clock.interval_ticks(self.settings.rate_hz)


def _refused(request: Request, status: Status) -> RefusedAnswer:
    return RefusedAnswer(request.opcode, request.request_id, status)


def _saturation(counts: npt.NDArray[np.int16]) -> FrameFlag:
    """The flags that tell that a range was not enough."""
    # int32: the magnitude of -32,768 does not fit int16
    peak = np.abs(counts.astype(np.int32)).max(axis=0) >= SATURATED_COUNTS
    flags = FrameFlag.ACCELEROMETER_SATURATED if peak[:3].any() else FrameFlag.NONE
    return flags | (FrameFlag.GYROSCOPE_SATURATED if peak[3:].any() else FrameFlag.NONE)
