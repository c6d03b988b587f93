"""The exercise catalogue, shipped and of a person's own."""

import math
from pathlib import Path

import pytest

from tracker.errors import SettingsError, TrackerError, UsageError
from tracker.home import Home
from tracker.plan.catalogue import load_catalogue

OWN = """
[seated_roll_in]
title = "Seated inward roll"
start_pose = "Sit."
movement = "Roll in."
placements = ["left_thigh"]
signal = "hip_rotation"
band_placement = "ankles"
band_effect = "Resists."
target = "hip internal rotators"

[seated_roll_in.count]
reference_rom_deg = 20.0

[seated_roll_in.gate]
maximum_elevation_deg = 25.0
"""


def home_with(tmp_path: Path, text: str) -> Home:
    (tmp_path / "exercises.toml").write_text(text, encoding="utf-8")
    return Home(tmp_path)


def test_shipped_catalogue_has_the_exercises_of_the_commands() -> None:
    catalogue = load_catalogue()
    assert len(catalogue) == 15
    in_toeing = catalogue.find("supine_in_toeing").counting
    assert in_toeing.rule.reference_rom_rad == pytest.approx(math.radians(25.0))
    assert in_toeing.gate is not None
    assert in_toeing.axis is None
    assert catalogue.find("generic").counting.axis is not None


def test_own_exercise_is_added_and_degrees_become_radians(tmp_path: Path) -> None:
    entry = load_catalogue(home_with(tmp_path, OWN)).find("seated_roll_in")
    assert entry.counting.rule.reference_rom_rad == pytest.approx(math.radians(20.0))
    assert entry.counting.gate is not None
    assert entry.counting.gate.maximum_elevation_rad == pytest.approx(math.radians(25.0))
    assert "supine_in_toeing" in load_catalogue(Home(tmp_path))


def test_own_exercise_replaces_the_shipped_one_of_its_name(tmp_path: Path) -> None:
    text = OWN.replace("seated_roll_in", "generic")
    assert load_catalogue(home_with(tmp_path, text)).find("generic").title == "Seated inward roll"


@pytest.mark.parametrize(
    ("wrong", "right", "key"),
    [
        ("reference_rom_deg = 20.0", "reference_rom_rad = 0.3", "seated_roll_in.count.reference_rom_rad"),
        ("reference_rom_deg = 20.0", 'reference_rom_deg = "wide"', "seated_roll_in.count.reference_rom_deg"),
        ("reference_rom_deg = 20.0", "reference_rom_deg = nan", "seated_roll_in.count.reference_rom_deg"),
        ("maximum_elevation_deg = 25.0", "steepness = 3", "seated_roll_in.gate.steepness"),
        ('placements = ["left_thigh"]', 'placements = ["nose"]', "seated_roll_in.placements"),
        ('signal = "hip_rotation"', 'signal = "mood"', "seated_roll_in.signal"),
        ('title = "Seated inward roll"', "", "seated_roll_in.title"),
    ],
)
def test_a_wrong_key_or_value_is_named_with_its_file(
    tmp_path: Path, wrong: str, right: str, key: str
) -> None:
    home = home_with(tmp_path, OWN.replace(wrong, right))
    with pytest.raises(SettingsError) as caught:
        load_catalogue(home)
    assert key in caught.value.message
    assert "exercises.toml" in caught.value.message
    assert caught.value.advice


@pytest.mark.parametrize("text", ["[unclosed", "seated = 3\n", "\udcff"])
def test_what_is_no_catalogue_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "exercises.toml").write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(TrackerError) as caught:
        load_catalogue(Home(tmp_path))
    assert "exercises.toml" in str(caught.value)


def test_unknown_exercise_names_the_known_ones() -> None:
    with pytest.raises(UsageError) as caught:
        load_catalogue().find("juggling")
    assert "supine_in_toeing" in caught.value.advice
