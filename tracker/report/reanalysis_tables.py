"""What a re-analysis changed, as tables for a terminal."""

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from tracker.progress.reanalysis_summary import ReanalysisSummary, RestTestsChanged
from tracker.report.terminal import plain_table


def reanalysis_tables(summary: ReanalysisSummary) -> list[RenderableType]:
    """What changed in the numbers, and by how much."""
    parts: list[RenderableType] = []
    for before, after, count in summary.versions:
        if before == after:
            parts.append(f"{count} of analysis version {after}, with other settings or exercises now")
        else:
            parts.append(f"{count} from analysis version {before} to {after}")
    if summary.first_analysed:
        parts.append(f"{summary.first_analysed} had not been analysed before")
    if not summary.sessions:
        return parts
    parts += ["", _rest_tests_table(summary.rest_tests)]
    if summary.exercises:
        parts += ["", _exercises_table(summary)]
    if summary.most_changed:
        parts += ["", _sessions_table(summary)]
    else:
        parts += ["", "No set has more or fewer repetitions than before."]
    parts.append(Text("As found: corrections hold as before and are not in these numbers.", style="dim"))
    return parts


def _rest_tests_table(tests: RestTestsChanged) -> Table:
    table = plain_table("Rest tests", "", "")
    table.show_header = False
    table.add_row("compared", str(tests.compared))
    table.add_row("with another value", str(tests.changed))
    if tests.changed and tests.median_deg is not None and tests.largest_deg is not None:
        table.add_row("median difference (+ inward)", f"{tests.median_deg:+.2f}°")
        table.add_row("largest difference", f"{tests.largest_deg:+.2f}° in session {tests.largest_in}")
    table.add_row("refused now, measured before", str(tests.newly_refused))
    table.add_row("measured now, refused before", str(tests.newly_measured))
    if tests.appeared or tests.vanished:
        table.add_row("only now, only before", f"{tests.appeared}, {tests.vanished}")
    return table


def _exercises_table(summary: ReanalysisSummary) -> Table:
    table = plain_table("Sets (before → now)", "exercise", "sets", "changed", "valid", "partial")
    for one in summary.exercises:
        table.add_row(
            one.exercise,
            _both(one.sets_before, one.sets_after),
            str(one.sets_changed),
            _both(one.valid_before, one.valid_after),
            _both(one.partial_before, one.partial_after),
        )
    return table


def _sessions_table(summary: ReanalysisSummary) -> Table:
    table = plain_table("Sessions that differ most", "no.", "repetitions", "valid", "partial")
    for one in summary.most_changed:
        table.add_row(
            str(one.session_id),
            str(one.repetitions_moved),
            _both(one.valid_before, one.valid_after),
            _both(one.partial_before, one.partial_after),
        )
    return table


def _both(before: int, after: int) -> str:
    return str(after) if before == after else f"{before} → {after}"
