"""What arrived of one sensor in a scenario, and what was wrong with it."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from virtual_bench import ONE_TO_ONE, PatternFeed, indices

from firmware_protocol import ImuBlock, decode_frame
from firmware_protocol.backfill import decode_backfill_record, is_backfill_record

_PATTERN_STEP = 7919
_PATTERN_SPAN = 60_000
"""Of `PatternFeed`: what the first axis grows by from sample to sample, and where it begins again."""


@dataclass(frozen=True, slots=True)
class Received:
    """An account of one session's samples by their index.

    Attributes:
        notifications: frames that arrived.
        samples: different samples that arrived.
        missing: samples before the last that did not.
        gaps: places where samples are missing.
        twice: samples that came again.
        altered: samples that are not what the sensor measured.
    """

    notifications: int
    samples: int
    missing: int
    gaps: int
    twice: int
    altered: int


def block_of(payload: bytes) -> ImuBlock:
    """The samples of a notification, sent for the first time or again, in counts."""
    frame = decode_backfill_record(payload) if is_backfill_record(payload) else payload
    return decode_frame(frame, ONE_TO_ONE)


def received(blocks: Sequence[ImuBlock], number: int) -> Received:
    """The account of frames of one session, in counts.

    Args:
        number: of the sensor, which its pattern of samples depends on.
    """
    came = indices(blocks)
    different = sorted(set(came))
    # a session begins with sample 0
    steps = [later - earlier for earlier, later in pairwise([-1, *different])]
    return Received(
        notifications=len(blocks),
        samples=len(different),
        missing=sum(steps) - len(steps),
        gaps=sum(step > 1 for step in steps),
        twice=len(came) - len(different),
        altered=_altered(blocks, PatternFeed(number)),
    )


def _altered(blocks: Sequence[ImuBlock], feed: PatternFeed) -> int:
    """Samples that differ from the pattern, which the first sample tells the place in."""
    if not blocks:
        return 0
    begin = int(blocks[0].accelerometer_m_per_s2[0, 0]) - int(feed.counts(0, 1)[0, 0])
    base = begin * pow(_PATTERN_STEP, -1, _PATTERN_SPAN) % _PATTERN_SPAN - blocks[0].first_sample_index
    altered = 0
    for block in blocks:
        got = np.hstack([block.accelerometer_m_per_s2, block.gyroscope_rad_per_s])
        expected = feed.counts(base + block.first_sample_index, len(block))
        altered += int((got != expected).any(axis=1).sum())
    return altered
