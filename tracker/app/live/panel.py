"""The element of a page that shows the running session; it draws and sounds in the browser."""

from nicegui.element import Element

from tracker.app.html import Handler
from tracker.app.live.feed import LiveFeed
from tracker.app.live.message import Message
from tracker.app.site import View
from tracker.app.words import Words
from tracker.plan.pain import HIGHEST, LOWEST

STYLE = '<link rel="stylesheet" href="/assets/live.css">'
"""Of the panel and of the pages around it; goes into the head of a page."""


class LivePanel(Element, component="live_panel.js", esm={"tracker-live": "browser"}):
    """Shows the running session, and nothing where none runs.

    Args:
        on_steer: is told what the person wants, as `{"what": "pause"}`.
    """

    def __init__(self, view: View, on_steer: Handler) -> None:
        super().__init__()
        self.props["texts"] = _texts(view.words)
        self.props["language"] = view.words.code
        self.on("steer", on_steer)
        self._feed = LiveFeed(
            view.site.engine,
            view.words,
            view.site.place.catalogue,
            self._take,
            lambda: self.client.has_socket_connection,
        )
        self.client.on_connect(self._feed.begin)
        self.client.on_delete(self._feed.end)

    def _take(self, message: Message) -> None:
        self.run_method("take", message)


def _texts(words: Words) -> dict[str, object]:
    return {
        "direction": words.direction,
        "session": words("The running session"),
        "hip_rotation": words("Hip rotation:"),
        "sensors": words("Sensors"),
        "details": words("Details"),
        "sets": words("Sets so far"),
        "tests": words("Rest tests so far"),
        "news": words("News"),
        "trace": words(
            "Hip rotation of the last 15 seconds: the left leg as a line, the right leg dashed. "
            "A triangle is a repetition that counts, a circle one that does not."
        ),
        "trace_title": words("The last 15 seconds"),
        "left": words("Left leg"),
        "right": words("Right leg"),
        "counts": words("counts"),
        "not_counted": words("does not count"),
        "pause": words("Pause"),
        "resume": words("Go on"),
        "skip_wait": words("Begin now"),
        "skip_on": words("End this step"),
        "stop": words("Stop and save"),
        "finish": words("Finish and save"),
        "repeat": words("Repeat the rest test"),
        "tones": words("Tones"),
        "voice": words("Spoken count"),
        "tempo": words("Tempo guide"),
        "keys": words("Keys"),
        "keys_text": words(
            "Space: pause or go on. Esc: stop and save. U: take back. N: next. R: repeat the rest test."
        ),
        "unlock": words("Tap here to hear the tones"),
        "offline": words("The page has lost the program. The session goes on and is recorded."),
        "pain": words("Pain at worst"),
        "effort": words("Effort"),
        "none": words("none"),
        "most": words("the most there is"),
        "scale": [words.number(value, 0) for value in range(LOWEST, HIGHEST + 1)],
        "kept": words("Kept."),
    }
