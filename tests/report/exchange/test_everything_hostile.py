"""Archives that are cut, altered or made to do harm are refused, and nothing is written."""

import hashlib
import json
import shutil
import stat
import struct
import warnings
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from exchange_samples import all_rows, files_below, fill_home, no_progress
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.errors import InputError, StorageError
from tracker.home import Home
from tracker.report.exchange.everything.checking import _check_room, checked_archive
from tracker.report.exchange.everything.reading import import_everything
from tracker.report.exchange.everything.writing import export_everything
from tracker.store.database import open_database
from tracker.store.schema import HEAD


@dataclass
class Forged:
    """An archive taken apart; it is put together again with hashes that fit, unless they were set."""

    entries: dict[str, bytes]
    manifest: dict[str, Any]
    modes: dict[str, int] = field(default_factory=dict)
    twice: tuple[str, ...] = ()
    unlisted: tuple[str, ...] = ()
    compression: int = zipfile.ZIP_DEFLATED

    def rows(self, table: str) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.entries[f"database/{table}.jsonl"].splitlines()]

    def set_rows(self, table: str, rows: list[dict[str, Any]]) -> None:
        self.entries[f"database/{table}.jsonl"] = b"".join(json.dumps(row).encode() + b"\n" for row in rows)
        self.manifest["tables"][table]["rows"] = len(rows)

    def change_row(self, table: str, **values: object) -> None:
        """Change the first row of a table."""
        first, *others = self.rows(table)
        self.set_rows(table, [{**first, **values}, *others])

    def write(self, path: Path) -> Path:
        told = {
            name: {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
            for name, data in self.entries.items()
            if name not in self.unlisted
        }
        manifest = {**self.manifest, "entries": {**told, **self.manifest.get("entries", {})}}
        everything = {**self.entries, "manifest.json": json.dumps(manifest).encode()}
        with warnings.catch_warnings(), zipfile.ZipFile(path, "w", self.compression) as archive:
            # Python warns of a second entry of the same name.
            warnings.simplefilter("ignore")
            for name in (*everything, *self.twice):
                info = zipfile.ZipInfo(name)
                info.compress_type = self.compression
                info.external_attr = self.modes.get(name, stat.S_IFREG | 0o600) << 16
                archive.writestr(info, everything[name])
        return path


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("original")
    home = Home(folder / "home")
    home.create()
    with open_database(home.database) as database:
        fill_home(home, database)
        export_everything(database, home, folder / "all.zip", no_progress)
    empty = Home(folder / "empty")
    empty.create()
    open_database(empty.database).close()
    return folder / "all.zip"


@pytest.fixture(autouse=True)
def _empty_home(original: Path, tmp_path: Path) -> None:
    """A home as commands leave it that were only tried: making one takes longer than a test."""
    shutil.copytree(original.parent / "empty", tmp_path / "new")


def taken_apart(original: Path) -> Forged:
    with zipfile.ZipFile(original) as archive:
        entries = {name: archive.read(name) for name in archive.namelist()}
    manifest = json.loads(entries.pop("manifest.json"))
    del manifest["entries"]
    return Forged(entries, manifest)


def check_refused(archive: Path, folder: Path, *parts: str) -> None:
    """Refused in one line, and the home has no rows and no files."""
    new = Home(folder / "new")
    with pytest.raises(InputError) as raised:
        import_everything(archive, new, no_progress)
    assert "\n" not in raised.value.message
    assert str(archive) in raised.value.message
    for part in parts:
        assert part in raised.value.message
    assert {name for name in files_below(folder) if "tracker.db" not in name} <= {archive.name}
    if new.folder.exists():
        with open_database(new.database) as database:
            assert not any(all_rows(database).values())


def test_an_archive_that_was_put_together_again_unchanged_is_taken(original: Path, tmp_path: Path) -> None:
    archive = taken_apart(original).write(tmp_path / "same.zip")
    assert import_everything(archive, Home(tmp_path / "new"), no_progress).rows > 0


@pytest.mark.parametrize(
    "name",
    [
        "../evil.mcap",
        "home/../evil.toml",
        "home/../../evil.toml",
        "home/recordings/../../evil.mcap",
        "home/recordings/../tracker.db",
        "home/recordings/..",
        "/etc/evil.toml",
        "home//etc/evil.toml",
        "home/recordings//evil.mcap",
        "C:/evil.toml",
        "home/C:evil.toml",
        "home/recordings/..\\..\\evil.mcap",
        "home/recordings/evil\x00.mcap",
        "home/recordings/evil\n.mcap",
        "home/recordings/.bashrc",
        "home/tracker.db",
        "home/tracker.db-wal",
        "home/.evil.toml",
        "home/recordings",
        "home/simulated/tracker.db",
        "elsewhere/../tracker.db",
        "evil",
        "",
    ],
)
def test_no_entry_gets_out_of_its_place(original: Path, tmp_path: Path, name: str) -> None:
    forged = taken_apart(original)
    forged.entries[name] = b"evil"
    check_refused(forged.write(tmp_path / "evil.zip"), tmp_path)


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFDIR, stat.S_IFIFO, stat.S_IFCHR])
def test_only_ordinary_files_are_taken(original: Path, tmp_path: Path, kind: int) -> None:
    forged = taken_apart(original)
    forged.entries["home/recordings/evil.mcap"] = b"/etc/passwd"
    forged.modes["home/recordings/evil.mcap"] = kind | 0o777
    check_refused(forged.write(tmp_path / "evil.zip"), tmp_path, "no ordinary file")


@pytest.mark.parametrize("name", ["home/settings.toml", "database/person.jsonl", "manifest.json"])
def test_two_entries_of_one_name_are_refused(original: Path, tmp_path: Path, name: str) -> None:
    forged = taken_apart(original)
    forged.twice = (name,)
    check_refused(forged.write(tmp_path / "evil.zip"), tmp_path, "two entries")


def test_a_bomb_is_refused_by_the_size_that_it_says(original: Path, tmp_path: Path) -> None:
    forged = taken_apart(original)
    forged.entries["home/recordings/bomb.mcap"] = b""
    huge = {"bytes": 2**60, "sha256": "0" * 64}
    forged.manifest["entries"] = {"home/recordings/bomb.mcap": huge}
    archive = forged.write(tmp_path / "bomb.zip")
    check_refused(archive, tmp_path, "bomb.mcap")
    # The same with a size in the zip's own list that agrees.
    data = archive.read_bytes()
    with zipfile.ZipFile(archive) as opened:
        at = next(one for one in opened.infolist() if one.filename.endswith("bomb.mcap"))
    listed = data.rindex(b"PK\x01\x02", 0, data.rindex(at.filename.encode()))
    size = (2**32 - 2).to_bytes(4, "little")
    data = data[: listed + 24] + size + data[listed + 28 :]
    archive.write_bytes(data.replace(str(2**60).encode(), str(2**32 - 2).encode().ljust(19)))
    check_refused(archive, tmp_path)


def test_what_has_no_room_is_refused_also_where_the_home_is_not_there_yet(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="no room"):
        _check_room(tmp_path / "not" / "there", 2**62)
    _check_room(tmp_path / "not" / "there", 1)
    assert not (tmp_path / "not").exists()


def drop_column(forged: Forged) -> None:
    forged.set_rows("band", [{k: v for k, v in row.items() if k != "colour"} for row in forged.rows("band")])


def add_column(forged: Forged) -> None:
    forged.manifest["tables"]["band"]["columns"]["evil"] = "text"


def add_table(forged: Forged) -> None:
    forged.entries["database/evil.jsonl"] = b""
    forged.manifest["tables"]["evil"] = {"rows": 0, "columns": {"id": "integer"}}


def drop_table(forged: Forged) -> None:
    del forged.entries["database/band.jsonl"]
    del forged.manifest["tables"]["band"]


def stamp_table(forged: Forged) -> None:
    forged.entries["database/alembic_version.jsonl"] = b'{"version_num": "9999"}\n'
    forged.manifest["tables"]["alembic_version"] = {"rows": 1, "columns": {"version_num": "text"}}


def fewer_rows(forged: Forged) -> None:
    forged.manifest["tables"]["repetition"]["rows"] += 1


def cut_line(forged: Forged) -> None:
    forged.entries["database/band.jsonl"] = forged.entries["database/band.jsonl"][:-1]


def deep_line(forged: Forged) -> None:
    forged.entries["database/band.jsonl"] = b"[" * 100_000 + b"\n"


def twice_the_same_key(forged: Forged) -> None:
    forged.set_rows("person", forged.rows("person") * 2)


def other_recording_elsewhere(forged: Forged) -> None:
    forged.entries["elsewhere/1.mcap"] = b"x"


ROWS: list[tuple[str, dict[str, object]]] = [
    ("session", {"id": "one"}),
    ("session", {"id": 1.5}),
    ("session", {"id": True}),
    ("session", {"id": None}),
    ("session", {"id": 2**80}),
    ("session", {"simulated": 1}),
    ("session", {"started_at": "yesterday"}),
    ("session", {"started_at": "2026-11-17T18:30:00"}),
    ("session", {"started_at": "0001-01-01T00:00:00+14:00"}),
    ("session", {"started_at": None}),
    ("session", {"person_id": 99}),
    ("session", {"state": "dancing"}),
    ("session", {"time_zone": "Mars/Olympus"}),
    ("session", {"started_at": "0001-01-01T00:00:00+00:00"}),
    ("session", {"started_at": "9999-12-31T23:59:59+00:00"}),
    ("analysis", {"parameters": "["}),
    ("analysis_sensor", {"gaps": "[[1, 2]]"}),
    ("exercise_set", {"side": "middle"}),
    ("notice", {"kind": "gossip"}),
    ("repetition", {"flags": "none"}),
    ("rest_test", {"posture": "on the head"}),
    ("session_revision", {"action": "forget"}),
    ("plan", {"starts_on": "spring"}),
    ("rule_verdict", {"change": "[" * 100_000}),
    ("screening", {"answers": "7"}),
    ("session", {"extra": 1}),
    ("person", {"time_zone": "Mars/Olympus"}),
    ("person", {"name": "\ud800"}),
    ("person", {"name": ["a", "list"]}),
    ("recording", {"session_id": 99}),
    ("recording", {"path": "../../etc/passwd"}),
    ("rest_test", {"hip_rotation_deg": "much"}),
    ("rest_test", {"hip_rotation_deg": 5}),
    ("rest_test", {"analysis_id": 99}),
    ("rest_test", {"id": 2}),
    ("sensor", {"capabilities": "no base64!"}),
    ("repetition", {"set_id": 10_000}),
    ("session_felt", {"session_id": 99}),
]


@pytest.mark.parametrize(("table", "values"), ROWS, ids=str)
def test_rows_of_wrong_values_are_refused(
    original: Path, tmp_path: Path, table: str, values: dict[str, object]
) -> None:
    forged = taken_apart(original)
    forged.change_row(table, **values)
    check_refused(forged.write(tmp_path / "evil.zip"), tmp_path)


@pytest.mark.parametrize(
    "change",
    [
        drop_column,
        add_column,
        add_table,
        drop_table,
        stamp_table,
        fewer_rows,
        cut_line,
        deep_line,
        twice_the_same_key,
        other_recording_elsewhere,
    ],
)
def test_other_tables_and_columns_are_refused(
    original: Path, tmp_path: Path, change: Callable[[Forged], None]
) -> None:
    forged = taken_apart(original)
    change(forged)
    check_refused(forged.write(tmp_path / "evil.zip"), tmp_path)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("archive", "another program's"),
        ("archive", None),
        ("archive_version", "1"),
        ("archive_version", True),
        ("schema_revision", 4),
        ("tables", []),
        ("tables", {"person": {"rows": -1, "columns": {}}}),
        ("tables", {"person": {"rows": 0, "columns": {"id": "evil"}}}),
        ("elsewhere", {"elsewhere/7.mcap": {"recording_id": 7, "path": "x"}}),
        ("unfinished_sessions", 7),
        ("unfinished_sessions", [2**70]),
        ("left_out", [7]),
    ],
)
def test_a_manifest_that_is_none_is_refused(original: Path, tmp_path: Path, key: str, value: object) -> None:
    forged = taken_apart(original)
    forged.manifest[key] = value
    check_refused(forged.write(tmp_path / "evil.zip"), tmp_path)


@pytest.mark.parametrize(("key", "value"), [("archive_version", 2), ("schema_revision", "9999")])
def test_an_archive_of_a_newer_version_is_refused_plainly(
    original: Path, tmp_path: Path, key: str, value: object
) -> None:
    forged = taken_apart(original)
    forged.manifest[key] = value
    forged.manifest["program_version"] = "99.1"
    check_refused(forged.write(tmp_path / "new.zip"), tmp_path, "newer version", "99.1")


def test_entries_that_no_manifest_names_are_refused(original: Path, tmp_path: Path) -> None:
    forged = taken_apart(original)
    forged.entries["home/recordings/evil.mcap"] = b"evil"
    forged.unlisted = ("home/recordings/evil.mcap",)
    check_refused(forged.write(tmp_path / "evil.zip"), tmp_path, "other entries")


def test_a_byte_that_flipped_is_found(original: Path, tmp_path: Path) -> None:
    forged = taken_apart(original)
    name = "home/settings.toml"
    data = forged.entries[name]
    other = {"bytes": len(data), "sha256": hashlib.sha256(data + b"x").hexdigest()}
    forged.manifest["entries"] = {name: other}
    check_refused(forged.write(tmp_path / "evil.zip"), tmp_path, name)


def test_a_name_that_stands_beside_another_one_is_not_looked_at(original: Path, tmp_path: Path) -> None:
    """An extra field may say another name (Info-ZIP Unicode Path, 0x7075): one file, two names."""
    name = b"home/settings.toml"
    other = struct.pack("<BL", 1, zlib.crc32(name)) + b"home/other.toml"
    archive = tmp_path / "evil.zip"
    with zipfile.ZipFile(original) as opened, zipfile.ZipFile(archive, "w") as made:
        for one in opened.namelist():
            info = zipfile.ZipInfo(one)
            if one.encode() == name:
                info.extra = struct.pack("<HH", 0x7075, len(other)) + other
            made.writestr(info, opened.read(one))
    report = import_everything(archive, Home(tmp_path / "new"), no_progress)
    assert Path("settings.toml") in report.files
    assert not (tmp_path / "new" / "other.toml").exists()


def test_a_session_that_the_manifest_does_not_call_unfinished_is_not_recorded_for_ever(
    original: Path, tmp_path: Path
) -> None:
    forged = taken_apart(original)
    forged.change_row("session", state="recording")
    forged.manifest["unfinished_sessions"] = []
    first = forged.rows("session")[0]["id"]
    report = import_everything(forged.write(tmp_path / "odd.zip"), Home(tmp_path / "new"), no_progress)
    assert first in report.interrupted


def test_other_ways_of_packing_are_refused(original: Path, tmp_path: Path) -> None:
    forged = taken_apart(original)
    forged.compression = zipfile.ZIP_BZIP2
    check_refused(forged.write(tmp_path / "evil.zip"), tmp_path, "packed")


@settings(max_examples=40)
@given(st.data())
def test_a_cut_archive_is_refused(
    original: Path, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    whole = original.read_bytes()
    folder = tmp_path_factory.mktemp("cut")
    archive = folder / "cut.zip"
    archive.write_bytes(whole[: data.draw(st.integers(0, len(whole) - 1))])
    check_refused(archive, folder)


@settings(max_examples=40)
@given(st.data())
def test_a_damaged_archive_is_refused_or_whole(
    original: Path, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    damaged = bytearray(original.read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] ^= data.draw(st.integers(1, 255))
    folder = tmp_path_factory.mktemp("damaged")
    archive = folder / "damaged.zip"
    archive.write_bytes(damaged)
    # Some bytes, as the times of entries, mean nothing; all others are noticed, by this kind of error alone.
    try:
        with checked_archive(archive, folder, no_progress) as checked:
            assert checked.manifest.schema_revision == HEAD
    except InputError as error:
        assert "\n" not in error.message


@pytest.mark.parametrize("content", [b"", b"PK", b"no archive", b"PK\x05\x06" + bytes(18)])
def test_what_is_no_archive_is_refused(tmp_path: Path, content: bytes) -> None:
    archive = tmp_path / "none.zip"
    archive.write_bytes(content)
    check_refused(archive, tmp_path)


def test_a_missing_file_and_a_folder_are_told(tmp_path: Path) -> None:
    for path in (tmp_path / "none.zip", tmp_path):
        with pytest.raises(InputError):
            import_everything(path, Home(tmp_path / "other"), no_progress)
    assert not (tmp_path / "other").exists()
