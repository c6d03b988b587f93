"""What legs, sensors and steps are called on the page."""

from tracker.app.words import Words
from tracker.plan.catalogue import Catalogue


def leg_name(words: Words, side: str | None) -> str:
    """The name of a leg, or of a movement that has no side."""
    match side:
        case "left":
            return words("Left leg")
        case "right":
            return words("Right leg")
        case "both":
            return words("Both legs")
    return words("The movement")


def placement_name(words: Words, placement: str) -> str:
    """Where a sensor sits."""
    match placement:
        case "left_thigh":
            return words("Left thigh")
        case "right_thigh":
            return words("Right thigh")
        case "pelvis":
            return words("Pelvis")
    return placement


def exercise_title(words: Words, catalogue: Catalogue, exercise: str) -> str:
    """The title of an exercise; its name where the catalogue has it no more."""
    entry = catalogue.get(exercise)
    return exercise if entry is None else words.told(entry.title)


def rotation_text(words: Words, rotation_deg: float, digits: int = 0) -> str:
    """A hip rotation with its direction instead of a sign."""
    return _directed(words, rotation_deg, words.degrees(abs(rotation_deg), digits))


def rotation_with_error(words: Words, rotation_deg: float, error_deg: float) -> str:
    """A measured hip rotation with the half width of its 95 % interval."""
    return _directed(words, rotation_deg, words.degrees_with_error(abs(rotation_deg), error_deg))


def _directed(words: Words, rotation_deg: float, angle: str) -> str:
    if rotation_deg > 0.0:
        return words("{angle} inwards", angle=angle)
    return words("{angle} outwards", angle=angle)
