"""What connects virtual devices: one link in memory, and the devices on it."""

import asyncio
import secrets
import uuid
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import TypeVar

from bumble.controller import Controller
from bumble.core import UUID
from bumble.device import Connection, Device, DeviceConfiguration
from bumble.hci import Address
from bumble.host import Host
from bumble.link import LocalLink
from bumble.transport.common import AsyncPipeSink

from tracker.sensing.virtual.bonds import Bonds

T = TypeVar("T")

TYPICAL_RSSI_DBM = -60
"""Signal strength of a sensor two metres away."""

PROGRAM_ADDRESS = "F0:C0:00:00:00:00"
"""Identity of the program's side: what sensors that it has paired with know it by."""


@dataclass(frozen=True, slots=True, eq=False)
class Node:
    """One device on the link: host stack and controller."""

    device: Device
    controller: Controller


class Air:
    """The link that all nodes share.

    Each scan and each connection of the program takes a node of its own: a controller of bumble can't take
    back a pending connection, so it is thrown away with its node. Sensors know them as one program all the
    same: each node has a private address that resolves to `PROGRAM_ADDRESS`.

    Attributes:
        bonds: what each device remembers of its pairings.
    """

    def __init__(self) -> None:
        self.bonds = Bonds()
        self._identity_key = secrets.token_bytes(16)
        self._link = LocalLink()  # type: ignore[no-untyped-call]
        self._nodes: set[Node] = set()
        self._centrals = 0
        self._rssi_dbm: dict[str, int] = {}

    async def open_central(self) -> Node:
        """A new node for the program's side."""
        self._centrals += 1
        high, low = divmod(self._centrals & 0xFFFF, 0x100)
        config = DeviceConfiguration(
            name="central",
            address=Address(PROGRAM_ADDRESS),
            irk=self._identity_key,
            le_privacy_enabled=True,
            le_rpa_timeout=0,
        )
        return await self._open(config, f"F0:C0:00:01:{high:02X}:{low:02X}")

    async def open_node(self, name: str, address: str) -> Node:
        """A new node, switched on.

        Args:
            address: static random address; no other node may have it.
        """
        return await self._open(DeviceConfiguration(name=name, address=Address(address)), address)

    async def _open(self, config: DeviceConfiguration, public_address: str) -> Node:
        controller = Controller(config.name, link=self._link, public_address=public_address)
        device = Device(config=config, host=Host(controller, AsyncPipeSink(controller)))
        self.bonds.equip(device, str(config.address))
        node = Node(device, controller)
        self._nodes.add(node)
        await finished(device.power_on())
        return node

    async def connect(self, node: Node, address: str) -> Connection:
        """Connect to a node as soon as it advertises; without a time limit, but it may be cancelled."""
        connecting = asyncio.ensure_future(node.device.connect(Address(address), timeout=None))
        try:
            return await asyncio.shield(connecting)
        except asyncio.CancelledError:
            # between two commands to the controller: inside one, its answer would find nobody waiting
            async with node.device.host.command_semaphore:
                connecting.cancel()
            await asyncio.wait({connecting})
            raise

    async def close_node(self, node: Node) -> None:
        """Break its connections and take it off the link; again changes nothing."""
        if node in self._nodes:
            self._nodes.discard(node)
            await finished(self._shut_down(node))

    async def close(self) -> None:
        """Take every node off the link."""
        for node in list(self._nodes):
            await self.close_node(node)

    async def _shut_down(self, node: Node) -> None:
        for connection in list(node.device.connections.values()):
            await connection.disconnect()
        if node.device.is_advertising:
            await node.device.stop_advertising()
        await node.device.power_off()
        self._link.remove_controller(node.controller)

    def set_rssi_dbm(self, address: str, rssi_dbm: int) -> None:
        """Tell how strongly a node is heard; the link itself reports the same strength for all."""
        self._rssi_dbm[address] = rssi_dbm

    def rssi_dbm(self, address: str) -> int:
        """How strongly a node is heard."""
        return self._rssi_dbm.get(address, TYPICAL_RSSI_DBM)


async def finished(work: Coroutine[None, None, T]) -> T:
    """Short work on a controller, done to its end: whoever is cancelled meanwhile is cancelled after it."""
    task = asyncio.ensure_future(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait({task})
        raise


def uuid_text(bumble_uuid: UUID) -> str:
    """The 128-bit text form of a UUID, as bleak has it."""
    return str(uuid.UUID(bytes=bumble_uuid.uuid_128_bytes[::-1]))
