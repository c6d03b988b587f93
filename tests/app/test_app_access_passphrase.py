"""The passphrase: kept as a hash that only its owner reads, the same on every keyboard."""

import stat
import tarfile
import unicodedata
from pathlib import Path

import pytest
from argon2 import Type, extract_parameters
from asked_app import PASSPHRASE, QUICK

from tracker.app.access.passphrase import MINIMUM_CHARS, PassphraseFile
from tracker.app.access.serving import Certificate, access_for, check_certificate
from tracker.backup.opening import open_home_database
from tracker.backup.restoring import restore_backup
from tracker.backup.writing import write_backup
from tracker.errors import InputError, StorageError, UsageError
from tracker.home import Home
from tracker.session.page_parameters import PageParameters


@pytest.fixture
def kept(tmp_path: Path) -> PassphraseFile:
    file = PassphraseFile(Home(tmp_path), QUICK)
    file.set(PASSPHRASE)
    return file


def test_only_the_right_one_matches(kept: PassphraseFile) -> None:
    assert kept.matches(PASSPHRASE)
    for wrong in ("", PASSPHRASE[:-1], PASSPHRASE + " ", PASSPHRASE.upper(), "x" * 5000):
        assert not kept.matches(wrong)


def test_guessing_at_a_stolen_file_is_work(tmp_path: Path) -> None:
    """RFC 9106, 4: at least 64 MiB and three passes, where the computer has no more."""
    file = PassphraseFile(Home(tmp_path))
    file.set(PASSPHRASE)
    found = extract_parameters(file.path.read_text().strip())
    assert found.type is Type.ID
    assert found.memory_cost >= 65_536 and found.time_cost >= 3


def test_what_is_kept_is_a_hash_for_its_owner_alone(kept: PassphraseFile) -> None:
    text = kept.path.read_text()
    assert text.startswith("$argon2id$")
    assert PASSPHRASE not in text
    assert stat.S_IMODE(kept.path.stat().st_mode) == 0o600
    assert [path.name for path in kept.path.parent.iterdir()] == [kept.path.name]


def test_the_same_passphrase_is_another_hash_each_time(kept: PassphraseFile) -> None:
    before = kept.path.read_text()
    kept.set(PASSPHRASE)
    assert kept.path.read_text() != before and kept.matches(PASSPHRASE)


def test_a_new_one_takes_the_place_of_the_old(kept: PassphraseFile) -> None:
    kept.set("another one of some words")
    assert not kept.matches(PASSPHRASE)


def test_letters_are_the_same_whichever_way_a_keyboard_makes_them(tmp_path: Path) -> None:
    file = PassphraseFile(Home(tmp_path), QUICK)
    text = "고관절 회전을 매일 잰다 é"
    file.set(unicodedata.normalize("NFD", text))
    assert file.matches(unicodedata.normalize("NFC", text))


def test_a_short_one_is_refused(tmp_path: Path) -> None:
    file = PassphraseFile(Home(tmp_path), QUICK)
    for text in ("", "x" * (MINIMUM_CHARS - 1), "x" * 2000):
        with pytest.raises(UsageError) as found:
            file.set(text)
        assert text == "" or text not in found.value.message + found.value.advice
    assert not file.is_set()


@pytest.mark.parametrize(
    "content", [b"", b"\n", b"plain text", b"\xff\xfe\x00", b"$argon2id$v=19$m=65536", b"x" * 9999]
)
def test_a_damaged_file_lets_nobody_in(kept: PassphraseFile, content: bytes) -> None:
    kept.path.write_bytes(content)
    assert not kept.matches(PASSPHRASE)
    assert not kept.matches("")


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    file = PassphraseFile(Home(tmp_path), QUICK)
    file.path.mkdir()
    with pytest.raises(StorageError, match="cannot be read"):
        file.is_set()


def test_a_restore_leaves_it_as_it_is(kept: PassphraseFile, tmp_path: Path) -> None:
    home, out = Home(tmp_path), tmp_path.with_suffix(".tar")
    with open_home_database(home) as database:
        write_backup(home, database, out)
    restored = restore_backup(out, home, replace=True)
    assert restored.folder == tmp_path
    assert kept.matches(PASSPHRASE)
    assert stat.S_IMODE(kept.path.stat().st_mode) == 0o600
    with tarfile.open(out) as archive:
        assert not [name for name in archive.getnames() if "passphrase" in name]


def test_others_reach_it_with_a_passphrase_only(tmp_path: Path) -> None:
    file = PassphraseFile(Home(tmp_path), QUICK)
    with pytest.raises(UsageError, match="no passphrase was set") as found:
        access_for(PageParameters(), "0.0.0.0", file, encrypted=False)  # noqa: S104
    assert "--set-passphrase" in found.value.advice
    assert access_for(PageParameters(), "127.0.0.1", file, encrypted=False).gate is None
    file.set(PASSPHRASE)
    assert access_for(PageParameters(), "0.0.0.0", file, encrypted=False).gate is not None  # noqa: S104


def test_a_certificate_that_is_none_is_refused(tmp_path: Path) -> None:
    text = tmp_path / "text.pem"
    text.write_text("no certificate")
    for chain in (text, tmp_path / "missing.pem", tmp_path):
        with pytest.raises(InputError, match="cannot be used"):
            check_certificate(Certificate(chain, text))
