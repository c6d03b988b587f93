"""Tables of sessions, and of what was done in them: sets beside what the plan asked for."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import aliased

from tracker.report.exchange.columns import AnySelect, Column, Kind, TidyTable
from tracker.store.corrected import (
    corrected_exercise,
    corrected_partial_reps,
    corrected_valid_reps,
    corrects_set,
)
from tracker.store.tables import (
    AnalysisTable,
    ExerciseSetTable,
    ManualSetTable,
    PersonTable,
    RecordingTable,
    SessionTable,
    SessionTargetTable,
    SetCorrectionTable,
)

_UNASKED = "the plan asked for no such set"
NO_ANALYSIS = "the session has no recording, or none that was analysed"

SESSION = Column("session_id", Kind.INTEGER, "the session, as `tracker sessions` numbers it")
SIMULATED = Column("simulated", Kind.BOOLEAN, "true: virtual sensors, no person was measured")
SET_NUMBER = Column("set_number", Kind.INTEGER, "which set of the session, from 1; both legs share it")
SIDE = Column(
    "side", Kind.TEXT, "`left`, `right` or `both`: the leg", missing="the exercise is not of one leg"
)
EXERCISE = Column("exercise", Kind.TEXT, "name of the exercise in the catalogue")


def current_analysis() -> ColumnElement[bool]:
    """What joins a recording to the analysis that counts."""
    return and_(AnalysisTable.recording_id == RecordingTable.id, AnalysisTable.is_current.is_(True))


def _sessions(ids: Sequence[int]) -> AnySelect:
    return (
        select(
            SessionTable.id.label("session_id"),
            SessionTable.simulated,
            PersonTable.name.label("person"),
            SessionTable.started_at,
            SessionTable.ended_at,
            SessionTable.time_zone,
            SessionTable.state,
            SessionTable.by_hand,
            SessionTable.rest_left_out,
            RecordingTable.duration_s,
            RecordingTable.path.label("recording"),
            AnalysisTable.version.label("analysis_version"),
            AnalysisTable.created_at.label("analysed_at"),
        )
        .join(PersonTable, PersonTable.id == SessionTable.person_id)
        .outerjoin(RecordingTable, RecordingTable.session_id == SessionTable.id)
        .outerjoin(AnalysisTable, current_analysis())
        .where(SessionTable.id.in_(ids))
        .order_by(SessionTable.started_at, SessionTable.id)
    )


def counted_sets(ids: Sequence[int]) -> AnySelect:
    """Sets of the current analyses of some sessions, with the person's corrections beside them."""
    return (
        select(SessionTable.id.label("session_id"), SessionTable.simulated)
        .join(RecordingTable, RecordingTable.session_id == SessionTable.id)
        .join(AnalysisTable, current_analysis())
        .join(ExerciseSetTable, ExerciseSetTable.analysis_id == AnalysisTable.id)
        .outerjoin(SetCorrectionTable, corrects_set())
        .where(SessionTable.id.in_(ids))
        .order_by(SessionTable.started_at, SessionTable.id, ExerciseSetTable.set_number, ExerciseSetTable.id)
    )


def _asked_for() -> ColumnElement[int]:
    """The first target of a set's session that is of its exercise and leg."""
    wanted = aliased(SessionTargetTable)
    side = func.coalesce(ExerciseSetTable.side, "both")
    query = select(func.min(wanted.id)).where(
        wanted.session_id == SessionTable.id,
        wanted.exercise == corrected_exercise(),
        or_(wanted.side == side, wanted.side == "both"),
    )
    return query.correlate(SessionTable, ExerciseSetTable, SetCorrectionTable).scalar_subquery()


def _sets(ids: Sequence[int]) -> AnySelect:
    found, correction, target = ExerciseSetTable, SetCorrectionTable, SessionTargetTable
    return (
        counted_sets(ids)
        .outerjoin(target, target.id == _asked_for())
        .add_columns(
            found.set_number,
            found.side,
            corrected_exercise().label("exercise"),
            found.exercise.label("exercise_found"),
            found.start_s,
            found.end_s,
            corrected_valid_reps().label("valid_reps"),
            found.valid_reps.label("valid_reps_found"),
            corrected_partial_reps().label("partial_reps"),
            found.partial_reps.label("partial_reps_found"),
            case((correction.session_id.is_(None), False), else_=True).label("corrected"),
            func.coalesce(correction.left_out, False).label("left_out"),
            found.reference_rom_deg,
            found.reference_shown,
            found.flags,
            target.prescription.label("target_prescription"),
            *(getattr(target, name).label(f"target_{name}") for name in _TARGET_NUMBERS),
        )
    )


_TARGET_NUMBERS = (
    "sets",
    "reps_low",
    "reps_high",
    "hold_s",
    "rest_s",
    "tempo",
    "band_placement",
    "band_colour",
    "elongation_percent",
)


def _targets(ids: Sequence[int]) -> AnySelect:
    target = SessionTargetTable
    columns = (getattr(target, column.name) for column in _TARGETS_OWN)
    return (
        select(SessionTable.id.label("session_id"), SessionTable.simulated, *columns)
        .join(target, target.session_id == SessionTable.id)
        .where(SessionTable.id.in_(ids))
        .order_by(SessionTable.started_at, SessionTable.id, target.id)
    )


def _told_sets(ids: Sequence[int]) -> AnySelect:
    told = ManualSetTable
    return (
        select(SessionTable.id.label("session_id"), SessionTable.simulated)
        .add_columns(told.exercise, told.side, told.sets, told.reps, told.hold_s)
        .join(told, told.session_id == SessionTable.id)
        .where(SessionTable.id.in_(ids))
        .order_by(SessionTable.started_at, SessionTable.id, told.id)
    )


def _target_columns(missing: str | None, prefix: str = "") -> tuple[Column, ...]:
    def column(
        name: str, kind: Kind, meaning: str, unit: str | None = None, open_where: str | None = None
    ) -> Column:
        return Column(f"{prefix}{name}", kind, meaning, unit, open_where or missing)

    nothing = "the plan leaves it open" if missing is None else f"{missing}, or the plan leaves it open"
    return (
        column("sets", Kind.INTEGER, "sets that the plan asked for"),
        column("reps_low", Kind.INTEGER, "valid repetitions of each set and leg, at least"),
        column("reps_high", Kind.INTEGER, "valid repetitions of each set and leg, at most"),
        column("hold_s", Kind.NUMBER, "how long each is held", "s", nothing),
        column("rest_s", Kind.NUMBER, "rest between sets", "s", nothing),
        column("tempo", Kind.TEXT, "seconds there, held and back, as 2-1-3", None, nothing),
        column("band_placement", Kind.TEXT, "where the band sits", None, nothing),
        column("band_colour", Kind.TEXT, "colour of the band", None, nothing),
        column("elongation_percent", Kind.NUMBER, "elongation of the band", "%", nothing),
    )


_TARGETS_OWN = (
    Column("prescription", Kind.TEXT, "its name in the plan"),
    Column("phase", Kind.TEXT, "the plan's phase"),
    EXERCISE,
    Column("side", Kind.TEXT, "`left`, `right` or `both`: the leg"),
    *_target_columns(None),
)

SESSIONS = TidyTable(
    "sessions",
    "one sitting, recorded or told by hand",
    (
        SESSION,
        SIMULATED,
        Column("person", Kind.TEXT, "name of the person in this program"),
        Column("started_at", Kind.TIME, "when it began; the times `..._s` of other tables count from here"),
        Column("ended_at", Kind.TIME, "when it ended", missing="it goes on, or was interrupted"),
        Column("time_zone", Kind.TEXT, "IANA name of the zone in which it took place"),
        Column("state", Kind.TEXT, "`recording`, `complete` or `interrupted`"),
        Column("by_hand", Kind.BOOLEAN, "true: done without sensors and told afterwards"),
        Column("rest_left_out", Kind.BOOLEAN, "true: the person said that its rest tests do not count"),
        Column("duration_s", Kind.NUMBER, "length of the recording", "s", "not known, or no recording"),
        Column("recording", Kind.TEXT, "file of the recording", missing="done without sensors"),
        Column("analysis_version", Kind.TEXT, "version of the algorithms", missing=NO_ANALYSIS),
        Column("analysed_at", Kind.TIME, "when they ran", missing=NO_ANALYSIS),
    ),
    _sessions,
)
SETS = TidyTable(
    "sets",
    "one set of one leg that the sensors counted: as found, as corrected by the person, and as asked for",
    (
        SESSION,
        SIMULATED,
        SET_NUMBER,
        SIDE,
        Column("exercise", Kind.TEXT, "the exercise, corrections in it"),
        Column("exercise_found", Kind.TEXT, "the exercise as it was counted"),
        Column("start_s", Kind.NUMBER, "when it began", "s"),
        Column("end_s", Kind.NUMBER, "when it ended", "s"),
        Column("valid_reps", Kind.INTEGER, "repetitions that count, corrections in them"),
        Column("valid_reps_found", Kind.INTEGER, "repetitions that count, as the sensors had it"),
        Column("partial_reps", Kind.INTEGER, "repetitions too small or too short, corrections in them"),
        Column("partial_reps_found", Kind.INTEGER, "the same as the sensors had it"),
        Column("corrected", Kind.BOOLEAN, "true: the person corrected this set"),
        Column("left_out", Kind.BOOLEAN, "true: the person said that it does not count"),
        Column(
            "reference_rom_deg",
            Kind.NUMBER,
            "range that repetitions were held against",
            "deg",
            "none was known",
        ),
        Column(
            "reference_shown",
            Kind.INTEGER,
            "repetitions shown that it was made of; 0: the catalogue's",
            missing="none was known",
        ),
        Column("flags", Kind.WORDS, "what spoilt or marks the set"),
        Column(
            "target_prescription", Kind.TEXT, "its name in the plan", missing="the plan asked for no such"
        ),
        *_target_columns(_UNASKED, "target_"),
    ),
    _sets,
)
TARGETS = TidyTable(
    "targets",
    "one thing that the plan asked for on the day of a session, done or not",
    (SESSION, SIMULATED, *_TARGETS_OWN),
    _targets,
)
TOLD_SETS = TidyTable(
    "told_sets",
    "sets that the person told by hand: no sensor counted them",
    (
        SESSION,
        SIMULATED,
        EXERCISE,
        SIDE,
        Column("sets", Kind.INTEGER, "how many sets"),
        Column("reps", Kind.INTEGER, "repetitions of each set"),
        Column("hold_s", Kind.NUMBER, "how long each was held", "s", "it was not held, or not told"),
    ),
    _told_sets,
)
