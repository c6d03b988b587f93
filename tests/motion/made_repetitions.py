"""Repetitions and sets from numbers, for the tests of this folder."""

from collections.abc import Sequence

from motion_samples import rad

from tracker.model import ExerciseSet, Repetition, Side


def repetition(
    start_s: float = 0.0,
    duration_s: float = 3.0,
    rom_deg: float | None = 30.0,
    *,
    peak_dps: float | None = 40.0,
    valid: bool = True,
) -> Repetition:
    """A repetition; its range or its rate may be withheld."""
    return Repetition(
        side=None,
        start_s=start_s,
        peak_s=start_s + duration_s / 2,
        end_s=start_s + duration_s,
        rom_rad=None if rom_deg is None else rad(rom_deg),
        rom_uncertainty_rad=None,
        peak_velocity_rad_per_s=None if peak_dps is None else rad(peak_dps),
        mean_velocity_rad_per_s=None,
        concentric_s=duration_s / 2,
        hold_s=0.0,
        eccentric_s=duration_s / 2,
        phase_rate_rad_per_s=rad(3.0),
        valid=valid,
    )


def set_of(
    repetitions: Sequence[Repetition],
    side: Side | None = Side.RIGHT,
    *,
    start_s: float = 0.0,
    exercise: str = "waves",
) -> ExerciseSet:
    """A set of one leg."""
    return ExerciseSet(exercise, side, start_s, start_s + 60.0, tuple(repetitions))
