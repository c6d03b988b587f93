"""The page of the sensors."""

import asyncio

from nicegui import background_tasks, ui

from tracker.app.engine.jobs import Job, JobKind, JobState
from tracker.app.html import tag
from tracker.app.operations.calibration_work import Calibrated
from tracker.app.operations.radio_work import PairedNow
from tracker.app.operations.sensors import sensors_now
from tracker.app.pages.sensors.finding import show_finding
from tracker.app.pages.sensors.health import show_last, show_running
from tracker.app.pages.sensors.radio import RadioButtons, show_radio_job
from tracker.app.pages.sensors.worn import show_paired
from tracker.app.site import View


async def build(view: View) -> None:
    busy = tag("div")
    buttons = RadioButtons(view)
    show_radio_job(view)
    paired = tag("section", classes="card", aria_labelledby="paired")
    show_finding(view, buttons)
    health = tag("section", classes="card", aria_labelledby="health")

    async def refresh() -> None:
        known = await asyncio.to_thread(sensors_now, view.site.place, view.site.database, view.person)
        paired.clear()
        with paired:
            show_paired(view, buttons, known.paired, refresh)
        health.clear()
        with health:
            show_last(view, known.last)

    def see_job(job: Job | None, kind: JobKind) -> None:
        is_done = kind is JobKind.RADIO and job is not None and job.state is JobState.DONE
        if is_done and job is not None and isinstance(job.result, PairedNow | Calibrated):
            background_tasks.create(refresh(), name="sensors of a page")

    def see_session(_now: object = None) -> None:
        """A session that begins takes the radio, and gives it back at its end."""
        if buttons.set_busy(view.site.engine.is_busy):
            busy.clear()
            with busy:
                show_running(view)

    await refresh()
    see_session()
    client = ui.context.client
    client.on_delete(view.site.jobs.watch(see_job))
    client.on_delete(view.site.engine.watch(see_session))
