"""A disk that fills, a header that is damaged, names that would break a table."""

import errno
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from exchange_homes import STARTED_AT, ExportedHome, new_home, rewrite

from tracker.errors import StorageError
from tracker.model import Edge, Phase, PhaseKind, PhaseMark, Side
from tracker.recording.reader import read_recording
from tracker.report.exchange.bids.sidecars import EVENT_COLUMNS, event_row, plain, task_of
from tracker.report.exchange.formats import Format, exporter_of
from tracker.report.exchange.staging import staged

OWN = [Format.BIDS_MOTION, Format.OPENSIM, Format.FHIR]


@pytest.fixture
def home(tmp_path: Path) -> Iterator[ExportedHome]:
    """An empty home."""
    made = new_home(tmp_path / "home")
    with made.database:
        yield made


@contextmanager
def no_file_above(size_bytes: int) -> Iterator[None]:
    """Writing a larger file fails, as on a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size_bytes, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize("chosen", OWN)
def test_a_disk_that_fills_is_told_and_nothing_stays(
    chosen: Format, home: ExportedHome, tmp_path: Path
) -> None:
    home.simulate()
    selection = home.everything()
    out = tmp_path / "exported"
    before = sorted(tmp_path.iterdir())
    with pytest.raises(StorageError) as caught, no_file_above(5_000), staged(out) as made:
        exporter_of(chosen)(home.database, selection, made, lambda _: None)
    assert caught.value.data["errno"] == errno.EFBIG
    assert sorted(tmp_path.iterdir()) == before


@pytest.mark.parametrize("chosen", [Format.BIDS_MOTION, Format.OPENSIM])
def test_a_header_that_cannot_be_read_leaves_out_its_recording_alone(
    chosen: Format, home: ExportedHome, tmp_path: Path
) -> None:
    home.simulate()
    _, other = home.simulate(started_at=STARTED_AT.replace(day=18))
    spoil_header(other)
    report = exporter_of(chosen)(home.database, home.everything(), tmp_path / "out", lambda _: None)
    assert [one.what.split(" of ")[0] for one in report.left_out] == ["session 2"]
    assert "header" in report.left_out[0].reason
    assert not any("20261118" in str(one) for one in report.files)
    assert not list((tmp_path / "out").rglob("*.part"))


def spoil_header(path: Path) -> None:
    """Give a recording calibrations that are none; its samples stay."""
    recording = read_recording(path)
    items = list(recording.items())
    header = replace(recording.header, calibration_json='{"sensors": 7}')
    path.unlink()
    rewrite(items, path, header)


def test_a_name_with_tabs_and_lines_stays_in_its_column() -> None:
    phase = Phase(1.0, 4.0, PhaseKind.SET, Side.LEFT, "a\tb\nc\r\u2028\x00d \ud800")
    row = event_row(phase)
    assert len(row) == len(EVENT_COLUMNS)
    assert row[4] == "a b c   d"
    assert "\t".join(row).count("\t") == len(EVENT_COLUMNS) - 1
    "\n".join(row).encode("utf-8")
    assert plain("\x00 \t") == "n/a"


def test_a_phase_that_was_not_ended_has_no_duration() -> None:
    assert event_row(Phase(1.5, float("inf"), PhaseKind.REST))[:3] == ("1.500000", "n/a", "rest")


def test_the_task_is_what_was_done() -> None:
    assert task_of([PhaseKind.STANDING, PhaseKind.REFERENCE, PhaseKind.SET]) == "exercise"
    assert task_of([PhaseKind.REFERENCE, PhaseKind.REST]) == "rest"
    assert task_of([]) == "free"


def test_a_recording_without_a_mark_is_a_dataset_too(home: ExportedHome, tmp_path: Path) -> None:
    """A phase that was begun and not ended is an event; without any there is no table of events."""
    _, path = home.simulate()
    recording = read_recording(path)
    items = [one for one in recording.items() if not isinstance(one, PhaseMark)]
    for name, marks in (("none", []), ("open", [PhaseMark(2.0, PhaseKind.REST, Edge.START)])):
        path.unlink()
        rewrite([*marks, *items], path, recording.header)
        out = tmp_path / name
        exporter_of(Format.BIDS_MOTION)(home.database, home.everything(), out, lambda _: None)
        events = [one.read_text(encoding="utf-8").splitlines() for one in out.rglob("*_events.tsv")]
        assert [rows[1:] for rows in events] == (
            [["2.000000\tn/a\trest\tn/a\tn/a\tn/a\tn/a"]] if marks else []
        )
