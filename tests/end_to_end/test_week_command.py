"""`tracker week` as a person calls it: on the screen, as JSON, and as files."""

import subprocess
import sys
from pathlib import Path

import pypdfium2
import pytest
from program import tracker

pytestmark = pytest.mark.slow

_FULL_DISK = """
import resource, signal, sys
from pathlib import Path
from tracker.cli.week_files import _written
from tracker.errors import StorageError
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
try:
    _written(Path(sys.argv[1]), b"x" * 2000)
except StorageError as error:
    sys.exit(error.exit_code)
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of somebody who told of a training on Wednesday of 2026-W47, in Berlin."""
    folder = tmp_path_factory.mktemp("home")
    what = ("--exercise", "bridge", "--sets", "2", "--reps", "10")
    when = ("--started-at", "2026-11-18T18:00", "--minutes", "20")
    done = tracker(folder, "sessions", "add", *what, *when)
    assert done.exit_code == 0, done.err
    return folder


def test_the_table_fits_a_terminal_and_tells_zeros(home: Path) -> None:
    done = tracker(home, "week", "--week", "2026-W47")
    assert done.exit_code == 0
    assert done.err == ""
    for expected in (
        "Training and resting hip rotation, week 2026-W47",
        "0 sessions",
        "1 session, 20 repetitions",
        "There was no plan in this week",
        "2026-W43",
        "Not a medical device",
    ):
        assert expected in done.out, expected
    assert "2026-W42" not in done.out


def test_json_holds_the_weeks_before_with_zeros(home: Path) -> None:
    document = tracker(home, "week", "--week", "2026-W48", "--json", "--before", "2").document
    assert [(one["week"], one["sessions"], one["told_reps"]) for one in document["before"]] == [
        ("2026-W46", 0, 0),
        ("2026-W47", 1, 20),
    ]
    assert document["this"]["sessions"] == 0
    assert document["adherence"]["reps_share"] is None


def test_the_page_is_written_to_files_for_their_owner_alone(home: Path, tmp_path: Path) -> None:
    pdf, html = tmp_path / "week.pdf", tmp_path / "week.html"
    pdf.write_text("an older one")
    done = tracker(home, "week", "--week", "2026-W47", "--pdf", pdf, "--html", html)
    assert (done.exit_code, done.out) == (0, "")
    assert str(pdf) in done.err
    assert str(html) in done.err
    with pypdfium2.PdfDocument(pdf) as document:
        assert len(document) == 1
        assert "2026-W47" in document[0].get_textpage().get_text_bounded()
    assert "<script" not in html.read_text(encoding="utf-8")
    assert {path.stat().st_mode & 0o777 for path in (pdf, html)} == {0o600}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["week.html", "week.pdf"]


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (("--week", "2199-W01"), 2, "has not begun yet"),
        (("--week", "1969-W10"), 2, "too long ago"),
        (("--week", "47"), 2, "is not a week"),
        (("--person", "nobody"), 2, "nobody"),
        (("--pdf", "missing/week.pdf"), 6, "missing/week.pdf"),
        (("--html", "."), 6, "is no file"),
    ],
)
def test_what_cannot_be_is_told(home: Path, arguments: tuple[str, ...], code: int, told: str) -> None:
    tracker(home, "week", *arguments).check_error(code, told)


def test_a_full_disk_leaves_the_older_page(tmp_path: Path) -> None:
    older = tmp_path / "week.pdf"
    older.write_text("an older one")
    done = subprocess.run([sys.executable, "-c", _FULL_DISK, str(older)], check=False, capture_output=True)
    assert done.returncode == 6, done.stderr
    assert older.read_text() == "an older one"
    assert [path.name for path in tmp_path.iterdir()] == ["week.pdf"]


def test_the_screen_needs_no_printing_library() -> None:
    program = (
        "import sys, tracker.cli.week, tracker.cli.weeks, tracker.report.week_terminal, "
        "tracker.report.week_document, tracker.report.week_sections\n"
        "sys.exit(bool({'reportlab', 'scipy', 'plotext', 'pyarrow', 'alembic'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
