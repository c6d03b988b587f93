"""Prints how often each verdict is said, of made-up series and of persons through the whole program.

Run with `.venv/bin/python tests/benchmarks/trend_figures.py [persons]`; two minutes. The scatter is that of
the measurement basis: 3.1 degrees from donning to donning, three a week.
"""

import sys
from collections import Counter
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "validation"))

from trend_person import PersonsVerdicts, verdicts_of_person
from trend_series import ever_changed_percent, verdict_shares

from tracker.progress.trend.values import QUANTITIES
from tracker.progress.verdict import Verdict

SERIES = 2000
PERSONS = 20
PHIS = (0.0, 0.3, 0.6)
WORKERS = 2


def main(persons: int) -> None:
    """Print both tables."""
    _print(f"{SERIES} made-up series each; share of each verdict in %")
    _print(_row("weeks", "deg/week", "phi", *(one.value for one in Verdict)))
    for weeks, deg_per_week in ((6, 0.0), (8, 0.0), (12, 0.0), (6, -1.0), (8, -1.0), (12, -1.0), (12, -0.5)):
        for phi in PHIS:
            shares = verdict_shares(SERIES, weeks, phi, deg_per_week)
            cells = (f"{shares[one]:.1f}" for one in Verdict)
            _print(_row(str(weeks), f"{deg_per_week:+.1f}", f"{phi}", *cells))
    _print("\nno change, looked at every week from the 6th to the 12th: called changed at least once, in %")
    for phi in PHIS:
        _print(f"  phi {phi}: {ever_changed_percent(SERIES // 4, phi):.1f}")
    _print(f"\n{persons} persons each, simulated sensors, recorded, replayed and kept; how many")
    _print(_row("deg/week", "week", "angle", *(one.value for one in Verdict)))
    for number, deg_per_week in enumerate((-1.0, 0.0)):
        seeds = range(number * persons, (number + 1) * persons)
        with ProcessPoolExecutor(WORKERS) as workers:
            found = list(workers.map(partial(verdicts_of_person, deg_per_week), seeds))
        _persons(deg_per_week, found)


def _persons(deg_per_week: float, found: Iterable[PersonsVerdicts]) -> None:
    said = Counter((week, name, verdict) for one in found for (week, name), verdict in one.items())
    for week in sorted({week for week, _, _ in said}):
        for name in QUANTITIES:
            counts = (str(said[week, name, one]) for one in Verdict)
            _print(_row(f"{deg_per_week:+.1f}", str(week), name, *counts))


def _print(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _row(*cells: str) -> str:
    return "".join(f"{cell:>12}" if number < 3 else f"{cell:>24}" for number, cell in enumerate(cells))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else PERSONS)
