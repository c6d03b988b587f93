"""What a person told in a week, in words: pain, effort, habits, notes, answers; what the plan asks next."""

from collections.abc import Iterator
from datetime import date, tzinfo

from tracker.model import SetTarget, Side
from tracker.plan.habits import find_habit
from tracker.progress.week_page import WeekPage
from tracker.progress.week_said import DayFelt, HabitWeek
from tracker.report.week_parts import Part
from tracker.report.week_training import asked_range
from tracker.store.plans import RuleVerdict
from tracker.store.screenings import CLEARED, Screening


def felt_part(page: WeekPage) -> Part:
    """Pain and effort by session."""
    silent = page.felt.sessions - len(page.felt.days)
    lines = [] if page.felt.days else ["Nothing was said."]
    if page.felt.days and silent:
        lines.append(f"Of {silent} of {page.felt.sessions} sessions nothing was said.")
    return Part(
        title="Pain and effort, as told (0–10)",
        columns=("day", "before", "worst", "next morning", "effort"),
        rows=tuple(map(_felt_row, page.felt.days)),
        lines=tuple(lines),
    )


def _felt_row(one: DayFelt) -> tuple[str, ...]:
    told = (one.pain_before, one.pain_worst, one.pain_next_morning, one.effort)
    return (_day(one.day), *("–" if value is None else str(value) for value in told))


def habits_part(page: WeekPage) -> Part:
    """Habits as the person reports them."""
    return Part(
        title="Habits, in days, as told",
        columns=("habit", "none", "some", "much", "minutes"),
        rows=tuple(map(_habit_row, page.habits)),
        lines=() if page.habits else ("Nothing was said.",),
    )


def _habit_row(one: HabitWeek) -> tuple[str, ...]:
    minutes = "–" if one.minutes is None else f"{one.minutes} ({one.minutes_days} d)"
    return _habit_title(one.habit), str(one.none), str(one.some), str(one.much), minutes


def _habit_title(name: str) -> str:
    known = find_habit(name)
    return name.replace("_", " ") if known is None else known.title


def said_part(page: WeekPage) -> Part:
    """Answers to the safety questions, and notes."""
    answers = tuple(_screening(one, page.made_at.tzinfo) for one in page.screenings) or (
        "The safety questions were not answered in this week.",
    )
    notes = tuple(f"{_day(one.day)}: {_readable(one.text)}" for one in page.felt.notes)
    return Part(title="Safety questions and notes", lines=answers, free_lines=notes or ("No notes.",))


def _readable(text: str) -> str:
    """A text of the person in one line, without signs that would steer a terminal."""
    return "".join(sign if sign.isprintable() else "?" for sign in " ".join(text.split()))


def _screening(one: Screening, zone: tzinfo | None) -> str:
    day = _day(one.asked_at.astimezone(zone).date())
    if one.occasion == CLEARED:
        return f"Training allowed by a clinician, as told on {day}: {_readable(one.note or '–')}."
    yes = [name.replace("_", " ") for name, answer in one.answers.items() if answer]
    told = f"yes to: {', '.join(yes)}" if yes else f"no to all {len(one.answers)}"
    advice = ""
    if one.emergency:
        advice = "; the program said: emergency care, do not exercise"
    elif one.flagged:
        advice = "; the program said: see a clinician first"
    return f"Safety questions on {day}: {told}{advice}."


def plan_part(page: WeekPage) -> Part:
    """What the plan asks for in the week after, and what waits for an answer."""
    return Part(
        title=f"What the plan asks next, {page.following}",
        lines=tuple(_plan_lines(page)),
        free_lines=tuple(_waiting(one, page) for one in page.waiting),
    )


def _plan_lines(page: WeekPage) -> Iterator[str]:
    asked = page.asked_next
    if asked is None:
        yield "There is no plan for that week."
        return
    sessions = asked_range(asked.sessions_low, asked.sessions_high)
    yield f"{asked.plan}, phase {asked.phase}: {sessions} sessions."
    for target, days in zip(asked.targets, asked.days_low, strict=True):
        yield target_words(target, page, days)


def target_words(target: SetTarget, page: WeekPage, days: int) -> str:
    """What is asked for of one exercise, in words."""
    each = asked_range(target.reps_low, target.reps_high)
    legs = "each leg" if target.side is Side.BOTH else f"{target.side} leg"
    words = f"{page.title(target.exercise)}: {target.sets} × {each}, {legs}"
    if target.hold_s:
        words += f", held {target.hold_s:g} s"
    if target.tempo:
        words += f", tempo {target.tempo} s"
    if target.band_placement and target.band_placement != "none":
        colour = f"{target.band_colour} " if target.band_colour else ""
        place = target.band_placement
        words += f", {colour}band {place if 'round' in place else f'round the {place}'}"
        if target.elongation_percent:
            words += f" at {target.elongation_percent:.0f} % stretch"
    return f"{words}; on {days} {'day' if days == 1 else 'days'} or more."


def _waiting(one: RuleVerdict, page: WeekPage) -> str:
    what = page.title(one.prescription.replace("_", " ")) if one.prescription else "the plan"
    return f"Waits for your answer (tracker plan): {what}: {one.reason.rstrip('.')}."


def _day(day: date) -> str:
    return f"{day:%a} {day.day} {day:%b}"
