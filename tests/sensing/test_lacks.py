"""What a sensor cannot do is said before anybody trains with it."""

import pytest
from virtual_bench import LEFT, bench

from firmware_protocol import Feature
from firmware_protocol.decoder import Lack
from tracker.errors import BluetoothError
from tracker.sensing.lacks import check_usable, lacks_text
from tracker.sensing.source import LinkReport, LinkState


@pytest.mark.parametrize("lack", sorted(set(Lack) - {Lack.GYROSCOPE}))
def test_every_lack_is_told(lack: Lack) -> None:
    assert lacks_text({lack})
    assert lacks_text(frozenset(Lack)).count(lacks_text({lack})) == 1


def test_who_lacks_nothing_is_told_nothing() -> None:
    assert lacks_text(()) == ""
    check_usable("HIP-1", ())


def test_sensor_without_gyroscope_is_refused() -> None:
    with pytest.raises(BluetoothError, match="gyroscope") as caught:
        check_usable("H10 1234", {Lack.GYROSCOPE})
    assert caught.value.advice


async def test_lacks_are_told_when_the_stream_begins() -> None:
    async with bench([LEFT]) as made, made.source() as source:
        await source.stop()
        reports = [item async for item in source.items() if isinstance(item, LinkReport)]
    features = made.sensors[LEFT].settings.capabilities.features
    (streaming,) = [report for report in reports if report.state is LinkState.STREAMING]
    assert ("keeps nothing" in streaming.detail) == (not features & Feature.RESUME_AND_FETCH)
