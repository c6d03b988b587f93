"""Decoder of our own sensors: frames of Stream and records of Backfill, in the order of arrival."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from firmware_protocol.backfill import decode_backfill_record, is_backfill_record
from firmware_protocol.blocks import Int64Array
from firmware_protocol.capabilities import Capabilities
from firmware_protocol.decoder import Lack, StreamDescription
from firmware_protocol.errors import FrameError
from firmware_protocol.frame_batch import BadFrame, FrameBatch, decode_frames
from firmware_protocol.service import Feature
from firmware_protocol.stream import StreamScale
from firmware_protocol.wire import Bytes

_LACKS_WITHOUT_BUFFER: Final = frozenset({Lack.BACKFILL})


class HipImuDecoder:
    """A `StreamDecoder` for sensors that speak the HIP IMU service."""

    def __init__(self, capabilities: Capabilities) -> None:
        keeps = bool(capabilities.features & Feature.RESUME_AND_FETCH)
        self._scale = capabilities.scale
        self._description = StreamDescription(
            tick_rate_hz=capabilities.tick_rate_hz,
            sample_rates_hz=capabilities.sample_rates_hz,
            lacks=frozenset() if keeps else _LACKS_WITHOUT_BUFFER,
        )

    @property
    def description(self) -> StreamDescription:
        """What the frames are counted in."""
        return self._description

    def decode(self, payloads: Sequence[Bytes], received_ns: Int64Array) -> FrameBatch:  # noqa: ARG002 - its frames tell time
        """The frames that the notifications are; see `StreamDecoder.decode`."""
        again = [position for position, payload in enumerate(payloads) if is_backfill_record(payload)]
        if not again:
            return decode_frames(payloads, self._scale)
        frames, refused = list(payloads), dict[int, BadFrame]()
        for position in again:
            try:
                frames[position] = decode_backfill_record(payloads[position])
            except FrameError as error:
                refused[position] = BadFrame(position, error)
        return _decode_without(frames, refused, self._scale)


def _decode_without(frames: Sequence[Bytes], refused: dict[int, BadFrame], scale: StreamScale) -> FrameBatch:
    """Decode all frames but those that were refused already."""
    kept = np.array([place for place in range(len(frames)) if place not in refused], dtype=np.int64)
    batch = decode_frames([frames[place] for place in kept.tolist()], scale)
    bad = [BadFrame(int(kept[one.position]), one.error) for one in batch.bad_frames]
    bad_frames = tuple(sorted([*bad, *refused.values()], key=lambda one: one.position))
    return replace(batch, positions=kept[batch.positions], bad_frames=bad_frames)
