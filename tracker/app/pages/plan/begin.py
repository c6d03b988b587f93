"""Beginning a plan, shipped or one's own; ending the one that is on; plans that are still to begin."""

from tracker.app.forms import FieldError, Form, Sent
from tracker.app.html import button, tag
from tracker.app.operations.plan import call_off, end_plan, start_plan
from tracker.app.pages.plan.context import PlanContext, place_for_errors
from tracker.app.pages.plan.whole_text import save_button
from tracker.errors import SettingsError
from tracker.plan.plan_table import shipped_plan_text
from tracker.store.plans import StoredPlan

_ROWS = 16


def show_later(context: PlanContext) -> None:
    """Plans that begin later, each with a button that calls it off."""
    for one in context.shown.later:
        _later(context, one)


def _later(context: PlanContext, one: StoredPlan) -> None:
    words = context.words
    name, day = words.told(one.name), words.date(one.starts_on)
    with tag("div", classes="card"):
        tag("p", words("{plan} begins on {day}.", plan=name, day=day))
        done = words("It is called off: {plan}", plan=name)
        button(
            words("Call it off"),
            lambda _event: context.pressed(beside, done, call_off, one.plan_id),
            classes="danger",
        )
        beside = place_for_errors()


def show_end(context: PlanContext) -> None:
    """The last day of the plan that is on."""
    words = context.words

    async def send(sent: Sent) -> None:
        await context.change(words("The plan has its last day."), end_plan, sent.get("day"))

    with tag("details"):
        tag("summary", words("End the plan"))
        tag("p", words("What was done in it stays."), classes="soft")
        with Form(words, send, action=words("End the plan"), name="end-plan", main=False) as form:
            form.field("day", words("Its last day"), context.shown.day.isoformat(), kind="date")


def show_beginning(context: PlanContext) -> None:
    """The shipped plan, or the text of one's own; folded away while a plan is on."""
    words = context.words
    if context.shown.view is None:
        with tag("section", classes="card"):
            tag("h2", words("Begin a plan"))
            _begin(context)
        return
    with tag("details"):
        tag("summary", words("Begin another plan"))
        _begin(context)


def _begin(context: PlanContext) -> None:
    words = context.words
    if context.shown.view is not None or context.shown.later:
        text = words("A plan that is on then ends the day before; one that begins later is called off.")
        tag("p", text)
    tag("p", words("Agree on a plan with a physiotherapist before you begin it."), classes="soft")
    _form(context)
    save_button(words("Save the shipped plan as a file"), shipped_plan_text())


def _form(context: PlanContext) -> None:
    words = context.words
    replaces = context.shown.view is not None or bool(context.shown.later)

    async def send(sent: Sent) -> None:
        own = sent.get("text", "").replace("\r\n", "\n")
        try:
            await context.change(
                words("The plan is kept."),
                start_plan,
                own if own.strip() else None,
                starts_on=sent.get("first"),
                ends_on=sent.get("last"),
                name=sent.get("name", "").strip() or None,
                replace=replaces,
            )
        except SettingsError as error:
            raise FieldError("text", f"{words.told(error.message)}. {words.told(error.advice)}") from error

    with Form(words, send, action=words("Begin this plan"), name="begin-plan", classes="one-column") as form:
        form.field("first", words("Its first day"), context.shown.day.isoformat(), kind="date")
        form.field("last", words("Its last day, or open"), "", kind="date")
        form.field("name", words("What to call it, or as its text says"), "")
        hint = words("Leave it empty for the shipped plan, twelve weeks of internal rotation.")
        form.text(
            "text",
            words("Text of a plan of your own"),
            "",
            rows=_ROWS,
            hint=hint,
            file_label=words("Fill it from a file"),
        )
