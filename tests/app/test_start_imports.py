"""What the program loads before its first page: the rest of it comes when it is needed."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import tracker.app.pages.index

STARTED = """
import sys
import tracker.app.server
import tracker.app.pages.today
print(*sorted(sys.modules))
"""

LATER = (
    "tracker.session.analyser",
    "tracker.session.live",
    "tracker.sensing.gatt",
    "tracker.app.pages.session.page",
    "tracker.app.pages.review.session",
    "tracker.app.pages.trend.page",
    "tracker.app.api.routes",
    "tracker.report.week_pdf",
    "bleak",
    "scipy",
    "vqf",
)
"""Radio, analysis, the other pages and the API; each takes a part of the seconds that a person waits."""


@pytest.fixture(scope="module")
def loaded() -> set[str]:
    """The modules of a program that shows its first page."""
    done = subprocess.run([sys.executable, "-c", STARTED], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


@pytest.mark.parametrize("module", LATER)
def test_the_first_page_does_not_wait_for_what_it_does_not_need(module: str, loaded: set[str]) -> None:
    assert "tracker.app.operations.today" in loaded
    assert module not in loaded


def modules_of_pages() -> list[str]:
    """The modules that the list of pages names."""
    source = Path(tracker.app.pages.index.__file__).read_text(encoding="utf-8")
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    named = [one.args[0] for one in calls if isinstance(one.func, ast.Name) and one.func.id == "_built_by"]
    return [str(one.value) for one in named if isinstance(one, ast.Constant)]


def test_each_page_that_is_listed_has_what_builds_it() -> None:
    names = modules_of_pages()
    assert len(names) == len(set(names)) == len(tracker.app.pages.index.PAGES)
    code = "\n".join(
        f"from tracker.app.pages.{name} import build as build_{n}" for n, name in enumerate(names)
    )
    subprocess.run([sys.executable, "-c", code], check=True)
