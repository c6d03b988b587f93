"""Movesense sensors: from the notifications of their resource IMU6 to samples.

A message: u32 ms at its first sample, then N accelerations in m/s² and N rates in deg/s, each 3 float32; all
accelerations come first. One that does not fit is cut in two notifications. Axes are the sensor's own and
right-handed: z out of the side with the logo. Source: see `movesense_control`.
"""

import math
import struct
from collections.abc import Sequence
from typing import Final

import numpy as np

from firmware_protocol.blocks import FloatArray, Int64Array
from firmware_protocol.decoder import Lack, StreamDescription
from firmware_protocol.errors import FrameError
from firmware_protocol.frame_batch import FrameBatch
from firmware_protocol.makers.frame_builder import FrameBuilder
from firmware_protocol.makers.movesense_control import HEAD_BYTES, Response, samples_per_message
from firmware_protocol.makers.stamped_index import StampedIndex
from firmware_protocol.makers.stream_settings import StreamSettings
from firmware_protocol.stream import STANDARD_GRAVITY_M_PER_S2
from firmware_protocol.wire import Bytes

TICK_RATE_HZ: Final = 1_000_000
LACKS: Final = frozenset({Lack.BACKFILL})
_STAMP: Final = struct.Struct("<I")
_STAMP_WRAP: Final = 1 << 32
_NS_PER_STAMP: Final = 1_000_000
_NS_PER_TICK: Final = 1000
_SAMPLE_BYTES: Final = 24
_LONGEST_MESSAGE_BYTES: Final = 1024
_SATURATED_SHARE: Final = 0.99
_PLAUSIBLE: Final = np.array([1.3 * 16 * STANDARD_GRAVITY_M_PER_S2] * 3 + [1.3 * math.radians(2000)] * 3)
"""Chips reach somewhat more than the name of their largest range; what is beyond is no sample."""


class MovesenseDecoder:
    """A `StreamDecoder` for Movesense sensors.

    A message is known to be whole by its length where that is the usual one; else by the message after it.
    """

    def __init__(self, settings: StreamSettings) -> None:
        self._description = StreamDescription(TICK_RATE_HZ, (settings.rate_hz,), LACKS)
        self._usual_bytes = _STAMP.size + samples_per_message(settings.rate_hz) * _SAMPLE_BYTES
        self._limits = np.array(
            [settings.accelerometer_range_g * STANDARD_GRAVITY_M_PER_S2] * 3
            + [math.radians(settings.gyroscope_range_dps)] * 3
        )
        self._index = StampedIndex(settings.rate_hz)
        self._stamp: int | None = None
        self._begun = b""
        self._came_ns = 0
        self._before = b""
        self._comes_in_parts = False

    @property
    def description(self) -> StreamDescription:
        """What the frames are counted in."""
        return self._description

    def decode(self, payloads: Sequence[Bytes], received_ns: Int64Array) -> FrameBatch:
        """The frames that these notifications complete; see `StreamDecoder.decode`."""
        builder = FrameBuilder()
        for position, (payload, at_ns) in enumerate(zip(payloads, received_ns.tolist(), strict=True)):
            try:
                messages = self._messages(payload, at_ns)
            except FrameError as error:
                builder.refuse(position, error)
                continue
            for message, came_ns in messages:
                self._add(builder, position, message, came_ns, held_ns=at_ns - came_ns)
        return builder.batch()

    def _messages(self, payload: Bytes, received_ns: int) -> list[tuple[bytes, int]]:
        """The messages that are whole now, each with the arrival of its last part."""
        if len(payload) <= HEAD_BYTES:
            raise FrameError("length", len(payload), f"{len(payload)} bytes are no notification")
        content, whole = bytes(payload[HEAD_BYTES:]), []
        before, self._before = self._before, bytes(payload)
        # a part that comes twice is neither the next message nor goes on with any
        if payload == before and bool(self._begun) == (payload[0] == Response.DATA):
            return []
        if payload[0] == Response.DATA:
            if self._begun:
                whole.append((self._begun, self._came_ns))
            self._begun = content
        elif payload[0] == Response.DATA_PART2 and self._begun:
            self._comes_in_parts = True
            self._begun += content
        else:
            raise FrameError("response", 0, f"{payload[0]:#04x} begins no data, nor goes on with any")
        self._came_ns = received_ns
        if len(self._begun) == self._usual_bytes or len(self._begun) > _LONGEST_MESSAGE_BYTES:
            whole.append((self._begun, received_ns))
            self._begun = b""
        return whole

    def _add(
        self, builder: FrameBuilder, position: int, message: bytes, received_ns: int, *, held_ns: int
    ) -> None:
        try:
            values = self._values(message)
        except FrameError as error:
            builder.refuse(position, error)
            return
        stamp_ns = self._unwrapped(_STAMP.unpack_from(message)[0]) * _NS_PER_STAMP
        placed = self._index.place(stamp_ns, received_ns, samples=len(values), stamped=0)
        builder.add(
            position,
            first_sample_index=placed.first_index,
            first_tick=round(placed.first_ns / _NS_PER_TICK),
            interval_ticks=round(placed.interval_ns / _NS_PER_TICK),
            accelerometer_m_per_s2=values[:, :3],
            gyroscope_rad_per_s=values[:, 3:],
            saturated=np.asarray((np.abs(values) >= _SATURATED_SHARE * self._limits).any(axis=1)),
            flags=placed.flags,
            held_ns=held_ns,
        )

    def _values(self, message: bytes) -> FloatArray:
        """(N, 6) in SI units."""
        count, left = divmod(len(message) - _STAMP.size, _SAMPLE_BYTES)
        # a first part alone may look whole, but its second half is no rates
        alone = self._comes_in_parts and len(message) != self._usual_bytes
        if count < 1 or left or alone:
            raise FrameError(
                "length", HEAD_BYTES + len(message), f"{len(message)} bytes are no whole message"
            )
        # bytes of a signalling NaN are no reason for a warning
        with np.errstate(invalid="ignore"):
            floats = np.frombuffer(message, "<f4", offset=_STAMP.size).astype(np.float64)
        numbers = floats.reshape(2, count, 3)
        values = np.hstack([numbers[0], np.radians(numbers[1])])
        if not (np.abs(values) <= _PLAUSIBLE).all():
            raise FrameError(
                "samples", HEAD_BYTES + _STAMP.size, "samples are beyond what the sensor measures"
            )
        return values

    def _unwrapped(self, stamp: int) -> int:
        """The timestamp in ms without the wrap after 49.7 days."""
        if self._stamp is None:
            self._stamp = stamp
        half = _STAMP_WRAP // 2
        self._stamp += (stamp - self._stamp + half) % _STAMP_WRAP - half
        return self._stamp


def encode_message(
    reference: int,
    stamp_ms: int,
    accelerometer_m_per_s2: FloatArray,
    gyroscope_rad_per_s: FloatArray,
    *,
    most_bytes: int,
) -> list[bytes]:
    """The one or two notifications of a message.

    Args:
        reference: of the subscription.
        stamp_ms: the sensor's clock at the first sample; its low 32 bits are sent.
        accelerometer_m_per_s2, gyroscope_rad_per_s: (N, 3) each.
        most_bytes: largest notification: the ATT MTU less three.
    """
    values = np.concatenate([accelerometer_m_per_s2, np.degrees(gyroscope_rad_per_s)])
    content = _STAMP.pack(stamp_ms % _STAMP_WRAP) + values.astype("<f4").tobytes()
    room = most_bytes - HEAD_BYTES
    kinds = (Response.DATA, *[Response.DATA_PART2] * (len(content) // room))
    parts = [content[start : start + room] for start in range(0, len(content), room)]
    return [bytes((kind, reference)) + part for kind, part in zip(kinds, parts, strict=False)]
