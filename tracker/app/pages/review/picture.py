"""The picture of a recording, and what is said where it cannot be shown."""

from nicegui.events import GenericEventArguments

from tracker.app.frame import show_error
from tracker.app.html import tag
from tracker.app.pages.review.told import told_error
from tracker.app.review.player import ReviewPlayer
from tracker.app.site import View
from tracker.model import Analysis


def show_picture(view: View, address: str, analysis: Analysis | None) -> ReviewPlayer:
    """The recording over time.

    Args:
        address: where the JSON API has its timeline and courses.
        analysis: the results that are shown; None where they are still measured: why they cannot be is then
            said by whoever waits for them.
    """

    def refused(event: GenericEventArguments) -> None:
        if analysis is None and event.args:
            return
        failure.clear()
        with failure:
            show_error(view.words, told_error(event.args))

    with tag("section", aria_label=view.words("The recording over time")):
        tag("h2", view.words("The recording over time"))
        player = ReviewPlayer(view.words, view.site.place.catalogue, address, analysis, refused)
        failure = tag("div")
    return player
