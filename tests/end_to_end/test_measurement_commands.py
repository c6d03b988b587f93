"""Commands and options of the measurement: exercises, calibration, steps of a session, events of imports."""

import signal
import subprocess
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pipeline_bench import LEFT, RIGHT, THIGHS, Blocks, lying, rad, simulated_blocks, worn
from program import Outcome, command, environment, tracker

from tracker.home import Home
from tracker.model import PhaseKind, Placement, ReferenceRecipe, SensorIdentity, Side, TimedBlock
from tracker.motion.parameters import STANDARD_GRAVITY_M_PER_S2
from tracker.plan.catalogue import load_catalogue
from tracker.recording.csv_events import EVENT_COLUMNS, OPTIONAL_EVENT_COLUMNS
from tracker.sensing.body.builder import ScriptBuilder, Tempo
from tracker.sensing.body.sessions import calibration_session
from tracker.store.calibrations import newest_calibrations
from tracker.store.database import open_database
from tracker.store.sensors import known_sensors, pair_sensor

pytestmark = pytest.mark.slow

DEADLINE_S = 90.0


@dataclass(frozen=True, slots=True)
class Started:
    """A command that goes on while other tests run, its output in files of its home folder."""

    home: Path
    process: "subprocess.Popen[bytes]"

    @classmethod
    def begin(cls, home: Path, *arguments: str) -> "Started":
        """Start a command."""
        home.mkdir()
        with (home / "out").open("wb") as out, (home / "err").open("wb") as err:
            return cls(
                home, subprocess.Popen(command(*arguments), env=environment(home), stdout=out, stderr=err)
            )

    @property
    def said(self) -> str:
        """What it has said so far beside its result."""
        return (self.home / "err").read_text()

    def wait_for(self, text: str) -> None:
        """Wait until it has said something."""
        deadline_s = time.monotonic() + DEADLINE_S
        while text not in self.said:
            assert self.process.poll() is None, self.said
            assert time.monotonic() < deadline_s, self.said
            time.sleep(0.05)

    def end(self) -> Outcome:
        """Wait for its end."""
        exit_code = self.process.wait(DEADLINE_S)
        return Outcome(exit_code, (self.home / "out").read_text(), self.said)


CALIBRATE = ("calibrate-sensor", "--simulated", "--json")


@pytest.fixture(scope="module", autouse=True)
def calibration(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Started]:
    """A calibration of a simulated sensor. It takes 25 seconds of real time, so it begins with the module."""
    started = Started.begin(tmp_path_factory.mktemp("calibration") / "home", *CALIBRATE)
    yield started
    started.process.kill()
    started.process.wait()


OWN = """
[seated_roll_in]
title = "Seated inward roll [läuft]"
start_pose = "Sit."
movement = "Roll in."
placements = ["left_thigh", "pelvis"]
signal = "hip_rotation"
band_placement = "ankles"
band_effect = "Resists."
target = "hip internal rotators"
cautions = ["Stop at pain."]

[seated_roll_in.count]
reference_rom_deg = 20.0

[seated_roll_in.form]
pelvis_turn_deg = 6.0
strict = ["pelvis_turn"]

[generic]
title = "Mine"
start_pose = "Any."
movement = "Any."
placements = []
signal = "movement"
band_placement = "none"
band_effect = "None."
target = "any"
"""


def home_with(folder: Path, **files: str) -> Path:
    """A home folder with files of the person's own."""
    for name, text in files.items():
        (folder / f"{name}.toml").write_text(text, encoding="utf-8")
    return folder


def test_all_exercises_are_listed_with_their_bands(tmp_path: Path) -> None:
    done = tracker(tmp_path, "exercises")
    assert done.exit_code == 0, done.err
    lines = [" ".join(line.split()) for line in done.out.splitlines()]
    for entry in load_catalogue().values():
        assert f"{entry.name} {entry.title} {entry.band_placement}" in lines
    assert done.err == ""
    assert not (tmp_path / "tracker.db").exists()


def test_exercises_as_json_hold_the_whole_catalogue_and_own_exercises(tmp_path: Path) -> None:
    home = home_with(tmp_path, exercises=OWN)
    document = tracker(home, "exercises", "--json").document
    listed: dict[str, dict[str, Any]] = {one["name"]: one for one in document["exercises"]}
    catalogue = load_catalogue(Home(home))
    assert list(document) == ["exercises"]
    assert list(listed) == list(catalogue)
    for name, entry in catalogue.items():
        found = listed[name]
        assert found["title"] == entry.title
        assert found["start_pose"] == entry.start_pose
        assert found["movement"] == entry.movement
        assert found["placements"] == [placement.value for placement in entry.placements]
        assert found["signal"] == entry.counting.signal.value
        assert (found["band_placement"], found["band_effect"]) == (entry.band_placement, entry.band_effect)
        assert (found["target"], found["cautions"]) == (entry.target, list(entry.cautions))
        assert found["counted_when"]
    assert listed["generic"]["title"] == "Mine"
    assert listed["seated_roll_in"]["counted_when"] == (
        "valid from 12° on, partial from 5° on, until your own range is shown; "
        "partial when pelvis turned by more than 6°"
    )


def test_one_exercise_is_shown_in_full_own_ones_too(tmp_path: Path) -> None:
    home = home_with(tmp_path, exercises=OWN)
    done = tracker(home, "exercises", "seated_roll_in")
    assert done.exit_code == 0, done.err
    for text in (
        "Seated inward roll [läuft] (seated_roll_in)",
        "start  Sit.",
        "do  Roll in.",
        "sensors  left_thigh, pelvis",
        "counted on  rotation of the hip, inwards",
        "counts  valid from 12° on",
        "band  ankles. Resists.",
        "trains  hip internal rotators",
        "caution  Stop at pain.",
    ):
        assert text in done.out, done.out
    [one] = tracker(home, "exercises", "side_shift", "--json").document["exercises"]
    assert one["counted_when"] == "held still for 8 s or more, between 1.2° and 12° from the rest level"


def test_an_exercise_that_there_is_not_names_those_that_there_are(tmp_path: Path) -> None:
    tracker(tmp_path, "exercises", "juggling").check_error(2, "'juggling'", "supine_in_toeing", "side_shift")


@pytest.mark.parametrize(
    ("wrong", "right", "key"),
    [
        ('strict = ["pelvis_turn"]', 'strict = ["pelvis"]', "seated_roll_in.form.strict"),
        ('target = "hip internal rotators"', "", "seated_roll_in.target"),
    ],
)
def test_a_wrong_table_of_an_own_exercise_names_file_and_key(
    tmp_path: Path, wrong: str, right: str, key: str
) -> None:
    home = home_with(tmp_path, exercises=OWN.replace(wrong, right))
    tracker(home, "exercises").check_error(8, "exercises.toml", key)


@pytest.mark.parametrize(("name", "pose"), [("rest", "pelvis_level"), ("record", "sideways")])
def test_a_reference_pose_that_there_is_not_names_those_of_the_thighs(
    tmp_path: Path, name: str, pose: str
) -> None:
    done = tracker(tmp_path, name, "--reference", pose)
    done.check_error(2, f"'{pose}'", "patella_up, foot_block, hanging_shank.")


@pytest.mark.parametrize(
    "arguments",
    [
        ("rest", "--repeats", "0"),
        ("rest", "--repeats", "three"),
        ("record", "--knee-lift=left"),
    ],
    ids=" ".join,
)
def test_a_value_or_option_that_makes_no_sense_is_named(tmp_path: Path, arguments: Sequence[str]) -> None:
    done = tracker(tmp_path, *arguments)
    assert done.exit_code == 2
    assert arguments[1].partition("=")[0] in done.err
    assert "Traceback" not in done.err
    assert done.out == ""
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (("rest", "--repeats", "2"), "--repeats"),
        (("rest", "--reference", "foot_block", "--knee-lift", "--json"), "--reference, --knee-lift"),
        (("record", "--exercise", "bridge", "--side", "left"), "--exercise, --side"),
        (("record", "--demonstrate", "--reps", "3", "--sets", "2"), "--reps, --sets, --demonstrate"),
        (("record", "--no-rest-test"), "--no-rest-test"),
    ],
)
def test_what_the_simulated_session_does_not_play_is_refused(
    tmp_path: Path, arguments: Sequence[str], named: str
) -> None:
    done = tracker(tmp_path, *arguments, "--simulated")
    done.check_error(2, f"{named} cannot be had with it", "--simulated")
    assert list(tmp_path.iterdir()) == []


def test_the_help_of_an_import_names_every_column_of_events(tmp_path: Path) -> None:
    shown = " ".join(tracker(tmp_path, "import", "--help").out.split())
    for word in (*EVENT_COLUMNS, *OPTIONAL_EVENT_COLUMNS):
        assert word in shown.partition("--events")[2].partition("--accelerometer-unit")[0]


def paired_home(folder: Path, *placements: Placement) -> Path:
    """A home folder in which sensors are paired that are nowhere near."""
    with open_database(folder / "tracker.db") as database, database.write() as connection:
        for placement in placements:
            sensor = SensorIdentity(f"id-{placement.value}", "C0:00:00:00:00:01", "HIP-0001", "hip-imu", b"")
            pair_sensor(connection, sensor, placement)
    return folder


def test_a_demonstration_needs_the_sensors_of_its_exercise(tmp_path: Path) -> None:
    home = paired_home(tmp_path, *THIGHS)
    asked = ("record", "--no-rest-test", "--demonstrate", "--exercise", "hip_hike")
    tracker(home, *asked).check_error(2, "no sensor is paired at pelvis", "--side")


def test_steps_of_a_leg_without_a_sensor_are_refused_before_anybody_lies_down(tmp_path: Path) -> None:
    left = paired_home(tmp_path, LEFT)
    tracker(left, "record", "--side", "right", "--knee-lift").check_error(2, "paired at right_thigh")
    pelvis = paired_home(tmp_path / "pelvis", Placement.PELVIS)
    done = tracker(pelvis, "rest", "--knee-lift", "--reference", "hanging_shank", "--repeats", "1")
    done.check_error(2, "paired at left_thigh, right_thigh", "tracker pair")
    assert not (pelvis / "recordings").exists() or not list((pelvis / "recordings").iterdir())


def write_rows(path: Path, block: TimedBlock) -> Path:
    """A CSV file of samples."""
    rows = np.column_stack([block.time_s, block.accelerometer_m_per_s2, block.gyroscope_rad_per_s])
    header = "time_s,ax,ay,az,gx,gy,gz"
    np.savetxt(path, rows, fmt="%.9g", delimiter=",", header=header, comments="")
    return path


def imported(
    folder: Path, blocks: Blocks, events: Sequence[str], *more: str, columns: str = ",recipe,posture"
) -> Outcome:
    """Import the samples of the thighs with an events file."""
    files = [
        argument
        for place, block in blocks.items()
        for argument in (
            f"--{place.value.replace('_', '-')}",
            str(write_rows(folder / f"{place.value}.csv", block)),
        )
    ]
    path = folder / "events.csv"
    path.write_text("\n".join([f"start_s,end_s,kind,side,exercise{columns}", *events, ""]))
    (folder / "out.mcap").unlink(missing_ok=True)
    return tracker(folder, "import", *files, "--events", path, "--out", folder / "out.mcap", *more)


def events_of(script: ScriptBuilder) -> list[str]:
    """The phases of a script as lines of an events file."""
    return [
        ",".join(
            [
                f"{phase.start_s:g}",
                f"{phase.end_s:g}",
                phase.kind.value,
                phase.side.value if phase.side else "",
                phase.exercise or "",
                phase.recipe.value if phase.recipe else "",
                phase.posture.value if phase.posture else "",
            ]
        )
        for phase in script.build().phases
    ]


def samples_of(script: ScriptBuilder) -> Blocks:
    """What ideal thigh sensors measure of a script, 50 times a second."""
    return simulated_blocks(worn(script.build(), THIGHS), 50.0)


def at_rest(script: ScriptBuilder) -> ScriptBuilder:
    """Legs that lie 15 and 25 degrees outward, measured."""
    script.relax(rad(-15.0), rad(-25.0), 0.8).hold(0.3).rest(5.5)
    return script.relax(0.0, 0.0, 0.8).hold(0.3)


def test_donnings_recipes_and_knee_lifts_of_an_events_file_are_followed(tmp_path: Path) -> None:
    script = ScriptBuilder().stand(2.0).lie_down(1.5).hold(0.5)
    script.lift_knee(Side.RIGHT, rad(30.0)).hold(0.3).reference(2.0, recipe=ReferenceRecipe.FOOT_BLOCK)
    at_rest(script).phase(PhaseKind.DONNING, 1.0)
    at_rest(script).reference(2.0)
    at_rest(script)
    done = imported(tmp_path, samples_of(script), events_of(script), "--json")
    assert done.exit_code == 0, done.err
    document = done.document
    for side, true_deg in (("left", -15.0), ("right", -25.0)):
        tests = [one for one in document["rest_tests"] if one["side"] == side]
        assert [one["recipe"] for one in tests] == ["standing+foot_block", "housing", "housing+patella_up"]
        refused = [one["refused"] for one in tests]
        assert refused == [None, "no reference pose: the reference pose is from another strapping-on", None]
        assert [tests[0]["hip_rotation_deg"], tests[2]["hip_rotation_deg"]] == pytest.approx(
            [true_deg] * 2, abs=0.05
        )
    assert document["notices"] == []
    recipes = [one["recipe"] for one in document["alignments"] if one["placement"] == "right_thigh"]
    assert recipes == ["standing", "standing", "standing+foot_block", "housing+patella_up"]


def test_a_knee_lift_of_an_events_file_shows_swapped_files(tmp_path: Path) -> None:
    script = lying(2.0, 2.0).lift_knee(Side.RIGHT, rad(30.0)).hold(0.5)
    straight = samples_of(script)
    crossed = {
        LEFT: replace(straight[RIGHT], placement=LEFT),
        RIGHT: replace(straight[LEFT], placement=RIGHT),
    }
    for blocks, kinds in ((straight, []), (crossed, ["swapped"])):
        document = imported(tmp_path, blocks, events_of(script), "--json").document
        assert [one["kind"] for one in document["notices"]] == kinds
    shown = tracker(tmp_path, "replay", tmp_path / "out.mcap").out
    assert "! the right knee was to be lifted, and the left thigh's sensor moved by 30 deg" in shown


def test_a_demonstration_of_an_events_file_gives_the_range_that_sets_are_held_against(
    tmp_path: Path,
) -> None:
    """13 degrees are partial of the catalogue's 25, and valid of 20 that were shown."""
    tempo = Tempo(0.8, 0.2, 0.8, 0.3)
    script = lying(2.0, 2.0).relax(rad(-25.0), rad(-25.0), 0.8)
    script.repetitions([rad(20.0)] * 3, tempo, still_before_s=1.5, still_after_s=0.5)
    script.repetitions([rad(13.0)] * 4, tempo, still_before_s=1.5, still_after_s=0.5)
    blocks, lines = samples_of(script), events_of(script)
    shown = [line.replace(",set,", ",demonstration,") if "set" in line else line for line in lines[:-1]]
    document = imported(tmp_path, blocks, [*shown, lines[-1]], "--json").document
    assert [(one["side"], one["exercise"], one["shown"]) for one in document["ranges"]] == [
        ("left", "supine_in_toeing", 3),
        ("right", "supine_in_toeing", 3),
    ]
    assert [one["rom_deg"] for one in document["ranges"]] == pytest.approx([20.0] * 2, abs=0.3)
    assert [(one["valid_reps"], one["reference_shown"]) for one in document["sets"]] == [(4, 3)] * 2
    table = tracker(tmp_path, "replay", tmp_path / "out.mcap").out
    assert "supine_in_toeing, left: own range" in table
    assert "held against an own range of 20°" in table
    without = imported(tmp_path, blocks, [*lines[:2], lines[-1]], "--json").document
    assert without["ranges"] == []
    assert [(one["valid_reps"], one["partial_reps"]) for one in without["sets"]] == [(0, 4)] * 2
    assert {one["reference_shown"] for one in without["sets"]} == {0}


def test_the_posture_of_an_events_file_is_what_a_rest_test_is_measured_in(tmp_path: Path) -> None:
    """Prone the twist of a neutral thigh is half a turn: lying on the back it cannot be that."""
    script = at_rest(lying(2.0, 2.0))
    lines = [f"{line.rsplit(',', 2)[0]},{'prone' if ',rest,' in line else ''}" for line in events_of(script)]
    document = imported(tmp_path, samples_of(script), lines, "--json", columns=",posture").document
    assert {one["posture"] for one in document["rest_tests"]} == {"prone"}
    assert all("not lying prone" in one["refused"] for one in document["rest_tests"])


@pytest.mark.parametrize(
    ("line", "parts"),
    [
        ("1,2,donned,,,,", ("column kind", "'donned'", "donning", "knee_lift", "demonstration")),
        ("1,2,reference,,,kneecap,", ("column recipe", "'kneecap'", "foot_block, hanging_shank")),
        ("1,2,rest,,,,lying", ("column posture", "'lying'", "supine", "left_side_down")),
        ("1,2,donning,right,,,", ("column side", "no file is given for the right thigh")),
    ],
)
def test_a_wrong_line_of_an_events_file_is_named(tmp_path: Path, line: str, parts: Sequence[str]) -> None:
    blocks = samples_of(lying(1.0, 1.0))
    done = imported(tmp_path, {LEFT: blocks[LEFT]}, ["0,0.5,standing,,,,", line])
    done.check_error(3, "events.csv, line 3", *parts)
    assert not (tmp_path / "out.mcap").exists()


def test_a_sensor_to_calibrate_must_be_told(tmp_path: Path) -> None:
    tracker(tmp_path, "calibrate-sensor").check_error(2, "which sensor", "Say where it is worn")
    assert list(tmp_path.iterdir()) == []


def calibrated(home: Path) -> dict[str, Any]:
    """The calibrations that a home folder's simulated sensors have, by sensor id."""
    with open_database(home / "simulated" / "tracker.db") as database, database.read() as connection:
        sensors = [sensor.sensor_id for sensor in known_sensors(connection)]
        return dict(newest_calibrations(connection, sensors))


def test_a_calibration_that_is_stopped_leaves_nothing(tmp_path: Path) -> None:
    stopped = Started.begin(tmp_path / "home", *CALIBRATE)
    try:
        stopped.wait_for("up: taken.")
        stopped.process.send_signal(signal.SIGINT)
        done = stopped.end()
    finally:
        stopped.process.kill()
        stopped.process.wait()
    assert done.exit_code == 130, done.err
    assert done.out == ""
    assert "Traceback" not in done.err
    assert done.err.splitlines()[-1] == "interrupted"
    assert calibrated(stopped.home) == {}


def test_a_calibration_is_shown_and_kept_with_its_sensor(calibration: Started) -> None:
    done = calibration.end()
    assert done.exit_code == 0, done.err
    notes = done.err.splitlines()
    assert notes[0].startswith("SIMULATED")
    assert notes[1].startswith("Lay the sensor on a firm table")
    assert [note.split(":")[0] for note in notes[2:]] == [
        *(f"{side} up" for side in ("+y", "+x", "-x", "+z", "-z", "-y")),
        "Slanted",
    ]
    assert "5 to go" in notes[2]
    assert "no side is level" in notes[7]
    document = done.document
    [mems] = calibration_session().mems.values()
    milli_g = 1000.0 / STANDARD_GRAVITY_M_PER_S2
    true_mg = [milli_g * one for one in mems.accelerometer_bias_m_per_s2]
    assert document["offset_mg"] == pytest.approx(true_mg, abs=0.5)
    true_scale = [1.0 / (1.0 + error) for error in mems.accelerometer_scale_error]
    assert document["scale"] == pytest.approx(true_scale, abs=0.0005)
    assert 0.0 <= document["residual_mg"] < 1.0
    [(sensor_id, kept)] = calibrated(calibration.home).items()
    assert sensor_id == document["sensor_id"] == kept.sensor_id
    assert kept.calibrated_on == document["calibrated_on"]
    assert [milli_g * one for one in kept.offset_m_per_s2] == pytest.approx(document["offset_mg"])
    # What is simulated is kept apart from the person's own sensors.
    with open_database(calibration.home / "tracker.db") as database, database.read() as connection:
        assert known_sensors(connection) == ()
