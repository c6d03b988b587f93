"""What a page is sent of a running session: in words, each thing once, and nothing that has not changed."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.app.engine.values import (
    GaugeNow,
    HeardRepetition,
    LegNow,
    RestTestNow,
    SensorNow,
    SessionNow,
    Stage,
    StepNow,
    TraceNow,
)
from tracker.app.live.feed import CLOSEST_S, LiveFeed
from tracker.app.live.message import Message, changed, is_on, new_points, new_repetitions, sections
from tracker.app.live.sensor_words import SILENT_S, alarm_of, is_in_trouble, sensor_line
from tracker.app.words import LANGUAGES, words_for
from tracker.plan.catalogue import load_catalogue
from tracker.sensing.source import LinkState

CATALOGUE = load_catalogue()
ENGLISH = words_for("en")
SENSOR = SensorNow("left_thigh", LinkState.STREAMING.value, 80, -60, 100.0, 0.0, 0.1, "")
STEP = StepNow(
    kind="set",
    text="Roll in.",
    exercise="supine_roll_in",
    side="both",
    recipe=None,
    repetitions=10,
    number=2,
    total=5,
    set_number=1,
    sets=3,
    running=True,
    paused=False,
    resting=False,
    seconds_left=None,
    tempo="2-1-3",
)
GAUGE = GaugeNow("hip_rotation", 12.4, 15.0, 25.0, None, True)
LEFT = LegNow("left", -20.0, 3, 1, 27.6, True, GAUGE)
RIGHT = LegNow("right", None, 2, 0, 30.1, True, replace(GAUGE, value_deg=None))
RUNNING = SessionNow(
    version=7,
    stage=Stage.RUNNING,
    person_id=1,
    session_id=5,
    time_s=30.0,
    step=STEP,
    sensors=(SENSOR,),
    legs=(LEFT, RIGHT),
    sets_begun=1,
)


def repetition(serial: int, side: str, *, valid: bool = True) -> HeardRepetition:
    return HeardRepetition(serial, side, valid, 28.0, 30.0, () if valid else ("too small",))


def shown(now: SessionNow, code: str = "en") -> Message:
    return sections(words_for(code), CATALOGUE, now)


@pytest.mark.parametrize("language", [one.code for one in LANGUAGES])
def test_what_is_sent_is_json_in_each_language(language: str) -> None:
    whole = json.loads(json.dumps(shown(RUNNING, language)))
    assert whole["step"]["drawing"].startswith("<svg")
    assert whole["step"]["title"] == words_for(language).told("Rolling the legs in, lying")
    assert whole["step"]["tempo"]["seconds"] == [2.0, 1.0, 3.0]


def test_nothing_is_sent_again_that_has_not_changed() -> None:
    before = shown(RUNNING)
    assert changed(before, shown(RUNNING)) == {}
    counted = replace(RUNNING, legs=(replace(LEFT, valid=4), RIGHT))
    assert list(changed(before, shown(counted))) == ["legs"]


def test_each_leg_stands_there_with_its_count_and_where_it_is() -> None:
    left, right = shown(RUNNING)["legs"]
    assert (left["count"], left["count_text"], left["last"]) == (3, "3", "Last one 28°: counts")
    assert left["gauge"]["text"] == "12°; counts from 15°, target 25°"
    assert "Not to be seen" in right["gauge"]["text"]


def test_a_leg_that_is_not_in_the_pose_is_told_that_nothing_counts() -> None:
    away = replace(LEFT, gauge=replace(GAUGE, ready=False))
    [left] = shown(replace(RUNNING, legs=(away,)))["legs"]
    assert "nothing is counted" in left["gauge"]["text"]


def test_no_angle_is_shown_before_there_is_a_zero_of_this_session() -> None:
    reference = replace(STEP, kind="reference", exercise=None, recipe="patella_up")
    assert shown(replace(RUNNING, step=reference, sets_begun=0))["legs"] == []
    assert [leg["angle"] for leg in shown(RUNNING)["legs"]] == ["", ""]
    test = RestTestNow("left", 10.0, -21.0, 4.0, "pelvis", None)
    after = shown(replace(RUNNING, rest_tests=(test,)))
    assert [leg["angle"] for leg in after["legs"]] == ["20° outwards", "Not to be seen"]


def test_a_partial_one_says_why_it_does_not_count() -> None:
    small = replace(LEFT, last_valid=False, last_rom_deg=9.0)
    now = replace(RUNNING, legs=(small,), closed=(repetition(4, "left", valid=False),))
    [left] = shown(now)["legs"]
    assert left["last"] == "Last one 9°: does not count (too small)"


def test_the_count_is_spoken_for_the_leg_that_leads() -> None:
    now = replace(
        RUNNING, closed=(repetition(1, "left"), repetition(2, "right"), repetition(3, "left", valid=False))
    )
    assert [one["spoken"] for one in new_repetitions(ENGLISH, now, 0)] == ["3", "", ""]
    assert [one["serial"] for one in new_repetitions(ENGLISH, now, 2)] == [3]
    assert new_repetitions(ENGLISH, now, 3) == []


def test_a_rest_test_is_shown_with_its_error_or_the_reason_of_its_refusal() -> None:
    measured = RestTestNow("left", 10.0, -21.34, 4.06, "pelvis", None)
    refused = RestTestNow("right", 10.0, None, None, "pelvis", "it moved")
    again = replace(measured, start_s=50.0, hip_rotation_deg=2.0)
    second, first = shown(replace(RUNNING, rest_tests=(measured, refused, again)))["tests"]
    assert (second["title"], first["title"]) == ("Rest test 2", "Rest test 1")
    assert [leg["text"] for leg in first["legs"]] == [
        "21.3° ± 4.1° outwards",
        "Could not be measured: it moved",
    ]
    assert [leg["refused"] for leg in first["legs"]] == [False, True]
    assert second["legs"][0]["text"] == "2.0° ± 4.1° inwards"


@pytest.mark.parametrize(
    ("reasons", "told"),
    [
        (("it moved", "it moved"), [("Both legs", "Could not be measured: it moved")]),
        (
            ("it moved", "it was gone"),
            [
                ("Left leg", "Could not be measured: it moved"),
                ("Right leg", "Could not be measured: it was gone"),
            ],
        ),
    ],
)
def test_what_refused_both_legs_is_said_once(reasons: tuple[str, str], told: list[tuple[str, str]]) -> None:
    tests = tuple(
        RestTestNow(side, 10.0, None, None, "pelvis", reason)
        for side, reason in zip(("left", "right"), reasons, strict=True)
    )
    (test,) = shown(replace(RUNNING, rest_tests=tests))["tests"]
    assert [(leg["name"], leg["text"]) for leg in test["legs"]] == told
    assert all(leg["refused"] for leg in test["legs"])


def test_pain_and_effort_are_asked_of_the_set_that_was_done() -> None:
    assert shown(RUNNING)["asked"]["set_number"] is None
    resting = replace(RUNNING, step=replace(STEP, running=False, resting=True))
    assert shown(resting)["asked"]["set_number"] == 1
    done = shown(replace(RUNNING, step=None, ends_in_s=90.0))
    assert (done["asked"]["set_number"], done["asked"]["finish"], done["step"]["phase"]) == (1, True, "done")
    assert done["countdown"]["seconds"] == 90


@pytest.mark.parametrize(
    ("state", "age_s", "trouble"),
    [
        (LinkState.STREAMING, 0.2, False),
        (LinkState.STREAMING, SILENT_S, True),
        (LinkState.BACKFILLING, 0.1, False),
        (LinkState.LOST, 0.1, True),
        (LinkState.FAILED, None, True),
        (LinkState.SEARCHING, None, False),
        (LinkState.STOPPED, 60.0, False),
    ],
)
def test_a_sensor_that_is_silent_is_in_trouble_whatever_its_link_says(
    state: LinkState, age_s: float | None, trouble: bool
) -> None:
    sensor = replace(SENSOR, state=state.value, packet_age_s=age_s)
    assert is_in_trouble(sensor) is trouble
    alarms = shown(replace(RUNNING, sensors=(sensor,)))["alarms"]
    assert [one["placement"] for one in alarms] == (["left_thigh"] if trouble else [])
    if trouble:
        alarm = alarm_of(ENGLISH, sensor)
        assert alarm.text.startswith("Left thigh: ")
        assert alarm.advice.endswith(".")


def test_the_age_of_the_last_packet_is_told_in_whole_seconds() -> None:
    ages = (None, 0.3, 2.4, 61.0)
    lines = [sensor_line(ENGLISH, replace(SENSOR, packet_age_s=age), running=True).age for age in ages]
    assert lines == [
        "No packet yet",
        "Last packet just now",
        "Last packet 2 seconds ago",
        "Last packet 61 seconds ago",
    ]


def test_a_session_is_on_only_when_it_is_known_that_it_can_begin() -> None:
    assert not is_on(SessionNow(stage=Stage.CONNECTING))
    assert is_on(SessionNow(stage=Stage.CONNECTING, person_id=1))
    assert [is_on(SessionNow(stage=stage)) for stage in (Stage.IDLE, Stage.OVER, Stage.FAILED)] == [False] * 3


times = st.lists(st.integers(1, 4000), min_size=1, max_size=200, unique=True).map(sorted)


@given(times, st.lists(st.integers(1, 4000), max_size=12).map(sorted))
def test_every_point_of_a_trace_is_sent_once_however_often_it_is_looked_at(
    at: list[int], looks: list[int]
) -> None:
    points = [(time / 30.0, float(time)) for time in at]
    newest: dict[str, float] = {}
    sent: list[tuple[float, float | None]] = []
    for look in [*looks, 4000]:
        known = tuple(point for point in points if point[0] <= look / 30.0)
        found = new_points(SessionNow(traces=(TraceNow("left", known),)), newest).get("left", [])
        sent += found
        if found:
            newest["left"] = found[-1][0]
    assert [time for time, _ in sent] == [round(time, 3) for time, _ in points]


class Played:
    """A session that is played: its states are those of the test."""

    def __init__(self, now: SessionNow) -> None:
        self.now = now
        self.watchers: list[Callable[[SessionNow], None]] = []

    def watch(self, watcher: Callable[[SessionNow], None]) -> Callable[[], None]:
        self.watchers.append(watcher)
        return lambda: self.watchers.remove(watcher)

    def show(self, now: SessionNow) -> None:
        self.now = now
        for watcher in tuple(self.watchers):
            watcher(now)


class Page:
    """A page that keeps what it is sent."""

    def __init__(self, played: Played) -> None:
        self.sent: list[Message] = []
        self.connected = True
        self.feed = LiveFeed(played, ENGLISH, CATALOGUE, self.sent.append, lambda: self.connected)
        self.feed.begin()


async def settled() -> None:
    """Wait until a message that waits is sent."""
    await asyncio.sleep(2 * CLOSEST_S)


async def test_many_changes_become_few_messages_and_none_is_lost() -> None:
    played = Played(RUNNING)
    page = Page(played)
    for serial in range(1, 41):
        closed = tuple(repetition(one, "left") for one in range(max(1, serial - 20), serial + 1))
        played.show(replace(RUNNING, version=7 + serial, closed=closed, legs=(replace(LEFT, valid=serial),)))
        if serial % 10 == 0:
            await settled()
    heard = [one["serial"] for message in page.sent for one in message.get("closed", ())]
    assert heard == list(range(1, 41))
    assert len(page.sent) <= 8
    assert page.sent[-1]["legs"][0]["count"] == 40


async def test_a_page_that_comes_back_is_sent_everything_anew() -> None:
    played = Played(replace(RUNNING, closed=(repetition(1, "left"),)))
    page = Page(played)
    page.connected = False
    played.show(replace(RUNNING, closed=(repetition(1, "left"), repetition(2, "left"))))
    await settled()
    assert len(page.sent) == 1
    page.connected = True
    page.feed.begin()
    await settled()
    assert page.sent[-1]["whole"]
    assert [one["serial"] for one in page.sent[-1]["closed"]] == [1, 2]
    assert len(played.watchers) == 1


async def test_two_pages_are_sent_the_same_and_one_that_is_closed_nothing_more() -> None:
    played = Played(RUNNING)
    first, second = Page(played), Page(played)
    for page in (first, second):
        page.sent[0].pop("at_ms")
    assert first.sent == second.sent
    first.feed.end()
    played.show(replace(RUNNING, notes=("News.",)))
    await settled()
    assert (len(first.sent), len(second.sent)) == (1, 2)
    assert second.sent[-1]["notes"] == ["News."]


async def test_between_packets_a_page_is_told_how_late_it_is() -> None:
    played = Played(RUNNING)
    page = Page(played)
    await settled()
    played.show(replace(RUNNING, sensors=(replace(SENSOR, packet_age_s=0.19),)))
    await settled()
    assert page.sent[0]["clock_s"] == pytest.approx(30.1)
    assert page.sent[1] == {"clock_s": pytest.approx(30.19), "at_ms": page.sent[1]["at_ms"]}
    played.show(replace(RUNNING, stage=Stage.OVER))
    await settled()
    assert "clock_s" not in page.sent[2]
