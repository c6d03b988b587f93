"""Learning which sensors there are, and who they are."""

from collections.abc import Mapping

from tracker.model import Placement, SensorIdentity
from tracker.sensing.bluetooth_source import BluetoothSource
from tracker.sensing.found import FoundSensor
from tracker.sensing.parameters import LinkParameters
from tracker.sensing.radio import Radio
from tracker.sensing.scanner import no_sensor_error, scan

_LISTEN_S = 5.0


async def hear_sensors(radio: Radio, link: LinkParameters) -> tuple[FoundSensor, ...]:
    """The sensors that are heard, the nearest first; NoSensorError where there is none."""
    listen_s = min(_LISTEN_S, link.scan_s)
    found = await scan(listen_s, radio=radio)
    if not found:
        raise no_sensor_error(listen_s)
    return found


async def learn_identities(
    chosen: Mapping[Placement, str], radio: Radio, link: LinkParameters
) -> dict[Placement, SensorIdentity]:
    """Connect each sensor once and read who it is."""
    async with BluetoothSource(chosen, link, radio) as source:
        return dict(source.sensors)
