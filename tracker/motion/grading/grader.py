"""From the samples of a counted movement to a graded repetition."""

from collections.abc import Sequence
from dataclasses import dataclass

from tracker.model import GAP_IN_INTERVALS, Form, Repetition, Side
from tracker.motion.exercise import BY_GYROSCOPE, CountedSignal, Exercise
from tracker.motion.grading.form import Faults, faults_of, form_of
from tracker.motion.grading.phases import RepetitionShape, shape_of
from tracker.motion.grading.range_error import RangeOfMove, range_half_width_rad
from tracker.motion.grading.smoothness import spectral_arc_lengths
from tracker.motion.parameters import RangeErrorParameters
from tracker.motion.signals.counted_samples import CountedSamples

GAP = "gap"
SATURATED = "saturated"


@dataclass(frozen=True, slots=True, eq=False)
class Movement:
    """A counted movement.

    Attributes:
        samples: from its beginning to its end.
        peak: sample of the turning point.
        rom_rad: turning point less lowest sample; None where the sensor was at its range's end meanwhile.
        form: what it did beside.
        told: faults of it that do not make it partial.
        reasons: why it is partial.
        gap_s: its longest time without samples, that which hides its beginning or end included; 0 for none.
    """

    samples: CountedSamples
    peak: int
    rom_rad: float | None
    form: Form
    told: tuple[str, ...]
    reasons: tuple[str, ...]
    gap_s: float


@dataclass(frozen=True, slots=True)
class Grader:
    """Grades the movements of one leg in one set.

    Attributes:
        interval_s: nominal sample interval.
    """

    side: Side | None
    exercise: Exercise
    interval_s: float
    errors: RangeErrorParameters

    def form(self, samples: CountedSamples, peak: int) -> tuple[Form, Faults]:
        """Form of a movement up to its turning point, and what was wrong with it."""
        form = form_of(samples, peak, self.exercise.signal)
        return form, faults_of(form, self.exercise.form)

    def longest_gap_s(self, samples: CountedSamples) -> float:
        """The longest time without samples; 0 where none are missing."""
        time_s = samples.time_s
        longest_s = float((time_s[1:] - time_s[:-1]).max()) if len(time_s) > 1 else 0.0
        return longest_s if longest_s > GAP_IN_INTERVALS * self.interval_s else 0.0

    def range_half_width_rad(
        self, rom_rad: float | None, peak_rate_rad_per_s: float, gap_s: float, form: Form
    ) -> float | None:
        """Half width of the 95 % interval of a range; None where the range is withheld."""
        if rom_rad is None:
            return None
        twist = self.exercise.signal is CountedSignal.HIP_ROTATION
        raised_rad = (form.elevation_change_rad or 0.0) if twist else 0.0
        by_gyroscope = self.exercise.signal in BY_GYROSCOPE
        move = RangeOfMove(rom_rad, peak_rate_rad_per_s, gap_s, raised_rad, by_gyroscope)
        return range_half_width_rad(move, self.errors)

    def spoilt(self, samples: CountedSamples, gap_s: float) -> tuple[str, ...]:
        """What of the samples was missing or at the range's end."""
        flags = [GAP] if gap_s > 0.0 else []
        if samples.saturated.any():
            flags.append(SATURATED)
        return tuple(flags)

    def grade(self, movements: Sequence[Movement]) -> list[Repetition]:
        """The repetitions that movements are; many together cost less."""
        shapes = [
            shape_of(one.samples.time_s, one.samples.signal_rad, one.peak, self.exercise.rule)
            for one in movements
        ]
        speeds = [speed for shape in shapes for speed in (shape.concentric_speed, shape.eccentric_speed)]
        smoothness = spectral_arc_lengths(speeds, 1.0 / self.interval_s)
        there, back = smoothness[0::2], smoothness[1::2]
        return [self._grade(*parts) for parts in zip(movements, shapes, there, back, strict=True)]

    def _grade(
        self, movement: Movement, shape: RepetitionShape, there: float | None, back: float | None
    ) -> Repetition:
        spoilt = self.spoilt(movement.samples, movement.gap_s)
        half_width = self.range_half_width_rad(
            movement.rom_rad, shape.peak_velocity_rad_per_s, movement.gap_s, movement.form
        )
        withheld = half_width is None
        return Repetition(
            side=self.side,
            start_s=shape.start_s,
            peak_s=shape.peak_s,
            end_s=shape.end_s,
            rom_rad=movement.rom_rad,
            rom_uncertainty_rad=half_width,
            peak_velocity_rad_per_s=None if withheld else shape.peak_velocity_rad_per_s,
            mean_velocity_rad_per_s=None if withheld else shape.mean_velocity_rad_per_s,
            concentric_s=shape.concentric_s,
            hold_s=shape.hold_s,
            eccentric_s=shape.eccentric_s,
            phase_rate_rad_per_s=shape.limit_rad_per_s,
            valid=not movement.reasons,
            concentric_smoothness=None if GAP in spoilt else there,
            eccentric_smoothness=None if GAP in spoilt else back,
            form=movement.form,
            flags=(*movement.reasons, *movement.told, *spoilt),
        )
