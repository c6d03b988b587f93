"""What the rules of a plan look at, from the store: sets as corrected, and what the person said of them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from tracker.model import SessionFelt, SetFelt, Side
from tracker.plan.observed import ObservedSession, ObservedSet
from tracker.plan.prescription import Prescription
from tracker.session.plan_targets import is_of
from tracker.store.bands import bands_of
from tracker.store.felt import sessions_felt, sets_felt
from tracker.store.plan_sets import PlanSession, PlanSet, plan_sets


@dataclass(frozen=True, slots=True)
class _Said:
    """What a person said of some sessions, and the colours of the bands."""

    sessions: Mapping[int, SessionFelt]
    sets: Mapping[int, Mapping[int, SetFelt]]
    colours: Mapping[int, str]

    def of_set(self, one: PlanSet) -> SetFelt:
        """Of one set."""
        return self.sets.get(one.session_id, {}).get(one.set_number, SetFelt())


def observed_sessions(
    connection: Connection,
    person_id: int,
    sessions: Sequence[PlanSession],
    prescriptions: Iterable[Prescription],
) -> dict[str, tuple[ObservedSession, ...]]:
    """The sessions with each prescription, by its name; those without any set of it are missing."""
    ids = [one.session_id for one in sessions]
    said = _Said(
        sessions_felt(connection, ids),
        sets_felt(connection, ids),
        {one.band_id: one.colour for one in bands_of(connection, person_id) if one.band_id is not None},
    )
    of_session: dict[int, list[PlanSet]] = {}
    for one in plan_sets(connection, ids):
        of_session.setdefault(one.session_id, []).append(one)
    found: dict[str, tuple[ObservedSession, ...]] = {}
    for prescription in prescriptions:
        with_it = [
            observed
            for session in sessions
            if (observed := _observed(session, of_session.get(session.session_id, []), prescription, said))
        ]
        if with_it:
            found[prescription.name] = tuple(with_it)
    return found


def _observed(
    session: PlanSession, sets: Sequence[PlanSet], prescription: Prescription, said: _Said
) -> ObservedSession | None:
    own = [one for one in sets if is_of(prescription, one.exercise, one.side)]
    if not any(one.valid_reps + (one.partial_reps or 0) for one in own):
        return None
    felt = said.sessions.get(session.session_id, SessionFelt())
    numbers = {one.set_number for one in own}
    elsewhere = [
        one.pain
        for number, one in said.sets.get(session.session_id, {}).items()
        if number not in numbers and one.pain is not None
    ]
    return ObservedSession(
        session_id=session.session_id,
        began_at=session.started_at,
        sets=_whole_sets(own, said),
        pain_before=felt.pain_before,
        pain_worst=felt.pain_worst,
        pain_next_morning=felt.pain_next_morning,
        effort=felt.effort,
        pain_elsewhere=max(elsewhere, default=None),
    )


def _whole_sets(own: Iterable[PlanSet], said: _Said) -> tuple[ObservedSet, ...]:
    """The sets, those that a pause broke off with what followed; done with another band it is another set."""
    found: dict[tuple[int, Side | None], ObservedSet] = {}
    begun: dict[tuple[int, Side | None], tuple[int, Side | None]] = {}
    others = []
    for one in own:
        part, key, before = _set(one, said), (one.set_number, one.side), (one.set_number - 1, one.side)
        if one.partial_reps is None:
            others.append(part)
            continue
        first = begun.get(before, before)
        whole = _joined(found[first], part) if one.goes_on and first in found else None
        begun[key] = key if whole is None else first
        found[begun[key]] = whole or part
    return (*found.values(), *others)


def _joined(one: ObservedSet, other: ObservedSet) -> ObservedSet | None:
    """Two parts of a set as one; None where they were done with different bands."""
    colours = {part.band_colour for part in (one, other)} - {None}
    if len(colours) > 1:
        return None
    return ObservedSet(
        side=one.side,
        valid_reps=one.valid_reps + other.valid_reps,
        partial_reps=(one.partial_reps or 0) + (other.partial_reps or 0),
        pelvis_shares=one.pelvis_shares + other.pelvis_shares,
        pain=_larger(one.pain, other.pain),
        effort=_larger(one.effort, other.effort),
        band_colour=next(iter(colours), None),
    )


def _larger(one: int | None, other: int | None) -> int | None:
    return max((value for value in (one, other) if value is not None), default=None)


def _set(one: PlanSet, said: _Said) -> ObservedSet:
    felt = said.of_set(one)
    return ObservedSet(
        side=one.side,
        valid_reps=one.valid_reps,
        partial_reps=one.partial_reps,
        pelvis_shares=one.pelvis_shares,
        pain=felt.pain,
        effort=felt.effort,
        band_colour=None if felt.band_id is None else said.colours.get(felt.band_id),
    )
