"""Events of a recording as JSON messages: phase marks and everything else that happens."""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass

from tracker.model import Edge, PhaseKind, PhaseMark, Posture, ReferenceRecipe, Side
from tracker.recording.format import MAX_PAYLOAD_BYTES
from tracker.recording.header import RecordingHeader, header_from_metadata, header_to_metadata

MARK = "mark"
SESSION_EVENT = "session"


@dataclass(frozen=True, slots=True)
class RecordingEvent:
    """Something that happened beside the samples: a link state, a battery level, a note.

    Attributes:
        kind: what it is, for example `link`, `battery`, `note`.
        time_s: seconds since the recording's start.
        data: the rest of the event, JSON values by name.
    """

    kind: str
    time_s: float
    data: Mapping[str, object]


class BadEventError(ValueError):
    """The bytes of an event cannot be read."""


def encode_event(kind: str, data: Mapping[str, object]) -> bytes:
    """An event as the bytes of its message.

    Raises:
        ValueError: it is no JSON (NaN, infinity, other types) or longer than 64 KiB.
    """
    return _dump({"type": kind, **data}, MAX_PAYLOAD_BYTES)


def encode_mark(mark: PhaseMark) -> bytes:
    """A phase mark as the bytes of its message."""
    return encode_event(
        MARK,
        {
            "time_s": mark.time_s,
            "kind": mark.kind.value,
            "edge": mark.edge.value,
            "side": None if mark.side is None else mark.side.value,
            "exercise": mark.exercise,
        }
        | {
            name: value.value
            for name, value in (("recipe", mark.recipe), ("posture", mark.posture))
            if value is not None
        }
        | ({"goes_on": True} if mark.goes_on else {}),
    )


def encode_header(header: RecordingHeader) -> bytes:
    """The header as an event: a second copy, guarded by the chunk's CRC."""
    # Larger than other events: settings and calibration may fill their megabyte each.
    return _dump({"type": SESSION_EVENT, **header_to_metadata(header)}, None)


def decode_event(payload: bytes, time_s: float) -> PhaseMark | RecordingEvent | RecordingHeader:
    """What the bytes of an event message say.

    Args:
        payload: the message.
        time_s: when it was received, on the recording's time line.

    Raises:
        BadEventError: they are not an event.
    """
    fields = _load(payload)
    kind = fields.pop("type", None)
    if not isinstance(kind, str):
        raise BadEventError("an event without a type")
    if kind == MARK:
        return _mark(fields)
    if kind == SESSION_EVENT:
        return _header(fields)
    return RecordingEvent(kind, time_s, fields)


def is_header(payload: bytes) -> bool:
    """True for the bytes of the header event, without reading all of them."""
    return payload.startswith(b'{"type":"session"')


def _dump(fields: dict[str, object], limit: int | None) -> bytes:
    payload = json.dumps(fields, allow_nan=False, ensure_ascii=True, separators=(",", ":")).encode()
    if limit is not None and len(payload) > limit:
        raise ValueError(f"an event of {len(payload)} bytes is too long")
    return payload


def _load(payload: bytes) -> dict[str, object]:
    try:
        fields: object = json.loads(payload, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise BadEventError("not JSON") from error
    if not isinstance(fields, dict):
        raise BadEventError("not a JSON object")
    return fields


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON number")


def _mark(fields: Mapping[str, object]) -> PhaseMark:
    time_s, side, exercise = fields.get("time_s"), fields.get("side"), fields.get("exercise")
    if isinstance(time_s, bool) or not isinstance(time_s, int | float):
        raise BadEventError("a mark without a time")
    if exercise is not None and not isinstance(exercise, str):
        raise BadEventError("a mark whose exercise is no text")
    try:
        seconds = float(time_s)
        mark = PhaseMark(
            time_s=seconds,
            kind=PhaseKind(_text(fields, "kind")),
            edge=Edge(_text(fields, "edge")),
            side=None if side is None else Side(_text(fields, "side")),
            exercise=exercise,
            recipe=None if fields.get("recipe") is None else ReferenceRecipe(_text(fields, "recipe")),
            posture=None if fields.get("posture") is None else Posture(_text(fields, "posture")),
            goes_on=fields.get("goes_on") is True,
        )
    except (ValueError, OverflowError) as error:
        raise BadEventError("a mark with an unknown value") from error
    if not math.isfinite(seconds):
        raise BadEventError("a mark without a finite time")
    return mark


def _text(fields: Mapping[str, object], name: str) -> str:
    value = fields.get(name)
    if not isinstance(value, str):
        raise BadEventError(f"a mark whose {name} is no text")
    return value


def _header(fields: Mapping[str, object]) -> RecordingHeader:
    records: dict[str, dict[str, str]] = {}
    for name, entries in fields.items():
        if not isinstance(entries, dict):
            raise BadEventError("a header of another form")
        records[name] = {str(key): str(value) for key, value in entries.items()}
    header = header_from_metadata(records)
    if header is None:
        raise BadEventError("a header of another form")
    return header
