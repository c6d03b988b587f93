"""What tables, plots and pictures of a trend call its angles, and how they write them."""

from datetime import date
from math import ceil, floor

from tracker.progress.trend.values import QuantityTrend, Slope

NAMES = {
    "left": "left leg, rotation (inward positive)",
    "right": "right leg, rotation (inward positive)",
    "difference": "difference, right minus left (outward positive)",
    "mean": "mean of both legs (outward positive)",
}

METHOD = (
    "Each strapping-on of the sensors counts once. Change: mean of the last week less mean "
    "of the baseline, ± what chance makes of it in 95 of 100 cases (MDC95). Slope: Theil-Sen, its 95 % "
    "interval widened where neighbours are alike."
)
NO_SMALLEST = "No smallest change that matters is known for these angles."


def signed(value_deg: float | None) -> str:
    """An angle with its sign; a dash for none."""
    return "–" if value_deg is None else f"{value_deg:+.1f}°"


def change_text(trend: QuantityTrend) -> str:
    """The change with what chance alone makes of it."""
    if trend.change_deg is None or trend.mdc_deg is None:
        return "–"
    return f"{signed(trend.change_deg)} ± {trend.mdc_deg:.1f}°"


def slope_text(slope: Slope | None) -> str:
    """Degrees a week with the interval."""
    if slope is None:
        return "–"
    low, high = slope.low_deg_per_week, slope.high_deg_per_week
    return f"{slope.deg_per_week:+.2f} ({low:+.2f} to {high:+.2f})"


def day(value: date) -> str:
    """As in 5 Jan 2026."""
    return f"{value.day} {value:%b %Y}"


def round_levels(low: float, high: float) -> list[int]:
    """Round numbers of degrees between two angles, six at most."""
    step = next(step for step in (1, 2, 5, 10, 20, 50, 100) if (high - low) / step <= 6)
    return list(range(step * ceil(low / step), floor(high) + 1, step))
