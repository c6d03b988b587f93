"""Tables of an exercise that make no sense together, or numbers without meaning."""

from pathlib import Path

import pytest

from tracker.errors import SettingsError
from tracker.home import Home, shipped_text
from tracker.plan.catalogue import FILE_NAME, load_catalogue

SHIPPED = shipped_text(FILE_NAME)


@pytest.mark.parametrize(
    ("extra", "key"),
    [
        ("[supine_in_toeing.axis]\nminimum_range_deg = 20\n", "supine_in_toeing.axis"),
        ("[generic.count.more]\n", "generic.count.more"),
        ("[generic.gate]\narm_still_s = -1\n", "generic.gate.arm_still_s"),
        ("[generic.gate]\narm_still_s = '1'\n", "generic.gate.arm_still_s"),
        ("[generic.gate]\nminimum_observability = true\n", "generic.gate.minimum_observability"),
    ],
)
def test_what_makes_no_sense_is_named(tmp_path: Path, extra: str, key: str) -> None:
    (tmp_path / FILE_NAME).write_text(f"{SHIPPED}\n{extra}", encoding="utf-8")
    with pytest.raises(SettingsError) as caught:
        load_catalogue(Home(tmp_path))
    assert key in caught.value.message
    assert FILE_NAME in caught.value.message
    assert caught.value.data["key"] == key


def test_a_prominence_of_nothing_would_count_noise(tmp_path: Path) -> None:
    text = SHIPPED.replace("prominence = 0.5", "prominence = 0")
    (tmp_path / FILE_NAME).write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError) as caught:
        load_catalogue(Home(tmp_path))
    assert "supine_in_toeing.count.prominence" in caught.value.message


def test_the_persons_file_with_the_shipped_text_changes_nothing(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_text(SHIPPED, encoding="utf-8")
    assert load_catalogue(Home(tmp_path)).counting == load_catalogue().counting
