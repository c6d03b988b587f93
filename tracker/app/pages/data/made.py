"""A file that was made, with the link that fetches it."""

from collections.abc import Sequence

from tracker.app.engine.jobs import Job
from tracker.app.file_routes import MADE_PATH
from tracker.app.html import tag
from tracker.app.operations.made_file import MadeFile
from tracker.app.site import View
from tracker.app.words import Words

_SHOWN = 10
"""Lines of what was left out; more would push away what matters."""

_MEGABYTE, _GIGABYTE = 1e6, 1e9


def megabytes(words: Words, size_bytes: int) -> str:
    """A size."""
    if size_bytes >= _GIGABYTE:
        return words("{size} GB", size=words.number(size_bytes / _GIGABYTE, 1))
    return words("{size} MB", size=words.number(size_bytes / _MEGABYTE, 1))


def show_made(view: View, job: Job) -> None:
    """The file of a job that is done."""
    words, made = view.words, job.result
    if not isinstance(made, MadeFile):
        return
    if made.simulated:
        tag("p", words("SIMULATED: no person and no sensor was measured."), classes="strong")
    with tag("p"):
        tag(
            "a",
            words("Download {name} ({size})", name=made.name, size=megabytes(words, made.size_bytes)),
            href=f"{MADE_PATH}/{job.kind}/{job.number}",
            download=made.name,
            classes="button main-action",
        )
    show_lines(words, [words.told(one) for one in made.notes])
    show_lines(words, [words("Left out: {what}", what=words.told(one)) for one in made.left_out])
    tag(
        "p",
        words("It is removed from this computer's page after an hour, or when you close this."),
        classes="soft",
    )


def show_lines(words: Words, lines: Sequence[str]) -> None:
    """Some lines, and how many more there are."""
    if not lines:
        return
    with tag("ul"):
        for line in lines[:_SHOWN]:
            tag("li", line)
        if len(lines) > _SHOWN:
            more = len(lines) - _SHOWN
            tag("li", words.plural("{count} more of this kind", "{count} more of this kind", more))
