"""One sensor's link over a whole session: connect, watch, and come back after a loss."""

import asyncio
import time
from contextlib import suppress

from firmware_protocol.decoder import Lack
from tracker.errors import BluetoothError, InputError, NoSensorError
from tracker.model import Notification, Placement, SensorIdentity
from tracker.sensing.backfill import Backfill
from tracker.sensing.battery_watch import BatteryWatch
from tracker.sensing.connection import Connection
from tracker.sensing.drivers.driver import KeepsSamples, StatesPlacement
from tracker.sensing.drivers.registry import decoder_of, kind_of
from tracker.sensing.encryption import PairingError
from tracker.sensing.finder import Finder
from tracker.sensing.found import FoundSensor
from tracker.sensing.gatt import GattLink
from tracker.sensing.lacks import check_usable, lacks_text
from tracker.sensing.missing_samples import MissingSamples
from tracker.sensing.parameters import LinkParameters
from tracker.sensing.radio import Radio
from tracker.sensing.source import ItemQueue, LinkReport, LinkState

GRACE_S = 0.1
"""After a silence the event loop first gets this long to deliver what has piled up while it was blocked."""

_AWAY_AT_THE_END = "it was out of reach at the end: what it measured since it was lost is missing"


class SensorLink:
    """Keeps one sensor streaming into a queue, and tells there what happens to the link.

    Args:
        wanted: address, advertised name or sensor id.
        session: number of the session; the same after every reconnect, so that sample indices go on.
    """

    def __init__(
        self,
        placement: Placement,
        wanted: str,
        session: int,
        *,
        parameters: LinkParameters,
        radio: Radio,
        finder: Finder,
        queue: ItemQueue,
    ) -> None:
        self._placement = placement
        self._wanted = wanted
        self._session = session
        self._parameters = parameters
        self._radio = radio
        self._finder = finder
        self._queue = queue
        self._connection: Connection | None = None
        self._identity: SensorIdentity | None = None
        self._missing = MissingSamples()
        self._battery = BatteryWatch(parameters, self._on_battery)
        self._state = LinkState.SEARCHING
        self._failed = False
        self._last_heard_ns = 0

    @property
    def identity(self) -> SensorIdentity:
        """The sensor.

        Raises:
            RuntimeError: it has never been connected.
        """
        if self._identity is None:
            raise RuntimeError(f"{self._placement} has never been connected")
        return self._identity

    async def establish(self, sensor: FoundSensor) -> None:
        """Make the first connection and start the stream.

        It is tried again where no link comes about or where it breaks; a sensor that refuses or stays mute
        would do so again.

        Raises:
            BluetoothError: no link in all tries, or a sensor that does not do what it must.
        """
        for attempt in range(1, self._parameters.connect_attempts + 1):
            connection = self._connection_to(sensor)
            try:
                await self._open(connection)
                await self._begin(connection)
                return
            except (PairingError, NoSensorError):
                raise
            except BluetoothError:
                if connection.stood or attempt == self._parameters.connect_attempts:
                    raise
            await asyncio.sleep(self._parameters.first_backoff_s)

    async def run(self) -> None:
        """Watch the link and restore it after each loss, until cancelled or the sensor is given up."""
        while True:
            reason = await self._until_lost()
            self.report(LinkState.LOST, f"{reason}: bring it closer; it is connected again by itself")
            await self._let_go(self._connection, stop_stream=False)
            if not await self._reconnect():
                limit_s = self._parameters.reconnect_limit_s
                self._failed = True
                self.report(
                    LinkState.FAILED, f"not back after {limit_s:g} s: charge it, and start a new session"
                )
                return

    async def stop(self) -> None:
        """End the stream and the link; one that was given up has ended already."""
        here = self._connection is not None and self._connection.gatt.is_connected
        is_away = self._identity is not None and not here
        await self._let_go(self._connection, stop_stream=True)
        if not self._failed:
            self.report(LinkState.STOPPED, _AWAY_AT_THE_END if is_away else "")

    def report(
        self,
        state: LinkState,
        detail: str = "",
        *,
        rssi_dbm: int | None = None,
        battery_percent: int | None = None,
    ) -> None:
        """Put a report of now into the queue."""
        self._state = state
        at_ns = time.monotonic_ns()
        self._queue.put(LinkReport(self._placement, at_ns, state, battery_percent, rssi_dbm, detail))

    async def _reconnect(self) -> bool:
        """Search and connect until it streams again; false where the time for it is over."""
        loop = asyncio.get_running_loop()
        deadline_s = loop.time() + self._parameters.reconnect_limit_s
        pause_s = self._parameters.first_backoff_s
        while (left_s := deadline_s - loop.time()) > 0:
            self.report(LinkState.SEARCHING)
            try:
                # an address from before the loss may no longer connect: only what is heard now does
                longest_s = min(self._parameters.scan_s, left_s)
                sensor = await self._finder.find(self.identity.address, longest_s)
                connection = self._connection_to(sensor)
                await self._open(connection)
                await self._begin(connection)
            except BluetoothError as error:
                self.report(LinkState.LOST, error.message)
            else:
                return True
            await asyncio.sleep(min(pause_s, max(0.0, deadline_s - loop.time())))
            pause_s = min(2 * pause_s, self._parameters.longest_backoff_s)
        return False

    def _connection_to(self, sensor: FoundSensor) -> Connection:
        gatt = GattLink(sensor, parameters=self._parameters, radio=self._radio)
        driver = kind_of(sensor.protocol).make_driver(gatt, self._parameters, self._on_payload)
        return Connection(gatt, driver)

    async def _open(self, connection: Connection) -> None:
        """First half of the handshake: the link, and what the sensor is."""
        self.report(LinkState.CONNECTING, rssi_dbm=connection.gatt.sensor.rssi_dbm)
        try:
            await connection.gatt.connect(kind_of(connection.gatt.sensor.protocol).characteristics)
            self.report(LinkState.CONFIGURING)
            connection.sensor_id = await connection.driver.open()
        except BaseException:
            connection.stood = connection.gatt.is_connected
            await connection.close(stop_stream=False)
            raise

    async def _begin(self, connection: Connection) -> None:
        """Second half: it is the right sensor, and it streams."""
        try:
            self._check_is_wanted(connection)
            # before START: what comes at once must be accounted for
            self._connection = connection
            self._watch_for_gaps(connection)
            identity = await connection.driver.start(self._session)
            check_usable(identity.name or identity.address, _lacks_of(identity))
            battery_percent = await connection.driver.battery_percent()
        except BluetoothError:
            connection.stood = connection.gatt.is_connected
            # a session that never ran is not fetched from, nor left running for nobody; one that did goes on
            connection.backfill = None
            never_ran = self._identity is None and self._connection is connection
            await self._let_go(connection, stop_stream=never_ran)
            raise
        except BaseException:
            # called off, perhaps with START on its way: the sensor must not go on for nobody
            await self._let_go(connection, stop_stream=True)
            raise
        news = self._battery.see(battery_percent)
        if self._identity is None:
            news = "; ".join(text for text in (self._first_news(connection, identity), news) if text)
        self._identity = identity
        self._last_heard_ns = time.monotonic_ns()
        rssi_dbm = connection.gatt.sensor.rssi_dbm
        self.report(LinkState.STREAMING, news, rssi_dbm=rssi_dbm, battery_percent=battery_percent)
        connection.begin_watching(self._battery)

    def _first_news(self, connection: Connection, identity: SensorIdentity) -> str:
        """What the person should know of the sensor from the beginning; empty where all is well."""
        news = [lacks_text(_lacks_of(identity))]
        driver = connection.driver
        stated = driver.stated_placement if isinstance(driver, StatesPlacement) else None
        if stated not in (None, self._placement):
            news.append(
                f"the sensor says that it is the one of {stated}, and is paired at {self._placement}: "
                "look where it is worn, or pair it again"
            )
        return "; ".join(text for text in news if text)

    def _check_is_wanted(self, connection: Connection) -> None:
        """Refuse another sensor than the one that is wanted, or that was connected before."""
        sensor, sensor_id = connection.gatt.sensor, connection.sensor_id
        wanted = self._wanted if self._identity is None else self._identity.sensor_id
        ways = {sensor_id.casefold()}
        if self._identity is None:
            ways |= {sensor.address.casefold(), sensor.name.casefold()}
        if wanted.casefold() not in ways:
            raise NoSensorError(
                f"{sensor.label} at {sensor.address} is not the sensor {wanted}",
                advice="Pair the sensors again, and switch off those that are not worn.",
            )

    def _watch_for_gaps(self, connection: Connection) -> None:
        driver = connection.driver
        if isinstance(driver, KeepsSamples) and driver.can_fetch:
            connection.backfill = Backfill(driver, self._missing, self._parameters, self._on_backfill)

    def _on_backfill(self, fetching: bool, detail: str) -> None:
        # where the link has broken or fallen silent, that is told by itself
        streams = self._state in (LinkState.STREAMING, LinkState.BACKFILLING)
        if streams and self._connection is not None and self._connection.gatt.is_connected:
            self.report(LinkState.BACKFILLING if fetching else LinkState.STREAMING, detail)

    def _on_battery(self, percent: int, warning: str) -> None:
        self.report(self._state, warning, battery_percent=percent)

    async def _until_lost(self) -> str:
        """Wait until the link breaks or nothing has come for too long; the reason."""
        if self._connection is None:
            return "the link broke"
        kind = kind_of(self._connection.gatt.sensor.protocol)
        limit_s = max(self._parameters.watchdog_s, kind.longest_silence_s)
        while (left_s := limit_s - self._silence_s()) > 0:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._connection.gatt.lost.wait(), left_s)
                return "the link broke"
            if self._silence_s() >= limit_s:
                await asyncio.sleep(GRACE_S)
        return f"no data for {limit_s:g} s"

    def _silence_s(self) -> float:
        return (time.monotonic_ns() - self._last_heard_ns) * 1e-9

    def _on_payload(self, payload: bytes, received_ns: int) -> None:
        self._last_heard_ns = received_ns
        if self._connection is not None and self._connection.backfill is not None:
            self._connection.backfill.see(payload)
        self._queue.put(Notification(self._placement, payload, received_ns))

    async def _let_go(self, connection: Connection | None, *, stop_stream: bool) -> None:
        if connection is not None:
            await connection.close(stop_stream=stop_stream)
        self._connection = None


def _lacks_of(identity: SensorIdentity) -> frozenset[Lack]:
    """What the sensor cannot do; BluetoothError where its capabilities make no sense."""
    try:
        return decoder_of(identity).description.lacks
    except InputError as error:
        raise BluetoothError(error.message, advice=error.advice) from error
