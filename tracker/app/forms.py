"""Forms: fields with their labels, sent all at once, and what is wrong with one beside it.

What is typed stays in the browser until it is sent, and stays there when it is refused.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from types import TracebackType
from typing import Self, TypeAlias

from nicegui.elements.mixins.text_element import TextElement
from nicegui.events import GenericEventArguments

from tracker.app.frame import show_error
from tracker.app.html import tag
from tracker.app.words import Words
from tracker.errors import TrackerError

Sent: TypeAlias = Mapping[str, str]
"""What a form was filled with, by the names of its fields; a box that is not ticked is missing."""

Send: TypeAlias = Callable[[Sent], Awaitable[None]]

_ALL_FIELDS = """(event) => { event.preventDefault();
    emit(Array.from(new FormData(event.target)).filter(([, value]) => typeof value === "string")); }"""


_MOST_DIGITS = 9
LONGEST_TEXT_CHARS = 100_000
"""Ten times the shipped plan; what is sent at once must stay below a megabyte."""


class FieldError(Exception):
    """A field holds what cannot be; the text says what, in the page's language."""

    def __init__(self, field: str, text: str) -> None:
        super().__init__(text)
        self.field = field
        self.text = text


class Form:
    """A form, to be filled with `with`; the button that sends it stands at its end.

    Args:
        on_send: is handed what the fields hold. A `FieldError` is shown beside its field, any other error of
            the program at the end of the form.
        action: the text of the button.
        name: unique in the page.
    """

    def __init__(
        self, words: Words, on_send: Send, *, action: str, name: str, classes: str = "", main: bool = True
    ) -> None:
        self._words = words
        self._on_send = on_send
        self._action = action
        self._name = name
        self._main = main
        self._fields: dict[str, tuple[TextElement, TextElement, str]] = {}
        self._form = tag("form", classes=f"form {classes}", novalidate=True)
        self._form.on("submit", self._sent, js_handler=_ALL_FIELDS)
        self._failure: TextElement | None = None
        self._busy = False

    def __enter__(self) -> Self:
        self._form.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if error is None:
            tag("button", self._action, type="submit", classes="main-action" if self._main else "")
            self._failure = tag("div")
        self._form.__exit__(kind, error, trace)

    def field(
        self,
        name: str,
        label: str,
        value: str = "",
        *,
        kind: str = "text",
        hint: str = "",
        **attributes: str | int | float | bool,
    ) -> None:
        """A field for one line.

        Args:
            kind: as HTML's inputs have it: `text`, `number`, `date`.
            hint: stands below the field.
        """
        with self._around(name, label):
            control = tag("input", "", classes="", type=kind, **attributes)
            # As an attribute: what is typed is not put back when something else on the page changes.
            control.props["^value"] = value
            self._keep(name, control, hint)

    def text(
        self, name: str, label: str, value: str, *, rows: int, hint: str = "", file_label: str = ""
    ) -> None:
        """A field for a long text, as written: left to right and without corrections of its spelling.

        Args:
            file_label: of a button that fills the field from a file of the person's; none where empty.
        """
        if file_label:
            with tag("div", classes="field"):
                tag("label", file_label, for_=f"{self._id(name)}-file")
                # Read by `fields.js` in the browser: nothing of it is sent before the form is.
                own = f"{self._id(name)}-file"
                tag("input", type="file", id=own, accept=".toml,text/plain", data_fills=self._id(name))
        with self._around(name, label):
            control = tag(
                "textarea",
                value,
                rows=rows,
                maxlength=LONGEST_TEXT_CHARS,
                spellcheck="false",
                dir="ltr",
                wrap="off",
                classes="plain-text",
            )
            self._keep(name, control, hint)

    def choice(
        self, name: str, label: str, options: Sequence[tuple[str, str]], chosen: str, *, hint: str = ""
    ) -> None:
        """One of some: pairs of what is sent and what is read."""
        with self._around(name, label):
            with tag("select") as control:
                for value, text in options:
                    tag("option", text, value=value, selected=value == chosen)
            self._keep(name, control, hint)

    def tick(self, name: str, label: str, *, ticked: bool = False) -> None:
        """A box to tick; sent as `on` where it is."""
        with tag("div", classes="field"), tag("label"):
            control = tag("input", type="checkbox", checked=ticked)
            control.props["name"] = name
            tag("span", label)

    def _around(self, name: str, label: str) -> TextElement:
        around = tag("div", classes="field")
        with around:
            tag("label", label, for_=self._id(name))
        return around

    def _keep(self, name: str, control: TextElement, hint: str) -> None:
        own = self._id(name)
        control.props["name"] = name
        control.props["id"] = own
        described = [f"{own}-fault"]
        if hint:
            tag("p", hint, classes="soft hint", id=f"{own}-hint")
            described.insert(0, f"{own}-hint")
        control.props["aria-describedby"] = " ".join(described)
        # Read out by the field that describes itself by it, as that is where the keyboard goes.
        fault = tag("p", classes="fault", id=f"{own}-fault")
        self._fields[name] = (control, fault, own)

    def _id(self, name: str) -> str:
        return f"{self._name}-{name}"

    async def _sent(self, event: GenericEventArguments) -> None:
        if self._busy:
            return
        self._busy = True
        try:
            self._clear_faults()
            await self._on_send(dict(event.args))
        except FieldError as error:
            self._show_fault(error.field, error.text)
        except TrackerError as error:
            if self._failure is not None:
                with self._failure:
                    show_error(self._words, error)
        finally:
            self._busy = False

    def _clear_faults(self) -> None:
        for control, fault, _ in self._fields.values():
            fault.text = ""
            control.props.pop("aria-invalid", None)
        if self._failure is not None:
            self._failure.clear()

    def _show_fault(self, name: str, text: str) -> None:
        control, fault, own = self._fields[name]
        fault.text = text
        control.props["aria-invalid"] = "true"
        control.client.run_javascript(f"document.getElementById({own!r})?.focus()")


def whole_number(words: Words, sent: Sent, field: str, *, least: int = 0) -> int:
    """A whole number of a field.

    Raises:
        FieldError: it is none, or less than the least one.
    """
    text = sent.get(field, "").strip()
    if not text.isascii() or not text.isdigit() or len(text) > 9 or int(text) < least:
        raise FieldError(field, words("Write a whole number from {least} on.", least=least))
    return int(text)


def number_or_none(words: Words, sent: Sent, field: str) -> float | None:
    """A number of a field; None where it is empty.

    Raises:
        FieldError: it is none, or below zero.
    """
    text = sent.get(field, "").strip().replace(",", ".")
    if not text:
        return None
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0.0 <= value < float("inf"):
        raise FieldError(field, words("Write a number, or leave it empty."))
    return value
