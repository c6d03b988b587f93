"""What is in a recording file, byte for byte.

The container is MCAP (https://mcap.dev/spec). Written in this order:

1. Metadata records `session`, `settings`, `calibration` (see `header.py`).
2. A Schema and a Channel record for each channel when it is first used: once between the chunks,
   so that a file can be listed without unpacking it, and once inside the next chunk, where the
   chunk's CRC guards it.
3. Chunks (zstd, with the CRC-32 of what is in them). One is closed each second and put onto the
   disk. All messages are inside chunks. The first chunk repeats the metadata as an event.
4. DataEnd, a summary (schemas, channels, statistics, places of the metadata) and the footer.
   A file without them was cut. There is no chunk index and no message index: at this size they
   would be a tenth of the file, and readers go through an unindexed file from front to back.

Every message has `publish_time` = host monotonic clock in ns when it was received, `log_time` = the
same instant in ns since 1970 UTC (by the session's anchor), `sequence` = count on its channel
from 0. The recording's time line is `time_s = (publish_time - anchor.monotonic_ns) / 1e9`.

Channels:

- `/imu/left_thigh`, `/imu/right_thigh`, `/imu/pelvis`: what one sensor sent. A sensor that is
  exchanged, or comes back with other capabilities, gets a new channel of the same topic. Channel metadata:
  `channel` (its number), `placement`, `sensor_id`, `address`, `name`, `protocol`, `capabilities`
  (hexadecimal), `crc32`.
  - Message encoding `x-notification`: the bytes of one notification exactly as received; the
    device's ticks are in them. `protocol` names their layout.
  - Message encoding `x-samples-f64`, protocol `samples-f64`: samples that never were notifications
    (imported files). Little-endian float64 in rows of seven: `time_s` (on the recording's time
    line, strictly rising), `ax`, `ay`, `az` (specific force, m/s2), `gx`, `gy`, `gz` (rad/s). About
    one second a message, with the stamps of its first row. Saturation is not known.
- `/events`: JSON objects, each with `type`. `mark`: one edge of a phase, with `time_s`, `kind`,
  `edge`, `side`, `exercise`, and where they are said `recipe` and `posture`. `session`: the metadata
  again. Anything else: link states, battery, notes.

A metadata map is sealed: its entry `crc32` is the CRC-32, in hexadecimal, of the other entries as
JSON with sorted keys, no spaces and no escapes beyond those that JSON needs.
"""

import json
import zlib
from collections.abc import Mapping
from typing import Final

from tracker.errors import InputError
from tracker.model import Edge, PhaseKind, Placement, Posture, ReferenceRecipe, SensorIdentity, Side

FORMAT_VERSION: Final = 1

EVENTS_TOPIC: Final = "/events"
SENSOR_TOPIC_PREFIX: Final = "/imu/"

NOTIFICATION_ENCODING: Final = "x-notification"
SAMPLES_ENCODING: Final = "x-samples-f64"
EVENTS_ENCODING: Final = "json"

SAMPLES_PROTOCOL: Final = "samples-f64"
SAMPLE_COLUMNS: Final = ("time_s", "ax", "ay", "az", "gx", "gy", "gz")
SAMPLE_ROW_BYTES: Final = 8 * len(SAMPLE_COLUMNS)

EVENTS_SCHEMA_NAME: Final = "tracker.event"
EVENTS_SCHEMA: Final = {
    "type": "object",
    "required": ["type"],
    "properties": {
        "type": {"type": "string"},
        "time_s": {"type": "number", "description": "seconds since the recording's start"},
        "kind": {"enum": [kind.value for kind in PhaseKind]},
        "edge": {"enum": [edge.value for edge in Edge]},
        "side": {"enum": [*(side.value for side in Side), None]},
        "exercise": {"type": ["string", "null"]},
        "recipe": {"enum": [recipe.value for recipe in ReferenceRecipe]},
        "posture": {"enum": [posture.value for posture in Posture]},
        "goes_on": {"type": "boolean", "description": "a set that a pause broke off before goes on"},
    },
}

# What a reader is ready to hold in memory at once, whatever a file claims.
MAX_CHUNK_BYTES: Final = 8 << 20
MAX_RECORD_BYTES: Final = 4 << 20
MAX_CHANNEL_BYTES: Final = 64 << 10
MAX_CHANNELS: Final = 256
MAX_PAYLOAD_BYTES: Final = 64 << 10
MAX_SAMPLES_BYTES: Final = 1 << 20
MAX_SETTINGS_BYTES: Final = 256 << 10

_MAX_RATIO = 100
_FREE_BYTES = 16 << 10

MAX_STAMP_NS: Final = 1 << 62
"""Stamps are below this: 146 years, so that sums of two still fit into MCAP's 64 bits."""

NANOSECONDS: Final = 1_000_000_000


def max_unpacked_bytes(packed_bytes: int) -> int:
    """What a chunk may unpack to: a kilobyte on the disk must not become a gigabyte of messages.

    Chunks of a recording shrink to a twentieth at most; what would shrink further is stored as it is.
    """
    return min(MAX_CHUNK_BYTES, _FREE_BYTES + _MAX_RATIO * packed_bytes)


def sensor_topic(placement: Placement) -> str:
    """Topic of a placement's channel."""
    return SENSOR_TOPIC_PREFIX + placement.value


def sensor_encoding(protocol: str) -> str:
    """Message encoding of a sensor's channel."""
    return SAMPLES_ENCODING if protocol == SAMPLES_PROTOCOL else NOTIFICATION_ENCODING


def schema_text(protocol: str) -> str:
    """What the schema entry of a sensor channel says: where the bytes are documented."""
    if protocol == SAMPLES_PROTOCOL:
        return (
            "Little-endian float64 rows of 56 bytes: time_s (seconds since the recording's start), ax, ay, az"
            " (specific force, m/s2), gx, gy, gz (rad/s). About one second a message. Saturation unknown."
        )
    return (
        f"The bytes of one notification of the wire protocol '{protocol}', exactly as received. Documented in"
        " firmware_protocol/PROTOCOL.md and in the module of that protocol in the package firmware_protocol"
        " of hip-rotation-tracker."
    )


def json_text(value: object) -> str:
    """JSON in the one form that checksums are made of: sorted keys, no spaces."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def seal(entries: Mapping[str, str]) -> dict[str, str]:
    """`entries` with their own checksum among them."""
    return {**entries, "crc32": _checksum(entries)}


def unseal(entries: Mapping[str, str]) -> dict[str, str] | None:
    """The entries without their checksum, or None where it does not fit them."""
    rest = {key: value for key, value in entries.items() if key != "crc32"}
    return rest if entries.get("crc32") == _checksum(rest) else None


def _checksum(entries: Mapping[str, str]) -> str:
    return f"{zlib.crc32(json_text(dict(entries)).encode()):08x}"


def events_metadata(number: int) -> dict[str, str]:
    """Metadata of the channel of events."""
    return seal({"channel": str(number)})


def sensor_metadata(placement: Placement, identity: SensorIdentity, number: int) -> dict[str, str]:
    """Metadata of a sensor's channel with this number."""
    return seal(
        {
            "channel": str(number),
            "placement": placement.value,
            "sensor_id": identity.sensor_id,
            "address": identity.address,
            "name": identity.name,
            "protocol": identity.protocol,
            "capabilities": identity.capabilities.hex(),
        }
    )


def sensor_from_metadata(metadata: Mapping[str, str]) -> tuple[Placement, SensorIdentity] | None:
    """The sensor that channel metadata speaks of; None where they are damaged or not of a sensor."""
    entries = unseal(metadata)
    if entries is None:
        return None
    try:
        return Placement(entries["placement"]), SensorIdentity(
            sensor_id=entries["sensor_id"],
            address=entries["address"],
            name=entries["name"],
            protocol=entries["protocol"],
            capabilities=bytes.fromhex(entries["capabilities"]),
        )
    except (KeyError, ValueError):
        return None


def check_version(text: str, path: object) -> None:
    """Refuse a file of a format that this program does not know.

    Raises:
        InputError: the file's format is newer.
    """
    if text.isascii() and text.isdigit() and len(text) < 10 and int(text) > FORMAT_VERSION:
        raise InputError(
            f"{path} was written by a newer version of this program (format {text}, known: {FORMAT_VERSION})",
            advice="Update the program.",
            path=str(path),
            format=text,
        )
