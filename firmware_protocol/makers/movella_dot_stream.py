"""Samples of a Movella DOT: payloads of rate quantities, one sample each, with the sensor's own time.

A payload is a u32 of microseconds since the sensor was switched on, which wraps, three float32 of
acceleration in m/s2 and three of angular rate in deg/s, then zeros up to 40 bytes. Axes are those drawn in
the manual, right-handed; acceleration includes gravity and points up at rest, and a rate is positive by the
right-hand rule. The sensor integrates at 800 Hz, so a sample is the mean over its interval.
"""

import math
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from firmware_protocol.blocks import BoolArray, FloatArray, Int64Array
from firmware_protocol.decoder import Lack, StreamDescription
from firmware_protocol.errors import FrameError
from firmware_protocol.frame_batch import FrameBatch
from firmware_protocol.makers.frame_builder import FrameBuilder
from firmware_protocol.makers.stream_settings import StreamSettings
from firmware_protocol.service import FrameFlag
from firmware_protocol.stream import STANDARD_GRAVITY_M_PER_S2
from firmware_protocol.wire import Bytes

TICK_RATE_HZ: Final = 1_000_000
PAYLOAD_BYTES: Final = 40

_PAYLOAD: Final = struct.Struct("<I6f")
_PAYLOAD_TYPE: Final = np.dtype([("tick", "<u4"), ("values", "<f4", (6,))])
_TOO_SHORT: Final = _PAYLOAD.pack(0, *[math.nan] * 6)
_WRAP: Final = 1 << 32
_SATURATED_SHARE: Final = 0.99
_LARGEST_SHARE: Final = 2.0
"""Calibration and integration move what is measured a little beyond a range, never so far."""

_LONGEST_LOSS_US: Final = 10_000_000
_LATEST_US: Final = 4_000_000
"""A link holds notifications back by less: a longer step of the times must have its pause of the arrivals."""


class MovellaDotDecoder:
    """A `StreamDecoder` for one connection.

    Args:
        settings: rate and ranges in force.
    """

    def __init__(self, settings: StreamSettings) -> None:
        self._ranges = np.repeat(
            [
                settings.accelerometer_range_g * STANDARD_GRAVITY_M_PER_S2,
                np.radians(settings.gyroscope_range_dps),
            ],
            3,
        )
        self._interval_us = round(TICK_RATE_HZ / settings.rate_hz)
        self._description = StreamDescription(TICK_RATE_HZ, (settings.rate_hz,), frozenset({Lack.BACKFILL}))
        self._last: _Last | None = None

    @property
    def description(self) -> StreamDescription:
        """What the frames are counted in."""
        return self._description

    def decode(self, payloads: Sequence[Bytes], received_ns: Int64Array) -> FrameBatch:
        """The frames that these notifications complete; see `StreamDecoder.decode`."""
        builder = FrameBuilder()
        ticks, values = _samples(payloads)
        # also false for what is no number
        sound = np.asarray(np.abs(values) <= _LARGEST_SHARE * self._ranges)
        saturated = np.asarray((np.abs(values) >= _SATURATED_SHARE * self._ranges).any(axis=1))
        good = np.asarray(sound.all(axis=1))
        for position, (tick, at_ns, is_sound) in enumerate(
            zip(ticks.tolist(), received_ns.tolist(), good.tolist(), strict=True)
        ):
            if not is_sound:
                builder.refuse(position, _error(payloads[position], sound[position]))
                continue
            index, flags = self._place(tick, at_ns // 1000)
            row = slice(position, position + 1)
            builder.add(
                position,
                first_sample_index=index,
                first_tick=tick,
                interval_ticks=self._interval_us,
                accelerometer_m_per_s2=values[row, :3],
                gyroscope_rad_per_s=values[row, 3:],
                saturated=saturated[row],
                flags=flags,
            )
        return builder.batch()

    def _place(self, tick: int, received_us: int) -> tuple[int, FrameFlag]:
        """Index of a sample by its time, so that what was lost is left out, also over a new connection."""
        last, flags = self._last, FrameFlag.NONE
        index = round(tick / self._interval_us)
        if last is not None:
            step_us = (tick - last.tick + _WRAP // 2) % _WRAP - _WRAP // 2
            pause_us = received_us - last.received_us
            if step_us < 0 or (step_us > _LONGEST_LOSS_US and abs(step_us - pause_us) > _LATEST_US):
                flags = FrameFlag.TIME_JUMP
            else:
                index = last.index + round(step_us / self._interval_us)
        self._last = _Last(tick, index, received_us)
        return index, flags


def _samples(payloads: Sequence[Bytes]) -> tuple[Int64Array, FloatArray]:
    """(N,) ticks and (N, 6) values in SI units; no numbers where a payload is too short."""
    size = _PAYLOAD.size
    joined = b"".join(bytes(one[:size]) if len(one) >= size else _TOO_SHORT for one in payloads)
    read = np.frombuffer(joined, _PAYLOAD_TYPE)
    # bytes of a signalling NaN are no reason for a warning
    with np.errstate(invalid="ignore"):
        values = read["values"].astype(np.float64)
    values[:, 3:] = np.radians(values[:, 3:])
    return read["tick"].astype(np.int64), values


def _error(payload: Bytes, sound: BoolArray) -> FrameError:
    if len(payload) < _PAYLOAD.size:
        return FrameError("length", len(payload), f"{len(payload)} bytes, a sample has {_PAYLOAD.size}")
    worst = int(np.argmin(sound))
    value = _PAYLOAD.unpack_from(payload)[1 + worst]
    return FrameError("value", 4 + 4 * worst, f"{value:g} is beyond the sensor's range")


@dataclass(frozen=True, slots=True)
class _Last:
    tick: int
    index: int
    received_us: int


def encode_sample(tick: int, accelerometer_m_per_s2: FloatArray, gyroscope_rad_per_s: FloatArray) -> bytes:
    """One payload of rate quantities, from (3,) acceleration and (3,) angular rate."""
    values = [*accelerometer_m_per_s2.tolist(), *np.degrees(gyroscope_rad_per_s).tolist()]
    return _PAYLOAD.pack(tick % _WRAP, *values).ljust(PAYLOAD_BYTES, b"\x00")
