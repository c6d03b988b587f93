"""The element that shows a recording over time and replays it; the server only hands it the data."""

from nicegui.element import Element

from tracker.app.html import Handler
from tracker.app.live.names import exercise_title, leg_name
from tracker.app.review.kinds import phase_name
from tracker.app.words import Words
from tracker.model import Analysis, PhaseKind
from tracker.plan.catalogue import Catalogue

STYLE = '<link rel="stylesheet" href="/assets/review.css">'
"""Of the picture and the page around it; goes into the head of a page."""


class ReviewPlayer(Element, component="review_player.js", esm={"tracker-review": "browser"}):
    """A recording over time.

    Args:
        address: where `timeline` and `courses` of the JSON API are.
        analysis: the results that are shown: their texts are told in the page's language; None where they are
            not known yet.
        on_refused: is told `{"message", "advice"}` where the recording cannot be shown, or None where the
            server cannot be reached.
    """

    def __init__(
        self, words: Words, catalogue: Catalogue, address: str, analysis: Analysis | None, on_refused: Handler
    ) -> None:
        super().__init__()
        self.props["address"] = address
        self._words = words
        titles = {name: exercise_title(words, catalogue, name) for name in catalogue}
        self.props["texts"] = {**_texts(words), "exercises": titles, "told": {}}
        self.on("refused", on_refused)
        if analysis is not None:
            self.tell(analysis)

    def tell(self, analysis: Analysis) -> None:
        """Say what the results speak of in the page's language."""
        self.props["texts"] = {**self.props["texts"], "told": _told(self._words, analysis)}


def _told(words: Words, analysis: Analysis) -> dict[str, str]:
    """The sentences of the results, in the page's language."""
    told = (
        *(flag for one in analysis.sets for rep in one.repetitions for flag in rep.flags),
        *(test.refused for test in analysis.rest_tests if test.refused),
        *(notice.text for notice in analysis.notices),
    )
    return {text: words.told(text) for text in dict.fromkeys(told)}


def _texts(words: Words) -> dict[str, object]:
    return {
        "language": words.code,
        "direction": words.direction,
        "kinds": {kind.value: phase_name(words, kind) for kind in PhaseKind},
        "legs": {side: leg_name(words, side) for side in ("left", "right")} | {"none": leg_name(words, None)},
        "set": words("Set {number}", number="{number}"),
        "letters": {"left": words("L"), "right": words("R")},
        "measuring": words("The recording is being measured …"),
        "nothing_seen": words(
            "Hip rotation cannot be seen anywhere in this recording: the thigh was too upright, or the "
            "sensor sat on no thigh."
        ),
        "picture": words(
            "Hip rotation of both legs over time, with sets, rest tests and repetitions. The tables below "
            "say it in numbers."
        ),
        "not_seen": words("not seen"),
        "counted": words("valid: {valid}, partial: {partial}", valid="{valid}", partial="{partial}"),
        "valid_short": words("valid"),
        "partial_short": words("partial"),
        "valid": words("Repetition {number}: valid", number="{number}"),
        "partial": words("Repetition {number}: partial", number="{number}"),
        "range": words("Range {angle}", angle="{angle}"),
        "no_range": words("not measured"),
        "gap": words("Samples are missing here: {count}", count="{count}"),
        "inwards": words("{angle} inwards", angle="{angle}"),
        "outwards": words("{angle} outwards", angle="{angle}"),
        "time": words("Time in the session"),
        "play": words("Play"),
        "pause": words("Pause"),
        "speed": words("Speed"),
        "before": words("Repetition before"),
        "next": words("Next repetition"),
        "zoom_in": words("Closer"),
        "zoom_out": words("Further away"),
        "whole": words("Whole session"),
        "how_title": words("How to read the picture"),
        "how": words(
            "The left leg is a line, the right leg is dashed; up is inwards. Below, each leg has its "
            "repetitions: a filled triangle counts, an open diamond is partial. A bar in a rest test is the "
            "measured value with its 95 % interval, a cross a refused one. Hatched: samples are missing. "
            "A hole in a line: the rotation cannot be seen there."
        ),
        "keys": words(
            "Keys: Space plays and pauses, the left and right arrows go a second, with Shift ten; plus and "
            "minus go closer and further away, 0 shows the whole, Page up and Page down turn the page. Drag "
            "to move, Ctrl with the wheel to go closer."
        ),
    }
