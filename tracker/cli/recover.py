"""`tracker recover`: a whole recording out of a damaged one."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from tracker.recording.recover import RecoveryReport


def recover(
    file: Annotated[Path, typer.Argument(help="The damaged recording; it is not changed.")],
    out: Annotated[Path | None, typer.Option(help="The new file; default NAME.recovered.mcap.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Write what is whole of a recording to a new file, check it, and say what was lost.

    Exits with 1 where anything was lost. A session of this recording is completed with what was saved.

    Example: tracker recover ~/.tracker/recordings/2026-11-23T18-00-00-000000Z.mcap
    """
    from tracker.errors import LossError
    from tracker.home import home_from_environment
    from tracker.recording.recover import recover as save
    from tracker.session.keeping import keep_replay
    from tracker.session.replay import replay
    from tracker.session.workplace import workplace
    from tracker.store.sessions import find_session
    from tracker.store.values import stored_path

    home = home_from_environment()
    place = workplace(home, simulated=file.absolute().is_relative_to(home.simulated.folder))
    session_id = None
    # Opened first: a database that cannot be used must be known before anything is written.
    with place.database() as database:
        report = save(file, out or file.with_name(f"{file.stem}.recovered.mcap"))
        with database.read() as connection:
            known = find_session(connection, stored_path(file, place.home.folder))
        if known is not None:
            result = replay(report.out, place.analysis)
            session_id = keep_replay(database, place.home, result, recorded_as=file)
    _show(report, session_id, as_json=as_json)
    if report.lost:
        missing = sum(report.missing.values())
        raise LossError(
            f"{report.damage.bytes_unread} bytes could not be read, {missing} messages are missing",
            advice="The new file holds the rest; gaps are shown when it is replayed.",
        )


def _show(report: "RecoveryReport", session_id: int | None, *, as_json: bool) -> None:
    from tracker.cli.output import print_json, print_tables

    if as_json:
        print_json(_document(report, session_id))
        return
    kept = ", ".join(f"{count} of {topic}" for topic, count in report.kept.items())
    print_tables(f"Written and read back: {report.out}", f"Messages kept: {kept}")
    if report.damage.cut:
        print_tables("The file ends in mid-recording: up to a second that came last may be missing.")
    print_tables(*(f"Damaged at byte {one.offset}: {one.reason}" for one in report.damage.damaged_chunks))
    if session_id is not None:
        print_tables(f"Session {session_id} is complete with what was saved.")


def _document(report: "RecoveryReport", session_id: int | None) -> dict[str, object]:
    return {
        "source": str(report.source),
        "out": str(report.out),
        "kept": dict(report.kept),
        "missing": dict(report.missing),
        "cut": report.damage.cut,
        "damaged_chunks": [
            {
                "offset": one.offset,
                "size": one.size,
                "start_s": one.start_s,
                "end_s": one.end_s,
                "reason": one.reason,
            }
            for one in report.damage.damaged_chunks
        ],
        "bytes_unread": report.damage.bytes_unread,
        "start_s": report.start_s,
        "end_s": report.end_s,
        "lost": report.lost,
        "session_id": session_id,
    }
