"""A sensor that sends whatever bytes it likes: only clear errors and notes of bad frames come of it."""

import asyncio
from collections.abc import Coroutine, Iterator, Mapping
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any, TypeVar

import numpy as np
import pytest
from bleak.backends.characteristic import BleakGATTCharacteristic
from bleak.backends.client import NotifyCallback
from hypothesis import given, settings
from hypothesis import strategies as st
from virtual_bench import LEFT, QUICK, TEST_LIMIT_S, PatternFeed, settings_of

from firmware_protocol import (
    BACKFILL_UUID,
    CONTROL_UUID,
    STATUS_UUID,
    STREAM_UUID,
    ProtocolError,
    StreamScale,
    decode_frame,
    decode_status,
    encode_frame,
)
from firmware_protocol.backfill import decode_backfill_record, is_backfill_record
from tracker.errors import BluetoothError
from tracker.model import Notification, SensorIdentity
from tracker.sensing.bluetooth_source import BluetoothSource
from tracker.sensing.clock_model.parameters import ClockParameters
from tracker.sensing.drivers.hip_imu import HipImuDriver
from tracker.sensing.drivers.registry import decoder_of
from tracker.sensing.found import FoundSensor
from tracker.sensing.gatt import GattLink
from tracker.sensing.scanner import scan
from tracker.sensing.virtual.backend_client import VirtualClientBackend
from tracker.sensing.virtual.faults import FaultScript
from tracker.sensing.virtual.radio import VirtualRadio
from tracker.sensing.virtual.rubbish import Channel, Rubbish, Spoiler
from tracker.sensing.virtual.sensor import VirtualSensor
from tracker.session.ingest import SensorIngest

T = TypeVar("T")

LONGEST_BYTES = 244
"""What a notification carries at the usual MTU."""

PATIENT = replace(
    QUICK, request_timeout_s=5.0, watchdog_s=60.0, fetch_delay_s=0.0, fetch_silence_s=0.05, last_fetch_s=0.1
)
"""All that is asked is answered; a stream may pause between two examples."""

IMPATIENT = replace(PATIENT, request_timeout_s=0.1)
"""Answers that never come, as no mangled one does, are not waited for long."""

SILENT = FaultScript(silent_s=((0.0, 1e6),))
"""The sensor sends no frames of its own."""


@dataclass(frozen=True, slots=True)
class Mangle:
    """One way to spoil a value: cut it, turn bits, append, or put other bytes in its place."""

    keep: int = LONGEST_BYTES
    turn: Mapping[int, int] = field(default_factory=dict)
    append: bytes = b""

    def __call__(self, value: bytes) -> bytes:
        turned = bytearray(value[: self.keep])
        for place, bits in self.turn.items():
            if place < len(turned):
                turned[place] ^= bits
        return (bytes(turned) + self.append)[:LONGEST_BYTES]


UNTOUCHED = Mangle()
MANGLES = st.one_of(
    st.just(UNTOUCHED),
    st.builds(Mangle, keep=st.integers(0, LONGEST_BYTES)),
    st.builds(Mangle, turn=st.dictionaries(st.integers(0, 100), st.integers(1, 255), min_size=1, max_size=4)),
    st.builds(Mangle, append=st.binary(min_size=1, max_size=16)),
    st.builds(Mangle, keep=st.just(0), append=st.binary(max_size=LONGEST_BYTES)),
)


class Mangler(Spoiler):
    """Spoils each channel's values in turn, as it is told; beyond that they stay whole."""

    def __init__(self) -> None:
        super().__init__(Rubbish())
        self.planned: dict[Channel, list[Mangle]] = {}

    def spoil(self, channel: Channel, value: bytes) -> bytes:
        """The next value of a channel."""
        planned = self.planned.get(channel)
        return planned.pop(0)(value) if planned else value


@dataclass(slots=True)
class HostileBench:
    """A sensor that mangles, in a loop that outlasts the examples of a property."""

    runner: asyncio.Runner
    air: VirtualRadio
    sensor: VirtualSensor
    mangler: Mangler
    found: FoundSensor

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Do some work in the loop."""
        return self.runner.run(work)


@contextmanager
def hostile_bench() -> Iterator[HostileBench]:
    """The bench, with the sensor found."""
    with asyncio.Runner() as runner:
        stack = AsyncExitStack()

        async def set_up() -> HostileBench:
            air = await stack.enter_async_context(VirtualRadio())
            sensor = VirtualSensor(air, PatternFeed(), settings_of(0, ring_buffer_s=120.0), SILENT)
            mangler = Mangler()
            sensor._spoiler = mangler
            await stack.enter_async_context(sensor)
            (found,) = await scan(0.3, radio=air.radio)
            return HostileBench(runner, air, sensor, mangler, found)

        made = runner.run(set_up())
        try:
            yield made
        finally:
            runner.run(stack.aclose())


@pytest.fixture(name="escaped")
def _escaped(monkeypatch: pytest.MonkeyPatch) -> list[Exception]:
    """What callbacks of notifications raise from now on."""
    found: list[Exception] = []
    usual = VirtualClientBackend.start_notify

    async def start_notify(
        self: VirtualClientBackend,
        characteristic: BleakGATTCharacteristic,
        callback: NotifyCallback,
        **kwargs: object,
    ) -> None:
        def watched(value: bytearray) -> None:
            try:
                callback(value)
            except Exception as error:
                found.append(error)
                raise

        await usual(self, characteristic, watched, **kwargs)

    monkeypatch.setattr(VirtualClientBackend, "start_notify", start_notify)
    return found


async def handshake(gatt: GattLink) -> SensorIdentity | None:
    """All that the program asks a sensor; None where it ends with a clear error."""
    driver = HipImuDriver(gatt, IMPATIENT, lambda _payload, _received_ns: None)
    try:
        await driver.open()
        identity = await driver.start(1)
        await driver.identify(1)
        await driver.stop()
    except BluetoothError as error:
        assert error.message
        assert error.advice
        return None
    finally:
        for uuid in (CONTROL_UUID, STREAM_UUID, BACKFILL_UUID):
            await gatt.unsubscribe(uuid)
    return identity


def test_whatever_is_read_and_answered_ends_in_a_stream_or_a_clear_error(escaped: list[Exception]) -> None:
    with hostile_bench() as made:
        gatt = GattLink(made.found, parameters=IMPATIENT, radio=made.air.radio)
        made.run(gatt.connect())
        ended: set[bool] = set()

        @settings(max_examples=60)
        @given(
            capabilities=st.lists(MANGLES, max_size=2),
            answers=st.lists(MANGLES, max_size=3),
        )
        def each(capabilities: list[Mangle], answers: list[Mangle]) -> None:
            made.mangler.planned = {Channel.CAPABILITIES: capabilities, Channel.CONTROL: answers}
            identity = made.run(handshake(gatt))
            ended.add(identity is None)
            if identity is not None:
                # what the driver lets through can also be decoded by
                SensorIngest(LEFT, identity, 0, ClockParameters())

        each()
        made.run(gatt.close())
    assert ended == {True, False}
    assert not escaped


def test_battery_is_a_percentage_or_unknown_whatever_is_read() -> None:
    with hostile_bench() as made:
        gatt = GattLink(made.found, parameters=PATIENT, radio=made.air.radio)
        made.run(gatt.connect())
        driver = HipImuDriver(gatt, PATIENT, lambda _payload, _received_ns: None)

        @given(MANGLES)
        def each(mangle: Mangle) -> None:
            made.mangler.planned = {Channel.BATTERY: [mangle]}
            percent = made.run(driver.battery_percent())
            assert percent is None or 0 <= percent <= 100

        each()
        made.run(gatt.close())


def test_status_is_read_or_refused_whatever_it_is() -> None:
    with hostile_bench() as made:
        gatt = GattLink(made.found, parameters=PATIENT, radio=made.air.radio)
        made.run(gatt.connect())

        @given(MANGLES)
        def each(mangle: Mangle) -> None:
            made.mangler.planned = {Channel.STATUS: [mangle]}
            value = made.run(gatt.read(STATUS_UUID))
            try:
                decode_status(value)
            except ProtocolError as error:
                assert str(error)

        each()
        made.run(gatt.close())


def is_readable(payload: bytes) -> bool:
    """Whether a payload is a frame, or a record with one."""
    try:
        frame = decode_backfill_record(payload) if is_backfill_record(payload) else payload
        decode_frame(frame, StreamScale(1.0, 1.0))
    except ProtocolError:
        return False
    return True


def end_mark(number: int) -> bytes:
    """Bytes that are no frame and that no mangled frame is."""
    return b"end of example %d" % number


async def notified(
    made: HostileBench, source: BluetoothSource, sent: list[tuple[bool, bytes]], mark: bytes
) -> list[Notification]:
    """Send payloads, on Backfill where it says so, and what the source gives up to the mark at their end."""
    for again, payload in [*sent, (False, mark)]:
        await made.sensor.notify(made.sensor._backfill if again else made.sensor._stream, payload)
    got: list[Notification] = []
    items = source.items()
    async with asyncio.timeout(TEST_LIMIT_S):
        while not got or got[-1].payload != mark:
            item = await anext(items)
            if isinstance(item, Notification):
                got.append(item)
    return got


def fetching_of(source: BluetoothSource) -> asyncio.Task[None]:
    """What fetches lost samples of the left sensor."""
    connection = source._links[LEFT]._connection
    assert connection is not None
    return connection._works[-1]


def test_whatever_is_notified_is_recorded_and_what_cannot_be_read_is_noted(escaped: list[Exception]) -> None:
    counts = PatternFeed().counts(0, 5)
    frame = encode_frame(counts, first_sample_index=0, first_tick=0, interval_ticks=10_000, sequence=0)
    numbers = count()
    with hostile_bench() as made:
        source = BluetoothSource({LEFT: made.found.address}, PATIENT, made.air.radio)
        made.run(source.__aenter__())

        @given(st.lists(st.tuples(st.booleans(), MANGLES), max_size=8))
        def each(sent: list[tuple[bool, Mangle]]) -> None:
            payloads = [(again, mangle(frame)) for again, mangle in sent]
            got = made.run(notified(made, source, payloads, end_mark(next(numbers))))
            came = iter([one.payload for one in got])
            assert all(payload in came for _, payload in payloads)
            identity = source.sensors[LEFT]
            received_ns = np.array([one.received_ns for one in got])
            batch = decoder_of(identity).decode([one.payload for one in got], received_ns)
            unreadable = [place for place, one in enumerate(got) if not is_readable(one.payload)]
            assert [bad.position for bad in batch.bad_frames] == unreadable
            notes = SensorIngest(LEFT, identity, 0, ClockParameters()).take(got).notes
            assert all(note.reason for note in notes)

        each()
        fetching = fetching_of(source)
        assert not fetching.done() or fetching.exception() is None
        made.run(source.stop())
    assert not escaped
