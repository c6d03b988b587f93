"""A field of a form for a file, which is handed in as soon as it is chosen."""

from nicegui.events import GenericEventArguments

from tracker.app.html import tag
from tracker.app.words import Words

_DETAIL = "(event) => emit(event.detail)"


def file_field(words: Words, form: str, name: str, label: str, *, accept: str, hint: str = "") -> None:
    """The form sends the token of the file under `name`; an empty one until it is handed in.

    Args:
        form: its name, so that names of fields are unique in the page.
        accept: endings of files, as HTML has them.
    """
    own = f"{form}-{name}"
    with tag("div", classes="field"):
        tag("label", label, for_=f"{own}-file")
        chosen = tag(
            "input",
            type="file",
            id=f"{own}-file",
            accept=accept,
            data_upload=own,
            aria_describedby=f"{own}-state {own}-hint" if hint else f"{own}-state",
        )
        tag("input", type="hidden", id=own).props["name"] = name
        tag("progress", id=f"{own}-progress", max=1, hidden=True, aria_label=words("How much is handed in"))
        if hint:
            tag("p", hint, classes="soft hint", id=f"{own}-hint")
        state = tag("p", id=f"{own}-state", role="status")

    def begun(event: GenericEventArguments) -> None:
        state.text = words("{name} is being handed in …", name=str(event.args))

    def done(event: GenericEventArguments) -> None:
        state.text = words("{name} is handed in.", name=str(event.args))

    def failed(event: GenericEventArguments) -> None:
        told = event.args if isinstance(event.args, dict) else {}
        if "message" not in told:
            state.text = words("The file could not be handed in. Try again.")
            return
        message, advice = str(told["message"]), str(told.get("advice", ""))
        state.text = words("{fault}. {advice}", fault=words.told(message), advice=words.told(advice))

    def cleared(_event: GenericEventArguments) -> None:
        state.text = ""

    for event_name, handler in (
        ("uploadbegun", begun),
        ("uploaded", done),
        ("uploadfailed", failed),
        ("uploadcleared", cleared),
    ):
        chosen.on(event_name, handler, js_handler=_DETAIL)
