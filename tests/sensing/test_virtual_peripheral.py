"""A peripheral of any maker on the virtual radio, seen by bleak's own client and scanner."""

import asyncio
from collections.abc import Sequence

import pytest
from bleak import BleakClient, BleakScanner
from bleak.exc import BleakError
from bumble.device import Connection
from bumble.gatt import Characteristic, Service
from virtual_bench import TEST_LIMIT_S

from tracker.sensing.virtual.advertisement import LARGEST_BYTES, Advertisement
from tracker.sensing.virtual.peripheral import STEADY, LinkScript, VirtualPeripheral
from tracker.sensing.virtual.radio import VirtualRadio

ADDRESS = "C6:00:00:00:00:01"
MAKERS_UUID = "0000ffe5-0000-1000-8000-00805f9a34fb"
VALUE_UUID = "0000ffe4-0000-1000-8000-00805f9a34fb"
FAST = 10.0


class Counter(VirtualPeripheral):
    """Counts in notifications, ten a second of the motion, and answers by one indication."""

    def __init__(self, radio: VirtualRadio, script: LinkScript = STEADY) -> None:
        super().__init__(
            radio, ADDRESS, Advertisement("WT901", (MAKERS_UUID,)), mtu=100, rssi_dbm=-71, script=script
        )
        properties = Characteristic.Properties.NOTIFY | Characteristic.Properties.INDICATE
        readable = Characteristic.Permissions.READABLE
        self._value: Characteristic[bytes] = Characteristic(VALUE_UUID, properties, readable)
        self.mtus: list[int] = []
        self.lost = 0

    def services(self) -> Sequence[Service]:
        """One service with one value."""
        return [Service(MAKERS_UUID, [self._value])]

    def on_connected(self, connection: Connection) -> None:
        """Count for as long as the link stands."""
        self.mtus.append(connection.att_mtu)
        self.radio.motion.begin()
        self.spawn(self._count())

    def on_disconnected(self) -> None:
        """Keep account of lost links."""
        self.lost += 1

    async def say(self, value: bytes) -> None:
        """Indicate a value."""
        await self.indicate(self._value, value)

    async def say_quickly(self, value: bytes) -> None:
        """Notify a value."""
        await self.notify(self._value, value)

    async def _count(self) -> None:
        for number in range(10_000):
            await self.radio.motion.wait_until(number / 10.0)
            await self.notify(self._value, number.to_bytes(2, "little"))


async def test_a_peripheral_is_heard_with_its_name_services_and_strength() -> None:
    async with (
        asyncio.timeout(TEST_LIMIT_S),
        VirtualRadio() as air,
        Counter(air),
        BleakScanner(backend=air.radio.scanner) as scanner,
    ):
        device, heard = await anext(scanner.advertisement_data())
    assert device.address == ADDRESS
    assert (device.name, heard.local_name, heard.rssi) == ("WT901", "WT901", -71)
    assert heard.service_uuids == [MAKERS_UUID]


async def test_notifications_come_until_the_link_is_dropped_and_again_after_it() -> None:
    async with asyncio.timeout(TEST_LIMIT_S), VirtualRadio(time_scale=FAST) as air:
        script = LinkScript(drop_link_at_s=(2.0,), away_s=0.05)
        async with Counter(air, script) as counter:
            first = await _counted_until_lost(air)
            assert counter.connection is None
            assert first == list(range(first[0], first[0] + len(first)))
            # the link ends at 2 s and ten values come a second
            assert first[-1] in (19, 20)
            async with BleakClient(ADDRESS, backend=air.radio.client, timeout=5.0) as client:
                assert client.is_connected
                assert client.mtu_size == 100
            assert len(counter.mtus) == 2


async def _counted_until_lost(air: VirtualRadio) -> list[int]:
    lost = asyncio.Event()
    got: list[int] = []
    client = BleakClient(ADDRESS, lambda _: lost.set(), backend=air.radio.client, timeout=5.0)
    await client.connect()
    await client.start_notify(VALUE_UUID, lambda _, data: got.append(int.from_bytes(data, "little")))
    await lost.wait()
    await client.disconnect()
    return got


async def _is_heard(air: VirtualRadio) -> bool:
    """Whether it is heard within four intervals of advertising."""
    async with BleakScanner(backend=air.radio.scanner) as scanner:
        try:
            async with asyncio.timeout(0.2):
                await anext(scanner.advertisement_data())
        except TimeoutError:
            return False
    return True


async def test_work_on_a_link_ends_with_it() -> None:
    async with asyncio.timeout(TEST_LIMIT_S), VirtualRadio() as air, Counter(air) as counter:
        ended = asyncio.Event()

        async def work() -> None:
            try:
                await asyncio.Event().wait()
            finally:
                ended.set()

        client = BleakClient(ADDRESS, backend=air.radio.client, timeout=5.0)
        await client.connect()
        counter.spawn(work())
        await asyncio.sleep(0)
        assert not ended.is_set()
        await counter.drop_link()
        await ended.wait()
        assert counter.lost == 1
        await client.disconnect()


async def test_a_peripheral_may_stay_away_or_never_be_heard() -> None:
    async with asyncio.timeout(TEST_LIMIT_S), VirtualRadio(time_scale=FAST) as air:
        async with Counter(air, LinkScript(drop_link_at_s=(0.5,), away_s=60.0)):
            await _counted_until_lost(air)
            assert not await _is_heard(air)
        async with Counter(air, LinkScript(advertises=False)):
            assert not await _is_heard(air)
        async with Counter(air):
            assert await _is_heard(air)


async def test_a_peripheral_that_left_comes_back_and_leaves_no_longer_the_next_time() -> None:
    async with asyncio.timeout(TEST_LIMIT_S), VirtualRadio() as air, Counter(air) as counter:
        for away_s in (0.2, None):
            client = BleakClient(ADDRESS, backend=air.radio.client, timeout=5.0)
            await client.connect()
            left_s = air.motion.now_s
            await (counter.drop_link() if away_s is None else counter.leave(away_s))
            await client.disconnect()
            while not await _is_heard(air):
                pass
            assert air.motion.now_s - left_s >= (away_s or 0.0)
        await counter.leave(60.0)  # without a link it stays where it is
        assert await _is_heard(air)


async def test_without_a_link_nothing_is_sent_and_nothing_fails() -> None:
    async with asyncio.timeout(TEST_LIMIT_S), VirtualRadio() as air:
        counter = Counter(air)
        await counter.say(b"\x01")
        async with counter:
            await counter.say(b"\x01")
            await counter.drop_link()
        with pytest.raises((BleakError, TimeoutError)):
            await BleakClient(ADDRESS, backend=air.radio.client, timeout=0.1).connect()


async def test_each_notification_waits_for_a_connection_event_of_its_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    script = LinkScript(connection_interval_s=0.03)
    async with asyncio.timeout(TEST_LIMIT_S), VirtualRadio() as air, Counter(air, script) as counter:
        client = BleakClient(ADDRESS, backend=air.radio.client, timeout=5.0)
        await client.connect()
        got: asyncio.Queue[bytes] = asyncio.Queue()
        await client.start_notify(VALUE_UUID, lambda _, data: got.put_nowait(bytes(data)))
        waited_for_s: list[float] = []
        usual = air.motion.wait_until

        async def wait_until(motion_s: float) -> None:
            waited_for_s.append(motion_s)
            await usual(motion_s)

        monkeypatch.setattr(air.motion, "wait_until", wait_until)
        burst = [bytes([0xFF, number]) for number in range(6)]
        await asyncio.gather(*(counter.say_quickly(value) for value in burst))
        came = [await got.get()]
        while len([value for value in came if value in burst]) < len(burst):
            came.append(await got.get())
        assert [value for value in came if value in burst] == burst
        # the counting itself waits for tenths of a second
        events = [at_s / 0.03 for at_s in waited_for_s if abs(at_s * 10 - round(at_s * 10)) > 1e-6]
        assert events == pytest.approx([round(event) for event in events], abs=1e-6)
        assert len(set(map(round, events))) == len(events) >= len(burst) - 1
        await client.disconnect()


def test_an_advertisement_has_the_bytes_of_its_parts() -> None:
    heard = Advertisement("A", ("180d", "180f"), company=0x006B, maker_data=b"\x01\x02").payload()
    # each part: length, kind, value; flags 0x06 is general discoverable, no classic Bluetooth
    assert heard.hex(" ") == "02 01 06 05 03 0d 18 0f 18 02 09 41 05 ff 6b 00 01 02"


def test_an_advertisement_must_fit_one_packet() -> None:
    # 3 bytes of flags, 18 of the service and 2 before the name leave 8 of 31
    assert len(Advertisement("8 bytes.", (MAKERS_UUID,)).payload()) == LARGEST_BYTES
    with pytest.raises(ValueError, match="32 bytes, 31 fit"):
        Advertisement("9 bytes..", (MAKERS_UUID,))
