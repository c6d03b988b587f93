"""Notifications in the order of arrival to samples on one time line, with what was lost on the way."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from firmware_protocol.decoder import Lack, StreamDecoder
from tracker.errors import InputError
from tracker.model import (
    AccelerometerCalibration,
    Notification,
    Placement,
    SensorIdentity,
    SensorQuality,
)
from tracker.sensing.clock_model.clock import SensorClock
from tracker.sensing.clock_model.parameters import ClockParameters
from tracker.sensing.drivers.registry import decoder_of
from tracker.session.backfill_parameters import BackfillParameters
from tracker.session.frame_order import FrameOrder
from tracker.session.frame_taker import FoundFrames, FrameTaker, RefusedFrame, SensorStream
from tracker.session.received_frames import ReceivedFrames, TakenFrames


@dataclass(frozen=True, slots=True)
class BadFrameNote:
    """A notification that could not be read; the stream goes on."""

    placement: Placement
    received_ns: int
    reason: str


@dataclass(frozen=True, slots=True)
class Ingested:
    """What some notifications brought, each kind in order."""

    taken: tuple[TakenFrames, ...]
    notes: tuple[BadFrameNote, ...]


class SensorIngest:
    """Turns one sensor's notifications into samples and keeps the account of what is missing.

    Args:
        origin_ns: host monotonic clock at the start of the recording's time line.
        calibrations: of accelerometers, by sensor id.
        others_wait: whether other sensors' samples wait for those of this one.

    Raises:
        InputError: the sensor's kind is not known, or its capabilities cannot be read: nor can its frames.
    """

    def __init__(
        self,
        placement: Placement,
        identity: SensorIdentity,
        origin_ns: int,
        clock: ClockParameters,
        calibrations: Mapping[str, AccelerometerCalibration] | None = None,
        backfill: BackfillParameters | None = None,
        *,
        others_wait: bool = False,
    ) -> None:
        self._placement = placement
        self._calibrations = calibrations or {}
        self._order = FrameOrder(backfill or BackfillParameters(), others_wait=others_wait)
        self._bad_frames = 0
        self._next_stream: SensorStream | None = None
        self._decoder, stream = self._opened(identity)
        self._taker = FrameTaker(placement, stream, origin_ns, clock)

    def begin(self, identity: SensorIdentity) -> None:
        """Go on with a sensor that was connected, again or for the first time.

        The same sensor goes on with its ticks and its sample index, so that what was lost is counted; one
        that was switched off in between says so in its first frame. Where the decoder alone numbers samples,
        it begins anew.

        Raises:
            InputError: as above.
        """
        self._decoder, stream = self._opened(identity)
        # what waits is of the sensor before: it has its turn with the first notification of this one
        self._next_stream = stream if len(self._order) else None
        if self._next_stream is None:
            self._taker.begin(stream)

    def _opened(self, identity: SensorIdentity) -> tuple[StreamDecoder, SensorStream]:
        """A decoder for what a sensor sends from now on, and what is known of its stream."""
        try:
            decoder = decoder_of(identity)
        except InputError as error:
            message = f"the sensor at {self._placement.value} cannot be read: {error.message}"
            raise InputError(message, advice=error.advice) from error
        description = decoder.description
        self._order.keeps_samples = Lack.BACKFILL not in description.lacks
        stream = SensorStream(
            identity.sensor_id,
            float(description.tick_rate_hz),
            description.sample_rates_hz,
            self._calibrations.get(identity.sensor_id),
            numbered=Lack.LOSS_COUNT not in description.lacks,
        )
        return decoder, stream

    @property
    def rate_hz(self) -> float | None:
        """Sample rate by the device's own clock, from its first frame; None before that."""
        return self._taker.rate_hz

    @property
    def clock(self) -> SensorClock:
        """The clock of the sensor's newest start; how it is corrected goes on from one start to the next."""
        return self._taker.clock

    @property
    def calibrated(self) -> bool:
        """True where a calibration of the sensor's accelerometer is applied."""
        return self._taker.stream.calibration is not None

    @property
    def lacks(self) -> frozenset[Lack]:
        """What the sensor cannot do."""
        return self._decoder.description.lacks

    @property
    def keeps_samples(self) -> bool:
        """Whether the sensor can send again what was lost on the way."""
        return self._order.keeps_samples

    def take(self, notifications: Sequence[Notification]) -> Ingested:
        """The samples that were not there yet; the same, however many notifications come together.

        Samples ahead of a gap that may yet be filled come with a later notification, or by `release`.
        """
        found = FoundFrames()
        if self._next_stream is not None:
            self._go_over(self._next_stream, found)
        received_ns = np.array([one.received_ns for one in notifications], dtype=np.int64)
        batch = self._decoder.decode([one.payload for one in notifications], received_ns)
        found.refused.extend(
            RefusedFrame(bad.position, int(received_ns[bad.position]), str(bad.error))
            for bad in batch.bad_frames
        )
        frames = ReceivedFrames.of(batch, received_ns[batch.positions])
        while len(frames):
            frames = frames.less(self._order_first(frames, found))
        return self._ingested(found)

    def release(self) -> Ingested:
        """The samples that wait: what is missing between them does not come any more."""
        found = FoundFrames()
        self._release(0, found)
        return self._ingested(found)

    def is_overdue(self, now_ns: int) -> bool:
        """Whether samples wait for what does not come in time."""
        return self._order.is_overdue(now_ns)

    def release_overdue(self, now_ns: int) -> Ingested:
        """The samples that have waited for too long at a time."""
        found = FoundFrames()
        self._give_up(now_ns, 0, found)
        return self._ingested(found)

    def quality(self) -> SensorQuality:
        """The account so far."""
        taker = self._taker
        drift, calibration = taker.clock.drift, taker.stream.calibration
        return SensorQuality(
            placement=self._placement,
            rate_hz=taker.rate_hz or 0.0,
            samples=taker.samples,
            missing=taker.missing,
            gaps=tuple(taker.gaps),
            saturated=taker.saturated,
            bad_frames=self._bad_frames,
            duplicates=taker.duplicates,
            drift_ppm=None if drift is None else drift.drift_ppm,
            drift_uncertainty_ppm=None if drift is None else drift.uncertainty_ppm,
            clock_residual_s=None if drift is None else taker.clock.residual_s,
            calibrated_on=None if calibration is None else calibration.calibrated_on,
            backfilled=taker.backfilled,
        )

    def _go_over(self, stream: SensorStream, found: FoundFrames) -> None:
        """Go on with the sensor that was begun while samples waited; another one counts anew."""
        if not stream.counts_on(self._taker.stream):
            self._release(0, found)
        self._taker.begin(stream)
        self._next_stream = None

    def _order_first(self, frames: ReceivedFrames, found: FoundFrames) -> int:
        """Take the first frames, or let the first one wait; how many were used up."""
        first = frames.first(1)
        position = int(first.positions[0])
        self._give_up(int(first.received_ns[0]), position, found)
        in_order = self._taker.in_order(first if len(self._order) else frames)
        if in_order:
            in_order = self._taker.take_in_order(frames.first(in_order), found)
            self._order.see_passed(frames.first(in_order))
        elif self._waits(first):
            self._order.hold(first, self._taker.next_index)
        else:
            if self._taker.missing_before(first) != 0:
                self._release(position, found)
            self._pass(first, found)
        self._fill(position, found)
        return max(1, in_order)

    def _waits(self, frame: ReceivedFrames) -> bool:
        missing = self._taker.missing_before(frame)
        if not missing:
            return False
        missing_s = missing * int(frame.interval_ticks[0]) / self._taker.stream.tick_rate_hz
        return self._order.waits(frame, missing_s)

    def _pass(self, frames: ReceivedFrames, found: FoundFrames) -> None:
        self._order.see_passed(frames)
        self._taker.take(frames, found)

    def _fill(self, position: int, found: FoundFrames) -> None:
        """Take the frames that nothing is missing before any more."""
        while self._order.follows(self._taker.next_index):
            self._pass(self._order.next_run().at(position), found)

    def _give_up(self, now_ns: int, position: int, found: FoundFrames) -> None:
        """Take the frames for which the time is over, and those that follow them."""
        while self._order.is_overdue(now_ns):
            self._pass(self._order.next_run().at(position), found)
            self._fill(position, found)

    def _release(self, position: int, found: FoundFrames) -> None:
        """Take all frames that wait, with the gaps between them."""
        while len(self._order):
            self._pass(self._order.next_run().at(position), found)

    def _ingested(self, found: FoundFrames) -> Ingested:
        self._bad_frames += len(found.refused)
        notes = (
            BadFrameNote(self._placement, one.received_ns, one.reason)
            for one in sorted(found.refused, key=lambda one: one.position)
        )
        return Ingested(tuple(found.taken), tuple(notes))
