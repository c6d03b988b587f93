"""A sensor whose battery empties is told of before it is gone, and once."""

from dataclasses import replace

import pytest
from virtual_bench import LEFT, QUICK, Collector, bench

from tracker.errors import BluetoothError
from tracker.sensing.battery_watch import BatteryWatch
from tracker.sensing.source import LinkState
from tracker.sensing.virtual.faults import FaultScript


def test_a_low_charge_is_warned_of_once() -> None:
    watch = BatteryWatch(replace(QUICK, low_battery_percent=15), lambda _percent, _warning: None)
    warnings = [watch.see(percent) for percent in (40, None, 16, 15, 9, 80, 3)]
    assert warnings[3] == "its battery is at 15 %: charge it after this session"
    assert [bool(warning) for warning in warnings] == [False, False, False, True, False, False, False]


async def test_an_emptying_battery_is_warned_of_then_lost_then_given_up() -> None:
    # half a minute from full to empty, five times as fast
    faults = {LEFT: FaultScript(battery_empty_at_s=30.0)}
    link = replace(QUICK, battery_interval_s=0.2, reconnect_limit_s=1.0, scan_s=0.3)
    async with bench([LEFT], faults=faults, time_scale=5.0) as made, made.source(link) as source:
        got = Collector(source)
        with pytest.raises(BluetoothError, match="every sensor was lost"):
            await got.rest()
    reports = got.reports(LEFT)
    charges = [report.battery_percent for report in reports if report.battery_percent is not None]
    assert charges == sorted(charges, reverse=True)
    assert charges[-1] < 15
    assert sum("its battery is at" in report.detail for report in reports) == 1
    states = got.states(LEFT)
    assert states.index(LinkState.LOST) > max(
        place for place, state in enumerate(states) if state is LinkState.STREAMING
    )
    assert states[-1] is LinkState.FAILED
