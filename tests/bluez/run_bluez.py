"""Runs the program's own Bluetooth client on real BlueZ, in a virtual machine without a radio.

Run with `make test-bluez`; arguments are names of scenarios, none for all. The machine is Debian with its own
kernel and bluetoothd, under plain emulation; the adapter is a virtual one that hears the virtual sensors.
"""

import json
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, TypeAlias

from bluez_image import KEPT_IN, PYTHON_OF, build_image, is_built, what_lacks, write_project_image
from guest_scenarios import SCENARIOS

MACHINE_LIMIT_S = 600.0
"""All scenarios take two to three minutes; a machine that hangs must not hold up a build for long."""

CONSOLE_LINES = 40
"""Of the console, where something went wrong."""

Outcome: TypeAlias = dict[str, Any]
"""What the machine tells of one scenario; see guest_scenarios.outcome."""


def main(names: Sequence[str]) -> int:
    """Build what is missing, run the machine, print what each scenario showed; the exit code."""
    known = [scenario.name for scenario in SCENARIOS]
    suite = os.environ.get("SUITE") or ("bookworm" if sys.version_info < (3, 12) else "trixie")
    if suite not in PYTHON_OF or not set(names) <= set(known):
        say(f"Known suites: {', '.join(PYTHON_OF)}; known scenarios: {', '.join(known)}.")
        return 2
    folder = KEPT_IN / suite
    lacks = what_lacks(to_build=not is_built(folder))
    if lacks:
        say(lacks)
        return 2
    if not is_built(folder):
        build_image(suite, folder)
    with tempfile.TemporaryDirectory() as scratch:
        machine = machine_command(folder, write_project_image(Path(scratch)), names)
        outcomes = list(shown(outcomes_of(run_machine(machine, MACHINE_LIMIT_S))))
    wrong = verdict(outcomes, names or known)
    if wrong:
        console = (folder / "console.log").read_text(errors="replace").splitlines()
        say("\n".join(["", "The end of the console:", *console[-CONSOLE_LINES:], "", wrong]))
    return 1 if wrong else 0


def machine_command(folder: Path, project: Path, names: Sequence[str]) -> list[str]:
    """The command that runs the machine: results on its standard output, the console in a file."""
    # no word of it may be one that the initial RAM disk knows, like "ro"
    init = "sh /opt/project/tests/bluez/guest_init.sh"
    first = f"mount --read-only /dev/vdb /opt/project; exec {init} {' '.join(names)}"
    kernel = f'root=/dev/vda rw quiet console=ttyS0 init=/bin/sh -- -c "{first}"'
    return [
        "qemu-system-x86_64",
        *("-accel", "tcg,thread=multi", "-cpu", "max", "-smp", "2", "-m", "1500"),
        *("-kernel", str(folder / "vmlinuz"), "-initrd", str(folder / "initrd.img"), "-append", kernel),
        *("-drive", f"file={folder / 'image'},format=raw,if=virtio,snapshot=on"),
        *("-drive", f"file={project},format=raw,if=virtio,readonly=on"),
        *("-serial", f"file:{folder / 'console.log'}", "-serial", "stdio"),
        *("-display", "none", "-monitor", "none", "-net", "none", "-no-reboot"),
    ]


def run_machine(command: Sequence[str], limit_s: float) -> Iterator[str]:
    """The lines that a program prints, as they come, until it ends or its time is over."""
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True) as process:
        limit = threading.Timer(limit_s, process.kill)
        limit.start()
        try:
            yield from process.stdout or ()
        finally:
            limit.cancel()
            process.kill()


def outcomes_of(lines: Iterable[str]) -> Iterator[Outcome]:
    """The outcomes among what the machine prints; what is none is left out, as is a line cut short."""
    for line in lines:
        try:
            outcome = json.loads(line)
        except json.JSONDecodeError:
            continue
        if isinstance(outcome, dict) and {"scenario", "ok", "wrong"} <= outcome.keys():
            yield outcome


def shown(outcomes: Iterable[Outcome]) -> Iterator[Outcome]:
    """The same outcomes, printed as they pass."""
    for outcome in outcomes:
        print(json.dumps(outcome), flush=True)  # noqa: T201
        yield outcome


def verdict(outcomes: Sequence[Outcome], expected: Collection[str]) -> str:
    """What went wrong, one line each; empty where every expected scenario was ok."""
    wrong = [f"{one['scenario']}: {'; '.join(one['wrong'])}" for one in outcomes if not one["ok"]]
    told = {one["scenario"] for one in outcomes}
    missing = [name for name in expected if name not in told]
    if missing:
        wrong.append(f"the machine ended before it told of: {', '.join(missing)}")
    return "\n".join(wrong)


def say(text: str) -> None:
    """Tell the person."""
    print(text, file=sys.stderr)  # noqa: T201


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
