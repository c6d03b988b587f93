"""A recording that was dropped onto the page: looked through, and kept as a session if asked."""

from nicegui import ui

from tracker.app.frame import show_error
from tracker.app.html import button, tag
from tracker.app.operations.dropped_recordings import keep, open_dropped, plain_error, remove
from tracker.app.operations.review import ShownRecording
from tracker.app.pages.review.measuring import when_measured
from tracker.app.pages.review.picture import show_picture
from tracker.app.pages.review.results import show_quality, show_rest_tests
from tracker.app.pages.review.sets import show_measured_sets
from tracker.app.recordings.dropped import DroppedFile
from tracker.app.site import View
from tracker.errors import TrackerError
from tracker.session.looked_courses import LookedThrough
from tracker.session.replay import Replay


async def show_file(view: View, token: str) -> None:
    """Show a dropped recording, once it is measured.

    Raises:
        UsageError: it is not here any more.
        InputError: it is gone.
    """
    file = view.site.dropped.find(token)
    shown = await open_dropped(view.site.shelf, view.site.place, file)
    tag("h2", file.name, dir="auto")
    tag("a", view.words("All sessions"), href=view.link("/review"), classes="button")
    facts, picture = tag("div"), tag("div")
    with picture:
        player = show_picture(view, f"/api/recordings/{file.token}", None)

    def show() -> None:
        try:
            looked = shown.opened.result()
        except TrackerError as error:
            picture.clear()
            with picture:
                show_error(view.words, plain_error(error, file))
            return
        player.tell(looked.replay.analysis)
        with facts:
            _show_facts(view, looked)
            _choices(view, file, shown)
        show_results(view, looked.replay)

    when_measured(shown.opened, show)


def show_results(view: View, replay: Replay) -> None:
    """The numbers of a recording that is not stored."""
    words = view.words
    show_measured_sets(words, view.site.place.catalogue, replay.analysis.sets)
    show_rest_tests(words, replay.analysis.rest_tests)
    show_quality(words, replay.analysis, replay.damage)


def _show_facts(view: View, looked: LookedThrough) -> None:
    words, replay = view.words, looked.replay
    if replay.header.simulated and not view.site.simulated:
        tag("p", words("SIMULATED: no person and no sensor was measured."), classes="simulated", role="note")
    facts = (
        words.moment(replay.header.started_at),
        words.duration(replay.analysis.duration_s),
        words("measured with version {version}", version=replay.analysis.version),
    )
    tag("p", " · ".join(facts))
    for name in looked.not_counted:
        text = words("Sets of {exercise} were not counted: the catalogue does not have it.", exercise=name)
        tag("p", text, classes="care")


def _choices(view: View, file: DroppedFile, shown: ShownRecording) -> None:
    words, site = view.words, view.site

    async def keep_it() -> None:
        failure.clear()
        try:
            number = await keep(site.place, site.database, view.person, site.dropped, site.shelf, file, shown)
        except TrackerError as error:
            with failure:
                show_error(words, plain_error(error, file))
            return
        ui.navigate.to(view.link(f"/review/{number}"))

    async def remove_it() -> None:
        await remove(site.dropped, site.shelf, file.token)
        ui.navigate.to(view.link("/review"))

    tag("p", words("This recording is not kept: it goes when the program ends."))
    with tag("div", classes="row"):
        text = words("Keep as a session of {name}", name=view.person.name)
        button(text, lambda _event: keep_it(), classes="main-action")
        button(words("Remove it"), lambda _event: remove_it())
    failure = tag("div")
