"""What a scenario is."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeAlias

Figures: TypeAlias = dict[str, object]
"""What was measured, by name with its unit; filled in as it comes, so that a failure leaves the rest."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """One thing that must work on real BlueZ.

    Attributes:
        name: in the results, and to choose it by.
        run: puts figures into what it is given, and returns what was wrong, in plain words.
    """

    name: str
    run: Callable[[Figures], Awaitable[list[str]]]
