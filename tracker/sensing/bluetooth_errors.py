"""What went wrong with Bluetooth, in words that help: bleak's errors as the program's own."""

from collections.abc import Iterator
from contextlib import contextmanager

from bleak.exc import (
    BleakBluetoothNotAvailableError,
    BleakBluetoothNotAvailableReason,
    BleakCharacteristicNotFoundError,
    BleakDBusError,
    BleakDeviceNotFoundError,
    BleakError,
)

from tracker.errors import BluetoothError

LINK_ERRORS = (BleakError, OSError, EOFError)
"""What bleak raises where a radio or link fails; time-outs are OSErrors, BlueZ's socket ends in EOFError."""

_ALLOW = "Allow Bluetooth for this program (or for the terminal it runs in) in the system's privacy settings."
_SWITCH_ON = "Switch Bluetooth on in the system's settings, then try again."

_NOT_AVAILABLE: dict[BleakBluetoothNotAvailableReason, tuple[str, str]] = {
    BleakBluetoothNotAvailableReason.NO_BLUETOOTH: (
        "this computer has no Bluetooth adapter",
        "Plug in a Bluetooth LE adapter; `tracker demo` works without one.",
    ),
    BleakBluetoothNotAvailableReason.NO_BLE_CENTRAL_ROLE: (
        "the Bluetooth adapter cannot talk to low-energy sensors",
        "Use an adapter for Bluetooth 4.2 or later.",
    ),
    BleakBluetoothNotAvailableReason.POWERED_OFF: ("Bluetooth is switched off", _SWITCH_ON),
    BleakBluetoothNotAvailableReason.DENIED_BY_USER: ("this program may not use Bluetooth", _ALLOW),
    BleakBluetoothNotAvailableReason.DENIED_BY_SYSTEM: (
        "the system forbids the use of Bluetooth",
        "Ask the computer's administrator; on Linux the user must be allowed to use the system's D-Bus.",
    ),
    BleakBluetoothNotAvailableReason.DENIED_BY_UNKNOWN: ("this program may not use Bluetooth", _ALLOW),
    BleakBluetoothNotAvailableReason.UNKNOWN: ("Bluetooth cannot be used", _SWITCH_ON),
}

_START_BLUEZ = "Install and start BlueZ: `sudo apt install bluez`, `sudo systemctl enable --now bluetooth`."

_DBUS: dict[str, tuple[str, str]] = {
    "org.freedesktop.DBus.Error.ServiceUnknown": ("no Bluetooth service (BlueZ) is running", _START_BLUEZ),
    "org.freedesktop.DBus.Error.NameHasNoOwner": ("no Bluetooth service (BlueZ) is running", _START_BLUEZ),
    "org.freedesktop.DBus.Error.NoReply": (
        "the Bluetooth service (BlueZ) does not answer",
        "Restart it: `sudo systemctl restart bluetooth`.",
    ),
    "org.freedesktop.DBus.Error.AccessDenied": (
        "the system forbids the use of Bluetooth",
        "Add the user to the group `bluetooth`, log out and in again.",
    ),
    "org.bluez.Error.NotReady": ("Bluetooth is switched off", _SWITCH_ON),
    "org.bluez.Error.InProgress": (
        "another search for sensors is under way",
        "Close other programs that search for Bluetooth devices, then try again.",
    ),
}

_PAIR_FIRST = "pair it in the system's Bluetooth settings (Linux: or in `bluetoothctl`) first."

_MAC_FORGOTTEN = "Peer removed pairing information"
"""What macOS says where it cannot connect for this reason."""


def bluetooth_error(error: Exception, doing: str) -> BluetoothError:
    """The program's error for one that bleak or the system raised.

    Args:
        error: one of `LINK_ERRORS`.
        doing: what was tried, for example "searching for sensors".
    """
    cause, advice = _explain(error)
    return BluetoothError(f"{doing}: {cause}", advice=advice, doing=doing, cause=repr(error))


@contextmanager
def bluetooth_errors(doing: str) -> Iterator[None]:
    """Turn what bleak and the system raise inside into BluetoothError.

    Raises:
        BluetoothError: something inside failed; see `bluetooth_error`.
    """
    try:
        yield
    except LINK_ERRORS as error:
        raise bluetooth_error(error, doing) from error


def _explain(error: Exception) -> tuple[str, str]:
    """Cause and advice for one error."""
    near = "Bring the sensor close to the computer, and switch it off and on."
    if isinstance(error, BleakBluetoothNotAvailableError):
        return _NOT_AVAILABLE[error.reason]
    if isinstance(error, BleakDBusError):
        known = _DBUS.get(error.dbus_error)
        return known or (f"the Bluetooth service refused: {error}", near)
    if isinstance(error, BleakCharacteristicNotFoundError):
        return (
            f"the sensor lacks the characteristic {error.char_specifier}",
            "Its firmware is not one that this program understands; update the firmware.",
        )
    if isinstance(error, BleakDeviceNotFoundError):
        return "the sensor was not found", near
    if isinstance(error, TimeoutError):
        # BlueZ leaves a read unanswered where it cannot pair for it
        return "no answer in time", f"{near} If it wants an encrypted link, {_PAIR_FIRST}"
    if isinstance(error, FileNotFoundError | ConnectionRefusedError):
        return "no Bluetooth service (BlueZ) was found on this computer", _START_BLUEZ
    if isinstance(error, PermissionError):
        return "the system forbids the use of Bluetooth", _ALLOW
    if _MAC_FORGOTTEN in str(error):
        return (
            "the sensor has forgotten that it was paired",
            "Remove the sensor in System Settings > Bluetooth, then try again: the Mac pairs with it anew.",
        )
    if isinstance(error, EOFError | OSError):
        return f"the Bluetooth service broke off ({error})", "Wait some seconds, then try again."
    return f"the link failed ({error})", near
