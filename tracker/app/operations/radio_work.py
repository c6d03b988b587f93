"""What is done with sensors over the radio, where no session has it: find, show, pair, place, check."""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tracker.app.engine.jobs import AsyncWork, Job, JobBoard, JobKind, JobLine
from tracker.app.engine.running import Engine
from tracker.app.operations.restoring import refuse_while_busy
from tracker.app.operations.sensors import kind_title
from tracker.doctor.bluetooth import bluetooth
from tracker.doctor.computer import computer
from tracker.doctor.findings import Finding
from tracker.doctor.own_files import own_files
from tracker.errors import ConflictError
from tracker.model import Placement, SensorIdentity
from tracker.sensing.body.sessions import knee_lift_session
from tracker.sensing.found import FoundSensor
from tracker.sensing.scanner import find, no_sensor_error
from tracker.sensing.visit import identify
from tracker.session.pairing import SHOWS_ITSELF_S, heard_sensors, identities_of
from tracker.session.placing import PlacingNews, place_by_movement
from tracker.session.radio import any_radio
from tracker.session.workplace import Workplace
from tracker.store.database import Database
from tracker.store.sensors import pair_sensor, paired_sensors

_LISTEN_S = 3.0
"""For the check of Bluetooth."""


@dataclass(frozen=True, slots=True)
class HeardSensor:
    """A sensor as it was heard.

    Attributes:
        name: advertised; empty where it advertises none.
        kind: what kind of sensor it is.
        rssi_dbm: signal strength as last heard.
    """

    address: str
    name: str
    kind: str
    rssi_dbm: int

    @property
    def label(self) -> str:
        """What it is called."""
        return self.name or self.address


@dataclass(frozen=True, slots=True)
class SensorsHeard:
    """All that were heard, the nearest first."""

    sensors: tuple[HeardSensor, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """A sensor that was asked to show itself; `shows` is false where it cannot."""

    label: str
    shows: bool


@dataclass(frozen=True, slots=True)
class PairedNow:
    """What was paired."""

    sensors: Mapping[Placement, SensorIdentity]


@dataclass(frozen=True, slots=True)
class Checked:
    """What the look at Bluetooth and this computer found."""

    findings: tuple[Finding, ...]


def start_radio_work(jobs: JobBoard, engine: Engine, kind: JobKind, work: AsyncWork) -> Job:
    """Begin work that takes the radio; where a session begins meanwhile, it ends.

    Raises:
        UsageError: a session runs, or other work has the radio.
    """
    refuse_while_busy(engine.is_busy)

    async def yielding(line: JobLine) -> object:
        task = asyncio.ensure_future(work(line))

        def see(_now: object) -> None:
            if engine.is_busy:
                task.cancel()

        end = engine.watch(see)
        try:
            return await task
        except asyncio.CancelledError:
            if engine.is_busy:
                raise ConflictError(
                    "a session has begun: the sensors belong to it",
                    advice="Try again when it is over.",
                ) from None
            raise
        finally:
            end()

    return jobs.start_async(kind, yielding)


def scan_work(place: Workplace, *, simulated: bool) -> AsyncWork:
    """Searches sensors; news and result are `SensorsHeard`.

    The work raises:
        NoSensorError: there is none.
        BluetoothError: Bluetooth is off, missing or forbidden.
    """

    async def work(line: JobLine) -> SensorsHeard:
        heard: dict[str, FoundSensor] = {}

        def hear(sensor: FoundSensor) -> None:
            before = heard.get(sensor.address)
            heard[sensor.address] = sensor
            # Told when it is new, or has a name now; signals change all the time.
            if before is None or before.name != sensor.name:
                line.show(_heard(heard.values()))

        async with any_radio(simulated=simulated) as radio:
            return _heard(await heard_sensors(radio, place.settings.link, hear))

    return work


def show_work(place: Workplace, address: str, *, simulated: bool) -> AsyncWork:
    """Lets a sensor show itself by light, sound or vibration; the result is `Shown`.

    Args:
        address: or its advertised name or id.

    The work raises:
        NoSensorError: it is not heard.
        BluetoothError: it cannot be connected, refuses or does not answer.
    """

    async def work(_line: JobLine) -> Shown:
        link = place.settings.link
        async with any_radio(simulated=simulated) as radio:
            found = await find([address], link.scan_s, radio=radio)
            if address not in found:
                raise no_sensor_error(link.scan_s, [address])
            sensor = found[address]
            shows = await identify(sensor, SHOWS_ITSELF_S, parameters=link, radio=radio)
        return Shown(sensor.label, shows)

    return work


def pair_work(
    place: Workplace, database: Database, chosen: Mapping[Placement, str], *, simulated: bool
) -> AsyncWork:
    """Connects sensors once, to learn who they are, and keeps where they are worn; gives `PairedNow`.

    Args:
        chosen: address, name or id of each.

    The work raises:
        UsageError: none is chosen, or one for two places.
        NoSensorError: one of them is not heard.
        BluetoothError: one of them cannot be connected.
        DatabaseError: it cannot be stored.
    """

    async def work(_line: JobLine) -> PairedNow:
        async with any_radio(simulated=simulated) as radio:
            identities = await identities_of(chosen, radio, place.settings.link)
        return await asyncio.to_thread(_keep, database, identities)

    return work


def place_work(place: Workplace, database: Database, *, simulated: bool) -> AsyncWork:
    """Finds out by lifted knees where sensors are worn, and keeps it; shows `PlacingNews`, gives `PairedNow`.

    The work raises:
        UsageError: fewer than two sensors, or no knee lift that could be told.
        BluetoothError: no sensor is heard, one cannot be connected, or all were lost.
        DatabaseError: it cannot be stored.
    """

    async def work(line: JobLine) -> PairedNow:
        def tell(news: PlacingNews) -> None:
            line.show(news)

        link = place.settings.link
        async with any_radio(simulated=simulated, make_body=knee_lift_session) as radio:
            placed = await place_by_movement(await heard_sensors(radio, link), radio, link, tell)
        return await asyncio.to_thread(_keep, database, placed)

    return work


def check_work(place: Workplace, *, simulated: bool) -> AsyncWork:
    """Looks at all that recording needs; gives `Checked`."""

    async def work(line: JobLine) -> Checked:
        of_computer = await asyncio.to_thread(lambda: (*computer(), *own_files(place.home)))
        line.check()
        async with any_radio(simulated=simulated) as radio:
            of_radio = await bluetooth(_LISTEN_S, radio)
        return Checked((*of_radio, *of_computer))

    return work


def _heard(found: Iterable[FoundSensor]) -> SensorsHeard:
    heard = [HeardSensor(one.address, one.name, kind_title(one.protocol), one.rssi_dbm) for one in found]
    return SensorsHeard(tuple(sorted(heard, key=lambda one: (-one.rssi_dbm, one.address))))


def _keep(database: Database, identities: Mapping[Placement, SensorIdentity]) -> PairedNow:
    with database.write() as connection:
        for placement, identity in identities.items():
            pair_sensor(connection, identity, placement)
        return PairedNow(paired_sensors(connection))
