"""The training of a week in words: what was done of what was asked, how, and with which load."""

from collections.abc import Iterator
from datetime import date

from tracker.progress.adherence import Adherence, ExerciseDone
from tracker.progress.week_history import WeekWork
from tracker.progress.week_load import ExerciseLoad, Loads
from tracker.progress.week_movements import MovementWeek
from tracker.progress.week_page import HISTORY_WEEKS, WeekPage
from tracker.report.week_parts import Part

_DAYS_IN_WEEK = 7
_NAMED = 2
"""Exercises that are named with a band."""


def done_part(page: WeekPage) -> Part:
    """Valid and partial repetitions by exercise, beside what the plan asked for."""
    asked = page.adherence.prescribed is not None
    columns = ("exercise", "sets", "valid", "partial", "told by hand")
    return Part(
        title="What was done, by the sensors' count",
        columns=(*columns, "asked for", "share") if asked else columns,
        rows=tuple(_done_row(one, page, asked=asked) for one in page.adherence.exercises),
        lines=tuple(_adherence_lines(page)),
        running=True,
    )


def asked_range(low: int, high: int) -> str:
    """A range as people write it."""
    return str(low) if low == high else f"{low}–{high}"


def percent(share: float | None) -> str:
    """A share as a percentage; a dash where there is none."""
    return "–" if share is None else f"{100.0 * share:.0f} %"


def _done_row(one: ExerciseDone, page: WeekPage, *, asked: bool) -> tuple[str, ...]:
    told = f"{one.told_sets} × {_each(one)}" if one.told_sets else "–"
    row = (page.title(one.exercise), str(one.sets), str(one.valid_reps), str(one.partial_reps), told)
    if not asked:
        return row
    return (*row, "–" if one.asked_reps is None else f"≥ {one.asked_reps}", percent(one.share))


def _each(one: ExerciseDone) -> str:
    each = one.told_reps / one.told_sets
    return f"{each:.0f}" if each == int(each) else f"{each:.1f}"


def _adherence_lines(page: WeekPage) -> Iterator[str]:
    done = page.adherence
    yield from _of_plan(done)
    if done.told_sessions:
        yield (
            f"Told by hand, not counted by sensors and in no share: {done.told_sessions} "
            f"{'session' if done.told_sessions == 1 else 'sessions'}, {done.told_reps} repetitions."
        )
    if page.runs:
        yield "The week still runs: all figures are of its days so far."


def _of_plan(done: Adherence) -> Iterator[str]:
    asked = done.prescribed
    if asked is None:
        yield "There was no plan in this week: without one there is no adherence."
        return
    if asked.days < _DAYS_IN_WEEK:
        yield f"The plan was on for {asked.days} days of this week; what it asks for is that of a whole week."
    sessions = asked_range(asked.sessions_low, asked.sessions_high)
    yield (
        f"Adherence to {asked.plan}, phase {asked.phase}: sessions {done.sessions} of {sessions} "
        f"({percent(done.sessions_share)}), valid repetitions {done.asked_valid_reps} of at least "
        f"{asked.valid_reps_low} ({percent(done.reps_share)})."
    )


def movements_part(page: WeekPage) -> Part:
    """Range, tempo, loss of range, share of the pelvis, and the load, by exercise; legs where they differ."""
    loads: dict[str, list[ExerciseLoad]] = {}
    for load in page.load.exercises:
        loads.setdefault(load.exercise, []).append(load)
    # In the order of the table above.
    movements: dict[str, list[MovementWeek]] = {one.exercise: [] for one in page.adherence.exercises}
    for one in page.movements:
        movements.setdefault(one.exercise, []).append(one)
    columns = ("exercise", "range", "in own range", "tempo, s", "range loss", "pelvis")
    return Part(
        title="How it was done, and the load (left / right)",
        columns=(*columns, "band", "force (est.)", "load (est.)") if loads else columns,
        rows=tuple(
            (
                page.title(exercise),
                *_movement_cells(legs),
                *(_load_cells(loads.get(exercise, [])) if loads else ()),
            )
            for exercise, legs in movements.items()
            if legs
        ),
        text_columns=(0, 6),
        lines=tuple(_load_lines(page)) if page.movements or page.felt.days else ("Nothing was counted.",),
        running=True,
    )


def _movement_cells(legs: list[MovementWeek]) -> tuple[str, ...]:
    return (
        _legs(["–" if one.rom_deg is None else f"{one.rom_deg:.1f}°" for one in legs]),
        _legs([percent(one.rom_share) for one in legs]),
        _legs([_tempo(one) for one in legs]),
        _legs(["–" if one.rom_loss_percent is None else f"{one.rom_loss_percent:.0f} %" for one in legs]),
        _legs([percent(one.pelvis_share) for one in legs]),
    )


def _load_cells(loads: list[ExerciseLoad]) -> tuple[str, str, str]:
    colours = dict.fromkeys(colour for load in loads for colour in load.colours)
    forces = dict.fromkeys(f"≈ {load.force_n:.0f} N" for load in loads if load.force_n is not None)
    return ", ".join(colours) or "–", ", ".join(forces) or "–", _legs([_load(one) for one in loads]) or "–"


def _legs(values: list[str]) -> str:
    """The values of the legs, left first; once where all are the same, and a unit once."""
    if len(set(values)) <= 1:
        return "".join(values[:1])
    return " / ".join(values).replace(" % /", " /").replace("° /", " /").replace(" s /", " /")


def _tempo(one: MovementWeek) -> str:
    times = (one.concentric_s, one.hold_s, one.eccentric_s)
    return "–" if None in times else "–".join(f"{time_s:.1f}" for time_s in times)


def _load(one: ExerciseLoad) -> str:
    if one.loads is Loads.ABDUCTION:
        return "preload"
    if one.load is None:
        return "–"
    return f"{one.load:.0f}" + ("" if one.loads is Loads.INTERNAL_ROTATION else "*")


def _load_lines(page: WeekPage) -> Iterator[str]:
    if page.movements:
        yield (
            "Medians of the valid repetitions. Tempo: there–held–back. Range loss: the last two of a set "
            "below its largest. Pelvis: its share in the movement, – without a sensor there."
        )
    load = page.load
    if load.exercises:
        total = "" if load.internal_rotation is None else f" Internal rotation: {load.internal_rotation:.0f}."
        yield (
            "Load: repetitions × range in own range × band force, in arbitrary units; an estimate, as makers "
            f"give too high forces.{total}"
        )
    kinds = {one.loads for one in load.exercises}
    if Loads.ABDUCTION in kinds:
        yield "Preload: a band at the thighs loads abduction; it is not booked as load of internal rotation."
    if any(one.loads is Loads.MOVEMENT and one.load is not None for one in load.exercises):
        yield "* loads the movement that is counted, not internal rotation."
    if load.internal_load is not None:
        missing = f"; {load.unrated} without" if load.unrated else ""
        rated = f"{load.rated} sessions with a told effort{missing}"
        yield f"Effort × minutes: {load.internal_load:.0f} ({rated})."


def bands_part(page: WeekPage) -> Part:
    """Which bands were used from when to when, the latest first."""
    exercises: dict[tuple[str, ...], list[str]] = {}
    for one in reversed(page.bands):
        use = (
            short_days(one.first, one.last),
            str(one.days),
            f"{one.colour}, {one.brand}",
            "–" if one.elongation_percent is None else f"{one.elongation_percent:.0f} %",
            "–" if one.force_n is None else f"≈ {one.force_n:.0f} N",
        )
        exercises.setdefault(use, []).append(page.title(one.exercise))
    return Part(
        title=f"Bands of {HISTORY_WEEKS} weeks",
        columns=("from – to", "days", "band", "stretch", "force (est.)", "exercises"),
        rows=tuple((*use, _some(sorted(names))) for use, names in exercises.items()),
        text_columns=(0, 2, 5),
        lines=() if page.bands else ("No band was told of.",),
    )


def _some(names: list[str]) -> str:
    shown = "; ".join(names[:_NAMED])
    return shown if len(names) <= _NAMED else f"{shown}; … and {len(names) - _NAMED} more"


def short_days(first: date, last: date) -> str:
    """A span of days, short."""
    if first == last:
        return f"{first.day} {first:%b}"
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{last.day} {last:%b}"
    return f"{first.day} {first:%b} – {last.day} {last:%b}"


def weeks_part(page: WeekPage, count: int = HISTORY_WEEKS) -> Part:
    """The last weeks until this one, a row each; zeros where nothing was done."""
    return Part(
        title="The weeks until this one",
        columns=("week", "from", "days", "sessions", "valid", "partial", "told by hand"),
        rows=tuple(_week_row(one) for one in page.weeks[-count:]),
        text_columns=(0, 1),
        lines=("Sessions told by hand are among the sessions.",)
        if any(one.told_reps for one in page.weeks[-count:])
        else (),
    )


def _week_row(one: WeekWork) -> tuple[str, ...]:
    numbers = (one.days_trained, one.sessions, one.valid_reps, one.partial_reps, one.told_reps)
    simulated = " (simulated)" if one.simulated else ""
    return (f"{one.week}{simulated}", f"{one.monday.day} {one.monday:%b %Y}", *map(str, numbers))
