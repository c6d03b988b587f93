"""Sensors that give their data to encrypted links only: pair when one asks for it, and ask once more.

The operating system keeps the keys: a sensor that was paired once is encrypted from the beginning of a link.
"""

import asyncio
import logging
import sys
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager, nullcontext
from typing import Protocol, TypeVar
from weakref import WeakKeyDictionary

from bleak.exc import BleakDBusError, BleakGATTProtocolError, BleakGATTProtocolErrorCode

from tracker.errors import BluetoothError
from tracker.sensing.bluetooth_errors import LINK_ERRORS
from tracker.sensing.bluez_agent import consenting
from tracker.sensing.parameters import Encryption

_log = logging.getLogger(__name__)
T = TypeVar("T")

MAC_PAUSE_S = 0.5
"""Pause between two tries on a Mac, which pairs in the background."""

_ASKS_FOR_ENCRYPTION = (
    BleakGATTProtocolErrorCode.INSUFFICIENT_AUTHENTICATION,
    BleakGATTProtocolErrorCode.INSUFFICIENT_ENCRYPTION,
)

_LET_IT_PAIR = "Hold the sensor close and let it pair (many want a button held until a light blinks)."

_PAIR_BY_BLUEZ = (
    "Let the sensor pair (many want a button held until a light blinks), pair it in the desktop's Bluetooth"
    " settings or in `bluetoothctl`, and try again."
)


_PAIRING: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Lock] = WeakKeyDictionary()


def _one_at_a_time() -> asyncio.Lock:
    """Held while a sensor is paired: BlueZ refuses a second pairing on the adapter meanwhile."""
    return _PAIRING.setdefault(asyncio.get_running_loop(), asyncio.Lock())


class PairingClient(Protocol):
    """What is needed of a client of bleak."""

    @property
    def is_connected(self) -> bool:
        """Whether the link stands."""
        ...

    async def pair(self) -> None:
        """Pair; raises what bleak raises."""
        ...


class PairingError(BluetoothError):
    """A link is not encrypted though it must be; another try alone would not change that."""


def asks_for_encryption(error: Exception) -> bool:
    """Whether a refusal says that the link must be encrypted first.

    The attribute protocol has two codes for it; BlueZ says "Not paired" for both.
    """
    if isinstance(error, BleakGATTProtocolError):
        return error.code in _ASKS_FOR_ENCRYPTION
    if isinstance(error, BleakDBusError):
        return error.dbus_error == "org.bluez.Error.NotPermitted" and error.dbus_error_details == "Not paired"
    return False


class LinkEncryption:
    """The encryption of one link.

    Args:
        name, address: the sensor's, for messages.
        request_timeout_s: longest wait for the answer to a read, write or subscription.
        pairing_timeout_s: longest wait for the person and the sensor to pair.
        on_system_radio: the radio is the operating system's own, which may ask for consent.
        pairs_by_itself: the system pairs by itself when a sensor asks for it, as macOS does; no program can.
    """

    def __init__(
        self,
        name: str,
        address: str,
        *,
        request_timeout_s: float,
        pairing_timeout_s: float,
        on_system_radio: bool = False,
        pairs_by_itself: bool = sys.platform == "darwin",
    ) -> None:
        self._name = name
        self._address = address
        self._request_timeout_s = request_timeout_s
        self._pairing_timeout_s = pairing_timeout_s
        self._pairs_by_itself = pairs_by_itself
        self._on_system_radio = on_system_radio
        self._answered = False

    async def carry_out(self, client: PairingClient, step: Callable[[], Awaitable[T]]) -> T:
        """Do a step on the link; where the sensor asks for encryption, pair and do it again.

        Raises:
            PairingError: the sensor asks for encryption, and pairing does not give it.
            BleakError, OSError, EOFError: whatever else the step meets; no answer in time is a TimeoutError.
        """
        try:
            return await self._in_time(step)
        except LINK_ERRORS as error:
            if not asks_for_encryption(error):
                raise
            _log.info("%s asks for an encrypted link: %s", self._name, error)
        if self._pairs_by_itself:
            return await self._when_mac_has_paired(step)
        await self.pair(client)
        try:
            return await self._in_time(step)
        except LINK_ERRORS as error:
            if asks_for_encryption(error):
                raise self._forgotten() from error
            raise

    async def pair(self, client: PairingClient) -> None:
        """Pair; where the system remembers a pairing, this changes nothing.

        Raises:
            PairingError: the sensor refuses or does not answer in time, or the system lets no program pair.
            BleakError, OSError, EOFError: the link broke.
        """
        try:
            async with _one_at_a_time(), asyncio.timeout(self._pairing_timeout_s), self._consent():
                await client.pair()
        except NotImplementedError as error:
            raise self._only_when_asked() from error
        except TimeoutError as error:
            raise self._unanswered() from error
        except LINK_ERRORS as error:
            if not client.is_connected:
                raise
            # BlueZ lets nothing pair while no program answers its questions for the person
            advice = _PAIR_BY_BLUEZ if isinstance(error, BleakDBusError) else _LET_IT_PAIR
            raise self._error(f"{self._name} cannot be paired: {error}", advice) from error

    def _consent(self) -> AbstractAsyncContextManager[None]:
        return consenting(self._address) if self._on_system_radio else nullcontext()

    async def _in_time(self, step: Callable[[], Awaitable[T]]) -> T:
        # a Mac asks the person within the first access, and waits for an answer before it goes on
        asking = self._pairs_by_itself and not self._answered
        async with asyncio.timeout(self._pairing_timeout_s if asking else self._request_timeout_s):
            result = await step()
        self._answered = True
        return result

    async def _when_mac_has_paired(self, step: Callable[[], Awaitable[T]]) -> T:
        try:
            async with asyncio.timeout(self._pairing_timeout_s):
                while True:
                    await asyncio.sleep(MAC_PAUSE_S)
                    try:
                        return await step()
                    except LINK_ERRORS as error:
                        if not asks_for_encryption(error):
                            raise
        except TimeoutError as error:
            raise self._error(
                f"{self._name} wants an encrypted link, and this Mac has not paired with it",
                "Answer the Mac's question whether to connect. If it asks nothing, remove the sensor in"
                " System Settings > Bluetooth, switch the sensor off and on, and try again.",
            ) from error

    def _forgotten(self) -> PairingError:
        return self._error(
            f"{self._name} is paired and still refuses: it has forgotten the pairing, or wants a code",
            "Remove the sensor in the system's Bluetooth settings"
            f" (Linux: `bluetoothctl remove {self._address}`), let it pair, and try again.",
        )

    def _unanswered(self) -> PairingError:
        return self._error(f"{self._name} did not pair within {self._pairing_timeout_s:g} s", _LET_IT_PAIR)

    def _only_when_asked(self) -> PairingError:
        return self._error(
            f"{self._name} cannot be paired by a program on this system, which pairs by itself",
            f'Set encrypt = "{Encryption.WHEN_ASKED}" in the table link of the settings; the system pairs'
            " once the sensor asks for it.",
        )

    def _error(self, message: str, advice: str) -> PairingError:
        return PairingError(message, advice=advice, sensor=self._name)
