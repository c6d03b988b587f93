"""The results of one session as tables for a terminal."""

import math
from collections.abc import Iterable, Sequence

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from tracker.model import ExerciseSet, Notice, ReferenceRange, Repetition, RestTest, SensorQuality
from tracker.motion.grading.fatigue import set_trend
from tracker.motion.grading.pairing import Bilateral
from tracker.motion.rest.resting import RestingRotation, RestingValue
from tracker.report.terminal import degrees, plain_table, side_name


def sensors_table(sensors: Sequence[SensorQuality]) -> RenderableType:
    """What came from each sensor, and how its clock fits."""
    sent_again = any(sensor.backfilled for sensor in sensors)
    missing = ("missing", "sent again") if sent_again else ("missing",)
    table = plain_table(
        "Sensors", "placement", "rate", "samples", *missing, "gaps", "saturated", "unreadable", "calibrated"
    )
    for sensor in sensors:
        table.add_row(
            sensor.placement.value,
            f"{sensor.rate_hz:.2f} Hz",
            str(sensor.samples),
            str(sensor.missing),
            *([str(sensor.backfilled)] if sent_again else []),
            str(len(sensor.gaps)),
            str(sensor.saturated),
            str(sensor.bad_frames),
            sensor.calibrated_on or "no",
        )
    # a drift whose error is not known yet says nothing
    clocks = [sensor for sensor in sensors if sensor.drift_uncertainty_ppm is not None]
    return Group(table, "", _clocks_table(clocks)) if clocks else table


def _clocks_table(sensors: Iterable[SensorQuality]) -> RenderableType:
    table = plain_table("Clocks against this computer's", "placement", "drift", "±", "95 % late by at most")
    for sensor in sensors:
        table.add_row(
            sensor.placement.value,
            _with_unit(sensor.drift_ppm, "+z.1f", "ppm"),
            _with_unit(sensor.drift_uncertainty_ppm, ".1f", "ppm"),
            _with_unit(sensor.clock_residual_s, ".1f", "ms", 1000.0),
        )
    return table


def _with_unit(value: float | None, form: str, unit: str, of_unit: float = 1.0) -> str:
    return "–" if value is None else f"{of_unit * value:{form}} {unit}"


def rest_tests_table(tests: Iterable[RestTest]) -> RenderableType:
    """Rest tests with their uncertainty, or why there is none."""
    table = plain_table("Resting hip rotation (95 % interval)", "leg", "rotation", "±", "against", "notes")
    for test in tests:
        notes = f"refused: {test.refused}" if test.refused else ", ".join(test.flags)
        against = f"the {test.relative_to.value}"
        rotation = degrees(test.hip_rotation_rad)
        table.add_row(test.side.value, rotation, _plain(test.uncertainty_rad), against, notes)
    return table


def resting_table(resting: RestingRotation, *, alone: bool = True) -> RenderableType:
    """The repeats of a donning together; `alone` where the session has no other donning or posture."""
    posture = "" if resting.posture is None else f", {resting.posture.value}"
    which = "This session" if alone else f"Strapping-on {resting.donning}{posture}"
    table = plain_table(f"{which} (median of its tests)", "", "rotation", "±", "tests", "spread")
    rows = (
        ("left leg", resting.left, True),
        ("right leg", resting.right, True),
        ("difference, right minus left, outward", resting.difference, False),
        ("mean of both legs, outward", resting.mean, False),
    )
    for name, value, of_leg in rows:
        if value is not None:
            table.add_row(name, *_resting_cells(value, of_leg=of_leg))
    if not resting.repeat:
        return table
    legs = " and ".join(side.value for side in resting.repeat)
    return Group(table, Text(f"The tests of the {legs} leg differ much: do them again.", style="yellow"))


def sets_tables(sets: Iterable[ExerciseSet]) -> RenderableType:
    """Each set with its repetitions."""
    parts: list[RenderableType] = []
    for done in sets:
        parts.append(Text(_set_title(done), style="bold"))
        if done.repetitions:
            parts.append(_set_table(done))
        trend = set_trend(done)
        if trend is not None:
            parts.append(
                Text(
                    f"range {trend.rom_slope_percent:+.1f} % and duration "
                    f"{trend.duration_slope_percent:+.1f} % a repetition; range of the last two "
                    f"{trend.rom_loss_percent:.0f} % below the largest"
                )
            )
        parts.append(Text(""))
    return Group(*parts)


def both_legs_line(exercise: str, both: Bilateral) -> Text:
    """How the legs compare in one set, in one line."""
    alone = len(both.left_alone) + len(both.right_alone)
    text = f"{exercise}, both legs: {len(both.pairs)} together, {alone} alone"
    if both.rom_difference_rad is not None and both.symmetry_percent is not None:
        more = "left" if both.rom_difference_rad > 0 else "right"
        difference_deg = abs(math.degrees(both.rom_difference_rad))
        text += (
            f"; the {more} leg goes {difference_deg:.1f}° further ({both.symmetry_percent:.0f} % symmetric)"
        )
    flags = sorted({flag for pair in both.pairs for flag in pair.flags})
    return Text(f"{text}; {', '.join(flags)}" if flags else text)


def ranges_lines(ranges: Iterable[ReferenceRange]) -> list[Text]:
    """Own ranges that were shown."""
    return [
        Text(
            f"{one.exercise}, {side_name(one.side)}: own range {math.degrees(one.rom_rad):.1f}° "
            f"(middle of {one.shown})"
        )
        for one in ranges
    ]


def notice_lines(notices: Iterable[Notice]) -> list[Text]:
    """What may fool the numbers."""
    lines = []
    for notice in notices:
        where = "" if notice.placement is None else f"{notice.placement.value}: "
        lines.append(Text(f"! {where}{notice.text} (at {notice.time_s:.0f} s)", style="yellow"))
    return lines


def _resting_cells(value: RestingValue, *, of_leg: bool) -> tuple[str, str, str, str]:
    angle = degrees(value.value_rad) if of_leg else f"{math.degrees(value.value_rad):+.1f}°"
    return angle, _plain(value.uncertainty_rad), str(value.tests), _plain(value.spread_rad)


def _set_title(done: ExerciseSet) -> str:
    title = f"{done.exercise}, {side_name(done.side)}: {done.valid_reps} valid, {done.partial_reps} partial"
    if done.reference is not None:
        whose = "an own range" if done.reference.shown else "a range"
        title += f", held against {whose} of {math.degrees(done.reference.rom_rad):.0f}°"
    return f"{title} ({'; '.join(done.flags)})" if done.flags else title


def _set_table(done: ExerciseSet) -> Table:
    columns = ("at", "range", "±", "peak", "there", "hold", "back", "smooth", "notes")
    table = plain_table(None, *columns)
    for rep in done.repetitions:
        notes = list(rep.flags) if rep.valid else ["partial", *rep.flags]
        table.add_row(
            f"{rep.start_s:.1f} s",
            _plain(rep.rom_rad),
            _plain(rep.rom_uncertainty_rad),
            _rate(rep),
            f"{rep.concentric_s:.1f} s",
            f"{rep.hold_s:.1f} s",
            f"{rep.eccentric_s:.1f} s",
            "–" if rep.concentric_smoothness is None else f"{rep.concentric_smoothness:.2f}",
            ", ".join(notes),
        )
    return table


def _rate(rep: Repetition) -> str:
    peak = rep.peak_velocity_rad_per_s
    return "–" if peak is None else f"{math.degrees(peak):.0f}°/s"


def _plain(angle_rad: float | None) -> str:
    return "–" if angle_rad is None else f"{math.degrees(angle_rad):.1f}°"
