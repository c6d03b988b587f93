"""`tracker replay`: measure a recording again."""

from pathlib import Path
from typing import Annotated

import typer


def replay(
    file: Annotated[Path, typer.Argument(help="A recording (.mcap), whole or cut.")],
    speed: Annotated[
        float | None, typer.Option(min=0.1, max=100.0, help="Show it as it went, so many times as fast.")
    ] = None,
    traces: Annotated[
        Path | None, typer.Option(help="Write the hip rotation of every sample to this CSV file.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Measure a recording with the present version and settings; the file is not changed.

    Example: tracker replay recordings/simulated_session.mcap --speed 1
    """
    from tracker.cli.output import print_json, print_tables
    from tracker.cli.replaying import show_at_speed, with_progress
    from tracker.cli.results import analysis_tables
    from tracker.report.replay_document import replay_document
    from tracker.report.trace_table import check_traces_target, write_traces
    from tracker.session.traces import TraceCollector
    from tracker.session.workplace import workplace

    if traces:
        check_traces_target(traces)
    place = workplace()
    gate = place.settings.motion.rest_test.refuse_observability
    collector = TraceCollector(gate) if traces else None
    if speed is not None and not as_json:
        result, pipeline = show_at_speed(file, place.analysis, speed, collector)
    else:
        result, pipeline = with_progress(file, place.analysis, collector)
    if traces and collector is not None:
        write_traces(traces, collector.traces(pipeline))
    if as_json:
        print_json(replay_document(result))
    else:
        print_tables(*analysis_tables(result))
