"""Scenarios of the Bluetooth service, its adapter and other processes."""

import asyncio
import json
import signal
import sys
import time
from pathlib import Path

from scenario import Figures, Scenario
from scenarios_of_links import stream
from sensor_commands import ADDRESSES, SENSORS, new_sensors
from virtual_bench import LEFT, Collector, frames

from tracker.sensing.bluetooth_source import BluetoothSource
from tracker.sensing.radio import Radio
from tracker.sensing.scanner import find, scan

SCAN_S = 5.0
SERVICE_ENDS = Path("/run/bluetoothd_ends")
"""A line for each end of bluetoothd; see guest_init.sh."""


async def doctor(figures: Figures) -> list[str]:
    """`tracker doctor` says that this computer can record."""
    command = (sys.executable, "-m", "tracker", "doctor", "--json", "--seconds", f"{SCAN_S:g}")
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    output, _ = await process.communicate()
    findings = {one["name"]: one for one in json.loads(output)["findings"]}
    for name in ("program", "Bluetooth", "adapter", "sensors"):
        figures[name] = findings[name]["text"] if name in findings else None
    wrong = [f"{name}: {one['text']}" for name, one in findings.items() if one["state"] == "wrong"]
    if findings.get("adapter", {}).get("state") != "ok":
        wrong.append("the adapter is not ok")
    if process.returncode != 0:
        wrong.append(f"exit code {process.returncode}")
    return wrong


async def hear(figures: Figures) -> list[str]:
    """A scan hears both sensors with their names; a search ends as soon as it has them."""
    found = await scan(SCAN_S, radio=Radio())
    figures["heard"] = {one.name: one.rssi_dbm for one in found}
    began_s = time.monotonic()
    await find(ADDRESSES.values(), SCAN_S, radio=Radio())
    figures["both_found_s"] = round(time.monotonic() - began_s, 2)
    expected = {(one.address, one.name) for one in SENSORS.values()}
    heard = {(one.address, one.name) for one in found}
    return [] if heard == expected else [f"heard {sorted(heard)}, not {sorted(expected)}"]


async def killed(figures: Figures) -> list[str]:
    """A program that is killed while it streams does not keep the next one from starting."""
    await new_sensors()
    process = await asyncio.create_subprocess_exec(
        sys.executable, __file__, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL
    )
    if process.stdout is None or not await process.stdout.readline():
        return ["the first program did not stream"]
    process.send_signal(signal.SIGKILL)
    await process.wait()
    return await stream(figures)


async def service_alive(figures: Figures) -> list[str]:
    """The Bluetooth service has not ended in all that went before."""
    ends = _service_ends()
    figures["ends"] = len(ends)
    return ends


def _service_ends() -> list[str]:
    return SERVICE_ENDS.read_text().splitlines() if SERVICE_ENDS.exists() else []


async def _stream_until_killed() -> None:
    async with BluetoothSource(ADDRESSES) as source:
        got = Collector(source)
        await got.until(frames(LEFT, 3))
        print("streaming", flush=True)  # noqa: T201
        await got.rest()


SYSTEM: tuple[Scenario, ...] = (
    Scenario("doctor", doctor),
    Scenario("scan", hear),
    Scenario("killed", killed),
    Scenario("service_alive", service_alive),
)

if __name__ == "__main__":
    asyncio.run(_stream_until_killed())
