"""What the parts of a session's page share: the session, and how a change of it is kept and shown."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import ParamSpec, TypeVar

from tracker.app.forms import FieldError, Sent
from tracker.app.operations.review import StoredReview
from tracker.app.site import View
from tracker.app.words import Words
from tracker.store.revisions import MAX_REASON_CHARS

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Editing:
    """One session on its page.

    Attributes:
        refresh: shows the session as it is now; is told what was done.
    """

    view: View
    stored: StoredReview
    refresh: Callable[[str], Awaitable[None]]

    @property
    def words(self) -> Words:
        """Of the page."""
        return self.view.words

    @property
    def session_id(self) -> int:
        """Its number."""
        return self.stored.history.session.session_id

    async def keep(
        self,
        told: str,
        change: Callable[Arguments, object],
        *arguments: Arguments.args,
        **named: Arguments.kwargs,
    ) -> None:
        """Make a change in a thread, then show the session as it is.

        Args:
            told: what was done, in the page's language.

        Raises:
            TrackerError: the change cannot be.
        """
        await asyncio.to_thread(change, *arguments, **named)
        await self.refresh(told)


def reason_of(words: Words, sent: Sent) -> str:
    """The reason of a correction.

    Raises:
        FieldError: there is none.
    """
    reason = sent.get("reason", "").strip()
    if not reason or len(reason) > MAX_REASON_CHARS or not reason.isprintable():
        text = words("Say in one line why, in at most {most} letters.", most=MAX_REASON_CHARS)
        raise FieldError("reason", text)
    return reason
