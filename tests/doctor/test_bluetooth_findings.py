"""Bluetooth: versions, adapters, other programs; sensors on the virtual radio."""

import pytest

from tracker.doctor.bluetooth import of_adapters, of_version
from tracker.doctor.findings import State
from tracker.sensing.adapters import Adapter


@pytest.mark.parametrize(
    ("version", "state"), [("5.54", State.NOTE), ("5.55", State.OK), ("5.66", State.OK), (None, State.OK)]
)
def test_an_old_bluez_is_noted(version: str | None, state: State) -> None:
    assert of_version(version).state is state


def test_no_adapter_and_one_that_is_off_are_wrong() -> None:
    for adapters in ([], [Adapter("hci0", powered=False, discovering=False, connected=())]):
        [found] = of_adapters(adapters)
        assert (found.state, found.exit_code) == (State.WRONG, 4)
        assert found.advice


def test_other_programs_on_the_adapter_are_noted() -> None:
    off = Adapter("hci0", powered=False, discovering=True, connected=("Watch",))
    busy = Adapter("hci1", powered=True, discovering=True, connected=("Headset", "Watch"))
    found = of_adapters([off, busy])
    assert [(one.name, one.state) for one in found] == [
        ("adapter", State.OK),
        ("other programs", State.NOTE),
        ("other programs", State.NOTE),
    ]
    assert "hci1" in found[0].text
    assert "hci0" not in found[0].text
    assert "Headset, Watch" in found[2].text
