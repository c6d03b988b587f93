"""Schema, channel and metadata records out of bytes that cannot be trusted."""

from dataclasses import dataclass

from mcap.opcode import Opcode
from mcap.records import Channel, Metadata, Schema

_MAX_ENTRIES = 64


class _BadRecordError(ValueError):
    """The bytes are not the record."""


@dataclass(slots=True)
class _Cursor:
    data: bytes
    at: int = 0

    def take(self, length: int) -> bytes:
        end = self.at + length
        if end > len(self.data):
            raise _BadRecordError
        part = self.data[self.at : end]
        self.at = end
        return part

    def number(self, length: int) -> int:
        return int.from_bytes(self.take(length), "little")

    def text(self) -> str:
        return self.take(self.number(4)).decode()

    def entries(self) -> dict[str, str]:
        end = self.number(4) + self.at
        entries: dict[str, str] = {}
        while self.at < end:
            if len(entries) == _MAX_ENTRIES:
                raise _BadRecordError
            key = self.text()
            if key in entries:
                raise _BadRecordError
            entries[key] = self.text()
        if self.at != end:
            raise _BadRecordError
        return entries


def is_header(content: bytes) -> bool:
    """True for the content of MCAP's own header record: two texts and nothing else."""
    cursor = _Cursor(content)
    try:
        cursor.text()
        cursor.text()
    except ValueError:
        return False
    return cursor.at == len(content)


def parse_record(opcode: int, content: bytes) -> Schema | Channel | Metadata | None:
    """A schema, channel or metadata record; None where the bytes are not exactly one.

    mcap's own classes take a short read for a whole one and any number of entries.
    """
    cursor = _Cursor(content)
    record: Schema | Channel | Metadata
    try:
        if opcode == Opcode.SCHEMA:
            number, name, encoding = cursor.number(2), cursor.text(), cursor.text()
            record = Schema(id=number, name=name, encoding=encoding, data=cursor.take(cursor.number(4)))
        elif opcode == Opcode.CHANNEL:
            number, schema, topic, encoding = cursor.number(2), cursor.number(2), cursor.text(), cursor.text()
            record = Channel(
                id=number, schema_id=schema, topic=topic, message_encoding=encoding, metadata=cursor.entries()
            )
        elif opcode == Opcode.METADATA:
            record = Metadata(name=cursor.text(), metadata=cursor.entries())
        else:
            return None
    except ValueError:  # also what is no UTF-8
        return None
    return record if cursor.at == len(content) else None
