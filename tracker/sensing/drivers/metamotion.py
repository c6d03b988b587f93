"""Driver of MbientLab's MetaMotion R, RL and S: their raw streams, three samples a notification."""

import logging
from collections.abc import Iterable, Sequence

from firmware_protocol import FrameError
from firmware_protocol.makers.metamotion import MetaMotionDecoder
from firmware_protocol.makers.metamotion_registers import (
    ACCELEROMETER_CHIPS,
    ACCELEROMETER_RANGES_G,
    COMMAND_UUID,
    DEFAULT_NAME,
    GYROSCOPE_RANGES_DPS,
    HEAD_BYTES,
    NOTIFY_UUID,
    SAMPLE_RATES_HZ,
    SERVICE_UUID,
    Answer,
    Chip,
    Module,
    battery_read,
    blink_commands,
    config_command,
    config_read,
    decode_answer,
    decode_battery,
    decode_info,
    info_read,
    is_samples,
    start_commands,
    stop_commands,
)
from firmware_protocol.makers.stream_settings import StreamSettings
from tracker.errors import BluetoothError
from tracker.model import SensorIdentity
from tracker.sensing.drivers.asking import Asking
from tracker.sensing.drivers.choices import nearest_rate_hz, range_for
from tracker.sensing.drivers.device_information import FIRMWARE_UUID, MODEL_UUID, device_text
from tracker.sensing.drivers.driver import SensorKind
from tracker.sensing.gatt import GattLink, ValueSink
from tracker.sensing.parameters import LinkParameters

PROTOCOL_NAME = "metamotion"
_TITLES = {Module.ACCELEROMETER: "ACCELEROMETER", Module.GYROSCOPE: "GYROSCOPE"}

_log = logging.getLogger(__name__)


class MetaMotionDriver:
    """Drives one MetaMotion; a `SensorDriver`. Commands are not answered: settings are read back."""

    def __init__(self, gatt: GattLink, parameters: LinkParameters, sink: ValueSink) -> None:
        self._gatt = gatt
        self._sink = sink
        self._asking = Asking(gatt, COMMAND_UUID, parameters.request_timeout_s)
        self._rate_hz = nearest_rate_hz(parameters.rate_hz, SAMPLE_RATES_HZ)
        self._range_g = range_for(parameters.accelerometer_range_g, ACCELEROMETER_RANGES_G)
        self._range_dps = range_for(parameters.gyroscope_range_dps, GYROSCOPE_RANGES_DPS)
        self._chip: Chip | None = None
        self._streams = False

    async def open(self) -> str:
        """Ask which chip it has; see `SensorDriver.open`. Two of them are told apart by their address."""
        await self._gatt.subscribe(NOTIFY_UUID, self._on_notified)
        accelerometer = decode_info(await self._read(info_read(Module.ACCELEROMETER), "READ ACCELEROMETER"))
        gyroscope = decode_info(await self._read(info_read(Module.GYROSCOPE), "READ GYROSCOPE"))
        if gyroscope.chip_number is None or accelerometer.chip_number not in ACCELEROMETER_CHIPS:
            raise BluetoothError(
                f"{self._gatt.name} has no gyroscope, or a chip that is not known",
                advice="Use a MetaMotion R, RL or S.",
                sensor=self._gatt.name,
            )
        self._chip = ACCELEROMETER_CHIPS[accelerometer.chip_number]
        return _id_of(self._gatt.sensor.address)

    async def start(self, session: int) -> SensorIdentity:  # noqa: ARG002 - the sensor knows no sessions
        """Let both streams run at the nearest rate and ranges that reach; see `SensorDriver.start`."""
        # what another program left running goes on after a lost link
        await self._command(stop_commands(self._opened), "STOP")
        await self._configure(Module.ACCELEROMETER, self._range_g)
        await self._configure(Module.GYROSCOPE, self._range_dps)
        settings = StreamSettings(
            self._rate_hz,
            self._range_g,
            self._range_dps,
            await device_text(self._gatt, MODEL_UUID),
            await device_text(self._gatt, FIRMWARE_UUID),
        )
        self._streams = True
        await self._command(start_commands(self._opened), "START")
        sensor = self._gatt.sensor
        return SensorIdentity(
            _id_of(sensor.address), sensor.address, sensor.name, PROTOCOL_NAME, settings.encode()
        )

    async def stop(self) -> None:
        """End both streams; see `SensorDriver.stop`."""
        await self._command(stop_commands(self._opened), "STOP")
        self._streams = False

    async def battery_percent(self) -> int | None:
        """Charge; see `SensorDriver.battery_percent`."""
        try:
            return decode_battery(await self._read(battery_read(), "READ BATTERY")).percent
        except (BluetoothError, FrameError) as error:
            _log.info("no battery level: %s", error.message)
            return None

    async def identify(self, duration_s: int) -> bool:
        """Let its light blink green; see `SensorDriver.identify`."""
        await self._command(blink_commands(duration_s), "BLINK")
        return True

    async def _configure(self, module: Module, measured: float) -> None:
        command = config_command(self._opened, module, self._rate_hz, measured)
        doing = f"CONFIGURE {_TITLES[module]}"
        await self._command([command], doing)
        in_force = (await self._read(config_read(module), doing)).data
        if not in_force.startswith(command[HEAD_BYTES:]):
            raise BluetoothError(
                f"{self._gatt.name} did not take {self._rate_hz:g} Hz with a range of {measured:g} ({doing})",
                advice="Switch the sensor off and on, or choose another rate in the settings.",
                sensor=self._gatt.name,
                rate_hz=self._rate_hz,
            )

    async def _command(self, commands: Iterable[bytes], doing: str) -> None:
        for command in commands:
            await self._gatt.write(COMMAND_UUID, command, response=False, doing=doing)

    async def _read(self, command: bytes, doing: str) -> Answer:
        """Read a register.

        Raises:
            BluetoothError: no answer in time, or the link broke.
        """
        data = await self._asking.ask(command, lambda came: came[:HEAD_BYTES] == command, doing=doing)
        answer = decode_answer(data)
        if answer is None:
            raise RuntimeError("what was taken for an answer is none")
        return answer

    def _on_notified(self, data: bytes, received_ns: int) -> None:
        """Samples go on to the sink, everything else is an answer."""
        if not is_samples(data):
            self._asking.take(data)
        elif self._streams:
            self._sink(data, received_ns)

    @property
    def _opened(self) -> Chip:
        if self._chip is None:
            raise RuntimeError("the sensor has not been opened")
        return self._chip


def _id_of(address: str) -> str:
    return address.casefold()


def _recognises(name: str, service_uuids: Sequence[str]) -> bool:
    return SERVICE_UUID in service_uuids or name == DEFAULT_NAME


def _may_be(sensor_id: str, address: str, _name: str) -> bool:
    return sensor_id == _id_of(address)


def _make_decoder(capabilities: bytes) -> MetaMotionDecoder:
    return MetaMotionDecoder(StreamSettings.decode(capabilities))


KIND = SensorKind(
    protocol=PROTOCOL_NAME,
    title="MetaMotion",
    recognises=_recognises,
    may_be=_may_be,
    make_driver=MetaMotionDriver,
    make_decoder=_make_decoder,
    characteristics=frozenset({COMMAND_UUID, NOTIFY_UUID}),
)
