"""What runs inside a virtual sensor: its state and its answers. No radio in here."""

import math
from dataclasses import replace

from firmware_protocol import (
    MINIMUM_MTU,
    AbortFetchAnswer,
    AbortFetchRequest,
    AnyAnswer,
    Capabilities,
    FetchRequest,
    FrameError,
    GetStatusAnswer,
    GetStatusRequest,
    IdentifyAnswer,
    IdentifyRequest,
    PingAnswer,
    PingRequest,
    PowerFlag,
    RefusedAnswer,
    Request,
    ResumeAnswer,
    ResumeRequest,
    SensorState,
    SensorStatus,
    StartAnswer,
    StartRequest,
    Status,
    StopAnswer,
    StopRequest,
    decode_request,
    refusal_of,
    samples_per_frame,
)
from firmware_protocol.backfill import samples_per_record
from tracker.sensing.virtual.faults import FaultScript
from tracker.sensing.virtual.feed import MotionClock, SampleFeed
from tracker.sensing.virtual.framing import Framing, Outgoing, Session
from tracker.sensing.virtual.ring_buffer import INDEX_WRAP, RingBuffer
from tracker.sensing.virtual.sample_times import SampleTimes
from tracker.sensing.virtual.settings import SensorSettings

LOW_BATTERY_PERCENT = 10
"""Half an hour of a sensor that lasts five hours."""

NO_FAULTS = FaultScript()


class Firmware:
    """A sensor's state and behaviour, from when it is switched on.

    Args:
        settings: what kind of sensor it is.
        feed: what it measures; its rate must be the true rate of the sensor's clock.
        motion: time of the simulated motion.
        faults: how it misbehaves.
        restarts: times that it was switched on before.

    Raises:
        ValueError: the feed has another rate than the sensor.
    """

    def __init__(
        self,
        settings: SensorSettings,
        feed: SampleFeed,
        motion: MotionClock,
        faults: FaultScript = NO_FAULTS,
        restarts: int = 0,
    ) -> None:
        if not math.isclose(feed.rate_hz, settings.true_rate_hz, rel_tol=1e-9):
            raise ValueError(
                f"the feed has {feed.rate_hz} Hz, the sensor's clock samples at {settings.true_rate_hz} Hz"
            )
        self.settings = settings
        self.session: Session | None = None
        self.identify_s = 0
        self._motion = motion
        self._faults = faults
        self._restarts = restarts
        self._times = SampleTimes(settings, motion, motion.host_s, faults.rate_change)
        self._framing = Framing(feed, self._times)
        self._ring = RingBuffer(settings.ring_buffer_samples)

    @property
    def capabilities(self) -> Capabilities:
        """What it states about itself, true or not."""
        true = self.settings.capabilities
        return replace(
            true,
            features=true.features | self._faults.claims,
            sample_rates_hz=(*true.sample_rates_hz, *self._faults.claims_rates_hz),
        )

    @property
    def battery_percent(self) -> int:
        """Charge at present."""
        return self._faults.charge(self.settings.battery_percent, self._motion.now_s)

    def answer(self, data: bytes, mtu: int) -> AnyAnswer | None:
        """Do what bytes on the control point ask for, and what is answered; None where nothing is.

        Args:
            mtu: ATT MTU of the link.
        """
        if not self._faults.answers:
            return None
        try:
            request = decode_request(data)
        except FrameError as error:
            return refusal_of(data, error)
        refusal = self._faults.refusal(request.opcode)
        return self._answer_to(request, mtu) if refusal is None else _refused(request, refusal)

    def as_sent(self, answer: AnyAnswer) -> AnyAnswer | None:
        """An answer as it leaves the sensor, perhaps with another request's id; None where it never does."""
        if answer.opcode in self._faults.mute:
            return None
        if answer.opcode in self._faults.wrong_ids:
            return replace(answer, request_id=(answer.request_id + 1) & 0xFF)
        return answer

    def status(self) -> SensorStatus:
        """What the Status characteristic tells."""
        session = self.session
        taken = self._taken()
        charge = self.battery_percent
        return SensorStatus(
            state=SensorState.STREAMING if session and session.running else SensorState.IDLE,
            session=session.number if session else 0,
            ticks_now=self._times.ticks_now(),
            next_sample_index=taken % INDEX_WRAP,
            oldest_sample_index=self._ring.oldest(taken) % INDEX_WRAP,
            battery_percent=charge,
            power=PowerFlag.BATTERY_LOW if charge < LOW_BATTERY_PERCENT else PowerFlag.NONE,
            dropped_samples=session.dropped_samples if session else 0,
            restarts=self._restarts % (1 << 16),
        )

    def next_frame_at_s(self, session: Session) -> float:
        """Time of the motion at which the last sample of the next frame is taken."""
        return self._framing.complete_at_s(session)

    def take_frame(self, session: Session) -> Outgoing:
        """The next frame, all samples of which have been taken."""
        sequence, at_s = session.sequence, self.next_frame_at_s(session)
        taken = self._taken()
        payload = self._framing.next_frame(session, taken, self._ring.oldest(taken))
        return Outgoing(payload, 0 if self._faults.is_silent(at_s) else self._faults.copies(sequence))

    def take_record(self, mtu: int) -> Outgoing | None:
        """The next record of what is sent again; None where there is none."""
        session, most = self.session, samples_per_record(mtu)
        first = None if session is None or most < 1 else self._ring.upcoming(self._taken())
        if session is None or first is None:
            return None
        part = self._ring.take(self._framing.at_one_rate(session, first, most))
        silent = self._faults.is_silent(self._motion.now_s)
        return Outgoing(self._framing.record(session, part), 0 if silent else 1)

    @property
    def is_sending_again(self) -> bool:
        """Whether lost samples are still being sent."""
        return self._ring.is_sending

    def lose_link(self) -> None:
        """The link broke: sampling goes on, but what was still to be sent again must be asked for anew."""
        self._ring.abort()
        if self.session is not None:
            self.session.on_air = False

    def _answer_to(self, request: Request, mtu: int) -> AnyAnswer:
        match request:
            case StartRequest():
                return self._start(request, mtu)
            case StopRequest():
                return self._stop(request)
            case PingRequest():
                ticks = self._times.ticks_now()
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
            case FetchRequest() | ResumeRequest() | AbortFetchRequest() if self._ring.capacity:
                return self._send_again(request, mtu)
            case _:
                return _refused(request, Status.BAD_OPCODE)

    def _send_again(self, request: FetchRequest | ResumeRequest | AbortFetchRequest, mtu: int) -> AnyAnswer:
        if isinstance(request, AbortFetchRequest):
            self._ring.abort()
            return AbortFetchAnswer(request.request_id)
        if self.session is None:
            return _refused(request, Status.WRONG_STATE)
        if mtu < MINIMUM_MTU:
            return _refused(request, Status.MTU_TOO_SMALL)
        if isinstance(request, FetchRequest):
            return self._ring.fetch(request, self._taken())
        if request.session != self.session.number:
            return _refused(request, Status.WRONG_STATE)
        return self._resume(request, self.session, self._taken())

    def _resume(self, request: ResumeRequest, session: Session, taken: int) -> AnyAnswer:
        answer = self._ring.resume(request, taken)
        if isinstance(answer, ResumeAnswer) and session.running:
            self._go_on(session, taken)
        return answer

    def _go_on(self, session: Session, taken: int) -> None:
        """Stream goes on over this link with the present sample: those before are fetched, or lost."""
        if not session.on_air:
            session.next_index = max(session.next_index, taken)
        session.on_air = True

    def _start(self, request: StartRequest, mtu: int) -> AnyAnswer:
        if mtu < MINIMUM_MTU:
            return _refused(request, Status.MTU_TOO_SMALL)
        wanted = (request.sample_rate_hz, request.accelerometer_range_g, request.gyroscope_range_dps)
        offered = self.settings
        if wanted != (offered.rate_hz, offered.accelerometer_range_g, offered.gyroscope_range_dps):
            return _refused(request, Status.BAD_PARAMETER)
        if self.session is None or not self.session.running or self.session.number != request.session:
            base_index = self._times.taken_by(self._motion.begin())
            self.session = Session(request.session, base_index, 0)
            self._ring.abort()
        if self.session.sequence > 0:
            self._go_on(self.session, self._taken())
        self.session.on_air = True
        self.session.frame_samples = self._frame_samples(request, mtu)
        nominal_hz = offered.clock.tick_rate_hz / offered.clock.interval_ticks(offered.rate_hz)
        return StartAnswer(request.request_id, request.session, 0, round(nominal_hz, 3))

    def _stop(self, request: StopRequest) -> AnyAnswer:
        if self.session is None or not self.session.running:
            return _refused(request, Status.WRONG_STATE)
        if not self.session.on_air:
            # what was taken without a link belongs to the session, and can be fetched
            self._go_on(self.session, self._taken())
        self.session.running = False
        return StopAnswer(request.request_id, (self.session.next_index - 1) % INDEX_WRAP)

    def _frame_samples(self, request: StartRequest, mtu: int) -> int:
        """Samples in a frame: as many as fit, but the oldest waits no longer than was asked for."""
        fitting = samples_per_frame(mtu)
        if request.max_latency_ms == 0:
            return fitting
        in_time = 1 + int(request.max_latency_ms * 1e-3 * self.settings.rate_hz)
        return min(fitting, in_time)

    def _taken(self) -> int:
        """Samples of the session so far: the index that comes next; 0 without a session."""
        session = self.session
        if session is None:
            return 0
        # STOP ends a session with its last whole frame
        if not session.running:
            return session.next_index
        return max(session.next_index, self._times.taken_by(self._motion.now_s) - session.base_index)


def _refused(request: Request, status: Status) -> RefusedAnswer:
    return RefusedAnswer(request.opcode, request.request_id, status)
