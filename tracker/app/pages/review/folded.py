"""Parts of a page that are written into it once somebody opens them."""

from collections.abc import Callable
from typing import TypeAlias

from tracker.app.html import tag

Fill: TypeAlias = Callable[[], object]


def folded(
    title: str, fill: Fill, *, detail: str = "", classes: str = "", bad: bool = False, is_open: bool = False
) -> None:
    """A line that opens to more.

    Args:
        title: a heading where a detail stands beside it.
        fill: puts the content in its place.
        bad: what it leads to takes something away.
    """
    filled = False

    def fill_once() -> None:
        nonlocal filled
        if not filled:
            filled = True
            with place:
                fill()

    place = tag("details", classes=classes, open=is_open)
    place.on("toggle", lambda _event: fill_once())
    with place:
        if detail:
            with tag("summary"):
                tag("h3", title)
                tag("span", detail)
        else:
            tag("summary", title, classes="bad" if bad else "")
    if is_open:
        fill_once()
