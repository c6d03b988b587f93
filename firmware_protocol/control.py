"""The control point: requests and answers as bytes, and what a sensor answers to bytes it cannot read."""

from typing import Final

from firmware_protocol.control_answers import ANSWER_TYPES, AnyAnswer, RefusedAnswer
from firmware_protocol.control_requests import REQUEST_TYPES, Request
from firmware_protocol.errors import FrameError, ProtocolError
from firmware_protocol.service import Opcode, Status
from firmware_protocol.wire import Bytes, WireField, pack_fields, unpack_fields

ANSWER_BIT: Final = 0x80
REQUEST_ARGUMENTS_OFFSET: Final = 2
ANSWER_ARGUMENTS_OFFSET: Final = 3
_REQUEST_ID: Final = WireField("request_id", "u8")
_STATUS: Final = WireField("status", "u8")
_OLDEST: Final = WireField("oldest_sample_index", "u32")


def encode_request(request: Request) -> bytes:
    """Bytes to write to the control point; ProtocolError where a value does not fit its field."""
    return (
        bytes((request.opcode,)) + _REQUEST_ID.pack(request.request_id) + pack_fields(request.wire, request)
    )


def decode_request(data: Bytes) -> Request:
    """The request that was written; FrameError where it cannot be read, see `refusal_of`."""
    _need(data, REQUEST_ARGUMENTS_OFFSET)
    opcode = _known_opcode(data[0])
    if not isinstance(opcode, Opcode):
        raise FrameError("opcode", 0, f"unknown opcode {data[0]:#04x}")
    kind = REQUEST_TYPES[opcode]
    values = unpack_fields(kind.wire, data, REQUEST_ARGUMENTS_OFFSET, exact=True)
    named = dict(zip((field.name for field in kind.wire), values, strict=True))
    return kind(data[1], **named)


def refusal_of(data: Bytes, error: FrameError) -> RefusedAnswer | None:
    """What a sensor answers to a request that `decode_request` refused; None where it has no request id."""
    if len(data) < REQUEST_ARGUMENTS_OFFSET:
        return None
    statuses = {"opcode": Status.BAD_OPCODE, "length": Status.BAD_LENGTH}
    return RefusedAnswer(
        _known_opcode(data[0] & ~ANSWER_BIT), data[1], statuses.get(error.field, Status.BAD_PARAMETER)
    )


def encode_answer(answer: AnyAnswer) -> bytes:
    """Bytes to indicate on the control point; ProtocolError where a value does not fit its field."""
    if isinstance(answer, RefusedAnswer):
        return _encode_refusal(answer)
    head = bytes((answer.opcode | ANSWER_BIT,)) + _REQUEST_ID.pack(answer.request_id)
    return head + _STATUS.pack(Status.OK) + pack_fields(answer.wire, answer)


def decode_answer(data: Bytes) -> AnyAnswer:
    """The answer that was indicated; bytes after the known arguments are skipped.

    Raises FrameError where it is no answer, is cut, or has a value without meaning.
    """
    _need(data, ANSWER_ARGUMENTS_OFFSET)
    if not data[0] & ANSWER_BIT:
        raise FrameError("opcode", 0, f"{data[0]:#04x} lacks the answer bit {ANSWER_BIT:#04x}")
    opcode = _known_opcode(data[0] & ~ANSWER_BIT)
    if data[2] != Status.OK:
        return _decode_refusal(data, opcode)
    if not isinstance(opcode, Opcode):
        raise FrameError("opcode", 0, f"unknown opcode {opcode:#04x}")
    kind = ANSWER_TYPES[opcode]
    values = unpack_fields(kind.wire, data, ANSWER_ARGUMENTS_OFFSET, exact=False)
    named = dict(zip((field.name for field in kind.wire), values, strict=True))
    return kind(data[1], **named)


def _encode_refusal(answer: RefusedAnswer) -> bytes:
    if answer.status == Status.OK or not 0 <= answer.opcode < ANSWER_BIT:
        raise ProtocolError(
            f"{answer!r} is no refusal", advice="Give a status other than OK and an opcode below 0x80."
        )
    if (answer.oldest_sample_index is not None) != (answer.status == Status.RANGE_GONE):
        raise ProtocolError(
            f"{answer!r}: the oldest sample index goes with RANGE_GONE",
            advice="Give it there and nowhere else.",
        )
    head = bytes((answer.opcode | ANSWER_BIT,)) + _REQUEST_ID.pack(answer.request_id)
    oldest = b"" if answer.oldest_sample_index is None else _OLDEST.pack(answer.oldest_sample_index)
    return head + _STATUS.pack(answer.status) + oldest


def _decode_refusal(data: Bytes, opcode: Opcode | int) -> RefusedAnswer:
    status: Status | int = data[2]
    try:
        status = Status(status)
    except ValueError:
        return RefusedAnswer(opcode, data[1], status)
    if status != Status.RANGE_GONE:
        return RefusedAnswer(opcode, data[1], status)
    end = ANSWER_ARGUMENTS_OFFSET + _OLDEST.size
    _need(data, end)
    oldest = int.from_bytes(data[ANSWER_ARGUMENTS_OFFSET:end], "little")
    return RefusedAnswer(opcode, data[1], status, oldest)


def _known_opcode(number: int) -> Opcode | int:
    try:
        return Opcode(number)
    except ValueError:
        return number


def _need(data: Bytes, size: int) -> None:
    if len(data) < size:
        raise FrameError("length", len(data), f"{len(data)} bytes, at least {size} expected")
