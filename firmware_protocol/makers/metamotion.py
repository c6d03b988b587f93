"""MbientLab MetaMotion R, RL and S: from the notifications of their two streams to samples, and back.

A notification: u8 module, u8 register, then samples of x, y, z, each int16; three fill one of 20 bytes.
Nothing tells a time or a number. Axes are those of the chip, the same for both streams and right-handed. The
maker does not say for all boards how they lie in the housing: the alignment finds out. Sources: see
`metamotion_registers`.
"""

import math
import struct
from collections import deque
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Final

import numpy as np
import numpy.typing as npt

from firmware_protocol.blocks import FloatArray, Int64Array
from firmware_protocol.decoder import Lack, StreamDescription
from firmware_protocol.errors import FrameError
from firmware_protocol.frame_batch import FrameBatch
from firmware_protocol.makers.counted_ticks import TICK_RATE_HZ, CountedFrame, CountedTicks
from firmware_protocol.makers.frame_builder import FrameBuilder
from firmware_protocol.makers.metamotion_pairs import Counts, Pair, SamplePairs
from firmware_protocol.makers.metamotion_registers import (
    HEAD_BYTES,
    Chip,
    Module,
    is_samples,
    packed_register,
)
from firmware_protocol.makers.stream_settings import StreamSettings
from firmware_protocol.service import FrameFlag
from firmware_protocol.stream import STANDARD_GRAVITY_M_PER_S2
from firmware_protocol.wire import Bytes

LACKS: Final = frozenset({Lack.TIMESTAMPS, Lack.LOSS_COUNT, Lack.BACKFILL, Lack.COMMON_SAMPLING})
SAMPLES_PER_NOTIFICATION: Final = 3

_SAMPLE: Final = struct.Struct("<3h")
_FULL_COUNTS: Final = 32_768
_SATURATED_COUNTS: Final = 0.99 * _FULL_COUNTS
_GYROSCOPE_COUNTS: Final = 16.4 * 2000
"""Counts of a whole gyroscope range: 16.4 a degree a second at 2000, twice as many at 1000, and so on."""
_INTERRUPTED_NS: Final = 1_000_000_000
"""After a pause this long the streams may take turns in another way."""


class MetaMotionDecoder:
    """A `StreamDecoder` for MetaMotion sensors, whichever chip they have."""

    def __init__(self, settings: StreamSettings) -> None:
        self._description = StreamDescription(TICK_RATE_HZ, (settings.rate_hz,), LACKS)
        self._units = units_of(settings)
        self._pairs = SamplePairs()
        self._counted = CountedTicks(settings.rate_hz)
        self._held: deque[Pair | None] = deque()
        self._flags = FrameFlag.NONE
        self._received_ns: int | None = None

    @property
    def description(self) -> StreamDescription:
        """What the frames are counted in."""
        return self._description

    def decode(self, payloads: Sequence[Bytes], received_ns: Int64Array) -> FrameBatch:
        """The frames that these notifications complete; see `StreamDecoder.decode`."""
        builder = FrameBuilder()
        for position, (payload, at_ns) in enumerate(zip(payloads, received_ns.tolist(), strict=True)):
            try:
                samples = decode_samples(payload)
            except FrameError as error:
                builder.refuse(position, error)
                continue
            before_ns, self._received_ns = self._received_ns, at_ns
            pairs: list[Pair | None] = []
            if before_ns is not None and not 0 <= at_ns - before_ns <= _INTERRUPTED_NS:
                pairs += self._pairs.begin_anew()
            pairs += self._pairs.add(samples, of_gyroscope=payload[0] == Module.GYROSCOPE)
            self._held.extend(pairs)
            for frame in self._counted.take(len(pairs), at_ns) if pairs else ():
                self._give_out(builder, position, frame)
        return builder.batch()

    def _give_out(self, builder: FrameBuilder, position: int, frame: CountedFrame) -> None:
        """Add what a counted frame has of pairs, one frame for each run without missing ones."""
        self._flags |= frame.flags
        interval_ticks = frame.interval_ticks
        for start, pairs in _runs([self._held.popleft() for _ in range(frame.samples)]):
            counts = np.array([pair.accelerometer_twice + pair.gyroscope for pair in pairs]) * self._units
            builder.add(
                position,
                first_sample_index=frame.first_sample_index + start,
                first_tick=frame.first_tick + start * interval_ticks,
                interval_ticks=interval_ticks,
                accelerometer_m_per_s2=counts[:, :3] / 2,
                gyroscope_rad_per_s=counts[:, 3:],
                saturated=np.array([pair.largest >= _SATURATED_COUNTS for pair in pairs]),
                flags=self._flags,
            )
            self._flags = FrameFlag.NONE


def units_of(settings: StreamSettings) -> FloatArray:
    """(6,) what one count is: m/s² for the accelerometer, rad/s for the gyroscope."""
    gravity = settings.accelerometer_range_g * STANDARD_GRAVITY_M_PER_S2 / _FULL_COUNTS
    turning = math.radians(settings.gyroscope_range_dps) / _GYROSCOPE_COUNTS
    return np.repeat([gravity, turning], 3)


def decode_samples(payload: Bytes) -> list[Counts]:
    """Samples of one notification of one stream, in counts.

    Raises:
        FrameError: it is no notification of samples, or not of whole ones.
    """
    if len(payload) <= HEAD_BYTES:
        raise FrameError("length", len(payload), f"{len(payload)} bytes are no notification")
    if not is_samples(payload):
        raise FrameError("module", 0, f"{bytes(payload[:HEAD_BYTES]).hex()} begins no samples")
    if (len(payload) - HEAD_BYTES) % _SAMPLE.size:
        raise FrameError("length", len(payload), f"{len(payload)} bytes are no whole samples")
    return list(_SAMPLE.iter_unpack(payload[HEAD_BYTES:]))


class MetaMotionEncoder:
    """Turns samples into the notifications that a sensor would send.

    Args:
        gyroscope_behind: by how many samples the gyroscope's notifications end after the accelerometer's:
            from none to two.
    """

    def __init__(self, chip: Chip, settings: StreamSettings, *, gyroscope_behind: int = 1) -> None:
        self._units = units_of(settings)
        self._registers = {module: packed_register(chip, module) for module in (_ACCELEROMETER, _GYROSCOPE)}
        self._filling = {_ACCELEROMETER: b"", _GYROSCOPE: b""}
        self._skip = gyroscope_behind

    def encode(self, accelerometer_m_per_s2: FloatArray, gyroscope_rad_per_s: FloatArray) -> list[bytes]:
        """Notifications that N more samples, (N, 3) and (N, 3), fill; what is beyond a range is cut."""
        values = np.hstack([accelerometer_m_per_s2, gyroscope_rad_per_s])
        counts = np.clip(np.rint(values / self._units), -_FULL_COUNTS, _FULL_COUNTS - 1).astype("<i2")
        return [payload for row in counts for payload in self._filled(row)]

    def _filled(self, row: npt.NDArray[np.int16]) -> Iterator[bytes]:
        self._filling[_ACCELEROMETER] += row[:3].tobytes()
        if self._skip:
            self._skip -= 1
        else:
            self._filling[_GYROSCOPE] += row[3:].tobytes()
        for module, register in self._registers.items():
            if len(self._filling[module]) == SAMPLES_PER_NOTIFICATION * _SAMPLE.size:
                yield bytes((module, register)) + self._filling[module]
                self._filling[module] = b""


_ACCELEROMETER: Final = Module.ACCELEROMETER
_GYROSCOPE: Final = Module.GYROSCOPE


def _runs(pairs: Sequence[Pair | None]) -> Iterator[tuple[int, list[Pair]]]:
    """Runs of pairs that are not missing, each with the place of its first."""
    places = [(place, pair) for place, pair in enumerate(pairs) if pair is not None]
    for _, run in groupby(enumerate(places), key=lambda item: item[1][0] - item[0]):
        members = [member for _, member in run]
        yield members[0][0], [pair for _, pair in members]
