"""All inputs that the fuzzer begins with or that were kept go through their decoders; none is left out."""

import inspect
import pkgutil
from importlib import import_module

import pytest
from fuzz_streams import pack, unpack
from fuzz_targets import CORPUS, MESSAGES, STREAMS, inputs, run
from hypothesis import given
from hypothesis import strategies as st

import firmware_protocol
from firmware_protocol import makers

NAMES = [*MESSAGES, *STREAMS]


@pytest.mark.parametrize("name", NAMES)
def test_every_input_is_decoded_or_refused(name: str) -> None:
    begun = inputs(name)
    assert begun
    for data in begun:
        run(name, data)


@pytest.mark.parametrize("name", STREAMS)
def test_some_input_of_each_stream_gives_samples(name: str) -> None:
    assert max(STREAMS[name](data) for data in inputs(name)) > 0


@pytest.mark.parametrize("name", NAMES)
@given(data=st.binary(max_size=300))
def test_any_bytes_are_decoded_or_refused(name: str, data: bytes) -> None:
    run(name, data)


@pytest.mark.parametrize("name", STREAMS)
@given(data=st.data())
def test_golden_notifications_in_any_order_and_cut_anywhere(name: str, data: st.DataObject) -> None:
    _, payloads, _ = unpack(inputs(name)[0])
    pauses_ms = st.one_of(st.integers(0, 60), st.sampled_from([-1, -20_000, 500, 3000, 12_000]))
    cut = st.one_of(st.just(255), st.integers(0, 255))
    chosen = data.draw(st.lists(st.tuples(pauses_ms, st.sampled_from(payloads), cut), max_size=20))
    settings = data.draw(st.integers(0, 3))
    run(name, pack([(pause_ms, payload[:end]) for pause_ms, payload, end in chosen], settings))


@given(
    notifications=st.lists(st.tuples(st.integers(-(2**15), 2**15 - 1), st.binary(max_size=255)), max_size=5)
)
def test_inputs_are_notifications(notifications: list[tuple[int, bytes]]) -> None:
    _, payloads, received_ns = unpack(pack(notifications))
    assert payloads == [payload for _, payload in notifications]
    assert [*received_ns[1:] - received_ns[:-1]] == [
        pause_ms * 1_000_000 for pause_ms, _ in notifications[1:]
    ]


def test_every_makers_decoder_is_a_target() -> None:
    modules = [
        import_module(f"{makers.__name__}.{found.name}") for found in pkgutil.iter_modules(makers.__path__)
    ]
    modules += [import_module(f"firmware_protocol.{name}") for name in ("hip_imu_decoder",)]
    decoders = {
        name
        for module in modules
        for name, kind in inspect.getmembers(module, inspect.isclass)
        if name.endswith("Decoder") and name != "StreamDecoder" and kind.__module__ == module.__name__
    }
    assert len(decoders) == len(STREAMS), f"a decoder has no target, or a target none: {sorted(decoders)}"


def test_kept_inputs_are_of_targets() -> None:
    assert firmware_protocol.__file__ is not None
    assert {file.stem for file in CORPUS.glob("*.txt")} <= set(NAMES)
