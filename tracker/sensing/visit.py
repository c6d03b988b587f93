"""A short visit to one sensor, without a session: to let it show itself."""

from tracker.sensing.drivers.registry import kind_of
from tracker.sensing.found import FoundSensor
from tracker.sensing.gatt import GattLink
from tracker.sensing.parameters import LinkParameters
from tracker.sensing.radio import Radio
from tracker.sensing.scanner import find, no_sensor_error


async def identify(sensor: FoundSensor, duration_s: int, *, parameters: LinkParameters, radio: Radio) -> bool:
    """Let a sensor show itself by light, sound or vibration; false where it cannot.

    It goes on showing itself after the visit.

    Raises:
        NoSensorError: it is no longer heard.
        BluetoothError: it cannot be connected, refuses or does not answer.
    """
    # what an earlier scan gave to connect by lives no longer than its event loop, or than BlueZ's memory
    heard = await find([sensor.address], parameters.scan_s, radio=radio)
    if sensor.address not in heard:
        raise no_sensor_error(parameters.scan_s, [sensor.label])
    gatt = GattLink(heard[sensor.address], parameters=parameters, radio=radio)
    kind = kind_of(sensor.protocol)
    driver = kind.make_driver(gatt, parameters, _ignore)
    try:
        await gatt.connect(kind.characteristics)
        await driver.open()
        return await driver.identify(duration_s)
    finally:
        await gatt.close()


def _ignore(_payload: bytes, _received_ns: int) -> None:
    """Nothing is recorded in a visit."""
