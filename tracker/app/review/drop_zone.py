"""The place of a page where a recording is dropped, or chosen with a button."""

from nicegui.element import Element

from tracker.app.html import Handler
from tracker.app.words import Words


class DropZone(Element, component="drop_zone.js"):
    """Sends a file to the server and says how far it is.

    Args:
        on_dropped: is told `{"token"}` of a recording that has come.
        on_refused: is told `{"message", "advice"}` where it is refused, or None where the server cannot be
            reached.
        limit_mb: the largest file that is sent at all.
    """

    def __init__(self, words: Words, on_dropped: Handler, on_refused: Handler, *, limit_mb: float) -> None:
        super().__init__()
        self.props["limit"] = limit_mb
        self.props["texts"] = {
            "drop": words("Drop a recording (.mcap) here, or"),
            "choose": words("choose a file"),
            "hint": words("It is measured and shown, and not kept unless you ask for it."),
            "sending": words("The file is being handed over …"),
            "cancel": words("Cancel"),
            "one": words("One file at a time, please."),
        }
        self.on("dropped", on_dropped)
        self.on("refused", on_refused)
