"""A bench of virtual sensors under the program's own Bluetooth client, for the tests of this folder."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from firmware_protocol import ImuBlock, StreamScale, decode_frame
from tracker.model import Notification, Placement
from tracker.sensing.bluetooth_source import BluetoothSource
from tracker.sensing.parameters import LinkParameters
from tracker.sensing.source import LinkReport, LinkState, SensorSource, SourceItem
from tracker.sensing.virtual.faults import FaultScript
from tracker.sensing.virtual.firmware import NO_FAULTS
from tracker.sensing.virtual.radio import VirtualRadio
from tracker.sensing.virtual.sensor import VirtualSensor
from tracker.sensing.virtual.settings import SensorSettings

LEFT, RIGHT, PELVIS = Placement.LEFT_THIGH, Placement.RIGHT_THIGH, Placement.PELVIS
TEST_LIMIT_S = 20.0
"""A test that takes longer than this hangs."""

QUICK = LinkParameters(
    scan_s=2.0,
    connect_timeout_s=5.0,
    request_timeout_s=1.0,
    watchdog_s=0.5,
    reconnect_limit_s=5.0,
    first_backoff_s=0.05,
    longest_backoff_s=0.2,
)
ONE_TO_ONE = StreamScale(1.0, 1.0)
"""A scale that leaves counts as they are."""


@dataclass(frozen=True, slots=True)
class PatternFeed:
    """Counts in which each sample of each sensor is unlike any other near it."""

    seed: int = 0
    rate_hz: float = 100.0

    def counts(self, first_index: int, count: int) -> npt.NDArray[np.int16]:
        """Samples by index."""
        index = np.arange(first_index, first_index + count, dtype=np.int64)[:, None]
        mixed = index * 7919 + np.arange(6) * 104_729 + self.seed * 1_299_709
        return (mixed % 60_000 - 30_000).astype(np.int16)


def settings_of(number: int, **changes: object) -> SensorSettings:
    """Settings of one of several sensors; without memory where not said otherwise, so that losses show."""
    changes = {"ring_buffer_s": 0.0, **changes}
    return SensorSettings(bytes([0, 0, 0, 0, 0, 0xAA, 0xB0, number]), **changes)  # type: ignore[arg-type]


@dataclass(slots=True)
class Bench:
    """Sensors on a radio, by placement."""

    air: VirtualRadio
    sensors: dict[Placement, VirtualSensor] = field(default_factory=dict)

    @property
    def addresses(self) -> dict[Placement, str]:
        """What a source is told to connect."""
        return {placement: sensor.settings.address for placement, sensor in self.sensors.items()}

    def source(self, parameters: LinkParameters = QUICK) -> BluetoothSource:
        """A source of all sensors of the bench."""
        return BluetoothSource(self.addresses, parameters, self.air.radio)


@asynccontextmanager
async def bench(
    placements: Sequence[Placement],
    *,
    faults: Mapping[Placement, FaultScript] | None = None,
    time_scale: float = 1.0,
    mtu: int = 247,
) -> AsyncIterator[Bench]:
    """Sensors at placements, switched on."""
    async with asyncio.timeout(TEST_LIMIT_S), AsyncExitStack() as stack:
        made = Bench(await stack.enter_async_context(VirtualRadio(mtu=mtu, time_scale=time_scale)))
        for number, placement in enumerate(placements):
            fault = (faults or {}).get(placement, NO_FAULTS)
            sensor = VirtualSensor(made.air, PatternFeed(number), settings_of(number), fault)
            made.sensors[placement] = await stack.enter_async_context(sensor)
        yield made


async def eventually(condition: Callable[[], bool]) -> None:
    """Wait for a condition that no event tells of."""
    while not condition():  # noqa: ASYNC110
        await asyncio.sleep(0.01)


class Collector:
    """Takes items of a source until something has happened."""

    def __init__(self, source: SensorSource) -> None:
        self.items: list[SourceItem] = []
        self._iterator = source.items()

    async def until(self, done: Callable[["Collector"], bool]) -> None:
        """Take items until the condition holds."""
        while not done(self):
            self.items.append(await anext(self._iterator))

    async def rest(self) -> None:
        """Take what is left after the source was stopped."""
        async for item in self._iterator:
            self.items.append(item)

    def blocks(self, placement: Placement) -> list[ImuBlock]:
        """Decoded frames of one sensor, in counts."""
        return [
            decode_frame(item.payload, ONE_TO_ONE)
            for item in self.items
            if isinstance(item, Notification) and item.placement is placement
        ]

    def reports(self, placement: Placement) -> list[LinkReport]:
        """Reports about one sensor."""
        return [item for item in self.items if isinstance(item, LinkReport) and item.placement is placement]

    def states(self, placement: Placement) -> list[LinkState]:
        """States that one sensor's link went through."""
        return [report.state for report in self.reports(placement)]


def frames(placement: Placement, number: int) -> Callable[[Collector], bool]:
    """Condition: at least so many frames of one sensor."""
    return lambda got: len(got.blocks(placement)) >= number


def check_counts(blocks: Sequence[ImuBlock], sensor: VirtualSensor) -> None:
    """Every sample is the feed's own at its index in the session."""
    session = sensor.firmware.session
    assert session is not None
    feed = sensor.feed
    for block in blocks:
        expected = feed.counts(session.base_index + block.first_sample_index, len(block))
        got = np.hstack([block.accelerometer_m_per_s2, block.gyroscope_rad_per_s])
        np.testing.assert_array_equal(got, expected)


def indices(blocks: Sequence[ImuBlock]) -> list[int]:
    """Index of each sample, in the order of arrival."""
    return [block.first_sample_index + step for block in blocks for step in range(len(block))]
