"""Streams in which frames are lost on the way and sent again later, for the tests of this folder."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from frame_bench import FRAME_SAMPLES, ORIGIN_NS, StreamItem

from firmware_protocol import FrameFlag
from firmware_protocol.backfill import encode_backfill_record, is_backfill_record
from firmware_protocol.stream import HEADER_OFFSETS
from tracker.model import Notification, PhaseMark, Placement
from tracker.sensing.source import LinkReport, LinkState

FETCH_DELAY_S = 0.3
"""The link waits this long before it asks for what is missing."""
RECORD_S = 0.04
"""Between two records: those of 0.18 s are sent four and a half times as fast as they were sampled."""

OVERTAKEN_S = 3 * FRAME_SAMPLES / 100.0
"""Frames overtake up to three others."""

Spans = Sequence[tuple[float, float]]


def record_of(frame: Notification, received_ns: int) -> Notification:
    """A frame, or a record of it that was lost, as it is sent again from the sensor's memory."""
    if is_backfill_record(frame.payload):
        return replace(frame, received_ns=received_ns)
    payload = bytearray(frame.payload)
    payload[HEADER_OFFSETS["flags"]] |= FrameFlag.BACKFILL
    return Notification(frame.placement, encode_backfill_record(bytes(payload)), received_ns)


def report(placement: Placement, state: LinkState, at_ns: int) -> LinkReport:
    """A report of a link."""
    return LinkReport(placement, at_ns, state)


def arrives_ns(item: StreamItem) -> int:
    """When an item comes, by the host's monotonic clock."""
    if isinstance(item, PhaseMark):
        return ORIGIN_NS + round(item.time_s * 1e9)
    return item.received_ns if isinstance(item, Notification) else item.at_ns


def with_outages(
    items: Sequence[StreamItem], outages_s: Mapping[Placement, Spans], *, fetch: bool = True
) -> list[StreamItem]:
    """Items with links that are lost over spans of time, and what was lost fetched once they are back.

    A mark stands before the first item that comes after its time.
    """
    timed: list[StreamItem] = []
    for place in dict.fromkeys(one.placement for one in items if isinstance(one, Notification)):
        own = [one for one in items if isinstance(one, Notification) and one.placement is place]
        for start_s, end_s in outages_s.get(place, ()):
            own, again = _outage(own, start_s, end_s)
            timed += again if fetch else []
        timed += own
    return sorted([*(one for one in items if isinstance(one, PhaseMark)), *timed], key=arrives_ns)


def _outage(
    own: Sequence[Notification], start_s: float, end_s: float
) -> tuple[list[Notification], list[StreamItem]]:
    """One sensor's notifications without those of an outage, and what the link brings of it later."""
    start_ns, end_ns = (ORIGIN_NS + round(at_s * 1e9) for at_s in (start_s, end_s))
    lost = [one for one in own if start_ns <= one.received_ns < end_ns]
    kept = [one for one in own if not start_ns <= one.received_ns < end_ns]
    back_ns = next((one.received_ns for one in kept if one.received_ns >= end_ns), None)
    if not lost or back_ns is None:
        return kept, []
    place, at_ns = own[0].placement, back_ns + round(FETCH_DELAY_S * 1e9)
    step_ns = round(RECORD_S * 1e9)
    records = [record_of(one, at_ns + (number + 1) * step_ns) for number, one in enumerate(lost)]
    return kept, [
        report(place, LinkState.LOST, start_ns),
        report(place, LinkState.STREAMING, end_ns),
        report(place, LinkState.BACKFILLING, at_ns),
        *records,
        report(place, LinkState.STREAMING, records[-1].received_ns + 1),
    ]


def delayed(frame: Notification, late_s: float) -> Notification:
    """A frame that arrives later."""
    return replace(frame, received_ns=frame.received_ns + round(late_s * 1e9))


def disturbed(sent: Sequence[Notification], rng: np.random.Generator) -> list[Notification]:
    """5 % of frames lost, 5 % doubled, any late by up to three frames; what was lost is sent again later.

    The first and the last frame come as they are: what they would follow is not known, and nothing tells that
    something comes after them.
    """
    items = [sent[0], delayed(sent[-1], OVERTAKEN_S + 5.0)]
    for frame in sent[1:-1]:
        fate = rng.uniform()
        if fate >= 0.05:
            items.append(delayed(frame, float(rng.uniform(0.0, OVERTAKEN_S))))
        if fate < 0.1:
            late_ns = round(float(rng.uniform(OVERTAKEN_S, 5.0)) * 1e9)
            items.append(record_of(frame, frame.received_ns + late_ns))
    return sorted(items, key=lambda item: item.received_ns)
