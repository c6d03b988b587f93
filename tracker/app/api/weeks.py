"""Weeks and the trend of the resting rotation."""

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import Response

from tracker.app.api.answers.of_weeks import RestingTrendAnswer, WeekAnswer
from tracker.app.api.asked import Day, PersonOf, SiteOf
from tracker.app.operations.trend import MOST_WEEKS, trend_object, trend_shown
from tracker.app.operations.week import week_file, week_object, week_shown

router = APIRouter()

_Week = Annotated[str, Query(max_length=20, description="As in 2026-W48; the running one if left out.")]


@router.get("/week", tags=["week"])
def see_week(site: SiteOf, person: PersonOf, week: _Week | None = None) -> WeekAnswer:
    """The page of a week, as `tracker week --json`."""
    return week_object(week_shown(site.place, site.database, person, week))


@router.get(
    "/week.pdf",
    tags=["week"],
    response_class=Response,
    responses={200: {"content": {"application/pdf": {"schema": {"type": "string", "format": "binary"}}}}},
)
def get_week_file(site: SiteOf, person: PersonOf, week: _Week | None = None) -> Response:
    """The week as one A4 page."""
    name, content = week_file(week_shown(site.place, site.database, person, week))
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type="application/pdf", headers=headers)


@router.get("/trend", tags=["trend"])
def see_trend(
    site: SiteOf,
    person: PersonOf,
    since: Day | None = None,
    until: Day | None = None,
    weeks: Annotated[int | None, Query(ge=1, le=MOST_WEEKS, description="In place of since.")] = None,
) -> RestingTrendAnswer:
    """Whether the resting rotation changed beyond its error, as `tracker trend --json`."""
    found = trend_shown(site.place, site.database, person, since=since, until=until, weeks=weeks)
    return trend_object(found)
