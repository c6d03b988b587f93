"""A sensor's accelerometer is calibrated on the page, position by position."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from tracker.app.engine.jobs import AsyncWork, JobLine
from tracker.model import AccelerometerCalibration, Placement, SensorIdentity
from tracker.motion.frames.six_positions import Face
from tracker.sensing.bluetooth_source import BluetoothSource
from tracker.sensing.body.sessions import calibration_session
from tracker.sensing.source import LinkReport, LinkState
from tracker.session.calibrating import CalibrationNews, calibrate
from tracker.session.radio import check_virtual_radio
from tracker.session.workplace import Workplace
from tracker.store.calibrations import save_calibration
from tracker.store.database import Database


@dataclass(frozen=True, slots=True)
class CalibratingNow:
    """How far a calibration is.

    Attributes:
        streaming: the sensor sends; false before, and while it is not heard.
        lost: it was heard, and is not any more.
        missing: sides that were not up yet; empty where only the slanted position is missing.
    """

    streaming: bool = False
    lost: bool = False
    missing: tuple[Face, ...] = tuple(Face)


@dataclass(frozen=True, slots=True)
class Calibrated:
    """A calibration that was stored."""

    identity: SensorIdentity
    calibration: AccelerometerCalibration


def calibration_work(place: Workplace, database: Database, sensor: str, *, simulated: bool) -> AsyncWork:
    """Calibrates a sensor's accelerometer; news are `CalibratingNow`, gives `Calibrated`.

    Args:
        sensor: its id, address or name; of no meaning where it is simulated.

    The work raises:
        RefusedError: the positions give no calibration that could be used.
        BluetoothError: it is not heard, or stopped sending.
        DatabaseError: it cannot be stored.
    """

    async def work(line: JobLine) -> Calibrated:
        follower = _CalibrationFollower(line.show)
        line.show(CalibratingNow())
        if not simulated:
            source = BluetoothSource({Placement.PELVIS: sensor}, place.settings.link)
            identity, calibration = await _calibrate(place, source, follower)
        else:
            check_virtual_radio()
            from tracker.session.simulation import simulated_stage

            async with simulated_stage(calibration_session()) as stage:
                source = BluetoothSource(stage.addresses, place.settings.link, stage.radio)
                identity, calibration = await _calibrate(place, source, follower)
        await asyncio.to_thread(_keep_calibration, database, identity, calibration)
        return Calibrated(identity, calibration)

    return work


async def _calibrate(
    place: Workplace, source: BluetoothSource, follower: "_CalibrationFollower"
) -> tuple[SensorIdentity, AccelerometerCalibration]:
    settings = place.settings
    today = datetime.now().astimezone().date()
    return await calibrate(
        source,
        settings.calibration,
        settings.motion.stillness,
        today,
        follower.see_position,
        follower.see_link,
    )


class _CalibrationFollower:
    """Puts what a calibration tells into one value."""

    def __init__(self, show: Callable[[object], None]) -> None:
        self._show = show
        self._missing: tuple[Face, ...] = tuple(Face)
        self._lost = False

    def see_position(self, news: CalibrationNews) -> None:
        self._missing = news.missing
        self._show(CalibratingNow(streaming=not self._lost, lost=self._lost, missing=self._missing))

    def see_link(self, report: LinkReport) -> None:
        if report.state is LinkState.LOST:
            self._lost = True
        elif report.state is LinkState.STREAMING:
            self._lost = False
        else:
            return
        self._show(CalibratingNow(streaming=not self._lost, lost=self._lost, missing=self._missing))


def _keep_calibration(
    database: Database, identity: SensorIdentity, calibration: AccelerometerCalibration
) -> None:
    with database.write() as connection:
        save_calibration(connection, identity, calibration)
