"""Translates sentences that the program made in English, with values in them."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from itertools import islice

from babel.core import Locale

from tracker.app.words.catalogue_files import load_catalogue
from tracker.app.words.languages import Language
from tracker.app.words.marks import as_it_begins, with_signs_inside
from tracker.app.words.measures import measure_text
from tracker.app.words.templates import Match, TemplateIndex, bare

_KEPT = 4096
"""Texts whose translation is remembered: some sessions' worth, since values differ from one to the next."""

_LONGEST = 1200
"""Letters of a text that is looked at; longer ones are nobody's message."""

_DEEPEST = 7
"""How often a value may have values; no text of the program has as many."""

_MOST_LOOKED_UP = 400
"""Parts of one text; so that none, whoever wrote it, takes long."""

_WEAK_LETTERS = 6
"""A template with fewer fixed letters fits by accident, so that its values must be known."""

_MOST_CANDIDATES = 24
_MOST_PARTS = 60

_BREAKS = (r"\n", r"(?<=[.!?]) ", r"; ", r": ")
"""Between sentences and their parts: what fills a hole seldom goes over one."""

_SEPARATORS = (
    r", ", r" · ", r" → ", r" ± ", r" [–−] ", r" × ", r" / ", r" \+ ", r"\+",
    r" and ", r" or ", r" (?=\()",
)  # fmt: skip
_BREAK = re.compile("|".join(_BREAKS))
_LABELLED = re.compile(r"([^:]+): (.+)", re.DOTALL)
_IN_BRACKETS = re.compile(r"\((.+)\)", re.DOTALL)
_IN_QUOTES = re.compile(r"'([^']+ [^']+)'")
"""Words in quotes, such as the title of a plan that comes with the program; a single word is a name."""

_CAPITAL = re.compile(r"[A-Z][a-z ]")
_PROPER_NAME = re.compile(r"[\w.:-]*[A-Z][\w.:-]*(?: [\w.:-]*[A-Z0-9][\w.:-]*){0,2}")
"""Of a sensor, a maker, a person: what stays as it is in every language."""

_VALUE_NAME = re.compile(r"(?<![\w/.\\-])[a-z]+(?:_[a-z]+)+(?![\w/\\=-]|\.\w)")


@dataclass(frozen=True, slots=True)
class _Told:
    """A translated text.

    Attributes:
        unknown: how many letters of it stayed in English.
    """

    text: str
    unknown: int = 0


class Teller:
    """Translates what the program says into one language.

    A text is looked up as it is; else it is held against the templates that it can be made from, and taken
    apart at its separators, values and parts being translated in turn. What leaves least in English is taken;
    of equals, a template whose values have no break in them, then parts, then other templates.
    """

    def __init__(self, language: Language) -> None:
        self.language = language
        self.locale = Locale.parse(language.locale)
        self.catalogue = load_catalogue(language.code)
        self.index = TemplateIndex(self.catalogue.keys)
        self.told = lru_cache(maxsize=_KEPT)(self._told)

    def _told(self, text: str) -> str:
        """The text in this language; as it is where it has no entry."""
        found = _Search(self).find(text) if len(text) <= _LONGEST else None
        if found is not None:
            return found.text
        # In English, values such as left_thigh are words all the same.
        return _VALUE_NAME.sub(lambda name: self.catalogue.text(name.group()), text)


class _Search:
    """How one text is said: what was found of its parts, and how much more may be looked for."""

    def __init__(self, teller: Teller) -> None:
        self._language, self._locale = teller.language, teller.locale
        self._catalogue, self._index = teller.catalogue, teller.index
        self._known_parts: dict[str, _Told | None] = {}
        self._depth = 0

    def find(self, text: str) -> _Told | None:
        """None where nothing is known of it."""
        if text not in self._known_parts:
            if self._depth >= _DEEPEST or len(self._known_parts) >= _MOST_LOOKED_UP:
                return None
            self._depth += 1
            self._known_parts[text] = self._find(text)
            self._depth -= 1
        return self._known_parts[text]

    def _find(self, text: str) -> _Told | None:
        whole = self._catalogue.texts.get(text)
        if whole is not None:
            return _Told(whole)
        before, core, after = bare(text)
        if not core:
            return None
        found = self._core(core)
        return None if found is None else _Told(f"{self._joint(before)}{found.text}{after}", found.unknown)

    def _core(self, text: str) -> _Told | None:
        known = self._catalogue.texts.get(text) or measure_text(self._locale, text)
        if known is not None:
            return _Told(known)
        matches = list(islice(self._index.matches(text), _MOST_CANDIDATES))
        tight = [one for one in matches if not any(map(_BREAK.search, one.values.values()))]
        ways: tuple[Callable[[], _Told | None], ...] = (
            lambda: self._by_templates(tight),
            lambda: self._note(text),
            lambda: self._by_parts(text, _BREAKS),
            lambda: self._by_templates([one for one in matches if one not in tight]),
            lambda: self._by_parts(text, _SEPARATORS),
            lambda: self._but_for_its_ends(text),
            lambda: self._labelled(text),
        )
        best: _Told | None = None
        for way in ways:
            best = _better(best, way())
            if best is not None and best.unknown == 0:
                break
        return best

    def _by_templates(self, matches: Sequence[Match]) -> _Told | None:
        best: _Told | None = None
        for match in matches:
            best = _better(best, self._filled(match))
        return best

    def _filled(self, match: Match) -> _Told | None:
        """None where an accidental template has a value that nothing is known of."""
        template = match.template
        values = {name: self._value(value) for name, value in match.values.items()}
        unknown = sum(value.unknown for value in values.values())
        if unknown and template.letters < _WEAK_LETTERS:
            return None
        if template.plural is None:
            written = self._catalogue.text(template.key)
        else:
            written = self._catalogue.plural(template.key, template.plural, _count(match.values))
        filled = written.format_map({name: value.text for name, value in values.items()})
        return _Told(with_signs_inside(filled), unknown)

    def _value(self, text: str) -> _Told:
        if not text.strip():
            return _Told(text)
        found = self.find(text) or self._foreign(text)
        # Half of a bracket is half of something else.
        return (
            found if text.count("(") == text.count(")") else replace(found, unknown=found.unknown + len(text))
        )

    def _foreign(self, text: str) -> _Told:
        """A name, or what nothing is known of."""
        written = as_it_begins(text) if self._language.is_right_to_left else text
        return _Told(written, 0 if _PROPER_NAME.fullmatch(text) else sum(map(str.isalpha, text)))

    def _by_parts(self, text: str, separators: Sequence[str]) -> _Told | None:
        in_brackets = _IN_BRACKETS.fullmatch(text)
        if in_brackets is not None:
            inner = self._value(in_brackets[1])
            return _Told(f"({inner.text})", inner.unknown)
        in_quotes = _IN_QUOTES.fullmatch(text)
        if in_quotes is not None:
            title = self._catalogue.texts.get(in_quotes[1])
            return None if title is None else _Told(f"'{title}'")
        for separator in separators:
            parts = re.split(f"({separator})", text)
            if 1 < len(parts) <= _MOST_PARTS:
                found = self._joined(tuple(parts))
                if found is not None:
                    return found
        return None

    def _joined(self, parts: tuple[str, ...]) -> _Told | None:
        """Parts and the separators between them, where as many in a row as possible are one known text."""
        if len(parts) == 1:
            return self._known(parts[0])
        for end in range(len(parts) - 2, 0, -2):
            first = self._known("".join(parts[:end]))
            rest = None if first is None else self._joined(parts[end + 1 :])
            if first is not None and rest is not None:
                return _Told(f"{first.text}{self._joint(parts[end])}{rest.text}")
        return None

    def _known(self, text: str) -> _Told | None:
        found = self._value(text)
        return found if found.unknown == 0 else None

    def _but_for_its_ends(self, text: str) -> _Told | None:
        """A sentence that is known without its full stop, or without its capital letter."""
        if text.endswith("."):
            found = self.find(text[:-1])
            if found is not None:
                return found if found.text.endswith(".") else _Told(f"{found.text}.", found.unknown)
        if _CAPITAL.match(text):
            found = self.find(f"{text[0].lower()}{text[1:]}")
            if found is not None:
                return _Told(f"{found.text[0].upper()}{found.text[1:]}", found.unknown)
        return None

    def _note(self, text: str) -> _Told | None:
        """What a person wrote on a day stays as it is, also where the words are among the program's."""
        labelled = _LABELLED.fullmatch(text)
        if self._depth > 1 or labelled is None or not any(map(str.isalpha, labelled[1])):
            return None
        day = measure_text(self._locale, labelled[1])
        return None if day is None else _Told(f"{day}: {self._foreign(labelled[2]).text}")

    def _labelled(self, text: str) -> _Told | None:
        """What stands behind a known name: perhaps what another program said."""
        labelled = _LABELLED.fullmatch(text)
        label = None if labelled is None else self._known(labelled[1])
        if labelled is None or label is None:
            return None
        rest = self._value(labelled[2])
        return _Told(f"{label.text}: {rest.text}", rest.unknown)

    def _joint(self, separator: str) -> str:
        return self._language.joints.get(separator, separator)


def told(language: Language, text: str) -> str:
    """The text in a language; in English where it has no entry."""
    return _teller_for(language).told(text)


@cache
def _teller_for(language: Language) -> Teller:
    return Teller(language)


def _is_whole(text: str) -> bool:
    """False where it has half of a bracket, and so is half of something else."""
    opened = 0
    for letter in text:
        opened += (letter == "(") - (letter == ")")
        if opened < 0:
            return False
    return opened == 0


def _better(one: _Told | None, other: _Told | None) -> _Told | None:
    """The one that leaves less in English; of equals the first."""
    if one is None or other is None:
        return one or other
    return other if other.unknown < one.unknown else one


def _count(values: dict[str, str]) -> int:
    """The number that the form of a text depends on: `count`, else the first whole one."""
    ordered = [values["count"]] if "count" in values else list(values.values())
    return next((int(value) for value in ordered if value.isdecimal()), 1)
