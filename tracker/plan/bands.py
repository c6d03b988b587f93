"""What a band loads where it sits, and the ladder of bands that a prescription grows along."""

from dataclasses import dataclass
from enum import StrEnum

from tracker.motion.exercise import CountedSignal

_ROTATIONS = (CountedSignal.HIP_ROTATION, CountedSignal.AXIAL_TURN)
"""Turns of the thigh about its long axis; the knee's roll over a planted foot is none."""


class BandPlacement(StrEnum):
    """Where a band sits on the legs."""

    ANKLES = "ankles"
    FEET = "feet"
    THIGHS = "thighs"


class BandLoad(StrEnum):
    """What a band works against."""

    INTERNAL_ROTATION = "internal_rotation"
    ABDUCTION = "abduction"
    NOTHING = "nothing"


def band_load(placement: BandPlacement | str | None) -> BandLoad:
    """What a band loads at a placement; `none` and None are no band.

    The lever about the thigh's long axis decides: about 0.38 m at the ankles of a bent knee, 0.18 m at the
    forefoot of a straight leg, next to nothing round the thighs.

    Raises:
        ValueError: no such placement.
    """
    if placement is None or placement == "none":
        return BandLoad.NOTHING
    if BandPlacement(placement) is BandPlacement.THIGHS:
        return BandLoad.ABDUCTION
    return BandLoad.INTERNAL_ROTATION


def loads_internal_rotation(placement: BandPlacement | str | None, signal: CountedSignal) -> bool:
    """True where repetitions of a movement count as internal rotation against a band; never at the thighs."""
    return signal in _ROTATIONS and band_load(placement) is BandLoad.INTERNAL_ROTATION


@dataclass(frozen=True, slots=True)
class LadderBand:
    """One colour on the ladder of a make of bands.

    Attributes:
        force_100_n, force_200_n: of one strand at 100 and 200 % elongation, as the maker says: an estimate.
    """

    colour: str
    force_100_n: float
    force_200_n: float

    def force_n(self, elongation_percent: float) -> float:
        """Estimated force between and around the two that the maker gives, on a straight line."""
        rise = self.force_200_n - self.force_100_n
        return self.force_100_n + rise * (elongation_percent - 100.0) / 100.0


@dataclass(frozen=True, slots=True)
class BandLevel:
    """How strong a band is: its colour, and how far it is stretched beyond its rest length."""

    colour: str
    elongation_percent: float

    @property
    def text(self) -> str:
        """For a person: `red, +125 %`."""
        return f"{self.colour}, +{self.elongation_percent:g} %"


@dataclass(frozen=True, slots=True)
class BandLadder:
    """All levels of a make of bands. A step up is always more force by estimate, a step down less.

    Attributes:
        bands: from the weakest to the strongest.
        step_percent, lowest_percent, highest_percent: elongations that are trained with.
    """

    bands: tuple[LadderBand, ...]
    step_percent: float
    lowest_percent: float
    highest_percent: float

    def force_n(self, level: BandLevel) -> float:
        """Estimated force of one strand."""
        return self.bands[self._place(level)].force_n(level.elongation_percent)

    @property
    def lightest(self) -> BandLevel:
        """The level to begin with."""
        return BandLevel(self.bands[0].colour, self.lowest_percent)

    def harder(self, level: BandLevel) -> BandLevel | None:
        """More elongation, and at its end the next colour, as little stretched as is still more force.

        A stronger band at 100 % pulls less than a weaker one at 200 %. None: there is nothing stronger.
        """
        more = level.elongation_percent + self.step_percent
        if more <= self.highest_percent:
            return BandLevel(level.colour, more)
        present_n = self.force_n(level)
        for band in self.bands[self._place(level) + 1 :]:
            for elongation in self._elongations():
                if band.force_n(elongation) > present_n:
                    return BandLevel(band.colour, elongation)
        return None

    def easier(self, level: BandLevel) -> BandLevel | None:
        """Less elongation, and at its end the colour before, as far stretched as is still less force.

        None: there is nothing weaker.
        """
        less = level.elongation_percent - self.step_percent
        if less >= self.lowest_percent:
            return BandLevel(level.colour, less)
        present_n = self.force_n(level)
        for band in reversed(self.bands[: self._place(level)]):
            for elongation in reversed(self._elongations()):
                if band.force_n(elongation) < present_n:
                    return BandLevel(band.colour, elongation)
        return None

    def knows(self, colour: str) -> bool:
        """True for a colour of the ladder."""
        return any(band.colour == colour for band in self.bands)

    def _place(self, level: BandLevel) -> int:
        return [band.colour for band in self.bands].index(level.colour)

    def _elongations(self) -> tuple[float, ...]:
        steps = int((self.highest_percent - self.lowest_percent) / self.step_percent + 1e-9)
        return tuple(self.lowest_percent + number * self.step_percent for number in range(steps + 1))
