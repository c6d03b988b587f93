"""Proposals that wait: why, what would become different, and a yes or a no."""

from tracker.app.html import button, tag
from tracker.app.operations.plan import ProposalShown, answer_shown
from tracker.app.pages.plan import texts
from tracker.app.pages.plan.context import PlanContext, place_for_errors
from tracker.app.pages.proposal_title import proposal_title


def show_proposals(context: PlanContext) -> None:
    """Each proposal with two buttons; nothing changes without a yes."""
    words, proposals = context.words, context.shown.proposals
    if not proposals:
        return
    with tag("section", classes="card notice", aria_labelledby="plan-proposals"):
        tag("h2", words("Waits for your yes or no"), id="plan-proposals")
        for one in proposals:
            _proposal(context, one)


def _proposal(context: PlanContext, one: ProposalShown) -> None:
    words = context.words
    title = _title(context, one)
    with tag("div", classes="proposal", role="group", aria_label=title):
        tag("h3", title)
        if one.now is not None and one.then is not None:
            now, then = texts.strength(words, one.now), texts.strength(words, one.then)
            tag("p", words("Now: {now}. Then: {then}.", now=now, then=then))
        elif one.phase is not None:
            names = words.listed([context.title(each.exercise) for each in one.phase.prescriptions])
            tag("p", words("Then it asks for: {exercises}.", exercises=names))
        tag("p", words.told(one.reason), classes="soft")
        with tag("div", classes="row"):
            yes = words("It holds from now on: {what}", what=title)
            no = words("Nothing changes: {what}", what=title)
            button(
                words("Accept"),
                lambda _event: context.pressed(beside, yes, answer_shown, one.number, accept=True),
                classes="main-action",
            )
            button(
                words("Decline"),
                lambda _event: context.pressed(beside, no, answer_shown, one.number, accept=False),
            )
        beside = place_for_errors()


def _title(context: PlanContext, one: ProposalShown) -> str:
    exercise = one.prescription if one.exercise is None else context.title(one.exercise)
    phase = None if one.phase is None else one.phase.title
    return proposal_title(context.words, one.kind, exercise, phase)
