"""Finds out where sensors are worn by what is moved: one knee after the other is lifted."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from tracker.errors import UsageError
from tracker.model import Notification, Placement, SensorIdentity, Side
from tracker.sensing.bluetooth_source import BluetoothSource
from tracker.sensing.found import FoundSensor
from tracker.sensing.movement import MovementWatch
from tracker.sensing.parameters import LinkParameters
from tracker.sensing.radio import Radio

_LIFT_LIMIT_S = 20.0
_LIFT_TRIES = 3
_THIGHS = {Side.RIGHT: Placement.RIGHT_THIGH, Side.LEFT: Placement.LEFT_THIGH}


class PlacingState(StrEnum):
    """What goes on while it is found out where sensors are worn."""

    CONNECTING = "connecting"
    LIFT = "lift"
    """The knee of a side is to be lifted."""
    NOTHING_MOVED = "nothing_moved"
    SEVERAL_MOVED = "several_moved"
    OTHER_LEG_MOVED = "other_leg_moved"


@dataclass(frozen=True, slots=True)
class PlacingNews:
    """What is to be told to the person.

    Attributes:
        side: whose knee is meant; None while connecting.
        sensors: what is connected, as it is called; empty later.
    """

    state: PlacingState
    side: Side | None = None
    sensors: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """One English sentence of it."""
        match self.state:
            case PlacingState.CONNECTING:
                return f"Connecting {', '.join(self.sensors)} ..."
            case PlacingState.LIFT:
                return f"Lift your {self.side} knee and put it down again; keep the other leg still."
            case PlacingState.NOTHING_MOVED:
                return "No sensor moved."
            case PlacingState.SEVERAL_MOVED:
                return "Several sensors moved."
            case PlacingState.OTHER_LEG_MOVED:
                return "That was the sensor of the other leg."


Listener: TypeAlias = Callable[[PlacingNews], None]


async def place_by_movement(
    found: Sequence[FoundSensor], radio: Radio, link: LinkParameters, tell: Listener
) -> dict[Placement, SensorIdentity]:
    """Connect the nearest sensors, have one knee lifted after the other, and see which sensor moves.

    A third sensor that moves with neither knee is the pelvis's.

    Raises:
        UsageError: fewer than two sensors, or no knee lift that could be told.
        BluetoothError: a sensor cannot be connected, or every sensor was lost.
    """
    nearest = dict(zip(Placement, found, strict=False))
    if len(nearest) < len(_THIGHS):
        raise UsageError(
            "only one sensor is heard: there is nothing to tell apart",
            advice="Say where it is worn: tracker pair --left-thigh ADDRESS (or --right-thigh, --pelvis).",
        )
    tell(PlacingNews(PlacingState.CONNECTING, sensors=tuple(sensor.label for sensor in nearest.values())))
    wanted = {placement: sensor.address for placement, sensor in nearest.items()}
    async with BluetoothSource(wanted, link, radio) as source:
        sensors = source.sensors
        shown = await _lifted_knees(source, MovementWatch(sensors), tell)
    placed = {_THIGHS[side]: sensors[place] for side, place in shown.items()}
    left = [identity for place, identity in sensors.items() if place not in shown.values()]
    if left:
        placed[Placement.PELVIS] = left[0]
    return placed


async def _lifted_knees(
    source: BluetoothSource, watch: MovementWatch, tell: Listener
) -> Mapping[Side, Placement]:
    """The sensor that moved with each knee.

    Raises:
        UsageError: it could not be told.
        BluetoothError: every sensor was lost.
    """
    watching = asyncio.create_task(_watch(source, watch))
    lifting = asyncio.create_task(_one_knee_after_the_other(watch, tell))
    try:
        await asyncio.wait({watching, lifting}, return_when=asyncio.FIRST_COMPLETED)
        if watching.done():
            # nobody is asked to lift a knee for sensors that are gone
            watching.result()
        return await lifting
    finally:
        for task in (watching, lifting):
            task.cancel()
        await asyncio.gather(watching, lifting, return_exceptions=True)


async def _one_knee_after_the_other(watch: MovementWatch, tell: Listener) -> Mapping[Side, Placement]:
    shown: dict[Side, Placement] = {}
    for side in _THIGHS:
        shown[side] = await _lifted_knee(side, watch, tuple(shown.values()), tell)
    return shown


async def _watch(source: BluetoothSource, watch: MovementWatch) -> None:
    async for item in source.items():
        if isinstance(item, Notification):
            watch.take(item)


async def _lifted_knee(
    side: Side, watch: MovementWatch, taken: tuple[Placement, ...], tell: Listener
) -> Placement:
    for _ in range(_LIFT_TRIES):
        tell(PlacingNews(PlacingState.LIFT, side))
        watch.begin()
        try:
            async with asyncio.timeout(_LIFT_LIMIT_S):
                while not watch.at_rest_again():  # noqa: ASYNC110 - no event tells of a movement that is over
                    await asyncio.sleep(0.1)
        except TimeoutError:
            tell(PlacingNews(PlacingState.NOTHING_MOVED, side))
            continue
        moved = watch.moved()
        if len(moved) > 1:
            tell(PlacingNews(PlacingState.SEVERAL_MOVED, side))
        elif moved[0] in taken:
            tell(PlacingNews(PlacingState.OTHER_LEG_MOVED, side))
        else:
            return moved[0]
    raise UsageError(
        f"it could not be told which sensor is on the {side.value} leg",
        advice="Strap each sensor tightly and try again on your back; or name them: tracker pair --help.",
    )
