"""What the plan proposes: each with its reason, and a yes or a no."""

import asyncio

from tracker.app.frame import show_error
from tracker.app.html import button, tag
from tracker.app.live.names import exercise_title
from tracker.app.operations.proposals import Proposal, answer_to
from tracker.app.pages.proposal_title import proposal_title
from tracker.app.site import View
from tracker.errors import TrackerError


def show_proposals(view: View, proposals: tuple[Proposal, ...]) -> None:
    """Proposals that wait, each with two buttons; nothing changes without a yes."""
    if not proposals:
        return
    words = view.words
    with tag("section", classes="card notice", aria_labelledby="proposals-title"):
        tag("h2", words("The plan proposes"), id="proposals-title")
        for one in proposals:
            _Waiting(view, one)


class _Waiting:
    def __init__(self, view: View, proposal: Proposal) -> None:
        self._view = view
        self._proposal = proposal
        self._place = tag("div", classes="proposal")
        words = view.words
        with self._place:
            tag("p", _title(view, proposal), classes="strong")
            tag("p", words.told(proposal.reason))
            with tag("div", classes="row"):
                button(words("Accept"), lambda _event: self._answer(accept=True), classes="main-action")
                button(words("Decline"), lambda _event: self._answer(accept=False))

    async def _answer(self, *, accept: bool) -> None:
        view, number = self._view, self._proposal.number
        try:
            await asyncio.to_thread(answer_to, view.site.database, view.person, number, accept=accept)
        except TrackerError as error:
            with self._place:
                show_error(view.words, error)
            return
        self._place.clear()
        with self._place:
            text = view.words("Accepted.") if accept else view.words("Declined.")
            tag("p", f"{_title(view, self._proposal)} {text}", role="status")


def _title(view: View, proposal: Proposal) -> str:
    exercise = proposal.prescription
    if proposal.exercise is not None:
        exercise = exercise_title(view.words, view.site.place.catalogue, proposal.exercise)
    return proposal_title(view.words, proposal.kind, exercise)
