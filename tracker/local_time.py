"""The time zone that this machine keeps: its midnights part a person's days and weeks."""

import os
from contextlib import suppress
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

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
