"""The running session: seen, started, steered and stopped; the same one that the pages show."""

from collections.abc import AsyncIterator
from contextlib import aclosing
from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import StreamingResponse
from pydantic import Field, StrictBool, StrictInt, TypeAdapter

from tracker.app.api.advice import failure_for_programs
from tracker.app.api.asked import Asked, Name, PersonOf, Scale, SiteOf
from tracker.app.engine.request import SessionRequest
from tracker.app.engine.values import SessionNow
from tracker.app.site import Site
from tracker.errors import UsageError
from tracker.model import ReferenceRecipe, Side
from tracker.session.asked_session import AskedSession
from tracker.session.session_limits import MAX_REPS, MAX_SETS

router = APIRouter(prefix="/live", tags=["live"])

_NOW = TypeAdapter(SessionNow)
_MOST_REPEATS = 20


class StartBody(Asked):
    """A session to be begun: by the plan, with one exercise, or a rest test alone.

    Attributes:
        plan: do what the plan asks for today.
        exercise: name in the catalogue, in place of the plan.
        repetitions: a set ends after so many valid ones; at a pause where None.
        demonstrate: three repetitions first show the own range.
        rest_test: begin with the rest test; alone, where neither plan nor exercise is asked for.
        pain_before: 0 to 10.
    """

    plan: StrictBool = False
    exercise: Name | None = None
    side: Side = Side.BOTH
    repetitions: Annotated[StrictInt, Field(ge=1, le=MAX_REPS)] | None = None
    sets: Annotated[StrictInt, Field(ge=1, le=MAX_SETS)] = 1
    demonstrate: StrictBool = False
    rest_test: StrictBool = True
    recipe: ReferenceRecipe | None = None
    repeats: Annotated[StrictInt, Field(ge=1, le=_MOST_REPEATS)] | None = None
    knee_lift: StrictBool | None = None
    pain_before: Scale | None = None

    def request(self, person_id: int) -> SessionRequest:
        """What the engine is asked for.

        Raises:
            UsageError: that would be nothing.
        """
        if not (self.plan or self.exercise or self.rest_test):
            raise UsageError("nothing is to be done", advice="Ask for plan, an exercise or a rest test.")
        asked = AskedSession(
            exercise=self.exercise,
            side=self.side,
            repetitions=self.repetitions,
            sets=self.sets,
            demonstrate=self.demonstrate,
            rest_test=self.rest_test,
            recipe=self.recipe,
            repeats=self.repeats,
            knee_lift=self.knee_lift,
        )
        return SessionRequest(person_id, asked, self.plan, self.pain_before)


class TakeBackBody(Asked):
    """Which leg's last repetition was none; of an exercise without a side, null."""

    side: Side | None = None


class FeltBody(Asked):
    """How a set of the running session felt, counted from 1; what is left out stays as it was."""

    set_number: Annotated[StrictInt, Field(ge=1, le=MAX_SETS)]
    pain: Scale | None = None
    effort: Scale | None = None


@router.get("")
async def see_live(site: SiteOf) -> SessionNow:
    """The session at this moment; `stage` says how far it is."""
    return _told(site.engine.now)


@router.post("/start")
async def start_session(body: StartBody, site: SiteOf, person: PersonOf) -> SessionNow:
    """Begin a session; answers once it is known that it can begin."""
    await site.engine.start(body.request(person.person_id))
    return _told(site.engine.now)


@router.post("/pause")
async def pause_session(site: SiteOf) -> SessionNow:
    """Nothing goes on until it is resumed."""
    site.engine.pause()
    return _told(site.engine.now)


@router.post("/resume")
async def resume_session(site: SiteOf) -> SessionNow:
    """Go on with what was paused."""
    site.engine.resume()
    return _told(site.engine.now)


@router.post("/skip")
async def skip_step(site: SiteOf) -> SessionNow:
    """Begin at once what is waited for, or end what is on."""
    site.engine.skip()
    return _told(site.engine.now)


@router.post("/finish")
async def finish_session(site: SiteOf) -> SessionNow:
    """End after the last step, when no rest test is to be repeated."""
    site.engine.finish()
    return _told(site.engine.now)


@router.post("/repeat-rest")
async def repeat_rest_test(site: SiteOf) -> SessionNow:
    """Reference pose and rest test once more after the present step."""
    site.engine.repeat_rest_test()
    return _told(site.engine.now)


@router.post("/take-back")
async def take_back_repetition(body: TakeBackBody, site: SiteOf) -> SessionNow:
    """The last repetition of a leg was none; kept as a correction."""
    site.engine.take_back(body.side)
    return _told(site.engine.now)


@router.post("/felt")
async def say_how_a_set_felt(body: FeltBody, site: SiteOf) -> SessionNow:
    """How a set of the running session felt."""
    site.engine.felt(body.set_number, pain=body.pain, effort=body.effort)
    return _told(site.engine.now)


@router.post("/stop")
async def stop_session(site: SiteOf) -> SessionNow:
    """Stop and save; nothing happens where nothing runs."""
    site.engine.stop()
    return _told(site.engine.now)


@router.post("/dismiss")
async def dismiss_session(site: SiteOf) -> SessionNow:
    """Show no longer what is over."""
    site.engine.dismiss()
    return _told(site.engine.now)


@router.get(
    "/events",
    response_class=StreamingResponse,
    responses={200: {"content": {"text/event-stream": {"schema": {"type": "string"}}}}},
)
async def follow_session(
    site: SiteOf,
    interval_s: Annotated[float, Query(ge=0.05, le=60.0, description="At most one event in so long.")] = 0.1,
    traces: Annotated[bool, Query(description="With the last seconds of each leg in each event.")] = False,
) -> StreamingResponse:
    """The session whenever it changes, as server-sent events: each is the object of `GET /api/live`."""
    site.streams.refuse_too_many()
    return StreamingResponse(_events(site, interval_s, traces=traces), media_type="text/event-stream")


def _told(now: SessionNow) -> SessionNow:
    """As programs are told of it."""
    return now if now.failure is None else replace(now, failure=failure_for_programs(now.failure))


async def _events(site: Site, interval_s: float, *, traces: bool) -> AsyncIterator[bytes]:
    async with aclosing(site.streams.follow(site.engine, interval_s)) as followed:
        async for now in followed:
            if now is None:
                yield b": quiet\n\n"
                continue
            shown = _told(now if traces else replace(now, traces=()))
            yield b"id: %d\nevent: session\ndata: %s\n\n" % (now.version, _NOW.dump_json(shown))
