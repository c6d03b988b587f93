"""What is shown once a recording is measured."""

from collections.abc import Callable

from nicegui import background_tasks

from tracker.app.html import tag
from tracker.app.recordings.shelf import OpenRecording

_LOOKS_EVERY_S = 1.0
"""A page that was left is noticed within this time."""


def when_measured(opened: OpenRecording, show: Callable[[], None]) -> None:
    """Show something here as soon as a recording is measured or refused."""
    place = tag("div")

    async def wait() -> None:
        while not await opened.over(_LOOKS_EVERY_S):
            if place.is_deleted:
                return
        if not place.is_deleted:
            with place:
                show()

    if opened.is_over:
        with place:
            show()
    else:
        background_tasks.create(wait())
