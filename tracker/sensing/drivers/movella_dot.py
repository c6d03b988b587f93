"""Driver of Movella (Xsens) DOT sensors: they stream rate quantities at up to 60 Hz."""

import logging

from firmware_protocol import FrameError
from firmware_protocol.makers.movella_dot import (
    ACCELEROMETER_RANGE_G,
    BATTERY_UUID,
    DEVICE_CONTROL_UUID,
    GYROSCOPE_RANGE_DPS,
    INFORMATION_UUID,
    MEASUREMENT_CONTROL_UUID,
    NAMES,
    PAYLOAD_UUID,
    RATES_HZ,
    START,
    STOP,
    DotInformation,
    battery_percent,
    decode_information,
    is_dot,
    is_measuring,
    rate_hz,
    with_identify,
    with_rate,
)
from firmware_protocol.makers.movella_dot_stream import MovellaDotDecoder
from firmware_protocol.makers.stream_settings import StreamSettings
from tracker.errors import BluetoothError
from tracker.model import SensorIdentity
from tracker.sensing.drivers.choices import nearest_rate_hz
from tracker.sensing.drivers.driver import SensorKind
from tracker.sensing.gatt import GattLink, ValueSink
from tracker.sensing.parameters import LinkParameters

PROTOCOL_NAME = "movella-dot"
_RESTART = "Switch the sensor off and on, then try again."
_ID_DIGITS = 12

_log = logging.getLogger(__name__)


class MovellaDotDriver:
    """Drives one DOT; a `SensorDriver`."""

    def __init__(self, gatt: GattLink, parameters: LinkParameters, sink: ValueSink) -> None:
        self._gatt = gatt
        self._rate_hz = nearest_rate_hz(parameters.rate_hz, RATES_HZ)
        self._sink = sink
        self._information: DotInformation | None = None

    async def open(self) -> str:
        """Read what the sensor is; see `SensorDriver.open`. Its id is the address that it states itself."""
        try:
            self._information = decode_information(await self._gatt.read(INFORMATION_UUID))
        except FrameError as error:
            raise self._unusable(error) from error
        return self._information.address.hex()

    async def start(self, session: int) -> SensorIdentity:  # noqa: ARG002 - the sensor knows no sessions
        """Let it stream at the nearest rate; see `SensorDriver.start`."""
        if self._information is None:
            raise RuntimeError("the sensor has not been opened")
        await self._set_rate()
        await self._gatt.subscribe(PAYLOAD_UUID, self._sink)
        await self._gatt.write(MEASUREMENT_CONTROL_UUID, START, doing="START")
        if not is_measuring(await self._gatt.read(MEASUREMENT_CONTROL_UUID)):
            raise self._did_not("start to measure")
        firmware = ".".join(map(str, self._information.firmware))
        settings = StreamSettings(
            self._rate_hz, ACCELEROMETER_RANGE_G, GYROSCOPE_RANGE_DPS, self._information.product, firmware
        )
        sensor, sensor_id = self._gatt.sensor, self._information.address.hex()
        return SensorIdentity(sensor_id, sensor.address, sensor.name, PROTOCOL_NAME, settings.encode())

    async def stop(self) -> None:
        """End the stream; see `SensorDriver.stop`."""
        await self._gatt.write(MEASUREMENT_CONTROL_UUID, STOP, doing="STOP")

    async def battery_percent(self) -> int | None:
        """Charge; see `SensorDriver.battery_percent`."""
        try:
            return battery_percent(await self._gatt.read(BATTERY_UUID))
        except BluetoothError as error:
            _log.info("no battery level: %s", error.message)
            return None

    async def identify(self, duration_s: int) -> bool:  # noqa: ARG002 - it blinks for 10 s, always
        """Let its light blink; see `SensorDriver.identify`."""
        control = await self._gatt.read(DEVICE_CONTROL_UUID)
        try:
            blinking = with_identify(control)
        except FrameError as error:
            raise self._unusable(error) from error
        await self._gatt.write(DEVICE_CONTROL_UUID, blinking, doing="IDENTIFY")
        return True

    async def _set_rate(self) -> None:
        """Set the rate where it is another one; a sensor that measures is stopped first, else it refuses."""
        if is_measuring(await self._gatt.read(MEASUREMENT_CONTROL_UUID)):
            await self.stop()
        try:
            control = await self._gatt.read(DEVICE_CONTROL_UUID)
            if rate_hz(control) == self._rate_hz:
                return
            await self._gatt.write(DEVICE_CONTROL_UUID, with_rate(control, self._rate_hz), doing="SET RATE")
            taken_hz = rate_hz(await self._gatt.read(DEVICE_CONTROL_UUID))
        except FrameError as error:
            raise self._unusable(error) from error
        if taken_hz != self._rate_hz:
            raise self._did_not(f"take the rate of {self._rate_hz:g} Hz")

    def _did_not(self, what: str) -> BluetoothError:
        return BluetoothError(
            f"{self._gatt.name} did not {what}",
            advice=f"End a recording or synchronisation in the maker's app. {_RESTART}",
            sensor=self._gatt.name,
        )

    def _unusable(self, error: FrameError) -> BluetoothError:
        return BluetoothError(
            f"{self._gatt.name} answers in a way that this program cannot read ({error.reason})",
            advice="Bring the sensor's firmware up to date in the maker's app.",
            sensor=self._gatt.name,
        )


def _may_be(sensor_id: str, address: str, name: str) -> bool:
    """By its address; where the system hides addresses, any DOT may be it."""
    plain = address.replace(":", "").casefold()
    if len(plain) == _ID_DIGITS:
        return plain == sensor_id
    return len(sensor_id) == _ID_DIGITS and name.casefold() in {one.casefold() for one in NAMES}


def _make_decoder(capabilities: bytes) -> MovellaDotDecoder:
    return MovellaDotDecoder(StreamSettings.decode(capabilities))


KIND = SensorKind(
    protocol=PROTOCOL_NAME,
    title="Movella DOT",
    recognises=is_dot,
    may_be=_may_be,
    make_driver=MovellaDotDriver,
    make_decoder=_make_decoder,
    characteristics=frozenset(
        {INFORMATION_UUID, DEVICE_CONTROL_UUID, MEASUREMENT_CONTROL_UUID, PAYLOAD_UUID}
    ),
)
