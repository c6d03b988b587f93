"""Which sensor sits where, with a drawing."""

from collections.abc import Mapping

from nicegui import ui

from tracker.app.drawings import Drawing, worn_drawing
from tracker.app.html import tag
from tracker.app.live.names import placement_name
from tracker.app.site import View
from tracker.app.words import Words
from tracker.model import Placement, SensorIdentity


def show_drawing(words: Words, drawing: Drawing, classes: str = "drawing") -> None:
    """A drawing with its text for those who do not see it."""
    with tag("div", classes=classes, role="img", aria_label=words.told(drawing.alt)):
        ui.html(drawing.svg, sanitize=False)


def show_worn(view: View, worn: Mapping[Placement, SensorIdentity] | None) -> None:
    """Where the sensors of a session sit, and how they are strapped on.

    Args:
        worn: the paired sensors; None where they are simulated.
    """
    words = view.words
    with tag("section", classes="card worn", aria_labelledby="worn-title"):
        tag("h2", words("Which sensor sits where"), id="worn-title")
        with tag("div", classes="row"):
            show_drawing(words, worn_drawing())
            with tag("div", classes="worn-words"):
                if worn is None:
                    tag(
                        "p",
                        words("Simulated sensors: nothing is to be put on, and nobody is measured."),
                    )
                elif not worn:
                    tag("p", words("No sensor is paired yet."), classes="strong")
                    tag(
                        "a",
                        words("Say which sensor is worn where"),
                        href=view.link("/sensors"),
                        classes="button",
                    )
                else:
                    _list(words, worn)
                    tag("p", words("Strap them tight above the kneecaps; they must not slip."))
                    tag(
                        "p",
                        words(
                            "How they are turned does not matter where the session begins with the rest test."
                        ),
                        classes="soft",
                    )


def _list(words: Words, worn: Mapping[Placement, SensorIdentity]) -> None:
    with tag("dl", classes="pairs"):
        for placement, sensor in worn.items():
            tag("dt", placement_name(words, placement.value))
            tag("dd", sensor.name or sensor.sensor_id)
