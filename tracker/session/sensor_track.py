"""One worn sensor within the pipeline: its orientation, its alignment and the phases it is in."""

import math
from dataclasses import dataclass

from tracker.model import FloatArray, PhaseKind, PhaseMark, Placement, TimedBlock
from tracker.motion.frames.alignment import (
    Alignment,
    PoseOutcome,
    unaligned,
    with_knee_lift,
    with_reference,
    with_standing,
)
from tracker.motion.frames.knee_lift import KneeLift, measure_knee_lift
from tracker.motion.frames.orientation import OrientationFilter
from tracker.motion.parameters import MotionParameters
from tracker.motion.rest.rest_test import WornSensor


@dataclass(frozen=True, slots=True, eq=False)
class OrientedBlock:
    """Samples with the direction of up in the sensor frame.

    Attributes:
        up: (N, 3) unit vectors in the sensor frame.
        rate_rad_per_s: (N, 3) angular rate less the gyroscope's estimated offset, sensor frame.
        interval_s: nominal time between two of the samples.
    """

    samples: TimedBlock
    up: FloatArray
    rate_rad_per_s: FloatArray
    interval_s: float

    def __len__(self) -> int:
        return len(self.samples)

    def part(self, start: int, stop: int) -> "OrientedBlock":
        """The samples `start` up to, not including, `stop`."""
        return OrientedBlock(
            self.samples.part(start, stop),
            self.up[start:stop],
            self.rate_rad_per_s[start:stop],
            self.interval_s,
        )


class SensorTrack:
    """State of one sensor: orientation filter, alignment, samples of the still phase it is in.

    Attributes:
        rate_hz: sample rate of the newest samples.
        interval_s: time between two of those that are worked through: they may have waited for the pelvis.
        no_zero: why there is no zero; None where no reference pose was tried.
        lift_axis: (3,) flexion axis that a knee lift of this donning showed and no zero was held against yet.
        told_upside_down: whether it was told in this donning that the sensor is upside down.
    """

    def __init__(self, placement: Placement, parameters: MotionParameters) -> None:
        self.placement = placement
        self.rate_hz = 100.0
        self.interval_s = 1.0 / self.rate_hz
        self.calibrated = False
        self.donnings: list[list[tuple[float, Alignment]]] = [[(-math.inf, unaligned(parameters.alignment))]]
        self.no_zero: str | None = None
        self.lift_axis: FloatArray | None = None
        self.told_upside_down = False
        self._parameters = parameters
        self._orientation: OrientationFilter | None = None
        self._phase_samples: list[TimedBlock] | None = None

    def begin(self, rate_hz: float, *, calibrated: bool) -> None:
        """Set the sample rate of the next samples, and whether they are calibrated."""
        self.calibrated = calibrated
        if self._orientation is None:
            self._orientation = OrientationFilter(rate_hz, self._parameters.orientation)
        elif rate_hz != self.rate_hz:
            self._orientation.set_rate(rate_hz)
        self.rate_hz = rate_hz

    @property
    def alignment(self) -> Alignment:
        """The newest alignment."""
        return self.donnings[-1][-1][1]

    @property
    def alignments(self) -> list[tuple[float, Alignment]]:
        """All alignments, each with the time that it holds from."""
        return [one for donning in self.donnings for one in donning]

    def alignment_at(self, time_s: float) -> Alignment:
        """The alignment that held at a time."""
        return next(alignment for since_s, alignment in reversed(self.alignments) if since_s <= time_s)

    @property
    def held_alignments(self) -> list[tuple[float, Alignment]]:
        """The alignments to read all samples by at the end, each with the time that it holds from.

        A sample before the first reference pose of a donning is read against that pose: the strap sits as
        then.
        """
        found: list[tuple[float, Alignment]] = []
        for donning in self.donnings:
            held = [one for one in donning if one[1].has_zero] or donning[-1:]
            found.append((donning[0][0], held[0][1]))
            found += held[1:]
        return found

    def put_on_s(self, time_s: float) -> float:
        """When the sensor was put on as it sat at a time; minus infinity from the beginning on."""
        return max(donning[0][0] for donning in self.donnings if donning[0][0] <= time_s)

    def worn(self, samples: TimedBlock) -> WornSensor:
        """Samples of a phase with what is known of the sensor now."""
        return WornSensor(samples, self.alignment, self.no_zero, self.calibrated)

    def orient(self, block: TimedBlock) -> OrientedBlock:
        """The next samples with their up vectors."""
        if self._orientation is None:
            raise ValueError(f"no sample rate is set for {self.placement}")
        up, rate = self._orientation.update(block)
        return OrientedBlock(block, up, rate, 1.0 / self.rate_hz)

    def begin_phase(self) -> None:
        """Keep the samples from here on for a still phase."""
        self._phase_samples = []

    def keep(self, samples: TimedBlock) -> None:
        """Add samples to the still phase, if one is on."""
        if self._phase_samples is not None and len(samples):
            self._phase_samples.append(samples)

    @property
    def phase_samples(self) -> TimedBlock:
        """All samples of the still phase so far; none where none is on."""
        return TimedBlock.joined(self.placement, self._phase_samples or [])

    def end_phase(self) -> TimedBlock:
        """All samples of the still phase that ends here."""
        samples = self.phase_samples
        self._phase_samples = None
        return samples

    def take_pose(self, start: PhaseMark, samples: TimedBlock, end_s: float) -> PoseOutcome:
        """Take an axis from a `standing` or `reference` phase that ended at `end_s`; what came of it."""
        alignment, stillness = self._parameters.alignment, self._parameters.stillness
        if start.kind is PhaseKind.STANDING:
            outcome = with_standing(self.alignment, samples, alignment, stillness)
        else:
            recipe = start.recipe or alignment.reference_recipe
            outcome = with_reference(self.alignment, samples, recipe, end_s, alignment, stillness)
            self.no_zero = outcome.refused
        self._hold(end_s, outcome.alignment)
        return outcome

    def take_knee_lift(self, samples: TimedBlock, end_s: float) -> KneeLift:
        """Take the long axis from a knee lift that ended at `end_s`; what it showed."""
        alignment, stillness = self._parameters.alignment, self._parameters.stillness
        lift = measure_knee_lift(samples, self.interval_s, alignment, stillness, self.alignment)
        if lift.long_axis is not None:
            self._hold(end_s, with_knee_lift(self.alignment, lift.long_axis))
        return lift

    def forget_strap(self, since_s: float, reason: str) -> None:
        """The sensor sits otherwise from here on: its axes are not known any more."""
        if self.alignment.has_zero:
            self.no_zero = reason
        self.donnings.append([(since_s, unaligned(self._parameters.alignment))])
        self.lift_axis, self.told_upside_down = None, False
        if self._phase_samples is not None:
            # A phase that is on goes on with the samples of this donning: the others show another strap.
            self.begin_phase()

    def _hold(self, since_s: float, alignment: Alignment) -> None:
        self.donnings[-1].append((since_s, alignment))
