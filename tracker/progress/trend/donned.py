"""From stored rest tests to donnings: what each strapping-on measured, and how."""

from collections.abc import Iterable, Mapping, Sequence
from math import degrees
from zoneinfo import ZoneInfo

from tracker.model import RelativeTo, RestTest, Side
from tracker.motion.parameters import RestTestParameters
from tracker.motion.rest.resting import RestingValue, resting_rotation, tests_by_donning
from tracker.progress.resting_week import alignment_parameters
from tracker.progress.trend.comparable import MeasuredDonning
from tracker.progress.trend.values import QUANTITIES, Comparable, TrendPoint
from tracker.store.rested import RestedSession

_LEGS_OF = {
    "left": (Side.LEFT,),
    "right": (Side.RIGHT,),
    "difference": (Side.LEFT, Side.RIGHT),
    "mean": (Side.LEFT, Side.RIGHT),
}


def measured_donnings(
    sessions: Iterable[RestedSession], zone: ZoneInfo, parameters: RestTestParameters
) -> Mapping[str, Sequence[MeasuredDonning]]:
    """What each donning measured of each of `QUANTITIES`, in the order of the sessions.

    Args:
        zone: its midnights part the days.
    """
    found: dict[str, list[MeasuredDonning]] = {name: [] for name in QUANTITIES}
    for session in sessions:
        taken_by = alignment_parameters(session.analysis_parameters)
        groups = tests_by_donning(session.tests, session.alignments, taken_by)
        for (donning, _), tests in groups.items():
            for name, one in _values(session, donning, tests, zone, parameters):
                found[name].append(one)
    return found


def _values(
    session: RestedSession,
    donning: int,
    tests: Sequence[RestTest],
    zone: ZoneInfo,
    parameters: RestTestParameters,
) -> Iterable[tuple[str, MeasuredDonning]]:
    """The angles of one donning in one posture; tests against pelvis and vertical are never in one."""
    rotation = resting_rotation(tests, parameters)
    relative_to = rotation.relative_to
    if relative_to is None:
        return
    used = [one for one in tests if one.relative_to is relative_to]
    measured_by = {
        legs: _measured_by(session, relative_to, used, legs) for legs in dict.fromkeys(_LEGS_OF.values())
    }
    day = session.started_at.astimezone(zone).date()
    for name in QUANTITIES:
        value: RestingValue | None = getattr(rotation, name)
        if value is not None:
            point = TrendPoint(
                at=session.started_at,
                day=day,
                value_deg=degrees(value.value_rad),
                half_width_deg=degrees(value.uncertainty_rad),
                repeats=value.tests,
                session_id=session.session_id,
                donning=donning,
            )
            repeats_deg = tuple(map(degrees, value.repeats_rad))
            yield name, MeasuredDonning(point, repeats_deg, measured_by[_LEGS_OF[name]])


def _measured_by(
    session: RestedSession, relative_to: RelativeTo, tests: Sequence[RestTest], legs: Sequence[Side]
) -> Comparable:
    recipes = [sorted({one.recipe for one in tests if one.side is leg}) for leg in legs]
    by_leg = dict.fromkeys(" and ".join(own) for own in recipes)
    return Comparable(
        analysis_version=session.analysis_version,
        relative_to=relative_to,
        posture=tests[0].posture,
        recipe=" / ".join(by_leg),
        simulated=session.simulated,
    )
