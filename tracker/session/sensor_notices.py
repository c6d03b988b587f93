"""What of the sensors themselves may fool the numbers: clocks that run wrong, and what a sensor lacks."""

from collections.abc import Iterator, Mapping

from firmware_protocol.decoder import Lack
from tracker.model import Notice, NoticeKind, Placement
from tracker.sensing.clock_model.parameters import ClockParameters
from tracker.sensing.lacks import lacks_text
from tracker.session.clock_text import clock_text
from tracker.session.ingest import SensorIngest


def sensor_notices(
    sensors: Mapping[Placement, SensorIngest], newest_s: float, parameters: ClockParameters
) -> Iterator[Notice]:
    """The notices of all sensors as they are known at the newest sample, by placement."""
    for placement in sorted(sensors, key=list(Placement).index):
        ingest = sensors[placement]
        texts = {
            NoticeKind.SENSOR_LACKS: _lacking(ingest),
            NoticeKind.CLOCK_RATE: clock_text(ingest.clock.drift, ingest.clock.paces, parameters),
        }
        for kind, text in texts.items():
            if text:
                yield Notice(newest_s, kind, placement, text)


def _lacking(ingest: SensorIngest) -> str:
    """What the sensor lacks. That it keeps nothing has fooled no number where nothing was lost."""
    lacks = ingest.lacks
    return lacks_text(lacks if ingest.quality().missing else lacks - {Lack.BACKFILL})
