"""Prescriptions and sessions to hold against the rules of a plan in tests."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from tracker.model import Side
from tracker.plan.bands import BandLevel, BandPlacement
from tracker.plan.catalogue import load_catalogue
from tracker.plan.growth import GrownPrescription, Strength
from tracker.plan.observed import ObservedSession, ObservedSet
from tracker.plan.plan_table import parse_plan, shipped_plan_text
from tracker.plan.prescription import PrescribedBand, Prescription, Range, Target
from tracker.plan.rules import Finding, RuleName, Situation, judge_prescription

CATALOGUE = load_catalogue()
SHIPPED = parse_plan(shipped_plan_text(), "plan.toml", CATALOGUE.counting)
FIRST = datetime(2026, 11, 3, 17, 0, tzinfo=UTC)
RED = BandLevel("red", 125.0)

SEATED = Prescription(
    name="seated",
    exercise="seated_internal_rotation",
    side=Side.BOTH,
    target=Target.INTERNAL_ROTATION,
    sets=Range(3, 3),
    reps=Range(8, 12),
    days_a_week=Range(2, 3),
    hours_between=48,
    band=PrescribedBand(BandPlacement.ANKLES, RED),
)


def counted(
    valid: int = 12,
    partial: int = 0,
    side: Side | None = Side.LEFT,
    *,
    pelvis: float | None = 0.1,
    pain: int | None = None,
    effort: int | None = None,
    band: str | None = None,
) -> ObservedSet:
    """One leg of a set that sensors counted."""
    shares = () if pelvis is None else (pelvis,) * (valid + partial)
    return ObservedSet(side, valid, partial, shares, pain, effort, band)


def both_legs(*sets: ObservedSet) -> tuple[ObservedSet, ...]:
    """The same sets with the left and the right leg."""
    return tuple(replace(one, side=side) for one in sets for side in (Side.LEFT, Side.RIGHT))


TOP = both_legs(counted(12), counted(12), counted(13))
"""All three sets at the top of 8 to 12, all repetitions valid."""


def session(
    sets: tuple[ObservedSet, ...] = TOP,
    *,
    number: int = 1,
    before: int | None = 0,
    worst: int | None = 1,
    morning: int | None = None,
    effort: int | None = 5,
    elsewhere: int | None = None,
) -> ObservedSession:
    """A session that went well unless told otherwise; session 1, 2, ... are two days apart."""
    began_at = FIRST + timedelta(days=2 * number)
    return ObservedSession(number, began_at, sets, before, worst, morning, effort, elsewhere)


def situation(*sessions: ObservedSession, sets: int = 3, band: BandLevel | None = RED) -> Situation:
    """The seated exercise after some sessions."""
    grown = GrownPrescription(SEATED, Strength(sets, band))
    return Situation(grown, SHIPPED.ladder, SHIPPED.rules, sessions, asks_pelvis=True)


def finding(rule: RuleName, meant: Situation) -> Finding:
    """What one rule says when all are asked."""
    return next(one for one in judge_prescription(meant) if one.rule is rule)
