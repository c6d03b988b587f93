"""The plan as the text that it is written in, to be changed as a whole or taken along."""

from nicegui import ui

from tracker.app.forms import FieldError, Form, Sent
from tracker.app.html import button, tag
from tracker.app.operations.plan import change_text
from tracker.app.pages.plan.context import PlanContext
from tracker.errors import SettingsError

_ROWS = 24
FILE_NAME = "plan.toml"


def show_whole_text(context: PlanContext) -> None:
    """The text in a field; it is looked through before it is kept."""
    words = context.words

    async def send(sent: Sent) -> None:
        text = sent.get("text", "").replace("\r\n", "\n")
        try:
            await context.change(
                words("The plan holds as you wrote it."), change_text, text, context.shown.mark
            )
        except SettingsError as error:
            told = f"{words.told(error.message)}. {words.told(error.advice)}"
            raise FieldError("text", told) from error

    with tag("details"):
        tag("summary", words("The whole plan as text"))
        tag(
            "p",
            words(
                "For everything that the forms do not offer. What was asked for until now stays as it was; "
                "what had grown stays grown where its lines stay the same."
            ),
            classes="soft",
        )
        with Form(
            words, send, action=words("Keep this text"), name="whole-plan", classes="one-column"
        ) as form:
            form.text("text", words("Text of the plan"), context.shown.text, rows=_ROWS)
        save_button(words("Save this plan as a file"), context.shown.text)


def save_button(title: str, text: str) -> None:
    """Saves the text of a plan as a file."""
    button(title, lambda _event: ui.download.content(text, FILE_NAME, "application/toml"))
