"""What happens to notifications between a virtual sensor and its receiver."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True)
class DeliveryFaults:
    """Shares of notifications that something happens to, each 0 to 1; the seed says which ones.

    Real links lose or double notifications in the receiver's own system, and never change their order.

    Attributes:
        dropped: lost.
        doubled: arrive twice.
        swapped: arrive after the one that follows.
        late: arrive `late_s` later than the others.
        late_s: seconds of the simulated motion.
        corrupted: arrive with one bit changed, as from worn memory.
        seed: another seed, other notifications.
    """

    dropped: float = 0.0
    doubled: float = 0.0
    swapped: float = 0.0
    late: float = 0.0
    late_s: float = 0.3
    corrupted: float = 0.0
    seed: int = 0

    def __post_init__(self) -> None:
        """Refuses what is no share.

        Raises:
            ValueError: a share below 0 or above 1.
        """
        for name in ("dropped", "doubled", "swapped", "late", "corrupted"):
            share = getattr(self, name)
            if not 0.0 <= share <= 1.0:
                raise ValueError(f"{name} = {share!r} is no share from 0 to 1")


@dataclass(frozen=True, slots=True)
class Delivered:
    """One notification as it arrives.

    Attributes:
        delay_s: seconds of the simulated motion that it comes late.
    """

    payload: bytes
    delay_s: float = 0.0


class Delivery:
    """The way of the notifications of one characteristic; the same seed and notifications, the same way."""

    def __init__(self, faults: DeliveryFaults) -> None:
        self._faults = faults
        self._chance = np.random.default_rng(faults.seed)
        self._bits = np.random.default_rng([faults.seed, 1])
        self._held: Delivered | None = None

    def pass_on(self, payload: bytes) -> list[Delivered]:
        """What arrives when a notification is sent, in its order."""
        faults = self._faults
        # always five draws, so that one share does not change what another one hits
        dropped, doubled, swapped, late, corrupted = self._chance.random(5)
        held, self._held = self._held, None
        rest = [] if held is None else [held]
        if dropped < faults.dropped:
            return rest
        if corrupted < faults.corrupted:
            payload = self._with_one_bit_changed(payload)
        one = Delivered(payload, faults.late_s if late < faults.late else 0.0)
        if swapped < faults.swapped and held is None:
            self._held = one
            return []
        return [one] * (2 if doubled < faults.doubled else 1) + rest

    def _with_one_bit_changed(self, payload: bytes) -> bytes:
        place = int(self._bits.integers(8 * len(payload)))
        changed = bytearray(payload)
        changed[place // 8] ^= 1 << place % 8
        return bytes(changed)
