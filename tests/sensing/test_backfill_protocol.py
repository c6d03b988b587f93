"""The protocol without a radio: whatever the way does, each sample comes or is known to be gone."""

import numpy as np
from firmware_bench import MTU, FirmwareBench
from hypothesis import given
from hypothesis import strategies as st
from virtual_bench import ONE_TO_ONE

from firmware_protocol import (
    FetchAnswer,
    FetchRequest,
    ProtocolError,
    RefusedAnswer,
    Status,
    StopAnswer,
    StopRequest,
    decode_frame,
)
from firmware_protocol.backfill import decode_backfill_record, is_backfill_record
from tracker.sensing.virtual.delivery import Delivery, DeliveryFaults

SHARES = st.floats(0.0, 0.6)
WAYS = st.builds(
    DeliveryFaults, dropped=SHARES, doubled=SHARES, swapped=SHARES, late=SHARES, seed=st.integers(0, 99)
)


class PlainReceiver:
    """Keeps each sample by its index."""

    def __init__(self) -> None:
        self.samples: dict[int, list[float]] = {}

    def take(self, payload: bytes) -> None:
        """A notification came; one that cannot be read changes nothing."""
        try:
            frame = decode_backfill_record(payload) if is_backfill_record(payload) else payload
            block = decode_frame(frame, ONE_TO_ONE)
        except ProtocolError:
            return
        rows = np.hstack([block.accelerometer_m_per_s2, block.gyroscope_rad_per_s]).tolist()
        self.samples |= {block.first_sample_index + step: row for step, row in enumerate(rows)}

    def lacking(self, end_index: int) -> list[int]:
        """Indices that never came."""
        return sorted(set(range(end_index)) - set(self.samples))


def fetch_until_nothing_lacks(bench: FirmwareBench, receiver: PlainReceiver, end: int, way: Delivery) -> int:
    """Ask for the oldest stretch that lacks, again and again; how many samples are gone for good."""
    gone = 0
    while lacking := receiver.lacking(end)[gone:]:
        answer = bench.ask(FetchRequest(2, lacking[0], lacking[-1] + 1))
        if isinstance(answer, RefusedAnswer):
            assert answer.status == Status.RANGE_GONE
            return gone + len(lacking)
        assert isinstance(answer, FetchAnswer)
        gone += sum(index < answer.first_sample_index for index in lacking)
        while (record := bench.firmware.take_record(MTU)) is not None:
            for one in way.pass_on(record.payload):
                receiver.take(one.payload)
    return gone


@given(stream=WAYS, backfill=WAYS, corrupted=SHARES, streamed_s=st.integers(2, 15))
def test_each_sample_comes_as_it_was_taken_or_is_gone(
    stream: DeliveryFaults, backfill: DeliveryFaults, corrupted: float, streamed_s: int
) -> None:
    bench, receiver = FirmwareBench(ring_buffer_s=5.0), PlainReceiver()
    bench.start(at_s=streamed_s)
    live = Delivery(stream)
    for frame in bench.stream():
        for one in live.pass_on(frame):
            receiver.take(one.payload)
    stopped = bench.ask(StopRequest(3))
    assert isinstance(stopped, StopAnswer)
    end = stopped.last_sample_index + 1
    before = receiver.lacking(end)
    damaging = DeliveryFaults(backfill.dropped, backfill.doubled, corrupted=corrupted, seed=backfill.seed)
    gone = fetch_until_nothing_lacks(bench, receiver, end, Delivery(damaging))
    # 500 samples fit the memory: what lacked before the last 500 is gone, and nothing else
    assert receiver.lacking(end) == [index for index in before if index < end - 500]
    assert gone == len(receiver.lacking(end))
    taken = bench.feed.counts(0, end)
    assert all(row == taken[index].tolist() for index, row in receiver.samples.items())
