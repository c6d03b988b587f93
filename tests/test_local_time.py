"""Times as people write them, in their time zone and in the past."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.errors import UsageError
from tracker.local_time import EARLIEST, past_instant

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 24, 18, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("2026-11-24T18:30", "2026-11-24T17:30Z"),
        (" 2026-11-24 18:30:15 ", "2026-11-24T17:30:15Z"),
        ("2026-07-01 06:00", "2026-07-01T04:00Z"),
        ("2026-11-24T18:30+09:00", "2026-11-24T09:30Z"),
        ("2026-11-24T18:00Z", "2026-11-24T18:00Z"),
        # the hour that the clocks went through twice: the first of them, still summer time
        ("2026-10-25T02:30", "2026-10-25T00:30Z"),
    ],
)
def test_a_time_is_meant_in_its_zone(text: str, meant: str) -> None:
    assert past_instant(text, BERLIN, NOW) == datetime.fromisoformat(meant)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("2026-11-24T19:01", "in the future"),
        ("2027-01-01T00:00", "in the future"),
        ("9999-12-31T23:59", "in the future"),
        ("1999-12-31T23:59", "too long ago"),
        ("0001-01-01T00:00", "too long ago"),
        ("2026-03-29T02:30", "no 02:30 on 2026-03-29 in Europe/Berlin"),
        ("2026-11-24", "no date with a time"),
        ("20261124", "no date with a time"),
        ("yesterday", "no date with a time"),
        ("2026-02-30T10:00", "no date with a time"),
        ("", "no date with a time"),
    ],
)
def test_a_time_that_cannot_be_is_refused(text: str, message: str) -> None:
    with pytest.raises(UsageError, match=message) as caught:
        past_instant(text, BERLIN, NOW)
    assert "\n" not in caught.value.message


_ZONES = st.sampled_from(["Europe/Berlin", "America/New_York", "Asia/Kolkata", "Pacific/Apia", "UTC"])


@given(seconds=st.integers(86_400, round((NOW - EARLIEST).total_seconds())), zone_name=_ZONES)
def test_what_a_clock_showed_is_read_back(seconds: int, zone_name: str) -> None:
    """An instant, written as the clock of its zone showed it, is read back, but for the hour shown twice."""
    zone = ZoneInfo(zone_name)
    instant = EARLIEST + timedelta(seconds=seconds)
    shown = instant.astimezone(zone)
    read = past_instant(shown.replace(tzinfo=None).isoformat(timespec="microseconds"), zone, NOW)
    assert instant - read in (timedelta(0), *([timedelta(hours=1)] if shown.fold else []))
    assert EARLIEST <= read <= NOW
