"""What is known of a person from their earlier sessions, as it was known when a session began."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from tracker.model import Placement, ReferenceRange, Side
from tracker.motion.rest.repeatability import Repeatability

Axis = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class PersonalRecord:
    """What a session takes over from the earlier ones; stored with it, so that a replay takes over the same.

    Attributes:
        repeatability: how well rest tests of each leg repeat; a leg that is missing takes the assumption.
        ranges: own ranges of motion that were shown.
        fronts: (3,) up in each sensor's frame in the last session's reference pose.
    """

    repeatability: Mapping[Side, Repeatability] = field(default_factory=dict)
    ranges: tuple[ReferenceRange, ...] = ()
    fronts: Mapping[Placement, Axis] = field(default_factory=dict)
