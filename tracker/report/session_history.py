"""Everything that is kept of one session, and the JSON object of it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from tracker.model import Band, SensorIdentity, SessionFelt, SetFelt, SetTarget, Side
from tracker.report.replay_document import notice_object, rest_test_object, sensor_object
from tracker.store.analyses import analyses_of, read_analysis, read_earlier_analysis
from tracker.store.bands import bands_of
from tracker.store.felt import sessions_felt, sets_felt
from tracker.store.found_sets import FoundSet, SetCorrection, corrections_of, found_sets
from tracker.store.manual_sets import ManualSet, manual_sets_of
from tracker.store.persons import list_persons
from tracker.store.plans import targets_of
from tracker.store.revisions import Change, Field, Revision, revisions_of
from tracker.store.sensors import worn_sensors
from tracker.store.sessions import read_session
from tracker.store.values import AnalysisNumbers, SessionSummary, StoredAnalysis

if TYPE_CHECKING:
    from tracker.report.objects.sessions import FoundSetObject, ShownAnalysisObject


@dataclass(frozen=True, slots=True)
class SessionHistory:
    """One session with all that was found, said and corrected of it.

    Attributes:
        persons: names of all persons by id; revisions speak of persons by id.
        shown: the analysis whose results are meant: the current one, or the one that was asked for.
        sets: of `shown`, with the corrections over them.
        without_set: corrections of sets that `shown` did not find.
        told: done without sensors.
        bands: the person's, by id.
        targets: what the plan asked for on the day.
        analyses: all of them, the earliest first.
    """

    session: SessionSummary
    persons: Mapping[int, str]
    sensors: Mapping[str, SensorIdentity]
    shown: StoredAnalysis | None
    sets: tuple[FoundSet, ...]
    without_set: tuple[SetCorrection, ...]
    told: tuple[ManualSet, ...]
    felt: SessionFelt | None
    sets_felt: Mapping[int, SetFelt]
    bands: Mapping[int, Band]
    targets: tuple[SetTarget, ...]
    revisions: tuple[Revision, ...]
    analyses: tuple[AnalysisNumbers, ...]

    @property
    def person(self) -> str:
        """Whose session it is."""
        return self.persons[self.session.person_id]


@dataclass(frozen=True, slots=True)
class DoneSet:
    """Repetitions of one leg in one set that was done for a target, as they count; the valid ones."""

    side: Side | None
    reps: int


@dataclass(frozen=True, slots=True)
class Done:
    """What was done for one target: counted by sensors, and told by hand."""

    counted: tuple[DoneSet, ...]
    told: tuple[DoneSet, ...]


def read_history(connection: Connection, session_id: int, analysis_id: int | None = None) -> SessionHistory:
    """Read all of one session.

    Args:
        analysis_id: show the results of this analysis; of the current one where None.

    Raises:
        UsageError: no such session, or it has no such analysis.
    """
    session = read_session(connection, session_id)
    if analysis_id is None:
        shown = read_analysis(connection, session_id)
    else:
        shown = read_earlier_analysis(connection, session_id, analysis_id)
    sets = () if shown is None else found_sets(connection, session_id, shown.analysis_id)
    found = {(one.set_number, one.side) for one in sets}
    corrections = corrections_of(connection, session_id)
    return SessionHistory(
        session=session,
        persons={one.person_id: one.name for one in list_persons(connection)},
        sensors={place.value: one for place, one in worn_sensors(connection, session_id).items()},
        shown=shown,
        sets=sets,
        without_set=tuple(one for one in corrections if (one.set_number, one.side) not in found),
        told=manual_sets_of(connection, session_id),
        felt=sessions_felt(connection, [session_id]).get(session_id),
        sets_felt=sets_felt(connection, [session_id]).get(session_id, {}),
        bands={one.band_id: one for one in bands_of(connection, session.person_id) if one.band_id},
        targets=targets_of(connection, [session_id]).get(session_id, ()),
        revisions=revisions_of(connection, session_id),
        analyses=analyses_of(connection, session_id),
    )


def done_for(history: SessionHistory, target: SetTarget) -> Done:
    """What was done of a target's exercise and legs; sets that were left out are not among it."""
    sides = {target.side, None} if target.side is not Side.BOTH else {Side.LEFT, Side.RIGHT, Side.BOTH, None}
    counted = tuple(
        DoneSet(one.side, one.counted_valid_reps)
        for one in history.sets
        if one.counts and one.counted_exercise == target.exercise and one.side in sides
    )
    told = tuple(
        DoneSet(one.side, one.reps)
        for one in history.told
        if one.exercise == target.exercise and one.side in {*sides, Side.BOTH}
        for _ in range(one.sets)
    )
    return Done(counted, told)


def history_object(history: SessionHistory) -> dict[str, Any]:
    """The object that `tracker sessions show --json` prints; times of sets and tests count from its start."""
    analysis = None if history.shown is None else history.shown.analysis
    return {
        "session": session_object(history.session),
        "person": history.person,
        "sensors": {
            placement: {"sensor_id": one.sensor_id, "name": one.name, "protocol": one.protocol}
            for placement, one in history.sensors.items()
        },
        "analysis": None if history.shown is None else _analysis_object(history.shown),
        "quality": [] if analysis is None else [sensor_object(one) for one in analysis.sensors],
        "rest_tests": [] if analysis is None else [rest_test_object(one) for one in analysis.rest_tests],
        "notices": [] if analysis is None else [notice_object(one) for one in analysis.notices],
        "sets": [set_object(one) for one in history.sets],
        "corrections_without_set": [_plain(asdict(one)) for one in history.without_set],
        "told": [{"set_number": number, **_plain(asdict(one))} for number, one in enumerate(history.told, 1)],
        "felt": None if history.felt is None else asdict(history.felt),
        "sets_felt": {str(number): asdict(one) for number, one in history.sets_felt.items()},
        "targets": [
            {**_plain(asdict(one)), "done": asdict(done_for(history, one))} for one in history.targets
        ],
        "revisions": [_revision_object(history, one) for one in history.revisions],
        "analyses": [_plain(asdict(one)) for one in history.analyses],
    }


def session_object(session: SessionSummary) -> dict[str, Any]:
    """One session of a list; instants in ISO 8601."""
    return _plain(asdict(session))


def shown_value(history: SessionHistory, change: Change, value: str | None) -> str:
    """What a change's value says to a person: names in place of ids, local times."""
    if change.field is Field.PERSON and value is not None:
        return history.persons.get(int(value), value)
    if change.field in (Field.STARTED_AT, Field.DELETED_AT) and value is not None:
        local = datetime.fromisoformat(value).astimezone(ZoneInfo(history.session.time_zone))
        return f"{local:%Y-%m-%d %H:%M:%S}"
    if value is not None:
        return value
    as_found = (Field.EXERCISE, Field.VALID_REPS, Field.PARTIAL_REPS)
    return "as found" if change.field in as_found else "no"


def _analysis_object(shown: StoredAnalysis) -> "ShownAnalysisObject":
    return {
        "analysis_id": shown.analysis_id,
        "version": shown.analysis.version,
        "created_at": shown.created_at.isoformat(),
        "is_current": shown.is_current,
        "duration_s": shown.analysis.duration_s,
    }


def set_object(one: FoundSet) -> "FoundSetObject":
    """One leg of a set as found, and as it counts."""
    return {
        "set_number": one.set_number,
        "side": None if one.side is None else one.side.value,
        "start_s": one.start_s,
        "end_s": one.end_s,
        "found": {
            "exercise": one.exercise,
            "valid_reps": one.valid_reps,
            "partial_reps": one.partial_reps,
        },
        "corrected": {
            "exercise": one.counted_exercise,
            "valid_reps": one.counted_valid_reps,
            "partial_reps": one.counted_partial_reps,
        },
        "is_corrected": one.correction is not None,
        "left_out": not one.counts,
        "flags": list(one.flags),
    }


def _revision_object(history: SessionHistory, one: Revision) -> dict[str, Any]:
    changes = []
    for change in one.changes:
        values = _plain(asdict(change))
        if change.field is Field.PERSON:
            values |= {
                "before": shown_value(history, change, change.before),
                "after": shown_value(history, change, change.after),
                "field": "person",
            }
        changes.append(values)
    return {
        "made_at": one.made_at.isoformat(),
        "action": one.action.value,
        "reason": one.reason,
        "changes": changes,
    }


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    """The same with instants as text; enumerations are texts already."""
    return {key: one.isoformat() if isinstance(one, datetime) else one for key, one in values.items()}
