"""`tracker restore`: a backup becomes the program's folder again."""

from pathlib import Path
from typing import Annotated

import typer


def restore(
    file: Annotated[Path, typer.Argument(help="The backup.")],
    into: Annotated[
        Path | None, typer.Option(help="A folder of its own; default: the program's home folder.")
    ] = None,
    passphrase_file: Annotated[
        Path | None, typer.Option(help="Its first line is the passphrase; asked for where it is missing.")
    ] = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="Also where data are already: those are set aside.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Bring back what a backup holds, all or nothing. What was there before is set aside, never deleted.

    Example: tracker restore /media/stick/hips.tar
    """
    from tracker.backup.reading import is_encrypted
    from tracker.backup.restoring import restore_backup
    from tracker.cli.output import print_json, print_tables, printable, progress_bar
    from tracker.cli.passphrase import asked_once, passphrase_of
    from tracker.home import HOME_VARIABLE, Home, home_from_environment

    home = home_from_environment() if into is None else Home(into.expanduser().absolute())
    encrypted = is_encrypted(file)
    passphrase = None
    if encrypted:
        passphrase = asked_once() if passphrase_file is None else passphrase_of(passphrase_file)
    with progress_bar("restoring") as progress:
        done = restore_backup(file, home, passphrase=passphrase, replace=replace, progress=progress)
    manifest = done.manifest
    if as_json:
        print_json(
            {
                "folder": str(done.folder),
                "set_aside": None if done.set_aside is None else str(done.set_aside),
                "migrated_from": done.migrated_from,
                "created_at": manifest.created_at,
                "with_recordings": manifest.with_recordings,
                "recordings": len(manifest.recordings),
                "rows": manifest.counts,
            }
        )
        return
    sessions = manifest.counts.get("session", 0)
    print_tables(
        f"Restored to {done.folder}: {sessions} session{'s' * (sessions != 1)}, "
        f"as of {printable(manifest.created_at)}"
    )
    if done.migrated_from is not None:
        print_tables("The backup was of an older version; its database was brought to this one.")
    if not manifest.with_recordings:
        print_tables("The backup holds no recordings; those that were in the folder are still there.")
    if done.set_aside is not None:
        print_tables(f"What was there before: {done.set_aside}")
    if into is not None:
        print_tables(f"Use it with {HOME_VARIABLE}={done.folder}")
