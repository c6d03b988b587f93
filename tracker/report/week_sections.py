"""A week's page put into words and tables, for whatever shows it."""

from datetime import date, timedelta

from tracker.model import Placement
from tracker.progress.streaks import Streak
from tracker.progress.week_page import HISTORY_WEEKS, WeekPage
from tracker.report.week_parts import Figure, Page, Part
from tracker.report.week_resting import resting_part
from tracker.report.week_told import felt_part, habits_part, plan_part, said_part
from tracker.report.week_training import (
    asked_range,
    bands_part,
    done_part,
    movements_part,
    percent,
    weeks_part,
)

SIMULATED = "SIMULATED – no person and no sensor was measured"
FOOTER = (
    "Records exercises and leg position and compares with the person's own earlier records. "
    "Not a medical device; it judges nothing and replaces no examination."
)


def page_of(page: WeekPage, *, weeks: int = HISTORY_WEEKS) -> Page:
    """The page in words; `weeks` rows in its list of weeks."""
    return Page(
        title=f"Training and resting hip rotation, week {page.summary.week}",
        subtitle=(
            f"{page.person} · {_span(page.summary.monday)} · time zone {page.summary.time_zone} · "
            f"made {page.made_at.day} {page.made_at:%b %Y %H:%M}"
        ),
        simulated=page.simulated,
        figures=_figures(page),
        resting=resting_part(page),
        done=done_part(page),
        movements=movements_part(page),
        bands=bands_part(page),
        felt=felt_part(page),
        habits=habits_part(page),
        said=said_part(page),
        plan=plan_part(page),
        weeks=weeks_part(page, weeks),
        method=_method_part(page),
        footer=FOOTER,
    )


def _span(monday: date) -> str:
    sunday = monday + timedelta(days=6)
    first = f"{monday.day}" if monday.month == sunday.month else f"{monday.day} {monday:%b}"
    if monday.year != sunday.year:
        first += f" {monday.year}"
    return f"{first} to {sunday.day} {sunday:%b %Y}"


def _figures(page: WeekPage) -> tuple[Figure, ...]:
    done, asked = page.adherence, page.adherence.prescribed
    if asked is None:
        sessions = "on 1 day" if page.summary.days_trained == 1 else f"on {page.summary.days_trained} days"
    else:
        sessions = f"of {asked_range(asked.sessions_low, asked.sessions_high)} asked for"
    felt = page.felt
    morning = "" if felt.pain_next_morning is None else f"next morning {felt.pain_next_morning}"
    return (
        Figure(str(done.sessions), "session" if done.sessions == 1 else "sessions", sessions),
        _repetitions(page),
        streak_figure(page.streak),
        Figure("–" if felt.pain_worst is None else str(felt.pain_worst), "pain at worst, of 10", morning),
        Figure("–" if felt.effort is None else f"{felt.effort:g}", "effort, of 10", "median, as told"),
    )


def _repetitions(page: WeekPage) -> Figure:
    done = page.adherence
    if done.prescribed is None:
        count = page.summary.valid_reps
        return Figure(str(count), "valid repetition" if count == 1 else "valid repetitions")
    count = done.asked_valid_reps
    detail = f"of ≥ {done.prescribed.valid_reps_low} asked for, {percent(done.reps_share)}"
    return Figure(
        str(count), "valid repetition of the plan" if count == 1 else "valid repetitions of the plan", detail
    )


def streak_figure(streak: Streak) -> Figure:
    """How many weeks something was trained in without a week between them; one alone is no row."""
    return Figure(
        str(streak.weeks),
        "week with training" if streak.weeks == 1 else "weeks in a row with training",
        _streak_detail(streak),
    )


def _streak_detail(streak: Streak) -> str:
    if streak.open:
        return "this week still open"
    if streak.longest > streak.weeks:
        return f"the most so far: {streak.longest}"
    return "the most so far" if streak.weeks > 1 else ""


def _method_part(page: WeekPage) -> Part:
    method = page.method
    worn = ", ".join(
        f"{one.placement.value.replace('_', ' ')} ({one.sessions} of {method.analysed} sessions)"
        for one in method.sensors
    )
    pelvis = any(one.placement is Placement.PELVIS for one in method.sensors)
    lines = [f"Sensors: {worn or 'none in this week'}. Pelvis sensor: {'yes' if pelvis else 'no'}."]
    if method.sensors and not pelvis:
        lines.append("Without a pelvis sensor a turn of the pelvis counts as hip rotation.")
    poses = ", ".join(method.recipes) or "none in this week"
    lines.append(f"Reference pose (zero of the thighs): {poses}.")
    if method.sensors:
        calibrated = sum(one.calibrated for one in method.sensors)
        of_all = sum(one.sessions for one in method.sensors)
        lines.append(f"Sensors calibrated in six positions: {calibrated} of {of_all}.")
    versions = ", ".join(method.versions) or "none"
    lines.append(f"Analysis version: {versions}. Soft tissue makes ranges read small.")
    lines.append("A change is judged by the person's own repeatability; why it happened is not known.")
    return Part(title="How it was measured", lines=tuple(lines), running=True)
