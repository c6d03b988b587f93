"""`tracker doctor` as a person calls it."""

import sys
from pathlib import Path

import pytest
from program import tracker

NO_ADAPTER = sys.platform == "linux" and not any(Path("/sys/class/bluetooth").glob("*"))


def test_with_simulated_sensors_all_is_well(tmp_path: Path) -> None:
    done = tracker(tmp_path, "doctor", "--simulated", "--json")
    assert done.exit_code == 0, done.err
    found = {one["name"]: one for one in done.document["findings"]}
    assert done.document["simulated"] is True
    assert found["sensors"]["text"].startswith("3 heard")
    assert {one["state"] for one in found.values()} <= {"ok", "note"}


@pytest.mark.skipif(not NO_ADAPTER, reason="this computer may have a Bluetooth adapter")
def test_without_bluetooth_it_says_what_to_do(tmp_path: Path) -> None:
    done = tracker(tmp_path, "doctor", "--seconds", "0.5")
    assert done.exit_code == 4
    assert "wrong" in done.out
    assert "BlueZ" in done.out


def test_the_first_wrong_thing_gives_the_exit_code(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text("[guide]\nsettle_s = -1\n")
    done = tracker(tmp_path, "doctor", "--simulated")
    assert done.exit_code == 8
    assert "guide.settle_s" in done.out
    assert "Traceback" not in done.err
