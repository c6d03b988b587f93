"""What a plan asks for."""

from dataclasses import dataclass

from tracker.model.body import Side


@dataclass(frozen=True, slots=True)
class SetTarget:
    """What is asked for of one exercise on one day.

    Attributes:
        prescription: its name in the plan.
        phase: the plan's phase that it belongs to.
        reps_low, reps_high: range of the valid repetitions, or holds, of each set and leg.
        hold_s: how long each is held; None where it is not.
        tempo: seconds there, held and back, for example `2-1-3`; None where it does not matter.
        band_placement: where the band sits; None without one.
        band_colour, elongation_percent: how strong it is; None where the plan leaves that open.
    """

    prescription: str
    phase: str
    exercise: str
    side: Side
    sets: int
    reps_low: int
    reps_high: int
    hold_s: float | None = None
    rest_s: float | None = None
    tempo: str | None = None
    band_placement: str | None = None
    band_colour: str | None = None
    elongation_percent: float | None = None
