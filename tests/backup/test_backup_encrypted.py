"""An encrypted backup opens with its passphrase, with the format's own tools, and with nothing else."""

import io
import shutil
import subprocess
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pyrage
import pytest
from backup_samples import files_of, filled_home, rows_of, write
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.backup.manifest import KEY, PAYLOAD
from tracker.backup.reading import Sink, is_encrypted, read_backup
from tracker.backup.restoring import restore_backup
from tracker.backup.sealing import Seal, decrypted
from tracker.errors import InputError, UsageError
from tracker.home import Home

PASSPHRASE = "richtig Pferd Batterie Klammer ü"  # noqa: S105


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return filled_home(tmp_path_factory.mktemp("encrypted") / "home")


@pytest.fixture(scope="module")
def sealed(home: Home) -> Path:
    """An encrypted backup; finding its key takes a second or two, by intent."""
    return write(home, home.folder.parent / "backup.tar", passphrase=PASSPHRASE)


def test_rows_and_bytes_come_back(home: Home, sealed: Path, tmp_path: Path) -> None:
    target = Home(tmp_path / "new")
    restore_backup(sealed, target, passphrase=PASSPHRASE)
    assert rows_of(target) == rows_of(home)
    assert files_of(target.folder) == files_of(home.folder)


def test_nothing_of_it_can_be_read(home: Home, sealed: Path) -> None:
    data = sealed.read_bytes()
    assert is_encrypted(sealed)
    for path in home.recordings.rglob("*.mcap"):
        assert path.read_bytes()[:64] not in data
        assert path.name.encode() not in data
    assert b"settle_s" not in data
    assert PASSPHRASE.encode() not in data
    # and nothing in the clear was left beside it
    assert {path.name for path in sealed.parent.iterdir()} == {"home", "backup.tar"}
    assert not list(home.folder.glob(".tracker-backup*"))


def test_another_passphrase_is_refused_and_changes_nothing(sealed: Path, tmp_path: Path) -> None:
    target = Home(tmp_path / "new")
    with pytest.raises(InputError, match="passphrase does not open") as refusal:
        restore_backup(sealed, target, passphrase="wrong")  # noqa: S106
    assert "wrong" not in f"{refusal.value.message} {refusal.value.advice} {refusal.value.data}"
    with pytest.raises(UsageError, match="is encrypted"):
        restore_backup(sealed, target)
    assert list(tmp_path.iterdir()) == []


def test_the_parts_are_what_age_opens(sealed: Path) -> None:
    """As the README says: the key by the passphrase, then the contents by the key."""
    with tarfile.open(sealed) as archive:
        parts = {name: archive.extractfile(name) for name in (KEY, PAYLOAD)}
        key, payload = (part.read() for part in parts.values() if part is not None)
    opened = pyrage.passphrase.decrypt(key, PASSPHRASE).decode()
    identity = pyrage.x25519.Identity.from_str(opened.strip())
    clear = pyrage.decrypt(payload, [identity])
    with tarfile.open(fileobj=io.BytesIO(clear)) as archive:
        assert archive.getnames()[-1] == "manifest.json"


@pytest.mark.skipif(shutil.which("age") is None, reason="the program age is not installed")
def test_the_program_age_opens_it(sealed: Path, tmp_path: Path) -> None:
    with tarfile.open(sealed) as archive:
        archive.extractall(tmp_path, filter="data")
    key = pyrage.passphrase.decrypt((tmp_path / KEY).read_bytes(), PASSPHRASE)
    (tmp_path / "key.txt").write_bytes(key)
    command = ["age", "-d", "-i", str(tmp_path / "key.txt"), str(tmp_path / PAYLOAD)]
    clear = subprocess.run(command, check=True, capture_output=True).stdout
    with tarfile.open(fileobj=io.BytesIO(clear)) as archive:
        assert archive.getnames()[-1] == "manifest.json"


def test_a_wrong_bit_in_the_contents_is_refused(sealed: Path, tmp_path: Path) -> None:
    wrong = bytearray(sealed.read_bytes())
    wrong[len(wrong) // 2] ^= 16
    (tmp_path / "wrong.tar").write_bytes(wrong)
    with pytest.raises(InputError, match="no whole backup"):
        read_backup(tmp_path / "wrong.tar", Sink(), passphrase=PASSPHRASE)


def test_cuts_and_wrong_bits_outside_the_contents_are_refused_before_any_key_is_sought(
    sealed: Path, tmp_path: Path
) -> None:
    data = sealed.read_bytes()
    for cut in (0, 1, 511, 512, 700, 1024, 1500):
        (tmp_path / "cut.tar").write_bytes(data[:cut])
        with pytest.raises(InputError):
            read_backup(tmp_path / "cut.tar", Sink(), passphrase=PASSPHRASE)


def test_a_cut_in_the_contents_is_refused(sealed: Path, tmp_path: Path) -> None:
    (tmp_path / "cut.tar").write_bytes(sealed.read_bytes()[:-2000])
    with pytest.raises(InputError, match="cut"):
        read_backup(tmp_path / "cut.tar", Sink(), passphrase=PASSPHRASE)


SEAL = Seal("any")


@settings(max_examples=20)
@given(pieces=st.lists(st.binary(max_size=100_000), max_size=6), step=st.integers(1, 70_000))
def test_pieces_of_any_length_come_back(pieces: list[bytes], step: int) -> None:
    out = io.BytesIO()
    SEAL.encrypt(iter(pieces), out)
    out.seek(0)
    with decrypted(out, str(SEAL._key)) as read:
        found = b""
        while data := read(step):
            found += data
    assert found == b"".join(pieces)


@given(place=st.floats(0.0, 1.0, exclude_max=True), bit=st.integers(0, 7), cut=st.booleans())
def test_damage_of_what_is_encrypted_is_seen(place: float, bit: int, cut: bool) -> None:
    out = io.BytesIO()
    SEAL.encrypt(iter([bytes(100_000)]), out)
    wrong = bytearray(out.getvalue())
    at = int(place * len(wrong))
    if cut:
        del wrong[at:]
    else:
        wrong[at] ^= 1 << bit
    with pytest.raises(InputError), decrypted(io.BytesIO(wrong), str(SEAL._key)) as read:
        while read(50_000):
            pass


def test_reading_may_stop_in_the_middle() -> None:
    out = io.BytesIO()
    SEAL.encrypt(iter([bytes(1 << 20)] * 5), out)
    out.seek(0)
    with pytest.raises(KeyError), decrypted(out, str(SEAL._key)) as read:
        assert read(10) == bytes(10)
        raise KeyError


def test_what_goes_wrong_while_encrypting_comes_out() -> None:
    def pieces() -> Iterator[bytes]:
        yield b"some"
        raise InputError("as it is", advice="none")

    with pytest.raises(InputError, match="as it is"):
        SEAL.encrypt(pieces(), io.BytesIO())
