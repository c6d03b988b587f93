"""P1 to P3: many random simulated people, sets and hours: what single scenarios cannot show."""

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial

import numpy as np
from checks import SIMULATED, Check, Scenario, at_least, at_most, same, within
from population_daily import MINUTES, counted_exercises, quiet_hour, quiet_sessions
from population_rest import coverage
from population_sets import RandomSet, TrueMovement, random_set

from tracker.model import Repetition

SETS = 500
TESTS = 1000
WORKERS = 2


def p1(number: int = SETS) -> Sequence[Check]:
    sets = _random_sets(number)
    off = [abs(one.off) for one in sets]
    pairs = [pair for one in sets for pair in one.matched()]
    whole = [(true, found) for true, found in pairs if "gap" not in found.flags]
    roms = [
        (np.degrees(found.rom_rad - true.rom_rad), np.degrees(found.rom_uncertainty_rad or 0.0))
        for true, found in pairs
        if found.rom_rad is not None
    ]
    errors, widths = np.array(roms).T
    inside, rms_deg = 100.0 * float(np.mean(np.abs(errors) <= widths)), float(np.sqrt(np.mean(errors**2)))
    return [
        at_least(f"{number} sets: counted exactly", 99.0, 100.0 * off.count(0) / number, "%"),
        at_most("largest miscount", 1, max(off), "repetitions"),
        at_most(f"range of {len(errors)} repetitions, RMS error", 1.0, rms_deg),
        at_least("range: inside its stated 95 % interval", 95.0, inside, "%"),
        *_times(f"{len(whole)} repetitions without missing samples", whole, 99.0),
        *_times(f"all {len(pairs)} repetitions, up to 10 % of packets lost", pairs, 95.0),
    ]


def _times(
    what: str, pairs: Sequence[tuple[TrueMovement, Repetition]], least_percent: float
) -> Iterable[Check]:
    for name, errors_s in (
        ("start", [found.start_s - true.start_s for true, found in pairs]),
        ("end", [found.end_s - true.end_s for true, found in pairs]),
    ):
        share = 100.0 * float(np.mean(np.abs(errors_s) <= 0.1))
        yield at_least(f"{what}: {name} within 0.1 s", least_percent, share, "%")


def _random_sets(number: int) -> list[RandomSet]:
    with ProcessPoolExecutor(WORKERS) as workers:
        return list(workers.map(random_set, range(number), chunksize=5))


def p2(minutes: float = MINUTES) -> Sequence[Check]:
    sessions = quiet_sessions(minutes)
    checks = []
    for exercise in counted_exercises():
        for with_pelvis in (True, False):
            found = quiet_hour(exercise, sessions, with_pelvis=with_pelvis)
            worn = "thighs and pelvis" if with_pelvis else "thighs"
            what = f"{found.minutes:.0f} min, {exercise}, {worn}"
            checks.append(same(f"{what}: false repetitions", 0, found.valid))
    return checks


def p3(number: int = TESTS) -> Sequence[Check]:
    cases = (
        ("one test, nothing known of the person", 1, 0),
        ("median of three, nothing known of the person", 3, 0),
        ("median of three, after 5 strappings-on of their own", 3, 5),
        ("median of three, after 20 strappings-on of their own", 3, 20),
    )
    checks = []
    for what, repeats, own in cases:
        found = coverage(number, repeats, own_donnings=own)
        text = f"{number} rest tests, {what} (median half width {found.half_width_deg:.1f} deg)"
        checks.append(within(f"{text}: true value inside", 93.0, 97.0, 100.0 * found.share, "%"))
    return checks


def population_scenarios(
    sets: int = SETS, minutes: float = MINUTES, tests: int = TESTS
) -> tuple[Scenario, ...]:
    """The scenarios on populations of a size."""
    runs: tuple[tuple[str, str, Callable[[], Sequence[Check]]], ...] = (
        ("P1", "Random sets over a bad link", partial(p1, sets)),
        ("P2", "Lying, turning over, sitting, standing, walking, sensors in the hands", partial(p2, minutes)),
        ("P3", "Does the stated uncertainty hold the truth?", partial(p3, tests)),
    )
    return tuple(Scenario(key, title, SIMULATED, run) for key, title, run in runs)
