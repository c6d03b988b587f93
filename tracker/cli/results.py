"""An analysed recording as tables."""

import math

from rich.console import RenderableType
from rich.text import Text

from tracker.motion.grading.pairing import bilateral, both_legs
from tracker.motion.rest.resting import resting_rotations
from tracker.report.session_tables import (
    both_legs_line,
    notice_lines,
    ranges_lines,
    rest_tests_table,
    resting_table,
    sensors_table,
    sets_tables,
)
from tracker.report.terminal import simulated_banner
from tracker.session.replay import Replay


def analysis_tables(result: Replay) -> list[RenderableType]:
    """Everything that a person reads of one recording."""
    analysis = result.analysis
    parts: list[RenderableType] = []
    if result.header.simulated:
        parts.append(simulated_banner())
    parts.append(
        f"{result.path}: {result.header.started_at:%Y-%m-%d %H:%M}, {analysis.duration_s:.1f} s, "
        f"analysis version {analysis.version}"
    )
    parts.append(sensors_table(analysis.sensors))
    if analysis.rest_tests:
        parts += ["", rest_tests_table(analysis.rest_tests)]
        motion = result.parameters.motion
        found = resting_rotations(
            analysis.rest_tests, analysis.alignments, motion.rest_test, motion.alignment
        )
        for one in found:
            parts += ["", resting_table(one, alone=len(found) == 1)]
    parts += ranges_lines(analysis.ranges)
    if analysis.sets:
        parts += ["", sets_tables(analysis.sets), *_both_legs(result), Text(_sets_note(result), style="dim")]
    parts += notice_lines(analysis.notices)
    if result.damage.cut:
        parts.append("The file ends in mid-recording: up to a second that came last may be missing.")
    if result.damage.lost:
        parts.append(
            f"{result.damage.bytes_unread} bytes of the file could not be read: `tracker recover` tells more."
        )
    return parts


def _both_legs(result: Replay) -> list[Text]:
    lines = []
    for left, right in both_legs(result.analysis.sets):
        rule = result.parameters.exercises[left.exercise].pair
        if rule is not None:
            lines.append(both_legs_line(left.exercise, bilateral(left, right, rule)))
    return lines


def _sets_note(result: Replay) -> str:
    """What the times and ranges of repetitions mean, and what they do not tell."""
    used = dict.fromkeys(done.exercise for done in result.analysis.sets)
    rules = {name: result.parameters.exercises[name].rule for name in used}
    limits = ", ".join(
        f"{name}: {math.degrees(rule.phase_rate_rad_per_s):g}°/s, {rule.phase_rate_share:.0%} of peak"
        for name, rule in rules.items()
    )
    return (
        f"There, hold and back are parted where the rate falls below the larger of ({limits}). "
        "± is the error of a rigid leg; soft tissue makes ranges read small. "
        "Smooth: closer to zero is smoother, -1.41 is the smoothest there is."
    )
