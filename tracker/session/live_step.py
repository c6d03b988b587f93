"""One step of a live session: what arrived goes to the file first, then to the analysis and the board."""

import asyncio
import time
from collections.abc import Mapping

from tracker.model import Notification, PhaseMark, Placement, SensorIdentity
from tracker.recording.events import RecordingEvent
from tracker.recording.writer import RecordingWriter
from tracker.sensing.source import LinkReport, LinkState, SensorSource, SourceItem
from tracker.session.analyser import AnalyserEvent, SessionAnalyser
from tracker.session.ingest import BadFrameNote
from tracker.session.live_notes import LiveNote
from tracker.session.status import StatusBoard

_NANOSECONDS = 1_000_000_000

SENSOR_BEGINS = "sensor_begins"
"""Event of a recording: the sensor at a placement begins to send, for the first time or anew."""
LINK_EVENT = "link"
BAD_FRAME_EVENT = "bad_frame"

_STREAMING = (LinkState.STREAMING, LinkState.BACKFILLING)
"""Whatever else happens to a link, its next notification is the first of a new beginning."""


class LiveStep:
    """Takes items and marks: to the file, then to the analysis and the board."""

    def __init__(
        self,
        source: SensorSource,
        analyser: SessionAnalyser,
        writer: RecordingWriter,
        board: StatusBoard,
        anchor_ns: int,
        streaming: set[Placement],
    ) -> None:
        self._source = source
        self._analyser = analyser
        self._writer = writer
        self._board = board
        self._anchor_ns = anchor_ns
        self._streaming = streaming

    async def take(self, items: list[SourceItem]) -> None:
        """Write items in their order, then analyse them."""
        begins = self._beginnings(items)
        await asyncio.to_thread(self._write, items, begins)
        for item in items:
            if id(item) in begins:
                self._analyser.begin_sensor(item.placement, begins[id(item)])
            events: list[AnalyserEvent]
            if isinstance(item, LinkReport):
                events = self._analyser.take_link(item)
                self._board.see_link(item)
            else:
                events = self._analyser.take_notifications([item])
                self._board.see_notification(item)
            self._board.see_events(events)
            await self._note_bad_frames(events)

    async def mark(self, marks: list[PhaseMark]) -> None:
        """Write marks, then let them act."""
        for mark in marks:
            received_ns = self._anchor_ns + round(mark.time_s * _NANOSECONDS)
            await asyncio.to_thread(self._writer.write_mark, mark, received_ns)
            self._analyser.take_mark(mark)
            self._board.see_mark(mark)

    async def write(self, notes: list[LiveNote]) -> None:
        """Write events that were noted since."""
        for note in notes:
            at_ns = max(note.at_ns, self._anchor_ns)
            await asyncio.to_thread(self._writer.write_event, note.kind, at_ns, note.data)

    def _beginnings(self, items: list[SourceItem]) -> dict[int, SensorIdentity]:
        """The items before which a sensor begins to send, first or anew, with the sensor, by object id."""
        begins: dict[int, SensorIdentity] = {}
        for item in items:
            if isinstance(item, LinkReport) and item.state not in _STREAMING:
                self._streaming.discard(item.placement)
                continue
            if item.placement not in self._streaming:
                self._streaming.add(item.placement)
                begins[id(item)] = self._source.sensors[item.placement]
        return begins

    def _write(self, items: list[SourceItem], begins: Mapping[int, SensorIdentity]) -> None:
        for item in items:
            at_ns = item.received_ns if isinstance(item, Notification) else item.at_ns
            if id(item) in begins:
                self._writer.add_sensor(item.placement, begins[id(item)])
                self._writer.write_event(SENSOR_BEGINS, at_ns, {"placement": item.placement.value})
            if isinstance(item, Notification):
                self._writer.write_notification(item)
            else:
                self._writer.write_event(LINK_EVENT, at_ns, _link_fields(item))
        self._writer.tick(time.monotonic_ns())

    async def _note_bad_frames(self, events: list[AnalyserEvent]) -> None:
        for event in events:
            if isinstance(event, BadFrameNote):
                fields = {"placement": event.placement.value, "reason": event.reason}
                await asyncio.to_thread(self._writer.write_event, BAD_FRAME_EVENT, event.received_ns, fields)


def link_report(event: RecordingEvent) -> LinkReport | None:
    """A link's report as the recording keeps it; None where the event is none."""
    battery, rssi = event.data.get("battery_percent"), event.data.get("rssi_dbm")
    try:
        return LinkReport(
            placement=Placement(str(event.data.get("placement"))),
            at_ns=round(event.time_s * _NANOSECONDS),
            state=LinkState(str(event.data.get("state"))),
            battery_percent=battery if isinstance(battery, int) else None,
            rssi_dbm=rssi if isinstance(rssi, int) else None,
            detail=str(event.data.get("detail") or ""),
        )
    except ValueError:
        return None


def _link_fields(report: LinkReport) -> dict[str, object]:
    return {
        "placement": report.placement.value,
        "state": report.state.value,
        "battery_percent": report.battery_percent,
        "rssi_dbm": report.rssi_dbm,
        "detail": report.detail,
    }
