"""Repetitions, sets, and what they are held against."""

from dataclasses import dataclass, field

from tracker.model.body import Side


@dataclass(frozen=True, slots=True)
class Form:
    """What a repetition did beside its movement, from its beginning to its turning point; None: not seen.

    Attributes:
        elevation_change_rad: largest change of the thigh's tilt.
        heading_change_rad: turn about the vertical: abduction of a level thigh.
        rotation_change_rad: largest change of the hip rotation, where another angle is counted.
        pelvis_turn_rad: largest turn of the pelvis.
        pelvis_share: share of the pelvis in the movement of thigh and pelvis together, 0 to 1.
    """

    elevation_change_rad: float | None = None
    heading_change_rad: float | None = None
    rotation_change_rad: float | None = None
    pelvis_turn_rad: float | None = None
    pelvis_share: float | None = None


@dataclass(frozen=True, slots=True)
class Repetition:
    """One movement there and back, or one hold.

    Attributes:
        start_s, peak_s, end_s: begin of the movement, middle of its hold, the return.
        rom_rad: range of motion, turning point minus start; None where the sensor was at its range's end.
        rom_uncertainty_rad: half width of the 95 % interval of the range, of a rigid body; None with it.
        peak_velocity_rad_per_s, mean_velocity_rad_per_s: of the way there; None where saturated.
        concentric_s, hold_s, eccentric_s: phases, cut where the rate falls below `phase_rate_rad_per_s`.
        phase_rate_rad_per_s: the threshold that the phases were cut at.
        concentric_smoothness, eccentric_smoothness: spectral arc length (SPARC) of the way there and back,
            closer to zero is smoother; None where it cannot be told.
        form: what it did beside its movement.
        valid: large and long enough for the exercise.
        flags: reasons why it is partial, and what spoilt it (`gap`, `saturated`, ...).
    """

    side: Side | None
    start_s: float
    peak_s: float
    end_s: float
    rom_rad: float | None
    rom_uncertainty_rad: float | None
    peak_velocity_rad_per_s: float | None
    mean_velocity_rad_per_s: float | None
    concentric_s: float
    hold_s: float
    eccentric_s: float
    phase_rate_rad_per_s: float
    valid: bool
    concentric_smoothness: float | None = None
    eccentric_smoothness: float | None = None
    form: Form = field(default_factory=Form)
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReferenceRange:
    """Range of motion that repetitions of one exercise and leg are held against.

    Attributes:
        rom_rad: median of the repetitions shown.
        shown: how many repetitions it was made of; 0 for that of the catalogue.
    """

    exercise: str
    side: Side | None
    rom_rad: float
    shown: int = 0


GOES_ON = "goes on after a pause, and counts as one with the set before"
"""Flag of a set that a pause had broken off: the plan and the week count both parts as one set."""


@dataclass(frozen=True, slots=True)
class ExerciseSet:
    """Repetitions of one exercise in a row, of one leg.

    Attributes:
        reference: range that the repetitions were held against; None where it had to be found from them
            and was not.
        flags: what spoilt it, or `GOES_ON`.
    """

    exercise: str
    side: Side | None
    start_s: float
    end_s: float
    repetitions: tuple[Repetition, ...]
    reference: ReferenceRange | None = None
    flags: tuple[str, ...] = ()

    @property
    def valid_reps(self) -> int:
        """Number of repetitions that count."""
        return sum(rep.valid for rep in self.repetitions)

    @property
    def partial_reps(self) -> int:
        """Number of repetitions that were too small or too short."""
        return sum(not rep.valid for rep in self.repetitions)
