"""The handshake with one sensor: connect, read what it is, subscribe, start; later stop and let go."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import TypeVar

from bleak import BleakClient
from bleak.backends.characteristic import BleakGATTCharacteristic

from firmware_protocol import (
    BATTERY_LEVEL_UUID,
    CAPABILITIES_UUID,
    CONTROL_UUID,
    STREAM_UUID,
    Answer,
    AnyAnswer,
    Capabilities,
    ProtocolError,
    RefusedAnswer,
    Request,
    StartAnswer,
    StartRequest,
    StopAnswer,
    StopRequest,
    decode_answer,
    decode_capabilities,
    encode_request,
)
from tracker.errors import BluetoothError
from tracker.model import SensorIdentity
from tracker.sensing.bluetooth_errors import LINK_ERRORS, bluetooth_errors
from tracker.sensing.identity import identity_of
from tracker.sensing.parameters import LinkParameters
from tracker.sensing.radio import Radio
from tracker.sensing.refusals import refusal_error
from tracker.sensing.scanner import FoundSensor

_log = logging.getLogger(__name__)

A = TypeVar("A", bound=Answer)


class SensorConnection:
    """One connection to one sensor, from `open` to `close`; a new one is made for each try.

    Args:
        sensor: as it was found in a scan.
        on_payload: called with each notification's bytes and the host monotonic clock in ns; must not wait.
        on_lost: called once when the link ends in whatever way.
    """

    def __init__(
        self,
        sensor: FoundSensor,
        *,
        parameters: LinkParameters,
        radio: Radio,
        on_payload: Callable[[bytes, int], None],
        on_lost: Callable[[], None],
    ) -> None:
        self._sensor = sensor
        self._parameters = parameters
        self._on_payload = on_payload
        self._on_lost = on_lost
        self._name = sensor.name or sensor.address
        self._open_requests: dict[int, asyncio.Future[AnyAnswer | None]] = {}
        self._requests = 0
        self._one_at_a_time = asyncio.Lock()
        self._subscribed: list[str] = []
        with bluetooth_errors(f"connecting to {self._name}"):
            self._client = BleakClient(
                sensor.device,
                self._on_disconnected,
                timeout=parameters.connect_timeout_s,
                backend=radio.client,
            )

    async def open(self) -> Capabilities:
        """Connect, and read what the sensor is.

        Raises:
            BluetoothError: no connection in time, the link broke, or the sensor is of another kind.
        """
        try:
            with bluetooth_errors(f"connecting to {self._name}"):
                # the operating system's own time-outs are not all kept
                async with asyncio.timeout(self._parameters.connect_timeout_s):
                    await self._client.connect()
            capabilities = self._decoded(await self._read(CAPABILITIES_UUID))
            await self._subscribe(CONTROL_UUID, self._on_answer)
        except BaseException:
            await self.close(stop_stream=False)
            raise
        return capabilities

    async def start(self, session: int) -> SensorIdentity:
        """Let the sensor stream; the same session again goes on with its samples after a lost link.

        Returns:
            The sensor with its capabilities as they are in force now: its scale depends on START.

        Raises:
            BluetoothError: the sensor refuses, does not answer in time, or the link broke.
        """
        await self._subscribe(STREAM_UUID, self._on_notification)
        wanted = self._parameters
        await self._ask(
            lambda request_id: StartRequest(
                request_id,
                session=session,
                sample_rate_hz=wanted.rate_hz,
                accelerometer_range_g=wanted.accelerometer_range_g,
                gyroscope_range_dps=wanted.gyroscope_range_dps,
                max_latency_ms=wanted.max_latency_ms,
            ),
            StartAnswer,
        )
        capabilities = await self._read(CAPABILITIES_UUID)
        self._decoded(capabilities)
        return identity_of(self._sensor.address, self._sensor.name, capabilities)

    async def battery_percent(self) -> int | None:
        """Charge, 0 to 100; None where the sensor does not tell."""
        try:
            level = await self._read(BATTERY_LEVEL_UUID)
        except BluetoothError as error:
            _log.info("no battery level: %s", error.message)
            return None
        return level[0] if level and level[0] <= 100 else None

    async def close(self, *, stop_stream: bool) -> None:
        """Unsubscribe and disconnect, as far as the link still allows it. Never raises for a broken link.

        Args:
            stop_stream: end the session too; false where it is to go on after a reconnect.
        """
        if stop_stream and self._client.is_connected:
            with suppress(BluetoothError):
                await self._ask(StopRequest, StopAnswer)
        # BlueZ crashed where a link was cut with a subscription open
        while self._subscribed and self._client.is_connected:
            await self._tolerantly(self._client.stop_notify(self._subscribed.pop()))
        await self._tolerantly(self._client.disconnect())

    async def _ask(self, make: Callable[[int], Request], kind: type[A]) -> A:
        """Send a request and wait for its answer; the protocol allows one request at a time."""
        async with self._one_at_a_time:
            return await self._ask_alone(make, kind)

    async def _ask_alone(self, make: Callable[[int], Request], kind: type[A]) -> A:
        request = make(self._requests & 0xFF)
        self._requests += 1
        doing = request.opcode.name
        answered: asyncio.Future[AnyAnswer | None] = asyncio.get_running_loop().create_future()
        self._open_requests[request.request_id] = answered
        try:
            async with asyncio.timeout(self._parameters.request_timeout_s):
                with bluetooth_errors(f"{doing} to {self._name}"):
                    await self._client.write_gatt_char(CONTROL_UUID, encode_request(request), response=True)
                answer = await answered
        except TimeoutError:
            raise self._no_answer(doing) from None
        finally:
            del self._open_requests[request.request_id]
        if isinstance(answer, RefusedAnswer):
            raise refusal_error(self._name, doing, answer)
        if not isinstance(answer, kind):
            raise self._broke_off(doing)
        return answer

    async def _read(self, uuid: str) -> bytes:
        with bluetooth_errors(f"reading from {self._name}"):
            async with asyncio.timeout(self._parameters.request_timeout_s):
                return bytes(await self._client.read_gatt_char(uuid))

    async def _subscribe(
        self, uuid: str, callback: Callable[[BleakGATTCharacteristic, bytearray], None]
    ) -> None:
        with bluetooth_errors(f"subscribing to {self._name}"):
            async with asyncio.timeout(self._parameters.request_timeout_s):
                # BlueZ's StartNotify delivers everything twice after a reconnect, AcquireNotify does not
                await self._client.start_notify(uuid, callback, bluez={"use_start_notify": False})
        self._subscribed.append(uuid)

    async def _tolerantly(self, step: Awaitable[None]) -> None:
        """A step of letting go: what fails here must not keep the rest from being let go."""
        try:
            async with asyncio.timeout(self._parameters.request_timeout_s):
                await step
        except LINK_ERRORS as error:
            _log.info("letting go of %s: %s", self._name, error)

    def _on_notification(self, _characteristic: BleakGATTCharacteristic, data: bytearray) -> None:
        self._on_payload(bytes(data), time.monotonic_ns())

    def _on_answer(self, _characteristic: BleakGATTCharacteristic, data: bytearray) -> None:
        try:
            answer = decode_answer(data)
        except ProtocolError as error:
            _log.warning("unreadable answer of %s: %s", self._name, error)
            return
        waiting = self._open_requests.get(answer.request_id)
        # an answer that comes late or twice belongs to no open request
        if waiting is not None and not waiting.done():
            waiting.set_result(answer)

    def _on_disconnected(self, _client: BleakClient) -> None:
        for waiting in self._open_requests.values():
            if not waiting.done():
                waiting.set_result(None)
        self._on_lost()

    def _decoded(self, data: bytes) -> Capabilities:
        try:
            return decode_capabilities(data)
        except ProtocolError as error:
            raise BluetoothError(
                f"{self._name} states its capabilities in a way that this program cannot read: {error}",
                advice=error.advice,
                sensor=self._name,
            ) from error

    def _no_answer(self, doing: str) -> BluetoothError:
        waited_s = self._parameters.request_timeout_s
        return BluetoothError(
            f"{self._name} did not answer {doing} within {waited_s:g} s",
            advice="Switch the sensor off and on; if it stays so, bring it closer or charge it.",
            sensor=self._name,
            request=doing,
        )

    def _broke_off(self, doing: str) -> BluetoothError:
        return BluetoothError(
            f"the link to {self._name} broke during {doing}",
            advice="Bring the sensor closer to the computer, and check its charge.",
            sensor=self._name,
            request=doing,
        )
