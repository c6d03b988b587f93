"""From options and answers to what is said of a session or a set."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import typer

from tracker.cli.asking import NONE_WORD, ask, notes_value, scale_value
from tracker.cli.lengths import length_m
from tracker.cli.output import note
from tracker.errors import UsageError
from tracker.session.felt_session import FeltSession, Said

Reader = Callable[[str], int | float | str]


def band_number(text: str) -> int:
    """The number of a band.

    Raises:
        UsageError: no number.
    """
    word = text.strip()
    if not (word.isascii() and word.isdigit() and len(word) < 10):
        raise UsageError(f"{text[:40]!r} is no number of a band", advice="`tracker bands` lists them.")
    return int(word)


_OF_SESSION: Mapping[str, tuple[str, Reader]] = {
    "--before": ("pain_before", scale_value),
    "--pain": ("pain_worst", scale_value),
    "--next-morning": ("pain_next_morning", scale_value),
    "--effort": ("effort", scale_value),
    "--notes": ("notes", notes_value),
}
_OF_SET: Mapping[str, tuple[str, Reader]] = {
    "--pain": ("pain", scale_value),
    "--effort": ("effort", scale_value),
    "--band": ("band_id", band_number),
    "--stretched-length": ("stretched_length_m", length_m),
    "--notes": ("notes", notes_value),
}
_QUESTIONS = {
    "pain_before": "Pain before",
    "pain_worst": "Pain at worst",
    "pain_next_morning": "Pain the next morning",
    "pain": "Pain at worst",
    "effort": "Effort",
    "band_id": "Number of the band",
    "stretched_length_m": "The band's length at the movement's end, for example 45cm",
    "notes": "Notes",
}


def said_by_options(options: Mapping[str, str | None], *, of_set: bool) -> Said:
    """What options say, by the field that they are of; None where a value is taken back.

    Raises:
        UsageError: a value that cannot be, or an option that does not belong to a set, or only to one.
    """
    known = _OF_SET if of_set else _OF_SESSION
    said: Said = {}
    for option, text in options.items():
        if text is None:
            continue
        if option not in known:
            raise UsageError(
                f"{option} belongs to {'the whole session' if of_set else 'a set'}",
                advice="Leave --set out for it." if of_set else "Say of which: --set N.",
            )
        field, read = known[option]
        taken_back = text.strip().casefold() in (NONE_WORD, "")
        said[field] = None if taken_back else read(text)
    return said


def said_by_answers(one: FeltSession, set_number: int | None) -> Said:
    """Ask on a terminal; Enter leaves a value as it is, Ctrl-C all that come after."""
    if set_number is not None:
        with_band = bool(one.bands)
        fields = [
            (field, read)
            for field, read in _OF_SET.values()
            if with_band or field not in ("band_id", "stretched_length_m")
        ]
    else:
        fields = [
            (field, read)
            for field, read in _OF_SESSION.values()
            if field != "pain_next_morning" or _morning_has_come(one)
        ]
    what = "" if set_number is None else f", set {set_number}"
    note(f"Session {one.session.session_id}{what}. Pain and effort from 0 to 10; Enter leaves one out.")
    return asked(fields)


def asked(fields: "list[tuple[str, Reader]]") -> Said:
    """Ask for some fields, one after the other, until Ctrl-C or the end of the input."""
    said: Said = {}
    try:
        for field, read in fields:
            value = ask(_QUESTIONS[field], read)
            if value is not None:
                said[field] = value
    except typer.Abort:
        note("")
    return said


def fields_after(*, trained: bool) -> "list[tuple[str, Reader]]":
    """What is asked for right after a session; effort where something was trained."""
    wanted = ("pain_worst", "effort", "notes") if trained else ("pain_worst", "notes")
    return [(field, read) for field, read in _OF_SESSION.values() if field in wanted]


def _morning_has_come(one: FeltSession) -> bool:
    zone = ZoneInfo(one.session.time_zone)
    return datetime.now(UTC).astimezone(zone).date() > one.session.started_at.astimezone(zone).date()
