"""Half a backup, a wrong bit, a hostile one: refused, and nothing is changed."""

import hashlib
import io
import json
import sqlite3
import tarfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

import pytest
import zstandard
from backup_samples import files_of, filled_home, rows_of, write
from hypothesis import given
from hypothesis import strategies as st

from tracker.backup.manifest import FORMAT
from tracker.backup.reading import Sink, is_encrypted, read_backup
from tracker.backup.restoring import restore_backup
from tracker.backup.tar_stream import BLOCK_BYTES, END, is_harmless, member_head, members, padding
from tracker.errors import InputError, StorageError, TrackerError
from tracker.home import Home

Members = list[tuple[str, bytes]]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The bytes of a backup."""
    folder = tmp_path_factory.mktemp("whole")
    return write(filled_home(folder / "home", sessions=1), folder / "backup.tar").read_bytes()


@pytest.fixture
def target(tmp_path: Path) -> Home:
    """Where nothing must change: a home that holds data."""
    return filled_home(tmp_path / "target", sessions=1)


def refusal_of(data: bytes, folder: Path) -> TrackerError | None:
    """How reading a file with these bytes is refused."""
    path = folder / "damaged.tar"
    path.write_bytes(data)
    try:
        read_backup(path, Sink(), passphrase=None)
    except TrackerError as error:
        return error
    return None


def check_refused(data: bytes, target: Home, folder: Path, kind: type[TrackerError] = InputError) -> str:
    """It is refused to be restored, with words, and all that was there still is; what was said."""
    rows, files = rows_of(target), files_of(target.folder)
    beside = sorted(path.name for path in target.folder.parent.iterdir())
    path = folder / "hostile.tar"
    path.write_bytes(data)
    with pytest.raises(kind) as refusal:
        restore_backup(path, target, replace=True)
    path.unlink()
    assert "\n" not in refusal.value.message
    assert refusal.value.advice
    assert (rows_of(target), files_of(target.folder)) == (rows, files)
    assert sorted(path.name for path in target.folder.parent.iterdir()) == beside
    return refusal.value.message


def parts_of(data: bytes) -> Members:
    """The members of a backup."""
    return [(one.name, one.read()) for one in members(io.BytesIO(data).read)]


def joined(parts: Members) -> bytes:
    """A backup of members, as they are."""
    return b"".join(member_head(name, len(data)) + data + padding(len(data)) for name, data in parts) + END


def listed(parts: Members) -> bytes:
    """A backup of members whose list is made to fit."""
    manifest = json.loads(parts[-1][1])
    manifest["entries"] = [
        {
            "name": name,
            "size": len(data),
            "sha256": hashlib.sha256(data).hexdigest(),
            "closed": True,
            "was": None,
        }
        for name, data in parts[:-1]
    ]
    manifest.pop("sha256", None)
    manifest["sha256"] = hashlib.sha256(as_written(manifest)).hexdigest()
    return joined([*parts[:-1], (parts[-1][0], as_written(manifest))])


def as_written(manifest: dict[str, object]) -> bytes:
    """A list as the program writes it."""
    return (json.dumps(manifest, indent=1) + "\n").encode()


def test_the_helpers_make_what_the_program_makes(whole: bytes, tmp_path: Path) -> None:
    assert joined(parts_of(whole)) == whole
    assert refusal_of(listed(parts_of(whole)), tmp_path) is None


def test_cut_at_every_boundary_of_a_member(whole: bytes, tmp_path: Path) -> None:
    boundaries = {0, len(whole) - 1, len(whole) - BLOCK_BYTES}
    position = 0
    for name, data in parts_of(whole):
        for part in (len(member_head(name, len(data))), len(data), len(padding(len(data)))):
            boundaries |= {position, position + 1, position + part // 2}
            position += part
    for boundary in sorted(boundaries):
        assert isinstance(refusal_of(whole[:boundary], tmp_path), InputError), boundary


SHARES = st.floats(0.0, 1.0, exclude_max=True)
"""Of a backup's length: its bytes differ in number from one to the next, and what is tried must not."""


@given(share=SHARES)
def test_any_cut_is_seen(whole: bytes, tmp_path_factory: pytest.TempPathFactory, share: float) -> None:
    length = int(share * len(whole))
    assert refusal_of(whole[:length], tmp_path_factory.getbasetemp()) is not None


@given(share=SHARES, bit=st.integers(0, 7))
def test_any_wrong_bit_is_seen(
    whole: bytes, tmp_path_factory: pytest.TempPathFactory, share: float, bit: int
) -> None:
    wrong = bytearray(whole)
    wrong[int(share * len(whole))] ^= 1 << bit
    assert refusal_of(bytes(wrong), tmp_path_factory.getbasetemp()) is not None


@given(data=st.binary(max_size=3000))
def test_anything_else_is_refused(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    assert refusal_of(data, tmp_path_factory.getbasetemp()) is not None


def test_more_after_the_end_is_refused(whole: bytes, tmp_path: Path) -> None:
    for more in (b"x", bytes(10_240), whole):
        assert refusal_of(whole + more, tmp_path) is not None


def test_a_refused_backup_changes_nothing(whole: bytes, target: Home, tmp_path: Path) -> None:
    wrong = bytearray(whole)
    wrong[len(wrong) * 3 // 4] ^= 4
    for data in (whole[: len(whole) // 2], bytes(wrong), b"", b"x" * 5000):
        assert "no whole backup" in check_refused(data, target, tmp_path)


@pytest.mark.parametrize("at", range(6))
def test_a_member_that_is_missing_or_there_twice(whole: bytes, target: Home, tmp_path: Path, at: int) -> None:
    parts = parts_of(whole)
    check_refused(joined(parts[:at] + parts[at + 1 :]), target, tmp_path)
    check_refused(joined(parts[: at + 1] + parts[at:]), target, tmp_path)


NAMES = (
    "../settings.toml",
    "/etc/hips.toml",
    "recordings/../../x.mcap",
    "recordings/..",
    "recordings//x.mcap",
    "recordings/./x.mcap",
    "recordings/",
    "recordings",
    "recordings/a\\..\\..\\b.mcap",
    "recordings/\x1b[2J.mcap",
    "recordings/" + "deep/" * 900 + "x.mcap",
    "tracker.db",
    "backups/weekly.tar",
    "simulated/tracker.db",
    ".bashrc",
    "",
)


@pytest.mark.parametrize("name", NAMES)
def test_names_that_lead_elsewhere(whole: bytes, target: Home, tmp_path: Path, name: str) -> None:
    parts = parts_of(whole)
    check_refused(listed([*parts[:-1], (name, b"bad"), parts[-1]]), target, tmp_path)


@given(name=st.text(max_size=30))
def test_a_harmless_name_stays_below_the_folder(name: str) -> None:
    if is_harmless(name):
        folder = Path("/somewhere/deep")
        assert (folder / name).resolve().is_relative_to(folder)
        assert (folder / name) != folder


class Kind(NamedTuple):
    """A kind of member that no backup has."""

    code: bytes
    link: str = ""
    pax: bool = False


KINDS = {
    "symlink": Kind(tarfile.SYMTYPE, "/etc"),
    "hard link": Kind(tarfile.LNKTYPE, "tracker.db.zst"),
    "folder": Kind(tarfile.DIRTYPE),
    "device": Kind(tarfile.CHRTYPE),
    "block device": Kind(tarfile.BLKTYPE),
    "pipe": Kind(tarfile.FIFOTYPE),
    "sparse": Kind(tarfile.GNUTYPE_SPARSE),
    "contiguous": Kind(tarfile.CONTTYPE),
}


@pytest.mark.parametrize("kind", KINDS)
def test_members_that_are_no_files(whole: bytes, target: Home, tmp_path: Path, kind: str) -> None:
    info = tarfile.TarInfo("recordings/evil.mcap")
    info.type, info.linkname = KINDS[kind].code, KINDS[kind].link
    parts = parts_of(whole)
    head = joined(parts[:2])[: -len(END)]
    message = check_refused(head + info.tobuf(tarfile.GNU_FORMAT) + joined(parts[2:]), target, tmp_path)
    assert "not an ordinary file" in message or "damaged" in message


@pytest.mark.parametrize("name", ["recordings/0.mcap/below", "recordings/" + "a" * 300 + "/below"])
def test_names_that_no_folder_can_have_together(
    whole: bytes, target: Home, tmp_path: Path, name: str
) -> None:
    *parts, manifest = parts_of(whole)
    check_refused(listed([*parts, (name, b"x"), manifest]), target, tmp_path, StorageError)


def test_a_tar_of_another_program(whole: bytes, target: Home, tmp_path: Path) -> None:
    parts = parts_of(whole)
    for kind in (tarfile.PAX_FORMAT, tarfile.GNU_FORMAT, tarfile.USTAR_FORMAT):
        out = io.BytesIO()
        with tarfile.open(fileobj=out, mode="w", format=kind) as archive:
            for name, data in parts:
                info = tarfile.TarInfo(name)
                info.size, info.mtime = len(data), 1.5
                archive.addfile(info, io.BytesIO(data))
        check_refused(out.getvalue(), target, tmp_path)


@pytest.mark.parametrize("size", [10**9, 10**15, 8**11 - 1, 2**62])
def test_a_member_that_claims_to_be_huge(whole: bytes, target: Home, tmp_path: Path, size: int) -> None:
    parts = parts_of(whole)
    head = joined(parts[:2])[: -len(END)]
    check_refused(head + member_head("recordings/huge.mcap", size) + b"x" * 5000, target, tmp_path)


def test_a_member_that_the_disk_has_no_room_for(
    whole: bytes, target: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Usage(NamedTuple):
        total: int
        used: int
        free: int

    monkeypatch.setattr("shutil.disk_usage", lambda _: Usage(10**12, 0, 19_000_000))
    assert "no room" in check_refused(whole, target, tmp_path, StorageError)


def with_database(whole: bytes, change: Callable[[bytes], bytes], claimed: int | None = None) -> bytes:
    """A backup with another database whose list fits."""
    parts = dict(parts_of(whole))
    plain = change(zstandard.ZstdDecompressor().decompressobj().decompress(parts["tracker.db.zst"]))
    parts["tracker.db.zst"] = zstandard.ZstdCompressor().compress(plain)
    manifest = json.loads(parts["manifest.json"])
    manifest["database_size"] = len(plain) if claimed is None else claimed
    manifest["database_sha256"] = hashlib.sha256(plain).hexdigest()
    parts["manifest.json"] = json.dumps(manifest).encode()
    return listed(list(parts.items()))


def by_sql(*statements: str) -> Callable[[bytes], bytes]:
    """Changes a database by statements."""

    def change(data: bytes) -> bytes:
        with closing(sqlite3.connect(":memory:", isolation_level=None)) as database:
            database.deserialize(data)
            for statement in statements:
                database.execute(statement)
            return database.serialize()

    return change


CHANGES: dict[str, Callable[[bytes], bytes]] = {
    "not a database": lambda _: b"nothing like a database " * 500,
    "empty": lambda _: b"",
    "zeros": lambda data: bytes(len(data)),
    "cut": lambda data: data[: len(data) // 2],
    "rows missing": by_sql("PRAGMA foreign_keys = ON", "DELETE FROM session"),
    "rows of nothing": by_sql("UPDATE repetition SET set_id = 999"),
    "a trigger": by_sql("CREATE TRIGGER t AFTER DELETE ON person BEGIN DELETE FROM session; END"),
    "another's tables": by_sql("CREATE TABLE bookmarks (id INTEGER)"),
    "no stamp": by_sql("DROP TABLE alembic_version"),
    "newer": by_sql("UPDATE alembic_version SET version_num = '9999'"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_database_that_is_not_what_it_should_be(
    whole: bytes, target: Home, tmp_path: Path, change: str
) -> None:
    check_refused(with_database(whole, CHANGES[change]), target, tmp_path, TrackerError)


def test_a_database_that_unpacks_to_more_than_it_says(whole: bytes, target: Home, tmp_path: Path) -> None:
    check_refused(with_database(whole, lambda data: data, claimed=4096), target, tmp_path)
    bomb = with_database(whole, lambda _: bytes(200_000_000))
    assert len(bomb) < 1_000_000
    assert "larger" in check_refused(bomb, target, tmp_path)


def test_newer_versions_are_told_as_such(whole: bytes, target: Home, tmp_path: Path) -> None:
    parts = parts_of(whole)
    newer = json.dumps({"format": FORMAT + 1, "colour": "blue"}).encode()
    data = joined([(parts[0][0], newer), *parts[1:]])
    assert "newer version" in check_refused(data, target, tmp_path)
    (tmp_path / "newer.tar").write_bytes(data)
    with pytest.raises(InputError, match="newer version"):
        is_encrypted(tmp_path / "newer.tar")
    manifest = json.loads(parts[-1][1])
    manifest["revision"] = "9999"
    changed = with_database(
        listed([*parts[:-1], (parts[-1][0], json.dumps(manifest).encode())]), CHANGES["newer"]
    )
    assert "newer version" in check_refused(changed, target, tmp_path)


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{}", "null", '{"format": true}', '{"format": 1, "encrypted": "perhaps"}', "\xff", "{" * 3000],
)
def test_nonsense_in_place_of_words_about_itself(
    whole: bytes, target: Home, tmp_path: Path, text: str
) -> None:
    parts = parts_of(whole)
    data = text.encode("latin-1")
    check_refused(joined([(parts[0][0], data), *parts[1:]]), target, tmp_path)
    check_refused(joined([*parts[:-1], (parts[-1][0], data)]), target, tmp_path)


@pytest.mark.parametrize("name", ["folder", "missing.tar"])
def test_what_is_no_file(tmp_path: Path, target: Home, name: str) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(InputError):
        restore_backup(tmp_path / name, target, replace=True)
