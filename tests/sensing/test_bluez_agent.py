"""Who may pair while BlueZ asks this program."""

import sys
from pathlib import Path

import pytest
from message_bus import message_bus

from tracker.sensing.bluez_agent import consenting, refusal_of

ADDRESS = "c6:00:00:aa:b0:00"
SENSOR = "/org/bluez/hci0/dev_C6_00_00_AA_B0_00"
STRANGER = "/org/bluez/hci0/dev_C6_00_00_AA_B0_01"
on_linux = pytest.mark.skipif(sys.platform != "linux", reason="BlueZ and D-Bus are Linux's own")


@pytest.mark.parametrize("member", ["RequestConfirmation", "RequestAuthorization", "AuthorizeService"])
def test_only_the_sensor_that_is_connected_may_pair(member: str) -> None:
    assert refusal_of(member, SENSOR, ADDRESS) is None
    assert refusal_of(member, STRANGER, ADDRESS) == "another device"
    assert refusal_of(member, "", ADDRESS) == "another device"


@pytest.mark.parametrize("member", ["RequestPinCode", "RequestPasskey", "DisplayPasskey", "Anything", ""])
def test_codes_are_not_made_up(member: str) -> None:
    assert refusal_of(member, SENSOR, ADDRESS) == "no code can be given"


@on_linux
async def test_without_a_bus_or_without_bluez_there_is_nobody_to_consent_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", f"unix:path={tmp_path / 'nothing'}")
    reached = []
    async with consenting(ADDRESS):
        reached.append("no bus")
    async with message_bus(tmp_path) as address:
        monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", address)
        async with consenting(ADDRESS):
            reached.append("no BlueZ")
    assert reached == ["no bus", "no BlueZ"]
