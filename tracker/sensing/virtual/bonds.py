"""What virtual devices remember of their pairings, and how they answer who wants to pair."""

import asyncio
from enum import Enum

from bumble.device import Connection, Device
from bumble.keys import MemoryKeyStore
from bumble.pairing import PairingConfig, PairingDelegate

ENCRYPTION_KEY = PairingDelegate.KeyDistribution.DISTRIBUTE_ENCRYPTION_KEY
IDENTITY_KEY = PairingDelegate.KeyDistribution.DISTRIBUTE_IDENTITY_KEY


class PairingAnswer(Enum):
    """How a device answers who wants to pair with it."""

    ACCEPT = "accept"
    REFUSE = "refuse"
    NONE = "none"


class Bonds:
    """The keys of each device by its address; they outlast its being switched off.

    Pairing is "Just Works" by LE Secure Connections with bonding. The link in memory exchanges the keys and
    compares them, but ciphers nothing.
    """

    def __init__(self) -> None:
        self._keys: dict[str, MemoryKeyStore] = {}
        self._answers: dict[str, PairingAnswer] = {}

    def keys_of(self, address: str) -> MemoryKeyStore:
        """The keys of one device, by the addresses of those that it has paired with."""
        return self._keys.setdefault(address, MemoryKeyStore())

    def set_answer(self, address: str, answer: PairingAnswer) -> None:
        """Tell how a device answers from now on; it accepts until told otherwise."""
        self._answers[address] = answer

    def answer_of(self, address: str) -> PairingAnswer:
        """How a device answers."""
        return self._answers.get(address, PairingAnswer.ACCEPT)

    def equip(self, device: Device, address: str) -> None:
        """Give a device its keys and its answers, before it is switched on."""

        def pairing_config(_connection: Connection) -> PairingConfig:
            return PairingConfig(
                mitm=False,
                delegate=_Delegate(self, address),
                identity_address_type=PairingConfig.AddressType.RANDOM,
            )

        device.keystore = self.keys_of(address)
        device.pairing_config_factory = pairing_config


class _Delegate(PairingDelegate):
    def __init__(self, bonds: Bonds, address: str) -> None:
        # a peripheral has a fixed address: were its identity key known, bumble would scan before it connects
        super().__init__(
            local_initiator_key_distribution=ENCRYPTION_KEY | IDENTITY_KEY,
            local_responder_key_distribution=ENCRYPTION_KEY,
        )
        self._bonds = bonds
        self._address = address

    async def accept(self) -> bool:
        answer = self._bonds.answer_of(self._address)
        if answer is PairingAnswer.NONE:
            await asyncio.Event().wait()
        return answer is PairingAnswer.ACCEPT
