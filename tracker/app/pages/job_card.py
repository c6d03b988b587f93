"""Long work on a page: how far it is, a button that stops it, and what came of it. All pages see the same."""

from collections.abc import Callable

from nicegui import ui
from nicegui.elements.mixins.text_element import TextElement
from nicegui.events import GenericEventArguments

from tracker.app.engine.jobs import Job, JobKind, JobState
from tracker.app.html import button, tag
from tracker.app.site import View


class JobCard:
    """The place of one kind of work on a page; empty while there is none.

    Args:
        running_text: what is being done, in the page's language.
        show_result: shows a job that is done.
        show_news: shows what came out so far, where that is more than a share.
    """

    def __init__(
        self,
        view: View,
        kind: JobKind,
        running_text: str,
        show_result: Callable[[Job], None],
        show_news: Callable[[Job], None] | None = None,
    ) -> None:
        self._view = view
        self._kind = kind
        self._running_text = running_text
        self._show_result = show_result
        self._show_news = show_news
        self._shown: Job | None = None
        self._bar: TextElement | None = None
        self._percent: TextElement | None = None
        self._news: TextElement | None = None
        self._place = tag("div", classes="job", data_job=kind.value)
        self._see(view.site.jobs.job(kind), kind)
        ui.context.client.on_delete(view.site.jobs.watch(self._see))

    def _see(self, job: Job | None, kind: JobKind) -> None:
        if kind is not self._kind:
            return
        before, self._shown = self._shown, job
        if (
            job is not None
            and before is not None
            and (before.number, before.state) == (job.number, job.state)
        ):
            self._update(job, before)
            return
        self._place.clear()
        self._bar = self._percent = self._news = None
        if job is not None:
            with self._place:
                self._show(job)

    def _show(self, job: Job) -> None:
        words = self._view.words
        if job.state is JobState.RUNNING:
            self._show_running(job)
            return
        with tag("div", classes="card", role="status"):
            if job.failure is not None:
                tag("p", words.told(job.failure.message), classes="strong bad")
                tag("p", words.told(job.failure.advice))
            elif job.state is JobState.CANCELLED:
                tag("p", words("It was stopped."), classes="strong")
            else:
                self._show_result(job)
            button(words("Close this"), self._dismiss)

    def _show_running(self, job: Job) -> None:
        words = self._view.words
        with tag("div", classes="card"):
            tag("p", self._running_text, classes="strong", role="status")
            if self._show_news is None:
                with tag("p", classes="row"):
                    self._bar = tag("progress", max=1, aria_label=self._running_text)
                    self._percent = tag("span")
            else:
                self._news = tag("div", aria_live="polite")
            self._update(job, None)
            button(words("Stop"), self._cancel)

    def _update(self, job: Job, before: Job | None) -> None:
        if self._bar is not None and self._percent is not None and job.share is not None:
            self._bar.props["value"] = f"{job.share:.2f}"
            self._percent.text = self._view.words.percent(job.share)
        if self._news is not None and self._show_news is not None:
            if before is not None and before.news == job.news and before.text == job.text:
                return
            self._news.clear()
            with self._news:
                self._show_news(job)

    def _cancel(self, _event: GenericEventArguments) -> None:
        self._view.site.jobs.cancel(self._kind)

    def _dismiss(self, _event: GenericEventArguments) -> None:
        self._view.site.jobs.dismiss(self._kind)
