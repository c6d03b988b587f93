"""Computers without usable Bluetooth: the causes in plain words."""

import sys
from pathlib import Path

import pytest
from bleak.exc import (
    BleakBluetoothNotAvailableError,
    BleakBluetoothNotAvailableReason,
    BleakCharacteristicNotFoundError,
    BleakDBusError,
    BleakDeviceNotFoundError,
    BleakError,
)
from message_bus import message_bus

from tracker.errors import BluetoothError
from tracker.sensing.bluetooth_errors import bluetooth_error, bluetooth_errors
from tracker.sensing.bluetooth_source import SYSTEM_RADIO
from tracker.sensing.scanner import scan

BLUETOOTH_CLASS = Path("/sys/class/bluetooth")
on_linux = pytest.mark.skipif(sys.platform != "linux", reason="BlueZ and D-Bus are Linux's own")


def has_no_adapter() -> bool:
    """Whether this computer has no Bluetooth adapter for certain."""
    return sys.platform == "linux" and not any(BLUETOOTH_CLASS.glob("*"))


@pytest.mark.skipif(not has_no_adapter(), reason="this computer may have a Bluetooth adapter")
async def test_stock_bleak_without_bluetooth_gives_a_clear_error() -> None:
    with pytest.raises(BluetoothError) as caught:
        await scan(0.1, radio=SYSTEM_RADIO)
    error = caught.value
    assert error.exit_code == 4
    assert error.message.startswith("searching for sensors: ")
    assert "Bluetooth" in error.message
    assert error.advice


@on_linux
async def test_bus_without_bluez_is_told_from_no_bus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with message_bus(tmp_path) as address:
        monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", address)
        with pytest.raises(BluetoothError) as caught:
            await scan(0.1, radio=SYSTEM_RADIO)
    assert caught.value.message == "searching for sensors: no Bluetooth service (BlueZ) is running"
    assert "bluetooth" in caught.value.advice


@on_linux
async def test_no_bus_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", f"unix:path={tmp_path / 'nothing'}")
    with pytest.raises(BluetoothError, match=r"no Bluetooth service \(BlueZ\) was found"):
        await scan(0.1, radio=SYSTEM_RADIO)


@pytest.mark.parametrize("reason", list(BleakBluetoothNotAvailableReason))
def test_every_reason_of_bleak_has_words_and_advice(reason: BleakBluetoothNotAvailableReason) -> None:
    error = bluetooth_error(BleakBluetoothNotAvailableError("text", reason), "searching")
    assert error.message != "searching: text"
    assert error.advice.endswith((".", "one."))


@pytest.mark.parametrize(
    ("raised", "words"),
    [
        (BleakDBusError("org.freedesktop.DBus.Error.ServiceUnknown", []), "no Bluetooth service"),
        (BleakDBusError("org.bluez.Error.NotReady", ["Resource Not Ready"]), "switched off"),
        (BleakDBusError("org.bluez.Error.InProgress", []), "another search"),
        (BleakDBusError("org.bluez.Error.Failed", ["what it says"]), "what it says"),
        (BleakCharacteristicNotFoundError("2a19"), "2a19"),
        (BleakDeviceNotFoundError("AA:BB"), "not found"),
        (BleakError("le-connection-abort-by-local"), "le-connection-abort-by-local"),
        (TimeoutError(), "no answer in time"),
        (FileNotFoundError(2, "No such file"), "no Bluetooth service"),
        (ConnectionRefusedError(), "no Bluetooth service"),
        (PermissionError(), "forbids"),
        (EOFError("end"), "broke off"),
        (BrokenPipeError(32, "Broken pipe"), "broke off"),
    ],
)
def test_errors_of_bleak_and_system_in_plain_words(raised: Exception, words: str) -> None:
    with pytest.raises(BluetoothError) as caught, bluetooth_errors("scanning"):
        raise raised
    assert caught.value.message.startswith("scanning: ")
    assert words in caught.value.message
    assert caught.value.advice
    assert caught.value.__cause__ is raised


def test_other_errors_stay_what_they_are() -> None:
    with pytest.raises(ZeroDivisionError), bluetooth_errors("scanning"):
        raise ZeroDivisionError
