"""What the encoder in C is made of: constants from the Python code, and nothing that a sensor lacks."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from c_targets import C_FOLDER, SOURCES, compile_c, find, try_compile
from test_protocol_document import TEXT
from write_c_constants import CONSTANTS_FILE

import firmware_protocol as protocol
from firmware_protocol.c_constants import constants_header

HOST = find(("cc", "gcc", "clang"))
CORTEX_M4 = ("arm-none-eabi-gcc",)
M4_FLAGS = ("-mcpu=cortex-m4", "-mthumb", "-ffreestanding")
FILES = sorted(C_FOLDER.glob("*.[ch]"))
needs_compiler = pytest.mark.skipif(HOST is None, reason="C encoder: no C compiler here (Debian: gcc)")
needs_cortex_m4 = pytest.mark.skipif(
    find(CORTEX_M4) is None, reason="C encoder: no arm-none-eabi-gcc here (Debian: gcc-arm-none-eabi)"
)


def code_of(path: Path) -> str:
    """The file without its comments."""
    return re.sub(r"/\*.*?\*/", " ", path.read_text(encoding="utf-8"), flags=re.DOTALL)


def undefined_symbols(objects: list[Path], nm: str) -> set[str]:
    """What the objects need from elsewhere, and not from each other."""
    listing = subprocess.run(
        [nm, "-g", *map(str, objects)], capture_output=True, text=True, check=True
    ).stdout
    words = [line.split() for line in listing.splitlines()]
    defined = {line[-1] for line in words if len(line) == 3}
    return {line[-1] for line in words if len(line) == 2 and line[0] == "U"} - defined


def objects_of(folder: Path, flags: tuple[str, ...], compilers: tuple[str, ...]) -> list[Path]:
    """Each source compiled on its own."""
    objects = [folder / f"{source.stem}.o" for source in SOURCES]
    for source, made in zip(SOURCES, objects, strict=True):
        compile_c([*flags, "-c", source, "-o", made], compilers)
    return objects


def test_the_constants_are_those_of_the_python_code() -> None:
    written = CONSTANTS_FILE.read_text(encoding="utf-8")
    assert written == constants_header(), "run `make c-constants`"


def test_every_code_has_its_constant_once() -> None:
    names = re.findall(r"#define (\w+)", constants_header())
    assert len(names) == len(set(names))
    for kind, prefix in (
        (protocol.Opcode, "OPCODE"),
        (protocol.Status, "STATUS"),
        (protocol.Feature, "FEATURE"),
    ):
        assert {f"HIP_IMU_{prefix}_{member.name}" for member in kind} <= set(names)


def test_uuid_bytes_are_those_that_an_advertisement_carries() -> None:
    """The last group of the text comes first, each of its bytes from the right."""
    (found,) = re.findall(r"HIP_IMU_SERVICE_UUID_BYTES \\\n\s*\{([^}]*)\}", constants_header())
    data = bytes(int(byte, 16) for byte in re.findall(r"0x\w\w", found))
    assert data[::-1].hex() == protocol.SERVICE_UUID.replace("-", "")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_no_memory_no_floating_point_no_library(path: Path) -> None:
    code = code_of(path)
    assert not re.findall(r"\b(float|double|malloc|calloc|realloc|free|alloca|printf)\b", code)
    assert set(re.findall(r"#include <(.*)>", code)) <= {"stddef.h", "stdint.h"}
    assert max(map(len, path.read_text(encoding="utf-8").splitlines())) <= 110


@needs_compiler
@pytest.mark.skipif(shutil.which("nm") is None, reason="C encoder: no nm here (Debian: binutils)")
@pytest.mark.parametrize("level", ["-O0", "-Os", "-O3"])
def test_nothing_is_needed_from_elsewhere(tmp_path: Path, level: str) -> None:
    # A compiler may call the first three for a loop; the table is how some processors find their own data.
    allowed = {"memcpy", "memset", "memmove", "_GLOBAL_OFFSET_TABLE_"}
    objects = objects_of(tmp_path, (level, "-ffreestanding", "-fno-stack-protector"), ("cc", "gcc", "clang"))
    # Some systems put one underscore before every name.
    assert undefined_symbols(objects, "nm") <= allowed | {f"_{name}" for name in allowed}


@needs_compiler
def test_no_floating_point_register_is_used(tmp_path: Path) -> None:
    whole, real = tmp_path / "whole.c", tmp_path / "real.c"
    whole.write_text("int twice(int a);\nint twice(int a) { return 2 * a; }\n", encoding="utf-8")
    real.write_text("double twice(double a);\ndouble twice(double a) { return 2 * a; }\n", encoding="utf-8")
    flags: list[str | Path] = ["-O2", "-mgeneral-regs-only", "-c", "-o", tmp_path / "out.o"]
    if try_compile([*flags, whole]).returncode or not try_compile([*flags, real]).returncode:
        pytest.skip("C encoder: this compiler cannot do without floating point registers")
    objects_of(tmp_path, ("-O2", "-mgeneral-regs-only"), ("cc", "gcc", "clang"))


@needs_compiler
@pytest.mark.skipif(shutil.which("c++") is None, reason="C encoder: no C++ compiler here (Debian: g++)")
def test_the_header_suits_c_plus_plus(tmp_path: Path) -> None:
    source = tmp_path / "includes.cpp"
    source.write_text('#include "hip_imu.h"\n', encoding="utf-8")
    flags = ["-std=c++11", "-Wall", "-Wextra", "-Werror", "-pedantic", "-fsyntax-only", "-I", str(C_FOLDER)]
    done = subprocess.run(["c++", *flags, str(source)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@needs_cortex_m4
def test_nothing_is_needed_from_elsewhere_on_a_cortex_m4(tmp_path: Path) -> None:
    objects = objects_of(tmp_path, (*M4_FLAGS, "-Os", "-mfloat-abi=soft"), CORTEX_M4)
    # Arithmetic in floating point would call the helpers of the compiler's library.
    assert not undefined_symbols(objects, "arm-none-eabi-nm") - {"memcpy", "memset", "memmove"}


@needs_cortex_m4
def test_the_size_on_a_cortex_m4_is_the_one_stated(tmp_path: Path) -> None:
    (stated_version,) = re.findall(r"arm-none-eabi-gcc ([\d.]+)", TEXT)
    asked = subprocess.run([CORTEX_M4[0], "-dumpfullversion"], capture_output=True, text=True, check=True)
    if asked.stdout.strip() != stated_version:
        pytest.skip(f"C encoder: the size is stated for arm-none-eabi-gcc {stated_version}")
    objects = objects_of(tmp_path, ("-mcpu=cortex-m4", "-mthumb", "-Os"), CORTEX_M4)
    listing = subprocess.run(
        ["arm-none-eabi-size", *map(str, objects)], capture_output=True, text=True, check=True
    ).stdout
    measured = {Path(row.split()[-1]).name: row.split()[:3] for row in listing.splitlines()[1:]}
    stated = re.findall(r"\| `(hip_imu\w*\.o)` \| (\d+) \| (\d+) \| (\d+) \|", TEXT)
    assert {name: sizes for name, *sizes in stated} == measured
