"""Finding sensors of all kinds that are known, and what to do where none is heard."""

import asyncio
from collections.abc import AsyncIterator, Callable, Collection, Mapping
from contextlib import asynccontextmanager, suppress

from bleak import BleakScanner
from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData

from tracker.errors import BluetoothError, NoSensorError
from tracker.sensing.bluetooth_errors import bluetooth_errors
from tracker.sensing.drivers.registry import kind_heard, kind_of
from tracker.sensing.found import FoundSensor
from tracker.sensing.radio import Radio

DOING = "searching for sensors"
NO_SENSOR_ADVICE = (
    "Charge the sensor, move it so that it wakes up, bring it within two metres of the computer, and "
    "disconnect it from any phone: a connected sensor cannot be found."
)

SERVICE_S = 30.0
"""Longest wait for the Bluetooth service to begin and end a search: BlueZ answers at once or hangs, a Mac may
ask the person first."""


async def scan(
    duration_s: float, *, radio: Radio, on_heard: Callable[[FoundSensor], None] | None = None
) -> tuple[FoundSensor, ...]:
    """All sensors that are heard in a time, the nearest (strongest) first; empty where there is none.

    Args:
        on_heard: is told each sensor as it is heard, again and again.

    Raises:
        BluetoothError: Bluetooth is off, missing or forbidden.
    """

    def hear(device: BLEDevice, advertisement: AdvertisementData) -> None:
        sensor = _found(device, advertisement)
        if sensor is not None and on_heard is not None:
            on_heard(sensor)

    with bluetooth_errors(DOING):
        # not filtered by service: some makers' sensors are told by their name alone
        async with _answered(duration_s), BleakScanner(hear, backend=radio.scanner) as scanner:
            await asyncio.sleep(duration_s)
    heard = scanner.discovered_devices_and_advertisement_data.values()
    found = [_found(device, advertisement) for device, advertisement in heard]
    sensors = [sensor for sensor in found if sensor is not None]
    return tuple(sorted(sensors, key=lambda sensor: (-sensor.rssi_dbm, sensor.address)))


async def find(wanted: Collection[str], timeout_s: float, *, radio: Radio) -> Mapping[str, FoundSensor]:
    """Search for certain sensors, until all are heard or the time is over.

    Args:
        wanted: address, advertised name or sensor id of each.

    Returns:
        The sensors that were heard, by what was wanted; others of them are missing.

    Raises:
        BluetoothError: Bluetooth is off, missing or forbidden.
    """
    found: dict[str, FoundSensor] = {}
    all_found = asyncio.Event()

    def on_heard(device: BLEDevice, advertisement: AdvertisementData) -> None:
        sensor = _found(device, advertisement)
        if sensor is None:
            return
        for text in wanted:
            if _may_be(text, sensor):
                found[text] = sensor
        if len(found) == len(wanted):
            all_found.set()

    with bluetooth_errors(DOING):
        async with _answered(timeout_s), BleakScanner(on_heard, backend=radio.scanner):
            with suppress(TimeoutError):
                await asyncio.wait_for(all_found.wait(), timeout_s)
    return found


def no_sensor_error(searched_s: float, missing: Collection[str] = ()) -> NoSensorError:
    """The error of a scan that found no sensor at all, or not those that were wanted.

    Args:
        missing: what was wanted and not heard; empty where nothing in particular was wanted.
    """
    which = "no sensor" if not missing else "not found: " + ", ".join(missing)
    return NoSensorError(
        f"{which} ({searched_s:g} s searched)",
        advice=NO_SENSOR_ADVICE,
        searched_s=searched_s,
        missing=tuple(missing),
    )


@asynccontextmanager
async def _answered(listening_s: float) -> AsyncIterator[None]:
    """Do not wait for ever for a Bluetooth service that hangs."""
    try:
        async with asyncio.timeout(listening_s + SERVICE_S):
            yield
    except TimeoutError as error:
        raise BluetoothError(
            f"{DOING}: the Bluetooth service does not answer",
            advice="Switch Bluetooth off and on (Linux: `sudo systemctl restart bluetooth`), then try again.",
        ) from error


def _may_be(wanted: str, sensor: FoundSensor) -> bool:
    """Whether a sensor may be the one that is wanted; an id is certain only after connecting."""
    if wanted.casefold() in (sensor.address.casefold(), sensor.name.casefold()):
        return True
    return kind_of(sensor.protocol).may_be(wanted.casefold(), sensor.address, sensor.name)


def _found(device: BLEDevice, advertisement: AdvertisementData) -> FoundSensor | None:
    """The sensor that was heard; None for what is no sensor."""
    name = advertisement.local_name or device.name or ""
    kind = kind_heard(name, advertisement.service_uuids)
    if kind is None:
        return None
    return FoundSensor(device.address, name, advertisement.rssi, kind.protocol, device)
