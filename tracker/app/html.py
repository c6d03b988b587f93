"""Elements of a page by their HTML names: what screen readers and keyboards know how to handle."""

from collections.abc import Callable
from typing import Any, TypeAlias

from nicegui.elements.mixins.text_element import TextElement
from nicegui.events import GenericEventArguments

Handler: TypeAlias = Callable[[GenericEventArguments], Any]
Attribute: TypeAlias = str | int | float | bool


def tag(
    name: str, text: str = "", *, classes: str = "", **attributes: str | int | float | bool
) -> TextElement:
    """An element, to be filled with `with`, or with a text that is never taken for markup.

    Args:
        attributes: of the element; `for_` and `class_` lose the underscore, others have it as a hyphen:
            `aria_label="..."`. True gives an attribute without a value, False none.
    """
    element = TextElement(tag=name, text=text)
    for key, value in attributes.items():
        if value is False:
            continue
        attribute = key.rstrip("_").replace("_", "-")
        element.props[attribute] = "" if value is True else value
    if classes:
        element.classes(classes)
    return element


def button(
    text: str, on_click: Handler, *, classes: str = "", **attributes: str | int | float | bool
) -> TextElement:
    """A button; the handler may be a coroutine function."""
    element = tag("button", text, classes=classes, type="button", **attributes)
    element.on("click", on_click)
    return element
