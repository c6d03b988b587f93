"""What a repetition did beside its movement: raising, abducting, turning the pelvis."""

import math
from dataclasses import dataclass

from tracker.model import FloatArray, Form
from tracker.motion.exercise import CountedSignal, FormLimits, LimitName
from tracker.motion.signals.counted_samples import Channel, CountedSamples

FAULTS: dict[LimitName, str] = {
    "elevation_change": "leg raised",
    "heading_change": "leg abducted",
    "rotation_change": "leg rotated",
    "pelvis_turn": "pelvis turned",
    "pelvis_share": "pelvis helped",
}
"""Names of the limits without their unit, and what a repetition beyond them is flagged with."""


@dataclass(frozen=True, slots=True)
class Faults:
    """What was wrong with a repetition's form.

    Attributes:
        strict: what makes it partial.
        told: what it is only flagged with.
    """

    strict: tuple[str, ...] = ()
    told: tuple[str, ...] = ()


def form_of(samples: CountedSamples, peak: int, signal: CountedSignal) -> Form:
    """Form of a repetition whose samples begin with it and turn at sample `peak`."""
    if signal is CountedSignal.MOVEMENT:
        return Form()
    rise = samples.part(slice(0, peak + 1))
    rotation = rise.channel(Channel.ROTATION)
    pelvis_turn = rise.channel(Channel.PELVIS_TURN)
    counts_rotation = signal in (CountedSignal.HIP_ROTATION, CountedSignal.KNEE_ROLL)
    return Form(
        elevation_change_rad=_largest_change(rise.channel(Channel.ELEVATION)),
        heading_change_rad=_known(
            abs(float(rise.channel(Channel.HEADING)[-1] - rise.channel(Channel.HEADING)[0]))
        ),
        rotation_change_rad=None if counts_rotation else _largest_change(rotation),
        pelvis_turn_rad=_pelvis_turn(rise),
        pelvis_share=_share(pelvis_turn, rotation) if signal is CountedSignal.HIP_ROTATION else None,
    )


def faults_of(form: Form, limits: FormLimits) -> Faults:
    """The limits that a repetition went beyond, in words."""
    values: tuple[tuple[LimitName, float | None, float | None], ...] = (
        ("elevation_change", form.elevation_change_rad, limits.elevation_change_rad),
        ("heading_change", form.heading_change_rad, limits.heading_change_rad),
        ("rotation_change", form.rotation_change_rad, limits.rotation_change_rad),
        ("pelvis_turn", form.pelvis_turn_rad, limits.pelvis_turn_rad),
        ("pelvis_share", form.pelvis_share, limits.pelvis_share),
    )
    beyond = [
        name for name, value, limit in values if value is not None and limit is not None and value > limit
    ]
    return Faults(
        strict=tuple(FAULTS[name] for name in beyond if name in limits.strict),
        told=tuple(FAULTS[name] for name in beyond if name not in limits.strict),
    )


def _known(value: float) -> float | None:
    return None if math.isnan(value) else value


def _largest_change(angle: FloatArray) -> float | None:
    """Largest distance from the first value; None where any is not known."""
    return _known(max(float(angle.max() - angle[0]), float(angle[0] - angle.min())))


def _pelvis_turn(samples: CountedSamples) -> float | None:
    """Largest angle between the pelvis's directions of up and its first one."""
    up = samples.table[Channel.PELVIS_UP_X : Channel.PELVIS_UP_Z + 1]
    if math.isnan(up[0, 0]):
        return None
    cosine = float((up[0] * up[0, 0] + up[1] * up[1, 0] + up[2] * up[2, 0]).min())
    return None if math.isnan(cosine) else math.acos(max(-1.0, min(1.0, cosine)))


def _share(pelvis_turn: FloatArray, rotation: FloatArray) -> float | None:
    """Share of the pelvis in what both turned from the beginning to the turning point."""
    pelvis = abs(float(pelvis_turn[-1] - pelvis_turn[0]))
    hip = abs(float(rotation[-1] - rotation[0]))
    return None if math.isnan(pelvis + hip) or pelvis + hip == 0.0 else pelvis / (pelvis + hip)
