"""The catalogues: a `.po` file for each language, whose keys are the English texts.

Source: GNU gettext manual, "The Format of PO Files"; of it, what `make words` writes: no contexts.
"""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from gettext import c2py
from pathlib import Path

FOLDER = Path(__file__).parent / "catalogue"

_LINE = re.compile(r'(?:(msgid|msgid_plural|msgstr(?:\[\d\])?) )?(".*")')
_PLURAL_RULE = re.compile(r"plural=([^;\n]+);?")
_OF_ENGLISH = "(n != 1)"


@dataclass(frozen=True, slots=True)
class LoadedCatalogue:
    """The texts of one language; what has no entry is as it is in English.

    Attributes:
        texts: those without a number, by their English ones.
        plurals: those with a number, by their English ones, for one and for more.
        form: which form a number takes, from 0.
    """

    texts: dict[str, str]
    plurals: dict[tuple[str, str], tuple[str, ...]]
    form: Callable[[int], int]

    def text(self, english: str) -> str:
        """A text without a number."""
        return self.texts.get(english, english)

    def plural(self, singular: str, plural: str, count: int) -> str:
        """The form of a text that a number asks for."""
        forms = self.plurals.get((singular, plural))
        if forms is None:
            return singular if count == 1 else plural
        return forms[min(self.form(count), len(forms) - 1)]

    @property
    def keys(self) -> Iterator[tuple[str, str | None]]:
        """English texts with their holes; of those with a number, both forms."""
        yield from ((key, None) for key in self.texts)
        yield from self.plurals


@cache
def load_catalogue(code: str) -> LoadedCatalogue:
    """A language's texts, read once; a language without a file has none."""
    path = FOLDER / f"{code}.po"
    content = path.read_text(encoding="utf-8") if path.is_file() else ""
    texts: dict[str, str] = {}
    plurals: dict[tuple[str, str], tuple[str, ...]] = {}
    rule = _OF_ENGLISH
    for entry in content.split("\n\n"):
        said = _entry(entry)
        key, translated = said.pop("msgid", ""), said.get("msgstr", "")
        if not key:
            found = _PLURAL_RULE.search(translated)
            rule = rule if found is None else found[1]
        elif "msgid_plural" in said:
            forms = tuple(said[name] for name in sorted(said) if name.startswith("msgstr["))
            if all(forms):
                plurals[key, said["msgid_plural"]] = forms
        elif translated:
            texts[key] = translated
    return LoadedCatalogue(texts, plurals, c2py(rule))


def _entry(block: str) -> dict[str, str]:
    """What stands behind each keyword; a text may go on over several lines."""
    said: dict[str, str] = {}
    keyword = ""
    for line in block.splitlines():
        found = _LINE.fullmatch(line)
        if found is not None:
            keyword = found[1] or keyword
            # Their escapes are among those of JSON.
            said[keyword] = said.get(keyword, "") + json.loads(found[2])
    return said
