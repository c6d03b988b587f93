"""What a receiver asks a sensor on the control point: one dataclass for each request."""

from dataclasses import dataclass
from typing import ClassVar, Final

from firmware_protocol.service import Layout, Opcode, PlacementCode
from firmware_protocol.wire import WireField


@dataclass(frozen=True, slots=True)
class Request:
    """Any request.

    Attributes:
        opcode: what is asked for.
        wire: the arguments in the order in which they are sent.
        request_id: 0 to 255, repeated by the answer; differs from that of any request still open.
    """

    opcode: ClassVar[Opcode]
    wire: ClassVar[tuple[WireField, ...]] = ()
    request_id: int


@dataclass(frozen=True, slots=True)
class GetStatusRequest(Request):
    """Asks what the sensor is doing."""

    opcode: ClassVar[Opcode] = Opcode.GET_STATUS


@dataclass(frozen=True, slots=True)
class StartRequest(Request):
    """Asks for a stream; the same session again changes nothing and is answered in the same way.

    Attributes:
        session: number of the session, chosen by the receiver, above zero.
        sample_rate_hz: rate wanted, one of those in the capabilities, in steps of 0.1 Hz.
        accelerometer_range_g: range wanted, one of those in the capabilities.
        gyroscope_range_dps: range wanted, degrees a second, one of those in the capabilities.
        max_latency_ms: the oldest sample of a frame waits no longer than this to be sent; 0 leaves
            it to the sensor, which fills its frames.
        layout: sample layout wanted.
    """

    opcode: ClassVar[Opcode] = Opcode.START
    wire: ClassVar[tuple[WireField, ...]] = (
        WireField("layout", "u8", convert=Layout),
        WireField("sample_rate_hz", "u16", counts_per_unit=10),
        WireField("accelerometer_range_g", "u8"),
        WireField("gyroscope_range_dps", "u16"),
        WireField("max_latency_ms", "u16"),
        WireField("session", "u32"),
    )
    session: int
    sample_rate_hz: float
    accelerometer_range_g: int
    gyroscope_range_dps: int
    max_latency_ms: int = 0
    layout: Layout = Layout.SIX_AXIS_INT16


@dataclass(frozen=True, slots=True)
class StopRequest(Request):
    """Asks to end the stream."""

    opcode: ClassVar[Opcode] = Opcode.STOP


@dataclass(frozen=True, slots=True)
class PingRequest(Request):
    """Asks for the device's clock.

    Attributes:
        host_stamp: t1, any number of the receiver's; the answer repeats it.
    """

    opcode: ClassVar[Opcode] = Opcode.PING
    wire: ClassVar[tuple[WireField, ...]] = (WireField("host_stamp", "u64"),)
    host_stamp: int


@dataclass(frozen=True, slots=True)
class ResumeRequest(Request):
    """Asks to go on with a session after a lost link.

    Attributes:
        session: the session that was running.
        next_sample_index: index of the first sample that the receiver lacks.
    """

    opcode: ClassVar[Opcode] = Opcode.RESUME
    wire: ClassVar[tuple[WireField, ...]] = (
        WireField("session", "u32"),
        WireField("next_sample_index", "u32"),
    )
    session: int
    next_sample_index: int


@dataclass(frozen=True, slots=True)
class FetchRequest(Request):
    """Asks for samples of the running session again.

    Attributes:
        first_sample_index: index of the first sample wanted.
        end_sample_index: index after the last sample wanted.
    """

    opcode: ClassVar[Opcode] = Opcode.FETCH
    wire: ClassVar[tuple[WireField, ...]] = (
        WireField("first_sample_index", "u32"),
        WireField("end_sample_index", "u32"),
    )
    first_sample_index: int
    end_sample_index: int


@dataclass(frozen=True, slots=True)
class AbortFetchRequest(Request):
    """Asks to send no more of what RESUME or FETCH asked for."""

    opcode: ClassVar[Opcode] = Opcode.ABORT_FETCH


@dataclass(frozen=True, slots=True)
class IdentifyRequest(Request):
    """Asks the sensor to show itself by light, sound or vibration.

    Attributes:
        duration_s: for how long; 0 ends it.
    """

    opcode: ClassVar[Opcode] = Opcode.IDENTIFY
    wire: ClassVar[tuple[WireField, ...]] = (WireField("duration_s", "u8"),)
    duration_s: int


@dataclass(frozen=True, slots=True)
class SelfTestRequest(Request):
    """Asks for a self-test; only while no stream runs."""

    opcode: ClassVar[Opcode] = Opcode.SELF_TEST


@dataclass(frozen=True, slots=True)
class SetPlacementRequest(Request):
    """Tells the sensor where it sits; it keeps this and states it in its capabilities.

    Attributes:
        placement: where it sits.
    """

    opcode: ClassVar[Opcode] = Opcode.SET_PLACEMENT
    wire: ClassVar[tuple[WireField, ...]] = (WireField("placement", "u8", convert=PlacementCode),)
    placement: PlacementCode


@dataclass(frozen=True, slots=True)
class EventRequest(Request):
    """Asks to mark the next sample.

    Attributes:
        event: number of the receiver's choice.
    """

    opcode: ClassVar[Opcode] = Opcode.EVENT
    wire: ClassVar[tuple[WireField, ...]] = (WireField("event", "u8"),)
    event: int


REQUEST_TYPES: Final[dict[Opcode, type[Request]]] = {
    kind.opcode: kind
    for kind in (
        GetStatusRequest,
        StartRequest,
        StopRequest,
        PingRequest,
        ResumeRequest,
        FetchRequest,
        AbortFetchRequest,
        IdentifyRequest,
        SelfTestRequest,
        SetPlacementRequest,
        EventRequest,
    )
}
