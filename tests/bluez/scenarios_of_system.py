"""Scenarios of the Bluetooth service, its adapter and other processes."""

import asyncio
import json
import os
import signal
import sys
import time
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from scenario import Figures, Scenario
from scenarios_of_links import stream
from sensor_commands import ADDRESSES, SENSORS, new_sensors
from virtual_bench import LEFT, RIGHT, Collector, frames

from tracker.sensing.bluetooth_source import BluetoothSource
from tracker.sensing.radio import Radio
from tracker.sensing.scanner import find, scan
from tracker.store.database import open_database
from tracker.store.persons import person_meant
from tracker.store.sessions import list_sessions

SCAN_S = 5.0
_LOOK_AGAIN_S = 0.2
_SOME_SECONDS_BYTES = 20_000
"""Of a recording of two sensors: some 5 kB a second."""
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


async def session(figures: Figures) -> list[str]:
    """A person's commands: pair, answer the safety questions, record a session, which is kept."""
    await new_sensors()
    with TemporaryDirectory() as folder:
        home = Path(folder)
        left, right = (SENSORS[placement].name for placement in (LEFT, RIGHT))
        await _tracker(home, "pair", "--left-thigh", left, "--right-thigh", right)
        await _tracker(home, "safety", "--none")
        recorded = await _recorded_until_stopped(home)
        with open_database(home / "tracker.db") as database, database.read() as connection:
            listed = list_sessions(connection, person_meant(connection, None, time_zone="UTC").person_id)
    sensors = recorded["recording"]["sensors"]
    figures["samples"] = {one["placement"]: one["samples"] for one in sensors}
    kept = [(one.state.value, one.simulated) for one in listed]
    wrong = [] if kept == [("complete", False)] else [f"sessions are {kept}"]
    return wrong + [f"no samples of the {one['placement']}" for one in sensors if not one["samples"]]


async def _tracker(home: Path, *arguments: str) -> None:
    """Run a command to its end; RuntimeError with what it said where it fails."""
    process = await _begun(home, *arguments)
    _, err = await process.communicate()
    if process.returncode != 0:
        raise RuntimeError(f"tracker {arguments[0]} ended with {process.returncode}: {err.decode()}")


async def _recorded_until_stopped(home: Path) -> dict[str, Any]:
    """What `tracker record` prints that is stopped, as by Ctrl-C, once a few seconds are on the disk."""
    process = await _begun(home, "record", "--json", "--no-rest-test", "--no-knee-lift")
    while process.returncode is None and not _holds_data(home / "recordings"):
        with suppress(TimeoutError):
            await asyncio.wait_for(process.wait(), _LOOK_AGAIN_S)
    if process.returncode is None:
        process.send_signal(signal.SIGINT)
    out, err = await process.communicate()
    if process.returncode != 0:
        raise RuntimeError(f"tracker record ended with {process.returncode}: {err.decode()}")
    document: dict[str, Any] = json.loads(out)
    return document


def _holds_data(folder: Path) -> bool:
    return any(one.stat().st_size > _SOME_SECONDS_BYTES for one in folder.glob("*.mcap"))


async def _begun(home: Path, *arguments: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tracker", *arguments),
        env={**os.environ, "TRACKER_HOME": str(home)},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )


SYSTEM: tuple[Scenario, ...] = (
    Scenario("doctor", doctor),
    Scenario("scan", hear),
    Scenario("session", session),
    Scenario("killed", killed),
    Scenario("service_alive", service_alive),
)

if __name__ == "__main__":
    asyncio.run(_stream_until_killed())
