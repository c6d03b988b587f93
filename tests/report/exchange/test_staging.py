"""An export appears whole at its name or not at all, for its owner alone, and takes nothing else away."""

import os
import stat
from pathlib import Path

import pytest

from tracker.errors import StorageError
from tracker.report.exchange.staging import MARKER, staged


def export_folder(out: Path, *names: str, replace: bool = False, home: Path | None = None) -> None:
    with staged(out, replace=replace, home=home) as made:
        for name in names:
            (made / name).parent.mkdir(parents=True, exist_ok=True)
            (made / name).write_text(name, encoding="utf-8")


def export_file(out: Path, text: str, *, replace: bool = False, home: Path | None = None) -> None:
    with staged(out, replace=replace, home=home) as made:
        made.write_text(text, encoding="utf-8")


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_folder_appears_for_its_owner_alone(tmp_path: Path) -> None:
    out = tmp_path / "out"
    export_folder(out, "a", "b/c")
    assert mode(out) == mode(out / "b") == 0o700
    assert mode(out / "a") == mode(out / "b" / "c") == mode(out / MARKER) == 0o600
    assert names_in(tmp_path) == ["out"]


def test_a_file_appears_for_its_owner_alone(tmp_path: Path) -> None:
    export_file(tmp_path / "out.zip", "x")
    assert mode(tmp_path / "out.zip") == 0o600
    assert names_in(tmp_path) == ["out.zip"]


@pytest.mark.parametrize(
    "error", [KeyboardInterrupt(), SystemExit(143), ValueError("no"), OSError(28, "full")]
)
def test_what_fails_leaves_nothing(tmp_path: Path, error: BaseException) -> None:
    def fail() -> None:
        with staged(tmp_path / "out") as made:
            made.mkdir()
            (made / "half").write_text("half", encoding="utf-8")
            # Nobody finds half an export under its name.
            assert not (tmp_path / "out").exists()
            raise error

    with pytest.raises(StorageError if isinstance(error, OSError) else type(error)):
        fail()
    assert names_in(tmp_path) == []


@pytest.mark.parametrize("kind", ["file", "folder", "link to nothing"])
def test_what_exists_is_refused_and_left(tmp_path: Path, kind: str) -> None:
    out = tmp_path / "out"
    if kind == "file":
        out.write_text("mine", encoding="utf-8")
    elif kind == "folder":
        out.mkdir()
    else:
        out.symlink_to(tmp_path / "nothing")
    before = out.lstat()
    with pytest.raises(StorageError, match="exists"):
        export_folder(out, "a")
    assert out.lstat() == before
    assert names_in(tmp_path) == ["out"]


def test_an_earlier_export_is_replaced_where_asked_for(tmp_path: Path) -> None:
    folder, file = tmp_path / "folder", tmp_path / "file"
    export_folder(folder, "a", "old/b")
    export_folder(folder, "a", "new/c", replace=True)
    export_file(file, "old")
    export_file(file, "new", replace=True)
    assert names_in(folder) == [MARKER, "a", "new"]
    assert file.read_text(encoding="utf-8") == "new"
    assert names_in(tmp_path) == ["file", "folder"]


def test_a_replacement_that_fails_leaves_the_earlier_export(tmp_path: Path) -> None:
    out = tmp_path / "out"
    export_folder(out, "a")

    def fail() -> None:
        with staged(out, replace=True) as made:
            made.mkdir()
            raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        fail()
    assert names_in(out) == [MARKER, "a"]
    assert names_in(tmp_path) == ["out"]


def test_a_file_in_the_place_of_an_earlier_folder_and_back(tmp_path: Path) -> None:
    out = tmp_path / "out"
    export_file(out, "file")
    export_folder(out, "a", replace=True)
    assert names_in(out) == [MARKER, "a"]
    assert names_in(tmp_path) == ["out"]


def test_what_killed_exports_left_goes_after_a_day_and_nothing_else(tmp_path: Path) -> None:
    out = tmp_path / "out"
    gone = tmp_path / ".out.0123abcd.part"
    stays = [tmp_path / name for name in (".out.4567abcd.part", ".other.0123abcd.part", ".out-of-mine.part")]
    for path in (gone, *stays):
        path.mkdir()
        (path / "out").write_text("half", encoding="utf-8")
        if path != stays[0]:
            os.utime(path, (0, 0))
    export_file(out, "x")
    assert names_in(tmp_path) == sorted([*(path.name for path in stays), "out"])


def test_no_folder_is_replaced_that_no_export_made(tmp_path: Path) -> None:
    own = tmp_path / "documents"
    own.mkdir()
    (own / "letter").write_text("mine", encoding="utf-8")
    with pytest.raises(StorageError, match="no export made"):
        export_folder(own, "a", replace=True)
    assert (own / "letter").read_text(encoding="utf-8") == "mine"


def test_no_folder_is_replaced_that_somebody_put_more_into(tmp_path: Path) -> None:
    out = tmp_path / "out"
    export_folder(out, "a")
    (out / "evaluation.ods").write_text("mine", encoding="utf-8")
    with pytest.raises(StorageError, match=r"evaluation\.ods"):
        export_folder(out, "a", replace=True)
    assert names_in(out) == [MARKER, "a", "evaluation.ods"]


@pytest.mark.parametrize("marker", ["", "[", "7", "[[1]]"])
def test_a_damaged_list_of_files_replaces_nothing(tmp_path: Path, marker: str) -> None:
    out = tmp_path / "out"
    export_folder(out, "a")
    (out / MARKER).write_text(marker, encoding="utf-8")
    with pytest.raises(StorageError, match="no export made"):
        export_folder(out, "a", replace=True)
    assert names_in(out) == [MARKER, "a"]


def test_nothing_in_the_programs_folder_is_ever_replaced(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (home / "tracker.db").write_text("all my sessions", encoding="utf-8")
    for out in (home / "tracker.db", home):
        with pytest.raises(StorageError, match="own folder"):
            export_file(out, "x", replace=True, home=home)
    assert (home / "tracker.db").read_text(encoding="utf-8") == "all my sessions"


def test_a_link_is_not_followed_and_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("mine", encoding="utf-8")
    (tmp_path / "out").symlink_to(tmp_path / "mine")
    with pytest.raises(StorageError, match="link"):
        export_file(tmp_path / "out", "x", replace=True)
    assert (tmp_path / "mine").read_text(encoding="utf-8") == "mine"


def test_of_two_exports_at_once_to_one_name_one_is_refused_and_one_is_whole(tmp_path: Path) -> None:
    out = tmp_path / "out"
    with staged(tmp_path / "file") as first:
        export_file(tmp_path / "file", "second")
        first.write_text("first", encoding="utf-8")
        with pytest.raises(StorageError, match="exists"), staged(out) as late:
            late.mkdir()
            export_folder(out, "a")
        assert names_in(out) == [MARKER, "a"]
        (tmp_path / "file").unlink()
    assert (tmp_path / "file").read_text(encoding="utf-8") == "first"


def test_a_folder_that_is_missing_or_not_one_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(StorageError, match="folder does not exist"):
        export_file(tmp_path / "none" / "out", "x")
    with pytest.raises(StorageError, match="not a folder"):
        export_file(tmp_path / "file" / "out", "x")
    with pytest.raises(StorageError, match="exists"):
        export_file(Path(os.sep), "x")
