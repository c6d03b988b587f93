"""Brings the catalogues in line with the program, and says what has no translation: `make words`."""

import io
import re
import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po
from collected_texts import Text, collected_texts

from tracker.app.api.advice import CATALOGUE as OF_THE_API
from tracker.app.words import LANGUAGES
from tracker.app.words.catalogue_files import FOLDER

OF_A_TERMINAL = re.compile(r"\btracker [a-z]|(?<!enable )--[a-z]|TRACKER_HOME|^[a-z]+(_[a-z]+)+$")
"""What a page says in other words: it has no commands, and values have no underscores."""


_VALUE = re.compile(r"[a-z]+(_[a-z]+)+")
OF_A_PAGE = re.compile(r"\b[Pp]age\b")
"""What the API says in other words, besides: a program has no pages."""

CODES = (*(language.code for language in LANGUAGES), OF_THE_API)

_NOT_OF_THE_API = (
    "tracker/app/access/",
    "tracker/app/pages/",
    "tracker/app/missing_pages.py",
    "tracker/app/server.py",
    "tracker/report/trend_tables.py",
    "tracker/report/week_told.py",
)
"""Whose texts only pages show, or whoever opens them."""


def read_catalogue(code: str) -> Catalog:
    """A language's catalogue as it stands in its file; one without a file has no texts."""
    path = FOLDER / f"{code}.po"
    if not path.is_file():
        return Catalog(locale=_locale(code))
    with path.open("rb") as file:
        return read_po(file, locale=_locale(code), abort_invalid=True)


def needs_entry(code: str, text: Text) -> bool:
    """In English, only what the page says in other words than the terminal; of the API, what it does."""
    if code == OF_THE_API:
        return text.is_told and says_what_no_program_has(text.text) and not _only_on_pages(text)
    return code != "en" or (text.is_told and OF_A_TERMINAL.search(text.text) is not None)


def says_what_no_program_has(text: str) -> bool:
    """True where it sends to a command or to a page."""
    of_a_terminal = OF_A_TERMINAL.search(text) is not None and _VALUE.fullmatch(text) is None
    return of_a_terminal or OF_A_PAGE.search(text) is not None


def _only_on_pages(text: Text) -> bool:
    return all(file.startswith(_NOT_OF_THE_API) for file in text.files)


def _locale(code: str) -> str:
    return "en" if code == OF_THE_API else code


def write_catalogue(code: str, texts: list[Text]) -> list[Text]:
    """Write a language's catalogue anew; translations are kept, what is no longer said is dropped.

    Returns:
        What has no translation.
    """
    before = read_catalogue(code)
    after = Catalog(locale=_locale(code), project="hip-rotation-tracker", charset="utf-8", fuzzy=False)
    missing: list[Text] = []
    for text in texts:
        if not needs_entry(code, text):
            continue
        known = before.get(text.text)
        translated = (
            known.string
            if known is not None and bool(known.pluralizable) == (text.plural is not None)
            else ""
        )
        after.add(
            text.text if text.plural is None else (text.text, text.plural),
            translated or None,
            locations=[(file, 0) for file in text.files],
        )
        if not translated or not all([translated] if isinstance(translated, str) else translated):
            missing.append(text)
    _write(FOLDER / f"{code}.po", after)
    return missing


def _write(file: Path, catalogue: Catalog) -> None:
    """Without the dates and addresses of a usual header: the same texts give the same file."""
    written = io.BytesIO()
    write_po(written, catalogue, width=0, omit_header=True, include_lineno=False)
    header = "\n".join(
        [
            'msgid ""',
            'msgstr ""',
            f'"Language: {catalogue.locale_identifier}\\n"',
            f'"Plural-Forms: {catalogue.plural_forms}\\n"',
            '"Content-Type: text/plain; charset=utf-8\\n"',
        ]
    )
    file.write_text(f"{header}\n\n{written.getvalue().decode()}", encoding="utf-8")


def main() -> int:
    """Write all catalogues; 1 where translations are missing."""
    texts = collected_texts()
    lacking = 0
    for code in CODES:
        missing = write_catalogue(code, texts)
        lacking += len(missing)
        print(f"{code}: {len(missing)} of {len(texts)} texts have no translation")  # noqa: T201
    return 1 if lacking else 0


if __name__ == "__main__":
    sys.exit(main())
