"""The page of the plan. After each change it is built anew, from what was stored."""

import asyncio

from tracker.app.html import tag
from tracker.app.operations.plan import plan_shown
from tracker.app.pages.plan.bands import Bands
from tracker.app.pages.plan.begin import show_beginning, show_end, show_later
from tracker.app.pages.plan.context import PlanContext
from tracker.app.pages.plan.overview import show_head, show_notes, show_other_phases, show_why
from tracker.app.pages.plan.prescriptions import show_prescriptions
from tracker.app.pages.plan.proposals import show_proposals
from tracker.app.pages.plan.whole_text import show_whole_text
from tracker.app.site import View


async def build(view: View) -> None:
    site = view.site
    context = PlanContext(view, _show)
    context.shown = await asyncio.to_thread(plan_shown, site.place, site.database, view.person)
    context.show()
    await Bands(view).load()


def _show(context: PlanContext) -> None:
    plan = context.shown.view
    if plan is None:
        _without_plan(context)
        return
    show_head(context, plan)
    show_proposals(context)
    show_prescriptions(context, plan)
    show_why(context, plan)
    show_other_phases(context, plan)
    show_notes(context, plan)
    show_later(context)
    show_whole_text(context)
    show_end(context)
    show_beginning(context)


def _without_plan(context: PlanContext) -> None:
    words = context.words
    tag("p", words("No plan is on. Agree on a plan with a physiotherapist before you begin one."))
    show_later(context)
    show_beginning(context)
