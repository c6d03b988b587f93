"""The copies that are made by themselves: when, how many stay, and never at somebody's cost."""

import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from backup_samples import filled_home, rows_of
from hypothesis import given
from hypothesis import strategies as st

from tracker.backup.automatic import (
    WEEKLY,
    automatic_backups,
    automatic_name,
    is_due,
    kept_of,
    thin_out,
    thin_out_weekly,
)
from tracker.backup.opening import open_home_database
from tracker.backup.parameters import BackupParameters
from tracker.backup.restoring import restore_backup
from tracker.backup.weekly import back_up_when_due
from tracker.errors import TrackerError
from tracker.home import Home

NOW = datetime(2026, 11, 28, 18, 0, tzinfo=UTC)
SHIPPED = BackupParameters()
TIMES = st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return filled_home(tmp_path / "home")


def test_one_a_week_and_it_restores(home: Home) -> None:
    rows = rows_of(home)
    made = back_up_when_due(home, SHIPPED, NOW)
    assert made is not None
    assert made.path == home.backups / "weekly-2026-11-28T18-00-00Z.tar"
    assert back_up_when_due(home, SHIPPED, NOW + timedelta(days=6)) is None
    assert back_up_when_due(home, SHIPPED, NOW + timedelta(days=7)) is not None
    assert [one.made_at for one in automatic_backups(home)] == [NOW + timedelta(days=7), NOW]
    before = sorted(home.recordings.rglob("*"))
    restore_backup(made.path, home, replace=True)
    assert rows_of(home) == rows
    assert sorted(home.recordings.rglob("*")) == before
    assert len(automatic_backups(home)) == 2


def test_nothing_to_back_up(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    assert back_up_when_due(home, SHIPPED, NOW) is None
    assert not home.folder.exists()
    home.create()
    open_home_database(home).close()
    assert back_up_when_due(home, SHIPPED, NOW) is None
    assert not home.backups.exists()


def test_it_can_be_switched_off(home: Home) -> None:
    assert back_up_when_due(home, BackupParameters(automatic=False), NOW) is None


def test_a_clock_that_ran_ahead_does_not_stop_backups(home: Home) -> None:
    home.backups.mkdir()
    (home.backups / automatic_name(WEEKLY, NOW + timedelta(days=4000))).touch()
    assert is_due(home, SHIPPED, NOW)


def test_a_folder_that_cannot_be_made_is_told(home: Home) -> None:
    home.backups.write_text("in the way")
    with pytest.raises(TrackerError):
        back_up_when_due(home, SHIPPED, NOW)


def test_other_files_of_the_folder_are_left_alone(home: Home) -> None:
    home.backups.mkdir()
    for name in ("notes.txt", "weekly.tar", "weekly-2026-99-99T18-00-00Z.tar", "mine-2026.tar"):
        (home.backups / name).touch()
    assert automatic_backups(home) == ()
    thin_out_weekly(home, SHIPPED)
    assert len(list(home.backups.iterdir())) == 4


def test_only_the_newest_of_a_kind_stay(home: Home) -> None:
    home.backups.mkdir()
    for day in range(1, 8):
        (home.backups / automatic_name("before-migration-0003", NOW.replace(day=day))).touch()
    (home.backups / automatic_name(WEEKLY, NOW)).touch()
    thin_out(home, "before-migration", 3)
    assert [(one.kind, one.made_at.day) for one in automatic_backups(home)] == [
        ("weekly", 28),
        *(("before-migration", day) for day in (7, 6, 5)),
    ]


def test_what_a_killed_process_left_goes_after_a_day(home: Home) -> None:
    import os

    home.backups.mkdir()
    old, new = (home.backups / f".weekly.tar.{name}.part" for name in ("0123abcd", "4567abcd"))
    for path in (old, new):
        path.touch()
    os.utime(old, (0, 0))
    thin_out_weekly(home, SHIPPED)
    assert list(home.backups.iterdir()) == [new]


def test_ten_years_of_weeks_thinned_each_week() -> None:
    kept: frozenset[datetime] = frozenset()
    for week in range(521):
        kept = kept_of([*kept, NOW + timedelta(weeks=week)], SHIPPED)
    last = NOW + timedelta(weeks=520)
    newest_first = sorted(kept, reverse=True)
    assert newest_first[:8] == [last - timedelta(weeks=week) for week in range(8)]
    assert len({(one.year, one.month) for one in kept if one > last - timedelta(days=330)}) == 12
    assert {one.year for one in kept} == set(range(2026, 2037))
    assert len(kept) <= 8 + 12 + 11


@given(times=st.lists(TIMES, max_size=60), weekly=st.integers(1, 10), monthly=st.integers(0, 14))
def test_thinning_keeps_what_it_promises(times: list[datetime], weekly: int, monthly: int) -> None:
    parameters = BackupParameters(weekly_kept=weekly, monthly_kept=monthly)
    kept = kept_of(times, parameters)
    newest_first = sorted(set(times), reverse=True)
    assert kept <= set(times)
    assert set(newest_first[:weekly]) <= kept
    assert {one.year for one in kept} == {one.year for one in times}
    months = sorted({(one.year, one.month) for one in times}, reverse=True)[:monthly]
    assert set(months) <= {(one.year, one.month) for one in kept}
    # doing it again, as happens each week, takes no more
    assert kept_of(kept, parameters) == kept


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps permissions otherwise")
def test_they_are_their_owner_s_alone(home: Home) -> None:
    made = back_up_when_due(home, SHIPPED, NOW)
    assert made is not None
    assert made.path.stat().st_mode & 0o077 == 0
    assert home.backups.stat().st_mode & 0o077 == 0


def test_every_way_to_the_home_s_database_is_protected() -> None:
    """`open_database` alone would change an older database without a copy."""
    package = Path(__file__).parent.parent.parent / "tracker"
    callers = {
        path.relative_to(package).as_posix()
        for path in package.rglob("*.py")
        if " open_database(home" in path.read_text(encoding="utf-8")
    }
    assert callers == {"backup/opening.py"}
