"""The bodies that drawings show: lying, sitting and standing figures, and legs as one sees them oneself."""

from math import cos, radians, sin

from tracker.app.drawings.strokes import (
    BODY,
    FAR,
    MOVED,
    Point,
    block,
    dot,
    ground,
    head,
    limb,
)

_MAT_Y = 124.0


def lying(near_knee_up: float = 0.0, far_knee_up: float = 0.0, *, near: str = BODY) -> str:
    """On the back, the head at the left.

    Args:
        near_knee_up, far_knee_up: how far a knee is drawn up: 0 straight, 1 foot planted.
        near: colour of the nearer leg.
    """
    return "".join(
        (
            ground(_MAT_Y),
            head((28, 112)),
            limb((44, 116), (110, 116)),
            limb(*_leg(far_knee_up), colour=FAR),
            limb(*_leg(near_knee_up), colour=near),
        )
    )


def _leg(up: float) -> tuple[Point, Point, Point]:
    ankle_x = 222 - 58 * up
    reach = ankle_x - 112
    knee_y = 116 - max(0.0, 55.0**2 - (reach / 2) ** 2) ** 0.5
    return (112, 116), (112 + reach / 2, knee_y), (ankle_x, 116)


def sitting(foot: Point = (150, 134), *, shank: str = BODY) -> str:
    """On a chair or the edge of a table, seen from the side."""
    return "".join(
        (
            block(52, 88, 62, 50),
            head((84, 22)),
            limb((84, 38), (84, 80)),
            limb((84, 80), (146, 80)),
            limb((146, 80), foot, colour=shank),
        )
    )


def standing(middle: float = 120.0, *, lean: float = 0.0) -> str:
    """Upright, seen from the front.

    Args:
        lean: how far the pelvis is to the side.
    """
    hip = middle + lean
    return "".join(
        (
            ground(142),
            head((middle, 16)),
            limb((middle, 32), (hip, 72)),
            limb((middle, 42), (middle - 20, 70), colour=FAR, width=6),
            limb((middle, 42), (middle + 20, 70), colour=FAR, width=6),
            limb((hip - 10, 74), (hip + 10, 74)),
            limb((hip - 11, 76), (middle - 12, 138)),
            limb((hip + 11, 76), (middle + 12, 138)),
        )
    )


def own_legs(turned_out_deg: float, *, spread: float = 32.0, colour: str = BODY) -> str:
    """Both legs straight, as one sees them oneself lying on the back: the left one at the left.

    Args:
        turned_out_deg: how far kneecaps and toes point outwards; negative is inwards.
        spread: from one leg to the middle.
    """
    return "".join(_own_leg(120 + sign * spread, sign * turned_out_deg, colour) for sign in (-1, 1))


def _own_leg(x: float, turned_right_deg: float, colour: str) -> str:
    angle = radians(turned_right_deg)
    foot = (x + 34 * sin(angle), 52 - 34 * cos(angle))
    kneecap = (x + 9 * sin(angle), 96 - 3 * cos(angle))
    return "".join(
        (
            limb((x, 146), (x, 56), colour=FAR, width=24),
            limb((x, 54), foot, colour=colour, width=13),
            dot(kneecap, 7, MOVED),
        )
    )


def side_lying() -> str:
    """On the side, hips and knees bent, seen from the front; the upper leg is not drawn."""
    return "".join(
        (
            ground(_MAT_Y),
            head((30, 98)),
            limb((46, 104), (112, 108), width=13),
            limb((112, 116), (168, 116), colour=FAR),
        )
    )


def prone() -> str:
    """On the front, seen from the foot's end: pelvis and thighs, the shanks are not drawn."""
    return "".join((ground(132), block(84, 108, 72, 22), limb((96, 118), (144, 118), width=16)))
