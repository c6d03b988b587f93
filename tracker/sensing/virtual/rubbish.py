"""Random bytes in place of what a characteristic should hold."""

from dataclasses import dataclass
from enum import Enum, auto

import numpy as np


class Channel(Enum):
    """A characteristic whose values a sensor sends or is read for."""

    CAPABILITIES = auto()
    CONTROL = auto()
    STREAM = auto()
    BACKFILL = auto()
    STATUS = auto()
    BATTERY = auto()


@dataclass(frozen=True, slots=True)
class Rubbish:
    """Which values are random bytes.

    Attributes:
        channels: characteristics that it happens on.
        share: of their values, 0 to 1.
        seed: another seed, other values and bytes.
    """

    channels: frozenset[Channel] = frozenset()
    share: float = 1.0
    seed: int = 0


class Spoiler:
    """Puts random bytes in place of values; the same seed and values, the same bytes."""

    LONGEST_BYTES = 244
    """What fits a notification at the usual MTU of 247."""

    def __init__(self, rubbish: Rubbish) -> None:
        self._rubbish = rubbish
        self._chance = np.random.default_rng(rubbish.seed)

    def spoil(self, channel: Channel, value: bytes) -> bytes:
        """The value, or random bytes of any length in its place."""
        if channel not in self._rubbish.channels or self._chance.random() >= self._rubbish.share:
            return value
        return self._chance.bytes(int(self._chance.integers(self.LONGEST_BYTES + 1)))
