"""Which plan is on and where in it the person is; why its rules did or did not act; what else it holds."""

from tracker.app.html import tag
from tracker.app.pages.plan import texts
from tracker.app.pages.plan.context import PlanContext
from tracker.app.tables import show_table
from tracker.plan.growth import beginning
from tracker.plan.prescription import PlanPhase, counted_week
from tracker.session.plan_view import PlanView
from tracker.store.plans import ACCEPTED, DECLINED, RuleVerdict


def show_head(context: PlanContext, view: PlanView) -> None:
    """Name, days, week and phases."""
    words, stored = context.words, view.plan.stored
    tag("h2", words.told(stored.name))
    begin = words.date(stored.starts_on)
    if stored.ends_on is None:
        span = words("Since {day}, week {week} of the plan", day=begin, week=counted_week(view.week))
    else:
        span = words(
            "From {first} to {last}, week {week} of the plan",
            first=begin,
            last=words.date(stored.ends_on),
            week=counted_week(view.week),
        )
    tag("p", span)
    if view.simulated and not context.view.site.simulated:
        tag("p", words("SIMULATED: no person and no sensor was measured."), classes="simulated", role="note")
    with tag("ol", classes="phases", aria_label=words("Phases of the plan")):
        for phase in view.plan.grown().plan.phases:
            with tag("li") as item:
                if phase.name == view.asked.phase:
                    item.props["aria-current"] = "step"
                tag("span", words.told(phase.title), classes="strong")
                tag("span", _weeks(context, phase), classes="soft")
    grown = view.plan.grown()
    if view.week >= grown.phase.until_week and grown.plan.next_phase(grown.phase) is not None:
        text = words(
            "The weeks of this phase are over. It goes on until each of its exercises was done well in its "
            "latest sessions; then you are asked whether the next phase may begin."
        )
        tag("p", text, classes="soft")


def _weeks(context: PlanContext, phase: PlanPhase) -> str:
    first, last = phase.counted_weeks
    return context.words("weeks {first} to {last}", first=first, last=last)


def show_why(context: PlanContext, view: PlanView) -> None:
    """What each rule said after the last session that was judged."""
    words = context.words
    if view.last_session_id is None:
        tag("p", words("The rules of the plan have judged no session yet."), classes="soft")
        return
    with tag("details"):
        tag("summary", words("Why the plan did or did not change, after the last session"))
        rows = [
            (
                _about(context, view, one),
                words.told(one.rule),
                _says(context, one),
                words.told(one.reason),
            )
            for one in view.last_verdicts
        ]
        heads = (words("exercise"), words("rule"), words("says"), words("because"))
        label = words("What each rule said")
        show_table(heads, rows, label=label, text_columns=(0, 1, 2, 3))
        address = context.view.link(f"/review/{view.last_session_id}")
        tag("a", words("That session"), href=address)


def _about(context: PlanContext, view: PlanView, verdict: RuleVerdict) -> str:
    if not verdict.prescription:
        return context.words("the plan")
    one = view.plan.grown().find(verdict.prescription)
    return verdict.prescription if one is None else context.title(one.prescription.exercise)


def _says(context: PlanContext, verdict: RuleVerdict) -> str:
    words = context.words
    if verdict.change is None:
        return words("no change")
    if verdict.answer is None:
        return words("a change, which waits for your answer")
    if verdict.answer == ACCEPTED:
        return words("a change, and you said yes")
    return words("a change, and you said no") if verdict.answer == DECLINED else words("out of date")


def show_other_phases(context: PlanContext, view: PlanView) -> None:
    """What the other phases ask for at their beginning."""
    words = context.words
    others = [one for one in view.plan.grown().plan.phases if one.name != view.asked.phase]
    if not others:
        return
    with tag("details"):
        tag("summary", words("The other phases"))
        for phase in others:
            tag("h3", words("{phase}, {weeks}", phase=words.told(phase.title), weeks=_weeks(context, phase)))
            rows = []
            for one in phase.prescriptions:
                begins = beginning(one)
                rows.append(
                    (
                        context.title(one.exercise),
                        texts.amount(words, begins.sets, one.reps.low, one.reps.high),
                        texts.seconds(words, one.hold_s),
                        "–" if begins.band is None else texts.band_level(words, begins.band),
                        texts.span(words, one.days_a_week),
                    )
                )
            heads = (words("exercise"), words("sets × repetitions"), words("held"), words("band"))
            show_table(
                (*heads, words("days a week")), rows, label=words.told(phase.title), text_columns=(0, 3)
            )


def show_notes(context: PlanContext, view: PlanView) -> None:
    """What whoever follows the plan must know, and the way to its exercises."""
    words = context.words
    notes = view.plan.grown().plan.notes
    if notes:
        with tag("ul", classes="soft"):
            for note in notes:
                tag("li", words.told(note))
    tag(
        "a",
        words("How each exercise is done, to print"),
        href=context.view.link("/plan/exercises"),
        classes="button",
    )
