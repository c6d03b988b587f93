"""Search by coverage for bytes that a decoder fails on. By hand, after `pip install atheris` (Linux).

    python tests/fuzz/fuzz_decoders.py polar -max_total_time=60

The first argument names a target of fuzz_targets.py, the rest goes to libFuzzer. What raises is written as
hexadecimal digits to standard error; as a line of tests/fuzz/corpus/<target>.txt it is a test from then on.
With `--keep 200` at the end, inputs of at most 200 bytes that reached something new are added to that file.
"""

import sys
import tempfile
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

MOST_KEPT = 40
"""Lines added to a file at once: what is read again in every run of the tests must stay small."""


def fuzz(name: str, arguments: list[str], keep_bytes: int) -> None:
    """Run libFuzzer on one target; it ends the process."""
    atheris: Any = import_module("atheris")
    with atheris.instrument_imports(include=["firmware_protocol"]):
        targets: Any = import_module("fuzz_targets")
    folder = Path(tempfile.mkdtemp(prefix=f"fuzz-{name}-"))
    begun = targets.inputs(name)
    for number, data in enumerate(begun):
        (folder / f"{number:04}").write_bytes(data)

    def one_input(data: bytes) -> None:
        # not in libFuzzer's own hands: it ends the process without leaving anything but a file of its own
        try:
            with np.errstate(over="raise", invalid="raise", divide="raise"):
                targets.run(name, data)
        except BaseException:
            sys.stderr.write(f"\n{name}: {data.hex()}\n")
            raise
        if keep_bytes and len(list(folder.iterdir())) > len(begun):
            keep(folder, targets.CORPUS / f"{name}.txt", begun, keep_bytes)

    atheris.Setup([sys.argv[0], str(folder), "-max_len=1024", *arguments], one_input)
    atheris.Fuzz()


def keep(folder: Path, file: Path, begun: list[bytes], longest: int) -> None:
    """Add to a file of lines what libFuzzer put into its folder."""
    found = [path.read_bytes() for path in sorted(folder.iterdir())[len(begun) :]]
    lines = sorted({data.hex() for data in found if 0 < len(data) <= longest} - {one.hex() for one in begun})
    file.parent.mkdir(exist_ok=True)
    known = file.read_text(encoding="ascii").split() if file.exists() else []
    file.write_text("\n".join([*known, *lines[:MOST_KEPT]]) + "\n", encoding="ascii")


if __name__ == "__main__":
    given, kept = sys.argv[1:], 0
    if len(given) > 2 and given[-2] == "--keep":
        given, kept = given[:-2], int(given[-1])
    fuzz(given[0], given[1:], kept)
