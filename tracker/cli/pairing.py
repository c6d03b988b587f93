"""Learning which sensors there are and where they are worn."""

from collections.abc import Mapping, Sequence
from functools import partial

import typer

from tracker.cli.output import printable
from tracker.errors import UsageError
from tracker.model import Placement, SensorIdentity
from tracker.sensing.bluetooth_source import BluetoothSource
from tracker.sensing.found import FoundSensor
from tracker.sensing.parameters import LinkParameters
from tracker.sensing.radio import Radio
from tracker.sensing.scanner import no_sensor_error, scan

_LISTEN_S = 5.0
_NOWHERE = "none"


async def hear_sensors(radio: Radio, link: LinkParameters) -> tuple[FoundSensor, ...]:
    """The sensors that are heard, the nearest first; NoSensorError where there is none."""
    listen_s = min(_LISTEN_S, link.scan_s)
    found = await scan(listen_s, radio=radio)
    if not found:
        raise no_sensor_error(listen_s)
    return found


def ask_placements(found: Sequence[FoundSensor]) -> dict[Placement, str]:
    """Ask where each sensor is worn, as long as there are places left."""
    chosen: dict[Placement, str] = {}
    for sensor in found:
        free = [placement.value for placement in Placement if placement not in chosen]
        if not free:
            break
        name = printable(sensor.name) or sensor.address
        question = f"{name} ({sensor.rssi_dbm} dBm) is worn at ({', '.join(free)})"
        answer = typer.prompt(question, default=_NOWHERE, value_proc=partial(_one_of, [*free, _NOWHERE]))
        if answer != _NOWHERE:
            chosen[Placement(answer)] = sensor.address
    if not chosen:
        raise UsageError("no sensor was chosen", advice="Name at least one placement.")
    return chosen


def _one_of(known: Sequence[str], answer: str) -> str:
    """The answer where it is a known one; else the question is asked again."""
    if answer not in known:
        raise typer.BadParameter(f"{answer!r} is none of: {', '.join(known)}")
    return answer


async def learn_identities(
    chosen: Mapping[Placement, str], radio: Radio, link: LinkParameters
) -> dict[Placement, SensorIdentity]:
    """Connect each sensor once and read who it is."""
    async with BluetoothSource(chosen, link, radio) as source:
        return dict(source.sensors)
