"""Runs one session at a time and tells whoever looks on; pages come and go, the session does not notice."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias

from tracker.app.engine.request import SessionRequest
from tracker.app.engine.values import Failure, SessionNow, Stage
from tracker.backup.weekly import back_up_when_due
from tracker.errors import ConflictError, TrackerError
from tracker.model import Side
from tracker.session.workplace import Workplace
from tracker.store.database import Database

if TYPE_CHECKING:
    # radio and analysis, which no page needs until a session begins
    from tracker.app.engine.preparing import Prepared
    from tracker.app.engine.staging import StageMaker
    from tracker.app.engine.watched_guide import WatchedGuide
    from tracker.session.keeping import StoreKeeper
    from tracker.session.live import LiveSession
    from tracker.session.status import SessionStatus
    from tracker.session.steered_guide import SteeredConductor

Watcher: TypeAlias = Callable[[SessionNow], None]
"""Is told each change, in the event loop; must return at once."""

_ENDED = (Stage.IDLE, Stage.OVER, Stage.FAILED)


class Engine:
    """The one session that may run, for all pages and the API.

    Args:
        simulated: sensors are simulated and worn by a body that does what the guide asks.
        make_stage: gives the sensors of each session; None for the paired or the simulated ones.
    """

    def __init__(
        self,
        place: Workplace,
        database: Database,
        *,
        simulated: bool = False,
        make_stage: "StageMaker | None" = None,
    ) -> None:
        self._place = place
        self._make_stage = make_stage
        self._database = database
        self._simulated = simulated
        self._now = SessionNow(simulated=simulated)
        self._watchers: set[Watcher] = set()
        self._running: asyncio.Task[None] | None = None
        self._session: LiveSession | None = None
        self._guide: WatchedGuide | None = None
        self._keeper: StoreKeeper | None = None
        self._stops = False

    @property
    def now(self) -> SessionNow:
        """The session at this moment."""
        return self._now

    @property
    def is_busy(self) -> bool:
        """True from the beginning of a session until it is stored."""
        return self._now.stage not in _ENDED

    def watch(self, watcher: Watcher) -> Callable[[], None]:
        """Be told each change from now on.

        Returns:
            What ends it.
        """
        self._watchers.add(watcher)
        return lambda: self._watchers.discard(watcher)

    async def start(self, request: SessionRequest) -> None:
        """Begin a session; returns once it is known that it can begin; sensors are searched for then.

        Raises:
            UsageError: a session runs already, or what is asked for makes no sense.
            RefusedError: the safety questions stand against it.
        """
        if self.is_busy:
            raise ConflictError(
                "a session runs already", advice="Stop and save it first, on the page Session."
            )
        before = self._now
        # What was stopped before it could begin stops nothing that follows.
        self._stops = False
        # Taken at once: a second page that starts in the meantime is refused.
        self._show(SessionNow(stage=Stage.CONNECTING, rest_only=request.rest_only))
        try:
            prepared = await asyncio.to_thread(self._prepared, request)
        except BaseException:
            self._show(before)
            raise
        person = prepared.person
        self._show(replace(self._now, person_id=person.person_id, person_name=person.name))
        self._running = asyncio.create_task(self._run(prepared, request))
        self._running.add_done_callback(self._see_end)

    def _prepared(self, request: SessionRequest) -> "Prepared":
        from tracker.app.engine.preparing import prepare

        return prepare(self._place, self._database, request, simulated=self._simulated)

    def stop(self) -> None:
        """Stop and save; nothing happens where nothing runs."""
        if self._now.stage not in (Stage.CONNECTING, Stage.RUNNING):
            return
        self._stops = True
        if self._session is not None:
            self._session.stop()
        self._show(replace(self._now, stage=Stage.SAVING))

    def dismiss(self) -> None:
        """What is over is no longer shown."""
        if not self.is_busy:
            self._show(SessionNow())

    async def close(self) -> None:
        """Stop and save what runs, because the program ends."""
        self.stop()
        if self._running is not None:
            await asyncio.gather(self._running, return_exceptions=True)

    def pause(self) -> None:
        """Nothing goes on until `resume`; a phase that is on ends."""
        self._steer(lambda guide: guide.pause())

    def resume(self) -> None:
        """Go on with what was paused."""
        self._steer(lambda guide: guide.resume())

    def skip(self) -> None:
        """Begin at once what is waited for, or end what is on."""
        self._steer(lambda guide: guide.skip())

    def finish(self) -> None:
        """End the session after its last step, when nothing is to be repeated."""
        self._steer(lambda guide: guide.finish())

    def repeat_rest_test(self) -> None:
        """Reference pose and rest test once more after the present step."""
        self._steer(lambda guide: guide.repeat_rest_test())

    def take_back(self, side: Side | None) -> None:
        """The last repetition of a leg was none: it is taken back, and kept as a correction.

        Raises:
            UsageError: no session runs, or nothing of that leg was counted in its last set.
        """
        _, session = self._guided()
        if not session.take_back(side):
            raise ConflictError("no repetition was counted yet", advice="There is nothing to take back.")

    def felt(self, set_number: int, *, pain: int | None = None, effort: int | None = None) -> None:
        """How a set of the running session felt, 0 to 10 each; None leaves it as it was.

        Raises:
            UsageError: no session runs, it has no such set yet, or a value cannot be.
        """
        _, session = self._guided()
        session.say_of_set(set_number, pain=pain, effort=effort)

    def _steer(self, how: "Callable[[SteeredConductor], None]") -> None:
        guide, _ = self._guided()
        how(guide.steered)

    def _guided(self) -> "tuple[WatchedGuide, LiveSession]":
        if self._guide is None or self._session is None:
            raise ConflictError("no session runs", advice="Start one on the page Session.")
        return self._guide, self._session

    def _show(self, now: SessionNow) -> None:
        self._now = replace(now, version=self._now.version + 1, simulated=self._simulated)
        loop = asyncio.get_running_loop()
        for watcher in self._watchers:
            # Not from here: what goes wrong in a page must not end the session.
            loop.call_soon(self._tell, watcher, self._now)

    def _tell(self, watcher: Watcher, now: SessionNow) -> None:
        if watcher in self._watchers:
            watcher(now)

    @property
    def _session_id(self) -> int | None:
        return None if self._keeper is None else self._keeper.session_id

    def _see(self, status: "SessionStatus") -> None:
        from tracker.app.engine.snapshot import with_status

        if self._guide is not None:
            stage = Stage.SAVING if self._now.stage is Stage.SAVING else Stage.RUNNING
            seen = replace(self._now, stage=stage, session_id=self._session_id)
            self._show(with_status(seen, status, self._guide.position))

    async def _run(self, prepared: "Prepared", request: SessionRequest) -> None:
        from tracker.app.engine.snapshot import with_result
        from tracker.app.engine.staging import stage_for
        from tracker.app.engine.watched_guide import WatchedGuide
        from tracker.session.keeping import StoreKeeper
        from tracker.session.sensor_session import live_session, run_and_keep
        from tracker.session.steered_guide import SteeredConductor

        steps, parameters = prepared.worn.steps, self._place.settings.guide
        guide = WatchedGuide(SteeredConductor(steps, parameters))
        self._keeper = keeper = StoreKeeper(
            self._database, self._place.home, prepared.person.name, pain_before=request.pain_before
        )
        try:
            make_stage = self._make_stage or stage_for
            async with make_stage(self._place, prepared.worn, guide, simulated=self._simulated) as stage:
                session = live_session(stage, self._place, keeper, self._see)
                self._guide, self._session = guide, session
                if self._stops:
                    session.stop()
                outcome = await run_and_keep(session, keeper)
            self._show(with_result(self._now, outcome.analysis))
            self._end(Stage.OVER, outcome.failure)
        except TrackerError as error:
            self._end(Stage.FAILED, error)
            return
        finally:
            # Before anything else is waited for: the next session may begin from here on.
            self._guide = self._session = None
            self._stops = False
        await self._back_up()

    async def _back_up(self) -> None:
        """Make the weekly backup if it is due; what goes wrong with it is told, and no more."""
        if self._simulated:
            return
        try:
            await asyncio.to_thread(back_up_when_due, self._place.home, self._place.settings.backup)
        except (TrackerError, OSError) as error:
            note = f"The weekly backup could not be made: {error}"
            self._show(replace(self._now, notes=(*self._now.notes, note)))

    def _end(self, stage: Stage, error: TrackerError | None) -> None:
        failure = None if error is None else Failure(error.message, error.advice)
        self._show(replace(self._now, stage=stage, step=None, session_id=self._session_id, failure=failure))

    def _see_end(self, task: "asyncio.Task[None]") -> None:
        """A fault of the program itself must not leave the page waiting for ever."""
        if not task.cancelled() and task.exception() is not None:
            # After its end, another one may be running already.
            if task is self._running and self.is_busy:
                self._end(
                    Stage.FAILED,
                    TrackerError(
                        "the program made a mistake; what was recorded is on the disk",
                        advice="Restart it, and recover the recording if it is not among your sessions.",
                    ),
                )
            task.get_loop().call_exception_handler(
                {"message": "a session ended by a fault", "exception": task.exception(), "task": task}
            )
