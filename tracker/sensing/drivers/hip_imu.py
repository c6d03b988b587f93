"""Driver of our own sensors: the HIP IMU service of firmware_protocol."""

from collections.abc import Sequence

from firmware_protocol import (
    BACKFILL_UUID,
    CAPABILITIES_UUID,
    CONTROL_UUID,
    SERVICE_UUID,
    STATUS_UUID,
    STREAM_UUID,
    AbortFetchAnswer,
    AbortFetchRequest,
    Capabilities,
    Feature,
    FetchAnswer,
    FetchRequest,
    FrameFlag,
    IdentifyAnswer,
    IdentifyRequest,
    PlacementCode,
    ProtocolError,
    StartAnswer,
    StartRequest,
    Status,
    StopAnswer,
    StopRequest,
    decode_capabilities,
    decode_status,
)
from firmware_protocol.backfill import decode_backfill_record, is_backfill_record
from firmware_protocol.hip_imu_decoder import HipImuDecoder
from firmware_protocol.stream import parse_header
from tracker.errors import BluetoothError
from tracker.model import Placement, SensorIdentity
from tracker.sensing.drivers.battery import standard_battery_percent
from tracker.sensing.drivers.control_point import ControlPoint
from tracker.sensing.drivers.driver import SampleSpan, SensorKind
from tracker.sensing.drivers.refusals import SensorRefusedError, check_offered
from tracker.sensing.gatt import GattLink, ValueSink
from tracker.sensing.identity import PROTOCOL_NAME, identity_of, may_be
from tracker.sensing.parameters import LinkParameters

_INDEX_WRAP = 1 << 32
_PLACEMENTS = {
    PlacementCode.LEFT_THIGH: Placement.LEFT_THIGH,
    PlacementCode.RIGHT_THIGH: Placement.RIGHT_THIGH,
    PlacementCode.PELVIS: Placement.PELVIS,
}


class HipImuDriver:
    """Drives one sensor of the HIP IMU service; a `SensorDriver` that `KeepsSamples`."""

    def __init__(self, gatt: GattLink, parameters: LinkParameters, sink: ValueSink) -> None:
        self._gatt = gatt
        self._parameters = parameters
        self._sink = sink
        self._control = ControlPoint(gatt, parameters.request_timeout_s)
        self._capabilities: Capabilities | None = None
        self._end_index: int | None = None
        self._goes_on = False

    @property
    def can_fetch(self) -> bool:
        """Whether the sensor keeps its samples and sends them once more."""
        offered = Feature.NONE if self._capabilities is None else self._capabilities.features
        return bool(offered & Feature.RESUME_AND_FETCH)

    @property
    def goes_on(self) -> bool:
        """Whether the session ran on while the link was gone: the sensor was not switched off."""
        return self._goes_on

    @property
    def end_index(self) -> int | None:
        """One after the session's last sample; None before `stop`."""
        return self._end_index

    @property
    def stated_placement(self) -> Placement | None:
        """Where the sensor says that it sits; see `StatesPlacement`."""
        return _PLACEMENTS.get(self._opened.placement)

    async def open(self) -> str:
        """Read what the sensor is; see `SensorDriver.open`."""
        self._capabilities = self._decoded(await self._gatt.read(CAPABILITIES_UUID))
        await self._control.open()
        return self._capabilities.device_id.hex()

    async def start(self, session: int) -> SensorIdentity:
        """Let the sensor stream; see `SensorDriver.start`.

        The capabilities are read once more after START: the scale depends on it.
        """
        wanted = self._parameters
        check_offered(self._gatt.name, self._opened, wanted)
        await self._gatt.subscribe(STREAM_UUID, self._sink)
        if self.can_fetch:
            await self._gatt.subscribe(BACKFILL_UUID, self._sink)
            self._goes_on = await self._runs(session)
        await self._control.ask(
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
        capabilities = await self._gatt.read(CAPABILITIES_UUID)
        self._capabilities = self._decoded(capabilities)
        return identity_of(self._gatt.sensor.address, self._gatt.sensor.name, capabilities)

    async def stop(self) -> None:
        """End the stream; see `SensorDriver.stop`."""
        answer = await self._control.ask(StopRequest, StopAnswer)
        self._end_index = (answer.last_sample_index + 1) % _INDEX_WRAP

    async def battery_percent(self) -> int | None:
        """Charge; see `SensorDriver.battery_percent`."""
        return await standard_battery_percent(self._gatt)

    async def identify(self, duration_s: int) -> bool:
        """Let the sensor show itself; see `SensorDriver.identify`."""
        if not self._opened.features & Feature.IDENTIFY:
            return False
        await self._control.ask(lambda request_id: IdentifyRequest(request_id, duration_s), IdentifyAnswer)
        return True

    def span_of(self, payload: bytes) -> SampleSpan | None:
        """Which samples a notification holds; see `KeepsSamples.span_of`."""
        try:
            frame = decode_backfill_record(payload) if is_backfill_record(payload) else payload
            _, flags, _, first_index, _, _, samples = parse_header(frame)
        except ProtocolError:
            return None
        return SampleSpan(first_index, samples, bool(flags & FrameFlag.TIME_JUMP))

    async def fetch(self, first_index: int, end_index: int) -> int:
        """Ask for samples again; see `KeepsSamples.fetch`."""
        try:
            answer = await self._control.ask(
                lambda request_id: FetchRequest(request_id, first_index, end_index), FetchAnswer
            )
        except SensorRefusedError as error:
            if error.data["status"] == Status.RANGE_GONE.name:
                return end_index
            raise
        return answer.first_sample_index

    async def abort_fetch(self) -> None:
        """End what was asked for; see `KeepsSamples.abort_fetch`."""
        await self._control.ask(AbortFetchRequest, AbortFetchAnswer)

    async def _runs(self, session: int) -> bool:
        """Whether the sensor knows the session; a status that cannot be read leaves it to the first frame."""
        try:
            return decode_status(await self._gatt.read(STATUS_UUID)).session == session
        except ProtocolError:
            return True

    @property
    def _opened(self) -> Capabilities:
        if self._capabilities is None:
            raise RuntimeError("the sensor has not been opened")
        return self._capabilities

    def _decoded(self, data: bytes) -> Capabilities:
        try:
            return decode_capabilities(data)
        except ProtocolError as error:
            raise BluetoothError(
                f"{self._gatt.name} states its capabilities in a way that this program cannot read: {error}",
                advice=error.advice,
                sensor=self._gatt.name,
            ) from error


def _recognises(_name: str, service_uuids: Sequence[str]) -> bool:
    return SERVICE_UUID in service_uuids


def _make_decoder(capabilities: bytes) -> HipImuDecoder:
    return HipImuDecoder(decode_capabilities(capabilities))


KIND = SensorKind(
    protocol=PROTOCOL_NAME,
    title="HIP IMU",
    recognises=_recognises,
    may_be=may_be,
    make_driver=HipImuDriver,
    make_decoder=_make_decoder,
    characteristics=frozenset({CAPABILITIES_UUID, CONTROL_UUID, STREAM_UUID}),
)
