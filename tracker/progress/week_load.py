"""What a week's training loaded, in arbitrary units; and how hard it was as the person says.

Nothing here is work or force at the joint, and weeks are never divided by each other.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from statistics import fmean, median

from tracker.model import Band, SessionFelt, SetFelt, SetTarget, Side
from tracker.motion.exercise import CountedSignal
from tracker.plan.band_force import BandStrength, elongation_percent, estimated_force_n
from tracker.plan.catalogue import CatalogueEntry
from tracker.progress.week_movements import valid_repetitions
from tracker.store.trained import MovedSet
from tracker.store.values import SessionInSpan

_AT_THE_THIGHS, _AT_THE_FEET = ("thigh", "knee"), ("foot", "feet", "ankle")
_ROTATION = (CountedSignal.HIP_ROTATION, CountedSignal.KNEE_ROLL)


class Loads(StrEnum):
    """What a band loads where it sits."""

    INTERNAL_ROTATION = "internal rotation"
    MOVEMENT = "the counted movement"
    ABDUCTION = "abduction preload, no internal rotation"
    UNKNOWN = "not known: the band's place is not told"


@dataclass(frozen=True, slots=True)
class ExerciseLoad:
    """The load of one exercise and side with bands.

    Attributes:
        valid_reps: of the sets with a band.
        rom_share: their mean range in the range that they were held against; None where it is not known.
        colours: of the bands, in the order of use.
        force_n: median estimated force of the bands; None where it cannot be estimated.
        load: sum of repetitions x range share x estimated force, arbitrary units; None where it does not load
            what is counted, or a part of it is not known.
    """

    exercise: str
    side: Side | None
    loads: Loads
    valid_reps: int
    rom_share: float | None
    colours: tuple[str, ...]
    force_n: float | None
    load: float | None


@dataclass(frozen=True, slots=True)
class LoadWeek:
    """The load of a week.

    Attributes:
        exercises: those that were done with a band, by name and side.
        internal_load: sum over the sessions of effort (0 to 10) x minutes; None where none is known.
        rated, unrated: sessions with and without a known effort and length.
    """

    exercises: tuple[ExerciseLoad, ...]
    internal_load: float | None
    rated: int
    unrated: int

    @property
    def internal_rotation(self) -> float | None:
        """Estimated load of internal rotation; None where there is none that can be estimated."""
        known = [
            one.load
            for one in self.exercises
            if one.loads is Loads.INTERNAL_ROTATION and one.load is not None
        ]
        return sum(known) if known else None


@dataclass(frozen=True, slots=True)
class _BandedSet:
    done: MovedSet
    colour: str
    rom_share: float | None
    force_n: float | None

    @property
    def load(self) -> float | None:
        if self.rom_share is None or self.force_n is None:
            return None
        return self.done.valid_reps * self.rom_share * self.force_n


@dataclass(frozen=True, slots=True)
class Said:
    """What was asked and told of the sessions of a span, by their ids."""

    sessions: Mapping[int, SessionFelt]
    sets: Mapping[int, Mapping[int, SetFelt]]
    targets: Mapping[int, tuple[SetTarget, ...]]
    bands: Mapping[int, Band]

    def set_felt(self, done: MovedSet) -> SetFelt:
        """How a set felt; empty where nothing was said."""
        return self.sets.get(done.session_id, {}).get(done.set_number, SetFelt())

    def target(self, done: MovedSet) -> SetTarget | None:
        """What the plan asked for of a set's exercise on its day."""
        asked = self.targets.get(done.session_id, ())
        return next((one for one in asked if one.exercise == done.exercise), None)


def load_of(
    sets: Iterable[MovedSet],
    sessions: Iterable[SessionInSpan],
    said: Said,
    catalogue: Mapping[str, CatalogueEntry],
) -> LoadWeek:
    """The load of sets with bands, and the internal load of sessions."""
    groups: dict[tuple[str, Side | None, Loads], list[_BandedSet]] = {}
    for done in sets:
        band = said.bands.get(said.set_felt(done).band_id or 0)
        if band is not None:
            loads = _loads(said.target(done), catalogue.get(done.exercise))
            groups.setdefault((done.exercise, done.side, loads), []).append(_banded(done, band, said))
    ordered = sorted(groups.items(), key=lambda item: (item[0][0], item[0][1] or "", item[0][2]))
    efforts = [_session_load(one, said.sessions.get(one.session_id)) for one in sessions]
    known = [one for one in efforts if one is not None]
    return LoadWeek(
        exercises=tuple(_exercise_load(*key, own) for key, own in ordered),
        internal_load=sum(known) if known else None,
        rated=len(known),
        unrated=len(efforts) - len(known),
    )


def _banded(done: MovedSet, band: Band, said: Said) -> _BandedSet:
    valid = valid_repetitions(done)
    ranges = [one.rom_deg for one in valid if one.rom_deg is not None]
    share = fmean(ranges) / done.reference_rom_deg if ranges and done.reference_rom_deg else None
    return _BandedSet(done, band.colour, share, _force_n(done, band, said))


def _force_n(done: MovedSet, band: Band, said: Said) -> float | None:
    """By the length that was told; else by the stretch that the plan asked for."""
    stretched = stretch_percent(band, said.set_felt(done).stretched_length_m)
    if stretched is None:
        target = said.target(done)
        stretched = None if target is None else target.elongation_percent
    return band_force_n(band, stretched)


def stretch_percent(band: Band, stretched_length_m: float | None) -> float | None:
    """How much longer a band was than at rest, in percent; None where a length is not known."""
    if not stretched_length_m or not band.rest_length_m:
        return None
    return elongation_percent(band.rest_length_m, stretched_length_m)


def band_force_n(band: Band, stretch: float | None) -> float | None:
    """Estimated pull of a band at a stretch in percent; None where its maker says nothing."""
    if stretch is None:
        return None
    strength = BandStrength(band.force_100_n, band.force_200_n)
    return estimated_force_n(strength, stretch, is_loop=band.is_loop)


def _loads(target: SetTarget | None, entry: CatalogueEntry | None) -> Loads:
    """What the band loads: by where the plan put it, else by where the exercise has it."""
    told = None if target is None else target.band_placement
    place = told or ("" if entry is None else entry.band_placement)
    if any(word in place for word in _AT_THE_FEET):
        turns = entry is not None and entry.counting.signal in _ROTATION and "external" not in entry.target
        return Loads.INTERNAL_ROTATION if turns else Loads.MOVEMENT
    return Loads.ABDUCTION if any(word in place for word in _AT_THE_THIGHS) else Loads.UNKNOWN


def _exercise_load(exercise: str, side: Side | None, loads: Loads, sets: list[_BandedSet]) -> ExerciseLoad:
    shares = [one.rom_share for one in sets if one.rom_share is not None]
    forces = [one.force_n for one in sets if one.force_n is not None]
    known = [one.load for one in sets if one.load is not None]
    booked = loads in (Loads.INTERNAL_ROTATION, Loads.MOVEMENT) and len(known) == len(sets)
    return ExerciseLoad(
        exercise=exercise,
        side=side,
        loads=loads,
        valid_reps=sum(one.done.valid_reps for one in sets),
        rom_share=fmean(shares) if shares else None,
        colours=tuple(dict.fromkeys(one.colour for one in sets)),
        force_n=median(forces) if forces else None,
        load=sum(known) if booked else None,
    )


def _session_load(session: SessionInSpan, felt: SessionFelt | None) -> float | None:
    if felt is None or felt.effort is None or session.ended_at is None:
        return None
    return felt.effort * (session.ended_at - session.started_at).total_seconds() / 60.0
