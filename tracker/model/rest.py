"""Resting hip rotation, measured or refused, and where its axes come from."""

import math
from dataclasses import dataclass
from enum import StrEnum

from tracker.model.body import Placement, Posture, Side


class RelativeTo(StrEnum):
    """What a hip rotation is measured against."""

    PELVIS = "pelvis"
    VERTICAL = "vertical"


@dataclass(frozen=True, slots=True)
class RestUncertainty:
    """What the uncertainty of a resting hip rotation is made of, each a standard uncertainty.

    Attributes:
        sensor_rad: offset of the accelerometers of thigh and pelvis.
        crosstalk_rad: ab-/adduction of a thigh that is not level.
        reference_rad: repeating the reference pose.
        donning_rad: strapping on anew.
        wander_rad: movement of thigh and pelvis during the test.
        coverage: half width of the 95 % interval in standard uncertainties.
        pelvis_rad: what of `sensor_rad` is the pelvis's: it turns one leg in as it turns the other one out;
            0 where none is worn or it is not known.
    """

    sensor_rad: float
    crosstalk_rad: float
    reference_rad: float
    donning_rad: float
    wander_rad: float
    coverage: float
    pelvis_rad: float = 0.0

    @property
    def half_width_rad(self) -> float:
        """Half width of the 95 % interval."""
        return self.coverage * math.hypot(
            self.sensor_rad, self.crosstalk_rad, self.reference_rad, self.donning_rad, self.wander_rad
        )


@dataclass(frozen=True, slots=True)
class RestTest:
    """Resting hip rotation of one leg, or the reason why there is none.

    Attributes:
        hip_rotation_rad: rest minus reference, internal rotation positive; None where refused.
        uncertainty: what the interval around it is made of; None where refused.
        relative_to: what the rotation is measured against.
        observability: sine of the angle between thigh and vertical, 0 to 1.
        posture: how the body lay, as the pelvis shows it where one is worn, else as it was said.
        recipe: where the thigh's axes and zero come from, for example `standing+patella_up`.
        reference_age_s: from the end of the reference pose to the beginning of the test.
        crosstalk_bound_rad: what ab-/adduction within its bound can add to the value at most.
        flags: what widens or limits the value.
        refused: the reason in plain words; None where a value was measured.
    """

    side: Side
    start_s: float
    end_s: float
    hip_rotation_rad: float | None
    uncertainty: RestUncertainty | None
    relative_to: RelativeTo
    observability: float | None
    posture: Posture = Posture.SUPINE
    recipe: str = "housing"
    reference_age_s: float | None = None
    crosstalk_bound_rad: float | None = None
    flags: tuple[str, ...] = ()
    refused: str | None = None

    @property
    def uncertainty_rad(self) -> float | None:
        """Half width of the 95 % interval; None where refused."""
        return None if self.uncertainty is None else self.uncertainty.half_width_rad


@dataclass(frozen=True, slots=True)
class SensorAlignment:
    """Where a body segment's axes lie in its sensor's frame, from a time on.

    Attributes:
        side: the leg that the alignment holds for; None for both.
        recipe: where long axis and zero come from, for example `standing+patella_up`.
        long_axis: (3,) unit vector of the segment's long axis, proximal; None where the housing's is taken.
        front: (3,) unit vector of up in the reference pose; None where none was held.
    """

    placement: Placement
    side: Side | None
    since_s: float
    recipe: str
    long_axis: tuple[float, float, float] | None
    front: tuple[float, float, float] | None
