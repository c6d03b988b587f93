"""What a MetaMotion sends, and what it is decoded to, for the tests of this folder."""

from collections.abc import Sequence

import numpy as np

from firmware_protocol.blocks import FloatArray
from firmware_protocol.frame_batch import FrameBatch
from firmware_protocol.makers.metamotion import MetaMotionDecoder, MetaMotionEncoder, units_of
from firmware_protocol.makers.metamotion_registers import Chip, Module
from firmware_protocol.makers.stream_settings import StreamSettings

SETTINGS = StreamSettings(100.0, 4.0, 1000.0)
UNITS = units_of(SETTINGS)
INTERVAL_S = 0.01
START_S = 50.0

Notifications = list[tuple[float, bytes]]
"""When each was sent, s, and its bytes."""


def notifications(
    accelerometer: FloatArray, gyroscope: FloatArray, behind: int = 1, chip: Chip = Chip.BMI270
) -> Notifications:
    """What a sensor sends that takes these samples."""
    encoder = MetaMotionEncoder(chip, SETTINGS, gyroscope_behind=behind)
    return [
        (START_S + INTERVAL_S * place, payload)
        for place in range(len(gyroscope))
        for payload in encoder.encode(accelerometer[place : place + 1], gyroscope[place : place + 1])
    ]


def decode(sent: Notifications, decoder: MetaMotionDecoder | None = None) -> FrameBatch:
    """Decode notifications that arrive as soon as they are sent."""
    received_ns = np.array([round(at_s * 1e9) for at_s, _ in sent], dtype=np.int64)
    return (decoder or MetaMotionDecoder(SETTINGS)).decode([payload for _, payload in sent], received_ns)


def numbered(samples: int) -> tuple[FloatArray, FloatArray]:
    """Samples that tell their number: acceleration and rate rise by 16 counts each time."""
    numbers = 16.0 * np.arange(samples)[:, None] * np.ones(3)
    return numbers * UNITS[:3], numbers * UNITS[3:]


def places(batch: FrameBatch) -> tuple[FloatArray, FloatArray]:
    """Which `numbered` accelerometer and gyroscope sample each sample was made of."""
    accelerometer = batch.accelerometer_m_per_s2[:, 0] / UNITS[0] / 16.0
    return accelerometer, batch.gyroscope_rad_per_s[:, 0] / UNITS[3] / 16.0


def indices(batch: FrameBatch) -> list[int]:
    """Index of each sample."""
    frames = zip(batch.first_sample_indices.tolist(), batch.sample_counts.tolist(), strict=True)
    return [first + place for first, count in frames for place in range(count)]


def without(sent: Notifications, module: Module, which: Sequence[int]) -> Notifications:
    """Without some notifications of one stream, by their number in it."""
    kept, number = [], 0
    for at_s, payload in sent:
        of_module = payload[0] == module
        if not (of_module and number in which):
            kept.append((at_s, payload))
        number += of_module
    return kept
