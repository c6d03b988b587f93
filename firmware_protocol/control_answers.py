"""What a sensor answers on the control point: one dataclass for each answer, and one for every refusal."""

from dataclasses import dataclass
from typing import ClassVar, Final, TypeAlias

from firmware_protocol.service import Opcode, SelfTestFailure, SensorState, Status
from firmware_protocol.wire import WireField


@dataclass(frozen=True, slots=True)
class Answer:
    """Any answer with the status OK.

    Attributes:
        opcode: opcode of the request that is answered.
        wire: the arguments in the order in which they are sent.
        request_id: that of the request.
    """

    opcode: ClassVar[Opcode]
    wire: ClassVar[tuple[WireField, ...]] = ()
    request_id: int


@dataclass(frozen=True, slots=True)
class RefusedAnswer:
    """Any answer with another status than OK.

    Attributes:
        opcode: opcode of the request that is refused; a plain int where this version has no such opcode.
        request_id: that of the request.
        status: why it is refused; a plain int where this version has no such status.
        oldest_sample_index: with RANGE_GONE the oldest sample still there, else None.
    """

    opcode: Opcode | int
    request_id: int
    status: Status | int
    oldest_sample_index: int | None = None


@dataclass(frozen=True, slots=True)
class GetStatusAnswer(Answer):
    """What the sensor is doing.

    Attributes:
        state: what it is doing.
        session: the running or last session; 0 none since the restart.
        ticks_now: device clock, 64 bits of the counter of which frames carry 32.
        next_sample_index: index that the next sample will get.
        oldest_sample_index: oldest sample that can be fetched; next_sample_index where none can.
        battery_percent: charge, None where it is not known.
    """

    opcode: ClassVar[Opcode] = Opcode.GET_STATUS
    wire: ClassVar[tuple[WireField, ...]] = (
        WireField("state", "u8", convert=SensorState),
        WireField("session", "u32"),
        WireField("ticks_now", "u64"),
        WireField("next_sample_index", "u32"),
        WireField("oldest_sample_index", "u32"),
        WireField("battery_percent", "u8", absent=0xFF),
    )
    state: SensorState
    session: int
    ticks_now: int
    next_sample_index: int
    oldest_sample_index: int
    battery_percent: int | None


@dataclass(frozen=True, slots=True)
class StartAnswer(Answer):
    """The stream runs.

    Attributes:
        session: the session that runs.
        first_sample_index: index of the session's first sample.
        sample_rate_hz: rate as the sensor's data sheet or trimming has it, in steps of 0.001 Hz.
    """

    opcode: ClassVar[Opcode] = Opcode.START
    wire: ClassVar[tuple[WireField, ...]] = (
        WireField("session", "u32"),
        WireField("first_sample_index", "u32"),
        WireField("sample_rate_hz", "u32", counts_per_unit=1000),
    )
    session: int
    first_sample_index: int
    sample_rate_hz: float


@dataclass(frozen=True, slots=True)
class StopAnswer(Answer):
    """The stream has ended.

    Attributes:
        last_sample_index: index of the session's last sample; one below its first, modulo 2**32,
            where it had none.
    """

    opcode: ClassVar[Opcode] = Opcode.STOP
    wire: ClassVar[tuple[WireField, ...]] = (WireField("last_sample_index", "u32"),)
    last_sample_index: int


@dataclass(frozen=True, slots=True)
class PingAnswer(Answer):
    """The device's clock.

    Attributes:
        host_stamp: t1 of the request.
        received_ticks: t2, device clock when the request arrived.
        sent_ticks: t3, device clock when the answer was handed to the radio.
    """

    opcode: ClassVar[Opcode] = Opcode.PING
    wire: ClassVar[tuple[WireField, ...]] = (
        WireField("host_stamp", "u64"),
        WireField("received_ticks", "u64"),
        WireField("sent_ticks", "u64"),
    )
    host_stamp: int
    received_ticks: int
    sent_ticks: int


@dataclass(frozen=True, slots=True)
class ResumeAnswer(Answer):
    """The session goes on.

    Attributes:
        first_sample_index: oldest sample at or after the one asked for that will still be sent.
    """

    opcode: ClassVar[Opcode] = Opcode.RESUME
    wire: ClassVar[tuple[WireField, ...]] = (WireField("first_sample_index", "u32"),)
    first_sample_index: int


@dataclass(frozen=True, slots=True)
class FetchAnswer(Answer):
    """Samples will be sent again.

    Attributes:
        first_sample_index: index of the first sample that will be sent.
        end_sample_index: index after the last sample that will be sent.
    """

    opcode: ClassVar[Opcode] = Opcode.FETCH
    wire: ClassVar[tuple[WireField, ...]] = (
        WireField("first_sample_index", "u32"),
        WireField("end_sample_index", "u32"),
    )
    first_sample_index: int
    end_sample_index: int


@dataclass(frozen=True, slots=True)
class AbortFetchAnswer(Answer):
    """No more samples are sent again."""

    opcode: ClassVar[Opcode] = Opcode.ABORT_FETCH


@dataclass(frozen=True, slots=True)
class IdentifyAnswer(Answer):
    """The sensor shows itself."""

    opcode: ClassVar[Opcode] = Opcode.IDENTIFY


@dataclass(frozen=True, slots=True)
class SelfTestAnswer(Answer):
    """The self-test is over.

    Attributes:
        failures: what it found wrong; none means that it passed.
    """

    opcode: ClassVar[Opcode] = Opcode.SELF_TEST
    wire: ClassVar[tuple[WireField, ...]] = (WireField("failures", "u16", convert=SelfTestFailure),)
    failures: SelfTestFailure


@dataclass(frozen=True, slots=True)
class SetPlacementAnswer(Answer):
    """The placement is kept."""

    opcode: ClassVar[Opcode] = Opcode.SET_PLACEMENT


@dataclass(frozen=True, slots=True)
class EventAnswer(Answer):
    """The event is marked.

    Attributes:
        sample_index: index of the sample that is marked.
    """

    opcode: ClassVar[Opcode] = Opcode.EVENT
    wire: ClassVar[tuple[WireField, ...]] = (WireField("sample_index", "u32"),)
    sample_index: int


AnyAnswer: TypeAlias = Answer | RefusedAnswer

ANSWER_TYPES: Final[dict[Opcode, type[Answer]]] = {
    kind.opcode: kind
    for kind in (
        GetStatusAnswer,
        StartAnswer,
        StopAnswer,
        PingAnswer,
        ResumeAnswer,
        FetchAnswer,
        AbortFetchAnswer,
        IdentifyAnswer,
        SelfTestAnswer,
        SetPlacementAnswer,
        EventAnswer,
    )
}
