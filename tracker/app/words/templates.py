"""Finds which English templates with holes a text can be made from, and what fills the holes."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from string import Formatter

_WORD = re.compile(r"\w+")
_BARE = re.compile(r"([\s,;·]*)(.*?)([\s:]*)", re.DOTALL)
_ANY = ""
_SHORTEST = ".*?"
_LONGEST = ".*"


@dataclass(frozen=True, slots=True)
class Template:
    """An English text with named holes.

    Attributes:
        key: the text in the catalogue.
        plural: the same for other numbers than one; None where it has no number.
        pattern: of what is made from it; its groups are the holes.
        letters: how many of it are fixed: of two that match, the one with more is meant.
        anchor: the longest word that is in whatever is made from it; empty where there is none.
    """

    key: str
    plural: str | None
    pattern: str
    letters: int
    anchor: str


@dataclass(frozen=True, slots=True)
class Match:
    """What a text can be made from.

    Attributes:
        values: what fills each hole.
    """

    template: Template
    values: dict[str, str]


def holes(text: str) -> tuple[str, ...]:
    """Names of the holes in their order, each once."""
    return tuple(dict.fromkeys(name for _, name in _pieces(text) if name is not None))


def bare(text: str) -> tuple[str, str, str]:
    """What joins a text to the one before it, the text itself, and what joins the next one to it."""
    found = _BARE.fullmatch(text)
    return ("", text, "") if found is None else (found[1], found[2], found[3])


class TemplateIndex:
    """All templates of a catalogue; a text is held only against those that share a word with it.

    Args:
        keys: English texts; of those with a number, both forms.
    """

    def __init__(self, keys: Iterable[tuple[str, str | None]]) -> None:
        self._by_anchor: dict[str, list[Template]] = {}
        for key, plural in keys:
            for form in (key,) if plural is None else (key, plural):
                template = _template(form, key, plural)
                # Without letters it would fit whatever is made of values alone.
                if holes(form) and template.letters:
                    self._by_anchor.setdefault(template.anchor, []).append(template)

    def matches(self, text: str) -> Iterator[Match]:
        """The templates that the text can be made from, the most specific first.

        Where it is not certain what fills the holes: the first ones as short, then as long as can be.
        """
        anchors = {_ANY, *_WORD.findall(text)}
        candidates = [one for anchor in anchors for one in self._by_anchor.get(anchor, ())]
        for template in sorted(candidates, key=lambda one: (-one.letters, one.key)):
            shortest = _compiled(template.pattern).fullmatch(text)
            if shortest is None:
                continue
            yield Match(template, shortest.groupdict())
            longest = _compiled(template.pattern.replace(_SHORTEST, _LONGEST)).fullmatch(text)
            if longest is not None and longest.groups() != shortest.groups():
                yield Match(template, longest.groupdict())


def _template(form: str, key: str, plural: str | None) -> Template:
    pattern, letters, words = "", 0, list[str]()
    seen: set[str] = set()
    after_hole = False
    for literal, name in _pieces(form):
        pattern += re.escape(literal)
        letters += sum(letter.isalpha() for letter in literal)
        words += _whole_words(literal, after_hole=after_hole, before_hole=name is not None)
        after_hole = name is not None
        if name is not None:
            pattern += f"(?P={name})" if name in seen else f"(?P<{name}>{_SHORTEST})"
            seen.add(name)
    anchor = max(words, key=len, default=_ANY)
    return Template(key, plural, pattern, letters, anchor)


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    """When it is first needed: all at once take half a second."""
    return re.compile(pattern, re.DOTALL)


def _whole_words(literal: str, *, after_hole: bool, before_hole: bool) -> list[str]:
    """Words of a fixed piece, less those that what fills a hole may make longer."""
    return [
        word.group()
        for word in _WORD.finditer(literal)
        if not (after_hole and word.start() == 0) and not (before_hole and word.end() == len(literal))
    ]


def _pieces(text: str) -> Iterator[tuple[str, str | None]]:
    for literal, name, _, _ in Formatter().parse(text):
        yield literal, name
