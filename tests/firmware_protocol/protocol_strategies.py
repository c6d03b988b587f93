"""Random but sound values of every message, and frames that break the protocol."""

from enum import EnumType, IntEnum
from typing import Any

import numpy as np
import numpy.typing as npt
from hypothesis import strategies as st

from firmware_protocol import (
    Answer,
    AnyAnswer,
    Capabilities,
    Feature,
    FrameFlag,
    ImuBlock,
    PlacementCode,
    RefusedAnswer,
    Request,
    SensorStatus,
    Status,
    StreamScale,
    encode_frame,
)
from firmware_protocol.control_answers import ANSWER_TYPES
from firmware_protocol.control_requests import REQUEST_TYPES
from firmware_protocol.wire import WireField

U8, U16, U32, U64 = 0xFF, 0xFFFF, 0xFFFF_FFFF, 0xFFFF_FFFF_FFFF_FFFF
RANGES = {"u8": (0, U8), "u16": (0, U16), "u32": (0, U32), "u64": (0, U64), "i16": (-0x8000, 0x7FFF)}
SCALE = StreamScale.from_ranges(16, 2000)


def field_values(field: WireField) -> st.SearchStrategy[Any]:
    """Values that a field can carry."""
    if isinstance(field.convert, EnumType) and issubclass(field.convert, IntEnum):
        return st.sampled_from(field.convert)
    low, high = RANGES[field.kind]
    numbers: st.SearchStrategy[Any] = st.integers(low, high).filter(lambda count: count != field.absent)
    if field.convert is not None:
        return numbers.map(field.convert)
    if field.counts_per_unit != 1:
        numbers = numbers.map(lambda count: count / field.counts_per_unit)
    return numbers if field.absent is None else st.one_of(st.none(), numbers)


def messages(
    kind: type[Any], fields: tuple[WireField, ...], **more: st.SearchStrategy[int]
) -> st.SearchStrategy[Any]:
    """Messages of one kind."""
    return st.builds(kind, **{field.name: field_values(field) for field in fields}, **more)


def requests() -> st.SearchStrategy[Request]:
    """Requests of every kind."""
    ids = st.integers(0, U8)
    return st.one_of([messages(kind, kind.wire, request_id=ids) for kind in REQUEST_TYPES.values()])


def answers() -> st.SearchStrategy[AnyAnswer]:
    """Answers of every kind, and refusals."""
    ids = st.integers(0, U8)
    done: list[st.SearchStrategy[Answer]] = [
        messages(kind, kind.wire, request_id=ids) for kind in ANSWER_TYPES.values()
    ]
    refusal = st.builds(
        RefusedAnswer,
        opcode=st.integers(0, 0x7F),
        request_id=ids,
        status=st.integers(1, U8).filter(lambda code: code != Status.RANGE_GONE),
    )
    gone = st.builds(
        RefusedAnswer,
        opcode=st.sampled_from([5, 6]),
        request_id=ids,
        status=st.just(Status.RANGE_GONE),
        oldest_sample_index=st.integers(0, U32),
    )
    return st.one_of(*done, refusal, gone)


def statuses() -> st.SearchStrategy[SensorStatus]:
    """Status characteristics of this major version."""
    return messages(SensorStatus, SensorStatus.wire[1:])


@st.composite
def capabilities(draw: st.DrawFn) -> Capabilities:
    """Capabilities that a sensor could have."""
    accelerometer = draw(st.lists(st.integers(1, U8), min_size=1, max_size=8))
    gyroscope = draw(st.lists(st.integers(1, U16), min_size=1, max_size=8))
    rates = draw(st.lists(st.integers(1, U16), min_size=1, max_size=20))
    return Capabilities(
        device_id=draw(st.binary(min_size=8, max_size=8)),
        firmware=draw(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=16)),
        tick_rate_hz=draw(st.integers(1, U32)),
        sample_rates_hz=tuple(rate / 10 for rate in rates),
        accelerometer_ranges_g=tuple(accelerometer),
        gyroscope_ranges_dps=tuple(gyroscope),
        accelerometer_range_g=draw(st.sampled_from(accelerometer)),
        gyroscope_range_dps=draw(st.sampled_from(gyroscope)),
        ring_buffer_samples=draw(st.integers(0, U32)),
        layouts=tuple(draw(st.lists(st.integers(0, U8), min_size=1, max_size=4))),
        features=Feature(draw(st.integers(0, U16))),
        placement=draw(st.sampled_from(PlacementCode)),
        protocol_minor=draw(st.integers(0, U8)),
    )


@st.composite
def sample_counts(draw: st.DrawFn) -> npt.NDArray[np.int16]:
    """(N, 6) counts, often at the ends of the range."""
    rows = draw(st.integers(1, 41))
    generator = np.random.default_rng(draw(st.integers(0, U32)))
    counts = generator.integers(-0x8000, 0x8000, (rows, 6)).astype(np.int16)
    edge = draw(st.sampled_from([None, -0x8000, 0x7FFF, 32440, 32441, -32440, -32441]))
    if edge is not None:
        counts[:] = counts // 2
        counts[draw(st.integers(0, rows - 1)), draw(st.integers(0, 5))] = edge
    return counts


@st.composite
def good_frames(draw: st.DrawFn) -> bytes:
    """Frames of any content, some with a longer header."""
    frame = encode_frame(
        draw(sample_counts()),
        first_sample_index=draw(st.integers(0, U32)),
        first_tick=draw(st.integers(0, U32)),
        interval_ticks=draw(st.integers(1, U16)),
        sequence=draw(st.integers(0, U16)),
        flags=FrameFlag(draw(st.integers(0, 0x7F))),
    )
    words = draw(st.sampled_from([0, 0, 0, 1, 2, 11]))
    extension = draw(st.binary(min_size=4 * words, max_size=4 * words))
    return bytes((frame[0] + words,)) + frame[1:16] + extension + frame[16:]


@st.composite
def broken_frames(draw: st.DrawFn) -> bytes:
    """Frames with a byte changed, cut or added, and plain rubbish; now and then one is good after all."""
    frame = bytearray(draw(good_frames()))
    kind = draw(st.sampled_from(["change", "cut", "grow", "rubbish"]))
    if kind == "change":
        frame[draw(st.sampled_from([0, 1, 12, 13, 14, 15]))] = draw(st.integers(0, U8))
    elif kind == "cut":
        del frame[draw(st.integers(0, len(frame) - 1)) :]
    elif kind == "grow":
        frame += draw(st.binary(min_size=1, max_size=13))
    else:
        frame = bytearray(draw(st.binary(max_size=64)))
    return bytes(frame)


def same_samples(one: ImuBlock, other: ImuBlock) -> bool:
    """True where two blocks are equal to the last bit."""
    heads = [(b.interval_ticks, b.first_sample_index, b.sequence, b.flags) for b in (one, other)]
    arrays = [
        tuple(
            (array.dtype, array.shape, array.tobytes())
            for array in (
                block.accelerometer_m_per_s2,
                block.gyroscope_rad_per_s,
                block.device_ticks,
                block.saturated,
            )
        )
        for block in (one, other)
    ]
    return heads[0] == heads[1] and arrays[0] == arrays[1]
