"""Every text that the page can show has its words in each language, and none is left over."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest
from babel.core import Locale
from babel.messages.catalog import Message
from collected_texts import Text, collected_texts
from reached_modules import module_nodes, reached_modules
from write_words import (
    CODES,
    OF_A_TERMINAL,
    needs_entry,
    read_catalogue,
    says_what_no_program_has,
)

from tracker.app.api.advice import CATALOGUE as OF_THE_API
from tracker.app.api.routes import make_api
from tracker.app.site import Site
from tracker.app.words import LANGUAGES
from tracker.app.words.catalogue_files import load_catalogue
from tracker.app.words.templates import holes

OTHERS = [language.code for language in LANGUAGES if language.code != "en"]
SCRIPTS = {"ko": re.compile(r"[가-힣]"), "ar": re.compile(r"[\u0621-\u064a]")}

NAMES = re.compile(
    r"`[^`]*`|'[^']*'|\[\w+\]|[a-z]+(?:_[a-z0-9]+)+|postgresql://\S+|(?:link|phases)\.|\.colour|Europe/Berlin"
    r"|T\d\d:\d\d\S*|W\d\d|encrypt = |chmod|tracker|bleak|generic|phases\."
    r"|(?<![A-Za-z])(?:kind|side|exercise|valid|longest|placement|low|high|loads|link)(?![A-Za-z])"
    r"|BIDS|BlueZ|Bluetooth|CRC|CSV|D-Bus|FHIR|IANA|JSON|LE|MCAP|mcap|Mac|MDC95|MDC|MetaMotion|MTU|Motion"
    r"|OpenSim|Parquet|PDF|PEM|PostgreSQL|Python|README|RL|SEM|TRACKER|UTC|UTF|WitMotion|WT\w+|XmR"
    r"|Ctrl|Down|Esc|Page|Shift|Up"
    r"|(?<![A-Za-z])(?:ax|ay|az|gx|gy|gz|GB|Hz|MB|cm|dBm|mg|ms|ppm)(?![A-Za-z])"
)
"""What has no Korean or Arabic name: programs, formats, keys of settings and keyboards, columns, units."""


@pytest.fixture(scope="module")
def texts() -> list[Text]:
    return collected_texts()


def _messages(code: str) -> Iterator[Message]:
    return (message for message in read_catalogue(code) if message.id)


def _key(message: Message) -> tuple[str, str | None]:
    return (message.id, None) if isinstance(message.id, str) else (message.id[0], message.id[1])


def _forms(message: Message) -> tuple[str, ...]:
    return (message.string,) if isinstance(message.string, str) else tuple(message.string or ())


@pytest.mark.parametrize("code", CODES)
def test_every_text_has_words_and_none_is_left_over(code: str, texts: list[Text]) -> None:
    needed = {(text.text, text.plural) for text in texts if needs_entry(code, text)}
    there = {_key(message) for message in _messages(code)}
    assert sorted(map(str, needed - there)) == [], "make words adds them"
    assert sorted(map(str, there - needed)) == [], "make words drops them"
    assert [message.id for message in _messages(code) if not all(_forms(message))] == []


@pytest.mark.parametrize("code", CODES)
def test_words_have_the_holes_of_their_text(code: str) -> None:
    for message in _messages(code):
        key, plural = _key(message)
        for form in _forms(message):
            if plural is None:
                assert sorted(holes(form)) == sorted(holes(key)), key
            else:
                assert set(holes(form)) <= set(holes(plural)), key
                assert set(holes(plural)) - set(holes(form)) <= {"count", *holes(key)}, key


@pytest.mark.parametrize("code", CODES)
def test_nothing_is_marked_as_uncertain(code: str) -> None:
    assert [message.id for message in _messages(code) if message.fuzzy] == []


@pytest.mark.parametrize("code", OTHERS)
def test_no_english_is_left_but_names(code: str) -> None:
    for message in _messages(code):
        for form in _forms(message):
            without_holes = re.sub(r"\{\w*\}", "", form)
            assert not re.search(r"[A-Za-z]{2,}", NAMES.sub("", without_holes)), (message.id, form)
            if re.search(r"[A-Za-z]{3,}", NAMES.sub("", re.sub(r"\{\w*\}", "", _key(message)[0]))):
                assert SCRIPTS[code].search(form), (message.id, form)


@pytest.mark.parametrize("code", CODES)
def test_a_page_sends_nobody_to_a_terminal(code: str) -> None:
    for message in _messages(code):
        for form in _forms(message):
            assert not re.search(r"\btracker [a-z]|(?<!enable )--[a-z]|TRACKER_HOME", form), form


def test_the_api_sends_nobody_to_a_command_or_a_page() -> None:
    for message in _messages(OF_THE_API):
        assert says_what_no_program_has(_key(message)[0]), message.id
        for form in _forms(message):
            assert not says_what_no_program_has(form), form


def test_the_api_names_addresses_that_it_has() -> None:
    """Each with how it is asked; what stands for a part of a path is a hole of the text, or NUMBER."""
    operations = {
        (method.upper(), re.sub(r"\{\w+\}", "{}", path))
        for path, methods in make_api(cast("Site", None)).openapi()["paths"].items()
        for method in methods
    }
    named = 0
    for message in _messages(OF_THE_API):
        for form in _forms(message):
            found = re.findall(r"\b(GET|POST|DELETE) /api(/[\w/{}-]+)", form)
            assert form.count("/api/") == len(found), form
            for method, path in found:
                named += 1
                assert (method, re.sub(r"\{\w+\}|NUMBER", "{}", path)) in operations, form
    assert named > 40


@pytest.mark.parametrize("code", OTHERS)
def test_numbers_in_words_are_those_of_the_text(code: str) -> None:
    """A limit of pain or a count of seconds is the same in each language, in digits or in words."""
    said = {message.id: message.string for message in _messages("en")}
    for message in _messages(code):
        key, plural = _key(message)
        if plural is None and message.string:
            source = str(said.get(key, key))
            expected, written = (_numbers(text) for text in (source, _forms(message)[0]))
            assert expected <= written, (source, message.string)
            assert written - expected <= _spelled(source), (source, message.string)


def _numbers(text: str) -> set[str]:
    """Less one and two, which some languages spell out or leave out."""
    return set(re.findall(r"\d+(?:\.\d+)?", re.sub(r"\{\w*\}", "", text))) - {"1", "2"}


def _spelled(text: str) -> set[str]:
    """Numbers that English spells out."""
    numbers = {
        "three": "3", "six": "6", "seven": "7", "eight": "8", "ten": "10", "twelve": "12", "young": "18",
        "half a minute": "30", "may": "5",
    }  # fmt: skip
    return {digits for word, digits in numbers.items() if word in text.lower()}


@pytest.mark.parametrize("code", OTHERS)
def test_no_language_judges_or_promises(code: str) -> None:
    forbidden = {
        "ko": r"정상|비정상|진단|완치|치료됩니다|보장",
        "ar": r"طبيعي(?!ة)|غير طبيعي|تشخيص|شفاء|نضمن|مضمون",
    }[code]
    allowed = {"ko": r"비정상 종료", "ar": r"العلاج الطبيعي"}[code]
    for message in _messages(code):
        for form in _forms(message):
            assert not re.search(forbidden, re.sub(allowed, "", form)), form


@pytest.mark.parametrize("code", CODES)
def test_what_the_page_reads_is_what_translators_tools_read(code: str) -> None:
    loaded = load_catalogue(code)
    said = {_key(message): _forms(message) for message in _messages(code) if all(_forms(message))}
    assert {(key, None): (text,) for key, text in loaded.texts.items()} | loaded.plurals == said


def test_arabic_has_six_forms_by_unicodes_rule() -> None:
    rule = Locale.parse("ar").plural_form
    order = ("zero", "one", "two", "few", "many", "other")
    form = load_catalogue("ar").form
    assert [order[form(count)] for count in range(250)] == [rule(count) for count in range(250)]


def test_each_hole_of_a_pages_text_is_filled() -> None:
    """What a page hands to its words are the values that the text has holes for."""
    found = 0
    for name, file in reached_modules().items():
        for text, given in _calls(file) if name.startswith("tracker.app") else ():
            assert set(holes(text)) == given, (name, text)
            found += 1
    assert found > 300


def _calls(file: Path) -> Iterator[tuple[str, set[str | None]]]:
    for node in module_nodes(file):
        match node:
            case ast.Call(
                func=ast.Name(id="words") | ast.Attribute(attr="words"),
                args=[ast.Constant(value=str(text))],
                keywords=values,
            ) if all(value.arg for value in values):
                yield text, {value.arg for value in values}
            case ast.Call(
                func=ast.Attribute(attr="plural"),
                args=[ast.Constant(value=str(_)), ast.Constant(value=str(text)), _],
                keywords=values,
            ) if all(value.arg for value in values):
                yield text, {"count", *(value.arg for value in values)}


def test_english_has_entries_only_for_what_a_page_says_otherwise() -> None:
    for message in _messages("en"):
        assert OF_A_TERMINAL.search(_key(message)[0]), message.id
