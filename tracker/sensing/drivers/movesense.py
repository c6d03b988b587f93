"""Driver of Movesense sensors: the GATT SensorData Protocol of their standard firmware, 2.3 and later."""

import logging
from collections.abc import Callable, Sequence

from firmware_protocol import FrameError
from firmware_protocol.makers.movesense import MovesenseDecoder
from firmware_protocol.makers.movesense_control import (
    ACCELEROMETER_RANGE_G,
    ACCELEROMETER_RANGES_G,
    ACCELEROMETER_RESOURCE,
    BATTERY_RESOURCE,
    COMMAND_UUID,
    DATA_UUID,
    GYROSCOPE_RANGE_DPS,
    GYROSCOPE_RANGES_DPS,
    GYROSCOPE_RESOURCE,
    NAME_PREFIX,
    RATES_HZ,
    Hello,
    HttpStatus,
    Response,
    decode_answer,
    decode_hello,
    get_command,
    hello_command,
    imu6_resource,
    subscribe_command,
    unsubscribe_command,
)
from firmware_protocol.makers.stream_settings import StreamSettings
from tracker.errors import BluetoothError
from tracker.model import SensorIdentity
from tracker.sensing.drivers.asking import Asking
from tracker.sensing.drivers.choices import nearest_rate_hz
from tracker.sensing.drivers.driver import SensorKind
from tracker.sensing.drivers.refusals import SensorRefusedError
from tracker.sensing.gatt import GattLink, ValueSink
from tracker.sensing.parameters import LinkParameters

PROTOCOL_NAME = "movesense-gsp"
STREAM_REFERENCE = 1
_LONGEST_NUMBER_BYTES = 4
_FIRST_REFERENCE, _LAST_REFERENCE = 2, 255
_RESTART = "Switch the sensor off and on: take it from its strap or hold it down, until it is gone."

_log = logging.getLogger(__name__)


class MovesenseDriver:
    """Drives one Movesense sensor; a `SensorDriver`. The sensor bears only two open requests: here is one."""

    def __init__(self, gatt: GattLink, parameters: LinkParameters, sink: ValueSink) -> None:
        self._gatt = gatt
        self._parameters = parameters
        self._sink = sink
        self._asking = Asking(gatt, COMMAND_UUID, parameters.request_timeout_s)
        self._reference = _LAST_REFERENCE
        self._hello: Hello | None = None

    async def open(self) -> str:
        """Read what the sensor is; see `SensorDriver.open`. Its id is the serial number."""
        await self._gatt.subscribe(DATA_UUID, self._on_notified)
        data = await self._ask(hello_command, doing="HELLO")
        try:
            self._hello = decode_hello(data)
        except FrameError as error:
            raise self._unusable(error) from error
        return self._hello.serial

    async def start(self, session: int) -> SensorIdentity:  # noqa: ARG002 - the sensor knows no sessions
        """Let it stream at the nearest rate and the ranges that it has; see `SensorDriver.start`."""
        if self._hello is None:
            raise RuntimeError("the sensor has not been opened")
        rate_hz = int(nearest_rate_hz(self._parameters.rate_hz, RATES_HZ))
        range_g = await self._number(ACCELEROMETER_RESOURCE)
        range_g = range_g if range_g in ACCELEROMETER_RANGES_G else ACCELEROMETER_RANGE_G
        range_dps = await self._number(GYROSCOPE_RESOURCE)
        range_dps = range_dps if range_dps in GYROSCOPE_RANGES_DPS else GYROSCOPE_RANGE_DPS
        model, firmware = self._hello.product, self._hello.application_version
        settings = StreamSettings(rate_hz, range_g, range_dps, model, firmware)
        resource = imu6_resource(rate_hz)
        command = subscribe_command(STREAM_REFERENCE, resource)
        await self._answer(lambda _: command, doing=f"SUBSCRIBE {resource}", reference=STREAM_REFERENCE)
        sensor = self._gatt.sensor
        return SensorIdentity(
            self._hello.serial, sensor.address, sensor.name, PROTOCOL_NAME, settings.encode()
        )

    async def stop(self) -> None:
        """End the stream; see `SensorDriver.stop`."""
        command = unsubscribe_command(STREAM_REFERENCE)
        await self._answer(lambda _: command, doing="UNSUBSCRIBE", reference=STREAM_REFERENCE)

    async def battery_percent(self) -> int | None:
        """Charge; see `SensorDriver.battery_percent`."""
        percent = await self._number(BATTERY_RESOURCE)
        return percent if percent is not None and percent <= 100 else None

    async def identify(self, duration_s: int) -> bool:  # noqa: ARG002
        """The protocol cannot light the sensor's lamp; see `SensorDriver.identify`."""
        return False

    async def _number(self, resource: str) -> int | None:
        """An unsigned number that the sensor tells; None where it does not."""
        try:
            data = await self._answer(
                lambda reference: get_command(reference, resource), doing=f"GET {resource}"
            )
        except BluetoothError as error:
            if not self._gatt.is_connected:
                raise
            _log.info("%s", error.message)
            return None
        return int.from_bytes(data, "little") if 0 < len(data) <= _LONGEST_NUMBER_BYTES else None

    async def _answer(
        self, make: Callable[[int], bytes], *, doing: str, reference: int | None = None
    ) -> bytes:
        """Ask, and what follows the status of the answer.

        Raises:
            SensorRefusedError: the sensor refuses.
            BluetoothError: no answer in time, one that cannot be read, or the link broke.
        """
        try:
            status, data = decode_answer(await self._ask(make, doing=doing, reference=reference))
        except FrameError as error:
            raise self._unusable(error) from error
        if status // 100 != HttpStatus.OK // 100:
            raise self._refused(doing, status)
        return data

    async def _ask(self, make: Callable[[int], bytes], *, doing: str, reference: int | None = None) -> bytes:
        """Ask, and the answer; with a reference of its own where none is given."""
        if reference is None:
            self._reference = self._reference + 1 if self._reference < _LAST_REFERENCE else _FIRST_REFERENCE
            reference = self._reference
        head = bytes((Response.ANSWER, reference))
        return await self._asking.ask(make(reference), lambda came: came.startswith(head), doing=doing)

    def _on_notified(self, data: bytes, received_ns: int) -> None:
        """Samples go on to the sink, everything else is an answer."""
        samples = data[:1] in (bytes([Response.DATA]), bytes([Response.DATA_PART2]))
        if not samples:
            self._asking.take(data)
        elif data[1:2] == bytes([STREAM_REFERENCE]):
            self._sink(data, received_ns)

    def _refused(self, doing: str, status: int) -> SensorRefusedError:
        name = HttpStatus(status).name if status in list(HttpStatus) else str(status)
        full = status == HttpStatus.TOO_MANY_REQUESTS
        advice = _RESTART if full else f"Bring its firmware up to date. {_RESTART}"
        return SensorRefusedError(
            f"{self._gatt.name} refused {doing} ({name})", advice=advice, sensor=self._gatt.name, status=name
        )

    def _unusable(self, error: FrameError) -> BluetoothError:
        return BluetoothError(
            f"{self._gatt.name} answers in a way that this program cannot read ({error.reason})",
            advice="Bring the sensor's firmware up to date in the maker's app.",
            sensor=self._gatt.name,
        )


def _recognises(name: str, _service_uuids: Sequence[str]) -> bool:
    return name.startswith(NAME_PREFIX)


def _may_be(sensor_id: str, _address: str, name: str) -> bool:
    return name.casefold() == f"{NAME_PREFIX}{sensor_id}".casefold()


def _make_decoder(capabilities: bytes) -> MovesenseDecoder:
    return MovesenseDecoder(StreamSettings.decode(capabilities))


KIND = SensorKind(
    protocol=PROTOCOL_NAME,
    title="Movesense",
    recognises=_recognises,
    may_be=_may_be,
    make_driver=MovesenseDriver,
    make_decoder=_make_decoder,
    characteristics=frozenset({COMMAND_UUID, DATA_UUID}),
)
