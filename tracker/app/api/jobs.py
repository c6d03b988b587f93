"""Long work as programs see it: how far it is, what came out, the file that was made."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Path
from fastapi.responses import FileResponse

from tracker.app.api.advice import failure_for_programs
from tracker.app.api.answers.as_it_is import AS_IT_IS
from tracker.app.api.answers.of_jobs import JobResult
from tracker.app.api.answers.of_sensors import RadioAnswer
from tracker.app.api.asked import HIGHEST_NUMBER, SiteOf
from tracker.app.api.job_documents import result_object
from tracker.app.api.sensor_documents import radio_object
from tracker.app.engine.jobs import Job, JobKind, JobState
from tracker.app.engine.values import Failure
from tracker.app.operations.made_file import MadeFile
from tracker.errors import NotThereError

router = APIRouter(prefix="/jobs", tags=["jobs"])

_AS_IT_IS = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class JobNow:
    """Some work at one moment.

    Attributes:
        number: rises with each.
        share: that is done, 0 to 1; null where it cannot be told.
        text: what goes on.
        news: what came out so far, by kind; null where there is none.
        result: what came out, by kind; null until it is done.
        failure: why it ended without a result.
    """

    number: int
    kind: JobKind
    state: JobState
    share: float | None
    text: str
    news: Annotated[RadioAnswer | None, AS_IT_IS]
    result: Annotated[JobResult | None, AS_IT_IS]
    failure: Failure | None


def job_now(job: Job) -> JobNow:
    """A job for programs."""
    found = result_object(job)
    news = radio_object(job.news)
    failure = failure_for_programs(job.failure)
    return JobNow(job.number, job.kind, job.state, job.share, job.text, news, found, failure)


@router.get("")
async def list_jobs(site: SiteOf) -> tuple[JobNow, ...]:
    """The newest of each kind, until it is dismissed, or for an hour."""
    return tuple(job_now(job) for job in site.jobs.jobs)


@router.post("/{kind}/cancel", status_code=204)
async def cancel_job(kind: JobKind, site: SiteOf) -> None:
    """End what is going on, if anything is; it is over a moment later."""
    site.jobs.cancel(kind)


@router.post("/{kind}/dismiss", status_code=204)
async def dismiss_job(kind: JobKind, site: SiteOf) -> None:
    """Let go of what is over, and of the file that was made."""
    site.jobs.dismiss(kind)


@router.get(
    "/{kind}/{number}/file",
    response_class=FileResponse,
    responses={200: {"content": {_AS_IT_IS: {"schema": {"type": "string", "format": "binary"}}}}},
)
async def fetch_made_file(
    kind: JobKind, number: Annotated[int, Path(ge=0, le=HIGHEST_NUMBER)], site: SiteOf
) -> FileResponse:
    """The file that was made."""
    job = site.jobs.job(kind)
    if job is None or job.number != number or not isinstance(job.result, MadeFile):
        raise NotThereError("this file is not here any more", advice="Make it again.")
    made = job.result
    return FileResponse(made.path, media_type=_AS_IT_IS, filename=made.name)
