"""Donnings of a made-up person with a known trend, and how often each verdict is said of them."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

import numpy as np

from tracker.model import FloatArray, Posture, RelativeTo
from tracker.motion.parameters import RestTestParameters
from tracker.progress.trend.comparable import MeasuredDonning
from tracker.progress.trend.judgement import quantity_trend
from tracker.progress.trend.values import Comparable, QuantityTrend, TrendPoint
from tracker.progress.verdict import Verdict

SD_DEG = 3.1
"""Of a donning about the truth: 3 deg of strapping on anew, and 1.5 deg of a test, three times."""

MONDAY = datetime(2024, 1, 8, 18, tzinfo=UTC)
TRAINING_DAYS = (0, 2, 4)
ALIKE = Comparable("1", RelativeTo.PELVIS, Posture.SUPINE, "standing+patella_up", simulated=True)
HALF_WIDTH_DEG = 6.2


def donnings(
    values_deg: Sequence[float],
    *,
    comparable: Comparable = ALIKE,
    days: Sequence[int] | None = None,
    repeats_deg: Sequence[Sequence[float]] | None = None,
) -> list[MeasuredDonning]:
    """One donning for each value: three a week, or on these days from the first Monday on."""
    on = usual_days(len(values_deg)) if days is None else days
    of_each = [[value] for value in values_deg] if repeats_deg is None else repeats_deg
    return [
        _donning(float(value), day, tuple(map(float, repeats)), comparable, number)
        for number, (value, day, repeats) in enumerate(zip(values_deg, on, of_each, strict=True))
    ]


def usual_days(count: int) -> list[int]:
    """Days from the first Monday on: three in each week."""
    return [7 * (number // 3) + TRAINING_DAYS[number % 3] for number in range(count)]


def _donning(
    value_deg: float, day: int, repeats_deg: tuple[float, ...], comparable: Comparable, number: int
) -> MeasuredDonning:
    at = MONDAY + timedelta(days=day)
    point = TrendPoint(at, at.date(), value_deg, HALF_WIDTH_DEG, len(repeats_deg), number + 1, 1)
    return MeasuredDonning(point, repeats_deg, comparable)


def judged(
    values_deg: Sequence[float], name: str = "left", days: Sequence[int] | None = None
) -> QuantityTrend:
    """What is said of these values."""
    return quantity_trend(name, donnings(values_deg, days=days), (), RestTestParameters())


def random_series(rng: np.random.Generator, weeks: int, phi: float, deg_per_week: float = 0.0) -> FloatArray:
    """Three donnings a week about a line, neighbours alike by a lag-1 autocorrelation."""
    count = 3 * weeks
    noise = np.empty(count)
    steps = rng.normal(0.0, SD_DEG, count)
    noise[0] = steps[0]
    for number in range(1, count):
        noise[number] = phi * noise[number - 1] + np.sqrt(1.0 - phi**2) * steps[number]
    return noise + deg_per_week * np.array(usual_days(count)) / 7.0


def verdict_shares(
    number: int,
    weeks: int,
    phi: float,
    deg_per_week: float = 0.0,
    seed: int = 25,
    name: str = "left",
) -> dict[Verdict, float]:
    """Share of each verdict in percent, of so many made-up persons; a difference is that of two legs."""
    rng = np.random.default_rng(seed)
    times = np.sqrt(2.0) if name == "difference" else 1.0
    said = Counter(
        judged((times * random_series(rng, weeks, phi, deg_per_week / times)).tolist(), name).verdict
        for _ in range(number)
    )
    return {verdict: 100.0 * said[verdict] / number for verdict in Verdict}


def ever_changed_percent(number: int, phi: float, seed: int = 25) -> float:
    """How often no change is called one at least once by who looks every week, from the 6th to the 12th."""
    rng = np.random.default_rng(seed)
    return 100.0 * sum(any(_each_week(rng, phi)) for _ in range(number)) / number


def _each_week(rng: np.random.Generator, phi: float) -> Iterator[bool]:
    values = [float(one) for one in random_series(rng, 12, phi)]
    for weeks in range(6, 13):
        yield judged(values[: 3 * weeks]).verdict is Verdict.CHANGED
