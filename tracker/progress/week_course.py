"""The weekly medians of an angle, with their intervals: the course that a page shows."""

from dataclasses import dataclass

from tracker.progress.estimates import Donning, Estimate, estimate_of
from tracker.progress.iso_week import IsoWeek
from tracker.progress.trend.values import QuantityTrend, TrendPoint

COURSE_WEEKS = 12
"""What a small picture can show, and about the length of a plan."""


@dataclass(frozen=True, slots=True)
class CourseWeek:
    """One week of a course; weeks without a measured donning have none."""

    week: IsoWeek
    estimate: Estimate


def course_of(
    quantity: QuantityTrend, last: IsoWeek, weeks: int | None = COURSE_WEEKS
) -> tuple[CourseWeek, ...]:
    """The measured ones of so many weeks until `last`, of all where None, the earliest first."""
    of_week: dict[IsoWeek, list[TrendPoint]] = {}
    for point in quantity.points:
        week = IsoWeek.of_date(point.day)
        within = weeks is None or (last.monday - week.monday).days < 7 * weeks
        if week <= last and within:
            of_week.setdefault(week, []).append(point)
    course = []
    for week, points in sorted(of_week.items()):
        estimate = estimate_of([Donning(one.value_deg, one.half_width_deg, one.repeats) for one in points])
        if estimate is not None:
            course.append(CourseWeek(week, estimate))
    return tuple(course)
