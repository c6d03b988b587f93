"""Two virtual sensors and BlueZ's adapter on one link; runs in the virtual machine, beside the scenarios.

Takes commands on a socket, see `sensor_commands`: one JSON object a line, each answered by an empty one.
"""

import asyncio
import json
from contextlib import AsyncExitStack
from dataclasses import replace

from bumble import hci
from bumble.controller import Controller
from bumble.core import PhysicalTransport
from bumble.hci import Address
from bumble.link import LocalLink
from bumble.transport.common import Transport
from bumble.transport.vhci import open_vhci_transport
from sensor_commands import SENSORS, SOCKET
from virtual_bench import PatternFeed

from tracker.model import Placement
from tracker.sensing.virtual.air import Air
from tracker.sensing.virtual.faults import FaultScript
from tracker.sensing.virtual.radio import VirtualRadio
from tracker.sensing.virtual.sensor import VirtualSensor

ADAPTER_ADDRESS = "02:00:00:00:00:01"


class OwnAddressLink(LocalLink):
    """A link on which data bears the address that its connection was made with, as on the air.

    The link of bumble 0.0.236 puts the sender's random address there, but BlueZ connects with the public one.
    """

    def send_acl_data(
        self,
        sender_controller: Controller,
        destination_address: Address,
        transport: PhysicalTransport,
        data: bytes,
    ) -> None:
        """Hand data to the controller at the other end of the connection."""
        connection = sender_controller.le_connections.get(destination_address)
        receiver = self.find_le_controller(destination_address)
        if connection is not None and receiver is not None:
            loop = asyncio.get_running_loop()
            loop.call_soon(receiver.on_link_acl_data, connection.self_address, transport, data)


class AdapterAir(Air):
    """The link of the virtual sensors, with BlueZ's adapter on it."""

    def __init__(self) -> None:
        super().__init__()
        self._link = OwnAddressLink()  # type: ignore[no-untyped-call]
        self._transport: Transport | None = None

    async def open_adapter(self) -> None:
        """Give the kernel an adapter: what BlueZ does with it, the sensors see."""
        self._transport = await open_vhci_transport("/dev/vhci")
        adapter = Controller(
            "adapter",
            host_source=self._transport.source,
            host_sink=self._transport.sink,
            link=self._link,
            public_address=ADAPTER_ADDRESS,
        )
        # with these the kernel waits for events that bumble's controller never sends
        unsent = hci.LeFeatureMask.LL_PRIVACY | hci.LeFeatureMask.LE_EXTENDED_ADVERTISING
        adapter.le_features &= ~unsent


class Bench:
    """The sensors that are switched on now."""

    def __init__(self, radio: VirtualRadio) -> None:
        self._radio = radio
        self._sensors: dict[Placement, VirtualSensor] = {}
        self._switched_on = AsyncExitStack()

    async def renew(self, *, away_s: float = 0.0, keep_s: float = 0.0) -> None:
        """Switch the sensors off, and new ones on; see `sensor_commands.new_sensors`."""
        await self._switched_on.aclose()
        self._switched_on = AsyncExitStack()
        for number, (placement, usual) in enumerate(SENSORS.items()):
            settings = replace(usual, ring_buffer_s=keep_s)
            sensor = VirtualSensor(self._radio, PatternFeed(number), settings, FaultScript(away_s=away_s))
            self._sensors[placement] = await self._switched_on.enter_async_context(sensor)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Carry out the commands of one connection."""
        async for line in reader:
            command = json.loads(line)
            if "new" in command:
                await self.renew(**command["new"])
            dropped = [self._sensors[Placement(name)] for name in command.get("drop", ())]
            await asyncio.gather(*(sensor.drop_link() for sensor in dropped))
            writer.write(b"{}\n")
            await writer.drain()
        writer.close()


async def main() -> None:
    """Run the adapter and the sensors until killed."""
    air = AdapterAir()
    radio = VirtualRadio()
    radio._air = air
    await air.open_adapter()
    bench = Bench(radio)
    await bench.renew()
    server = await asyncio.start_unix_server(bench.serve, SOCKET)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
