"""`tracker calibrate-sensor`: offsets and scales of one sensor's accelerometer."""

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from tracker.model import AccelerometerCalibration, SensorIdentity
    from tracker.sensing.source import LinkReport
    from tracker.session.calibrating import CalibrationNews
    from tracker.session.workplace import Workplace

_INSTRUCTION = "Lay the sensor on a firm table, on each of its six sides in turn, still for two seconds each."
_SENSOR = (
    "Where a paired sensor is worn (left_thigh, right_thigh, pelvis), or a sensor's address, name or id."
)


def calibrate_sensor(
    sensor: Annotated[str, typer.Argument(help=_SENSOR)] = "",
    simulated: Annotated[bool, typer.Option(help="Calibrate a simulated sensor instead.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Calibrate a sensor's accelerometer: lay it on each of its six sides, then slanted, still each time.

    The calibration is kept with the sensor and applied from then on; the uncertainty of rest tests gets
    smaller. Do it again once a year, and after a fall of the sensor.

    Example: tracker calibrate-sensor left_thigh
    """
    import asyncio

    from tracker.cli.output import SIMULATED, note
    from tracker.errors import UsageError
    from tracker.session.workplace import workplace
    from tracker.store.calibrations import save_calibration

    if not sensor and not simulated:
        raise UsageError("which sensor is meant?", advice="Say where it is worn, or its name or address.")
    place = workplace(simulated=simulated)
    if simulated:
        note(SIMULATED)
    # Opened first: a database that cannot be used must be known before anybody turns a sensor.
    with place.database() as database:
        identity, calibration = asyncio.run(_calibrate(place, sensor, simulated=simulated))
        with database.write() as connection:
            save_calibration(connection, identity, calibration)
    _show(identity, calibration, as_json=as_json)


async def _calibrate(
    place: "Workplace", sensor: str, *, simulated: bool
) -> "tuple[SensorIdentity, AccelerometerCalibration]":
    from datetime import datetime

    from tracker.model import Placement
    from tracker.sensing.bluetooth_source import BluetoothSource
    from tracker.session.calibrating import calibrate

    settings = place.settings
    today = datetime.now().astimezone().date()
    if not simulated:
        source = BluetoothSource({Placement.PELVIS: _address(place, sensor)}, settings.link)
        return await calibrate(
            source, settings.calibration, settings.motion.stillness, today, _tell, _LinkTeller()
        )
    from tracker.session.radio import check_virtual_radio

    check_virtual_radio()
    from tracker.sensing.body.sessions import calibration_session
    from tracker.session.simulation import simulated_stage

    async with simulated_stage(calibration_session()) as stage:
        source = BluetoothSource(stage.addresses, settings.link, stage.radio)
        return await calibrate(
            source, settings.calibration, settings.motion.stillness, today, _tell, _LinkTeller()
        )


def _address(place: "Workplace", sensor: str) -> str:
    """What a sensor is found by: the id of the one that is paired there, else what was given."""
    from tracker.errors import UsageError
    from tracker.model import Placement
    from tracker.store.sensors import paired_sensors

    if sensor not in list(Placement):
        return sensor
    with place.database() as database, database.read() as connection:
        paired = paired_sensors(connection).get(Placement(sensor))
    if paired is None:
        raise UsageError(f"no sensor is paired at {sensor}", advice="Pair one there: tracker pair.")
    return paired.sensor_id


class _LinkTeller:
    """Says what to do once the sensor streams, and what to do where it is not heard any more."""

    def __init__(self) -> None:
        self._streamed = False
        self._lost = False

    def __call__(self, report: "LinkReport") -> None:
        from tracker.cli.output import note
        from tracker.sensing.source import LinkState

        if report.state is LinkState.LOST:
            self._lost = True
            note("The sensor is not heard any more. Lay it nearer to the computer; what was taken counts.")
        elif report.state is LinkState.STREAMING and self._lost:
            self._lost = False
            note("The sensor is back: hold the position again.")
        elif report.state is LinkState.STREAMING and not self._streamed:
            self._streamed = True
            note(_INSTRUCTION)


def _tell(news: "CalibrationNews") -> None:
    from tracker.cli.output import note

    if news.taken == "slanted":
        note("Slanted: taken.")
    elif news.missing:
        note(f"{news.taken.value} up: taken. Now another side; {len(news.missing)} to go.")
    else:
        note(f"{news.taken.value} up: taken. Now lean it against something, so that no side is level.")


def _show(identity: "SensorIdentity", calibration: "AccelerometerCalibration", *, as_json: bool) -> None:
    from tracker.cli.output import print_json, print_tables, printable
    from tracker.motion.parameters import STANDARD_GRAVITY_M_PER_S2

    milli_g = 1000.0 / STANDARD_GRAVITY_M_PER_S2
    offsets_mg = [milli_g * one for one in calibration.offset_m_per_s2]
    if as_json:
        print_json(
            {
                "sensor_id": calibration.sensor_id,
                "name": identity.name,
                "calibrated_on": calibration.calibrated_on,
                "offset_mg": offsets_mg,
                "scale": list(calibration.scale),
                "residual_mg": milli_g * calibration.residual_m_per_s2,
            }
        )
        return
    offsets = ", ".join(f"{axis} {offset:+.1f} mg" for axis, offset in zip("xyz", offsets_mg, strict=True))
    scales = ", ".join(f"{axis} {scale:.4f}" for axis, scale in zip("xyz", calibration.scale, strict=True))
    print_tables(
        printable(f"{identity.name}, calibrated on {calibration.calibrated_on}"),
        f"offsets: {offsets}",
        f"scales: {scales}",
        f"the slanted position is off by {milli_g * calibration.residual_m_per_s2:.1f} mg",
    )
