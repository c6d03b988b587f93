"""A radio in memory: real HCI, L2CAP, ATT and GATT between the program's own client and virtual sensors.

It has neither a connection interval nor a limit of bandwidth, and never sends scan responses, so what a
sensor tells about itself must fit the 31 bytes of one advertisement.
"""

from types import TracebackType
from typing import Self

from tracker.sensing.radio import Radio
from tracker.sensing.virtual.air import Air
from tracker.sensing.virtual.backend_client import VirtualClientBackend
from tracker.sensing.virtual.backend_scanner import VirtualScannerBackend
from tracker.sensing.virtual.feed import MotionClock

USUAL_MTU = 247
"""What operating systems negotiate with sensors that offer it: one link-layer packet of 251 bytes."""


class VirtualRadio:
    """A radio that needs no hardware, with sensors that are put on it; an async context manager.

    Attributes:
        motion: the clock of the simulated motion, which all sensors on this radio share.

    Args:
        mtu: largest ATT MTU that the program's side asks for, 23 to 517.
        time_scale: seconds of simulated motion in one second of the host.
    """

    def __init__(self, *, mtu: int = USUAL_MTU, time_scale: float = 1.0) -> None:
        self.motion = MotionClock(time_scale)
        self._air = Air()
        self._mtu = mtu

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._air.close()

    @property
    def air(self) -> Air:
        """The link that sensors are put on."""
        return self._air

    @property
    def radio(self) -> Radio:
        """Backends for bleak that see the sensors on this radio and no others."""

        class Client(VirtualClientBackend):
            air = self._air
            wanted_mtu = self._mtu

        class Scanner(VirtualScannerBackend):
            air = self._air

        return Radio(Client, Scanner)
