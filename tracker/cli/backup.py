"""`tracker backup`: everything in one file, or the copies that were made by themselves."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from tracker.backup.writing import Written
    from tracker.home import Home

_FILE = "The file to write, best on another disk. Without it the automatic backups are listed."
_LOCKED = "Encrypt with the first line of this file."


def backup(
    file: Annotated[Path | None, typer.Argument(help=_FILE)] = None,
    encrypt: Annotated[bool, typer.Option("--encrypt", help="Ask for a passphrase and encrypt.")] = False,
    passphrase_file: Annotated[Path | None, typer.Option(help=_LOCKED)] = None,
    without_recordings: Annotated[
        bool, typer.Option("--without-recordings", help="Sessions, results and settings alone.")
    ] = False,
    replace: Annotated[bool, typer.Option("--replace", help="Replace a file that is there.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Write sessions, results, recordings and settings to one file and read it back; recording may go on.

    Example: tracker backup /media/stick/hips.tar --encrypt
    """
    from tracker.errors import UsageError
    from tracker.home import home_from_environment

    home = home_from_environment()
    if file is None:
        if encrypt or passphrase_file or without_recordings or replace:
            raise UsageError("no file was given", advice="Say where to: tracker backup FILE.")
        _list(home, as_json=as_json)
        return
    from tracker.backup.opening import open_home_database
    from tracker.backup.publishing import refuse_existing
    from tracker.backup.writing import write_backup
    from tracker.cli.output import progress_bar
    from tracker.cli.passphrase import asked_twice, passphrase_of

    # Before anybody thinks of a passphrase.
    refuse_existing(file, replace=replace)
    passphrase = passphrase_of(passphrase_file) if passphrase_file else asked_twice() if encrypt else None
    home.create()
    with open_home_database(home) as database, progress_bar("backing up") as progress:
        written = write_backup(
            home,
            database,
            file,
            passphrase=passphrase,
            with_recordings=not without_recordings,
            replace=replace,
            progress=progress,
        )
    _show(written, as_json=as_json)


def _show(written: "Written", *, as_json: bool) -> None:
    from tracker.cli.output import note, print_json, print_tables, printable
    from tracker.home import HOME_VARIABLE

    manifest = written.manifest
    unfinished = [entry.name for entry in manifest.recordings if not entry.closed]
    if as_json:
        print_json(
            {
                "path": str(written.path),
                "size_bytes": written.size_bytes,
                "encrypted": written.encrypted,
                "created_at": manifest.created_at,
                "schema": manifest.revision,
                "with_recordings": manifest.with_recordings,
                "recordings": len(manifest.recordings),
                "unfinished_recordings": unfinished,
                "left_out": [{"what": str(one.path), "reason": one.reason} for one in written.left_out],
                "rows": manifest.counts,
            }
        )
        return
    what = f"{_counted(manifest.counts.get('session', 0), 'session')}"
    if manifest.with_recordings:
        what += f", {_counted(len(manifest.recordings), 'recording')}"
    else:
        what += ", without recordings"
    locked = ", encrypted" if written.encrypted else ""
    print_tables(
        f"Written and read back: {written.path} ({written.size_bytes / 1e6:,.1f} MB{locked})",
        f"In it: {what}",
    )
    if not any(manifest.counts.values()) and not manifest.recordings:
        note(f"There is nothing in it: does {HOME_VARIABLE} name the right folder?")
    for one in written.left_out:
        note(printable(f"left out: {one.path}: {one.reason}"))
    for name in unfinished:
        print_tables(f"Being written, or cut: {name}; what is there of it is in the backup.")
    if not written.encrypted:
        print_tables("It is not encrypted: whoever has the file can read it.")
    print_tables(f"Restore it with: tracker restore {written.path}")


def _list(home: "Home", *, as_json: bool) -> None:
    from tracker.backup.automatic import automatic_backups
    from tracker.cli.output import note, print_json, print_tables
    from tracker.report.terminal import plain_table

    found = automatic_backups(home)
    if as_json:
        rows = [
            {
                "path": str(one.path),
                "kind": one.kind,
                "made_at": one.made_at.isoformat(),
                "size_bytes": one.size_bytes,
            }
            for one in found
        ]
        print_json({"backups": rows})
        return
    if not found:
        note("There is no automatic backup yet; the first one is made after the next session.")
        return
    table = plain_table(None, "made", "kind", "MB", "file")
    for one in found:
        made = f"{one.made_at.astimezone():%Y-%m-%d %H:%M}"
        table.add_row(made, one.kind.replace("-", " "), f"{one.size_bytes / 1e6:,.1f}", str(one.path))
    print_tables(table)
    note("They lie on the same disk, without recordings. For all of it elsewhere: tracker backup FILE")


def _counted(count: int, word: str) -> str:
    return f"{count} {word}{'s' * (count != 1)}"
