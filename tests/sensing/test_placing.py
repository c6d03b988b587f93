"""Finding out by movement where sensors are worn, where they do not hold out."""

from dataclasses import replace

import pytest
from virtual_bench import LEFT, QUICK, RIGHT, bench

from tracker.errors import BluetoothError
from tracker.sensing.scanner import scan
from tracker.sensing.virtual.faults import FaultScript
from tracker.session.placing import place_by_movement


async def test_nobody_lifts_knees_for_sensors_that_are_gone() -> None:
    gone = FaultScript(drop_link_at_s=(4.0,), away_s=60.0)
    link = replace(QUICK, reconnect_limit_s=0.2, scan_s=0.3)
    async with bench([LEFT, RIGHT], faults={LEFT: gone, RIGHT: gone}, time_scale=5.0) as made:
        found = await scan(0.2, radio=made.air.radio)
        with pytest.raises(BluetoothError, match="every sensor was lost"):
            await place_by_movement(found, made.air.radio, link, lambda _news: None)
