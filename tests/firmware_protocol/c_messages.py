"""Messages as the numbers that the driver of the C encoder reads."""

from itertools import chain

import numpy as np
import numpy.typing as npt
from c_targets import Encoder
from test_protocol_document import table

import firmware_protocol as protocol
from firmware_protocol import Capabilities, Feature, FrameError, Opcode, RefusedAnswer, Status
from firmware_protocol.wire import WireField

ALL_FEATURES = 0xFFFF
NEEDED_FEATURES = {
    Opcode[row["name"]]: Feature.NONE if row["needs feature"] == "-" else Feature[row["needs feature"]]
    for row in table("5.1 Opcodes")
}


def expect(encoder: Encoder, word: str, numbers: list[int], expected: bytes) -> None:
    """The message is encoded where it has room, and refused, with nothing written, where it has not."""
    for room in (len(expected), len(expected) + 1, 600):
        assert encoder.ask(word, room, *numbers) == expected.hex()
    for room in (0, len(expected) // 2, len(expected) - 1):
        assert encoder.ask(word, room, *numbers) == "-"


def count_of(field: WireField, value: object) -> int:
    """The count on the wire of a field's value."""
    return int.from_bytes(field.pack(value), "little", signed=field.kind == "i16")


def counts_of(fields: tuple[WireField, ...], message: object) -> list[int]:
    return [count_of(field, getattr(message, field.name)) for field in fields]


def frame_numbers(counts: npt.NDArray[np.int16], header: dict[str, int]) -> list[int]:
    names = ("flags", "sequence", "first_sample_index", "first_tick", "interval_ticks")
    return [*(header[name] for name in names), len(counts), len(counts), *counts.ravel().tolist()]


def python_frame(counts: npt.NDArray[np.int16], header: dict[str, int]) -> bytes:
    rest = {name: value for name, value in header.items() if name != "flags"}
    return protocol.encode_frame(counts, flags=protocol.FrameFlag(header["flags"]), **rest)


def capability_numbers(c: Capabilities) -> list[int]:
    firmware = c.firmware.encode()
    rates = [round(rate * 10) for rate in c.sample_rates_hz]
    lists = ([*c.device_id], [len(firmware), *firmware], [c.tick_rate_hz], [len(rates), *rates])
    ranges = (c.accelerometer_ranges_g, c.gyroscope_ranges_dps)
    in_force = (c.accelerometer_range_g, c.gyroscope_range_dps)
    last = (*in_force, c.ring_buffer_samples, int(c.features), int(c.placement))
    return [*chain(*lists), *chain(*((len(offered), *offered) for offered in ranges)), *last]


def answer_numbers(answer: protocol.AnyAnswer) -> list[int]:
    if isinstance(answer, RefusedAnswer):
        oldest = [] if answer.oldest_sample_index is None else [answer.oldest_sample_index]
        return [int(answer.opcode), answer.request_id, int(answer.status), *oldest]
    return [int(answer.opcode), answer.request_id, int(Status.OK), *counts_of(answer.wire, answer)]


def parsed(data: bytes, features: int = ALL_FEATURES) -> str:
    """What the C code is to make of a request's bytes, from what the Python code makes of them."""
    try:
        request = protocol.decode_request(data)
    except FrameError as error:
        refusal = protocol.refusal_of(data, error)
        if refusal is None:
            return "-1"
        if data[0] in NEEDED_FEATURES and NEEDED_FEATURES[Opcode(data[0])] & ~features:
            return f"{int(Status.BAD_OPCODE)} {data[0]} {data[1]}"
        return f"{int(refusal.status)} {int(refusal.opcode)} {refusal.request_id}"
    status = Status.BAD_OPCODE if NEEDED_FEATURES[request.opcode] & ~features else Status.OK
    arguments = counts_of(request.wire, request) if status == Status.OK else []
    return " ".join(map(str, (int(status), int(request.opcode), request.request_id, *arguments)))
