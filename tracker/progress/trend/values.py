"""What a trend of the resting rotation says, as frozen values. Angles are degrees, as in the store.

Signs are those of the week: left and right are hip rotations, internal rotation positive; difference and mean
are of external rotation. A leg that lies less turned out has a rising `left` or `right` and a falling `mean`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from math import hypot, sqrt

from tracker.model import Posture, RelativeTo
from tracker.motion.parameters import NORMAL_95
from tracker.progress.verdict import Verdict, verdict_text

QUANTITIES = ("left", "right", "difference", "mean")


@dataclass(frozen=True, slots=True)
class TrendPoint:
    """What one strapping-on measured.

    Attributes:
        at: UTC, when its session began.
        day: the person's date of it.
        half_width_deg: of its own 95 % interval.
        repeats: rest tests (of both legs: pairs of them) whose median it is.
        donning: which one of the session, from 1.
    """

    at: datetime
    day: date
    value_deg: float
    half_width_deg: float
    repeats: int
    session_id: int
    donning: int


@dataclass(frozen=True, slots=True)
class Comparable:
    """What strappings-on must share so that their angles may stand in one trend.

    Attributes:
        recipe: how the thighs' zero was taken; of both legs where the quantity needs both.
    """

    analysis_version: str
    relative_to: RelativeTo
    posture: Posture
    recipe: str
    simulated: bool

    @property
    def text(self) -> str:
        """In words, for a person."""
        of_whom = ", simulated" if self.simulated else ""
        return (
            f"{self.posture}, against the {self.relative_to}, zero by {self.recipe or 'the housing'}, "
            f"analysis version {self.analysis_version}{of_whom}"
        )


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Donnings that cannot stand in the trend, and why, in words."""

    donnings: int
    reason: str


@dataclass(frozen=True, slots=True)
class MeasurementError:
    """How far one strapping-on's value scatters without any change.

    Attributes:
        sd_within_deg: of a repeat about the others of its strapping-on.
        sd_donning_deg: of a strapping-on about the others.
        repeats: in a strapping-on, usually (the k of the formula).
        donnings: own ones that it was estimated from.
        pooled: the assumption is still in it, as there are too few own strappings-on.
    """

    sd_within_deg: float
    sd_donning_deg: float
    repeats: int
    donnings: int
    pooled: bool

    @property
    def sem_deg(self) -> float:
        """SEM of a strapping-on's value: sqrt(sd_donning^2 + sd_within^2 / k)."""
        return hypot(self.sd_donning_deg, self.sd_within_deg / sqrt(self.repeats))

    def mdc_deg(self, before: int, after: int) -> float:
        """Smallest change between the means of so many strappings-on that is no chance at 95 %.

        1.96 * SEM * sqrt(1 / before + 1 / after); at one and one it is the usual MDC95.
        """
        return NORMAL_95 * self.sem_deg * sqrt(1.0 / before + 1.0 / after)


@dataclass(frozen=True, slots=True)
class Level:
    """The mean of some strappings-on.

    Attributes:
        median_deg: their median; what a week's page shows.
        days: on so many days.
        first, last: the first and the last of these days.
    """

    mean_deg: float
    median_deg: float
    donnings: int
    days: int
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Slope:
    """Change per week, with its 95 % interval widened for strappings-on that resemble their neighbours.

    Attributes:
        at_first_deg: where the line stands on the first point's time.
        phi: lag-1 autocorrelation of the residuals, 0 to 0.9.
        weeks: from the first point to the last.
    """

    deg_per_week: float
    low_deg_per_week: float
    high_deg_per_week: float
    at_first_deg: float
    phi: float
    weeks: float

    @property
    def excludes_zero(self) -> bool:
        """True where no change is outside of the interval."""
        return self.low_deg_per_week > 0.0 or self.high_deg_per_week < 0.0

    @property
    def total_half_width_deg(self) -> float:
        """Half of the interval's width over the whole time: what change it can tell from none."""
        return 0.5 * (self.high_deg_per_week - self.low_deg_per_week) * self.weeks


@dataclass(frozen=True, slots=True)
class ControlChart:
    """Individuals chart (XmR): which points lie further off than the first ones scatter.

    Attributes:
        centre_deg, lower_deg, upper_deg: mean of the first points, and mean ± 2.66 mean moving range.
        made_of: so many first points.
        outside: places in `points` beyond the limits, after those first ones.
        runs: places that end eight or more points in a row on one side of the centre.
    """

    centre_deg: float
    lower_deg: float
    upper_deg: float
    made_of: int
    outside: tuple[int, ...]
    runs: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class QuantityTrend:
    """The trend of one angle.

    Attributes:
        name: one of `QUANTITIES`.
        comparable: what all its points share; None without any point.
        points: in order of time.
        left_out: strappings-on within the time that are not among the points.
        error: None without any point.
        baseline: the first strappings-on; None where there are fewer than three, or all on one or two days.
        last_week: the strappings-on of the last seven days that have any, none of the baseline's.
        change_deg: mean of `last_week` less that of `baseline`.
        mdc_deg: what chance alone makes of that at 95 %.
        error_deg: what the change must exceed: `mdc_deg` or the least change that is called one, the larger.
        slope: None with fewer than three points or all at one time.
        verdict, reason: and what is lacking where it is `not enough data`.
        chart: None with fewer than eight points.
    """

    name: str
    comparable: Comparable | None
    points: tuple[TrendPoint, ...]
    left_out: tuple[LeftOut, ...]
    error: MeasurementError | None
    baseline: Level | None
    last_week: Level | None
    change_deg: float | None
    mdc_deg: float | None
    error_deg: float | None
    slope: Slope | None
    verdict: Verdict
    reason: str
    chart: ControlChart | None

    @property
    def text(self) -> str:
        """The verdict in words."""
        return verdict_text(self.verdict, self.error_deg, self.reason)


@dataclass(frozen=True, slots=True)
class RestingTrend:
    """How the resting rotation of one person went, from the first to the last day, both included.

    Attributes:
        time_zone: IANA name; its midnights part the days.
        since_reason: why it begins there, in words.
        refused: reasons of the rest tests that could not be measured, with how many of each.
        simulated: some of the points came from virtual sensors, not from a body.
        notices: what the reader must know of the numbers.
    """

    first: date
    last: date
    time_zone: str
    since_reason: str
    left: QuantityTrend
    right: QuantityTrend
    difference: QuantityTrend
    mean: QuantityTrend
    refused: Mapping[str, int]
    simulated: bool
    notices: tuple[str, ...]

    @property
    def quantities(self) -> tuple[QuantityTrend, ...]:
        """In the order of `QUANTITIES`."""
        return self.left, self.right, self.difference, self.mean

    @property
    def refused_tests(self) -> int:
        """How many rest tests could not be measured."""
        return sum(self.refused.values())
