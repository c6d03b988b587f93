"""What the look at Bluetooth and this computer found, in words."""

from collections.abc import Sequence

from tracker.app.html import tag
from tracker.app.words import Words
from tracker.doctor.findings import Finding, State


def show_findings(words: Words, findings: Sequence[Finding]) -> None:
    """Each thing that was looked at: in order, or what to do."""
    wrong = sum(one.state is State.WRONG for one in findings)
    if wrong:
        text = words.plural("{count} thing is wrong.", "{count} things are wrong.", wrong)
        tag("p", text, classes="strong bad")
    else:
        tag("p", words("A session can be recorded."), classes="strong good")
    with tag("ul", classes="plain"):
        for one in findings:
            with tag("li"):
                state, look = _state(words, one.state)
                tag("span", state, classes=f"strong {look}")
                tag("span", f" {words.told(one.name)}: {words.told(one.text)}")
                if one.advice is not None:
                    tag("p", words.told(one.advice))


def _state(words: Words, state: State) -> tuple[str, str]:
    match state:
        case State.OK:
            return words("In order"), "good"
        case State.NOTE:
            return words("To know"), "care"
        case State.WRONG:
            return words("Wrong"), "bad"
