"""What a new session takes over from the person's earlier ones and from their sensors' calibrations."""

import math
from collections.abc import Mapping
from dataclasses import replace

from sqlalchemy import Connection

from tracker.model import Placement, RelativeTo, SensorIdentity, Side
from tracker.motion.parameters import RestTestParameters
from tracker.motion.person import PersonalRecord
from tracker.motion.rest.repeatability import own_repeatability
from tracker.session.analyser import AnalysisParameters
from tracker.session.version import ANALYSIS_VERSION
from tracker.store.calibrations import newest_calibrations
from tracker.store.history import newest_fronts, newest_ranges, rested_donnings

_TESTS_LOOKED_AT = 200
"""About thirty sessions of three tests of both legs: what repeats differently from back then is left out."""


def with_history(
    parameters: AnalysisParameters,
    connection: Connection,
    person_id: int,
    sensors: Mapping[Placement, SensorIdentity],
) -> AnalysisParameters:
    """The parameters with what is known of the person and of the sensors that are worn."""
    return replace(
        parameters,
        person=_personal_record(connection, person_id, sensors, parameters.motion.rest_test),
        calibrations=newest_calibrations(connection, {one.sensor_id for one in sensors.values()}),
    )


def _personal_record(
    connection: Connection,
    person_id: int,
    sensors: Mapping[Placement, SensorIdentity],
    parameters: RestTestParameters,
) -> PersonalRecord:
    relative_to = RelativeTo.PELVIS if Placement.PELVIS in sensors else RelativeTo.VERTICAL
    donnings = rested_donnings(connection, person_id, relative_to, ANALYSIS_VERSION, _TESTS_LOOKED_AT)
    tests = {
        side: [
            [math.radians(angle) for angle in one.hip_rotations_deg] for one in donnings if one.side is side
        ]
        for side in (Side.LEFT, Side.RIGHT)
    }
    fronts = newest_fronts(connection, person_id)
    return PersonalRecord(
        repeatability={side: own_repeatability(parameters, own) for side, own in tests.items() if own},
        ranges=newest_ranges(connection, person_id),
        fronts={
            placement: fronts[placement, identity.sensor_id]
            for placement, identity in sensors.items()
            if (placement, identity.sensor_id) in fronts
        },
    )
