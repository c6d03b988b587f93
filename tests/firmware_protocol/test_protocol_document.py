"""PROTOCOL.md says what the code does: every table in it is held against the package."""

import zlib
from enum import IntEnum, IntFlag
from importlib import resources
from itertools import pairwise

import pytest
from protocol_strategies import SCALE

import firmware_protocol as protocol
from firmware_protocol.backfill import decode_backfill_record, samples_per_record
from firmware_protocol.capabilities import MANDATORY_TAGS
from firmware_protocol.control import ANSWER_ARGUMENTS_OFFSET, REQUEST_ARGUMENTS_OFFSET
from firmware_protocol.control_answers import ANSWER_TYPES
from firmware_protocol.control_requests import REQUEST_TYPES
from firmware_protocol.stream import FULL_SCALE_COUNTS, HEADER_OFFSETS, SAMPLE_BYTES, SATURATED_COUNTS
from firmware_protocol.wire import WireField

TEXT = resources.files("firmware_protocol").joinpath("PROTOCOL.md").read_text(encoding="utf-8")
Row = dict[str, str]


def table(heading: str) -> list[Row]:
    """Rows of the one table under a heading, by column name."""
    section = TEXT.split(f" {heading}\n")[1].split("\n#")[0]
    lines = [line for line in section.splitlines() if line.startswith("|")]
    cells = [[cell.strip().strip("`") for cell in line.strip("|").split("|")] for line in lines]
    return [dict(zip(cells[0], row, strict=True)) for row in cells[2:]]


def examples() -> list[bytes]:
    """The indented blocks of hexadecimal bytes."""
    blocks = TEXT.split("\n\n")
    return [bytes.fromhex(block) for block in blocks if block.startswith("    ")]


@pytest.mark.parametrize(
    ("heading", "column", "kind"),
    [
        ("3.1 Features", "bit", protocol.Feature),
        ("3.2 Placements", "code", protocol.PlacementCode),
        ("4.2 Layouts", "layout", protocol.Layout),
        ("4.3 Flags", "bit", protocol.FrameFlag),
        ("5.1 Opcodes", "opcode", protocol.Opcode),
        ("5.4 Status codes", "code", protocol.Status),
        ("5.5 Self-test failures", "bit", protocol.SelfTestFailure),
        ("6.1 States", "code", protocol.SensorState),
        ("6.2 Power", "bit", protocol.PowerFlag),
        ("3. Capabilities", "tag", protocol.CapabilityTag),
    ],
)
def test_codes(heading: str, column: str, kind: type[IntEnum] | type[IntFlag]) -> None:
    written = {row["name"]: int(row[column], 0) for row in table(heading)}
    assert written == {member.name: int(member) for member in kind}
    assert all(row["meaning"] for row in table(heading) if "meaning" in row)


def test_uuids() -> None:
    written = {row["name"]: row["UUID"] for row in table("2.1 Characteristics")}
    assert written == {
        "Service": protocol.SERVICE_UUID,
        "Capabilities": protocol.CAPABILITIES_UUID,
        "Control point": protocol.CONTROL_UUID,
        "Stream": protocol.STREAM_UUID,
        "Status": protocol.STATUS_UUID,
        "Backfill": protocol.BACKFILL_UUID,
        "Battery service": protocol.BATTERY_SERVICE_UUID,
        "Battery level": protocol.BATTERY_LEVEL_UUID,
        "Device information service": protocol.DEVICE_INFORMATION_SERVICE_UUID,
    }


def test_samples_in_a_frame() -> None:
    rows = table("2.2 MTU and samples in a frame")
    assert rows
    for row in rows:
        samples = protocol.samples_per_frame(int(row["MTU"]))
        assert samples == int(row["samples"])
        assert int(row["frame bytes"]) == (16 + SAMPLE_BYTES * samples if samples else 0)
        again = samples_per_record(int(row["MTU"]))
        assert again == int(row["samples sent again"])
        assert int(row["record bytes"]) == (20 + SAMPLE_BYTES * again if again else 0)
        rate = f"{100 / samples:.2f}" if samples else "none"
        assert row["frames a second at 100 Hz"] == rate
    assert f"Below MTU **{protocol.MINIMUM_MTU}**" in TEXT


def test_mandatory_capabilities() -> None:
    written = {row["name"] for row in table("3. Capabilities") if row["mandatory"] == "yes"}
    assert written == {tag.name for tag in MANDATORY_TAGS}


def test_frame_header() -> None:
    rows = table("4.1 Header")
    assert {row["field"]: int(row["offset"]) for row in rows} == HEADER_OFFSETS
    sizes = [int(row["type"].removeprefix("u")) // 8 for row in rows]
    offsets = [*HEADER_OFFSETS.values(), 16]
    assert sizes == [after - before for before, after in pairwise(offsets)]


def test_layout_and_scale() -> None:
    (row,) = table("4.2 Layouts")
    assert int(row["bytes"]) == SAMPLE_BYTES
    assert f"**{FULL_SCALE_COUNTS} counts**" in TEXT
    assert f"magnitude of **{SATURATED_COUNTS}** or more" in TEXT


def layout_of(name: str, fields: tuple[WireField, ...], offset: int) -> list[tuple[str, int, str, str]]:
    """Message, offset, type and field of each of a message's fields."""
    rows: list[tuple[str, int, str, str]] = []
    for field in fields:
        rows.append((name, offset, field.kind, field.name))
        offset += field.size
    return rows


def unit_of(field: WireField) -> str:
    """The step in which a scaled field counts, as the tables write it."""
    return f"{1 / field.counts_per_unit:g} "


@pytest.mark.parametrize(
    ("heading", "column", "kinds", "start"),
    [
        ("5.2 Request arguments", "request", REQUEST_TYPES, REQUEST_ARGUMENTS_OFFSET),
        ("5.3 Answer arguments", "answer", ANSWER_TYPES, ANSWER_ARGUMENTS_OFFSET),
    ],
)
def test_arguments(
    heading: str,
    column: str,
    kinds: dict[protocol.Opcode, type[protocol.Request] | type[protocol.Answer]],
    start: int,
) -> None:
    written = [(row[column], int(row["offset"]), row["type"], row["field"]) for row in table(heading)]
    expected = [row for opcode, kind in kinds.items() for row in layout_of(opcode.name, kind.wire, start)]
    assert written == expected
    meanings = {(row[column], row["field"]): row["unit and meaning"] for row in table(heading)}
    for opcode, kind in kinds.items():
        for field in kind.wire:
            if field.counts_per_unit != 1:
                assert meanings[opcode.name, field.name].startswith(unit_of(field))


def test_status_fields() -> None:
    rows = table("6. Status")
    written = [("", int(row["offset"]), row["type"], row["field"]) for row in rows]
    assert written == layout_of("", protocol.SensorStatus.wire, 0)
    for row, field in zip(rows, protocol.SensorStatus.wire, strict=True):
        assert field.counts_per_unit == 1 or row["unit and meaning"].startswith(unit_of(field))
        assert field.absent is None or f"{field.absent} unknown" in row["unit and meaning"]


def test_optional_requests_name_their_feature() -> None:
    for row in table("5.1 Opcodes"):
        assert row["needs feature"] == "-" or row["needs feature"] in protocol.Feature.__members__


def test_worked_example() -> None:
    frame, ping, answer, *_ = examples()
    block = protocol.decode_frame(frame, SCALE)
    values = {row["field"]: row["value"] for row in table("9. Worked example")}
    raw = {row["field"]: bytes.fromhex(row["bytes"]) for row in table("9. Worked example")}
    assert b"".join(raw.values()) == frame[:16]
    assert values["flags"] == block.flags.name
    assert int(values["sequence"]) == block.sequence
    assert int(values["first_sample_index"].split(":")[0]) == block.first_sample_index
    assert int(values["first_tick"].split("=")[0]) == block.device_ticks[0]
    assert int(values["interval_ticks"].split("=")[0]) == block.interval_ticks
    assert int(values["sample_count"]) == len(block)
    assert protocol.decode_request(ping) == protocol.PingRequest(7, 1_700_000_000_000_000)
    expected = protocol.PingAnswer(7, 1_700_000_000_000_000, 123_456_789, 123_457_012)
    assert protocol.decode_answer(answer) == expected


def test_worked_example_of_samples_that_were_lost() -> None:
    frame, _, _, request, answer, record, gone = examples()
    assert protocol.decode_request(request) == protocol.FetchRequest(9, 19, 21)
    assert protocol.decode_answer(answer) == protocol.FetchAnswer(9, 19, 21)
    again = decode_backfill_record(record)
    # only flags and sequence differ from the frame that got lost
    assert bytes(again) == bytes([frame[0], frame[1] | protocol.FrameFlag.BACKFILL, 0, 0]) + frame[4:]
    assert int.from_bytes(record[-4:], "little") == 0x244BB5BD
    assert "checksum 0x244BB5BD" in TEXT
    assert protocol.decode_answer(gone) == protocol.RefusedAnswer(
        protocol.Opcode.FETCH, 10, protocol.Status.RANGE_GONE, 108_000
    )


def test_the_checksum_is_the_one_that_is_described() -> None:
    assert f"it is 0x{zlib.crc32(b'123456789'):08X}" in TEXT


def test_answers_to_requests_for_lost_samples_are_status_codes() -> None:
    for row in table("5.7 Samples that were lost"):
        status = row["answer"].split(",")[0].split(";")[0]
        assert status in protocol.Status.__members__


def test_version() -> None:
    assert f"version {protocol.PROTOCOL_MAJOR}.{protocol.PROTOCOL_MINOR}\n" in TEXT
