"""Where sensors sit and how a body lies."""

from enum import StrEnum


class Placement(StrEnum):
    """Where a sensor sits."""

    LEFT_THIGH = "left_thigh"
    RIGHT_THIGH = "right_thigh"
    PELVIS = "pelvis"

    # Equal to its text, so of the same hash; and every notification is looked up by it.
    __hash__ = str.__hash__


class Side(StrEnum):
    """A body side; `BOTH` where an exercise moves both legs."""

    LEFT = "left"
    RIGHT = "right"
    BOTH = "both"

    @property
    def sign(self) -> int:
        """+1 right, -1 left: the factor that makes internal rotation positive on both legs."""
        if self is Side.BOTH:
            raise ValueError("only one leg has a sign")
        return 1 if self is Side.RIGHT else -1

    @property
    def thighs(self) -> tuple[Placement, ...]:
        """The thigh placements that this side speaks of."""
        return {
            Side.LEFT: (Placement.LEFT_THIGH,),
            Side.RIGHT: (Placement.RIGHT_THIGH,),
            Side.BOTH: (Placement.LEFT_THIGH, Placement.RIGHT_THIGH),
        }[self]


THIGH_SIDES: dict[Placement, Side] = {Placement.LEFT_THIGH: Side.LEFT, Placement.RIGHT_THIGH: Side.RIGHT}


class Posture(StrEnum):
    """How the body lies, sits or stands."""

    SUPINE = "supine"
    HOOK_LYING = "hook_lying"
    """On the back, knees bent, feet planted."""
    PRONE = "prone"
    LEFT_SIDE_DOWN = "left_side_down"
    RIGHT_SIDE_DOWN = "right_side_down"
    SEATED = "seated"
    STANDING = "standing"
