"""Driver of WitMotion's Bluetooth sensors: they stream for as long as somebody listens."""

import asyncio
import logging

from firmware_protocol.makers.stream_settings import StreamSettings
from firmware_protocol.makers.witmotion import (
    ACCELEROMETER_RANGE_G,
    BATTERY_REGISTER,
    COMMAND_GAP_S,
    GYROSCOPE_RANGE_DPS,
    NOTIFY_UUID,
    RATE_CODES,
    RATE_REGISTER,
    UNLOCK,
    WRITE_UUID,
    RegisterReply,
    battery_percent,
    decode_reply,
    is_witmotion,
    read_register,
    set_rate,
)
from firmware_protocol.makers.witmotion_stream import WitMotionDecoder
from tracker.errors import BluetoothError
from tracker.model import SensorIdentity
from tracker.sensing.drivers.asking import Asking
from tracker.sensing.drivers.choices import nearest_rate_hz
from tracker.sensing.drivers.driver import SensorKind
from tracker.sensing.gatt import GattLink, ValueSink
from tracker.sensing.parameters import LinkParameters

PROTOCOL_NAME = "witmotion-ble"
_RATE_ATTEMPTS = 3

_log = logging.getLogger(__name__)


class WitMotionDriver:
    """Drives one WitMotion sensor; a `SensorDriver`.

    Its settings are not saved in it: they end when it is switched off.
    """

    def __init__(self, gatt: GattLink, parameters: LinkParameters, sink: ValueSink) -> None:
        self._gatt = gatt
        self._rate_hz = nearest_rate_hz(parameters.rate_hz, RATE_CODES)
        self._sink = sink
        self._asking = Asking(gatt, WRITE_UUID, parameters.request_timeout_s)
        self._streams = False

    async def open(self) -> str:
        """Look whether it is such a sensor; see `SensorDriver.open`. It has no id but its address."""
        if not (self._gatt.offers(NOTIFY_UUID) and self._gatt.offers(WRITE_UUID)):
            raise BluetoothError(
                f"{self._gatt.name} is no sensor of WitMotion's with Bluetooth 5",
                advice="Use a WT901BLE or WT9011DCL.",
                sensor=self._gatt.name,
            )
        return _id_of(self._gatt.sensor.address)

    async def start(self, session: int) -> SensorIdentity:  # noqa: ARG002 - the sensor knows no sessions
        """Let it stream at the nearest rate; see `SensorDriver.start`.

        What it sends before the new rate is in force is left out: its times would be wrong.
        """
        await self._gatt.subscribe(NOTIFY_UUID, self._on_notified)
        await self._set_rate()
        self._streams = True
        settings = StreamSettings(self._rate_hz, ACCELEROMETER_RANGE_G, GYROSCOPE_RANGE_DPS)
        sensor = self._gatt.sensor
        return SensorIdentity(
            _id_of(sensor.address), sensor.address, sensor.name, PROTOCOL_NAME, settings.encode()
        )

    async def stop(self) -> None:
        """End the stream by not listening any more; see `SensorDriver.stop`."""
        self._streams = False
        await self._gatt.unsubscribe(NOTIFY_UUID)

    async def battery_percent(self) -> int | None:
        """Charge; see `SensorDriver.battery_percent`. It is told only while it streams."""
        if not self._streams:
            return None
        try:
            return battery_percent(await self._read(BATTERY_REGISTER, "READ CHARGE"))
        except BluetoothError as error:
            _log.info("no battery level: %s", error.message)
            return None

    async def identify(self, duration_s: int) -> bool:  # noqa: ARG002
        """Nothing in it can be lit; see `SensorDriver.identify`."""
        return False

    async def _set_rate(self) -> None:
        """Set the rate and read it again; the sensor confirms no command, and may miss one."""
        for attempts_left in reversed(range(_RATE_ATTEMPTS)):
            await self._write(UNLOCK, "UNLOCK")
            await self._write(set_rate(self._rate_hz), "SET RATE")
            try:
                reply = await self._read(RATE_REGISTER, "READ RATE")
            except BluetoothError:
                if not attempts_left or not self._gatt.is_connected:
                    raise
                continue
            if reply.values[0] == RATE_CODES[self._rate_hz]:
                return
        raise BluetoothError(
            f"{self._gatt.name} did not take the rate of {self._rate_hz:g} Hz",
            advice="Switch the sensor off and on, or choose another rate in the settings.",
            sensor=self._gatt.name,
            rate_hz=self._rate_hz,
        )

    async def _write(self, command: bytes, doing: str) -> None:
        await self._gatt.write(WRITE_UUID, command, doing=doing)
        await asyncio.sleep(COMMAND_GAP_S)

    async def _read(self, register: int, doing: str) -> RegisterReply:
        def is_answer(data: bytes) -> bool:
            reply = decode_reply(data)
            return reply is not None and reply.first == register

        data = await self._asking.ask(read_register(register), is_answer, doing=doing)
        reply = decode_reply(data)
        if reply is None:
            raise RuntimeError("what was taken for an answer is none")
        return reply

    def _on_notified(self, data: bytes, received_ns: int) -> None:
        if decode_reply(data) is not None:
            self._asking.take(data, received_ns)
        if self._streams:
            self._sink(data, received_ns)


def _id_of(address: str) -> str:
    return address.casefold()


def _may_be(sensor_id: str, address: str, _name: str) -> bool:
    return sensor_id == _id_of(address)


def _make_decoder(capabilities: bytes) -> WitMotionDecoder:
    return WitMotionDecoder(StreamSettings.decode(capabilities))


KIND = SensorKind(
    protocol=PROTOCOL_NAME,
    title="WitMotion",
    recognises=is_witmotion,
    may_be=_may_be,
    make_driver=WitMotionDriver,
    make_decoder=_make_decoder,
    characteristics=frozenset({NOTIFY_UUID, WRITE_UUID}),
)
