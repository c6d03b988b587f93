"""Settings: shipped defaults, and a person's own over them."""

import math
from pathlib import Path

import pytest

from tracker.errors import SettingsError, StorageError
from tracker.home import Home
from tracker.session.backfill_parameters import BackfillParameters
from tracker.session.settings import Settings, load_settings


def home_with(tmp_path: Path, text: str) -> Home:
    (tmp_path / "settings.toml").write_text(text)
    return Home(tmp_path)


def test_shipped_settings_are_the_defaults_of_the_code() -> None:
    assert load_settings() == Settings()


def test_own_values_are_laid_over_key_by_key(tmp_path: Path) -> None:
    text = (
        "[rest_test]\nreference_sd_deg = 2.0\n[guide]\nsettle_s = 45\n[link]\nrate_hz = 50\n"
        "[backfill]\nwait_s = 10\nheld_samples = 500\n"
    )
    settings = load_settings(home_with(tmp_path, text))
    assert settings.motion.rest_test.reference_sd_rad == pytest.approx(math.radians(2.0))
    assert settings.motion.rest_test.donning_sd_rad == Settings().motion.rest_test.donning_sd_rad
    assert settings.guide.settle_s == 45.0
    assert settings.link.rate_hz == 50
    assert settings.backfill == BackfillParameters(wait_s=10.0, held_samples=500)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("[rest_test]\nreference_sd_rad = 0.1\n", "rest_test.reference_sd_rad"),
        ("[rest_test]\nreference_sd_deg = 'two'\n", "rest_test.reference_sd_deg"),
        ("[rest_test]\nreference_sd_deg = inf\n", "rest_test.reference_sd_deg"),
        ("[sleep]\nhours = 8\n", "sleep"),
        ("[backfill]\nwait_s = -1\n", "backfill.wait_s"),
        ("[backfill]\nheld_samples = 0\n", "backfill.held_samples"),
        ("guide = 3\n", "guide"),
    ],
)
def test_a_wrong_setting_is_named_with_its_file(tmp_path: Path, text: str, key: str) -> None:
    with pytest.raises(SettingsError) as caught:
        load_settings(home_with(tmp_path, text))
    assert key in caught.value.message
    assert str(tmp_path / "settings.toml") in caught.value.message


def test_a_table_that_is_written_as_a_value_is_told_how_to_write_it(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as caught:
        load_settings(home_with(tmp_path, "link = 3\n"))
    assert caught.value.message.endswith("link is no table")
    assert "[link]" in caught.value.advice


@pytest.mark.parametrize("value", ["'pelvis_level'", "'kneecap'", "3", "[]", "true", "['patella_up']"])
def test_a_reference_recipe_that_gives_no_thigh_its_zero_is_refused(tmp_path: Path, value: str) -> None:
    with pytest.raises(SettingsError) as caught:
        load_settings(home_with(tmp_path, f"[alignment]\nreference_recipe = {value}\n"))
    assert "alignment.reference_recipe" in caught.value.message
    assert str(tmp_path / "settings.toml") in caught.value.message
    assert caught.value.advice == "Use one of patella_up, foot_block, hanging_shank."


@pytest.mark.parametrize("recipe", ["patella_up", "foot_block", "hanging_shank"])
def test_the_reference_recipe_is_a_setting(tmp_path: Path, recipe: str) -> None:
    settings = load_settings(home_with(tmp_path, f"[alignment]\nreference_recipe = '{recipe}'\n"))
    assert settings.motion.alignment.reference_recipe == recipe


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(StorageError):
        load_settings(Home(tmp_path))
