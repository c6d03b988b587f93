"""The documented example of a third party's sensor, installed as a package and used."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tracker.sensing.drivers.registry import known_kinds

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "docs" / "example_sensor"
SESSION = Path(__file__).parent / "example_sensor_session.py"
WRONG = ("1 / 0", "KIND = 'no kind'", "from tracker.sensing.drivers.hip_imu import KIND")


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder into which the example is installed, from this repository alone."""
    folder = tmp_path_factory.mktemp("site")
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    local = ["--no-index", "--no-deps", "--no-build-isolation", "--target", str(folder)]
    subprocess.run([*pip, *local, str(EXAMPLE)], check=True, capture_output=True, timeout=120)
    return folder


def run(installed: Path, *arguments: str) -> str:
    path = os.pathsep.join([str(installed), str(ROOT), str(Path(__file__).parent)])
    done = subprocess.run(
        [sys.executable, *arguments],
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_example_records_like_any_other_sensor(installed: Path, tmp_path: Path) -> None:
    told = json.loads(run(installed, str(SESSION), str(tmp_path / "recording.mcap")))
    assert told["kind"] == "Example sensor"
    assert told["states"].count("streaming") == 2
    assert "lost" in told["states"]
    assert any("keeps nothing" in detail for detail in told["details"])
    assert not told["streams_after_stop"]
    assert told["protocol"] == "example-sensor"
    assert told["samples"] == 120
    assert told["right"]
    # of 0 to 31 bytes only 20 (one sample) make a whole number of samples
    assert told["garbage"] == 31


def test_without_the_package_the_kind_is_not_known() -> None:
    assert "example-sensor" not in [kind.protocol for kind in known_kinds()]


BROKEN = "import sys; from tracker.sensing.drivers.registry import known_kinds; print(len(known_kinds()))"


@pytest.mark.parametrize("module", WRONG)
def test_a_package_that_does_wrong_leaves_the_others_alone(tmp_path: Path, module: str) -> None:
    (tmp_path / "wrong.py").write_text(module)
    info = tmp_path / "wrong-1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: wrong\nVersion: 1\n")
    (info / "entry_points.txt").write_text("[hip_rotation_tracker.sensors]\nwrong = wrong:KIND\n")
    assert run(tmp_path, "-c", BROKEN).strip() == str(len(known_kinds()))
