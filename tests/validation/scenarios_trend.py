"""T25 and P4: when a change is said, of made-up series and of persons through the whole program."""

from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial

from checks import FORMULA, SIMULATED, Check, Scenario, at_least, at_most, same
from trend_person import PersonsVerdicts, verdicts_of_person
from trend_series import verdict_shares

from tracker.progress.trend.values import QUANTITIES
from tracker.progress.verdict import Verdict

SERIES = 1000
_MONTE_CARLO_PERCENT = 2.0
"""What the share of a thousand may be off by: three standard deviations of one near 5 %."""

PERSONS = 20
_WORKERS = 2
_OF = {"left": "of a leg", "difference": "of the difference"}
_EARLY, _END = (2, 5), 12
_CHANGING = ("left", "right", "mean")
_FALSE_ALARMS = 2
"""Of 20 persons; at the 1 % of independent series three or more happen once in a thousand runs."""


def t25(number: int = SERIES) -> Sequence[Check]:
    checks = []
    for weeks, limit in ((12, 5.0), (6, 8.0)):
        for phi in (0.0, 0.3, 0.6):
            for name in ("left", "difference"):
                share = verdict_shares(number, weeks, phi, name=name)[Verdict.CHANGED]
                what = (
                    f"{number} series of {weeks} weeks without change, {_OF[name]}, phi {phi}: called changed"
                )
                checks.append(at_most(what, limit + _MONTE_CARLO_PERCENT, share, "%"))
    for phi, least in ((0.0, 95.0), (0.3, 95.0), (0.6, 80.0)):
        share = verdict_shares(number, 12, phi, deg_per_week=-1.0)[Verdict.CHANGED]
        what = f"{number} series of 12 weeks at -1 deg a week, phi {phi}: called changed"
        checks.append(at_least(what, least - _MONTE_CARLO_PERCENT, share, "%"))
    return checks


def p4(number: int = PERSONS) -> Sequence[Check]:
    changing, steady = _verdicts(-1.0, range(number)), _verdicts(0.0, range(number, 2 * number))
    checks = [
        same(
            f"{2 * number} persons, all angles after {week} weeks: not enough data",
            2 * number * len(QUANTITIES),
            _said(Verdict.NOT_ENOUGH_DATA, week, QUANTITIES, (*changing, *steady)),
        )
        for week in _EARLY
    ]
    for name in _CHANGING:
        found = _said(Verdict.CHANGED, _END, [name], changing)
        what = f"{number} persons at -1 deg of external rotation a week for 12, {name}: called changed"
        checks.append(at_least(what, 0.9 * number, found, "persons"))
    steady_of = dict.fromkeys(QUANTITIES, steady) | {"difference": [*steady, *changing]}
    for name, persons in steady_of.items():
        found = _said(Verdict.CHANGED, _END, [name], persons)
        what = f"{len(persons)} persons, {name} does not change in 12 weeks: called changed"
        checks.append(at_most(what, _FALSE_ALARMS, found, "persons"))
    return checks


def _said(verdict: Verdict, week: int, names: Sequence[str], persons: Sequence[PersonsVerdicts]) -> int:
    return sum(one[week, name] is verdict for one in persons for name in names)


def _verdicts(external_deg_per_week: float, seeds: range) -> list[PersonsVerdicts]:
    with ProcessPoolExecutor(_WORKERS) as workers:
        return list(workers.map(partial(verdicts_of_person, external_deg_per_week), seeds))


T25 = Scenario("T25", "How often a change is said where there is one, and where there is none", FORMULA, t25)


def person_scenario(number: int = PERSONS) -> Scenario:
    """P4 on so many persons of each kind."""
    run: Callable[[], Sequence[Check]] = partial(p4, number)
    title = "Twelve weeks of rest tests, recorded and replayed: whether the right thing is said"
    return Scenario("P4", title, SIMULATED, run)
