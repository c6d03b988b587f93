"""What a view shows of a running session: sensors, phase, count, angle. Live and replay fill it alike."""

import math
from dataclasses import dataclass, replace

from tracker.model import THIGH_SIDES, ExerciseSet, Notice, Notification, PhaseKind, Placement, RestTest, Side
from tracker.motion.counting.closed import RepetitionClosed
from tracker.sensing.source import LinkReport, LinkState
from tracker.session.analyser import AnalyserEvent, SessionAnalyser
from tracker.session.events import KneeLifted, LegState, PoseTaken, RangeShown


@dataclass(frozen=True, slots=True)
class SensorRow:
    """One sensor's line.

    Attributes:
        last_packet_ns: host monotonic clock of its newest notification; None before the first.
        loss: share of samples that did not arrive, 0 to 1.
    """

    placement: Placement
    state: LinkState
    battery_percent: int | None = None
    rssi_dbm: int | None = None
    rate_hz: float = 0.0
    loss: float = 0.0
    last_packet_ns: int | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Prompt:
    """What the person is doing or is asked to do next.

    Attributes:
        running: true while the phase is on; false while it is announced.
        seconds_left: to the beginning or the end of the phase; None where that is open.
    """

    text: str
    kind: PhaseKind | None = None
    running: bool = False
    seconds_left: float | None = None


@dataclass(frozen=True, slots=True)
class LegCount:
    """Repetitions of one leg in the present set."""

    side: Side | None
    valid: int = 0
    partial: int = 0
    last_rom_rad: float | None = None
    last_valid: bool = True


@dataclass(frozen=True, slots=True)
class SessionStatus:
    """Everything a view needs at one moment."""

    time_s: float
    sensors: tuple[SensorRow, ...]
    prompt: Prompt
    legs: tuple[LegState, ...]
    counts: tuple[LegCount, ...]
    rest_tests: tuple[RestTest, ...]
    sets: tuple[ExerciseSet, ...]
    notes: tuple[str, ...]


_KEPT_NOTES = 4


class StatusBoard:
    """Follows a session and tells its status."""

    def __init__(self, analyser: SessionAnalyser) -> None:
        self._analyser = analyser
        self._rows: dict[Placement, SensorRow] = {}
        self._reported: set[Placement] = set()
        self._counts: dict[Side | None, LegCount] = {}
        self._notes: list[str] = []
        self.last_closed_s: float | None = None

    @property
    def most_valid(self) -> int:
        """Valid repetitions in the present set of the leg that has most."""
        return max((count.valid for count in self._counts.values()), default=0)

    def known_until_s(self, now_s: float) -> float:
        """Up to when it is known what the legs did."""
        return self._analyser.known_until_s(now_s)

    def begin_set(self) -> None:
        """A set begins: its counts are zero."""
        self._counts = {}
        self.last_closed_s = None

    def note(self, text: str) -> None:
        """Show a line of news."""
        self._notes = [*self._notes, text][-_KEPT_NOTES:]

    def see_notification(self, notification: Notification) -> None:
        """A notification arrived."""
        row = self._row(notification.placement)
        # recordings that were imported or simulated hold no reports of a link
        state = row.state if notification.placement in self._reported else LinkState.STREAMING
        self._rows[notification.placement] = replace(
            row, last_packet_ns=notification.received_ns, state=state
        )

    def see_link(self, report: LinkReport) -> None:
        """The link to a sensor changed, or there is news about it."""
        row = self._row(report.placement)
        self._reported.add(report.placement)
        self._rows[report.placement] = replace(
            row,
            state=report.state,
            battery_percent=row.battery_percent if report.battery_percent is None else report.battery_percent,
            rssi_dbm=row.rssi_dbm if report.rssi_dbm is None else report.rssi_dbm,
            detail=report.detail,
        )
        if report.detail:
            self.note(f"{report.placement.value}: {report.detail}")

    def see_events(self, events: list[AnalyserEvent]) -> None:
        """The analysis completed something."""
        for event in events:
            if isinstance(event, RepetitionClosed):
                self._count(event)
            elif isinstance(event, PoseTaken) and event.refused:
                self.note(f"{event.kind.value} of {event.placement.value} not taken: {event.refused}")
            elif isinstance(event, KneeLifted) and event.refused:
                if THIGH_SIDES.get(event.placement) is event.asked:
                    self.note(f"knee lift of {event.placement.value} not taken: {event.refused}")
            elif isinstance(event, Notice):
                where = "" if event.placement is None else f"{event.placement.value}: "
                self.note(f"{where}{event.text}")
            elif isinstance(event, RangeShown):
                self.note(_range_note(event))

    def status(self, prompt: Prompt) -> SessionStatus:
        """The status now."""
        for account in self._analyser.quality():
            expected = account.samples + account.missing
            self._rows[account.placement] = replace(
                self._row(account.placement),
                rate_hz=account.rate_hz,
                loss=account.missing / expected if expected else 0.0,
            )
        pipeline = self._analyser.pipeline
        order = list(Placement)
        return SessionStatus(
            time_s=pipeline.newest_s,
            sensors=tuple(self._rows[placement] for placement in sorted(self._rows, key=order.index)),
            prompt=prompt,
            legs=pipeline.leg_states(),
            counts=tuple(sorted(self._counts.values(), key=lambda count: count.side or "")),
            rest_tests=pipeline.rest_tests,
            sets=pipeline.sets,
            notes=tuple(self._notes),
        )

    def _row(self, placement: Placement) -> SensorRow:
        return self._rows.get(placement) or SensorRow(placement, LinkState.SEARCHING)

    def _count(self, closed: RepetitionClosed) -> None:
        before = self._counts.get(closed.side) or LegCount(closed.side)
        self._counts[closed.side] = replace(
            before,
            valid=before.valid + closed.valid,
            partial=before.partial + (not closed.valid),
            last_rom_rad=closed.rom_rad,
            last_valid=closed.valid,
        )
        self.last_closed_s = closed.time_s


def _range_note(shown: RangeShown) -> str:
    leg = "" if shown.side is None else f"{shown.side.value} leg: "
    if shown.rom_rad is None:
        return f"{leg}own range not taken: {shown.refused}"
    return f"{leg}own range {math.degrees(shown.rom_rad):.0f} deg"
