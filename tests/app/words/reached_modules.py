"""Which modules of the program the page is made of: its own, and all that they import, directly or not."""

import ast
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[3]

_PAGE = "tracker.app"


def reached_modules(beside: tuple[str, ...] = ()) -> dict[str, Path]:
    """Files by the names of their modules.

    Args:
        beside: begin with these, too.
    """
    files = _files()
    waiting = [name for name in files if name == _PAGE or name.startswith(f"{_PAGE}.")]
    waiting += [name for name in beside if name in files]
    reached: dict[str, Path] = {}
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached[name] = files[name]
            waiting += [one for one in _imported(files[name]) if one in files]
    return reached


@cache
def module_nodes(file: Path) -> tuple[ast.AST, ...]:
    """All of a module's syntax; the first is the module itself."""
    return tuple(ast.walk(ast.parse(file.read_text(encoding="utf-8"))))


def _files() -> dict[str, Path]:
    files: dict[str, Path] = {}
    for file in (ROOT / "tracker").rglob("*.py"):
        parts = file.relative_to(ROOT).with_suffix("").parts
        files[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = file
    return files


def _imported(file: Path) -> set[str]:
    names: set[str] = set()
    for node in module_nodes(file):
        if isinstance(node, ast.Import):
            names |= {one.name for one in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module is not None:
            names |= {node.module, *(f"{node.module}.{one.name}" for one in node.names)}
    return names
