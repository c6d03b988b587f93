"""Changes values of one table in the text of a plan; every other line stays as a person wrote it."""

import re
import tomllib
from collections.abc import Mapping, Sequence

from tracker.errors import SettingsError

_HEADER = re.compile(r"\s*\[[^\[]")
_COMMENT = re.compile(r"\s+#[^\"']*$")


def changed_lines(text: str, path: Sequence[str], values: Mapping[str, str | None]) -> str:
    """The text with other values of some keys of the table at `path`.

    Args:
        values: as TOML writes them, by key; None takes a key away.

    Raises:
        SettingsError: the table is written in a way that cannot be changed line by line.
    """
    lines = text.split("\n")
    begin = next((at for at, line in enumerate(lines) if _path_of(line) == tuple(path)), None)
    if begin is None:
        raise _cannot(path)
    end = next((at for at in range(begin + 1, len(lines)) if _path_of(lines[at]) is not None), len(lines))
    body = lines[begin + 1 : end]
    for key, value in values.items():
        body = _with(body, key, value)
    changed = "\n".join([*lines[: begin + 1], *body, *lines[end:]])
    if not _is_meant(text, changed, path, values):
        raise _cannot(path)
    return changed


def _with(body: list[str], key: str, value: str | None) -> list[str]:
    place = next((at for at, line in enumerate(body) if re.match(rf"\s*{re.escape(key)}\s*=", line)), None)
    if place is None:
        if value is None:
            return body
        last = max((at for at, line in enumerate(body) if "=" in line and "#" not in line), default=-1)
        return [*body[: last + 1], f"{key} = {value}", *body[last + 1 :]]
    comment = _COMMENT.search(body[place])
    written = [] if value is None else [f"{key} = {value}{comment[0] if comment else ''}"]
    return [*body[:place], *written, *body[place + 1 :]]


def _path_of(line: str) -> tuple[str, ...] | None:
    """The keys of a table that a line begins; None for other lines."""
    if _HEADER.match(line) is None:
        return (line.strip(),) if line.strip().startswith("[[") else None
    try:
        found = tomllib.loads(line)
    except tomllib.TOMLDecodeError:
        return None
    keys: list[str] = []
    while found:
        (key, found), *_ = found.items()
        keys.append(key)
    return tuple(keys)


def _is_meant(before: str, after: str, path: Sequence[str], values: Mapping[str, str | None]) -> bool:
    """True where the texts differ in the meant values alone."""
    try:
        wanted, found = tomllib.loads(before), tomllib.loads(after)
        table = wanted
        for key in path:
            table = table[key]
        for key, value in values.items():
            if value is None:
                table.pop(key, None)
            else:
                table[key] = tomllib.loads(f"x = {value}")["x"]
    except (tomllib.TOMLDecodeError, KeyError, TypeError, AttributeError):
        return False
    return wanted == found


def _cannot(path: Sequence[str]) -> SettingsError:
    key = ".".join(path)
    return SettingsError(
        f"{key} is written in a way that cannot be changed here",
        advice="Change it in the text of the whole plan.",
        key=key,
    )
