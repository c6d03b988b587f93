"""Which prescriptions are for a day. Days are those of the person's own time zone."""

import math
from collections.abc import Collection
from datetime import date, timedelta

from tracker.plan.prescription import Prescription

_HOURS_IN_DAY = 24.0


def is_due(prescription: Prescription, day: date, trained_on: Collection[date]) -> bool:
    """True where a prescription is for a day.

    On its weekdays where the plan names them; else until it was done as often as the week asks at most, with
    the hours in between that it needs, counted in whole days: 48 hours are every other day.

    Args:
        trained_on: the days with it; those from `day` on do not matter.
    """
    before = [one for one in trained_on if one < day]
    apart = math.ceil(prescription.hours_between / _HOURS_IN_DAY)
    if before and (day - max(before)).days < apart:
        return False
    if prescription.weekdays:
        return day.weekday() in {one.number for one in prescription.weekdays}
    monday = day - timedelta(days=day.weekday())
    this_week = {one for one in before if one >= monday}
    return len(this_week) < prescription.days_a_week.high
