"""Tables of what the sensors measured: repetitions, rest tests, the sensors themselves."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import and_, func, select
from sqlalchemy.orm import InstrumentedAttribute

from tracker.report.exchange.columns import AnySelect, Column, Kind, TidyTable
from tracker.report.exchange.tables_of_sessions import (
    SESSION,
    SET_NUMBER,
    SIMULATED,
    counted_sets,
    current_analysis,
)
from tracker.store.corrected import corrected_exercise, counts
from tracker.store.tables import (
    AnalysisSensorTable,
    AnalysisTable,
    ExerciseSetTable,
    NoticeTable,
    RecordingTable,
    RepetitionTable,
    RestTestTable,
    SensorTable,
    SessionSensorTable,
    SessionTable,
)

_SATURATED = "the sensor was at the end of its range"
_REFUSED = "the test was refused, for the reason in `refused`"
_UNSEEN = "it could not be seen"
_OLD = "the analysis is of a version that did not tell"
_REFUSED_OR_OLD = f"{_REFUSED}, or {_OLD}"


_REPETITION_OWN = (
    Column("start_s", Kind.NUMBER, "when the movement began", "s"),
    Column("peak_s", Kind.NUMBER, "middle of its hold", "s"),
    Column("end_s", Kind.NUMBER, "when it had returned", "s"),
    Column("valid", Kind.BOOLEAN, "true: large and long enough for the exercise"),
    Column("flags", Kind.WORDS, "why it is partial, and what spoilt it"),
    Column("rom_deg", Kind.NUMBER, "range of motion, as the sensor saw it", "deg", _SATURATED),
    Column(
        "rom_uncertainty_deg",
        Kind.NUMBER,
        "half width of its 95 % interval, of a rigid body: soft tissue is not in it",
        "deg",
        f"{_SATURATED}, or {_OLD}",
    ),
    Column("peak_velocity_deg_per_s", Kind.NUMBER, "fastest on the way there", "deg/s", _SATURATED),
    Column(
        "mean_velocity_deg_per_s", Kind.NUMBER, "mean on the way there", "deg/s", f"{_SATURATED}, or {_OLD}"
    ),
    Column("concentric_s", Kind.NUMBER, "time of the way there", "s"),
    Column("hold_s", Kind.NUMBER, "time held", "s"),
    Column("eccentric_s", Kind.NUMBER, "time of the way back", "s"),
    Column("phase_rate_deg_per_s", Kind.NUMBER, "rate at which the phases were parted", "deg/s", _OLD),
    Column(
        "concentric_smoothness",
        Kind.NUMBER,
        "spectral arc length (SPARC) of the way there; closer to zero is smoother",
        missing="it cannot be told",
    ),
    Column("eccentric_smoothness", Kind.NUMBER, "the same of the way back", missing="it cannot be told"),
    Column("elevation_change_deg", Kind.NUMBER, "largest change of the thigh's tilt", "deg", _UNSEEN),
    Column("heading_change_deg", Kind.NUMBER, "turn about the vertical", "deg", _UNSEEN),
    Column(
        "rotation_change_deg",
        Kind.NUMBER,
        "largest change of the hip rotation, where another angle is counted",
        "deg",
        _UNSEEN,
    ),
    Column("pelvis_turn_deg", Kind.NUMBER, "largest turn of the pelvis", "deg", _UNSEEN),
    Column(
        "pelvis_share",
        Kind.NUMBER,
        "share of the pelvis in the movement of thigh and pelvis, 0 to 1",
        missing=_UNSEEN,
    ),
)


def _repetitions(ids: Sequence[int]) -> AnySelect:
    number = func.row_number().over(partition_by=RepetitionTable.set_id, order_by=RepetitionTable.id)
    return (
        counted_sets(ids)
        .join(RepetitionTable, RepetitionTable.set_id == ExerciseSetTable.id)
        .add_columns(
            ExerciseSetTable.set_number,
            ExerciseSetTable.side.label("set_side"),
            RepetitionTable.side,
            number.label("repetition_number"),
            corrected_exercise().label("exercise"),
            counts().label("counts"),
            *(getattr(RepetitionTable, column.name) for column in _REPETITION_OWN),
        )
        .order_by(RepetitionTable.id)
    )


_REST_OWN = (
    Column("start_s", Kind.NUMBER, "when the test began", "s"),
    Column("end_s", Kind.NUMBER, "when it ended", "s"),
    Column(
        "hip_rotation_deg",
        Kind.NUMBER,
        "resting hip rotation; internal is positive on both legs",
        "deg",
        _REFUSED,
    ),
    Column("uncertainty_deg", Kind.NUMBER, "half width of its 95 % interval", "deg", _REFUSED),
    Column("refused", Kind.TEXT, "why the test was refused", missing="it was not"),
    Column("relative_to", Kind.TEXT, "measured against: `pelvis`, or `vertical` without a sensor there"),
    Column("posture", Kind.TEXT, "how the person lay or sat", missing=_OLD),
    Column("observability", Kind.NUMBER, "how well gravity shows the rotation, 0 to 1", missing=_UNSEEN),
    Column("flags", Kind.WORDS, "what may touch the value"),
    Column("recipe", Kind.TEXT, "where axes and zero of the thigh come from", missing=_OLD),
    Column("reference_age_s", Kind.NUMBER, "age of the reference pose", "s", "there was none"),
    Column(
        "crosstalk_bound_deg", Kind.NUMBER, "bound of what bending may feign", "deg", "it was not bounded"
    ),
    Column("sensor_sd_deg", Kind.NUMBER, "the sensors' part in the uncertainty", "deg", _REFUSED_OR_OLD),
    Column("pelvis_sd_deg", Kind.NUMBER, "what of it is the pelvis sensor's", "deg", _REFUSED_OR_OLD),
    Column("crosstalk_sd_deg", Kind.NUMBER, "the part of crosstalk", "deg", _REFUSED_OR_OLD),
    Column("reference_sd_deg", Kind.NUMBER, "the part of the reference pose", "deg", _REFUSED_OR_OLD),
    Column("donning_sd_deg", Kind.NUMBER, "the part of putting the sensors on", "deg", _REFUSED_OR_OLD),
    Column("wander_sd_deg", Kind.NUMBER, "the part of moving within the test", "deg", _REFUSED_OR_OLD),
    Column("coverage", Kind.NUMBER, "factor from all parts together to the interval", missing=_REFUSED),
)


def _rest_tests(ids: Sequence[int]) -> AnySelect:
    test = RestTestTable
    return _of_analyses(ids, test, test.id).add_columns(
        test.side,
        SessionTable.rest_left_out.label("left_out"),
        AnalysisTable.version.label("analysis_version"),
        *(getattr(test, column.name) for column in _REST_OWN),
    )


_SENSOR_OWN = (
    Column("placement", Kind.TEXT, "`left_thigh`, `right_thigh` or `pelvis`"),
    Column("rate_hz", Kind.NUMBER, "samples in a second", "Hz"),
    Column("samples", Kind.INTEGER, "samples that came"),
    Column("missing", Kind.INTEGER, "samples that never came"),
    Column("backfilled", Kind.INTEGER, "samples fetched from the sensor's memory afterwards", missing=_OLD),
    Column("saturated", Kind.INTEGER, "samples at the end of the sensor's range"),
    Column("bad_frames", Kind.INTEGER, "messages that could not be read"),
    Column("duplicates", Kind.INTEGER, "messages that came twice"),
    Column("drift_ppm", Kind.NUMBER, "how much faster its clock ran", "ppm", "it could not be told"),
    Column("drift_uncertainty_ppm", Kind.NUMBER, "standard error of that", "ppm", "it could not be told"),
    Column("clock_residual_s", Kind.NUMBER, "what the clock model leaves over", "s", "it could not be told"),
    Column(
        "calibrated_on", Kind.DAY, "day of the calibration that was used", missing="it was not calibrated"
    ),
)


def _sensors(ids: Sequence[int]) -> AnySelect:
    found, worn = AnalysisSensorTable, SessionSensorTable
    joined = and_(worn.session_id == SessionTable.id, worn.placement == found.placement)
    return (
        _of_analyses(ids, found, found.placement)
        .outerjoin(worn, joined)
        .outerjoin(SensorTable, SensorTable.id == worn.sensor_id)
        .add_columns(SensorTable.sensor_id, SensorTable.protocol)
        .add_columns(*(getattr(found, column.name) for column in _SENSOR_OWN))
    )


def _notices(ids: Sequence[int]) -> AnySelect:
    notice = NoticeTable
    return _of_analyses(ids, notice, notice.id).add_columns(
        notice.time_s, notice.kind, notice.placement, notice.text
    )


def _of_analyses(
    ids: Sequence[int],
    table: type[RestTestTable] | type[AnalysisSensorTable] | type[NoticeTable],
    order: InstrumentedAttribute[Any],
) -> AnySelect:
    """Rows of a table of results, of the current analyses of some sessions."""
    return (
        select(SessionTable.id.label("session_id"), SessionTable.simulated)
        .join(RecordingTable, RecordingTable.session_id == SessionTable.id)
        .join(AnalysisTable, current_analysis())
        .join(table, table.analysis_id == AnalysisTable.id)
        .where(SessionTable.id.in_(ids))
        .order_by(SessionTable.started_at, SessionTable.id, order)
    )


REPETITIONS = TidyTable(
    "repetitions",
    "one repetition or hold that the sensors saw, partial ones too; corrections do not touch them",
    (
        SESSION,
        SIMULATED,
        SET_NUMBER,
        Column("set_side", Kind.TEXT, "`side` of its set", missing="the set is not of one leg"),
        Column("side", Kind.TEXT, "the leg that moved", missing="the exercise is not of one leg"),
        Column("repetition_number", Kind.INTEGER, "which of its set and leg, from 1"),
        Column("exercise", Kind.TEXT, "the exercise, corrections in it"),
        Column("counts", Kind.BOOLEAN, "false: the person left the set out"),
        *_REPETITION_OWN,
    ),
    _repetitions,
)
REST_TESTS = TidyTable(
    "rest_tests",
    "one rest test of one leg, refused ones too",
    (
        SESSION,
        SIMULATED,
        Column("side", Kind.TEXT, "`left` or `right`: the leg"),
        Column("left_out", Kind.BOOLEAN, "true: the person said that it does not count"),
        Column("analysis_version", Kind.TEXT, "version of the algorithms"),
        *_REST_OWN,
    ),
    _rest_tests,
)
SENSORS = TidyTable(
    "sensors",
    "one sensor in one session, and how well it was heard",
    (
        SESSION,
        SIMULATED,
        Column("sensor_id", Kind.TEXT, "the id stored in the sensor", missing="no sensor was noted"),
        Column("protocol", Kind.TEXT, "what it speaks", missing="no sensor was noted"),
        *_SENSOR_OWN,
    ),
    _sensors,
)
NOTICES = TidyTable(
    "notices",
    "one thing that may fool the numbers of a session",
    (
        SESSION,
        SIMULATED,
        Column("time_s", Kind.NUMBER, "when it was seen", "s"),
        Column("kind", Kind.TEXT, "what it is"),
        Column("placement", Kind.TEXT, "the sensor meant", missing="none, or more than one"),
        Column("text", Kind.TEXT, "in plain words"),
    ),
    _notices,
)
