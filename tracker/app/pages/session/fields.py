"""What is chosen on a form: big buttons from 0 to 10, one of several, a number, yes or no."""

from collections.abc import Awaitable, Callable, Sequence
from typing import TypeAlias

from nicegui.elements.mixins.text_element import TextElement
from nicegui.events import GenericEventArguments

from tracker.app.html import tag
from tracker.app.words import Words
from tracker.plan.pain import HIGHEST, LOWEST

_VALUE = "(event) => emit(event.target.value)"
_CHECKED = "(event) => emit(event.target.checked)"
_MOST_DIGITS = 6
"""No number of a form is longer."""


OnScale: TypeAlias = Callable[[int | None], Awaitable[None] | None]
OnText: TypeAlias = Callable[[str], Awaitable[None] | None]


def scale(words: Words, legend: str, chosen: int | None, on_pick: OnScale) -> None:
    """Pain or effort, 0 to 10; a second press on the same number takes it back."""
    buttons: dict[int, TextElement] = {}
    picked = chosen

    def pick(value: int) -> Awaitable[None] | None:
        nonlocal picked
        picked = None if picked == value else value
        for number, one in buttons.items():
            _press(one, pressed=number == picked)
        return on_pick(picked)

    with tag("fieldset", classes="scale"):
        tag("legend", legend)
        with tag("div", classes="scale-buttons"):
            for value in range(LOWEST, HIGHEST + 1):
                one = tag("button", words.number(value, 0), type="button")
                _press(one, pressed=value == chosen)
                one.on("click", lambda _event, value=value: pick(value))
                buttons[value] = one
        with tag("p", classes="soft scale-ends"):
            tag("span", words("none"))
            tag("span", words("the most there is"))


def _press(one: TextElement, *, pressed: bool) -> None:
    one.props["aria-pressed"] = "true" if pressed else "false"
    one.classes(add="chosen" if pressed else "", remove="" if pressed else "chosen")


def radios(
    legend: str, name: str, options: Sequence[tuple[str, str]], chosen: str, on_pick: Callable[[str], None]
) -> None:
    """One of several.

    Args:
        name: of the group in the form.
        options: value and text of each.
    """
    with tag("fieldset", classes="radios"):
        tag("legend", legend)
        for value, text in options:
            with tag("label"):
                one = tag("input", type="radio", value=value, checked=value == chosen)
                one.props["name"] = name
                one.on("change", _with(on_pick), js_handler=_VALUE)
                tag("span", text)


def select(
    label: str, options: Sequence[tuple[str, str]], chosen: str, on_pick: Callable[[str], None]
) -> None:
    """One of many."""
    with tag("label", classes="field"):
        tag("span", label)
        with tag("select") as one:
            one.on("change", _with(on_pick), js_handler=_VALUE)
            for value, text in options:
                tag("option", text, value=value, selected=value == chosen)


def whole_number(label: str, chosen: int, least: int, most: int, on_pick: Callable[[int], None]) -> None:
    """A whole number within limits; what is none stays as it was."""

    def pick(text: str) -> None:
        digits = text.strip()
        is_number = digits.isascii() and digits.isdigit() and len(digits) <= _MOST_DIGITS
        if is_number and least <= int(digits) <= most:
            on_pick(int(digits))

    with tag("label", classes="field"):
        tag("span", label)
        one = tag("input", type="number", inputmode="numeric", min=least, max=most, step=1)
        # An attribute: as a property it would undo what is typed whenever anything else on the page changes.
        one.props["^value"] = chosen
        one.on("change", _with(pick), js_handler=_VALUE)


def tick(label: str, on: bool, on_pick: Callable[[bool], None]) -> None:
    """Yes or no."""
    with tag("label"):
        one = tag("input", type="checkbox", checked=on)
        one.on("change", lambda event: on_pick(bool(event.args)), js_handler=_CHECKED)
        tag("span", label)


def text_area(label: str, text: str, on_change: OnText, most_chars: int) -> None:
    """Some lines of text, kept when the field is left."""
    with tag("label", classes="field wide-field"):
        tag("span", label)
        # A text area's content is its text.
        one = tag("textarea", text, rows=3, maxlength=most_chars)
        one.on("change", _with(on_change), js_handler=_VALUE)


def _with(on_pick: OnText) -> Callable[[GenericEventArguments], Awaitable[None] | None]:
    return lambda event: on_pick(str(event.args))
