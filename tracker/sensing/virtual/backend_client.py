"""The connecting side of bleak over a link in memory."""

import asyncio
import logging
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from typing import Any, ClassVar, TypeVar

from bleak.args import SizedBuffer
from bleak.assigned_numbers import CharacteristicPropertyName
from bleak.backends.characteristic import BleakGATTCharacteristic
from bleak.backends.client import BaseBleakClient, NotifyCallback
from bleak.backends.descriptor import BleakGATTDescriptor
from bleak.backends.device import BLEDevice
from bleak.backends.service import BleakGATTService, BleakGATTServiceCollection
from bleak.exc import BleakError, BleakGATTProtocolError
from bumble.att import ATT_DEFAULT_MTU, ATT_Error
from bumble.core import BaseBumbleError
from bumble.device import Connection, Peer
from bumble.gatt import Characteristic
from bumble.gatt_client import CharacteristicProxy
from bumble.hci import Address
from bumble.keys import MemoryKeyStore

from tracker.sensing.virtual.air import PROGRAM_ADDRESS, Air, Node, uuid_text

_log = logging.getLogger(__name__)
T = TypeVar("T")

PROPERTY_NAMES: dict[Characteristic.Properties, CharacteristicPropertyName] = {
    Characteristic.Properties.READ: "read",
    Characteristic.Properties.WRITE_WITHOUT_RESPONSE: "write-without-response",
    Characteristic.Properties.WRITE: "write",
    Characteristic.Properties.NOTIFY: "notify",
    Characteristic.Properties.INDICATE: "indicate",
}


class VirtualClientBackend(BaseBleakClient):
    """One connection to a sensor on one link; a subclass binds the link and the largest MTU."""

    air: ClassVar[Air]
    wanted_mtu: ClassVar[int]

    def __init__(self, address_or_ble_device: BLEDevice | str, **kwargs: Any) -> None:  # noqa: ANN401 - handed on
        super().__init__(address_or_ble_device, **kwargs)
        self._name = getattr(address_or_ble_device, "name", None) or self.address
        self._node: Node | None = None
        self._connection: Connection | None = None
        self._peer: Peer | None = None
        self._operations: set[asyncio.Future[Any]] = set()

    @property
    def name(self) -> str:
        """Advertised name, else the address."""
        return self._name

    @property
    def mtu_size(self) -> int:
        """Negotiated MTU."""
        return self._connection.att_mtu if self._connection is not None else ATT_DEFAULT_MTU

    @property
    def is_connected(self) -> bool:
        """Whether the link stands."""
        return self._connection is not None

    async def connect(self, pair: bool, **_kwargs: object) -> None:
        """Connect, negotiate the MTU and find what the sensor offers.

        The link to a sensor that was paired before is encrypted, unless the sensor has forgotten that.

        Args:
            pair: pair before anything else is asked for.

        Raises:
            BleakError: connected already, or the link broke.
            TimeoutError: the sensor does not advertise, or does not answer.
        """
        if self.is_connected:
            raise BleakError("Client is already connected")
        self._node = await self.air.open_central()
        try:
            async with asyncio.timeout(self._timeout):
                with _bleak_errors():
                    connection = await self.air.connect(self._node, self.address)
                self._connection = connection
                connection.on(connection.EVENT_DISCONNECTION, self._on_disconnection)
                self._peer = Peer(connection)
                await self._encrypt_by_bond(connection)
                if pair:
                    await self.pair()
                await self._att(self._peer.request_mtu(self.wanted_mtu))
                self.services = await self._discover(self._peer)
        except BaseException:
            self._connection = None
            await self.disconnect()
            raise

    async def disconnect(self) -> None:
        """Break the link; without one this changes nothing."""
        if self._node is not None:
            node, self._node = self._node, None
            await self.air.close_node(node)

    async def pair(self, *_args: object, **_kwargs: object) -> None:
        """Pair and bond; like BlueZ and Windows it changes nothing where a bond is remembered.

        Raises:
            BleakError: not connected, the sensor refuses, or the link broke.
        """
        connection = self._linked().connection
        if await self._bonds.get(self._bond_name) is None:
            await self._att(connection.pair())

    async def unpair(self) -> None:
        """Forget the bond on the program's side, and disconnect."""
        await self._bonds.delete(self._bond_name)
        await self.disconnect()

    @property
    def _bonds(self) -> MemoryKeyStore:
        return self.air.bonds.keys_of(PROGRAM_ADDRESS)

    @property
    def _bond_name(self) -> str:
        return str(Address(self.address))

    async def _encrypt_by_bond(self, connection: Connection) -> None:
        if await self._bonds.get(self._bond_name) is None:
            return
        try:
            await self._att(connection.encrypt())
        except BleakError as error:
            if not self.is_connected:
                raise
            _log.info("%s has forgotten its bond: %s", self.address, error)

    async def read_gatt_char(
        self,
        characteristic: BleakGATTCharacteristic,
        *,
        use_cached: bool = False,  # noqa: ARG002 - bleak's signature
        **_kwargs: object,
    ) -> bytearray:
        """Read a characteristic, however long."""
        return bytearray(await self._att(self._linked().read_value(characteristic.handle)))

    async def read_gatt_descriptor(
        self,
        descriptor: BleakGATTDescriptor,
        *,
        use_cached: bool = False,  # noqa: ARG002 - bleak's signature
        **_kwargs: object,
    ) -> bytearray:
        """Read a descriptor."""
        return bytearray(await self._att(self._linked().read_value(descriptor.handle)))

    async def write_gatt_char(
        self, characteristic: BleakGATTCharacteristic, data: SizedBuffer, response: bool
    ) -> None:
        """Write a characteristic."""
        peer = self._linked()
        await self._att(peer.write_value(characteristic.handle, bytes(data), with_response=response))

    async def write_gatt_descriptor(self, descriptor: BleakGATTDescriptor, data: SizedBuffer) -> None:
        """Write a descriptor."""
        await self._att(self._linked().write_value(descriptor.handle, bytes(data), with_response=True))

    async def start_notify(
        self,
        characteristic: BleakGATTCharacteristic,
        callback: NotifyCallback,
        **_kwargs: object,
    ) -> None:
        """Subscribe to notifications, or to indications where there are none."""
        peer, proxy = self._linked(), characteristic.obj
        listener = proxy.on(proxy.EVENT_UPDATE, lambda value: callback(bytearray(value)))
        try:
            await self._att(peer.subscribe(proxy))
        except BaseException:
            proxy.remove_listener(proxy.EVENT_UPDATE, listener)
            raise

    async def stop_notify(self, characteristic: BleakGATTCharacteristic) -> None:
        """Unsubscribe."""
        peer, proxy = self._linked(), characteristic.obj
        proxy.remove_all_listeners(proxy.EVENT_UPDATE)
        await self._att(peer.unsubscribe(proxy))

    def _linked(self) -> Peer:
        if self._connection is None or self._peer is None:
            raise BleakError("Not connected")
        return self._peer

    async def _att(self, operation: Coroutine[None, None, T]) -> T:
        """Do an operation of the link; its failures as bleak's errors.

        Like an operating system's stack it goes on to its answer even where the caller is cancelled: the next
        operation waits for that, and no answer is taken for another's.
        """
        task = asyncio.ensure_future(operation)
        self._operations.add(task)
        task.add_done_callback(self._on_done)
        try:
            with _bleak_errors():
                return await asyncio.shield(task)
        except asyncio.CancelledError:
            if task.cancelled():
                raise BleakError("Disconnected while waiting for an answer") from None
            raise

    def _on_done(self, task: asyncio.Future[Any]) -> None:
        self._operations.discard(task)
        if not task.cancelled():
            # looked at, so that asyncio does not report it as overlooked where the caller was cancelled
            task.exception()

    async def _discover(self, peer: Peer) -> BleakGATTServiceCollection:
        found = BleakGATTServiceCollection()
        for service in await self._att(peer.discover_services()):
            for proxy in await self._att(peer.discover_characteristics(service=service)):
                await self._att(peer.discover_descriptors(proxy))
            bleak_service = BleakGATTService(service, service.handle, uuid_text(service.uuid))
            found.add_service(bleak_service)
            for proxy in service.characteristics:
                self._add_characteristic(found, bleak_service, proxy)
        return found

    def _add_characteristic(
        self,
        found: BleakGATTServiceCollection,
        service: BleakGATTService,
        proxy: CharacteristicProxy[bytes],
    ) -> None:
        properties = [name for flag, name in PROPERTY_NAMES.items() if proxy.properties & flag]
        characteristic = BleakGATTCharacteristic(
            proxy, proxy.handle, uuid_text(proxy.uuid), properties, lambda: self.mtu_size - 3, service
        )
        found.add_characteristic(characteristic)
        for descriptor in proxy.descriptors:
            found.add_descriptor(
                BleakGATTDescriptor(descriptor, descriptor.handle, uuid_text(descriptor.type), characteristic)
            )

    def _on_disconnection(self, _reason: int) -> None:
        self._connection = None
        self._peer = None
        self.services = None
        for operation in self._operations:
            operation.cancel()
        if self._disconnected_callback is not None:
            self._disconnected_callback()


@contextmanager
def _bleak_errors() -> Iterator[None]:
    """What the link raises, as bleak's errors."""
    try:
        yield
    except ATT_Error as error:
        raise BleakGATTProtocolError(error.error_code) from error
    except BaseBumbleError as error:
        raise BleakError(str(error)) from error
