"""The present algorithms over all recordings."""

from nicegui.elements.mixins.text_element import TextElement
from nicegui.events import GenericEventArguments

from tracker.app.engine.jobs import Job, JobKind
from tracker.app.frame import show_error
from tracker.app.html import button, tag
from tracker.app.live.names import exercise_title
from tracker.app.operations.reanalysing import ReanalysisDone, reanalysis_work
from tracker.app.pages.data.made import show_lines
from tracker.app.pages.job_card import JobCard
from tracker.app.site import View
from tracker.errors import TrackerError
from tracker.progress.reanalysis_summary import ExerciseChanged, RestTestsChanged
from tracker.session.reanalysis import Due


def show_reanalysis(view: View, due: Due) -> None:
    """How much is due, what would change, and the change."""
    words = view.words
    with tag("section", classes="card", aria_labelledby="reanalysis"):
        tag("h2", words("Analyse again"), id="reanalysis")
        tag(
            "p",
            words(
                "Recordings are measured with the present version and settings. Older analyses are kept, and "
                "recordings are not changed."
            ),
        )
        count = len(due.sessions)
        if not count:
            tag("p", words("Every session is up to date."))
        else:
            tag(
                "p",
                words.plural(
                    "{count} session was measured by an older version or with other settings.",
                    "{count} sessions were measured by an older version or with other settings.",
                    count,
                ),
            )
            faults = tag("div")
            with tag("div", classes="row"):
                button(words("See what would change"), lambda event: _start(view, faults, event, store=False))
                button(
                    words("Analyse again and keep it"), lambda event: _start(view, faults, event, store=True)
                )
        JobCard(
            view,
            JobKind.REANALYSIS,
            words("Recordings are being measured. Stopped, what is done is kept."),
            lambda job: _show_done(view, job),
        )


def _start(view: View, faults: TextElement, _event: GenericEventArguments, *, store: bool) -> None:
    site = view.site
    try:
        site.jobs.start(JobKind.REANALYSIS, reanalysis_work(site.place, site.database, store=store))
    except TrackerError as error:
        with faults:
            show_error(view.words, error)


def _show_done(view: View, job: Job) -> None:
    words, done = view.words, job.result
    if not isinstance(done, ReanalysisDone):
        return
    if done.stored:
        text = words.plural(
            "{count} session was analysed again.", "{count} sessions were analysed again.", done.analysed
        )
    else:
        text = words.plural(
            "{count} session would be analysed again; nothing was stored.",
            "{count} sessions would be analysed again; nothing was stored.",
            done.analysed,
        )
    tag("p", text, classes="strong")
    if done.elsewhere:
        tag(
            "p",
            words.plural(
                "{count} was analysed by another program meanwhile.",
                "{count} were analysed by another program meanwhile.",
                done.elsewhere,
            ),
        )
    _show_rest_tests(view, done.summary.rest_tests)
    if done.summary.exercises:
        _show_exercises(view, done.summary.exercises)
    show_lines(
        words,
        [
            words("Session {session}: {reason}", session=str(one.session_id), reason=words.told(one.reason))
            for one in done.not_measured
        ],
    )


def _show_rest_tests(view: View, tests: RestTestsChanged) -> None:
    words = view.words
    lines = [
        words(
            "Rest tests: {changed} of {compared} got another value.",
            changed=tests.changed,
            compared=tests.compared,
        )
    ]
    if tests.largest_deg is not None and tests.changed:
        lines.append(
            words(
                "The largest difference is {angle}, in session {session}.",
                angle=words.degrees(tests.largest_deg, signed=True),
                session=str(tests.largest_in),
            )
        )
    if tests.newly_refused or tests.newly_measured:
        lines.append(
            words(
                "{refused} lost their value, {measured} got one.",
                refused=tests.newly_refused,
                measured=tests.newly_measured,
            )
        )
    show_lines(words, lines)


def _show_exercises(view: View, exercises: tuple[ExerciseChanged, ...]) -> None:
    words = view.words
    with (
        tag(
            "div", classes="wide", tabindex=0, role="region", aria_label=words("Repetitions before and after")
        ),
        tag("table"),
    ):
        with tag("thead"), tag("tr"):
            for title in (
                words("exercise"),
                words("sets changed"),
                words("valid before"),
                words("valid after"),
                words("partial before"),
                words("partial after"),
            ):
                tag("th", title, scope="col")
        with tag("tbody"):
            for one in exercises:
                with tag("tr"):
                    tag("th", exercise_title(words, view.site.place.catalogue, one.exercise), scope="row")
                    for value in (
                        one.sets_changed,
                        one.valid_before,
                        one.valid_after,
                        one.partial_before,
                        one.partial_after,
                    ):
                        tag("td", words.number(value, 0))
