"""A week's page as one JSON object."""

from dataclasses import asdict
from typing import Any

from tracker.progress.adherence import Adherence
from tracker.progress.comparison import comparison_object
from tracker.progress.trend.document import trend_object
from tracker.progress.week_history import WeekWork
from tracker.progress.week_page import WeekPage
from tracker.progress.week_said import BandUse, FeltWeek
from tracker.session.plan_targets import PrescribedWeek
from tracker.store.plans import RuleVerdict
from tracker.store.screenings import Screening


def week_document(page: WeekPage, *, before: int) -> dict[str, object]:
    """The page as plain values: angles in degrees, forces in newtons, days as in 2026-11-16.

    Args:
        before: so many weeks before this one stand in the object.
    """
    weeks = page.weeks[:-1]
    return {
        "person": page.person,
        "made_at": page.made_at.isoformat(),
        "runs": page.runs,
        "simulated": page.simulated,
        **comparison_object(page.comparison),
        "days": [{**asdict(one), "day": one.day.isoformat()} for one in page.days],
        "before": [_week(one) for one in weeks[len(weeks) - before :]],
        "streak": asdict(page.streak),
        "adherence": _adherence(page.adherence),
        "resting_trend": trend_object(page.trend),
        "movements": [asdict(one) for one in page.movements],
        "load": {
            **asdict(page.load),
            "internal_rotation": page.load.internal_rotation,
            "units": "arbitrary: repetitions x range share x estimated band force",
        },
        "bands": [_band(one) for one in page.bands],
        "felt": _felt(page.felt),
        "habits": [asdict(one) for one in page.habits],
        "screenings": [_screening(one) for one in page.screenings],
        "next": {"week": str(page.following), "asked": _prescribed(page.asked_next)},
        "waiting": [_waiting(one) for one in page.waiting],
        "method": asdict(page.method),
    }


def _week(one: WeekWork) -> dict[str, object]:
    return {**asdict(one), "week": str(one.week), "monday": one.monday.isoformat()}


def _adherence(done: Adherence) -> dict[str, object]:
    return {
        "prescribed": _prescribed(done.prescribed),
        "sessions": done.sessions,
        "told_sessions": done.told_sessions,
        "asked_valid_reps": done.asked_valid_reps,
        "told_reps": done.told_reps,
        "sessions_share": done.sessions_share,
        "reps_share": done.reps_share,
        "exercises": [{**asdict(one), "share": one.share} for one in done.exercises],
    }


def _prescribed(asked: PrescribedWeek | None) -> dict[str, Any] | None:
    return None if asked is None else asdict(asked)


def _band(one: BandUse) -> dict[str, object]:
    return {**asdict(one), "first": one.first.isoformat(), "last": one.last.isoformat()}


def _felt(felt: FeltWeek) -> dict[str, object]:
    return {
        "pain_worst": felt.pain_worst,
        "pain_next_morning": felt.pain_next_morning,
        "effort": felt.effort,
        "sessions": felt.sessions,
        "days": [{**asdict(one), "day": one.day.isoformat()} for one in felt.days],
        "notes": [{"day": one.day.isoformat(), "text": one.text} for one in felt.notes],
    }


def _screening(one: Screening) -> dict[str, object]:
    return {
        "asked_at": one.asked_at.isoformat(),
        "occasion": one.occasion,
        "answers": dict(one.answers),
        "flagged": one.flagged,
        "emergency": one.emergency,
        "note": one.note,
    }


def _waiting(one: RuleVerdict) -> dict[str, object]:
    return {
        "proposal": one.verdict_id,
        "prescription": one.prescription,
        "rule": one.rule,
        "reason": one.reason,
        "change": None if one.change is None else dict(one.change),
        "made_at": one.made_at.isoformat(),
    }
