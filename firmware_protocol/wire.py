"""Fields of a message as a table, and the one codec that packs and unpacks by it. Little-endian."""

import operator
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Literal, SupportsFloat, SupportsIndex, TypeAlias, cast

from firmware_protocol.errors import FrameError, ProtocolError

Bytes: TypeAlias = bytes | bytearray
Kind: TypeAlias = Literal["u8", "u16", "u32", "u64", "i16"]

_KINDS: Final[dict[Kind, tuple[int, bool]]] = {
    "u8": (1, False),
    "u16": (2, False),
    "u32": (4, False),
    "u64": (8, False),
    "i16": (2, True),
}
_VALUE_ADVICE: Final = "Give a value that the field can carry; PROTOCOL.md has its width and unit."


@dataclass(frozen=True, slots=True)
class WireField:
    """One field of a message.

    Attributes:
        name: the field's name, the same as the dataclass attribute that it fills.
        kind: width and sign on the wire.
        counts_per_unit: integer counts on the wire for one unit of the attribute.
        absent: the count that stands for "not known", which the attribute has as None.
        convert: makes the attribute's value from the count; its ValueError marks an unknown count.
    """

    name: str
    kind: Kind
    counts_per_unit: int = 1
    absent: int | None = None
    convert: Callable[[int], int] | None = None

    @property
    def size(self) -> int:
        """Bytes on the wire."""
        return _KINDS[self.kind][0]

    def pack(self, value: object) -> bytes:
        """Bytes of a value; ProtocolError where the field cannot carry it exactly."""
        size, signed = _KINDS[self.kind]
        count = self._count(value)
        try:
            return count.to_bytes(size, "little", signed=signed)
        except OverflowError:
            raise self._refused(value) from None

    def unpack(self, data: Bytes, offset: int) -> float | int | None:
        """Value of the bytes at the offset; FrameError where they have no meaning."""
        size, signed = _KINDS[self.kind]
        count = int.from_bytes(data[offset : offset + size], "little", signed=signed)
        if count == self.absent:
            return None
        if self.counts_per_unit != 1:
            return count / self.counts_per_unit
        if self.convert is None:
            return count
        try:
            return self.convert(count)
        except ValueError:
            raise FrameError(self.name, offset, f"value {count} has no meaning") from None

    def _count(self, value: object) -> int:
        if value is None and self.absent is not None:
            return self.absent
        try:
            if self.counts_per_unit == 1:
                scaled: float = operator.index(cast("SupportsIndex", value))
            else:
                scaled = float(cast("SupportsFloat", value)) * self.counts_per_unit
            count = round(scaled)
        except (TypeError, ValueError, OverflowError):
            raise self._refused(value) from None
        # Decimal fractions have no exact binary form; a step of the field is never this small.
        if count == self.absent or abs(count - scaled) > 1e-6:
            raise self._refused(value)
        return count

    def _refused(self, value: object) -> ProtocolError:
        step = "" if self.counts_per_unit == 1 else f" in steps of 1/{self.counts_per_unit}"
        return ProtocolError(f"{self.name} = {value!r} does not fit {self.kind}{step}", advice=_VALUE_ADVICE)


def fields_size(fields: Sequence[WireField]) -> int:
    """Bytes that the fields take together."""
    return sum(field.size for field in fields)


def pack_fields(fields: Sequence[WireField], message: object) -> bytes:
    """The message's attributes as bytes, in the order of the fields; ProtocolError where one does not fit."""
    return b"".join(field.pack(getattr(message, field.name)) for field in fields)


def unpack_fields(
    fields: Sequence[WireField], data: Bytes, offset: int, *, exact: bool
) -> list[float | int | None]:
    """Values of the fields from the offset on, in order.

    Raises FrameError where bytes are missing, where a count has no meaning, and with `exact` where bytes
    are left over; without it they are skipped, since a later minor version may append fields.
    """
    end = offset + fields_size(fields)
    if len(data) < end or (exact and len(data) > end):
        raise FrameError("length", min(len(data), end), f"{len(data)} bytes, {end} expected")
    values = []
    for field in fields:
        values.append(field.unpack(data, offset))
        offset += field.size
    return values
