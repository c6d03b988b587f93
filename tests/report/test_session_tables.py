"""What a person reads of what came from each sensor, and of how its clock fits."""

from dataclasses import replace

from rich.console import Console

from tracker.model import Placement, SensorQuality
from tracker.report.session_tables import sensors_table

KNOWN = SensorQuality(
    Placement.LEFT_THIGH,
    100.0,
    6000,
    0,
    (),
    0,
    drift_ppm=-49.26,
    drift_uncertainty_ppm=8.04,
    clock_residual_s=0.0284,
)
IMPORTED = SensorQuality(Placement.PELVIS, 100.0, 6000, 0, (), 0)


def shown(*sensors: SensorQuality) -> list[str]:
    """The lines on a terminal of 100 columns, single spaced."""
    console = Console(width=100, record=True, color_system=None)
    with console.capture() as capture:
        console.print(sensors_table(sensors))
    return [" ".join(line.split()) for line in capture.get().splitlines()]


def test_drift_with_its_uncertainty_and_residual_stand_beside_each_other() -> None:
    assert "left_thigh -49.3 ppm 8.0 ppm 28.4 ms" in shown(KNOWN, IMPORTED)


def test_a_drift_of_two_points_whose_error_is_not_known_is_not_shown() -> None:
    early = SensorQuality(Placement.PELVIS, 100.0, 30, 0, (), 0, drift_ppm=12.0, clock_residual_s=0.0)
    assert not any("ppm" in line or "Clocks" in line for line in shown(early))


def test_no_drift_has_no_sign_of_its_own() -> None:
    right = replace(KNOWN, drift_ppm=-0.01)
    assert "left_thigh +0.0 ppm 8.0 ppm 28.4 ms" in shown(right)


def test_imported_samples_have_no_clock() -> None:
    assert not any("ppm" in line or "Clocks" in line for line in shown(IMPORTED))
    assert sum("pelvis" in line for line in shown(KNOWN, IMPORTED)) == 1


def test_samples_that_were_sent_again_stand_beside_those_that_are_missing() -> None:
    came_later = SensorQuality(Placement.PELVIS, 100.0, 6000, 36, (), 0, backfilled=500)
    lines = shown(IMPORTED, came_later)
    assert any("missing sent again gaps" in line for line in lines)
    assert "pelvis 100.00 Hz 6000 36 500 0 0 0 no" in lines
    assert not any("sent again" in line for line in shown(IMPORTED))
