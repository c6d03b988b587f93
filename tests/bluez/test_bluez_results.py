"""The accounts and verdicts of `make test-bluez`; the machine itself is not run here."""

import json
import os
import platform
import shutil
import sys

import bluez_image
import pytest
from received import Received, received
from run_bluez import outcomes_of, run_machine, verdict
from virtual_bench import ONE_TO_ONE, PatternFeed

from firmware_protocol import ImuBlock, decode_frame, encode_frame

BASE = 61_234
"""Where in the pattern a session begins; beyond one turn of its first axis."""


def block(first_index: int, samples: int = 19, sensor: int = 1) -> ImuBlock:
    """A frame of the session that begins at `BASE`."""
    counts = PatternFeed(sensor).counts(BASE + first_index, samples)
    frame = encode_frame(
        counts, first_sample_index=first_index, first_tick=0, interval_ticks=10_000, sequence=0
    )
    return decode_frame(frame, ONE_TO_ONE)


def test_whole_session() -> None:
    assert received([block(0), block(19), block(38)], 1) == Received(3, 57, 0, 0, 0, 0)


def test_gaps_and_what_came_twice() -> None:
    blocks = [block(0), block(0), block(38), block(95), block(76)]
    assert received(blocks, 1) == Received(5, 76, 38, 2, 19, 0)


def test_a_session_whose_beginning_is_missing() -> None:
    assert received([block(19)], 1) == Received(1, 19, 19, 1, 0, 0)


def test_samples_of_another_place_or_sensor_are_altered() -> None:
    other = block(19, sensor=0)
    assert received([block(0), other], 1).altered == 19
    assert received([], 1).altered == 0


def test_verdict_names_what_is_wrong_and_what_is_missing() -> None:
    outcomes = [
        {"scenario": "scan", "ok": True, "wrong": []},
        {"scenario": "stream", "ok": False, "wrong": ["one", "two"]},
    ]
    assert verdict(outcomes, ["scan", "stream"]) == "stream: one; two"
    assert verdict(outcomes[:1], ["scan", "stream"]) == "the machine ended before it told of: stream"
    assert verdict(outcomes[:1], ["scan"]) == ""


def test_only_outcomes_are_taken_from_what_the_machine_prints() -> None:
    outcome = {"scenario": "scan", "ok": True, "wrong": [], "both_found_s": 0.1}
    assert list(outcomes_of([json.dumps(outcome), "[ 1.0] a word of the kernel", "{", "7"])) == [outcome]


@pytest.fixture
def linux(monkeypatch: pytest.MonkeyPatch) -> None:
    """A computer that can run the machine, with no tools installed, and no rights."""
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(platform, "machine", lambda: "x86_64")
    monkeypatch.setattr(os, "geteuid", lambda: 1000, raising=False)
    monkeypatch.setattr(bluez_image, "_PATH", "")


@pytest.mark.usefixtures("linux")
def test_missing_tools_are_named_with_their_packages() -> None:
    install = "apt install --no-install-recommends qemu-system-x86 e2fsprogs"
    assert bluez_image.what_lacks(to_build=False).endswith(install)
    assert bluez_image.what_lacks(to_build=True).endswith(f"{install} debootstrap")


@pytest.mark.usefixtures("linux")
def test_only_building_needs_root(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda tool, **_: f"/usr/bin/{tool}")
    assert bluez_image.what_lacks(to_build=False) == ""
    assert "sudo make test-bluez" in bluez_image.what_lacks(to_build=True)


@pytest.mark.usefixtures("linux")
def test_another_processor_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platform, "machine", lambda: "aarch64")
    assert "needs Linux on x86_64" in bluez_image.what_lacks(to_build=False)


def test_a_machine_that_hangs_is_ended() -> None:
    hanging = "import threading; print('one', flush=True); threading.Event().wait()"
    assert list(run_machine([sys.executable, "-c", hanging], limit_s=1.0)) == ["one\n"]
