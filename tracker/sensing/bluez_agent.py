"""BlueZ asks a program, for the person, whether to pair; this one says yes for the sensor that it connects.

Where no program answers, as on a computer without a desktop, BlueZ pairs with nothing, and leaves the read
that wanted it unanswered.
"""

import asyncio
import logging
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dbus_fast import Message
    from dbus_fast.aio import MessageBus

_log = logging.getLogger(__name__)

AGENT_PATH = "/hip_rotation_tracker/agent"
AGENT_INTERFACE = "org.bluez.Agent1"
REGISTER_TIMEOUT_S = 2.0
"""BlueZ answers within milliseconds, or hangs; a link is tried all the same."""

_CONSENTS = frozenset({"RequestConfirmation", "RequestAuthorization", "AuthorizeService"})
_TOLD = frozenset({"Release", "Cancel"})


def refusal_of(member: str, device_path: str, address: str) -> str | None:
    """Why a question of BlueZ is answered by no; None for yes.

    Args:
        member: method that BlueZ calls.
        device_path: D-Bus path of the device that it asks about.
        address: the one device that may pair.
    """
    if member in _TOLD:
        return None
    if member not in _CONSENTS:
        return "no code can be given"
    wanted = "/dev_" + address.upper().replace(":", "_")
    return None if device_path.endswith(wanted) else "another device"


@asynccontextmanager
async def consenting(address: str) -> AsyncIterator[None]:
    """Meanwhile BlueZ may pair with one device that needs no code; without BlueZ this changes nothing."""
    if sys.platform != "linux":
        yield
        return
    bus = await _registered(address)
    try:
        yield
    finally:
        if bus is not None:
            # BlueZ forgets an agent whose program leaves the bus
            bus.disconnect()


async def _registered(address: str) -> "MessageBus | None":
    """A bus on which the agent answers; None where there is none."""
    # there on Linux alone
    from dbus_fast import BusType, Message, MessageType
    from dbus_fast.aio import MessageBus
    from dbus_fast.errors import DBusError

    def answer(message: Message) -> Message | None:
        if message.message_type is not MessageType.METHOD_CALL or message.interface != AGENT_INTERFACE:
            return None
        refusal = refusal_of(message.member or "", str(message.body[0]) if message.body else "", address)
        if refusal is None:
            return Message.new_method_return(message)
        return Message.new_error(message, "org.bluez.Error.Rejected", refusal)

    bus = MessageBus(bus_type=BusType.SYSTEM)
    try:
        async with asyncio.timeout(REGISTER_TIMEOUT_S):
            await bus.connect()
            bus.add_message_handler(answer)
            await bus.call(_manager_call("RegisterAgent", "os", [AGENT_PATH, "NoInputNoOutput"]))
            await bus.call(_manager_call("RequestDefaultAgent", "o", [AGENT_PATH]))
    except (OSError, EOFError, DBusError) as error:
        _log.info("BlueZ has nobody to ask for pairing: %s", error)
        bus.disconnect()
        return None
    return bus


def _manager_call(member: str, signature: str, body: list[str]) -> "Message":
    from dbus_fast import Message

    return Message(
        destination="org.bluez",
        path="/org/bluez",
        interface="org.bluez.AgentManager1",
        member=member,
        signature=signature,
        body=body,
    )
