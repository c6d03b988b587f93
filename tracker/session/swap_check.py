"""Are left and right swapped? What a knee lift and the rest tests say of it."""

import math
from collections.abc import Iterator

from tracker.model import THIGH_SIDES, Notice, NoticeKind, RestTest, Side
from tracker.motion.parameters import MotionParameters
from tracker.session.events import KneeLifted

_STILL_SHARE = 0.5
"""The other leg moved while this one was to be lifted: a leg that lies still takes part by less than this."""


class SwapCheck:
    """Sees what each leg does, and tells when the two seem to be swapped."""

    def __init__(self, parameters: MotionParameters) -> None:
        self._lift_rad = parameters.alignment.knee_lift_range_rad
        self._inward_rad = parameters.rest_test.both_inward_rad
        self._lifts: dict[float, dict[Side, float]] = {}
        self._tests: dict[float, dict[Side, float]] = {}
        self._told_s: float | None = None

    def see_knee_lift(self, lift: KneeLifted) -> Iterator[Notice]:
        """Look at one leg's part of a knee lift, once both are known."""
        side = THIGH_SIDES.get(lift.placement)
        if side is None or lift.asked not in (Side.LEFT, Side.RIGHT):
            return
        # By its beginning: where no mark ends it, each sensor's own last sample does.
        ranges = self._lifts.setdefault(lift.start_s, {})
        ranges[side] = lift.range_rad
        if len(ranges) < len(THIGH_SIDES):
            return
        other = Side.LEFT if lift.asked is Side.RIGHT else Side.RIGHT
        if ranges[other] >= self._lift_rad and ranges[lift.asked] < _STILL_SHARE * ranges[other]:
            text = (
                f"the {lift.asked.value} knee was to be lifted, and the {other.value} thigh's sensor moved "
                f"by {math.degrees(ranges[other]):.0f} deg: left and right are swapped, or it was the other "
                "knee"
            )
            self._told_s = lift.end_s
            yield Notice(lift.end_s, NoticeKind.SWAPPED, None, text)

    def see_rest_test(self, test: RestTest, put_on_s: float = -math.inf) -> Iterator[Notice]:
        """Look at one leg's rest test, once both are known: a swap shows two legs that lie turned inwards.

        What was told since the sensors were put on is not told again.

        Args:
            put_on_s: when the thighs' sensors were put on as they sit; minus infinity from the beginning on.
        """
        if test.hip_rotation_rad is None:
            return
        rotations = self._tests.setdefault(test.start_s, {})
        rotations[test.side] = test.hip_rotation_rad
        told = self._told_s is not None and self._told_s >= put_on_s
        if len(rotations) == len(THIGH_SIDES) and min(rotations.values()) > self._inward_rad and not told:
            self._told_s = test.end_s
            text = "both legs lie turned inwards: unless they do, left and right are swapped"
            yield Notice(test.end_s, NoticeKind.SWAPPED, None, text)
