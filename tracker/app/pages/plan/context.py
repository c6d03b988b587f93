"""What the parts of the plan's page share: what is shown, and how it is changed."""

import asyncio
from collections.abc import Callable
from typing import Concatenate, ParamSpec

from nicegui.elements.mixins.text_element import TextElement

from tracker.app.frame import show_error
from tracker.app.html import tag
from tracker.app.live.names import exercise_title
from tracker.app.operations.plan import PlanShown
from tracker.app.site import View
from tracker.app.words import Words
from tracker.errors import TrackerError
from tracker.session.workplace import Workplace
from tracker.store.database import Database
from tracker.store.values import Person

Arguments = ParamSpec("Arguments")


class PlanContext:
    """One load of the page.

    Attributes:
        shown: the plan as it was read last.

    Args:
        build: puts all that depends on the plan into the page.
    """

    shown: PlanShown

    def __init__(self, view: View, build: "Callable[[PlanContext], None]") -> None:
        self.view = view
        self._build = build
        self._status = tag("p", role="status", tabindex=-1, classes="done")
        self._place = tag("div")

    def show(self) -> None:
        """Build the page anew from what was read last."""
        self._place.clear()
        with self._place:
            self._build(self)

    @property
    def words(self) -> Words:
        """The texts of the page."""
        return self.view.words

    def title(self, exercise: str) -> str:
        """An exercise as people call it."""
        return exercise_title(self.words, self.view.site.place.catalogue, exercise)

    async def change(
        self,
        done: str,
        operation: Callable[Concatenate[Workplace, Database, Person, Arguments], PlanShown],
        *args: Arguments.args,
        **kwargs: Arguments.kwargs,
    ) -> None:
        """Do something with the plan in a thread, then show how it is now.

        Args:
            done: what is told when it is done.

        Raises:
            TrackerError: it cannot be done; nothing changed.
        """
        site = self.view.site
        self.shown = await asyncio.to_thread(
            operation, site.place, site.database, self.view.person, *args, **kwargs
        )
        self.show()
        self._status.text = done
        # The button that was pressed is gone: keyboards and readers go on from here.
        self._status.client.run_javascript(f"getHtmlElement({self._status.id})?.focus()")

    async def pressed(
        self,
        beside: TextElement,
        done: str,
        operation: Callable[Concatenate[Workplace, Database, Person, Arguments], PlanShown],
        *args: Arguments.args,
        **kwargs: Arguments.kwargs,
    ) -> None:
        """As `change`, for a button: what cannot be done is told in an element beside it."""
        beside.clear()
        try:
            await self.change(done, operation, *args, **kwargs)
        except TrackerError as error:
            with beside:
                show_error(self.words, error)


def place_for_errors() -> TextElement:
    """Where a button's errors are told."""
    return tag("div")
