"""What a session takes over from earlier ones: through the recording's header, and the same in its replay."""

import json
import math
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from frame_bench import ORIGIN_NS, PARAMETERS, identity, sent
from hypothesis import given
from hypothesis import strategies as st
from pipeline_bench import LEFT, RIGHT, lying, rad, worn

from tracker.errors import InputError
from tracker.model import (
    AccelerometerCalibration,
    Analysis,
    NoticeKind,
    Notification,
    Placement,
    ReferenceRange,
    SensorIdentity,
    Side,
    WallClockAnchor,
)
from tracker.motion.person import PersonalRecord
from tracker.motion.rest.repeatability import Repeatability
from tracker.recording.header import RecordingHeader
from tracker.recording.reader import read_recording
from tracker.recording.writer import RecordingWriter
from tracker.sensing.body.builder import Tempo
from tracker.sensing.playback import PlaybackSource
from tracker.session.analysis_parameters import AnalysisParameters
from tracker.session.guide import Conductor
from tracker.session.live import LiveOutcome, LiveSession
from tracker.session.personal import (
    calibrations_from_json,
    calibrations_to_json,
    personal_from_json,
    personal_to_json,
)
from tracker.session.replay import replay, replay_opened
from tracker.session.script_conductor import ScriptConductor
from tracker.session.simulation import TEXTS

finite = st.floats(allow_nan=False, allow_infinity=False)
texts = st.text(max_size=30)
deviations = st.floats(0.0, math.pi)
degrees_of_freedom = st.floats(0.01, 1e12)
angles = st.floats(-math.pi, math.pi)
directions = st.builds(
    lambda up, turn_rad: (
        math.cos(up) * math.cos(turn_rad),
        math.sin(up),
        math.cos(up) * math.sin(turn_rad),
    ),
    angles,
    angles,
)
records = st.builds(
    PersonalRecord,
    repeatability=st.dictionaries(
        st.sampled_from(Side),
        st.builds(Repeatability, deviations, degrees_of_freedom, deviations, degrees_of_freedom),
    ),
    ranges=st.lists(
        st.builds(
            ReferenceRange,
            texts,
            st.none() | st.sampled_from(Side),
            st.floats(1e-4, 2.0 * math.pi),
            st.integers(0, 100),
        ),
        max_size=4,
    ).map(tuple),
    fronts=st.dictionaries(st.sampled_from(Placement), directions),
)
offsets, scales = st.floats(-2.0, 2.0), st.floats(0.9, 1.1)
calibrations = st.lists(
    st.builds(
        AccelerometerCalibration,
        texts,
        st.dates().map(str),
        st.tuples(offsets, offsets, offsets),
        st.tuples(scales, scales, scales),
        st.floats(0.0, 0.1),
    ),
    max_size=3,
).map(lambda known: {one.sensor_id: one for one in known})
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | finite | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=12,
)

PERSON = PersonalRecord(
    repeatability={
        Side.LEFT: Repeatability(rad(2.0), 20.0, rad(5.0), 9.0),
        Side.RIGHT: Repeatability(rad(0.7), 12.0, rad(2.0), 8.0 / 3.0),
    },
    ranges=(ReferenceRange("supine_in_toeing", Side.LEFT, rad(60.0), 3),),
    fronts={RIGHT: (math.cos(rad(40.0)), 0.0, math.sin(rad(40.0)))},
)
SENSORS: dict[Placement, SensorIdentity] = {
    place: identity(place, number) for number, place in enumerate(Placement)
}
CALIBRATION = AccelerometerCalibration(
    SENSORS[LEFT].sensor_id, "2026-11-01", (0.05, -0.02, 0.03), (1.002, 0.999, 1.001), 0.004
)
CALIBRATIONS = {SENSORS[LEFT].sensor_id: CALIBRATION}
KNOWN = replace(PARAMETERS, person=PERSON, calibrations=CALIBRATIONS)
SCRIPT = (
    lying(1.5, 1.5)
    .relax(rad(-15.0), rad(-25.0), 0.5)
    .rest(5.5)
    .repetitions([rad(30.0)] * 3, Tempo(0.6, 0.1, 0.6, 0.2), still_before_s=1.2)
    .hold(0.5)
    .build()
)
ITEMS = sent(worn(SCRIPT))
SPEED = 20.0


@given(records)
def test_a_personal_record_comes_back_to_the_last_bit(person: PersonalRecord) -> None:
    assert personal_from_json(personal_to_json(person)) == person


@given(calibrations)
def test_calibrations_come_back_to_the_last_bit(known: dict[str, AccelerometerCalibration]) -> None:
    assert calibrations_from_json(calibrations_to_json(known)) == known


def test_the_json_says_what_its_numbers_are() -> None:
    written = json.loads(personal_to_json(PERSON))["person"]
    assert written["repeatability"]["left"]["reference_sd_rad"] == rad(2.0)
    assert written["ranges"] == [
        {"exercise": "supine_in_toeing", "side": "left", "rom_rad": rad(60.0), "shown": 3}
    ]
    assert list(written["fronts"]) == ["right_thigh"]
    [(sensor_id, calibration)] = json.loads(calibrations_to_json(CALIBRATIONS))["sensors"].items()
    assert sensor_id == calibration["sensor_id"] == SENSORS[LEFT].sensor_id
    assert calibration["calibrated_on"] == "2026-11-01"


@pytest.mark.parametrize("text", ["{}", '{"rate_hz": 100}', '{"import": {"sha256": {}}}', '{"person": {}}'])
def test_a_header_that_holds_no_record_gives_an_empty_one(text: str) -> None:
    assert personal_from_json(text) == PersonalRecord()
    assert calibrations_from_json(text) == {}


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf])
def test_what_is_no_number_is_never_written(number: float) -> None:
    person = PersonalRecord(repeatability={Side.LEFT: Repeatability(number, 6.0, 0.05, 6.0)})
    with pytest.raises(ValueError, match="JSON"):
        personal_to_json(person)
    with pytest.raises(ValueError, match="JSON"):
        calibrations_to_json({"x": replace(CALIBRATION, residual_m_per_s2=number)})


def changed(document: str, change: Callable[[Any], object]) -> str:
    """A JSON text after a change of what it holds."""
    value = json.loads(document)
    change(value)
    return json.dumps(value)


def hostile_persons() -> dict[str, str]:
    """Texts that hold something else than a record, by what is wrong."""
    whole = personal_to_json(PERSON)
    number = json.dumps(rad(2.0))
    deep = "[" * 50_000 + "]" * 50_000
    return {
        "null": '{"person": null}',
        "a list": '{"person": []}',
        "a text": '{"person": "me"}',
        "a long text": json.dumps({"person": "x" * 20_000}),
        "deep": f'{{"person": {deep}}}',
        "deep within": whole.replace(number, deep),
        "NaN": whole.replace(number, "NaN"),
        "infinity": whole.replace(number, "-Infinity"),
        "too large a number": whole.replace(number, "1e400"),
        "too large a whole number": whole.replace(number, "1" + "0" * 400),
        "more digits than can be read": whole.replace(number, "1" * 5000),
        "a word for a number": whole.replace(number, '"much"'),
        "null for a number": whole.replace(number, "null"),
        "a list for a number": whole.replace(number, "[1]"),
        "a missing key": changed(
            whole, lambda one: one["person"]["repeatability"]["left"].pop("donning_dof")
        ),
        "a missing range": changed(whole, lambda one: one["person"]["ranges"][0].pop("rom_rad")),
        "half a repetition shown": changed(
            whole, lambda one: one["person"]["ranges"][0].update({"shown": 2.5})
        ),
        "a third leg": changed(whole, lambda one: one["person"]["ranges"][0].update({"side": "middle"})),
        "an unknown placement": whole.replace('"right_thigh"', '"nose"'),
        "an axis of two": changed(whole, lambda one: one["person"]["fronts"].update({"pelvis": [1, 0]})),
        "an axis of four": changed(whole, lambda one: one["person"]["fronts"].update({"pelvis": [1] * 4})),
        "cut": whole[:-20],
        "empty": "",
        "no JSON": "person: me",
    }


HOSTILE = hostile_persons()


def check_refusal(error: InputError, key: str) -> None:
    """One line that names what cannot be read, and an advice."""
    assert key in error.message
    assert "\n" not in error.message
    assert error.advice
    assert error.exit_code == 3
    assert len(error.message) < 200


@pytest.mark.parametrize("text", HOSTILE.values(), ids=list(HOSTILE))
def test_a_record_of_another_form_is_refused_in_one_line(text: str) -> None:
    with pytest.raises(InputError) as caught:
        personal_from_json(text)
    check_refusal(caught.value, "person")


HALF_KNOWN = {"sensor_id": "id", "calibrated_on": "2026-11-01", "offset_m_per_s2": [0, 0, 0]}


@pytest.mark.parametrize(
    "sensors",
    [
        None,
        [],
        "all",
        {"id": None},
        {"id": {}},
        {"id": HALF_KNOWN},
        {"id": HALF_KNOWN | {"scale": [1, 1], "residual_m_per_s2": 0.01}},
        {"id": HALF_KNOWN | {"scale": [1, 1, None], "residual_m_per_s2": 0.01}},
        {"id": HALF_KNOWN | {"scale": [1, 1, 1], "residual_m_per_s2": "small"}},
        {"id": HALF_KNOWN | {"scale": [1, 1, 1], "residual_m_per_s2": 0.01, "calibrated_on": 20261101}},
    ],
)
def test_calibrations_of_another_form_are_refused_in_one_line(sensors: object) -> None:
    with pytest.raises(InputError) as caught:
        calibrations_from_json(json.dumps({"sensors": sensors}))
    check_refusal(caught.value, "sensors")


@given(st.dictionaries(st.sampled_from(["person", "sensors", "other"]), json_values))
def test_any_json_is_read_or_refused(values: dict[str, object]) -> None:
    text = json.dumps(values)
    readers: tuple[Callable[[str], object], ...] = (personal_from_json, calibrations_from_json)
    for read in readers:
        try:
            found = read(text)
        except InputError as error:
            check_refusal(error, "header")
        else:
            assert isinstance(found, PersonalRecord | dict)


@given(st.data())
def test_a_record_with_a_piece_missing_is_read_or_refused(data: st.DataObject) -> None:
    whole = personal_to_json(PERSON)
    start = data.draw(st.integers(0, len(whole) - 1))
    stop = data.draw(st.integers(start + 1, min(len(whole), start + 40)))
    try:
        found = personal_from_json(whole[:start] + whole[stop:])
    except InputError as error:
        check_refusal(error, "person")
    else:
        assert isinstance(found, PersonalRecord)


def recording_with(path: Path, settings_json: str = "{}", calibration_json: str = "{}") -> Path:
    """A recording of the session, its header as told."""
    header = RecordingHeader(
        WallClockAnchor(ORIGIN_NS, ORIGIN_NS),
        "test",
        settings_json=settings_json,
        calibration_json=calibration_json,
    )
    with RecordingWriter(path, header, sync=False) as writer:
        for placement, sensor in SENSORS.items():
            writer.add_sensor(placement, sensor)
        for item in ITEMS:
            if isinstance(item, Notification):
                writer.write_notification(item)
            else:
                writer.write_mark(item, ORIGIN_NS + round(item.time_s * 1e9))
    return path


NEVER_IN_A_FILE = {"empty", "no JSON", "cut", "deep", "deep within", "more digits than can be read"}
"""A header refuses what is no JSON object before anything is written."""


@pytest.mark.parametrize("name", sorted(set(HOSTILE) - NEVER_IN_A_FILE))
def test_a_recording_with_such_a_header_is_refused_as_a_whole(tmp_path: Path, name: str) -> None:
    path = recording_with(tmp_path / "odd.mcap", settings_json=HOSTILE[name])
    with pytest.raises(InputError) as caught:
        replay(path, PARAMETERS)
    check_refusal(caught.value, "person")


def test_a_recording_with_odd_calibrations_is_refused_as_a_whole(tmp_path: Path) -> None:
    path = recording_with(tmp_path / "odd.mcap", calibration_json='{"sensors": {"id": {"scale": 1}}}')
    with pytest.raises(InputError) as caught:
        replay(path, PARAMETERS)
    check_refusal(caught.value, "sensors")


def test_what_a_header_holds_beside_the_record_changes_nothing(tmp_path: Path) -> None:
    plain = replay(recording_with(tmp_path / "plain.mcap"), PARAMETERS).analysis
    path = recording_with(
        tmp_path / "more.mcap", settings_json='{"theme": "dark"}', calibration_json='{"bias": [0, 0, 0]}'
    )
    assert replay(path, PARAMETERS).analysis == plain


class Keeper:
    """Lets every session begin."""

    def begin(self, header: RecordingHeader, path: Path, sensors: Mapping[Placement, SensorIdentity]) -> None:
        """The recording has begun."""
        assert path.exists()
        assert set(sensors) == set(Placement)
        assert header.simulated


async def recorded(path: Path, parameters: AnalysisParameters) -> LiveOutcome:
    """A live session over frames that are played back quickly, its parameters as prepared."""
    shift_ns = time.monotonic_ns() - ORIGIN_NS
    frames = [
        replace(item, received_ns=item.received_ns + shift_ns)
        for item in ITEMS
        if isinstance(item, Notification)
    ]

    def header(anchor: WallClockAnchor) -> RecordingHeader:
        return RecordingHeader(anchor, "test", simulated=True)

    def conductor(now_s: Callable[[], float]) -> Conductor:
        began_s = now_s()
        return ScriptConductor(SCRIPT.phases, TEXTS, lambda: min(began_s, 0.25), SCRIPT.duration_s)

    def prepare(sensors: Mapping[Placement, SensorIdentity]) -> AnalysisParameters:
        assert sensors == SENSORS
        return parameters

    source = PlaybackSource(frames, SENSORS, SPEED)
    live = LiveSession(source, path, header, prepare, conductor, Keeper(), lambda _status: None)
    return await live.run()


def half_widths(analysis: Analysis) -> list[float]:
    """Uncertainties of the rest tests, all of which must have been measured."""
    found = [test.uncertainty_rad for test in analysis.rest_tests if test.uncertainty_rad is not None]
    assert len(found) == len(analysis.rest_tests) == 2
    return found


async def test_a_session_with_a_personal_record_replays_to_the_same_result(tmp_path: Path) -> None:
    path = tmp_path / "known.mcap"
    outcome = await recorded(path, KNOWN)
    assert outcome.failure is None
    assert outcome.parameters == KNOWN
    stranger = replace(
        PARAMETERS,
        person=PersonalRecord(ranges=(ReferenceRange("supine_in_toeing", Side.RIGHT, rad(90.0), 3),)),
    )
    for given_now in (PARAMETERS, KNOWN, stranger):
        for gather in (1, 300):
            again, _ = replay_opened(read_recording(path), given_now, gather=gather)
            assert again.analysis == outcome.analysis
            assert (again.parameters.person, again.parameters.calibrations) == (PERSON, CALIBRATIONS)
    told = json.loads(outcome.analysis.parameters)
    assert told["person"] == json.loads(personal_to_json(PERSON))
    assert told["calibration"] == json.loads(calibrations_to_json(CALIBRATIONS))


def test_a_personal_record_reaches_every_part_of_the_result(tmp_path: Path) -> None:
    header = personal_to_json(PERSON), calibrations_to_json(CALIBRATIONS)
    known = replay(recording_with(tmp_path / "known.mcap", *header), PARAMETERS).analysis
    nobody = replay(recording_with(tmp_path / "nobody.mcap"), PARAMETERS).analysis
    # Own repeatability: the left leg's is worse than assumed, the right one's better.
    left, right = half_widths(known)
    left_assumed, right_assumed = half_widths(nobody)
    assert left > left_assumed
    assert right < right_assumed
    # An own range of 60 degrees makes 30 of them partial, on the leg that showed it.
    assert [(done.side, done.valid_reps, done.partial_reps) for done in known.sets] == [
        (Side.LEFT, 0, 3),
        (Side.RIGHT, 3, 0),
    ]
    assert known.sets[0].reference == PERSON.ranges[0]
    assert [(done.valid_reps, done.partial_reps) for done in nobody.sets] == [(3, 0), (3, 0)]
    # The right strap sits 40 degrees from where it sat the last time.
    assert [(one.kind, one.placement) for one in known.notices] == [(NoticeKind.STRAP_TURNED, RIGHT)]
    assert nobody.notices == ()
    # The left sensor's accelerometer is calibrated.
    dates = {one.placement: one.calibrated_on for one in known.sensors}
    assert dates == {LEFT: "2026-11-01", RIGHT: None, Placement.PELVIS: None}
    assert all(one.calibrated_on is None for one in nobody.sensors)
    assert known.alignments != nobody.alignments
