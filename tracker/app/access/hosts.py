"""Names and addresses that the page is served at; any other in a request is refused.

A foreign page can have its own name lead to this computer (DNS rebinding). The browser then takes what
is served here for the foreign page's own, but sends the foreign name with each request.
"""

import ipaddress
import re
from collections.abc import Iterable
from dataclasses import dataclass

LOCAL_NAMES = frozenset({"127.0.0.1", "::1", "localhost"})

_DEFAULT_PORTS = {"http": 80, "https": 443}
_AUTHORITY = re.compile(
    r"(?:\[(?P<six>[0-9A-Fa-f:.]{2,45})\]|(?P<name>[A-Za-z0-9._-]{1,253}))(?::(?P<port>[0-9]{1,5}))?"
)
_HIGHEST_PORT = 65535


@dataclass(frozen=True, slots=True)
class Authority:
    """Host and port as they stand in an address or in the header Host; names in small letters."""

    host: str
    port: int


def authority(text: str, scheme: str) -> Authority | None:
    """What a text like `mat.local:8321` or `[::1]` means; None where it is none.

    Args:
        scheme: http or https, which have ports of their own where none is named.
    """
    found = _AUTHORITY.fullmatch(text)
    if found is None or scheme not in _DEFAULT_PORTS:
        return None
    port = int(found["port"]) if found["port"] else _DEFAULT_PORTS[scheme]
    if port > _HIGHEST_PORT:
        return None
    return Authority(plain_host(found["six"] or found["name"]), port)


def plain_host(name: str) -> str:
    """A name or address in the one form in which two can be compared."""
    name = name.strip("[]").lower().rstrip(".")
    try:
        return ipaddress.ip_address(name).compressed
    except ValueError:
        return name


def is_local(host: str) -> bool:
    """True where only this computer reaches what is served at a host."""
    host = plain_host(host)
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


class AllowedHosts:
    """The hosts that requests may name.

    Args:
        served: what the page is served at.
        further: names that the person allows.
    """

    def __init__(self, served: str, further: Iterable[str] = ()) -> None:
        self._names = LOCAL_NAMES | {plain_host(name) for name in (served, *further)}

    def allows(self, host: str, arrived_at: str | None) -> bool:
        """True where a request may name a host.

        Args:
            arrived_at: this computer's address that the request came to; no name of others can stand for it.
        """
        return host in self._names or (arrived_at is not None and host == plain_host(arrived_at))
