"""The passphrase of the page, kept as a hash that nobody can turn back."""

import unicodedata
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from tracker.backup.publishing import published
from tracker.errors import StorageError, UsageError
from tracker.home import PAGE_PASSPHRASE, Home

MINIMUM_CHARS = 12
"""One that is guessed at over the network, slowed down: some words are enough."""

MAXIMUM_CHARS = 1024
"""Nobody types more; what is hashed stays small."""

_LONGEST_HASH_BYTES = 1000
"""Some ten times a hash with its parameters: a longer file is none."""


class PassphraseFile:
    """The file of the hash, in the home folder, its owner's alone.

    Args:
        hasher: how much work a try is; the library's own measure where None.
    """

    def __init__(self, home: Home, hasher: PasswordHasher | None = None) -> None:
        self._path = home.folder / PAGE_PASSPHRASE
        self._hasher = hasher or PasswordHasher()

    @property
    def path(self) -> Path:
        """Where it is."""
        return self._path

    def is_set(self) -> bool:
        """True where a passphrase was set.

        Raises:
            StorageError: the file cannot be read.
        """
        return self._read() is not None

    def set(self, passphrase: str) -> None:
        """Keep a passphrase in place of the one before.

        Raises:
            UsageError: it is too short or too long.
            StorageError: the file cannot be written.
        """
        spelled = _spelled(passphrase)
        if not MINIMUM_CHARS <= len(spelled) <= MAXIMUM_CHARS:
            raise UsageError(
                f"a passphrase of {len(spelled)} characters cannot be used",
                advice=f"Choose some words, {MINIMUM_CHARS} to {MAXIMUM_CHARS} characters together.",
                characters=len(spelled),
            )
        with published(self._path, replace=True) as path:
            path.write_text(self._hasher.hash(spelled) + "\n", encoding="ascii")

    def matches(self, passphrase: str) -> bool:
        """True where it is the one that was set; takes some ten milliseconds on purpose.

        Raises:
            StorageError: the file cannot be read.
        """
        kept = self._read()
        spelled = _spelled(passphrase)
        if kept is None or len(spelled) > MAXIMUM_CHARS:
            return False
        try:
            return self._hasher.verify(kept, spelled)
        except (VerificationError, InvalidHashError):
            return False

    def _read(self) -> str | None:
        try:
            with self._path.open("rb") as file:
                kept = file.read(_LONGEST_HASH_BYTES)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise StorageError(
                f"{self._path} cannot be read: {error.strerror or error}",
                advice="Check the file and its permissions, or set the passphrase anew.",
                path=str(self._path),
            ) from error
        return kept.decode("ascii", errors="ignore").strip() or None


def _spelled(passphrase: str) -> str:
    """The same letters whichever way a keyboard composes them; lone surrogates have no bytes."""
    return unicodedata.normalize("NFKC", passphrase).encode("utf-8", errors="replace").decode()
