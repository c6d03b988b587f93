"""Learning which sensors there are, and who they are."""

from collections.abc import Callable, Mapping

from tracker.model import Placement, SensorIdentity
from tracker.sensing.bluetooth_source import BluetoothSource
from tracker.sensing.found import FoundSensor
from tracker.sensing.parameters import LinkParameters
from tracker.sensing.radio import Radio
from tracker.sensing.scanner import no_sensor_error, scan

LISTEN_S = 5.0
"""A sensor advertises several times a second; the radio misses some."""

SHOWS_ITSELF_S = 30
"""Long enough to look at every sensor on the table; it ends by itself."""


async def heard_sensors(
    radio: Radio, link: LinkParameters, on_heard: Callable[[FoundSensor], None] | None = None
) -> tuple[FoundSensor, ...]:
    """The sensors that are heard, the nearest first.

    Args:
        on_heard: is told each sensor as it is heard, again and again.

    Raises:
        NoSensorError: there is none.
        BluetoothError: Bluetooth is off, missing or forbidden.
    """
    listen_s = min(LISTEN_S, link.scan_s)
    found = await scan(listen_s, radio=radio, on_heard=on_heard)
    if not found:
        raise no_sensor_error(listen_s)
    return found


async def identities_of(
    chosen: Mapping[Placement, str], radio: Radio, link: LinkParameters
) -> Mapping[Placement, SensorIdentity]:
    """Connect sensors once, to learn who they are.

    Args:
        chosen: address, name or id of each.

    Raises:
        UsageError: none is chosen, or one for two placements.
        NoSensorError: one of them is not heard.
        BluetoothError: one of them cannot be connected.
    """
    async with BluetoothSource(chosen, link, radio) as source:
        return source.sensors
