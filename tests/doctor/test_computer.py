"""Versions and clocks."""

from datetime import UTC, datetime

import pytest

from tracker.doctor.computer import computer, of_clock, of_time_zone
from tracker.doctor.findings import State

NOW = datetime(2026, 11, 25, 4, 0, tzinfo=UTC)


def test_this_computer_is_told_by_program_clock_and_time_zone() -> None:
    assert [one.name for one in computer()] == ["program", "clock", "time zone"]


@pytest.mark.parametrize(
    ("now", "resolution_s", "state"),
    [
        (NOW, 1e-9, State.OK),
        (NOW, 0.001, State.OK),
        (NOW, 0.0156, State.NOTE),
        (NOW.replace(year=1970), 1e-9, State.NOTE),
    ],
    ids=["usual", "a millisecond", "too coarse for samples", "never set"],
)
def test_a_clock_that_is_wrong_or_coarse_is_noted(now: datetime, resolution_s: float, state: State) -> None:
    found = of_clock(now, resolution_s)
    assert found.state is state
    assert (found.advice is None) is (state is State.OK)


@pytest.mark.parametrize(
    ("resolution_s", "text"),
    [(1e-9, "1 ns"), (1e-7, "100 ns"), (1e-6, "1 µs"), (0.0156, "15.6 ms"), (2.0, "2 s"), (1e-10, "0.1 ns")],
)
def test_the_step_of_the_clock_is_told_in_a_unit_that_fits(resolution_s: float, text: str) -> None:
    assert of_clock(NOW, resolution_s).text.endswith(f"steps of {text}")


def test_a_time_zone_that_is_not_known_is_noted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TZ", raising=False)
    assert of_time_zone("Europe/Berlin").state is State.OK
    assert of_time_zone("UTC").state is State.NOTE
    monkeypatch.setenv("TZ", "UTC")
    assert of_time_zone("UTC").state is State.OK
