"""The protocol's numbers as a C header, from the same definitions that the Python code works with."""

import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import IntEnum, IntFlag
from typing import Final, TypeAlias

from firmware_protocol import backfill, service, stream
from firmware_protocol.capabilities import DEVICE_ID_BYTES, FIRMWARE_BYTES_MAXIMUM, CapabilityTag
from firmware_protocol.control import ANSWER_ARGUMENTS_OFFSET, ANSWER_BIT, REQUEST_ARGUMENTS_OFFSET
from firmware_protocol.control_answers import ANSWER_TYPES, Answer
from firmware_protocol.control_requests import REQUEST_TYPES, Request
from firmware_protocol.status import SensorStatus
from firmware_protocol.wire import WireField, fields_size

Definition: TypeAlias = tuple[str, str]
"""Name of a macro, without the prefix that all share, and what it stands for."""
Section: TypeAlias = tuple[str, Iterable[Definition]]

_GUARD: Final = "HIP_IMU_CONSTANTS_H"
_OPENING: Final = f"""\
/* HIP IMU service, version {service.PROTOCOL_MAJOR}.{service.PROTOCOL_MINOR}: the protocol's numbers.
 *
 * Made from the definitions of the receiver's code by `make c-constants`: do not edit. PROTOCOL.md has the
 * meaning and unit of each. Offsets count from the first byte of the value or message, in bytes.
 */
"""
_CODES: Final[tuple[tuple[str, str, type[IntEnum] | type[IntFlag], int], ...]] = (
    ("Sample layouts.", "LAYOUT", service.Layout, 2),
    ("Bits of a frame's flags.", "FLAG", service.FrameFlag, 2),
    ("Tags of the Capabilities characteristic.", "TAG", CapabilityTag, 2),
    ("Bits of FEATURES in the capabilities.", "FEATURE", service.Feature, 4),
    ("Where a sensor is told that it sits.", "PLACEMENT", service.PlacementCode, 2),
    ("Opcodes of requests.", "OPCODE", service.Opcode, 2),
    ("Status codes of answers.", "STATUS", service.Status, 2),
    ("Bits of what a self-test found wrong.", "FAILURE", service.SelfTestFailure, 4),
    ("What a sensor is doing.", "STATE", service.SensorState, 2),
    ("Bits of how a sensor is powered.", "POWER", service.PowerFlag, 2),
)
_UUIDS: Final = (
    "SERVICE_UUID",
    "CAPABILITIES_UUID",
    "CONTROL_UUID",
    "STREAM_UUID",
    "STATUS_UUID",
    "BACKFILL_UUID",
    "BATTERY_SERVICE_UUID",
    "BATTERY_LEVEL_UUID",
    "DEVICE_INFORMATION_SERVICE_UUID",
)


def constants_header() -> str:
    """Text of `hip_imu_constants.h`."""
    sections: list[Section] = [("Version.", _version()), *_uuids(), ("Stream frame.", _frame())]
    sections.append(("Backfill record: a frame and its checksum.", _record()))
    sections += [(title, _codes(prefix, kind, digits)) for title, prefix, kind, digits in _CODES]
    sections += [
        ("Capabilities.", _capabilities()),
        ("Control point.", _control_point()),
        *_messages("request", REQUEST_ARGUMENTS_OFFSET, _wires(REQUEST_TYPES)),
        *_messages("answer", ANSWER_ARGUMENTS_OFFSET, _wires(ANSWER_TYPES)),
        *_messages("status", 0, [("SENSOR", SensorStatus.wire)]),
    ]
    body = "\n".join(_section(*section) for section in sections)
    return f"{_OPENING}\n#ifndef {_GUARD}\n#define {_GUARD}\n\n{body}\n#endif\n"


def _section(title: str, definitions: Iterable[Definition]) -> str:
    lines = "".join(f"#define HIP_IMU_{name} {value}\n" for name, value in definitions)
    return f"/* {title} */\n{lines}"


def _version() -> Iterator[Definition]:
    yield "PROTOCOL_MAJOR", str(service.PROTOCOL_MAJOR)
    yield "PROTOCOL_MINOR", str(service.PROTOCOL_MINOR)


def _uuids() -> Iterator[Section]:
    values = [(name, getattr(service, name)) for name in _UUIDS]
    yield "UUIDs as text.", [(name, f'"{value}"') for name, value in values]
    yield (
        "UUIDs as bytes, the least significant first, as they are advertised: initialisers of uint8_t[16].",
        [(f"{name}_BYTES", _initialiser(uuid.UUID(value).bytes[::-1])) for name, value in values],
    )


def _initialiser(data: bytes) -> str:
    halves = (", ".join(f"0x{byte:02x}" for byte in half) for half in (data[:8], data[8:]))
    return "\\\n    {" + ", \\\n     ".join(halves) + "}"


def _frame() -> Iterator[Definition]:
    yield "FRAME_HEADER_BYTES", str(stream.HEADER_BYTES)
    yield "FRAME_VERSION_AND_HEADER_LENGTH", f"0x{stream.VERSION_BYTE:02x}"
    for name, offset in stream.HEADER_OFFSETS.items():
        yield f"FRAME_{name.upper()}_OFFSET", str(offset)
    yield "SAMPLE_BYTES", str(stream.SAMPLE_BYTES)
    yield "FULL_SCALE_COUNTS", str(stream.FULL_SCALE_COUNTS)
    yield "SATURATED_COUNTS", str(stream.SATURATED_COUNTS)
    yield "ATT_HEADER_BYTES", str(stream.ATT_HEADER_BYTES)
    yield "ATT_VALUE_BYTES", str(stream.ATT_VALUE_BYTES)
    yield "MINIMUM_MTU", str(stream.MINIMUM_MTU)
    largest_mtu = stream.ATT_VALUE_BYTES + stream.ATT_HEADER_BYTES
    yield "FRAME_SAMPLES_MAXIMUM", str(stream.samples_per_frame(largest_mtu))
    yield "FLAG_RESERVED", f"0x{stream.RESERVED_FLAGS:02x}"


def _record() -> Iterator[Definition]:
    yield "CHECKSUM_BYTES", str(backfill.CHECKSUM_BYTES)
    largest_mtu = stream.ATT_VALUE_BYTES + stream.ATT_HEADER_BYTES
    yield "RECORD_SAMPLES_MAXIMUM", str(backfill.samples_per_record(largest_mtu))


def _codes(prefix: str, kind: type[IntEnum] | type[IntFlag], digits: int) -> Iterator[Definition]:
    # A flag's empty value is no member that iteration gives, and needs no name in C.
    for member in kind:
        yield f"{prefix}_{member.name}", f"0x{int(member):0{digits}x}"


def _capabilities() -> Iterator[Definition]:
    yield "DEVICE_ID_BYTES", str(DEVICE_ID_BYTES)
    yield "FIRMWARE_BYTES_MAXIMUM", str(FIRMWARE_BYTES_MAXIMUM)


def _control_point() -> Iterator[Definition]:
    yield "ANSWER_BIT", f"0x{ANSWER_BIT:02x}"
    yield "REQUEST_ARGUMENTS_OFFSET", str(REQUEST_ARGUMENTS_OFFSET)
    yield "ANSWER_ARGUMENTS_OFFSET", str(ANSWER_ARGUMENTS_OFFSET)


def _wires(
    kinds: Mapping[service.Opcode, type[Request] | type[Answer]],
) -> list[tuple[str, Sequence[WireField]]]:
    return [(opcode.name, kind.wire) for opcode, kind in kinds.items()]


def _messages(
    word: str, arguments_offset: int, messages: Iterable[tuple[str, Sequence[WireField]]]
) -> Iterator[Section]:
    """Length, offsets, steps and unknown values of each message of one sort."""
    for name, fields in messages:
        prefix = f"{name}_{word.upper()}"
        spoken = f"{name} {word}".replace("_", " ").capitalize()
        yield f"{spoken}.", _message(prefix, arguments_offset, fields)


def _message(prefix: str, offset: int, fields: Sequence[WireField]) -> Iterator[Definition]:
    yield f"{prefix}_BYTES", str(offset + fields_size(fields))
    for field in fields:
        name = f"{prefix}_{field.name.upper()}"
        yield f"{name}_OFFSET", str(offset)
        if field.counts_per_unit != 1:
            yield f"{name}_COUNTS_PER_UNIT", str(field.counts_per_unit)
        if field.absent is not None:
            # A negative number in a macro needs its parentheses.
            yield f"{name}_UNKNOWN", str(field.absent) if field.absent >= 0 else f"({field.absent})"
        offset += field.size
