"""Builds of the C encoder, each as a running program that encodes what it is told.

`C_TARGETS=cross` takes other processors instead of this one; `make test-c-cross` does that.
"""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import Self

import pytest

FOLDER = Path(__file__).parent
C_FOLDER = FOLDER.parents[1] / "firmware_protocol" / "c"
SOURCES = sorted(C_FOLDER.glob("*.c"))
STRICT = ("-std=c99", "-Wall", "-Wextra", "-Werror", "-pedantic")
PICKY = ("-Wconversion", "-Wsign-conversion", "-Wshadow", "-Wcast-qual", "-Wstrict-prototypes")


@dataclass(frozen=True, slots=True)
class Target:
    """One way to compile and to run the encoder.

    Attributes:
        name: what the reports call it.
        compilers: the first of these that is there compiles.
        flags: what it is given beyond the strict flags.
        emulator: program that runs the result; none where this computer does.
        packages: Debian's packages with what is missing.
        byte_order: that of the processor, `little` or `big`; none where it is this computer's.
    """

    name: str
    compilers: tuple[str, ...]
    flags: tuple[str, ...] = ()
    emulator: str | None = None
    packages: str = "gcc"
    byte_order: str | None = None

    def missing(self) -> str | None:
        """What this computer lacks to try the target, as a line for a person; none where nothing lacks."""
        if find(self.compilers) is None:
            return f"C encoder, {self.name}: no {' or '.join(self.compilers)} here (Debian: {self.packages})"
        if self.emulator and shutil.which(self.emulator) is None:
            return f"C encoder, {self.name}: no {self.emulator} here (Debian: qemu-user)"
        if any(flag.startswith("-fsanitize") for flag in self.flags) and not _links(self.flags):
            return f"C encoder, {self.name}: the compiler has no sanitiser"
        return None

    def build(self, folder: Path) -> list[str]:
        """Command that runs the encoder as compiled into the folder; AssertionError where that fails."""
        program = folder / f"encoder-{self.name}"
        driver = FOLDER / "c_driver.c"
        compile_c([*self.flags, "-I", C_FOLDER, *SOURCES, driver, "-o", program], self.compilers)
        return [self.emulator, str(program)] if self.emulator else [str(program)]


_HOST = tuple(filter(None, (os.environ.get("CC"), "cc", "gcc", "clang")))
NATIVE_TARGETS = (
    Target("plain", _HOST, ("-O0", *PICKY)),
    Target("optimised", _HOST, ("-O2",)),
    Target("sanitised", _HOST, ("-g", "-fsanitize=address,undefined", "-fno-sanitize-recover=all")),
)
CROSS_TARGETS = (
    Target(
        "powerpc",
        ("powerpc-linux-gnu-gcc",),
        ("-O2", "-static"),
        "qemu-ppc",
        "gcc-powerpc-linux-gnu libc6-dev-powerpc-cross",
        "big",
    ),
    Target(
        "arm",
        ("arm-linux-gnueabihf-gcc",),
        ("-Os", "-mthumb", "-static"),
        "qemu-arm",
        "gcc-arm-linux-gnueabihf libc6-dev-armhf-cross",
        "little",
    ),
)


def find(programs: Sequence[str]) -> str | None:
    """The first of the programs that is there."""
    return next((path for path in map(shutil.which, programs) if path), None)


def compile_c(arguments: Sequence[str | Path], compilers: Sequence[str] = _HOST) -> None:
    """Compiles with the strict flags; AssertionError with the compiler's words where it does not."""
    done = try_compile(arguments, compilers)
    assert done.returncode == 0, done.stderr


def try_compile(
    arguments: Sequence[str | Path], compilers: Sequence[str] = _HOST
) -> subprocess.CompletedProcess[str]:
    """Result of compiling with the strict flags."""
    compiler = find(compilers)
    assert compiler is not None
    return subprocess.run(
        [compiler, *STRICT, *map(str, arguments)], capture_output=True, text=True, check=False
    )


@cache
def _links(flags: tuple[str, ...]) -> bool:
    """True where an empty program can be made with the flags."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, "nothing.c")
        source.write_text("int main(void) { return 0; }\n", encoding="utf-8")
        return try_compile([*flags, source, "-o", Path(folder, "nothing")]).returncode == 0


TARGETS = CROSS_TARGETS if os.environ.get("C_TARGETS") == "cross" else NATIVE_TARGETS
AVAILABLE = [target for target in TARGETS if target.missing() is None]


def need_a_target() -> None:
    """Skips the module that calls it where no target can be tried, and says what lacks."""
    if not AVAILABLE:
        reasons = "; ".join(str(target.missing()) for target in TARGETS)
        pytest.skip(reasons, allow_module_level=True)


class Encoder:
    """A running encoder."""

    def __init__(self, command: Sequence[str]) -> None:
        # Looking for leaks needs rights that a container may not give, and the encoder has no memory to lose.
        environment = os.environ | {"ASAN_OPTIONS": "detect_leaks=0"}
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.communicate()

    def ask(self, word: str, *numbers: int) -> str:
        """The line that the driver answers; AssertionError where it has died, its words being on stderr."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(" ".join([word, *map(str, numbers)]) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        assert line, f"the encoder died of: {word} {numbers}"
        return line.rstrip("\n")
