"""What the rules look at: the sets of one prescription in a session, and what the person said of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from statistics import median

from tracker.model import Side


@dataclass(frozen=True, slots=True)
class ObservedSet:
    """One leg of one set, corrections in it.

    Attributes:
        side: the leg; None where the exercise has none, `both` as a person may tell it.
        partial_reps: None where the set was told by hand.
        pelvis_shares: of its repetitions, as far as they were measured.
        pain, effort: told of the set; None where nothing was.
        band_colour: of the band that it was done with, as told.
    """

    side: Side | None
    valid_reps: int
    partial_reps: int | None
    pelvis_shares: tuple[float, ...] = ()
    pain: int | None = None
    effort: int | None = None
    band_colour: str | None = None

    @property
    def was_done(self) -> bool:
        """False for the leg that rested while the other one moved."""
        return self.valid_reps + (self.partial_reps or 0) > 0


@dataclass(frozen=True, slots=True)
class ObservedSession:
    """All sets of one prescription in one session.

    Attributes:
        sets: in any order.
        pain_before, pain_worst, pain_next_morning, effort: told of the whole session.
        pain_elsewhere: the worst pain told of a set of another exercise; None where none was.
    """

    session_id: int
    began_at: datetime
    sets: tuple[ObservedSet, ...]
    pain_before: int | None = None
    pain_worst: int | None = None
    pain_next_morning: int | None = None
    effort: int | None = None
    pain_elsewhere: int | None = None

    @property
    def done(self) -> tuple[ObservedSet, ...]:
        """The sets of the legs that moved."""
        return tuple(one for one in self.sets if one.was_done)

    @property
    def worst_pain(self) -> int | None:
        """The worst pain that was told and may come from this exercise; None where none was told.

        The session's worst is this exercise's too, but where every set of it was told of and a set of another
        one hurt as much.
        """
        told = [one.pain for one in self.sets if one.pain is not None]
        if self.pain_worst is not None and not self._hurt_elsewhere():
            told.append(self.pain_worst)
        return max(told, default=None)

    @property
    def pain_is_known(self) -> bool:
        """True where the pain of every set was told, or the session's worst."""
        return self.pain_worst is not None or self._every_set_told()

    @property
    def largest_effort(self) -> int | None:
        """The largest effort told of a set, else that of the session; None where neither was told."""
        told = [one.effort for one in self.sets if one.effort is not None]
        return max(told, default=self.effort)

    @property
    def valid_share(self) -> float | None:
        """Valid repetitions of all; None where sensors counted none."""
        counted = [one for one in self.sets if one.partial_reps is not None]
        valid = sum(one.valid_reps for one in counted)
        partial = sum(one.partial_reps or 0 for one in counted)
        return valid / (valid + partial) if valid + partial else None

    @property
    def pelvis_share(self) -> float | None:
        """Median over the repetitions; None where no sensor was on the pelvis."""
        shares = [share for one in self.sets for share in one.pelvis_shares]
        return median(shares) if shares else None

    @property
    def by_hand(self) -> bool:
        """True where a set was told and not counted."""
        return any(one.partial_reps is None for one in self.sets)

    @property
    def band_colours(self) -> frozenset[str]:
        """Colours of the bands that it was done with, as told."""
        return frozenset(one.band_colour for one in self.sets if one.band_colour is not None)

    def _every_set_told(self) -> bool:
        return bool(self.sets) and all(one.pain is not None for one in self.done)

    def _hurt_elsewhere(self) -> bool:
        return (
            self._every_set_told()
            and self.pain_elsewhere is not None
            and self.pain_worst is not None
            and self.pain_elsewhere >= self.pain_worst
        )


def sets_of_leg(sets: Iterable[ObservedSet], leg: Side) -> list[ObservedSet]:
    """The sets that moved one leg; those without a side moved both."""
    return [one for one in sets if one.side in (leg, None, Side.BOTH)]


def legs_of(side: Side) -> tuple[Side, ...]:
    """The legs that a prescription speaks of."""
    return (Side.LEFT, Side.RIGHT) if side is Side.BOTH else (side,)
