"""What a person says: how it felt, and with which band it was done. Pain and effort are 0 to 10."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SetFelt:
    """How one set felt; None where nothing was said.

    Attributes:
        pain: at worst in the set, 0 none to 10.
        effort: rate of perceived exertion, 0 none to 10.
        band_id: the band that it was done with.
        stretched_length_m: the band's length at the movement's end.
    """

    pain: int | None = None
    effort: int | None = None
    notes: str | None = None
    band_id: int | None = None
    stretched_length_m: float | None = None


@dataclass(frozen=True, slots=True)
class SessionFelt:
    """How a whole session felt; None where nothing was said."""

    pain_before: int | None = None
    pain_worst: int | None = None
    pain_next_morning: int | None = None
    effort: int | None = None
    notes: str | None = None


@dataclass(frozen=True, slots=True)
class Band:
    """A resistance band.

    Attributes:
        band_id: None while it is not stored.
        rest_length_m: of the slack band, a loop laid flat; None where nobody measured it.
        is_loop: both of its strands pull.
        force_100_n, force_200_n: of one strand at 100 and 200 % elongation, as its maker says: an estimate.
    """

    band_id: int | None
    brand: str
    colour: str
    rest_length_m: float | None
    is_loop: bool
    force_100_n: float | None
    force_200_n: float | None
    retired: bool = False
