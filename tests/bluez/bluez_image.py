"""The disk images of the virtual machine: Debian with the packages, kept; the project, made anew."""

import hashlib
import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
PROJECT = HERE.parents[1]
KEPT_IN = PROJECT / ".cache" / "bluez"

PYTHON_OF = {"bookworm": "3.11", "trixie": "3.13"}
"""Python of each suite of Debian that can be tried: with BlueZ 5.66 and 5.82."""

_PARTS = ("tracker", "firmware_protocol", "config", "tests/bluez", "tests/sensing")
_BUILT_FROM = (HERE / "build_image.sh", PROJECT / "requirements" / "all.txt")
_RUN_TOOLS = {"qemu-system-x86_64": "qemu-system-x86", "mke2fs": "e2fsprogs"}
_BUILD_TOOLS = {"debootstrap": "debootstrap"}
"""Programs, and Debian's package that has each."""

_PATH = f"{os.environ.get('PATH', os.defpath)}:/usr/sbin:/sbin"
"""Some of them are where only root looks."""


def is_built(folder: Path) -> bool:
    """Whether the image in a folder is of the present script and packages."""
    stamp = folder / "built_from"
    return stamp.is_file() and stamp.read_text() == _fingerprint()


def what_lacks(*, to_build: bool) -> str:
    """What keeps this computer from running the machine, and what to do; empty where nothing does."""
    if sys.platform != "linux" or platform.machine() != "x86_64":
        here = f"{platform.system()} on {platform.machine()}"
        return f"The virtual machine needs Linux on x86_64; this is {here}."
    needed = _RUN_TOOLS | (_BUILD_TOOLS if to_build else {})
    packages = [package for tool, package in needed.items() if shutil.which(tool, path=_PATH) is None]
    if packages:
        return f"Tools are missing. Install them: apt install --no-install-recommends {' '.join(packages)}"
    if to_build and os.geteuid() != 0:
        return "Building the machine's disk needs root, once: sudo make test-bluez"
    return ""


def build_image(suite: str, folder: Path) -> None:
    """Build the image of Debian with the packages.

    Raises:
        CalledProcessError: a step failed; it has said why.
    """
    (folder / "built_from").unlink(missing_ok=True)
    subprocess.run(["sh", str(HERE / "build_image.sh"), suite, PYTHON_OF[suite], str(folder)], check=True)
    (folder / "built_from").write_text(_fingerprint())


def write_project_image(scratch: Path) -> Path:
    """Write what the machine needs of the project as a disk image.

    Args:
        scratch: an empty folder.
    """
    staged, image = scratch / "project", scratch / "project.image"
    for part in _PARTS:
        shutil.copytree(PROJECT / part, staged / part, ignore=shutil.ignore_patterns("__pycache__"))
    # compiling within the emulated machine takes long; another Python there does it all the same
    compiling = [sys.executable, "-m", "compileall", "-q", "--invalidation-mode", "unchecked-hash"]
    subprocess.run([*compiling, str(staged)], check=True)
    writing = ["mke2fs", "-q", "-t", "ext4", "-m", "0", "-d", str(staged), str(image), "64M"]
    subprocess.run(writing, check=True, stdout=subprocess.DEVNULL, env=os.environ | {"PATH": _PATH})
    return image


def _fingerprint() -> str:
    digest = hashlib.sha256()
    for file in _BUILT_FROM:
        digest.update(file.read_bytes())
    return digest.hexdigest()
