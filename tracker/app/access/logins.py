"""Who is logged in: kept in memory alone, so that it ends with the program."""

import asyncio
import hashlib
import secrets
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

_TOKEN_BYTES = 32
_LOGINS_KEPT = 256
"""More browsers than one person has; the oldest is logged out when there is one more."""

_LONGEST_TOKEN_CHARS = 128


@dataclass(slots=True, eq=False)
class Login:
    """One browser that is logged in.

    Attributes:
        until_s: on the clock of the log-ins.
        ended: set when it was logged out: what is open for it is closed then.
    """

    until_s: float
    ended: asyncio.Event = field(default_factory=asyncio.Event)


class Logins:
    """The browsers that are logged in, by a random number that is kept as a hash.

    Args:
        now_s: a clock that never goes back.
        lasting_s: how long a log-in holds.
    """

    def __init__(self, now_s: Callable[[], float], lasting_s: float) -> None:
        self._now_s = now_s
        self._lasting_s = lasting_s
        self._logins: OrderedDict[bytes, Login] = OrderedDict()

    def begin(self) -> str:
        """Log a browser in.

        Returns:
            The secret of its cookie.
        """
        self._drop_old()
        token = secrets.token_urlsafe(_TOKEN_BYTES)
        self._logins[_hashed(token)] = Login(self._now_s() + self._lasting_s)
        return token

    def of(self, token: str | None) -> Login | None:
        """The log-in of a cookie; None where it has ended or never was.

        It is looked up by hash, so that how long it takes tells nothing of the secrets that are kept.
        """
        if token is None or not 0 < len(token) <= _LONGEST_TOKEN_CHARS:
            return None
        key = _hashed(token)
        login = self._logins.get(key)
        if login is not None and self.seconds_left(login) <= 0.0:
            self._end(key)
            return None
        return login

    def end(self, token: str | None) -> None:
        """Log a browser out; nothing happens where it is not logged in."""
        if token is not None and len(token) <= _LONGEST_TOKEN_CHARS:
            self._end(_hashed(token))

    def seconds_left(self, login: Login) -> float:
        """How long a log-in still holds."""
        return login.until_s - self._now_s()

    def _end(self, key: bytes) -> None:
        login = self._logins.pop(key, None)
        if login is not None:
            login.ended.set()

    def _drop_old(self) -> None:
        for key in [key for key, login in self._logins.items() if self.seconds_left(login) <= 0.0]:
            self._end(key)
        while len(self._logins) >= _LOGINS_KEPT:
            self._end(next(iter(self._logins)))


def _hashed(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", errors="replace")).digest()
