"""One Bluetooth link to one sensor: connect, read, write, subscribe; each in time, and paired if need be."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Collection
from typing import TypeAlias

from bleak import BleakClient
from bleak.backends.characteristic import BleakGATTCharacteristic
from bleak_retry_connector import establish_connection

from tracker.errors import BluetoothError
from tracker.sensing.bluetooth_errors import LINK_ERRORS, bluetooth_errors
from tracker.sensing.encryption import LinkEncryption
from tracker.sensing.found import FoundSensor
from tracker.sensing.parameters import Encryption, LinkParameters
from tracker.sensing.radio import Radio

_log = logging.getLogger(__name__)

ValueSink: TypeAlias = Callable[[bytes, int], None]
"""Takes what a characteristic notified, and the host monotonic clock in ns; must not wait."""


class GattLink:
    """One link, from `connect` to `close`; a new one is made for each try.

    Args:
        sensor: as it was found in a scan.

    Attributes:
        lost: set once a link that stood has ended in whatever way.
    """

    def __init__(self, sensor: FoundSensor, *, parameters: LinkParameters, radio: Radio) -> None:
        self.sensor = sensor
        self.lost = asyncio.Event()
        self._parameters = parameters
        self._radio = radio
        self._client: BleakClient | None = None
        self._subscribed: list[str] = []
        self._encryption = LinkEncryption(
            self.name,
            sensor.address,
            request_timeout_s=parameters.request_timeout_s,
            pairing_timeout_s=parameters.pairing_timeout_s,
            on_system_radio=radio.client is None,
        )

    @property
    def name(self) -> str:
        """What the sensor is called in messages."""
        return self.sensor.label

    @property
    def is_connected(self) -> bool:
        """Whether the link stands."""
        return self._client is not None and self._client.is_connected

    async def connect(self, expected: Collection[str] = ()) -> None:
        """Connect, and find what the sensor offers; pair where each link is to be encrypted.

        Args:
            expected: characteristics that it should offer: where one is not seen, a second link is made.

        Raises:
            PairingError: the sensor is not paired.
            BluetoothError: no connection in time.
        """
        await self._connect()
        if not all(self.offers(uuid) for uuid in expected):
            # BlueZ may say that the services are known before it shows them (its issue 1489), once
            _log.info("not all of %s is seen: connecting anew", self.name)
            await self.close()
            await self._connect()
        if self._parameters.encrypt is Encryption.ALWAYS:
            await self.pair()

    async def _connect(self) -> None:
        with bluetooth_errors(f"connecting to {self.name}"):
            # the operating system's own time-outs are not all kept
            async with asyncio.timeout(self._parameters.connect_timeout_s):
                self._client = await establish_connection(
                    BleakClient,
                    self.sensor.device,
                    self.name,
                    self._on_disconnected,
                    max_attempts=self._parameters.connect_attempts,
                    # another firmware may have been put on since the services were remembered
                    use_services_cache=False,
                    backend=self._radio.client,
                )
        if self._client.is_connected:
            # tries before this one may have broken
            self.lost.clear()
        else:
            self.lost.set()

    async def pair(self) -> None:
        """Pair with the sensor, so that the link is encrypted; where it is paired this changes nothing.

        Raises:
            PairingError: the sensor refuses, or does not answer in time.
            BluetoothError: the link broke.
        """
        with bluetooth_errors(f"pairing with {self.name}"):
            await self._encryption.pair(self._linked())

    def offers(self, uuid: str) -> bool:
        """Whether the sensor has a characteristic.

        Raises:
            BluetoothError: the link broke, or the sensor has several of that kind.
        """
        client = self._linked()
        with bluetooth_errors(f"asking what {self.name} offers"):
            return client.services.get_characteristic(uuid) is not None

    async def read(self, uuid: str) -> bytes:
        """A characteristic's value.

        Raises:
            PairingError: the sensor wants an encrypted link, and cannot be paired.
            BluetoothError: no answer in time, a refusal, or the link broke.
        """
        client = self._linked()
        with bluetooth_errors(f"reading from {self.name}"):
            return bytes(await self._encryption.carry_out(client, lambda: client.read_gatt_char(uuid)))

    async def write(self, uuid: str, data: bytes, *, response: bool = True, doing: str = "writing") -> None:
        """Write a characteristic.

        Args:
            response: wait for the sensor to confirm it.
            doing: what it is for, as messages shall call it.

        Raises:
            PairingError: the sensor wants an encrypted link, and cannot be paired.
            BluetoothError: no confirmation in time, a refusal, or the link broke.
        """
        client = self._linked()
        with bluetooth_errors(f"sending {doing} to {self.name}"):
            await self._encryption.carry_out(
                client, lambda: client.write_gatt_char(uuid, data, response=response)
            )

    async def subscribe(self, uuid: str, on_value: ValueSink) -> None:
        """Be told what a characteristic notifies or indicates.

        Raises:
            PairingError: the sensor wants an encrypted link, and cannot be paired.
            BluetoothError: no answer in time, a refusal, or the link broke.
        """

        def on_notified(_characteristic: BleakGATTCharacteristic, data: bytearray) -> None:
            on_value(bytes(data), time.monotonic_ns())

        client = self._linked()
        with bluetooth_errors(f"subscribing to {self.name}"):
            await self._encryption.carry_out(
                client,
                # BlueZ's StartNotify delivers everything twice after a reconnect, AcquireNotify does not
                lambda: client.start_notify(uuid, on_notified, bluez={"use_start_notify": False}),
            )
        self._subscribed.append(uuid)

    async def unsubscribe(self, uuid: str) -> None:
        """End a subscription, as far as the link still allows it."""
        if uuid in self._subscribed:
            self._subscribed.remove(uuid)
            await self._tolerantly(self._linked().stop_notify(uuid))

    async def close(self) -> None:
        """Unsubscribe and disconnect, as far as the link still allows it. Never raises for a broken link."""
        if self._client is None:
            return
        # BlueZ crashed where a link was cut with a subscription open
        while self._subscribed and self._client.is_connected:
            await self._tolerantly(self._client.stop_notify(self._subscribed.pop()))
        await self._tolerantly(self._client.disconnect())

    def _linked(self) -> BleakClient:
        if self._client is None:
            raise BluetoothError(f"{self.name} is not connected", advice="Connect it first.")
        return self._client

    async def _tolerantly(self, step: Awaitable[None]) -> None:
        """A step of letting go: what fails here must not keep the rest from being let go."""
        try:
            async with asyncio.timeout(self._parameters.request_timeout_s):
                await step
        except LINK_ERRORS as error:
            _log.info("letting go of %s: %s", self.name, error)

    def _on_disconnected(self, client: BleakClient) -> None:
        # a system may tell the end of a first link when the second one stands
        if client is self._client:
            self.lost.set()
