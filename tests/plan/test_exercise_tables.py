"""Tables of exercises: what becomes of them, and those that make no sense together or hold wrong values."""

import math
from pathlib import Path

import pytest

from tracker.errors import SettingsError
from tracker.home import Home, shipped_text
from tracker.model import Placement, Posture
from tracker.motion.exercise import (
    CountedSignal,
    CountingRule,
    FormLimits,
    HoldRule,
    PairRule,
    PoseGate,
    SelfFoundAxis,
)
from tracker.plan.catalogue import FILE_NAME, CatalogueEntry, load_catalogue

SHIPPED = shipped_text(FILE_NAME)
HEAD = """
[own]
title = "Wall press"
start_pose = "Lie on your side."
movement = "Press, and let go."
placements = ["right_thigh", "pelvis"]
signal = "elevation"
band_placement = "ankles"
band_effect = "Resists."
target = "abductors"
"""
TABLES = """
[own.count]
reference_rom_deg = 40.0
prominence = 0.4
valid = 0.7
partial = 0.2
minimum_partial_deg = 6.0
phase_rate_deg_per_s = 4.5

[own.hold]
target_s = 8.0
begin_deg = 3.0
maximum_deg = 12.0
both_ways = true
quiet_rate_deg_per_s = 6.0

[own.gate]
postures = ["left_side_down", "right_side_down"]
minimum_elevation_deg = -35.0
maximum_elevation_deg = -5.0
void_force_m_per_s2 = 5.0

[own.form]
elevation_change_deg = 9.0
pelvis_share = 0.3
strict = ["pelvis_share", "elevation_change"]

[own.pair]
minimum_rom_ratio = 0.5
maximum_rom_difference_deg = 7.0
maximum_lag_s = 0.4
"""
OWN = HEAD + TABLES


def rad(degrees: float) -> float:
    """Degrees in radians."""
    return math.radians(degrees)


def loaded(folder: Path, text: str, name: str = "own") -> CatalogueEntry:
    """An exercise of a person's own file."""
    (folder / FILE_NAME).write_text(text, encoding="utf-8")
    return load_catalogue(Home(folder)).find(name)


def check_error(folder: Path, text: str, key: str) -> None:
    """A file is refused with a line that names file and key, and an advice that names the key."""
    (folder / FILE_NAME).write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError) as caught:
        load_catalogue(Home(folder))
    error = caught.value
    assert key in error.message
    assert str(folder / FILE_NAME) in error.message
    assert "\n" not in error.message + error.advice
    assert error.advice
    assert str(error.data["key"]).startswith(key)


@pytest.mark.parametrize(
    ("extra", "key"),
    [
        ("[supine_in_toeing.axis]\nminimum_range_deg = 20\n", "supine_in_toeing.axis"),
        ("[generic.count.more]\n", "generic.count.more"),
        ("[generic.gate]\narm_still_s = -1\n", "generic.gate.arm_still_s"),
        ("[generic.gate]\narm_still_s = '1'\n", "generic.gate.arm_still_s"),
        ("[generic.gate]\nminimum_observability = true\n", "generic.gate.minimum_observability"),
        ("[generic.hold]\ntarget_s = 5\n", "generic.hold"),
    ],
)
def test_what_makes_no_sense_is_named(tmp_path: Path, extra: str, key: str) -> None:
    check_error(tmp_path, f"{SHIPPED}\n{extra}", key)


def test_every_key_of_an_own_exercise_reaches_the_counter(tmp_path: Path) -> None:
    counting = loaded(tmp_path, OWN).counting
    assert (counting.name, counting.signal, counting.falling, counting.axis) == (
        "own",
        CountedSignal.ELEVATION,
        False,
        None,
    )
    rule, hold, gate, form, pair = counting.rule, counting.hold, counting.gate, counting.form, counting.pair
    assert rule == CountingRule(
        reference_rom_rad=rad(40.0),
        prominence=0.4,
        valid=0.7,
        partial=0.2,
        minimum_partial_rad=rad(6.0),
        phase_rate_rad_per_s=rad(4.5),
    )
    assert hold == HoldRule(
        target_s=8.0,
        begin_rad=rad(3.0),
        maximum_rad=rad(12.0),
        both_ways=True,
        quiet_rate_rad_per_s=rad(6.0),
    )
    assert gate == PoseGate(
        postures=(Posture.LEFT_SIDE_DOWN, Posture.RIGHT_SIDE_DOWN),
        minimum_elevation_rad=rad(-35.0),
        maximum_elevation_rad=rad(-5.0),
        void_force_m_per_s2=5.0,
    )
    assert form == FormLimits(
        elevation_change_rad=rad(9.0), pelvis_share=0.3, strict=("pelvis_share", "elevation_change")
    )
    assert pair == PairRule(minimum_rom_ratio=0.5, maximum_rom_difference_rad=rad(7.0), maximum_lag_s=0.4)


def test_what_a_person_reads_is_what_stands_in_the_file(tmp_path: Path) -> None:
    entry = loaded(tmp_path, OWN)
    assert (entry.name, entry.title) == ("own", "Wall press")
    assert (entry.start_pose, entry.movement) == ("Lie on your side.", "Press, and let go.")
    assert entry.placements == (Placement.RIGHT_THIGH, Placement.PELVIS)
    assert (entry.band_placement, entry.band_effect, entry.target) == ("ankles", "Resists.", "abductors")
    assert entry.cautions == ()


def test_an_own_exercise_without_tables_has_the_defaults(tmp_path: Path) -> None:
    counting = loaded(tmp_path, HEAD).counting
    assert (counting.rule, counting.form) == (CountingRule(), FormLimits())
    assert (counting.hold, counting.gate, counting.pair) == (None, None, None)
    # A table that is there but empty is not the same as none.
    empty = loaded(tmp_path, f"{HEAD}[own.hold]\n[own.gate]\n[own.pair]\n").counting
    assert (empty.hold, empty.gate, empty.pair) == (HoldRule(), PoseGate(), PairRule())


def test_a_movement_finds_its_axis_with_or_without_a_table(tmp_path: Path) -> None:
    movement = HEAD.replace('"elevation"', '"movement"')
    assert loaded(tmp_path, movement).counting.axis == SelfFoundAxis()
    text = f"{movement}[own.axis]\nminimum_range_deg = 25\npause_s = 4\n"
    assert loaded(tmp_path, text).counting.axis == SelfFoundAxis(minimum_range_rad=rad(25.0), pause_s=4.0)


def test_own_exercises_stand_after_the_shipped_ones_and_replace_those_of_their_name(tmp_path: Path) -> None:
    shipped = list(load_catalogue())
    (tmp_path / FILE_NAME).write_text(OWN + OWN.replace("[own", "[bridge"), encoding="utf-8")
    catalogue = load_catalogue(Home(tmp_path))
    assert list(catalogue) == [*shipped, "own"]
    # The shipped bridge goes as a whole: nothing of its tables shines through.
    assert catalogue["bridge"].title == "Wall press"
    assert not catalogue["bridge"].counting.falling
    assert catalogue["bridge"].cautions == ()


def test_every_shipped_exercise_says_what_to_do_and_what_the_band_does() -> None:
    for entry in load_catalogue().values():
        texts = (entry.title, entry.start_pose, entry.movement, entry.band_placement, entry.band_effect)
        assert all(texts), entry.name
        assert entry.target, entry.name
        assert entry.counting.name == entry.name
        rule, form = entry.counting.rule, entry.counting.form
        assert rule.partial < rule.valid <= 1.0, entry.name
        limits = {"pelvis_share": form.pelvis_share} | {
            name: getattr(form, f"{name}_rad") for name in form.strict if name != "pelvis_share"
        }
        assert all(limits[name] is not None for name in form.strict), entry.name


WRONG = [
    ("title", 'title = "Wall press"', "title = 3"),
    ("titel", 'title = "Wall press"', 'titel = "Wall press"'),
    ("movement", 'movement = "Press, and let go."', ""),
    ("band_effect", 'band_effect = "Resists."', ""),
    ("placements", 'placements = ["right_thigh", "pelvis"]', 'placements = "pelvis"'),
    ("placements.1", '"pelvis"]', '"hip"]'),
    ("signal", 'signal = "elevation"', 'signal = "rotation"'),
    ("cautions", 'target = "abductors"', 'target = "abductors"\ncautions = "Stop."'),
    ("falling", 'target = "abductors"', 'target = "abductors"\nfalling = "down"'),
    ("falling", 'target = "abductors"', 'target = "abductors"\nfalling = "no"'),
    ("falling", 'target = "abductors"', 'target = "abductors"\nfalling = 1'),
    ("speed", 'target = "abductors"', 'target = "abductors"\nspeed = 3'),
    ("counting", "[own.count]", "[own.counting]"),
    ("count.reference_rom_deg", "reference_rom_deg = 40.0", "reference_rom_deg = 0.0"),
    ("count.reference_rom_deg", "reference_rom_deg = 40.0", "reference_rom_deg = inf"),
    ("count.reference_rom_rad", "reference_rom_deg = 40.0", "reference_rom_rad = 0.7"),
    ("count.prominence", "prominence = 0.4", "prominence = 0"),
    ("count.valid", "valid = 0.7", "valid = -0.7"),
    ("count.valid", "valid = 0.7", 'valid = "most"'),
    ("count.partial", "partial = 0.2", "partial = true"),
    ("count.minimum_partial_deg", "minimum_partial_deg = 6.0", "minimum_partial_deg = nan"),
    ("count.phase_rate_deg", "phase_rate_deg_per_s = 4.5", "phase_rate_deg = 4.5"),
    ("hold", TABLES, "hold = 8.0"),
    ("hold.target_s", "target_s = 8.0", "target_s = 0"),
    ("hold.target_deg", "target_s = 8.0", "target_deg = 8"),
    ("hold.begin_deg", "begin_deg = 3.0", "begin_deg = 0"),
    ("hold.maximum_deg", "maximum_deg = 12.0", "maximum_deg = -12"),
    ("hold.both_ways", "both_ways = true", 'both_ways = "left"'),
    ("hold.both_ways", "both_ways = true", 'both_ways = "no"'),
    ("hold.quiet_rate_deg_per_s", "quiet_rate_deg_per_s = 6.0", "quiet_rate_deg_per_s = [6]"),
    ("gate.postures", 'postures = ["left_side_down", "right_side_down"]', 'postures = "prone"'),
    ("gate.postures.1", '"right_side_down"', '"upside_down"'),
    ("gate.maximum_elevation_deg", "maximum_elevation_deg = -5.0", "maximum_elevation_deg = -inf"),
    ("gate.void_force_m_per_s2", "void_force_m_per_s2 = 5.0", "void_force_m_per_s2 = -5.0"),
    ("gate.void_force_g", "void_force_m_per_s2 = 5.0", "void_force_g = 0.5"),
    ("form.elevation_change_deg", "elevation_change_deg = 9.0", "elevation_change_deg = -9"),
    ("form.elevation_deg", "elevation_change_deg = 9.0", "elevation_deg = 9"),
    ("form.pelvis_share", "pelvis_share = 0.3", "pelvis_share = 1.0"),
    ("form.pelvis_share", "pelvis_share = 0.3", "pelvis_share = -0.1"),
    ("form.strict.1", '"elevation_change"]', '"elevation_change_deg"]'),
    ("form.strict", 'strict = ["pelvis_share", "elevation_change"]', 'strict = "pelvis_share"'),
    ("pair.minimum_overlap", "minimum_rom_ratio = 0.5", "minimum_overlap = 0"),
    ("pair.minimum_rom_ratio", "minimum_rom_ratio = 0.5", "minimum_rom_ratio = -0.5"),
    ("pair.maximum_rom_difference_deg", "difference_deg = 7.0", "difference_deg = '7'"),
    ("pair.maximum_lag", "maximum_lag_s = 0.4", "maximum_lag = 0.4"),
    ("axis", "[own.pair]", "[own.axis]\n[own.pair]"),
    # Each value alone is right, and contradicts another one.
    ("form.strict", "elevation_change_deg = 9.0\n", ""),
    ("form.strict", "pelvis_share = 0.3\n", ""),
    ("form.strict", 'strict = ["pelvis_share"', 'strict = ["pelvis_turn"'),
    ("count.partial", "valid = 0.7", "valid = 0.1"),
    ("count.partial", "partial = 0.2", "partial = 0.71"),
    ("count.maximum_rom_deg", "valid = 0.7", "maximum_rom_deg = 39.0"),
    ("count.maximum_rom_deg", "valid = 0.7", "maximum_rom_deg = 361.0"),
    ("gate.minimum_elevation_deg", "minimum_elevation_deg = -35.0", "minimum_elevation_deg = -4.0"),
    ("gate.maximum_elevation_deg", "minimum_elevation_deg = -35.0\n", ""),
    ("hold.begin_deg", "begin_deg = 3.0", "begin_deg = 12.5"),
    ("hold.begin_deg", "maximum_deg = 12.0", "maximum_deg = 3.0"),
    ("hold.valid", "both_ways = true", "valid = 3.0"),
    ("count.maximum_duration_s", "valid = 0.7", "maximum_duration_s = 2.0"),
    ("placements", '"right_thigh", ', ""),
]
"""A wrong key, what stands in its place in a right file, and what is written instead."""


@pytest.mark.parametrize(
    ("key", "right", "wrong"), WRONG, ids=[f"{key}: {wrong[-30:]}" for key, _, wrong in WRONG]
)
def test_each_wrong_key_or_value_of_an_own_exercise_is_named(
    tmp_path: Path, key: str, right: str, wrong: str
) -> None:
    assert OWN.count(right) == 1
    check_error(tmp_path, OWN.replace(right, wrong), f"own.{key}")


@pytest.mark.parametrize("placements", ["[]", '["left_thigh", "right_thigh"]'])
def test_a_tilt_of_the_pelvis_is_not_counted_without_its_sensor(tmp_path: Path, placements: str) -> None:
    hike = HEAD.replace('"elevation"', '"pelvis_hike"')
    assert loaded(tmp_path, hike).counting.signal is CountedSignal.PELVIS_HIKE
    check_error(tmp_path, hike.replace('["right_thigh", "pelvis"]', placements), "own.placements")


def test_a_movement_that_finds_its_axis_needs_no_thigh(tmp_path: Path) -> None:
    movement = HEAD.replace('"elevation"', '"movement"').replace('"right_thigh", ', "")
    assert loaded(tmp_path, movement).placements == (Placement.PELVIS,)


@pytest.mark.parametrize("name", ["", " ", " press", "a\\nb", "a\\tb", "x" * 101, "\\u0000"])
def test_what_is_no_name_of_an_exercise_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / FILE_NAME).write_text(HEAD.replace("[own]", f'["{name}"]'), encoding="utf-8")
    with pytest.raises(SettingsError, match="no name of an exercise") as caught:
        load_catalogue(Home(tmp_path))
    assert "\n" not in caught.value.message + caught.value.advice
    assert len(caught.value.message) < len(str(tmp_path)) + 120


@pytest.mark.parametrize("name", ["x" * 100, "wall press", "Beinheben_lûtt"])
def test_a_plain_name_may_have_a_hundred_letters(tmp_path: Path, name: str) -> None:
    assert loaded(tmp_path, HEAD.replace("[own]", f'["{name}"]'), name).name == name
