"""Bluetooth: the service, its adapters, who else uses them, and whether sensors can be heard."""

import asyncio
import shutil
import subprocess
import sys
from collections.abc import Sequence

from tracker.doctor.findings import Finding, noted, ok, wrong
from tracker.errors import BluetoothError
from tracker.sensing.adapters import Adapter, bluez_adapters
from tracker.sensing.radio import Radio
from tracker.sensing.scanner import NO_SENSOR_ADVICE, scan

_OLDEST_BLUEZ = (5, 55)
"""Older ones lack what bleak asks of them."""

_NO_ADAPTER = BluetoothError(
    "this computer has no Bluetooth adapter",
    advice="Plug in a Bluetooth LE adapter; `tracker demo` works without one.",
)
_SWITCHED_OFF = BluetoothError("Bluetooth is switched off", advice="Switch it on: `bluetoothctl power on`.")


async def bluetooth(seconds: float, radio: Radio) -> list[Finding]:
    """Findings of Bluetooth; what cannot be looked at for want of another is left out."""
    found = await _bluez() if sys.platform == "linux" and radio == Radio() else []
    if any(one.exit_code for one in found):
        return found
    try:
        heard = await scan(seconds, radio=radio)
    except BluetoothError as error:
        return [*found, wrong("sensors", error)]
    if not heard:
        return [*found, noted("sensors", f"none heard in {seconds:g} s", NO_SENSOR_ADVICE)]
    names = ", ".join(sensor.name or sensor.address for sensor in heard)
    return [*found, ok("sensors", f"{len(heard)} heard: {names}")]


async def _bluez() -> list[Finding]:
    service = of_version(await asyncio.to_thread(_bluez_version))
    try:
        adapters = await bluez_adapters()
    except BluetoothError as error:
        return [wrong("Bluetooth", error)]
    return [service, *of_adapters(adapters)]


def of_version(version: str | None) -> Finding:
    """Whether the Bluetooth service is recent enough."""
    if version is None:
        return ok("Bluetooth", "BlueZ runs; its version is not known")
    numbers = tuple(int(part) for part in version.split(".") if part.isdigit())
    if numbers < _OLDEST_BLUEZ:
        return noted("Bluetooth", f"BlueZ {version}", "Update it: 5.55 or later is needed.")
    return ok("Bluetooth", f"BlueZ {version}")


def of_adapters(adapters: Sequence[Adapter]) -> list[Finding]:
    """Whether there is one that is switched on, and what else uses it."""
    if not adapters:
        return [wrong("adapter", _NO_ADAPTER)]
    on = [one for one in adapters if one.powered]
    if not on:
        return [wrong("adapter", _SWITCHED_OFF)]
    found = [ok("adapter", f"{', '.join(one.name for one in on)}: switched on")]
    for one in on:
        if one.discovering:
            advice = "Close other programs that search for Bluetooth devices: they slow down sensors."
            found.append(noted("other programs", f"one is searching on {one.name}", advice))
        if one.connected:
            names = ", ".join(one.connected)
            advice = "A sensor that is connected cannot be found; disconnect what is not needed."
            found.append(noted("other programs", f"connected through {one.name}: {names}", advice))
    return found


def _bluez_version() -> str | None:
    """The version that BlueZ's own tool tells; None where it is not installed."""
    tool = shutil.which("bluetoothctl")
    if tool is None:
        return None
    try:
        done = subprocess.run([tool, "--version"], capture_output=True, text=True, timeout=5.0, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    words = done.stdout.split()
    return words[-1] if words else None
