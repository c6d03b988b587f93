"""Asking where each sensor is worn, by its light."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from functools import partial

import typer

from tracker.cli.output import note, printable
from tracker.errors import BluetoothError, UsageError
from tracker.model import Placement
from tracker.sensing.found import FoundSensor
from tracker.sensing.parameters import LinkParameters
from tracker.sensing.radio import Radio
from tracker.sensing.visit import identify
from tracker.session.pairing import SHOWS_ITSELF_S

RadioMaker = Callable[[], AbstractAsyncContextManager[Radio]]

_NOWHERE = "none"
_AGAIN = "again"


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
            return await identify(sensor, SHOWS_ITSELF_S, parameters=link, radio=radio)
    except BluetoothError as error:
        note(f"{printable(sensor.label)}: {error.message}")
        return False


def _one_of(known: Sequence[str], answer: str) -> str:
    """The known answer that is meant, however it is spelled; else the question is asked again."""
    meant = answer.strip().lower().replace(" ", "_").replace("-", "_")
    if meant not in known:
        raise typer.BadParameter(f"{answer!r} is none of: {', '.join(known)}")
    return meant
