"""Driver of the Polar Verity Sense: its measurement service (PMD), in the SDK mode where it has one."""

import logging
from collections.abc import Sequence

from firmware_protocol import FrameError
from firmware_protocol.makers.polar import PolarDecoder, PolarSettings
from firmware_protocol.makers.polar_control import (
    CONTROL_UUID,
    DATA_UUID,
    NAME_PREFIX,
    Opcode,
    PolarAnswer,
    PolarError,
    Setting,
    Settings,
    decode_answer,
    decode_settings,
    get_settings_request,
    start_request,
    stop_request,
)
from firmware_protocol.makers.polar_frames import Measurement
from tracker.errors import BluetoothError
from tracker.model import SensorIdentity
from tracker.sensing.drivers.asking import Asking
from tracker.sensing.drivers.battery import standard_battery_percent
from tracker.sensing.drivers.choices import nearest_rate_hz, range_for
from tracker.sensing.drivers.device_information import FIRMWARE_UUID, MODEL_UUID, device_text
from tracker.sensing.drivers.driver import SensorKind
from tracker.sensing.drivers.refusals import SensorRefusedError
from tracker.sensing.gatt import GattLink, ValueSink
from tracker.sensing.parameters import LinkParameters

PROTOCOL_NAME = "polar-pmd"
ACCELEROMETER, GYROSCOPE, SDK_MODE = Measurement.ACCELEROMETER, Measurement.GYROSCOPE, Measurement.SDK_MODE
_AS_IT_WAS = frozenset({PolarError.ALREADY_IN_STATE, PolarError.INVALID_STATE})
"""Answers to stopping what does not run, or switching on what is on."""
_ADVICE = {
    PolarError.IN_CHARGER: "Take the sensor out of its charger.",
    PolarError.INVALID_MTU: "Use a Bluetooth adapter of version 4.2 or later, with its latest driver.",
    PolarError.DISK_FULL: "Delete recordings in the maker's app.",
}

_log = logging.getLogger(__name__)


class PolarDriver:
    """Drives one Verity Sense; a `SensorDriver`."""

    def __init__(self, gatt: GattLink, parameters: LinkParameters, sink: ValueSink) -> None:
        self._gatt = gatt
        self._parameters = parameters
        self._sink = sink
        self._asking = Asking(gatt, CONTROL_UUID, parameters.request_timeout_s)
        self._sensor_id = ""
        self._model = ""
        self._firmware = ""

    async def open(self) -> str:
        """Read what the sensor is; see `SensorDriver.open`. Its id is the one printed on it."""
        await self._gatt.subscribe(CONTROL_UUID, self._asking.take)
        self._model = await device_text(self._gatt, MODEL_UUID)
        self._firmware = await device_text(self._gatt, FIRMWARE_UUID)
        name = self._gatt.sensor.name
        printed = name.removeprefix(NAME_PREFIX).strip() if name.startswith(NAME_PREFIX) else ""
        self._sensor_id = printed or self._gatt.sensor.address
        return self._sensor_id

    async def start(self, session: int) -> SensorIdentity:  # noqa: ARG002 - the sensor knows no sessions
        """Let both streams run at the nearest common rate; see `SensorDriver.start`."""
        # what another program left running keeps its settings, and keeps the SDK mode as it is
        for measurement in (GYROSCOPE, ACCELEROMETER):
            await self._ask_leniently(stop_request(measurement))
        await self._ask_leniently(start_request(SDK_MODE))
        offers = {one: await self._offer(one) for one in (ACCELEROMETER, GYROSCOPE)}
        wanted = self._parameters
        common = set(offers[ACCELEROMETER][Setting.RATE_HZ]) & set(offers[GYROSCOPE][Setting.RATE_HZ])
        if not common:
            raise self._unusable("its accelerometer and gyroscope have no rate in common")
        rate_hz = nearest_rate_hz(wanted.rate_hz, common)
        range_g = range_for(wanted.accelerometer_range_g, offers[ACCELEROMETER][Setting.RANGE])
        range_dps = range_for(wanted.gyroscope_range_dps, offers[GYROSCOPE][Setting.RANGE])
        await self._gatt.subscribe(DATA_UUID, self._sink)
        factors = (
            await self._start(ACCELEROMETER, offers[ACCELEROMETER], rate_hz, range_g),
            await self._start(GYROSCOPE, offers[GYROSCOPE], rate_hz, range_dps),
        )
        settings = PolarSettings(rate_hz, range_g, range_dps, self._model, self._firmware, *factors)
        sensor = self._gatt.sensor
        return SensorIdentity(self._sensor_id, sensor.address, sensor.name, PROTOCOL_NAME, settings.encode())

    async def stop(self) -> None:
        """End both streams; see `SensorDriver.stop`."""
        for measurement in (GYROSCOPE, ACCELEROMETER):
            await self._ask(stop_request(measurement), but=_AS_IT_WAS)
        # so that the sensor serves sports watches again
        await self._ask_leniently(stop_request(SDK_MODE))

    async def battery_percent(self) -> int | None:
        """Charge; see `SensorDriver.battery_percent`."""
        return await standard_battery_percent(self._gatt)

    async def identify(self, duration_s: int) -> bool:  # noqa: ARG002
        """The sensor can't show itself; see `SensorDriver.identify`."""
        return False

    async def _offer(self, measurement: Measurement) -> Settings:
        offered = await self._ask(get_settings_request(measurement))
        settings = {key: tuple(value for value in values if value > 0) for key, values in offered.items()}
        if not settings.get(Setting.RATE_HZ) or not settings.get(Setting.RANGE):
            raise self._unusable(f"it names no rate or range of its {measurement.name.lower()}")
        return settings

    async def _start(
        self, measurement: Measurement, offer: Settings, rate_hz: float, full_scale: float
    ) -> float:
        """Start one stream; the factor of its counts."""
        chosen: Settings = {Setting.RATE_HZ: (int(rate_hz),), Setting.RANGE: (int(full_scale),)}
        # what there is no choice of is said back as it was offered
        rest = {key: values[:1] for key, values in offer.items() if key not in chosen and values}
        answered = await self._ask(start_request(measurement, dict(sorted({**rest, **chosen}.items()))))
        return answered.get(Setting.FACTOR, (1.0,))[0]

    async def _ask_leniently(self, request: bytes) -> None:
        """Ask for what may be so already, or what some firmware refuses, also by ATT, or does not answer."""
        try:
            await self._ask(request)
        except BluetoothError as error:
            if not self._gatt.is_connected:
                raise
            _log.info("%s", error.message)

    async def _ask(self, request: bytes, *, but: frozenset[PolarError] = frozenset()) -> Settings:
        """Ask, and the settings of the answer.

        Args:
            but: refusals that are no failure.

        Raises:
            SensorRefusedError: the sensor refuses.
            BluetoothError: no answer in time, one that cannot be read, or the link broke.
        """
        doing = f"{Opcode(request[0]).name} {Measurement(request[1]).name}"
        head = bytes((0xF0, *request[:2]))
        data = await self._asking.ask(request, lambda came: came.startswith(head), doing=doing)
        try:
            answer = decode_answer(data)
            if answer.error not in (PolarError.SUCCESS, *but):
                raise self._refused(doing, answer)
            return decode_settings(await self._whole(answer, doing))
        except FrameError as error:
            raise self._unusable(f"its answer to {doing} cannot be read ({error.reason})") from error

    async def _whole(self, answer: PolarAnswer, doing: str) -> bytes:
        """The settings of an answer that may take several indications."""
        settings, more = answer.settings, answer.more
        while more:
            data = await self._asking.next(lambda came: len(came) > 0, doing=doing)
            settings, more = settings + data[1:], bool(data[0])
        return b"" if answer.error else settings

    def _refused(self, doing: str, answer: PolarAnswer) -> SensorRefusedError:
        known = answer.error in list(PolarError)
        status = PolarError(answer.error).name if known else f"{answer.error:#04x}"
        advice = _ADVICE.get(PolarError(answer.error)) if known else None
        return SensorRefusedError(
            f"{self._gatt.name} refused {doing} ({status})",
            advice=advice or "Switch the sensor off and on, and bring its firmware up to date.",
            sensor=self._gatt.name,
            status=status,
        )

    def _unusable(self, reason: str) -> BluetoothError:
        return BluetoothError(
            f"{self._gatt.name} cannot be used: {reason}",
            advice="Bring the sensor's firmware up to date in the maker's app.",
            sensor=self._gatt.name,
        )


def _recognises(name: str, _service_uuids: Sequence[str]) -> bool:
    return name.startswith(NAME_PREFIX)


def _may_be(sensor_id: str, _address: str, name: str) -> bool:
    return name.casefold() == f"{NAME_PREFIX}{sensor_id}".casefold()


def _make_decoder(capabilities: bytes) -> PolarDecoder:
    return PolarDecoder(PolarSettings.decode(capabilities))


KIND = SensorKind(
    protocol=PROTOCOL_NAME,
    title="Polar Verity Sense",
    recognises=_recognises,
    may_be=_may_be,
    make_driver=PolarDriver,
    make_decoder=_make_decoder,
    # firmware before 1.1.5 sends 130 samples at a time, at 52 Hz
    longest_silence_s=3.0,
    characteristics=frozenset({CONTROL_UUID, DATA_UUID}),
)
