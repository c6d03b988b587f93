"""Which radio is used: the operating system's, or another under the same client code."""

from dataclasses import dataclass

from bleak.backends.client import BaseBleakClient
from bleak.backends.scanner import BaseBleakScanner


@dataclass(frozen=True, slots=True)
class Radio:
    """The two ends of bleak that talk to a radio; None is the operating system's own.

    Attributes:
        client: backend type that connections are made with.
        scanner: backend type that advertisements are received with.
    """

    client: type[BaseBleakClient] | None = None
    scanner: type[BaseBleakScanner] | None = None
