"""The page of a week, and the trend of the resting rotation. Angles are degrees."""

from datetime import date
from typing import Annotated, TypeAlias

from typing_extensions import TypedDict

from tracker.app.api.answers.as_it_is import As
from tracker.app.api.asked import Document
from tracker.model import Posture, RelativeTo
from tracker.progress.adherence import Adherence, ExerciseDone
from tracker.progress.comparison import CountChange
from tracker.progress.estimates import Estimate
from tracker.progress.streaks import Streak
from tracker.progress.trend.values import (
    Comparable,
    ControlChart,
    LeftOut,
    Level,
    MeasurementError,
    Slope,
    TrendPoint,
)
from tracker.progress.verdict import Verdict
from tracker.progress.week import ExerciseWeek, Refusal
from tracker.progress.week_days import DayWork
from tracker.progress.week_history import WeekWork
from tracker.progress.week_load import LoadWeek
from tracker.progress.week_movements import MovementWeek
from tracker.progress.week_page import Method
from tracker.progress.week_said import BandUse, FeltWeek, HabitWeek
from tracker.report.objects.plans import ChangeObject
from tracker.session.plan_targets import PrescribedWeek
from tracker.store.screenings import Screening


class QuantityAnswer(TypedDict):
    """The trend of one angle.

    Attributes:
        text: the verdict in words.
        reason: what is lacking, where there is not enough data.
        donnings: how many points there are.
        baseline: the first strappings-on; null where there are too few.
        last_week: the strappings-on of the last seven days that have any, none of the baseline's.
        change_deg: mean of `last_week` less that of `baseline`.
        mdc_deg: what chance alone makes of that at 95 %.
        error_deg: what the change must exceed.
        slope: null with fewer than three points.
        chart: null with fewer than eight points.
        measured: what all points share; null without any.
        left_out: strappings-on that are not among the points, and why.
    """

    verdict: Verdict
    text: str
    reason: str
    donnings: int
    baseline: Level | None
    last_week: Level | None
    change_deg: float | None
    mdc_deg: float | None
    error_deg: float | None
    slope: Slope | None
    measurement_error: Annotated[Document, As(MeasurementError, "ErrorOfDonning", sem_deg=float)] | None
    chart: ControlChart | None
    measured: Comparable | None
    left_out: list[LeftOut]
    points: list[TrendPoint]


class TrendAnswer(TypedDict):
    """How the resting rotation went, from the first to the last day, both included.

    Attributes:
        time_zone: IANA name; its midnights part the days.
        since_reason: why it begins there, in words.
        simulated: some of the points came from virtual sensors, not from a body.
        refused_tests: how many rest tests could not be measured.
        refused: their reasons.
        notices: what the reader must know of the numbers.
        resting_rotation: `left`, `right`, `difference` and `mean`.
    """

    first: str
    last: str
    time_zone: str
    since_reason: str
    simulated: bool
    refused_tests: int
    refused: list[Refusal]
    notices: list[str]
    resting_rotation: dict[str, QuantityAnswer]


class RestingWeekAnswer(TypedDict):
    """The resting rotation of a week; null where nothing was measured.

    Attributes:
        left, right: hip rotation, internal rotation positive.
        difference: external rotation of the right leg less that of the left one.
        mean: of both legs' external rotation.
    """

    relative_to: RelativeTo | None
    posture: Posture | None
    left: Estimate | None
    right: Estimate | None
    difference: Estimate | None
    mean: Estimate | None


class WeekSummaryAnswer(TypedDict):
    """What was done and measured in one week.

    Attributes:
        week: as in 2026-W48.
        monday: its first day.
        time_zone: IANA name; at its midnights the week begins and ends.
        simulated: some of the samples came from virtual sensors, not from a body.
        days_trained: days with at least one repetition that sensors counted or the person told.
        told_sets, told_reps: of sessions without sensors; not among the counted ones.
        refused_tests: how many rest tests could not be measured.
        refused: their reasons, the most frequent first.
        analysis_versions: of the analyses that the results come from.
        notices: what the reader must know of the numbers.
    """

    week: str
    monday: str
    time_zone: str
    simulated: bool
    sessions: int
    days_trained: int
    sets: int
    valid_reps: int
    partial_reps: int
    told_sets: int
    told_reps: int
    exercises: list[ExerciseWeek]
    resting_rotation: RestingWeekAnswer
    refused_tests: int
    refused: list[Refusal]
    analysis_versions: list[str]
    notices: list[str]


class AngleAnswer(TypedDict):
    """An angle of the week beside that of the week before.

    Attributes:
        name: `left`, `right`, `difference` or `mean`.
        change_deg: this week's less last week's; null where they cannot be compared.
        error_deg: of the change, combined of both weeks.
        verdict: whether the change is larger than its error, in words.
    """

    name: str
    this: Estimate | None
    last: Estimate | None
    change_deg: float | None
    error_deg: float | None
    verdict: str


class NextWeekAnswer(TypedDict):
    """The week after.

    Attributes:
        asked: what the plan asks for in it; null where it asks for nothing.
    """

    week: str
    asked: PrescribedWeek | None


class WaitingAnswer(TypedDict):
    """A proposal of the plan that waits for an answer.

    Attributes:
        proposal: the number by which it is answered.
        prescription: its name in the plan; empty where the whole plan is meant.
        reason: in plain words.
        made_at: ISO 8601.
    """

    proposal: int | None
    prescription: str
    rule: str
    reason: str
    change: ChangeObject | None
    made_at: str


class WeekPageAnswer(TypedDict):
    """Everything that stands on the page of a week; compared is with the person's own records alone.

    Attributes:
        made_at: ISO 8601.
        runs: the week is not over yet.
        this, last: the week and the one before.
        notices: why angles of the two weeks cannot be compared, if so.
        days: Monday first.
        before: the weeks before, the earliest first.
        streak: weeks in a row with training.
        bands: how the bands went in the weeks of `before` and this one.
        waiting: proposals of the plan that wait for an answer.
        method: how the week was measured.
    """

    person: str
    made_at: str
    runs: bool
    simulated: bool
    this: WeekSummaryAnswer
    last: WeekSummaryAnswer
    counts: list[Annotated[Document, As(CountChange, "CountBeside", change=int)]]
    angles: list[AngleAnswer]
    notices: list[str]
    days: list[DayWork]
    before: list[Annotated[Document, As(WeekWork, "WeekBefore", week=str, monday=date)]]
    streak: Streak
    adherence: Annotated[
        Document,
        As(
            Adherence,
            "AdherenceOfWeek",
            told_reps=int,
            sessions_share=float | None,
            reps_share=float | None,
            exercises=list[Annotated[Document, As(ExerciseDone, "ExerciseOfWeek", share=float | None)]],
        ),
    ]
    resting_trend: TrendAnswer
    movements: list[MovementWeek]
    load: Annotated[Document, As(LoadWeek, "LoadOfWeek", internal_rotation=float | None, units=str)]
    bands: list[BandUse]
    felt: Annotated[
        Document,
        As(
            FeltWeek,
            "FeltOfWeek",
            pain_worst=int | None,
            pain_next_morning=int | None,
            effort=float | None,
        ),
    ]
    habits: list[HabitWeek]
    screenings: list[Screening]
    next: NextWeekAnswer
    waiting: list[WaitingAnswer]
    method: Method


WeekAnswer: TypeAlias = Annotated[dict[str, object], As(WeekPageAnswer)]
RestingTrendAnswer: TypeAlias = Annotated[Document, As(TrendAnswer)]
