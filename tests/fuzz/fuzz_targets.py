"""Every decoder of firmware_protocol as a function of any bytes, of which only a ProtocolError may come."""

import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from importlib import resources
from pathlib import Path
from typing import TypeAlias

import numpy as np
from fuzz_streams import STREAM_SETTINGS, check_stream, pack

import firmware_protocol as protocol
from firmware_protocol import ProtocolError, StreamScale
from firmware_protocol.backfill import decode_backfill_record, is_backfill_record
from firmware_protocol.decoder import StreamDecoder
from firmware_protocol.hip_imu_decoder import HipImuDecoder
from firmware_protocol.makers import (
    metamotion,
    metamotion_registers,
    movella_dot,
    movella_dot_stream,
    movesense,
    movesense_control,
    polar,
    polar_control,
    polar_frames,
    witmotion,
    witmotion_stream,
)
from firmware_protocol.makers.stream_settings import StreamSettings

Target: TypeAlias = Callable[[bytes], None]

CORPUS = Path(__file__).parent / "corpus"
_SCALE = StreamScale.from_ranges(16, 2000)
_POLAR_NOTIFICATIONS = tuple(
    polar_frames.encode_frame(kind, 2 * 10**9, np.full((2, 3), 32_767), frame_type=polar_frames.DIFFERENCES)
    for kind in (polar_frames.Measurement.ACCELEROMETER, polar_frames.Measurement.GYROSCOPE)
)
"""The largest counts of both streams, to be multiplied by whatever factors settings have."""
_CAPABILITIES = protocol.Capabilities(
    device_id=bytes(8),
    firmware="1.0.0",
    tick_rate_hz=1_000_000,
    sample_rates_hz=(100.0,),
    accelerometer_ranges_g=(16,),
    gyroscope_ranges_dps=(2000,),
    accelerometer_range_g=16,
    gyroscope_range_dps=2000,
    ring_buffer_samples=0,
)


def refuses(decode: Callable[[bytes], object]) -> Target:
    """A target of one message: it is decoded, or refused as it must be."""

    def target(data: bytes) -> None:
        with suppress(ProtocolError):
            decode(data)

    return target


def _metamotion_battery(data: bytes) -> object:
    answer = metamotion_registers.decode_answer(data)
    return answer and (metamotion_registers.decode_info(answer), metamotion_registers.decode_battery(answer))


def _backfill_record(data: bytes) -> object:
    is_backfill_record(data)
    return decode_backfill_record(data)


def _polar_decoder(settings: StreamSettings) -> StreamDecoder:
    largest = settings is STREAM_SETTINGS[-1]
    factors = (999_999.0, 999_999.0) if largest else (0.000244, 0.07)
    return polar.PolarDecoder(
        polar.PolarSettings(
            settings.rate_hz, settings.accelerometer_range_g, settings.gyroscope_range_dps, "", "", *factors
        )
    )


def _polar_with_settings(data: bytes) -> object:
    decoder = polar.PolarDecoder(polar.PolarSettings.decode(data))
    return decoder.decode(_POLAR_NOTIFICATIONS, np.arange(1, 1 + len(_POLAR_NOTIFICATIONS)) * 10**9)


MESSAGES: dict[str, Target] = {
    "hip_imu_capabilities": refuses(protocol.decode_capabilities),
    "hip_imu_status": refuses(protocol.decode_status),
    "hip_imu_request": refuses(protocol.decode_request),
    "hip_imu_answer": refuses(protocol.decode_answer),
    "hip_imu_frame": refuses(lambda data: protocol.decode_frame(data, _SCALE)),
    "hip_imu_backfill": refuses(_backfill_record),
    "stream_settings": refuses(StreamSettings.decode),
    "polar_settings": refuses(_polar_with_settings),
    "polar_control": refuses(lambda data: polar_control.decode_settings(data[1:])),
    "polar_answer": refuses(polar_control.decode_answer),
    "polar_frame": refuses(polar_frames.decode_frame),
    "movesense_answer": refuses(movesense_control.decode_answer),
    "movesense_hello": refuses(movesense_control.decode_hello),
    "movesense_command": refuses(movesense_control.decode_command),
    "movella_dot_information": refuses(movella_dot.decode_information),
    "movella_dot_rate": refuses(movella_dot.rate_hz),
    "witmotion_command": refuses(witmotion.parse_command),
    "witmotion_reply": refuses(witmotion.decode_reply),
    "metamotion_answer": refuses(_metamotion_battery),
    "metamotion_samples": refuses(metamotion.decode_samples),
}

STREAMS: dict[str, Callable[[bytes], int]] = {
    "hip_imu": partial(check_stream, lambda _: HipImuDecoder(_CAPABILITIES)),
    "polar": partial(check_stream, _polar_decoder),
    "movesense": partial(check_stream, movesense.MovesenseDecoder),
    "movella_dot": partial(check_stream, movella_dot_stream.MovellaDotDecoder),
    "witmotion": partial(check_stream, witmotion_stream.WitMotionDecoder),
    "metamotion": partial(check_stream, metamotion.MetaMotionDecoder),
}


def run(name: str, data: bytes) -> None:
    """Give any bytes to a target."""
    if name in STREAMS:
        STREAMS[name](data)
    else:
        MESSAGES[name](data)


def inputs(name: str) -> list[bytes]:
    """Inputs that a target begins with: golden vectors of its maker, and what was found and kept."""
    vectors = list(_vectors(name))
    if name in STREAMS:
        several = pack([(30, vector) for vector in vectors if len(vector) < 256] * 2)
        vectors = [several, *(pack([(30, vector)]) for vector in vectors if len(vector) < 256)]
    kept = CORPUS / f"{name}.txt"
    lines = kept.read_text(encoding="ascii").split() if kept.exists() else []
    return [*vectors, *map(bytes.fromhex, lines)]


def _vectors(name: str) -> Iterator[bytes]:
    """All bytes that the golden vectors of a target's maker hold, whatever they are for."""
    if name == "stream_settings":
        yield STREAM_SETTINGS[0].encode()
        return
    golden = resources.files("firmware_protocol")
    makers = [file for file in golden.joinpath("makers/golden").iterdir() if file.name.endswith(".json")]
    own = [file for file in makers if name.startswith(file.name.removesuffix(".json"))]
    vectors = own[0] if own else golden.joinpath("golden_vectors.json")
    yield from _hexadecimal(json.loads(vectors.read_text(encoding="utf-8")))


def _hexadecimal(value: object) -> Iterator[bytes]:
    if isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _hexadecimal(inner)
    elif isinstance(value, str):
        with suppress(ValueError):
            yield bytes.fromhex(value)
