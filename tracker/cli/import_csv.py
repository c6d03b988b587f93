"""`tracker import`: recordings of other programs, from CSV; or an archive of everything."""

from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, TypeVar

import typer

from tracker.cli.person_option import PersonOption

Unit = TypeVar("Unit", bound=StrEnum)

_FILE = "CSV with the columns time_s,ax,ay,az,gx,gy,gz."
_EVENTS = (
    "CSV with the columns start_s,end_s,kind,side,exercise; it may have recipe (of a reference pose: "
    "patella_up, foot_block, hanging_shank or pelvis_level) and posture (of a rest test: supine, prone, "
    "seated, left_side_down or right_side_down) besides."
)


def import_csv(
    out: Annotated[Path | None, typer.Option(help="The recording to write.")] = None,
    left_thigh: Annotated[Path | None, typer.Option(help=_FILE)] = None,
    right_thigh: Annotated[Path | None, typer.Option(help=_FILE)] = None,
    pelvis: Annotated[Path | None, typer.Option(help=_FILE)] = None,
    events: Annotated[Path | None, typer.Option(help=_EVENTS)] = None,
    accelerometer_unit: Annotated[str, typer.Option(help="m/s2, g or mg.")] = "m/s2",
    gyroscope_unit: Annotated[str, typer.Option(help="rad/s or deg/s.")] = "rad/s",
    exercise: Annotated[
        str | None, typer.Option(help="Without events the whole file is one set of this exercise.")
    ] = None,
    started_at: Annotated[
        datetime | None, typer.Option(help="When it was recorded; default: the file's time.")
    ] = None,
    keep: Annotated[bool, typer.Option(help="Keep it as a session too, so that weeks count it.")] = False,
    everything: Annotated[
        Path | None,
        typer.Option(
            metavar="ARCHIVE",
            help="Fill an empty folder with all that `tracker export --to everything` wrote; takes no other "
            "option but --json.",
        ),
    ] = None,
    person: PersonOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the analysis as one JSON object.")] = False,
) -> None:
    """Make a recording of anyone's CSV files and analyse it; or, with --everything, move in with all data.

    Example: tracker import --left-thigh left.csv --exercise generic --accelerometer-unit g --out left.mcap
    """
    if everything is not None:
        from tracker.cli.import_everything import import_archive

        others = (out, left_thigh, right_thigh, pelvis, events, exercise, started_at, keep or None)
        import_archive(everything, alone=all(one is None for one in others), as_json=as_json)
        return
    from tracker.cli.output import console, print_json, print_tables, progress_bar
    from tracker.cli.person_option import person_of
    from tracker.cli.results import analysis_tables
    from tracker.errors import UsageError
    from tracker.model import Placement
    from tracker.recording.csv_import import import_csv as write_recording
    from tracker.recording.units import AccelerometerUnit, GyroscopeUnit
    from tracker.report.replay_document import replay_document
    from tracker.session.keeping import keep_replay
    from tracker.session.replay import replay
    from tracker.session.workplace import workplace

    if out is None:
        raise UsageError("no place for the recording", advice="Name the file to write with --out FILE.mcap.")
    place = workplace()
    if exercise is not None:
        place.catalogue.find(exercise)
    given = {Placement.LEFT_THIGH: left_thigh, Placement.RIGHT_THIGH: right_thigh, Placement.PELVIS: pelvis}
    files = {placement: file for placement, file in given.items() if file is not None}
    units = _unit(AccelerometerUnit, accelerometer_unit), _unit(GyroscopeUnit, gyroscope_unit)
    start = started_at.astimezone() if started_at and started_at.tzinfo is None else started_at
    if keep:
        # A database that cannot be used must be known before anything is written.
        with place.database() as database, database.write() as connection:
            person_of(connection, person)
    with progress_bar("importing") as progress:
        write_recording(
            files,
            events,
            *units,
            exercise,
            out,
            started_at=start,
            known_exercises=frozenset(place.catalogue),
            progress=progress,
        )
    result = replay(out, place.analysis)
    session_id = None
    if keep:
        with place.database() as database:
            session_id = keep_replay(database, place.home, result, person_name=person)
    if as_json:
        print_json(replay_document(result))
        return
    print_tables(f"Written: {out}", *analysis_tables(result))
    if session_id is not None:
        console().print(f"Kept as session {session_id}.")


def _unit(kind: type[Unit], text: str) -> Unit:
    from tracker.errors import UsageError

    if text not in list(kind):
        known = ", ".join(kind)
        raise UsageError(f"unknown unit {text!r}", advice=f"Use one of: {known}.", unit=text)
    return kind(text)
