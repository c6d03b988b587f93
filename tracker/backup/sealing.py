"""Encryption with a passphrase, in the age format (https://age-encryption.org/v1).

The passphrase opens a key that is made anew for each backup, and the key opens the contents: these then go
through in pieces, which the library offers for keys alone.
"""

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import BinaryIO, NoReturn, Protocol

from tracker.backup.tar_stream import refuse
from tracker.errors import InputError, TrackerError


class Readable(Protocol):
    """What gives bytes, so many at a time."""

    def read(self, length: int = -1, /) -> bytes:
        """So many bytes; fewer at the end."""
        ...


class _Pieces:
    """Pieces of bytes as something to read from."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        # An empty one would be taken for the end.
        self._pieces = filter(None, pieces)
        self._rest = memoryview(b"")
        self.failure: TrackerError | None = None

    def read(self, length: int = -1, /) -> bytes:
        if not self._rest:
            try:
                self._rest = memoryview(next(self._pieces, b""))
            except TrackerError as error:
                self.failure = error
                raise
        taken = self._rest if length < 0 else self._rest[:length]
        self._rest = self._rest[len(taken) :]
        return bytes(taken)


class Seal:
    """A new key, and its owner's passphrase around it."""

    def __init__(self, passphrase: str) -> None:
        import pyrage

        self._key = pyrage.x25519.Identity.generate()
        self.locked_key: bytes = pyrage.passphrase.encrypt(f"{self._key}\n".encode("ascii"), passphrase)

    def encrypt(self, pieces: Iterator[bytes], out: BinaryIO) -> None:
        """Write the pieces encrypted; what reading or writing raises comes out of here."""
        import pyrage

        source = _Pieces(pieces)
        try:
            pyrage.encrypt_io(source, out, [self._key.to_public()])
        except (pyrage.EncryptError, OSError) as error:
            # The library makes an error of its own of it.
            raise source.failure or error from error


def unlocked(locked_key: bytes, passphrase: str) -> str:
    """The key that a passphrase opens.

    Raises:
        InputError: another passphrase, or a damaged key.
    """
    import pyrage

    try:
        return bytes(pyrage.passphrase.decrypt(locked_key, passphrase)).decode("ascii").strip()
    except (pyrage.DecryptError, OSError, UnicodeDecodeError) as error:
        raise InputError(
            "the passphrase does not open this backup",
            advice="Try again, with the passphrase that it was made with; nothing was changed.",
        ) from error


@contextmanager
def decrypted(source: Readable, key: str) -> Iterator[Callable[[int], bytes]]:
    """A function that reads what the key opens; a thread of its own decrypts.

    Raises:
        InputError: from reading: damaged, cut, or for another key.
    """
    thread = _Decrypting(source, key)
    try:
        yield thread.read
    finally:
        thread.close()


class _Decrypting:
    """Decrypts into a pipe: the library pushes what the reader of a tar pulls."""

    def __init__(self, source: Readable, key: str) -> None:
        import pyrage

        try:
            self._key = pyrage.x25519.Identity.from_str(key)
        except pyrage.IdentityError:
            refuse("its key is damaged")
        self._source = source
        self._failure: BaseException | None = None
        ending, beginning = os.pipe()
        self._out, self._in = os.fdopen(ending, "rb"), os.fdopen(beginning, "wb")
        self._thread = threading.Thread(target=self._run, name="decrypting", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        import pyrage

        try:
            with self._in:
                pyrage.decrypt_io(self._source, self._in, [self._key])
        except (pyrage.DecryptError, OSError, TrackerError) as error:
            self._failure = error

    def read(self, length: int) -> bytes:
        data = self._out.read(length)
        if len(data) < length:
            self._thread.join()
            if self._failure is not None:
                self._tell(self._failure)
        return data

    def _tell(self, failure: BaseException) -> NoReturn:
        if isinstance(failure, TrackerError):
            raise failure
        refuse("it is cut or damaged")

    def close(self) -> None:
        # A thread that still writes ends with a broken pipe.
        self._out.close()
        self._thread.join()
