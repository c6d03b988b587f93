"""Simulated sensors on a body that does what the guide of a session asks; all of it is marked as such."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass

from tracker.model import PhaseMark, Placement, ReferenceRecipe
from tracker.sensing.bluetooth_source import BluetoothSource
from tracker.sensing.body.following import Asked, FollowingBody
from tracker.sensing.virtual.feed import MotionClock
from tracker.sensing.virtual.radio import VirtualRadio
from tracker.sensing.virtual.sensor import VirtualSensor
from tracker.session.guide import Board, Conductor, Step
from tracker.session.guide_position import GuidePosition
from tracker.session.prompt import Prompt
from tracker.session.sensor_session import Stage
from tracker.session.simulation import worn_virtual_sensors
from tracker.session.workplace import Workplace


@dataclass(frozen=True, slots=True)
class FollowingStage(Stage):
    """A stage whose body follows.

    Attributes:
        body: what it did is the truth that a measurement should find.
        sensors: the virtual sensors that it wears, so that a test can break their links.
        motion: the clock of the body.
    """

    body: FollowingBody
    sensors: Mapping[Placement, VirtualSensor]
    motion: MotionClock


class FollowedConductor:
    """Leads as another conductor does, and tells the body what that asks for.

    Args:
        guide: who decides.
        position: where the session is at a time of the recording's time line.
        motion_s: the time of the body.
    """

    def __init__(
        self,
        guide: Conductor,
        position: Callable[[float], GuidePosition],
        body: FollowingBody,
        motion_s: Callable[[], float],
    ) -> None:
        self._guide = guide
        self._position = position
        self._body = body
        self._motion_s = motion_s
        self._asked = Asked()
        self._shown: tuple[int, bool, Step | None] = (0, False, None)

    @property
    def done(self) -> bool:
        """True when the session is over."""
        return self._guide.done

    def advance(self, now_s: float, board: Board) -> list[PhaseMark]:
        """The marks that are due; the body hears what they mean, and what comes next."""
        marks = self._guide.advance(now_s, board)
        self._asked = self._asks(self._position(now_s), board.most_valid)
        self._body.follow(self._asked, self._motion_s())
        return marks

    def stop(self, now_s: float) -> list[PhaseMark]:
        """End what is on, because the person stops; the body ends what it began."""
        return self._guide.stop(now_s)

    def prompt(self, now_s: float) -> Prompt:
        """What the person reads now."""
        return self._guide.prompt(now_s)

    def _asks(self, position: GuidePosition, counted: int) -> Asked:
        step, running = position.step, position.running
        shown = (position.number, running, step)
        number = self._asked.number + (shown != self._shown)
        self._shown = shown
        if step is None or position.paused:
            return Asked(number=number)
        return Asked(
            step.kind,
            running,
            step.exercise,
            step.side,
            sits=step.recipe is ReferenceRecipe.HANGING_SHANK,
            repetitions=step.repetitions,
            counted=counted if running else 0,
            number=number,
        )


@asynccontextmanager
async def following_stage(
    place: Workplace,
    make_conductor: Callable[[Callable[[], float]], Conductor],
    position: Callable[[float], GuidePosition],
    body: FollowingBody | None = None,
) -> AsyncIterator[FollowingStage]:
    """Three virtual sensors, reached through the same client as real ones, on a body that follows.

    Args:
        make_conductor: who leads, given a clock of the recording's time line.
        position: where the session is at a time of that time line: `SteeredConductor.position`.
        body: one with a seed or a restlessness of its own.
    """
    follower = body or FollowingBody()
    async with VirtualRadio() as air, worn_virtual_sensors(follower.worn(), air) as sensors:
        addresses = {placement: sensor.settings.address for placement, sensor in sensors.items()}

        def conductor(now_s: Callable[[], float]) -> Conductor:
            return FollowedConductor(make_conductor(now_s), position, follower, lambda: air.motion.now_s)

        source = BluetoothSource(addresses, place.settings.link, air.radio)
        yield FollowingStage(source, conductor, True, follower, sensors, air.motion)
