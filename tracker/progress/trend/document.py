"""A trend as plain values for JSON; angles in degrees, times as ISO 8601."""

from collections.abc import Collection
from dataclasses import asdict
from typing import Any

from tracker.progress.trend.values import (
    QUANTITIES,
    ControlChart,
    Level,
    MeasurementError,
    QuantityTrend,
    RestingTrend,
    Slope,
    TrendPoint,
)


def trend_object(trend: RestingTrend, names: Collection[str] = QUANTITIES) -> dict[str, Any]:
    """The trend of the named angles, of all four by default."""
    return {
        "first": trend.first.isoformat(),
        "last": trend.last.isoformat(),
        "time_zone": trend.time_zone,
        "since_reason": trend.since_reason,
        "simulated": trend.simulated,
        "refused_tests": trend.refused_tests,
        "refused": [{"reason": reason, "count": count} for reason, count in trend.refused.items()],
        "notices": list(trend.notices),
        "resting_rotation": {one.name: quantity_object(one) for one in trend.quantities if one.name in names},
    }


def quantity_object(one: QuantityTrend) -> dict[str, Any]:
    """The trend of one angle."""
    return {
        "verdict": one.verdict.value,
        "text": one.text,
        "reason": one.reason,
        "donnings": len(one.points),
        "baseline": _level(one.baseline),
        "last_week": _level(one.last_week),
        "change_deg": one.change_deg,
        "mdc_deg": one.mdc_deg,
        "error_deg": one.error_deg,
        "slope": _slope(one.slope),
        "measurement_error": _error(one.error),
        "chart": _chart(one.chart),
        "measured": None if one.comparable is None else asdict(one.comparable),
        "left_out": [asdict(other) for other in one.left_out],
        "points": [_point(point) for point in one.points],
    }


def _point(point: TrendPoint) -> dict[str, Any]:
    return {**asdict(point), "at": point.at.isoformat(), "day": point.day.isoformat()}


def _level(level: Level | None) -> dict[str, Any] | None:
    if level is None:
        return None
    return {**asdict(level), "first": level.first.isoformat(), "last": level.last.isoformat()}


def _slope(slope: Slope | None) -> dict[str, Any] | None:
    return None if slope is None else asdict(slope)


def _error(error: MeasurementError | None) -> dict[str, Any] | None:
    return None if error is None else {**asdict(error), "sem_deg": error.sem_deg}


def _chart(chart: ControlChart | None) -> dict[str, Any] | None:
    return None if chart is None else asdict(chart)
