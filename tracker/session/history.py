"""What a new session takes over from the person's earlier ones and from their sensors' calibrations."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import replace

from sqlalchemy import Connection

from tracker.model import Placement, Posture, RelativeTo, SensorIdentity, Side
from tracker.motion.parameters import MotionParameters
from tracker.motion.person import PersonalRecord
from tracker.motion.rest.repeatability import own_repeatability
from tracker.session.analysis_parameters import AnalysisParameters
from tracker.session.version import ANALYSIS_VERSION
from tracker.store.calibrations import newest_calibrations
from tracker.store.history import RestedDonning, newest_fronts, newest_ranges, rested_donnings

_TESTS_LOOKED_AT = 200
"""About thirty sessions of three tests of both legs: what repeats differently from back then is left out."""

_LEGS = (Side.LEFT, Side.RIGHT)


def with_history(
    parameters: AnalysisParameters,
    connection: Connection,
    person_id: int,
    sensors: Mapping[Placement, SensorIdentity],
    *,
    simulated: bool = False,
) -> AnalysisParameters:
    """The parameters with what is known of the person and of the sensors that are worn.

    Args:
        simulated: whether the new session is; it takes over from sessions of its own kind.
    """
    return replace(
        parameters,
        person=_personal_record(connection, person_id, sensors, parameters.motion, simulated=simulated),
        calibrations=newest_calibrations(connection, {one.sensor_id for one in sensors.values()}),
    )


def _personal_record(
    connection: Connection,
    person_id: int,
    sensors: Mapping[Placement, SensorIdentity],
    parameters: MotionParameters,
    *,
    simulated: bool,
) -> PersonalRecord:
    relative_to = RelativeTo.PELVIS if Placement.PELVIS in sensors else RelativeTo.VERTICAL
    donnings = rested_donnings(
        connection,
        person_id,
        relative_to,
        ANALYSIS_VERSION,
        _TESTS_LOOKED_AT,
        parameters.alignment,
        simulated=simulated,
    )
    tests = {side: _usual_tests_rad(one for one in donnings if one.side is side) for side in _LEGS}
    fronts = newest_fronts(connection, person_id, simulated=simulated)
    return PersonalRecord(
        repeatability={
            side: own_repeatability(parameters.rest_test, own) for side, own in tests.items() if own
        },
        ranges=newest_ranges(connection, person_id, ANALYSIS_VERSION, simulated=simulated),
        fronts={
            placement: fronts[placement, identity.sensor_id]
            for placement, identity in sensors.items()
            if (placement, identity.sensor_id) in fronts
        },
    )


def _usual_tests_rad(donnings: Iterable[RestedDonning]) -> list[list[float]]:
    """Hip rotations of the donnings of one leg in the posture that most tests were done in.

    From one posture to another a leg lies otherwise, which says nothing of strapping on.
    """
    of_posture: dict[Posture, list[list[float]]] = {}
    for one in donnings:
        angles_rad = [math.radians(angle) for angle in one.hip_rotations_deg]
        of_posture.setdefault(one.posture, []).append(angles_rad)
    return max(of_posture.values(), key=lambda each: sum(len(tests) for tests in each), default=[])
