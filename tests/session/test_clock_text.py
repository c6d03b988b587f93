"""What is told of a clock that runs wrong: only what arrivals say surely, and which times it concerns."""

import pytest
from frame_bench import FRAME_SAMPLES, ORIGIN_NS, PARAMETERS, Sender, identity

from tracker.model import NoticeKind, Notification, Placement
from tracker.sensing.clock_model.drift import DriftEstimate
from tracker.sensing.clock_model.pace import Pace
from tracker.sensing.clock_model.parameters import ClockParameters
from tracker.session.analyser import SessionAnalyser
from tracker.session.clock_text import clock_text

CLOCK = ClockParameters()
LEFT = Placement.LEFT_THIGH


def notices(frames: list[Notification]) -> list[str]:
    """What is told of the clock of the left thigh's sensor."""
    analyser = SessionAnalyser((LEFT,), ORIGIN_NS, PARAMETERS)
    analyser.begin_sensor(LEFT, identity(LEFT))
    analyser.take_notifications(frames)
    analyser.finish()
    told = analyser.analysis().notices
    assert all((one.kind, one.placement) == (NoticeKind.CLOCK_RATE, LEFT) for one in told)
    return [one.text for one in told]


def frames(
    drift_ppm: float, duration_s: float, late_s: float = 0.0, late_for_s: float = 1.0
) -> list[Notification]:
    """Frames of a sensor whose link is late at first and works that off."""
    sender = Sender(drift_ppm=drift_ppm)
    return [
        sender.frame(delay_s=late_s * max(0.0, 1.0 - sender.now_s / late_for_s))
        for _ in range(round(duration_s * 100.0 / FRAME_SAMPLES))
    ]


def test_a_clock_that_runs_right_is_not_spoken_of() -> None:
    assert notices(frames(100.0, 40.0)) == []


@pytest.mark.parametrize(
    ("drift_ppm", "text"),
    [
        (-9000.0, "its clock runs 0.9% slow: rates are right from 60 s on, times from 72 s on"),
        (600.0, "its clock runs 0.06% fast: rates are right from 181 s on, times from 182 s on"),
        (100.0, None),
        (-300.0, None),
    ],
)
def test_what_the_envelope_cannot_follow_is_told_after_some_minutes(
    drift_ppm: float, text: str | None
) -> None:
    """It creeps by 200 ppm; twice as much leaves it behind for good. 0.9 % is judged after a minute, of which
    the creep leaves 0.53 s, made up for at 5 %; 0.06 % once it has added up to 0.1 s, at the 180 s."""
    assert notices(frames(drift_ppm, 240.0)) == ([] if text is None else [text])


def test_what_is_not_corrected_in_time_is_told_as_it_is() -> None:
    """0.06 % are 0.1 s after 167 s; it is looked at every 20 s."""
    [text] = notices(frames(600.0, 176.0))
    assert text == "its clock runs 0.06% fast: times and rates are off by as much"


def test_a_small_error_that_was_none_is_told_as_taken_back() -> None:
    text = clock_text(DriftEstimate(5.0, 400.0), [Pace(1.0006, 180.0, 182.0), Pace(1.0, 700.0)], CLOCK)
    assert text == (
        "its clock was taken to run 0.06% slow from 180 s on and 0.00% slow from 700 s on: "
        "times and rates in between may be off"
    )


@pytest.mark.parametrize("after_s", [60.0, 90.0])
def test_a_link_that_becomes_slower_is_no_clock_that_runs_slow(after_s: float) -> None:
    """By two connection intervals of 30 ms, in two and a half minutes: 60 ms in 60 s are 0.1 %."""
    sender, sent = Sender(drift_ppm=20.0), []
    while sender.now_s < 150.0:
        sent.append(sender.frame(delay_s=0.0 if sender.now_s < after_s else 0.06))
    assert notices(sent) == []


@pytest.mark.parametrize("duration_s", [4.0, 6.0, 9.0])
def test_a_short_session_that_begins_late_says_nothing_of_the_clock(duration_s: float) -> None:
    """0.3 s worked off in 8 s look like 4 % until much more has come than that."""
    assert notices(frames(0.0, duration_s, late_s=0.3, late_for_s=8.0)) == []


def test_the_text_says_from_when_rates_and_times_are_right() -> None:
    """4 % of 21 s, in which 20 s of ticks pass, are 0.84 s: at 5 % made up for in 17 s more."""
    [text] = notices(frames(-40_000.0, 60.0))
    assert text == "its clock runs 4.0% slow: rates are right from 20 s on, times from 38 s on"
    [text] = notices(frames(-40_000.0, 25.0))
    assert text == "its clock runs 4.0% slow: rates are right from 20 s on, times are not yet"


def test_too_short_to_be_corrected_it_is_told_all_the_same() -> None:
    [text] = notices(frames(40_000.0, 16.0))
    assert text == "its clock runs 4.0% fast: times and rates are off by as much"


def test_a_pace_that_was_taken_back_is_told() -> None:
    """1 s worked off in 19 s looks like a clock that is 5.5 % fast until the next 20 s show otherwise."""
    [text] = notices(frames(0.0, 60.0, late_s=1.0, late_for_s=19.0))
    assert "5.6% fast from 20 s on" in text
    assert "0.0% " in text
    assert "in between may be off" in text


def test_a_pace_that_all_arrivals_together_speak_against_is_told() -> None:
    text = clock_text(DriftEstimate(100.0, 40.0), [Pace(1.0 / 1.05, 20.0, 25.0)], CLOCK)
    assert text is not None
    assert "5.0% fast from 20 s on" in text
    assert "together say 0.0% fast" in text
    # too short a line speaks against nothing
    text = clock_text(DriftEstimate(100.0, 4.0), [Pace(1.0 / 1.05, 20.0, 25.0)], CLOCK)
    assert text == "its clock runs 5.0% fast: rates are right from 20 s on, times from 25 s on"


@pytest.mark.parametrize(("span_s", "told"), [(5.0, False), (9.9, False), (10.0, True)])
def test_a_line_below_few_seconds_is_not_believed(span_s: float, told: bool) -> None:
    assert (clock_text(DriftEstimate(-30_000.0, span_s), (), CLOCK) is not None) == told
    assert clock_text(None, (), CLOCK) is None
