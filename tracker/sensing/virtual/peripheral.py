"""A Bluetooth peripheral without hardware, of any maker: what is on it is up to the class that extends it."""

import asyncio
import logging
import math
from abc import ABC, abstractmethod
from collections.abc import Coroutine, Sequence
from contextlib import suppress
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from bumble.core import BaseBumbleError
from bumble.device import Connection
from bumble.gatt import Characteristic, Service
from bumble.hci import HCI_REMOTE_USER_TERMINATED_CONNECTION_ERROR

from tracker.sensing.virtual.advertisement import Advertisement
from tracker.sensing.virtual.air import TYPICAL_RSSI_DBM, Node
from tracker.sensing.virtual.radio import USUAL_MTU, VirtualRadio

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class LinkScript:
    """When a peripheral is heard, and when its link breaks.

    Attributes:
        advertises: false where it cannot be found.
        drop_link_at_s: seconds of the simulated motion at which the link breaks, in rising order.
        away_s: host seconds after a broken link before it advertises again.
        connection_interval_s: seconds of the simulated motion; each notification waits for the next multiple
            of it, one in each; 0 sends at once.
    """

    advertises: bool = True
    drop_link_at_s: tuple[float, ...] = ()
    away_s: float = 0.0
    connection_interval_s: float = 0.0


STEADY = LinkScript()


class VirtualPeripheral(ABC):
    """A peripheral with services, switched on within `async with`.

    A class that extends it gives `services`, and may use `on_connected` and `on_disconnected`. Work that it
    starts by `spawn` ends with the link.

    Attributes:
        radio: where it is heard; its `motion` is the time of what is sampled.
        address: static random address that no other node has.

    Args:
        advertisement: what it tells about itself.
        mtu: largest ATT MTU that it agrees to.
        rssi_dbm: how strongly it is heard.
        script: when it is heard, and when its link breaks.
    """

    def __init__(
        self,
        radio: VirtualRadio,
        address: str,
        advertisement: Advertisement,
        *,
        mtu: int = USUAL_MTU,
        rssi_dbm: int = TYPICAL_RSSI_DBM,
        script: LinkScript = STEADY,
    ) -> None:
        self.radio = radio
        self.address = address
        self._advertisement = advertisement
        self._mtu = mtu
        self._rssi_dbm = rssi_dbm
        self._script = script
        self._away_s = script.away_s
        self._node: Node | None = None
        self._connection: Connection | None = None
        self._off = asyncio.Event()
        self._link_tasks: set[asyncio.Task[None]] = set()
        self._own_tasks: set[asyncio.Task[None]] = set()
        self._until_off: set[asyncio.Task[None]] = set()
        self._on_air = asyncio.Lock()

    @abstractmethod
    def services(self) -> Sequence[Service]:
        """What it offers; asked for each time that it is switched on."""

    def on_connected(self, connection: Connection) -> None:  # noqa: B027 - may be left as it is
        """A link stands; must not wait."""

    def on_disconnected(self) -> None:  # noqa: B027 - may be left as it is
        """The link has ended; what `spawn` started has been called off."""

    @property
    def connection(self) -> Connection | None:
        """The link, with its `att_mtu`; None without one."""
        return self._connection

    async def __aenter__(self) -> Self:
        self._off.clear()
        self._node = await self.radio.air.open_node(self._advertisement.name, self.address)
        device = self._node.device
        device.gatt_server.max_mtu = self._mtu
        device.add_services(list(self.services()))
        device.on(device.EVENT_CONNECTION, self._on_connection)
        self.radio.air.set_rssi_dbm(self.address, self._rssi_dbm)
        self.spawn_until_off(self._drop_as_scripted())
        await self._advertise()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._off.set()
        await _cancelled(self._link_tasks | self._until_off)
        await asyncio.gather(*self._own_tasks)
        if self._node is not None:
            node, self._node = self._node, None
            node.device.remove_listener(node.device.EVENT_CONNECTION, self._on_connection)
            await self.radio.air.close_node(node)

    async def notify(self, characteristic: Characteristic[bytes], value: bytes) -> None:
        """Send a notification; nothing is sent without a link, or where nobody listens."""
        async with self._on_air:
            await self._next_connection_event()
            if self._node is not None and self._connection is not None:
                await self._node.device.notify_subscriber(self._connection, characteristic, value)

    async def indicate(self, characteristic: Characteristic[bytes], value: bytes) -> None:
        """Send an indication and wait for its confirmation; as `notify` otherwise."""
        if self._node is not None and self._connection is not None:
            await self._node.device.indicate_subscriber(self._connection, characteristic, value)

    def spawn(self, work: Coroutine[None, None, None]) -> asyncio.Task[None]:
        """Start work that ends with the link."""
        return _spawn(self._link_tasks, work)

    def spawn_until_off(self, work: Coroutine[None, None, None]) -> None:
        """Start work that ends where the peripheral is switched off."""
        _spawn(self._until_off, work)

    async def drop_link(self) -> None:
        """Break the link, as where the sensor leaves the room; without one this changes nothing."""
        if self._connection is not None:
            await self._connection.disconnect(HCI_REMOTE_USER_TERMINATED_CONNECTION_ERROR)

    async def leave(self, away_s: float) -> None:
        """Break the link, and be heard again after so many host seconds; without one this changes nothing."""
        if self._connection is not None:
            self._away_s = away_s
            await self.drop_link()

    async def vanish(self) -> None:
        """Break the link and be heard no more until it is switched off and on, as with an empty battery."""
        self._off.set()
        if self._node is not None and self._node.device.is_advertising:
            await self._node.device.stop_advertising()
        await self.drop_link()

    async def _next_connection_event(self) -> None:
        interval_s, motion = self._script.connection_interval_s, self.radio.motion
        # before the motion begins its time stands still
        if interval_s > 0 and motion.began_s is not None:
            await motion.wait_until(math.ceil(motion.now_s / interval_s) * interval_s)

    async def _advertise(self) -> None:
        if self._node is None or self._off.is_set() or not self._script.advertises:
            return
        await self._node.device.start_advertising(
            advertising_data=self._advertisement.payload(),
            advertising_interval_min=self._advertisement.interval_ms,
            advertising_interval_max=self._advertisement.interval_ms,
        )

    def _on_connection(self, connection: Connection) -> None:
        self._connection = connection
        connection.on(connection.EVENT_DISCONNECTION, self._on_disconnection)
        self.on_connected(connection)

    def _on_disconnection(self, _reason: int) -> None:
        self._connection = None
        for task in self._link_tasks:
            task.cancel()
        self.on_disconnected()
        _spawn(self._own_tasks, self._come_back())

    async def _come_back(self) -> None:
        away_s, self._away_s = self._away_s, self._script.away_s
        with suppress(TimeoutError):
            await asyncio.wait_for(self._off.wait(), away_s)
        await self._advertise()

    async def _drop_as_scripted(self) -> None:
        for at_s in self._script.drop_link_at_s:
            await self.radio.motion.wait_until(at_s)
            await self.drop_link()


def _spawn(tasks: set[asyncio.Task[None]], work: Coroutine[None, None, None]) -> asyncio.Task[None]:
    task = asyncio.create_task(_guarded(work))
    tasks.add(task)
    task.add_done_callback(tasks.discard)
    return task


async def _guarded(work: Coroutine[None, None, None]) -> None:
    """Work on a link that may break at any time: then it ends, and nobody waits for its result."""
    try:
        await work
    except (BaseBumbleError, TimeoutError) as error:
        _log.debug("work on a virtual link ended: %s", error)


async def _cancelled(tasks: set[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
