"""A request that is not let through, and the answer to it."""

import json
from dataclasses import dataclass

from starlette.datastructures import Headers
from starlette.types import Scope

from tracker.app.cookies import LANGUAGE_COOKIE
from tracker.app.words import language_for, words_for

API_PATH = "/api"


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a request is refused, in English.

    Attributes:
        status: of HTTP.
        kind: for programs.
        retry_after_s: when to try again; None where that does not help.
    """

    status: int
    kind: str
    message: str
    advice: str
    retry_after_s: int | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes


def answer_to(scope: Scope, refusal: Refusal) -> Answer:
    """What a refused request is answered: an object to programs, two lines to people."""
    if is_under(str(scope["path"]), API_PATH):
        error = {"message": refusal.message, "advice": refusal.advice, "kind": refusal.kind, "data": {}}
        kind, text = "application/json", json.dumps({"error": error})
    else:
        words = words_for(language_of(Headers(scope=scope)))
        kind = "text/plain; charset=utf-8"
        text = f"{words.told(refusal.message)}\n{words.told(refusal.advice)}\n"
    headers = [("content-type", kind), ("cache-control", "no-store")]
    if refusal.retry_after_s is not None:
        headers.append(("retry-after", str(refusal.retry_after_s)))
    return Answer(refusal.status, tuple(headers), text.encode())


def is_under(path: str, folder: str) -> bool:
    """True for a folder's own path and what is below it."""
    return path == folder or path.startswith(f"{folder}/")


def language_of(headers: Headers) -> str:
    """Code of the language that a browser was last set to, else of the first that it prefers."""
    return language_for(cookie(headers, LANGUAGE_COOKIE), headers.get("accept-language", "")).code


def cookie(headers: Headers, name: str) -> str | None:
    """The value of a cookie; None where the browser sent none, or several of that name."""
    found = [
        value.strip()
        for line in headers.getlist("cookie")
        for key, equals, value in (part.partition("=") for part in line.split(";"))
        if equals and key.strip() == name
    ]
    return found[0] if len(found) == 1 else None
