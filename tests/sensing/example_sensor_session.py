"""Run in a Python that has docs/example_sensor installed: find the sensor, stream, record, read again."""

import asyncio
import json
import sys
from pathlib import Path

import numpy as np
from example_sensor import PROTOCOL, RATE_HZ, ExampleDecoder
from virtual_bench import PatternFeed
from virtual_example_sensor import ADDRESS, VirtualExampleSensor

from firmware_protocol.makers.stream_settings import StreamSettings
from tracker.model import Notification, Placement, WallClockAnchor
from tracker.recording.header import RecordingHeader
from tracker.recording.reader import read_recording
from tracker.recording.writer import RecordingWriter
from tracker.sensing.bluetooth_source import BluetoothSource
from tracker.sensing.drivers.registry import decoder_of, kind_of
from tracker.sensing.scanner import scan
from tracker.sensing.source import LinkReport
from tracker.sensing.virtual.peripheral import LinkScript
from tracker.sensing.virtual.radio import VirtualRadio

NOTIFICATIONS = 12


async def record(path: Path) -> dict[str, object]:
    """Record some notifications, with the link lost once between them."""
    feed = PatternFeed(rate_hz=RATE_HZ)
    script = LinkScript(drop_link_at_s=(1.0,), away_s=0.1)
    async with VirtualRadio(time_scale=5.0) as radio, VirtualExampleSensor(radio, feed, script) as sensor:
        (found,) = await scan(0.3, radio=radio.radio)
        items = []
        async with BluetoothSource({Placement.PELVIS: ADDRESS}, radio=radio.radio) as source:
            async for item in source.items():
                items.append(item)
                if sum(isinstance(one, Notification) for one in items) >= NOTIFICATIONS:
                    await source.stop()
            identity = source.sensors[Placement.PELVIS]
        streams = sensor.streams
    first = next(item for item in items if isinstance(item, Notification))
    header = RecordingHeader(WallClockAnchor(0, first.received_ns), "test", simulated=True)
    with RecordingWriter(path, header) as writer:
        writer.add_sensor(Placement.PELVIS, identity)
        for item in items:
            if isinstance(item, Notification):
                writer.write_notification(item)
    reports = [item for item in items if isinstance(item, LinkReport)]
    return {
        "kind": kind_of(found.protocol).title,
        "found": found.address,
        "states": [report.state.value for report in reports],
        "details": [report.detail for report in reports if report.detail],
        "streams_after_stop": streams,
    }


def read_again(path: Path) -> dict[str, object]:
    """Decode the recording; whether its samples are the feed's."""
    recording = read_recording(path)
    payloads = [item.payload for item in recording.items() if isinstance(item, Notification)]
    decoder = decoder_of(recording.sensors[0].identity)
    batch = decoder.decode(payloads, np.zeros(len(payloads), dtype=np.int64))
    feed, right = PatternFeed(rate_hz=RATE_HZ), True
    for block in batch.blocks():
        counts = feed.counts(block.first_sample_index, len(block)).astype(float)
        right &= bool(np.allclose(block.accelerometer_m_per_s2, counts[:, :3] * 8 * 9.80665 / 32_768))
        right &= bool(np.allclose(block.gyroscope_rad_per_s, counts[:, 3:] * np.radians(2000) / 32_768))
    return {"protocol": recording.sensors[0].identity.protocol, "samples": len(batch), "right": right}


def garbage() -> int:
    """Bad frames among bytes that no sensor sends."""
    payloads = [bytes(range(length)) for length in range(32)]
    batch = ExampleDecoder(StreamSettings(50, 8, 2000)).decode(payloads, np.zeros(32, dtype=np.int64))
    return len(batch.bad_frames)


if __name__ == "__main__":
    place = Path(sys.argv[1])
    told = asyncio.run(record(place))
    sys.stdout.write(json.dumps({**told, **read_again(place), "garbage": garbage(), "name": PROTOCOL}))
