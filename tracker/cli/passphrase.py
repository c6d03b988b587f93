"""Where a passphrase comes from: a file, or the terminal; never the command line, which others can see."""

import sys
from pathlib import Path

from tracker.errors import InputError, UsageError


def passphrase_of(file: Path) -> str:
    """The first line of a file.

    Raises:
        InputError: it cannot be read, or there is none.
    """
    try:
        with file.open(encoding="utf-8") as lines:
            passphrase = lines.readline().rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        cause = error.strerror if isinstance(error, OSError) else "it is no text"
        raise InputError(
            f"the passphrase cannot be read from {file}: {cause}", advice="Check the file.", path=str(file)
        ) from error
    return _refuse_empty(passphrase)


def piped_passphrase() -> str:
    """The first line of what is piped in.

    Raises:
        InputError: there is none.
    """
    try:
        return _refuse_empty(sys.stdin.readline().rstrip("\r\n"))
    except UnicodeDecodeError as error:
        raise InputError("what is piped in is no text", advice="Give the passphrase as UTF-8.") from error


def asked_once() -> str:
    """The passphrase of a backup that is there.

    Raises:
        UsageError: nobody can be asked.
    """
    return _refuse_empty(_ask("Passphrase: "))


def asked_twice() -> str:
    """A new passphrase; one that is lost cannot be got back, so it is typed twice.

    Raises:
        UsageError: nobody can be asked, or the two differ.
    """
    first = _refuse_empty(_ask("New passphrase: "))
    if _ask("Once more: ") != first:
        raise UsageError("the two passphrases differ", advice="Try again; nothing was written.")
    return first


def _ask(prompt: str) -> str:
    import getpass

    if not sys.stdin.isatty():
        raise UsageError(
            "nobody can be asked for the passphrase here",
            advice="Put it into a file that only you can read, and give it with --passphrase-file FILE.",
        )
    try:
        return getpass.getpass(prompt)
    except EOFError as error:
        raise UsageError("no passphrase was given", advice="Try again.") from error


def _refuse_empty(passphrase: str) -> str:
    if not passphrase:
        raise InputError("the passphrase is empty", advice="Choose one of some words.")
    return passphrase
