"""An analysed recording as tables."""

import json
import math

from rich.console import RenderableType
from rich.text import Text

from tracker.model import Analysis
from tracker.report.terminal import rest_tests_table, sensors_table, sets_tables, simulated_banner
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
    if analysis.sets:
        parts += ["", sets_tables(analysis.sets), Text(_phases_note(analysis), style="dim")]
    if result.damage.cut:
        parts.append("The file ends in mid-recording: up to a second that came last may be missing.")
    if result.damage.lost:
        parts.append(
            f"{result.damage.bytes_unread} bytes of the file could not be read: `tracker recover` tells more."
        )
    return parts


def _phases_note(analysis: Analysis) -> str:
    """What the times and ranges of repetitions mean, and what they do not tell."""
    rules = {name: one["rule"] for name, one in json.loads(analysis.parameters)["exercises"].items()}
    limits = ", ".join(
        f"{name}: {math.degrees(rule['phase_rate_rad_per_s']):g}°/s, {rule['phase_rate_share']:.0%} of peak"
        for name, rule in rules.items()
    )
    return (
        f"There, hold and back are parted where the rate falls below the larger of ({limits}). "
        "Ranges come without an error yet; soft tissue makes them read small."
    )
