"""What was counted in a recording. Angles are degrees, times seconds from the recording's start."""

from typing_extensions import TypedDict


class RangeObject(TypedDict):
    """Range of motion that repetitions of one exercise and leg are held against.

    Attributes:
        rom_deg: median of the repetitions shown.
        shown: how many repetitions it was made of; 0 for that of the catalogue.
    """

    exercise: str
    side: str | None
    rom_deg: float
    shown: int


class RepetitionObject(TypedDict):
    """One movement there and back, or one hold.

    Attributes:
        start_s, peak_s, end_s: begin of the movement, middle of its hold, the return.
        rom_deg: range of motion; null where the sensor was at its range's end.
        rom_uncertainty_deg: half width of the 95 % interval of the range, of a rigid body.
        peak_velocity_deg_per_s, mean_velocity_deg_per_s: of the way there; null where saturated.
        concentric_s, hold_s, eccentric_s: there, held and back.
        phase_rate_deg_per_s: the rate that the phases were cut at.
        concentric_smoothness, eccentric_smoothness: spectral arc length, closer to zero is smoother.
        elevation_change_deg: largest change of the thigh's tilt.
        heading_change_deg: turn about the vertical.
        rotation_change_deg: largest change of the hip rotation, where another angle is counted.
        pelvis_turn_deg: largest turn of the pelvis.
        pelvis_share: of the pelvis in the movement of thigh and pelvis together, 0 to 1.
        valid: large and long enough for the exercise.
        flags: why it is partial, and what spoilt it.
    """

    start_s: float
    peak_s: float
    end_s: float
    rom_deg: float | None
    rom_uncertainty_deg: float | None
    peak_velocity_deg_per_s: float | None
    mean_velocity_deg_per_s: float | None
    concentric_s: float
    hold_s: float
    eccentric_s: float
    phase_rate_deg_per_s: float
    concentric_smoothness: float | None
    eccentric_smoothness: float | None
    elevation_change_deg: float | None
    heading_change_deg: float | None
    rotation_change_deg: float | None
    pelvis_turn_deg: float | None
    pelvis_share: float | None
    valid: bool
    flags: list[str]


class SetTrendObject(TypedDict):
    """Changes within a set, of its valid repetitions.

    Attributes:
        rom_loss_percent: mean range of the last two, against the largest one.
        velocity_loss_percent: the same of the peak rate.
        rom_slope_percent: change of the range a repetition, in the median range.
        duration_slope_percent: the same of the duration: a tempo that slows down is positive.
        duration_cv_percent: standard deviation of the durations in their mean.
    """

    rom_loss_percent: float
    velocity_loss_percent: float
    rom_slope_percent: float
    duration_slope_percent: float
    duration_cv_percent: float


class MeasuredSetObject(TypedDict):
    """Repetitions of one exercise in a row, of one leg.

    Attributes:
        reference_rom_deg: range that they were held against; null where it was not found.
        reference_shown: how many repetitions that was made of; 0 for that of the catalogue.
        trend: null with fewer than four valid repetitions.
    """

    exercise: str
    side: str | None
    start_s: float
    end_s: float
    valid_reps: int
    partial_reps: int
    reference_rom_deg: float | None
    reference_shown: int | None
    flags: list[str]
    trend: SetTrendObject | None
    reps: list[RepetitionObject]


class PairObject(TypedDict):
    """A repetition that both legs made together.

    Attributes:
        left, right: places of the repetitions in their sets, from 0.
        lag_s: by how much the left leg began later.
        rom_ratio: smaller range of the two in the larger one; null where one was withheld.
        flags: what the legs did differently.
    """

    left: int
    right: int
    lag_s: float
    rom_ratio: float | None
    flags: list[str]


class BothLegsObject(TypedDict):
    """Both legs' sets of one exercise beside each other.

    Attributes:
        left_alone, right_alone: places of those that one leg made alone.
        rom_difference_deg: median range of the left leg less that of the right one; null without both.
        symmetry_percent: smaller one of these in the larger one, 100 for equal.
    """

    exercise: str
    start_s: float
    pairs: list[PairObject]
    left_alone: list[int]
    right_alone: list[int]
    rom_difference_deg: float | None
    symmetry_percent: float | None
