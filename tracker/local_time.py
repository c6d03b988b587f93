"""The time zone that this machine keeps, and times as people write them."""

import os
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from tracker.errors import UsageError

EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
"""Before it nobody wore such a sensor: an earlier date is a slip of the pen."""

_LOCAL_ZONE_LINK = Path("/etc/localtime")


def local_time_zone() -> str:
    """IANA name of this machine's time zone, `UTC` where the system does not tell it."""
    named = os.environ.get("TZ", "").removeprefix(":")
    if not named:
        with suppress(OSError):
            named = str(_LOCAL_ZONE_LINK.resolve()).partition("zoneinfo/")[2]
    try:
        return ZoneInfo(named).key if named else "UTC"
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return "UTC"


def past_instant(text: str, zone: ZoneInfo, now: datetime) -> datetime:
    """The instant that a text such as `2026-11-24 18:30` means in a time zone, or by an offset in it.

    An hour that the clocks go through twice is the first of the two.

    Args:
        now: what lies after it is refused.

    Raises:
        UsageError: no date with a time, one that the clocks leave out, in the future, or long ago.
    """
    try:
        written = datetime.fromisoformat(text.strip())
    except ValueError:
        written = None
    if written is None or len(text.strip()) <= len("2026-11-24"):
        raise UsageError(
            f"{text[:40]!r} is no date with a time",
            advice="Write it like 2026-11-24T18:30.",
            text=text,
        )
    local = written if written.tzinfo is not None else written.replace(tzinfo=zone)
    # Far years have no place in UTC; a day to spare is more than any offset.
    if not EARLIEST.year <= local.year <= now.year + 1:
        raise _not_then(text, now, before=local.year < EARLIEST.year)
    instant = local.astimezone(UTC)
    if instant.astimezone(local.tzinfo).replace(tzinfo=None) != local.replace(tzinfo=None):
        raise UsageError(
            f"there was no {local:%H:%M} on {local:%Y-%m-%d} in {zone.key}: the clocks were put forward",
            advice=f"Give the time that the clock showed, for example {local + timedelta(hours=1):%H:%M}.",
            text=text,
        )
    if not EARLIEST <= instant <= now:
        raise _not_then(text, now, before=instant < EARLIEST)
    return instant


def _not_then(text: str, now: datetime, *, before: bool) -> UsageError:
    return UsageError(
        f"{text} is {'too long ago' if before else 'in the future'}",
        advice=f"Give a time between {EARLIEST:%Y-%m-%d} and now, {now.astimezone():%Y-%m-%d %H:%M}.",
        text=text,
    )
