"""What a maker's sensor without hardware sends through bleak and the link, for the tests of this folder."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
from virtual_bench import QUICK

from firmware_protocol.frame_batch import FrameBatch
from tracker.model import Notification, Placement, SensorIdentity
from tracker.sensing.bluetooth_source import BluetoothSource
from tracker.sensing.drivers.registry import decoder_of
from tracker.sensing.parameters import LinkParameters
from tracker.sensing.source import LinkReport, LinkState
from tracker.sensing.virtual.feed import SampleFeed
from tracker.sensing.virtual.radio import VirtualRadio

LEFT = Placement.LEFT_THIGH
Counts: TypeAlias = npt.NDArray[np.int16]


@dataclass(frozen=True, slots=True)
class TurningFeed:
    """Gravity along z, and 90 deg/s about it; at 16 g and 2000 deg/s."""

    rate_hz: float

    def counts(self, first_index: int, count: int) -> Counts:  # noqa: ARG002 - always the same
        """Samples by index."""
        # one g of 16 is 2048 counts, 90 of 2000 deg/s are 1474.56
        return np.tile(np.array([0, 0, 2048, 0, 0, 1475], dtype=np.int16), (count, 1))


@dataclass(slots=True)
class Streamed:
    """What came from one sensor, parted where it was connected anew."""

    identity: SensorIdentity | None = None
    parts: list[list[Notification]] = field(default_factory=list)
    reports: list[LinkReport] = field(default_factory=list)

    @property
    def states(self) -> list[LinkState]:
        """States of the link, in order."""
        return [report.state for report in self.reports]

    def batch(self, part: int = 0) -> FrameBatch:
        """The frames of one connection."""
        assert self.identity is not None
        notifications = self.parts[part]
        received_ns = np.array([one.received_ns for one in notifications], dtype=np.int64)
        return decoder_of(self.identity).decode([one.payload for one in notifications], received_ns)


def asking(rate_hz: int, parameters: LinkParameters = QUICK) -> LinkParameters:
    """Parameters of quick tests that ask for a rate."""
    return replace(parameters, rate_hz=rate_hz)


async def streamed(
    radio: VirtualRadio, address: str, enough: Callable[[Streamed], bool], parameters: LinkParameters = QUICK
) -> Streamed:
    """Connect a sensor and take what it sends until there is enough."""
    got = Streamed()
    async with BluetoothSource({LEFT: address}, parameters, radio.radio) as source:
        async for item in source.items():
            _add(got, item)
            if enough(got):
                await source.stop()
        got.identity = source.sensors[LEFT]
    return got


def _add(got: Streamed, item: Notification | LinkReport) -> None:
    if isinstance(item, LinkReport):
        got.reports.append(item)
        if item.state is LinkState.CONNECTING:
            got.parts.append([])
    else:
        got.parts[-1].append(item)


def notifications(*fewest: int) -> Callable[[Streamed], bool]:
    """Condition: at least so many of each connection, in order."""
    return lambda got: (
        len(got.parts) == len(fewest)
        and all(len(part) >= few for part, few in zip(got.parts, fewest, strict=True))
    )


def counts_of(batch: FrameBatch, range_g: float, range_dps: float) -> npt.NDArray[np.float64]:
    """(S, 6) samples as counts of ranges, not rounded."""
    accelerometer = batch.accelerometer_m_per_s2 / 9.80665 / range_g
    gyroscope = np.degrees(batch.gyroscope_rad_per_s) / range_dps
    return np.hstack([accelerometer, gyroscope]) * 32_768


def place_in(feed: SampleFeed, first: npt.NDArray[np.float64], *, within: int = 5000, step: int = 1) -> int:
    """Index in the feed of the sample that is nearest to one that came."""
    candidates = feed.counts(0, within)[::step].astype(float)
    return step * int(np.argmin(np.abs(candidates - first).sum(axis=1)))
