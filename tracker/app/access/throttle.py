"""Slows down those who guess passphrases, without shutting out for ever whoever knows it."""

import ipaddress
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ThrottleLimits:
    """How much guessing is let through.

    Attributes:
        free_failures: typing errors of one address that cost no wait.
        longest_wait_s: the wait doubles with each further failure, up to this.
        forgotten_s: an address without failures for so long begins anew.
        all_failures: failures of all addresses together that are let through at once ...
        all_every_s: ... and how long one more takes to be let through after that.
        addresses: so many are remembered.
    """

    free_failures: int = 3
    longest_wait_s: float = 60.0
    forgotten_s: float = 3600.0
    all_failures: int = 30
    all_every_s: float = 2.0
    addresses: int = 2048


@dataclass(slots=True)
class _Address:
    failures: int = 0
    failed_s: float = 0.0
    is_known: bool = False


class LoginThrottle:
    """Counts failed log-ins by address and over all.

    An address from which somebody got in is not made to wait for what others do.

    Args:
        now_s: a clock that never goes back.
    """

    def __init__(self, now_s: Callable[[], float], limits: ThrottleLimits | None = None) -> None:
        self._now_s = now_s
        self._limits = limits or ThrottleLimits()
        self._addresses: OrderedDict[str, _Address] = OrderedDict()
        self._all_left = float(self._limits.all_failures)
        self._all_seen_s = now_s()

    def wait_s(self, address: str) -> float:
        """How long an address is to wait before it may try; 0 where it may now."""
        now_s, one = self._now_s(), self._addresses.get(network_of(address))
        own_s = 0.0
        if one is not None and one.failures > self._limits.free_failures:
            doublings = one.failures - self._limits.free_failures - 1
            wait_s = min(self._limits.longest_wait_s, 2.0 ** min(doublings, 30))
            own_s = max(0.0, one.failed_s + wait_s - now_s)
        if one is not None and one.is_known:
            return own_s
        self._refill(now_s)
        missing = max(0.0, 1.0 - self._all_left)
        return max(own_s, missing * self._limits.all_every_s)

    def failed(self, address: str) -> None:
        """A wrong passphrase came from an address."""
        now_s, one = self._now_s(), self._of(address)
        if now_s - one.failed_s > self._limits.forgotten_s:
            one.failures = 0
        one.failures += 1
        one.failed_s = now_s
        self._refill(now_s)
        self._all_left = max(0.0, self._all_left - 1.0)

    def succeeded(self, address: str) -> None:
        """Somebody got in from an address."""
        one = self._of(address)
        one.failures, one.is_known = 0, True

    @property
    def remembered(self) -> int:
        """How many addresses are remembered."""
        return len(self._addresses)

    def _of(self, address: str) -> _Address:
        network = network_of(address)
        one = self._addresses.setdefault(network, _Address())
        self._addresses.move_to_end(network)
        while len(self._addresses) > self._limits.addresses:
            self._forget_one()
        return one

    def _forget_one(self) -> None:
        """The one that was quiet for longest goes; those who got in stay as long as others can go."""
        strangers = (network for network, one in self._addresses.items() if not one.is_known)
        del self._addresses[next(strangers, next(iter(self._addresses)))]

    def _refill(self, now_s: float) -> None:
        grown = (now_s - self._all_seen_s) / self._limits.all_every_s
        self._all_left = min(float(self._limits.all_failures), self._all_left + grown)
        self._all_seen_s = now_s


def network_of(address: str) -> str:
    """What one guesser has of addresses: one of IPv4, 64 bits of IPv6."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address[:64]
    if isinstance(found, ipaddress.IPv4Address):
        return str(found)
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return str(ipaddress.ip_network((found, 64), strict=False))
