"""Asking where each sensor is worn: by its light, or by what is moved."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from functools import partial

import typer

from tracker.cli.output import note, printable
from tracker.errors import BluetoothError, UsageError
from tracker.model import Notification, Placement, SensorIdentity, Side
from tracker.sensing.bluetooth_source import BluetoothSource
from tracker.sensing.found import FoundSensor
from tracker.sensing.movement import MovementWatch
from tracker.sensing.parameters import LinkParameters
from tracker.sensing.radio import Radio
from tracker.sensing.visit import identify

RadioMaker = Callable[[], AbstractAsyncContextManager[Radio]]

_NOWHERE = "none"
_AGAIN = "again"
_SHOWS_ITSELF_S = 30
"""Long enough to look at every sensor on the table; it ends by itself."""

_LIFT_LIMIT_S = 20.0
_LIFT_TRIES = 3
_THIGHS = {Side.RIGHT: Placement.RIGHT_THIGH, Side.LEFT: Placement.LEFT_THIGH}


def ask_placements(
    found: Sequence[FoundSensor], radio: RadioMaker, link: LinkParameters
) -> dict[Placement, str]:
    """Let each sensor blink and ask where it is worn, as long as there are places left."""
    chosen: dict[Placement, str] = {}
    for sensor in found:
        free = [placement.value for placement in Placement if placement not in chosen]
        if not free:
            break
        answer = _ask_for(sensor, free, radio, link)
        if answer != _NOWHERE:
            chosen[Placement(answer)] = sensor.address
    if not chosen:
        raise UsageError("no sensor was chosen", advice="Name at least one placement.")
    return chosen


def _ask_for(sensor: FoundSensor, free: list[str], radio: RadioMaker, link: LinkParameters) -> str:
    name = printable(sensor.label)
    places = f"{', '.join(free)} or {_NOWHERE}"
    while True:
        shows = asyncio.run(_show(sensor, radio, link))
        which = "blinks now" if shows else "cannot blink"
        answer = _ask(
            f"{name} ({sensor.rssi_dbm} dBm) {which}. Worn at {places}? ({_AGAIN}: blink once more)",
            [*free, _NOWHERE, _AGAIN],
        )
        if answer != _AGAIN:
            return answer


def _ask(question: str, answers: Sequence[str]) -> str:
    """One of the answers; the question goes to standard error, as a program may read standard output."""
    try:
        answer: str = typer.prompt(question, default=_NOWHERE, value_proc=partial(_one_of, answers), err=True)
    except typer.Abort:
        note("\nNothing was paired.")
        raise KeyboardInterrupt from None
    return answer


async def _show(sensor: FoundSensor, make_radio: RadioMaker, link: LinkParameters) -> bool:
    """Let it blink; where that fails it is asked for all the same."""
    try:
        async with make_radio() as radio:
            return await identify(sensor, _SHOWS_ITSELF_S, parameters=link, radio=radio)
    except BluetoothError as error:
        note(f"{printable(sensor.label)}: {error.message}")
        return False


def _one_of(known: Sequence[str], answer: str) -> str:
    """The known answer that is meant, however it is spelled; else the question is asked again."""
    meant = answer.strip().lower().replace(" ", "_").replace("-", "_")
    if meant not in known:
        raise typer.BadParameter(f"{answer!r} is none of: {', '.join(known)}")
    return meant


async def place_by_movement(
    found: Sequence[FoundSensor], radio: Radio, link: LinkParameters
) -> dict[Placement, SensorIdentity]:
    """Connect the nearest sensors, have one knee lifted after the other, and see which sensor moves.

    A third sensor that moves with neither knee is the pelvis's.

    Raises:
        UsageError: fewer than two sensors, or no knee lift that could be told.
    """
    nearest = dict(zip(Placement, found, strict=False))
    if len(nearest) < len(_THIGHS):
        raise UsageError(
            "only one sensor is heard: there is nothing to tell apart",
            advice="Say where it is worn: tracker pair --left-thigh ADDRESS (or --right-thigh, --pelvis).",
        )
    names = ", ".join(printable(sensor.label) for sensor in nearest.values())
    note(f"Connecting {names} ...")
    wanted = {placement: sensor.address for placement, sensor in nearest.items()}
    async with BluetoothSource(wanted, link, radio) as source:
        sensors = source.sensors
        shown = await _lifted_knees(source, MovementWatch(sensors))
    placed = {_THIGHS[side]: sensors[place] for side, place in shown.items()}
    left = [identity for place, identity in sensors.items() if place not in shown.values()]
    if left:
        placed[Placement.PELVIS] = left[0]
    return placed


async def _lifted_knees(source: BluetoothSource, watch: MovementWatch) -> Mapping[Side, Placement]:
    """The sensor that moved with each knee.

    Raises:
        UsageError: it could not be told.
        BluetoothError: every sensor was lost.
    """
    watching = asyncio.create_task(_watch(source, watch))
    lifting = asyncio.create_task(_one_knee_after_the_other(watch))
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


async def _one_knee_after_the_other(watch: MovementWatch) -> Mapping[Side, Placement]:
    shown: dict[Side, Placement] = {}
    for side in _THIGHS:
        shown[side] = await _lifted_knee(side, watch, tuple(shown.values()))
    return shown


async def _watch(source: BluetoothSource, watch: MovementWatch) -> None:
    async for item in source.items():
        if isinstance(item, Notification):
            watch.take(item)


async def _lifted_knee(side: Side, watch: MovementWatch, taken: tuple[Placement, ...]) -> Placement:
    for _ in range(_LIFT_TRIES):
        note(f"Lift your {side.value} knee and put it down again; keep the other leg still.")
        watch.begin()
        try:
            async with asyncio.timeout(_LIFT_LIMIT_S):
                while not watch.at_rest_again():  # noqa: ASYNC110 - no event tells of a movement that is over
                    await asyncio.sleep(0.1)
        except TimeoutError:
            note("No sensor moved.")
            continue
        moved = watch.moved()
        if len(moved) > 1:
            note("Several sensors moved.")
        elif moved[0] in taken:
            note("That was the sensor of the other leg.")
        else:
            return moved[0]
    raise UsageError(
        f"it could not be told which sensor is on the {side.value} leg",
        advice="Strap each sensor tightly and try again on your back; or name them: tracker pair --help.",
    )
