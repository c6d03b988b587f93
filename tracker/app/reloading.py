"""Pages that are open show what is no longer there once a backup was restored: they are loaded anew."""

from nicegui import Client, ui

from tracker.app.engine.jobs import Job, JobKind
from tracker.app.operations.restoring import RestoredNow
from tracker.app.site import Site


def reload_after_restores(site: Site) -> None:
    """Load all pages anew after each restore, whoever began it; what was made of older data goes."""

    def see(job: Job | None, kind: JobKind) -> None:
        if kind is not JobKind.RESTORE or job is None or not isinstance(job.result, RestoredNow):
            return
        for made in (JobKind.LOOK, JobKind.EXPORT, JobKind.BACKUP):
            site.jobs.dismiss(made)
        for client in tuple(Client.instances.values()):
            if client.has_socket_connection:
                with client:
                    ui.navigate.reload()

    site.jobs.watch(see)
