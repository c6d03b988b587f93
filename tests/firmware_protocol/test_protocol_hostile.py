"""Any bytes at all give a value or a ProtocolError, never another exception."""

import contextlib
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from protocol_strategies import (
    SCALE,
    answers,
    broken_frames,
    capabilities,
    requests,
    statuses,
)

from firmware_protocol import (
    FrameError,
    ProtocolError,
    decode_answer,
    decode_capabilities,
    decode_frame,
    decode_frames,
    decode_request,
    decode_status,
    encode_answer,
    encode_capabilities,
    encode_request,
    encode_status,
    refusal_of,
)

DECODERS: list[Callable[[bytes], object]] = [
    lambda data: decode_frame(data, SCALE),
    decode_capabilities,
    decode_request,
    decode_answer,
    decode_status,
]


@st.composite
def damaged_messages(draw: st.DrawFn) -> bytes:
    """Sound messages with up to three bytes changed."""
    message = draw(
        st.one_of(
            requests().map(encode_request),
            answers().map(encode_answer),
            statuses().map(encode_status),
            capabilities().map(encode_capabilities),
        )
    )
    data = bytearray(message)
    for _ in range(draw(st.integers(1, 3))):
        data[draw(st.integers(0, len(data) - 1))] = draw(st.integers(0, 255))
    return bytes(data)


@pytest.mark.parametrize("decode", DECODERS)
@given(data=st.one_of(st.binary(max_size=600), damaged_messages(), broken_frames()))
def test_any_bytes(decode: Callable[[bytes], object], data: bytes) -> None:
    with contextlib.suppress(ProtocolError):
        decode(data)


@given(data=st.binary(max_size=40))
def test_any_request_is_done_or_refused_in_bytes_that_can_be_read(data: bytes) -> None:
    try:
        decode_request(data)
    except FrameError as error:
        refusal = refusal_of(data, error)
        assert (refusal is None) == (len(data) < 2)
        if refusal is not None:
            assert decode_answer(encode_answer(refusal)) == refusal


@given(frames=st.lists(st.binary(max_size=80), max_size=20))
def test_any_batch_lists_what_it_leaves_out(frames: list[bytes]) -> None:
    batch = decode_frames(frames, SCALE)
    places = [*batch.positions.tolist(), *(bad.position for bad in batch.bad_frames)]
    assert sorted(places) == list(range(len(frames)))


def test_every_first_and_second_byte_of_every_decoder() -> None:
    for first in range(256):
        for second in range(0, 256, 5):
            for decode in DECODERS:
                with contextlib.suppress(ProtocolError):
                    decode(bytes((first, second)) + bytes(30))
