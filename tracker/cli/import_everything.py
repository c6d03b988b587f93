"""`tracker import --everything`: all data of another computer into an empty folder."""

from pathlib import Path

_SHOWN = 10
"""Lines of what is different from the archive's home; more would push away what matters."""


def import_archive(archive: Path, *, alone: bool, as_json: bool) -> None:
    """Fill the home folder with an archive, and tell what came in.

    Args:
        alone: no other option was given.

    Raises:
        UsageError: another option was given, or the folder has data already.
        InputError: the archive cannot be used.
    """
    from tracker.cli.output import note, print_json, print_tables, printable, progress_bar
    from tracker.errors import UsageError
    from tracker.home import home_from_environment
    from tracker.report.exchange.everything.reading import import_everything

    if not alone:
        raise UsageError(
            "--everything takes no other option: the archive says all",
            advice="Leave the other options out, or leave out --everything.",
        )
    home = home_from_environment()
    with progress_bar("importing") as progress:
        report = import_everything(archive, home, progress)
    if as_json:
        print_json(
            {
                "home": str(home.folder),
                "rows": report.rows,
                "files": [one.as_posix() for one in report.files],
                "interrupted_sessions": list(report.interrupted),
                "moved": [{"from": old, "to": new.as_posix()} for old, new in report.moved],
                "left_out": [{"what": one.what, "reason": one.reason} for one in report.left_out],
            }
        )
        return
    lines = [f"not in the archive: {one.what}: {one.reason}" for one in report.left_out]
    lines += [f"the recording {old} lies here now: {home.folder / new}" for old, new in report.moved]
    lines += [
        f"session {one} was not finished when the archive was made: it counts as interrupted"
        for one in report.interrupted
    ]
    for line in lines[:_SHOWN]:
        note(printable(line))
    if len(lines) > _SHOWN:
        note(f"{len(lines) - _SHOWN} more lines of this kind")
    print_tables(f"Imported into {home.folder}: {report.rows} rows, {len(report.files)} files.")
