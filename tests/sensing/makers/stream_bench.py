"""A source of one sensor over the virtual radio, and the samples that came, for sensors with timestamps."""

from collections.abc import Callable

import numpy as np
from virtual_bench import LEFT, QUICK, Collector

from firmware_protocol.blocks import Int64Array
from firmware_protocol.frame_batch import FrameBatch
from firmware_protocol.service import FrameFlag
from tracker.model import Notification, SensorIdentity
from tracker.sensing.bluetooth_source import BluetoothSource
from tracker.sensing.drivers.registry import decoder_of
from tracker.sensing.parameters import LinkParameters
from tracker.sensing.source import LinkState
from tracker.sensing.virtual.peripheral import VirtualPeripheral
from tracker.sensing.virtual.radio import VirtualRadio

FAST = 5.0


def source_of(
    radio: VirtualRadio, sensor: VirtualPeripheral, parameters: LinkParameters = QUICK
) -> BluetoothSource:
    """A source of one sensor."""
    return BluetoothSource({LEFT: sensor.address}, parameters, radio.radio)


def notifications(got: Collector) -> list[Notification]:
    """Those that came."""
    return [item for item in got.items if isinstance(item, Notification)]


def decoded(got: Collector, identity: SensorIdentity) -> FrameBatch:
    """All that came, as the session decodes it."""
    found = notifications(got)
    received_ns = np.array([one.received_ns for one in found], dtype=np.int64)
    return decoder_of(identity).decode([one.payload for one in found], received_ns)


def came(number: int) -> Callable[[Collector], bool]:
    """Condition: at least so many notifications."""
    return lambda got: len(notifications(got)) >= number


def streams(times: int) -> Callable[[Collector], bool]:
    """Condition: the link has been up so many times."""
    return lambda got: got.states(LEFT).count(LinkState.STREAMING) >= times


def sample_indices(batch: FrameBatch) -> Int64Array:
    """(S,) number of each sample."""
    starts = np.cumsum(batch.sample_counts) - batch.sample_counts
    steps = np.arange(len(batch), dtype=np.int64) - np.repeat(starts, batch.sample_counts)
    numbers: Int64Array = np.repeat(batch.first_sample_indices, batch.sample_counts) + steps
    return numbers


def jumps(batch: FrameBatch) -> int:
    """How many frames say that the clock jumped."""
    return int(np.count_nonzero(batch.flags & FrameFlag.TIME_JUMP))
