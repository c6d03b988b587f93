"""Calibrates one sensor's accelerometer from what it sends while it is turned from side to side."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from tracker.errors import NoSensorError, RefusedError
from tracker.model import AccelerometerCalibration, Notification, SensorIdentity
from tracker.motion.frames.six_positions import (
    Face,
    OffsetsAndScales,
    SixPositionParameters,
    SixPositions,
    Taken,
)
from tracker.motion.parameters import StillnessParameters
from tracker.sensing.clock_model.parameters import ClockParameters
from tracker.sensing.source import LinkReport, LinkState, SensorSource
from tracker.session.backfill_parameters import NO_BACKFILL
from tracker.session.ingest import SensorIngest

_AGAIN = "Hold each position still for two seconds on a firm table, and start again."
_NEARER = "Charge the sensor, lay it nearer to the computer, and start again."


@dataclass(frozen=True, slots=True)
class CalibrationNews:
    """A position was taken.

    Attributes:
        taken: the side that was up, or `slanted`.
        missing: sides that were not up yet.
    """

    taken: Taken
    missing: tuple[Face, ...]


Listener: TypeAlias = Callable[[CalibrationNews], None]
LinkListener: TypeAlias = Callable[[LinkReport], None]


async def calibrate(
    source: SensorSource,
    parameters: SixPositionParameters,
    stillness: StillnessParameters,
    today: date,
    tell: Listener,
    tell_link: LinkListener | None = None,
) -> tuple[SensorIdentity, AccelerometerCalibration]:
    """Follow the one sensor of a source through its positions; the sensor and its calibration.

    Args:
        today: the date that is kept with the calibration.
        tell: is told each position that was taken.
        tell_link: is told of the link: that the sensor streams, is lost, is back.

    Raises:
        RefusedError: the positions give no calibration that could be used.
        NoSensorError: the sensor stopped sending before all positions were held.
        TrackerError: the source cannot begin.
    """
    async with source:
        [(placement, identity)] = source.sensors.items()
        positions = SixPositions(parameters, stillness)
        ingest: SensorIngest | None = None
        async for item in source.items():
            if isinstance(item, LinkReport):
                if item.state is LinkState.LOST:
                    ingest = None
                    positions.forget_position()
                if tell_link is not None:
                    tell_link(item)
                continue
            ingest = ingest or SensorIngest(
                placement, identity, item.received_ns, ClockParameters(), backfill=NO_BACKFILL
            )
            _take(item, ingest, positions, tell)
            if positions.complete:
                return identity, _calibration(identity, positions.result(), today)
    raise NoSensorError("the sensor stopped sending", advice=_NEARER)


def _take(item: Notification, ingest: SensorIngest, positions: SixPositions, tell: Listener) -> None:
    for frames in ingest.take([item]).taken:
        for taken in positions.feed(frames.samples):
            tell(CalibrationNews(taken, positions.missing))


def _calibration(
    identity: SensorIdentity, result: OffsetsAndScales | str, today: date
) -> AccelerometerCalibration:
    if isinstance(result, str):
        raise RefusedError(f"no calibration: {result}", advice=_AGAIN)
    return AccelerometerCalibration(
        sensor_id=identity.sensor_id,
        calibrated_on=today.isoformat(),
        offset_m_per_s2=result.offset_m_per_s2,
        scale=result.scale,
        residual_m_per_s2=result.residual_m_per_s2,
    )
