"""A drawing of each pose and movement that a session asks for."""

from collections.abc import Callable, Mapping

from tracker.app.drawings.figures import lying, own_legs, prone, side_lying, sitting, standing
from tracker.app.drawings.strokes import (
    BODY,
    FAR,
    MOVED,
    Drawing,
    arrow,
    band,
    block,
    dot,
    drawing,
    ghost,
    ground,
    head,
    limb,
    sensor,
    turn,
)

_INWARDS = (turn((88, 52), 44, -125, -85), turn((152, 52), 44, -55, -95))
_OUTWARDS = (turn((88, 52), 44, -85, -125), turn((152, 52), 44, -95, -55))


def stand_still() -> Drawing:
    """Upright and still."""
    return drawing("Standing upright and still, feet pointing forwards.", standing())


def knee_lift() -> Drawing:
    """Sliding a heel up and back."""
    return drawing(
        "Lying on the back: one heel slides along the mat towards the seat and back.",
        lying(),
        ghost((112, 116), (139, 69), (166, 116)),
        arrow((214, 100), (176, 100)),
    )


def kneecaps_up() -> Drawing:
    """The reference pose by palpation."""
    return drawing(
        "Both legs straight, as you see them lying on your back: kneecaps and toes point straight up.",
        own_legs(0),
    )


def feet_at_box() -> Drawing:
    """The reference pose against a box."""
    return drawing(
        "Both legs straight, as you see them: the inner borders of the feet lie upright against a box.",
        own_legs(0, spread=30),
        block(101, 8, 38, 52),
    )


def shanks_hanging() -> Drawing:
    """The reference pose on a table's edge."""
    return drawing(
        "Sitting on a table's edge, thighs level, shanks hanging straight down.", sitting((146, 134))
    )


def pelvis_level() -> Drawing:
    """The zero of the pelvis."""
    return drawing(
        "Lying on the back, seen from your feet: both front hip bones are level.",
        ground(124),
        limb((70, 102), (170, 102), width=34),
        dot((84, 86), 7),
        dot((156, 86), 7),
        ghost((40, 78), (200, 78)),
    )


def relaxed() -> Drawing:
    """The rest test."""
    return drawing(
        "Both legs straight and relaxed, as you see them on your back: they fall outwards as they like.",
        own_legs(38),
        *_OUTWARDS,
    )


def roll_in() -> Drawing:
    """Rolling the legs in."""
    return drawing(
        "Lying on the back, legs straight: the whole legs roll inwards, toes up or in, and back.",
        own_legs(30),
        *_INWARDS,
    )


def roll_in_with_band() -> Drawing:
    """The same with a band round the thighs."""
    return drawing(
        "Lying on the back with a band just above the knees: both legs roll inwards, and back.",
        own_legs(30),
        band((74, 116), (166, 116)),
        *_INWARDS,
    )


def press_feet() -> Drawing:
    """Pressing the feet inwards."""
    return drawing(
        "Lying on the back, legs straight: the inner borders of the feet press against each other.",
        own_legs(0, spread=11),
        arrow((64, 34), (92, 34)),
        arrow((176, 34), (148, 34)),
    )


def knees_in() -> Drawing:
    """Knees in, feet planted: seen from the foot's end."""
    return drawing(
        "Lying on the back, knees bent, feet planted wide, seen from your feet: the knees come inwards.",
        ground(136),
        limb((62, 132), (70, 52)),
        limb((178, 132), (170, 52)),
        ghost((62, 132), (104, 60)),
        ghost((178, 132), (136, 60)),
        arrow((78, 36), (104, 42)),
        arrow((162, 36), (136, 42)),
    )


def sitting_feet_out() -> Drawing:
    """Seated internal rotation, seen from the front."""
    return drawing(
        "Sitting, seen from the front, knees together: a foot goes outwards against the band.",
        block(72, 64, 96, 14),
        head((120, 16)),
        limb((120, 32), (120, 58), width=20),
        limb((104, 68), (104, 82), width=13),
        limb((136, 68), (136, 82), width=13),
        limb((104, 84), (104, 136)),
        limb((136, 84), (136, 136), colour=MOVED),
        ghost((136, 84), (166, 130)),
        band((104, 128), (136, 128)),
        arrow((146, 142), (176, 136)),
    )


def upper_foot_up() -> Drawing:
    """Reverse clamshell, seen from the foot's end: the shanks lie from the knees to the feet."""
    return drawing(
        "Lying on the side, hips and knees bent: the knees stay together and the upper foot is lifted.",
        ground(136),
        limb((176, 70), (176, 112), colour=FAR, width=40),
        limb((72, 126), (166, 126)),
        limb((72, 112), (166, 112), colour=MOVED),
        ghost((72, 112), (152, 60)),
        arrow((204, 104), (190, 52)),
    )


def feet_apart() -> Drawing:
    """Prone internal rotation, seen from the foot's end."""
    return drawing(
        "Lying on the front, knees bent, seen from your feet: the feet go apart against the band.",
        prone(),
        limb((108, 112), (108, 44)),
        limb((132, 112), (132, 44)),
        ghost((108, 112), (72, 56)),
        ghost((132, 112), (168, 56)),
        band((108, 56), (132, 56)),
        arrow((98, 34), (70, 42)),
        arrow((142, 34), (170, 42)),
    )


def upper_leg_up() -> Drawing:
    """Side-lying leg raise."""
    return drawing(
        "Lying on the side: the straight upper leg is raised, slightly turned in, and lowered.",
        side_lying(),
        limb((168, 116), (148, 118), colour=FAR),
        limb((112, 104), (220, 100), colour=MOVED),
        ghost((112, 104), (208, 50)),
        arrow((228, 90), (220, 56)),
    )


def bridging() -> Drawing:
    """The bridge."""
    return drawing(
        "Lying on the back, feet planted: the pelvis is raised until thighs and trunk are in line.",
        lying(0.95, 0.95),
        ghost((48, 112), (110, 84), (140, 66)),
        arrow((104, 110), (104, 90)),
    )


def sit_and_stand() -> Drawing:
    """Sit to stand."""
    return drawing(
        "Sitting on a chair, then standing up and sitting down again slowly.",
        ground(140),
        sitting((146, 136)),
        ghost((146, 22), (146, 136)),
        arrow((104, 26), (134, 22)),
    )


def shift_to_the_side() -> Drawing:
    """Side shift at the wall."""
    return drawing(
        "Standing upright, seen from the front: the pelvis shifts a little to the side.",
        standing(),
        block(196, 8, 10, 132),
        ghost((120, 34), (136, 74)),
        arrow((142, 74), (172, 74)),
    )


def hike() -> Drawing:
    """Hip hike, seen from the front."""
    return drawing(
        "Standing on one leg, seen from the front: the hanging side of the pelvis is raised, and lowered.",
        ground(142),
        block(84, 128, 34, 14),
        head((120, 16)),
        limb((120, 32), (120, 70)),
        limb((108, 72), (132, 76)),
        limb((108, 74), (104, 124)),
        limb((134, 78), (136, 134), colour=MOVED),
        ghost((108, 72), (134, 66)),
        arrow((156, 90), (156, 62)),
    )


def turn_on_disc() -> Drawing:
    """Standing in-toeing, seen from above."""
    return drawing(
        "Standing with one foot on a turning disc, seen from above: the whole leg turns inwards, and back.",
        f'<circle cx="158" cy="80" r="50" fill="none" stroke="{FAR}" stroke-width="3"/>',
        limb((80, 108), (80, 52), width=20),
        limb((158, 108), (158, 52), colour=MOVED, width=20),
        ghost((158, 108), (130, 58)),
        turn((158, 104), 66, -70, -115),
    )


def any_movement() -> Drawing:
    """A movement that is not known."""
    return drawing(
        "Any movement, there and back, again and again.",
        limb((60, 112), (180, 112)),
        turn((120, 112), 60, 200, 340),
        turn((120, 112), 40, 340, 200),
    )


def worn() -> Drawing:
    """Where sensors sit."""
    return drawing(
        "A person from the front: a sensor on each thigh just above the kneecap, one on the pelvis.",
        standing(),
        sensor(108.5, 96, 2),
        sensor(131.5, 96, -2),
        sensor(120, 70),
        dot((109, 112), 3, BODY),
        dot((131, 112), 3, BODY),
    )


EXERCISES: Mapping[str, Callable[[], Drawing]] = {
    "supine_roll_in": roll_in,
    "hook_lying_knee_roll_in": knees_in,
    "supine_in_toeing": roll_in_with_band,
    "seated_internal_rotation": sitting_feet_out,
    "reverse_clamshell": upper_foot_up,
    "prone_internal_rotation": feet_apart,
    "pelvic_neutral_isometric": press_feet,
    "side_lying_abduction": upper_leg_up,
    "heel_slide": knee_lift,
    "bridge": bridging,
    "sit_to_stand": sit_and_stand,
    "side_shift": shift_to_the_side,
    "hip_hike": hike,
    "standing_in_toeing": turn_on_disc,
    "generic": any_movement,
}
"""By the exercise's name in the catalogue."""

RECIPES: Mapping[str, Callable[[], Drawing]] = {
    "patella_up": kneecaps_up,
    "foot_block": feet_at_box,
    "hanging_shank": shanks_hanging,
    "pelvis_level": pelvis_level,
}
"""By the reference pose's name."""
