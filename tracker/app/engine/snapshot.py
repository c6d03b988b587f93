"""From the pipeline's status and the guide's place to what pages are sent."""

import math
import time
from collections.abc import Iterable, Sequence
from dataclasses import replace

from tracker.app.engine.values import (
    GaugeNow,
    HeardRepetition,
    LegNow,
    RestTestNow,
    SensorNow,
    SessionNow,
    SetNow,
    StepNow,
    TraceNow,
)
from tracker.model import Analysis, ExerciseSet, RestTest, Side
from tracker.session.events import Gauge
from tracker.session.guide_position import GuidePosition
from tracker.session.live_traces import TracePart
from tracker.session.status import ClosedNow, LegCount, SensorRow, SessionStatus

_NANOSECONDS = 1e9

TRACE_S = 15.0
"""What a trace shows: some repetitions."""


def with_status(now: SessionNow, status: SessionStatus, position: GuidePosition) -> SessionNow:
    """The session with what has changed since the status before."""
    return replace(
        now,
        time_s=status.time_s,
        step=_step(position),
        ends_in_s=position.seconds_left if position.step is None else None,
        can_repeat_rest_test=position.can_repeat_rest_test,
        sensors=_sensors(status),
        legs=_legs(status),
        traces=_traces(now.traces, status.traces),
        closed=tuple(map(_heard, status.closed)),
        rest_tests=tuple(map(_rest_test, status.rest_tests)),
        sets=_sets(status.sets, status.set_starts_s),
        sets_begun=len(status.set_starts_s),
        notes=status.notes,
    )


def with_result(now: SessionNow, analysis: Analysis) -> SessionNow:
    """The session with its result: what was on when it was stopped is in that, too."""
    starts_s = sorted({one.start_s for one in analysis.sets})
    return replace(
        now,
        time_s=analysis.duration_s,
        rest_tests=tuple(map(_rest_test, analysis.rest_tests)),
        sets=_sets(analysis.sets, starts_s),
        sets_begun=len(starts_s),
    )


def _step(position: GuidePosition) -> StepNow | None:
    step = position.step
    if step is None:
        return None
    return StepNow(
        kind=step.kind.value,
        text=step.text,
        exercise=step.exercise,
        side=step.side,
        recipe=step.recipe,
        repetitions=step.repetitions,
        number=position.number,
        total=position.total,
        set_number=position.set_number,
        sets=position.sets,
        tempo=step.tempo,
        running=position.running,
        paused=position.paused,
        resting=position.resting,
        seconds_left=position.seconds_left,
    )


def _sensors(status: SessionStatus) -> tuple[SensorNow, ...]:
    now_ns = time.monotonic_ns()
    return tuple(_sensor(row, now_ns) for row in status.sensors)


def _legs(status: SessionStatus) -> tuple[LegNow, ...]:
    """Each leg's angle and counts; a movement without a side comes last."""
    counts = {count.side: count for count in status.counts}
    angles: dict[Side | None, float | None] = {one.side: one.hip_rotation_rad for one in status.legs}
    gauges = {gauge.side: gauge for gauge in status.gauges}
    sides = dict.fromkeys((*angles, *counts, *gauges))
    return tuple(
        _leg(counts.get(side) or LegCount(side), angles.get(side), gauges.get(side)) for side in sides
    )


def _traces(before: Iterable[TraceNow], new: Iterable[TracePart]) -> tuple[TraceNow, ...]:
    """The last seconds of each leg."""
    points = {trace.side: trace.points for trace in before}
    for part in new:
        new_points = ((time_s, degrees_or_none(angle_rad)) for time_s, angle_rad in part.points)
        grown = (*points.get(part.side, ()), *new_points)
        since_s = grown[-1][0] - TRACE_S if grown else 0.0
        points[part.side] = tuple(point for point in grown if point[0] >= since_s)
    return tuple(TraceNow(side, of_leg) for side, of_leg in points.items())


def _heard(one: ClosedNow) -> HeardRepetition:
    return HeardRepetition(
        one.serial, one.side, one.valid, degrees_or_none(one.rom_rad), one.time_s, one.reasons
    )


def _sets(sets: Iterable[ExerciseSet], starts_s: Sequence[float]) -> tuple[SetNow, ...]:
    """The finished sets; both legs of a set have its number."""
    return tuple(
        SetNow(starts_s.index(one.start_s) + 1, one.exercise, one.side, one.valid_reps, one.partial_reps)
        for one in sets
        if one.start_s in starts_s
    )


def _sensor(row: SensorRow, now_ns: int) -> SensorNow:
    seen_ns = row.last_packet_ns
    return SensorNow(
        placement=row.placement.value,
        state=row.state.value,
        battery_percent=row.battery_percent,
        rssi_dbm=row.rssi_dbm,
        rate_hz=row.rate_hz,
        loss=row.loss,
        packet_age_s=None if seen_ns is None else max(0.0, (now_ns - seen_ns) / _NANOSECONDS),
        detail=row.detail,
    )


def _leg(count: LegCount, angle_rad: float | None, gauge: Gauge | None) -> LegNow:
    return LegNow(
        side=count.side,
        hip_rotation_deg=degrees_or_none(angle_rad),
        valid=count.valid,
        partial=count.partial,
        last_rom_deg=degrees_or_none(count.last_rom_rad),
        last_valid=count.last_valid,
        gauge=None if gauge is None else _gauge(gauge),
    )


def _gauge(gauge: Gauge) -> GaugeNow:
    return GaugeNow(
        signal=gauge.signal.value,
        value_deg=degrees_or_none(gauge.value_rad),
        valid_from_deg=math.degrees(gauge.valid_from_rad),
        target_deg=math.degrees(gauge.target_rad),
        hold_target_s=gauge.hold_target_s,
        ready=gauge.ready,
    )


def _rest_test(test: RestTest) -> RestTestNow:
    return RestTestNow(
        side=test.side,
        start_s=test.start_s,
        hip_rotation_deg=degrees_or_none(test.hip_rotation_rad),
        uncertainty_deg=degrees_or_none(test.uncertainty_rad),
        relative_to=test.relative_to.value,
        refused=test.refused,
    )


def degrees_or_none(angle_rad: float | None) -> float | None:
    """An angle in degrees; None where there is none."""
    return None if angle_rad is None else math.degrees(angle_rad)
