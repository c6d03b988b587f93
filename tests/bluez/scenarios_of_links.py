"""Scenarios of streams and their links: two sensors, with the program's own parameters of links."""

import time
from collections.abc import Sequence
from dataclasses import asdict
from functools import partial
from typing import Any

from bleak.backends.bluezdbus.client import BleakClientBlueZDBus
from bleak.backends.service import BleakGATTServiceCollection
from received import Received, block_of, received
from scenario import Figures, Scenario
from sensor_commands import ADDRESSES, BATTERY_PERCENT, SENSORS, drop_links, new_sensors
from virtual_bench import LEFT, RIGHT, Collector

from tracker.model import Notification, Placement
from tracker.sensing.bluetooth_source import BluetoothSource
from tracker.sensing.radio import Radio
from tracker.sensing.source import LinkState

STREAM_S = 10.0
STARTS = 3
LOSSES = 3
AWAY_S = (0.5, 2.0, 5.0)
BOTH = (LEFT, RIGHT)
KEEP_S = 60.0
SETTLED_FRAMES = 5
"""About a second of the stream: enough to be sure that it runs."""


async def stream(figures: Figures) -> list[str]:
    """Connect both sensors and stream: nothing missing, nothing twice, the charges as they are."""
    await new_sensors()
    began_s = time.monotonic()
    async with BluetoothSource(ADDRESSES) as source:
        figures["start_s"] = _since(began_s)
        got = Collector(source)
        until_s = time.monotonic() + STREAM_S
        await got.until(lambda _: time.monotonic() >= until_s)
        await source.stop()
        await got.rest()
    return _lossless(got, BOTH, figures) + _wrong_charges(got, figures)


async def services_late(figures: Figures) -> list[str]:
    """The first link to each sensor shows no services, as may be: a second one is made, and all is whole."""
    await new_sensors()
    links: list[str] = []

    class ShowsNothingAtFirst(BleakClientBlueZDBus):
        async def connect(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - handed on
            await super().connect(*args, **kwargs)
            if self.address not in links:
                self.services = BleakGATTServiceCollection()
            links.append(self.address)

    began_s = time.monotonic()
    async with BluetoothSource(ADDRESSES, radio=Radio(client=ShowsNothingAtFirst)) as source:
        figures["start_s"] = _since(began_s)
        got = Collector(source)
        await _settled(got)
        await source.stop()
        await got.rest()
    figures["links"] = links
    wrong = _lossless(got, BOTH, figures)
    return wrong if len(links) == 2 * len(BOTH) else [*wrong, f"{len(links)} links"]


async def start_again(figures: Figures) -> list[str]:
    """Start and stop several times in one process."""
    await new_sensors()
    wrong: list[str] = []
    starts_s: list[float] = []
    for _ in range(STARTS):
        began_s = time.monotonic()
        async with BluetoothSource(ADDRESSES) as source:
            starts_s.append(_since(began_s))
            got = Collector(source)
            await _settled(got)
            await source.stop()
            await got.rest()
        wrong += _lossless(got, BOTH, figures) + _wrong_charges(got, figures)
    figures["start_s"] = starts_s
    return wrong


async def loss(
    figures: Figures,
    *,
    away_s: float,
    losses: int = 1,
    lost: Sequence[Placement] = (LEFT,),
    keep_s: float = 0.0,
) -> list[str]:
    """Links break and come back, each time; what else is connected goes on without a gap.

    From sensors that keep their samples nothing is missing in the end.
    """
    await new_sensors(away_s=away_s, keep_s=keep_s)
    back_s: list[float] = []
    async with BluetoothSource(ADDRESSES) as source:
        got = Collector(source)
        for _ in range(losses):
            await _settled(got)
            back_s += await _lose_and_return(got, lost)
        await _settled(got)
        await source.stop()
        await got.rest()
    figures["streaming_again_s"] = back_s
    wrong = _lossless(got, [one for one in BOTH if one not in lost], figures)
    for placement in lost:
        account = _account(got, placement, figures)
        # what is sent again may come twice
        if account.altered or (account.missing if keep_s else account.twice):
            wrong.append(f"{placement}: {account}")
        if account.gaps > losses:
            wrong.append(f"{placement}: {account.gaps} gaps from {losses} losses")
    return wrong


async def _settled(got: Collector) -> None:
    """Wait until the streams run."""
    before = {placement: _notifications(got, placement) for placement in BOTH}
    await got.until(lambda got: all(_notifications(got, one) >= before[one] + SETTLED_FRAMES for one in BOTH))


def _notifications(got: Collector, placement: Placement) -> int:
    return len(_payloads(got, placement))


def _payloads(got: Collector, placement: Placement) -> list[bytes]:
    return [one.payload for one in got.items if isinstance(one, Notification) and one.placement is placement]


async def _lose_and_return(got: Collector, lost: Sequence[Placement]) -> list[float]:
    """Break links and wait until they stream again; the seconds that each took from the break."""
    before = {placement: _starts(got, placement) for placement in lost}
    began_ns = time.monotonic_ns()
    await drop_links(lost)
    await got.until(lambda got: all(_starts(got, placement) > before[placement] for placement in lost))
    return [round((_last_start_ns(got, placement) - began_ns) * 1e-9, 2) for placement in lost]


def _starts(got: Collector, placement: Placement) -> int:
    return got.states(placement).count(LinkState.STREAMING)


def _last_start_ns(got: Collector, placement: Placement) -> int:
    return max(one.at_ns for one in got.reports(placement) if one.state is LinkState.STREAMING)


def _lossless(got: Collector, placements: Sequence[Placement], figures: Figures) -> list[str]:
    """What is wrong with streams that must be whole."""
    wrong = []
    for placement in placements:
        account = _account(got, placement, figures)
        if not account.samples or account.missing or account.twice or account.altered:
            wrong.append(f"{placement}: {account}")
    return wrong


def _wrong_charges(got: Collector, figures: Figures) -> list[str]:
    """What is wrong with the charges that the sensors told."""
    charges = {
        placement: next((one.battery_percent for one in got.reports(placement) if one.battery_percent), None)
        for placement in BOTH
    }
    figures["battery_percent"] = charges
    return [] if charges == BATTERY_PERCENT else [f"charges {charges}, not {BATTERY_PERCENT}"]


def _account(got: Collector, placement: Placement, figures: Figures) -> Received:
    blocks = [block_of(payload) for payload in _payloads(got, placement)]
    account = received(blocks, list(SENSORS).index(placement))
    figures[placement] = asdict(account)
    lost = [one.detail for one in got.reports(placement) if one.state is LinkState.LOST]
    if lost:
        figures[f"{placement}_lost"] = lost
    return account


def _since(began_s: float) -> float:
    return round(time.monotonic() - began_s, 2)


LINKS: tuple[Scenario, ...] = (
    Scenario("stream", stream),
    Scenario("services_late", services_late),
    Scenario("start_again", start_again),
    *(Scenario(f"loss_{away_s:g}_s", partial(loss, away_s=away_s)) for away_s in AWAY_S),
    Scenario("loss_of_both", partial(loss, away_s=0.5, lost=BOTH)),
    Scenario("loss_again_and_again", partial(loss, away_s=0.5, losses=LOSSES)),
    Scenario("loss_of_both_fetched", partial(loss, away_s=2.0, lost=BOTH, keep_s=KEEP_S)),
)
