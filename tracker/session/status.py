"""What a view shows of a running session: sensors, phase, count, angle. Live and replay fill it alike."""

import math
from collections.abc import Collection
from dataclasses import dataclass, replace

from tracker.model import (
    THIGH_SIDES,
    Edge,
    ExerciseSet,
    Notice,
    Notification,
    PhaseKind,
    PhaseMark,
    Placement,
    RestTest,
    Side,
)
from tracker.motion.counting.closed import RepetitionClosed
from tracker.sensing.source import LinkReport, LinkState
from tracker.session.analyser import AnalyserEvent, SessionAnalyser
from tracker.session.events import Gauge, KneeLifted, LegState, PoseTaken, RangeShown
from tracker.session.live_answers import TakenBack
from tracker.session.live_traces import LiveTraces, TracePart
from tracker.session.prompt import Prompt
from tracker.session.refusals import Refusals, refusal_of


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
class LegCount:
    """Repetitions of one leg in the present set."""

    side: Side | None
    valid: int = 0
    partial: int = 0
    last_rom_rad: float | None = None
    last_valid: bool = True


@dataclass(frozen=True, slots=True)
class ClosedNow:
    """A repetition that was closed.

    Attributes:
        serial: from 1, rising by one through the session: what a view has not heard yet.
        time_s: of the sample that closed it.
        rom_rad: its range; None where the sensor was at its range's end.
        reasons: why it is partial; empty for a valid one.
    """

    serial: int
    side: Side | None
    time_s: float
    valid: bool
    rom_rad: float | None
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SessionStatus:
    """Everything a view needs at one moment.

    Attributes:
        counts: of the present set, or of the last one while none is on; less what was taken back.
        traces: the legs' new points since the status before; empty in a replay.
        gauges: what the exercise that is on counts, of each leg; empty while none is on.
        closed: the newest repetitions, the last one last; some of them were in the status before already.
        set_starts_s: when each set of the session began, in order: the set of number n is the n-th.
    """

    time_s: float
    sensors: tuple[SensorRow, ...]
    prompt: Prompt
    legs: tuple[LegState, ...]
    counts: tuple[LegCount, ...]
    rest_tests: tuple[RestTest, ...]
    sets: tuple[ExerciseSet, ...]
    notes: tuple[str, ...]
    traces: tuple[TracePart, ...] = ()
    gauges: tuple[Gauge, ...] = ()
    closed: tuple[ClosedNow, ...] = ()
    set_starts_s: tuple[float, ...] = ()


_KEPT_NOTES = 4
_SENDS = (LinkState.STREAMING, LinkState.BACKFILLING)
_ACCOUNT_EVERY_S = 1.0
"""How often rate and loss are counted anew: they change slowly, and cost more than all else that is shown."""
_KEPT_CLOSED = 64
"""A view that looks twice a second misses none, at ten repetitions of two legs a second."""


class StatusBoard:
    """Follows a session and tells its status.

    Args:
        traces: where the legs' points come from; none are shown where None.
    """

    def __init__(self, analyser: SessionAnalyser, traces: LiveTraces | None = None) -> None:
        self._analyser = analyser
        self._traces = traces
        self._rows: dict[Placement, SensorRow] = {}
        self._reported: set[Placement] = set()
        self._counts: dict[Side | None, LegCount] = {}
        self._notes: list[str] = []
        self._closed: tuple[ClosedNow, ...] = ()
        self._set_starts_s: tuple[float, ...] = ()
        self._counted: PhaseMark | None = None
        self._refusals = Refusals()
        self._accounts_due_s = 0.0
        self.last_closed_s: float | None = None

    @property
    def most_valid(self) -> int:
        """Valid repetitions in the present set of the leg that has most."""
        return max((count.valid for count in self._counts.values()), default=0)

    def refused_since(self, kind: PhaseKind, since_s: float) -> bool:
        """Whether what ended after a time was refused, of any sensor, and may be taken if done again."""
        return self._refusals.may_mend(kind, since_s, self._away())

    def lacking_since(self, kind: PhaseKind, since_s: float) -> str | None:
        """Why what ended after a time was refused, where the sensor that it lacked is still away."""
        return self._refusals.lacking(kind, since_s, self._away())

    def known_until_s(self, now_s: float) -> float:
        """Up to when it is known what the legs did."""
        return self._analyser.known_until_s(now_s)

    def begin_set(self) -> None:
        """A set begins: its counts are zero."""
        self._counts = {}
        self.last_closed_s = None

    def see_mark(self, mark: PhaseMark) -> None:
        """A phase begins or ends."""
        if mark.edge is Edge.START and mark.kind in (PhaseKind.SET, PhaseKind.DEMONSTRATION):
            self._counted = mark
            if mark.kind is PhaseKind.SET:
                self._set_starts_s = (*self._set_starts_s, mark.time_s)

    def set_start_s(self, number: int) -> float | None:
        """When the set of a number, from 1, began; None where there is no such set yet."""
        known = 0 < number <= len(self._set_starts_s)
        return self._set_starts_s[number - 1] if known else None

    def take_back(self, side: Side | None) -> TakenBack | None:
        """Count one valid repetition of a leg off the set that is on, or the last one: it was none.

        Returns:
            What was taken back; None where no valid one is counted. The analysis knows nothing of it.
        """
        count = self._counts.get(side)
        if count is None or count.valid == 0 or self._counted is None:
            return None
        self._counts[side] = replace(count, valid=count.valid - 1)
        return TakenBack(self._counted.time_s, side)

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
                self._see_refused(event)
                self.note(f"{event.kind.value} of {event.placement.value} not taken: {event.refused}")
            elif isinstance(event, KneeLifted) and event.refused:
                if THIGH_SIDES.get(event.placement) is event.asked:
                    self._see_refused(event)
                    self.note(f"knee lift of {event.placement.value} not taken: {event.refused}")
            elif isinstance(event, RestTest) and event.refused:
                self._see_refused(event)
            elif isinstance(event, Notice):
                where = "" if event.placement is None else f"{event.placement.value}: "
                self.note(f"{where}{event.text}")
            elif isinstance(event, RangeShown):
                self.note(_range_note(event))

    def status(self, prompt: Prompt) -> SessionStatus:
        """The status now."""
        pipeline = self._analyser.pipeline
        if pipeline.newest_s >= self._accounts_due_s:
            self._accounts_due_s = pipeline.newest_s + _ACCOUNT_EVERY_S
            self._take_accounts()
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
            traces=() if self._traces is None else self._traces.take(),
            gauges=pipeline.gauges(),
            closed=self._closed,
            set_starts_s=self._set_starts_s,
        )

    def _see_refused(self, event: PoseTaken | KneeLifted | RestTest) -> None:
        refusal = refusal_of(event)
        if refusal is not None:
            self._refusals.see(refusal)

    def _away(self) -> Collection[Placement]:
        return [place for place in Placement if self._row(place).state not in _SENDS]

    def _take_accounts(self) -> None:
        for account in self._analyser.quality():
            expected = account.samples + account.missing
            self._rows[account.placement] = replace(
                self._row(account.placement),
                rate_hz=account.rate_hz,
                loss=account.missing / expected if expected else 0.0,
            )

    def _row(self, placement: Placement) -> SensorRow:
        return self._rows.get(placement) or SensorRow(placement, LinkState.SEARCHING)

    def _count(self, closed: RepetitionClosed) -> None:
        serial = self._closed[-1].serial + 1 if self._closed else 1
        one = ClosedNow(serial, closed.side, closed.time_s, closed.valid, closed.rom_rad, closed.reasons)
        self._closed = (*self._closed, one)[-_KEPT_CLOSED:]
        if self._counted is not None and closed.time_s < self._counted.time_s:
            # What a lost link brought late belongs to the set before.
            return
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
