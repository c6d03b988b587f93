"""A virtual sensor over the radio: status, power, versions and lost samples, seen by bleak's own client."""

import asyncio
from dataclasses import replace
from itertools import pairwise

import pytest
from bleak import BleakScanner
from firmware_bench import SESSION, START, frames_of, indices
from receiver_bench import Receiver, sensor_on_air
from virtual_bench import LEFT, QUICK, Collector, frames, settings_of

from firmware_protocol import (
    BACKFILL_UUID,
    BATTERY_LEVEL_UUID,
    CAPABILITIES_UUID,
    CONTROL_UUID,
    STATUS_UUID,
    STREAM_UUID,
    AbortFetchAnswer,
    AbortFetchRequest,
    AnyAnswer,
    Feature,
    FetchAnswer,
    FetchRequest,
    FrameFlag,
    GetStatusAnswer,
    GetStatusRequest,
    Opcode,
    ResumeAnswer,
    ResumeRequest,
    SensorState,
    StartAnswer,
    StopAnswer,
    StopRequest,
    decode_capabilities,
    decode_status,
)
from firmware_protocol.stream import parse_header
from tracker.errors import BluetoothError
from tracker.sensing.bluetooth_source import BluetoothSource
from tracker.sensing.source import LinkState
from tracker.sensing.virtual.faults import FaultScript
from tracker.sensing.virtual.rubbish import Channel, Rubbish

FAST = 10.0


async def test_status_is_notified_at_start_then_every_two_seconds_and_at_stop() -> None:
    async with sensor_on_air() as (air, sensor):
        receiver = Receiver(air, sensor)
        await receiver.open(STATUS_UUID, BATTERY_LEVEL_UUID)
        await receiver.ask(START)
        await receiver.until(lambda: len(receiver.statuses()) >= 4)
        await receiver.ask(StopRequest(2))
        await receiver.until(lambda: receiver.statuses()[-1].state is SensorState.IDLE)
        streaming = receiver.statuses()[:4]
        assert [status.state for status in streaming] == [SensorState.STREAMING] * 4
        assert [status.session for status in streaming] == [SESSION] * 4
        ticks = [status.ticks_now for status in streaming]
        # a microsecond a tick; a timer may be a millisecond early, which is ten of the motion, or late
        assert all(later - earlier >= 1_990_000 for earlier, later in pairwise(ticks))
        assert set(receiver.values(BATTERY_LEVEL_UUID)) == {b"\x64"}
        await receiver.client.disconnect()


async def test_lost_samples_come_beside_the_live_stream_which_goes_first() -> None:
    async with sensor_on_air() as (air, sensor):
        receiver = Receiver(air, sensor)
        await receiver.open(STREAM_UUID, BACKFILL_UUID)
        await receiver.ask(START)
        await receiver.until(lambda: len(receiver.values(STREAM_UUID)) >= 40)
        assert await receiver.ask(FetchRequest(2, 0, 720)) == FetchAnswer(2, 0, 720)
        await receiver.until(lambda: len(receiver.values(BACKFILL_UUID)) >= 40)
        assert indices(frames_of(receiver.values(BACKFILL_UUID))) == list(range(720))
        live = receiver.values(STREAM_UUID)
        assert indices(live) == list(range(19 * len(live)))
        assert not any(frame[1] & FrameFlag.BACKFILL for frame in live)
        order = "".join(
            "r" if uuid == BACKFILL_UUID else "f" for uuid, _ in receiver.came if uuid != CONTROL_UUID
        )
        between = order[order.index("r") : order.rindex("r")].split("f")
        # 20 records a second and a frame every 0.19 s: four records between two frames, one for chance
        assert max(map(len, between)) <= 5
        await receiver.client.disconnect()


async def test_nothing_comes_behind_the_answer_that_calls_it_off() -> None:
    async with sensor_on_air() as (air, sensor):
        receiver = Receiver(air, sensor)
        await receiver.open(STREAM_UUID, BACKFILL_UUID)
        await receiver.ask(START)
        await receiver.until(lambda: len(receiver.values(STREAM_UUID)) >= 20)
        await receiver.ask(FetchRequest(2, 0, 360))
        await receiver.until(lambda: len(receiver.values(BACKFILL_UUID)) >= 3)
        assert await receiver.ask(AbortFetchRequest(3)) == AbortFetchAnswer(3)
        called_off = len(receiver.values(BACKFILL_UUID))
        assert await receiver.ask(FetchRequest(4, 100, 136)) == FetchAnswer(4, 100, 136)
        await receiver.until(lambda: len(receiver.values(BACKFILL_UUID)) >= called_off + 2)
        again = frames_of(receiver.values(BACKFILL_UUID)[called_off:])
        assert indices(again) == list(range(100, 136))
        # the answer first, then its two records
        order = [uuid for uuid, _ in receiver.came if uuid != STREAM_UUID]
        assert order[-3:] == [CONTROL_UUID, BACKFILL_UUID, BACKFILL_UUID]
        await receiver.client.disconnect()


async def test_resume_brings_back_the_stream_and_what_was_missed() -> None:
    async with sensor_on_air() as (air, sensor):
        first = Receiver(air, sensor)
        await first.open(STREAM_UUID)
        await first.ask(START)
        await first.until(lambda: len(first.values(STREAM_UUID)) >= 5)
        await sensor.drop_link()
        await first.lost.wait()
        lacking = indices(first.values(STREAM_UUID))[-1] + 1
        second = Receiver(air, sensor)
        await second.open(STREAM_UUID, BACKFILL_UUID)
        assert await second.ask(ResumeRequest(3, SESSION, lacking)) == ResumeAnswer(3, lacking)
        await second.until(lambda: len(second.values(STREAM_UUID)) >= 3)

        def together() -> set[int]:
            return {*indices(second.values(STREAM_UUID)), *indices(frames_of(second.values(BACKFILL_UUID)))}

        newest = indices(second.values(STREAM_UUID))[-1]
        await second.until(lambda: together() >= set(range(lacking, newest + 1)))
        await first.client.disconnect()
        await second.client.disconnect()


async def test_a_receiver_of_version_1_0_sees_a_stream_of_version_1_0() -> None:
    """It asks for no samples again, whatever gets lost, and reads frames alone."""
    faults = FaultScript(drop_sequences=frozenset({3, 4}))
    async with sensor_on_air(faults) as (air, sensor):
        receiver = Receiver(air, sensor)
        await receiver.open(STREAM_UUID)
        await receiver.ask(START)
        await receiver.until(lambda: len(receiver.values(STREAM_UUID)) >= 10)
        capabilities = await receiver.client.read_gatt_char(CAPABILITIES_UUID)
        assert decode_capabilities(capabilities).protocol_major == 1
        headers = [parse_header(frame) for frame in receiver.values(STREAM_UUID)]
        assert [header[2] for header in headers[:5]] == [0, 1, 2, 5, 6]
        assert {header[1] for header in headers[1:]} == {0}
        assert isinstance(await receiver.ask(StopRequest(2)), StopAnswer)
        assert {uuid for uuid, _ in receiver.came} == {CONTROL_UUID, STREAM_UUID}
        await receiver.client.disconnect()


async def test_a_sensor_of_version_1_0_is_never_asked_to_send_again(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = settings_of(0, ring_buffer_s=0.0, protocol_minor=0)
    faults = FaultScript(drop_sequences=frozenset({3, 4}))
    async with sensor_on_air(faults, settings) as (air, sensor):
        asked: list[int] = []
        answer = sensor.firmware.answer

        def listening(data: bytes, mtu: int) -> AnyAnswer | None:
            asked.append(data[0])
            return answer(data, mtu)

        monkeypatch.setattr(sensor.firmware, "answer", listening)
        async with BluetoothSource({LEFT: settings.name}, QUICK, air.radio) as source:
            got = Collector(source)
            await got.until(frames(LEFT, 10))
            identity = source.sensors[LEFT]
            await source.stop()
            await got.rest()
        assert decode_capabilities(identity.capabilities).protocol_minor == 0
        assert [block.sequence for block in got.blocks(LEFT)][:5] == [0, 1, 2, 5, 6]
        assert not {Opcode.FETCH, Opcode.RESUME, Opcode.ABORT_FETCH} & set(asked)
        assert {Opcode.START, Opcode.STOP} <= set(asked)


async def test_a_claim_to_send_again_that_is_refused_leaves_the_stream_as_it_is() -> None:
    faults = FaultScript(drop_sequences=frozenset({3, 4}), claims=Feature.RESUME_AND_FETCH)
    settings = settings_of(0, ring_buffer_s=0.0)
    async with sensor_on_air(faults, settings) as (air, _):
        quick = replace(QUICK, fetch_delay_s=0.0)
        async with BluetoothSource({LEFT: settings.name}, quick, air.radio) as source:
            got = Collector(source)
            await got.until(lambda got: any("BAD_OPCODE" in one.detail for one in got.reports(LEFT)))
            await got.until(frames(LEFT, len(got.blocks(LEFT)) + 10))
            await source.stop()
            await got.rest()
        assert LinkState.LOST not in got.states(LEFT)
        assert [block.sequence for block in got.blocks(LEFT)][:5] == [0, 1, 2, 5, 6]


async def test_a_restart_breaks_the_link_and_forgets_the_session() -> None:
    async with sensor_on_air(FaultScript(restart_at_s=(2.0,))) as (air, sensor):
        first = Receiver(air, sensor)
        await first.open(STREAM_UUID)
        await first.ask(START)
        await first.lost.wait()
        second = Receiver(air, sensor)
        await second.open(STREAM_UUID)
        told = decode_status(await second.client.read_gatt_char(STATUS_UUID))
        assert (told.restarts, told.session, told.state) == (1, 0, SensorState.IDLE)
        assert isinstance(await second.ask(START), StartAnswer)
        await second.until(lambda: len(second.values(STREAM_UUID)) >= 2)
        before, after = first.values(STREAM_UUID)[-1], second.values(STREAM_UUID)[0]
        assert after[1] & FrameFlag.TIME_JUMP
        assert parse_header(after)[3] == 0
        # ticks begin anew: more than two seconds of the motion have passed since the sensor was first on
        assert parse_header(after)[4] < parse_header(before)[4]
        await first.client.disconnect()
        await second.client.disconnect()


async def test_an_empty_battery_ends_the_link_and_the_sensor_is_gone() -> None:
    async with sensor_on_air(FaultScript(battery_empty_at_s=3.0)) as (air, sensor):
        receiver = Receiver(air, sensor)
        await receiver.open(STATUS_UUID)
        await receiver.ask(START)
        await receiver.lost.wait()
        charges = [status.battery_percent for status in receiver.statuses()]
        assert charges == sorted(charges, key=lambda percent: percent or 0, reverse=True)
        assert charges[-1] != 100
        async with BleakScanner(backend=air.radio.scanner) as scanner:
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.2):
                    await anext(scanner.advertisement_data())
        await receiver.client.disconnect()


async def test_a_charge_is_told_by_request_and_by_reading() -> None:
    settings = settings_of(0, battery_percent=42)
    async with sensor_on_air(settings=settings) as (air, sensor):
        receiver = Receiver(air, sensor)
        await receiver.open()
        answer = await receiver.ask(GetStatusRequest(1))
        assert isinstance(answer, GetStatusAnswer)
        assert answer.battery_percent == 42
        assert await receiver.client.read_gatt_char(BATTERY_LEVEL_UUID) == b"\x2a"
        await receiver.client.disconnect()


@pytest.mark.parametrize("channel", [Channel.CAPABILITIES, Channel.CONTROL])
async def test_random_bytes_in_the_handshake_end_in_a_clear_error(channel: Channel) -> None:
    faults = FaultScript(rubbish=Rubbish(frozenset({channel}), seed=5))
    async with sensor_on_air(faults) as (air, sensor):
        quick = replace(QUICK, request_timeout_s=0.2, connect_attempts=1)
        with pytest.raises(BluetoothError) as caught:
            await BluetoothSource({LEFT: sensor.settings.name}, quick, air.radio).__aenter__()
        assert caught.value.advice


async def test_random_bytes_on_the_stream_are_recorded_and_the_link_stays() -> None:
    channels = frozenset({Channel.STREAM, Channel.BACKFILL, Channel.STATUS, Channel.BATTERY})
    faults = FaultScript(rubbish=Rubbish(channels, seed=5))
    async with sensor_on_air(faults) as (air, sensor):
        async with BluetoothSource({LEFT: sensor.settings.name}, QUICK, air.radio) as source:
            got = Collector(source)
            await got.until(lambda got: len(got.items) >= 30)
            await source.stop()
            await got.rest()
        assert LinkState.LOST not in got.states(LEFT)
        assert got.states(LEFT)[-1] is LinkState.STOPPED
