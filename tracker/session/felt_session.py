"""Saying how a session or a set felt: which one is meant, and which values can be said of it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TypeAlias

from sqlalchemy import Connection

from tracker.errors import ConflictError, NotThereError, UsageError
from tracker.model import Band, SessionFelt, SetFelt
from tracker.plan.band_force import elongation_percent
from tracker.plan.pain_limits import PainLimits
from tracker.session.plan_state import person_plan, zone_of
from tracker.store.analyses import analyses_of
from tracker.store.bands import bands_of
from tracker.store.felt import save_session_felt, save_set_felt, sessions_felt, sets_felt
from tracker.store.found_sets import found_sets
from tracker.store.manual_sets import manual_sets_of
from tracker.store.sessions import list_sessions, no_such_session, read_session
from tracker.store.values import SessionSummary

Said: TypeAlias = dict[str, int | float | str | None]
"""What is said, by fields of `SessionFelt` or `SetFelt`; None takes a value back."""

MOST_SETS = 100
"""Number of the last set that can be spoken of while nobody has counted the sets yet."""


@dataclass(frozen=True, slots=True)
class FeltSession:
    """A session with all that was said of how it felt.

    Attributes:
        exercises: of each set that is known, by its number; None while the sets are not known.
        bands: of the person, by id.
        limits: of pain, as the plan of its day sets them.
    """

    session: SessionSummary
    felt: SessionFelt
    sets: Mapping[int, SetFelt]
    exercises: Mapping[int, str] | None
    bands: Mapping[int, Band]
    limits: PainLimits

    @property
    def pains(self) -> tuple[int | None, ...]:
        """All pain that was told."""
        felt = self.felt
        of_sets = (one.pain for one in self.sets.values())
        return (felt.pain_before, felt.pain_worst, felt.pain_next_morning, *of_sets)


def felt_session(connection: Connection, person_id: int, session_id: int | None) -> FeltSession:
    """A person's session; the last one where none is named.

    Raises:
        UsageError: there is none, it is another person's, or it was deleted.
    """
    session = _session(connection, person_id, session_id)
    own_id = session.session_id
    return FeltSession(
        session,
        sessions_felt(connection, [own_id]).get(own_id, SessionFelt()),
        sets_felt(connection, [own_id]).get(own_id, {}),
        _exercises(connection, session),
        {one.band_id: one for one in bands_of(connection, person_id) if one.band_id is not None},
        _limits(connection, session),
    )


def say_of_session(connection: Connection, one: FeltSession, said: Said) -> None:
    """Store what is said of a session over what was said before."""
    felt = replace(one.felt, **said)  # type: ignore[arg-type]
    save_session_felt(connection, one.session.session_id, felt)


def say_of_set(connection: Connection, one: FeltSession, number: int, said: Said) -> None:
    """Store what is said of a set over what was said before.

    Raises:
        UsageError: no such set or band, or a length that does not fit the band.
    """
    checked_set(one, number)
    felt = replace(one.sets.get(number, SetFelt()), **said)  # type: ignore[arg-type]
    _check_band(one, felt)
    save_set_felt(connection, one.session.session_id, number, felt)


def checked_set(one: FeltSession, number: int) -> int:
    """The number, if there is such a set.

    Raises:
        UsageError: there is none.
    """
    known = range(1, MOST_SETS + 1) if one.exercises is None else one.exercises
    if number not in known:
        there_is = f"It has {len(known)}." if known else "It has none."
        raise NotThereError(
            f"session {one.session.session_id} has no set {number}",
            advice=f"{there_is} `tracker sessions show {one.session.session_id}` lists them.",
            session_id=one.session.session_id,
            set_number=number,
        )
    return number


def _check_band(one: FeltSession, said: SetFelt) -> None:
    if said.band_id is not None and said.band_id not in one.bands:
        raise NotThereError(
            f"there is no band {said.band_id}", advice="`tracker bands` lists them.", band_id=said.band_id
        )
    rest_m = None if said.band_id is None else one.bands[said.band_id].rest_length_m
    length_m = said.stretched_length_m
    if rest_m is not None and length_m is not None and elongation_percent(rest_m, length_m) < 0.0:
        raise UsageError(
            f"{length_m:g} m is shorter than the slack band ({rest_m:g} m)",
            advice="Give the band's length at the movement's end; a loop's is measured laid flat, too.",
            stretched_length_m=length_m,
        )


def _session(connection: Connection, person_id: int, session_id: int | None) -> SessionSummary:
    if session_id is None:
        last = list_sessions(connection, person_id, limit=1)
        if not last:
            raise NotThereError("there is no session yet", advice="Record one: tracker record")
        return last[0]
    session = read_session(connection, session_id)
    if session.person_id != person_id:
        raise no_such_session(session_id)
    if session.deleted_at is not None:
        raise ConflictError(
            f"session {session_id} was deleted",
            advice=f"Restore it first: tracker sessions restore {session_id}",
            session_id=session_id,
        )
    return session


def _limits(connection: Connection, session: SessionSummary) -> PainLimits:
    zone = zone_of(connection, session.person_id)
    plan = person_plan(connection, session.person_id, session.started_at.astimezone(zone).date())
    return PainLimits() if plan is None else plan.grown(session.started_at).plan.rules.pain


def _exercises(connection: Connection, session: SessionSummary) -> Mapping[int, str] | None:
    if session.by_hand:
        told = manual_sets_of(connection, session.session_id)
        names = [one.exercise for one in told for _ in range(one.sets)]
        return dict(enumerate(names, start=1))
    current = next((one for one in analyses_of(connection, session.session_id) if one.is_current), None)
    if current is None:
        return None
    found = found_sets(connection, session.session_id, current.analysis_id)
    return {one.set_number: one.counted_exercise for one in found}
