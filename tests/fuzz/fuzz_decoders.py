"""Search by coverage for bytes that a decoder fails on. By hand, after `pip install atheris` (Linux).

    python tests/fuzz/fuzz_decoders.py polar -max_total_time=60

The first argument names a target of fuzz_targets.py, the rest goes to libFuzzer. What raises is written as
hexadecimal digits to standard error; as a line of tests/fuzz/corpus/<target>.txt it is a test from then on.
"""

import sys
import tempfile
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np


def fuzz(name: str, arguments: list[str]) -> None:
    """Run libFuzzer on one target; it ends the process."""
    # not in the lock: there are no packages of it for Windows, macOS and ARM
    atheris: Any = import_module("atheris")
    with atheris.instrument_imports(include=["firmware_protocol"]):
        targets: Any = import_module("fuzz_targets")
    folder = Path(tempfile.mkdtemp(prefix=f"fuzz-{name}-"))
    for number, data in enumerate(targets.inputs(name)):
        (folder / f"{number:04}").write_bytes(data)

    def one_input(data: bytes) -> None:
        try:
            with np.errstate(over="raise", invalid="raise", divide="raise"):
                targets.run(name, data)
        except BaseException:
            sys.stderr.write(f"\n{name}: {data.hex()}\n")
            raise

    atheris.Setup(
        [sys.argv[0], str(folder), "-max_len=1024", f"-artifact_prefix={folder}/", *arguments], one_input
    )
    atheris.Fuzz()


if __name__ == "__main__":
    fuzz(sys.argv[1], sys.argv[2:])
