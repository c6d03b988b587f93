"""Drawings of poses and movements, made of a few strokes; `drawing_of` finds the one of a step."""

from functools import cache

from tracker.app.drawings import poses
from tracker.app.drawings.strokes import Drawing

__all__ = ["Drawing", "drawing_of", "worn_drawing"]

_KINDS = {"standing": poses.stand_still, "knee_lift": poses.knee_lift, "rest": poses.relaxed}


@cache
def drawing_of(kind: str, exercise: str | None = None, recipe: str | None = None) -> Drawing | None:
    """The drawing of a step of a session; None where there is none.

    Args:
        kind: of the phase, as `PhaseKind`.
        exercise: its name in the catalogue; one of a person's own has the drawing of any movement.
        recipe: of a reference pose, as `ReferenceRecipe`.
    """
    if exercise is not None:
        make = poses.EXERCISES.get(exercise, poses.any_movement)
    elif kind == "reference":
        make = poses.RECIPES.get(recipe or "patella_up", poses.kneecaps_up)
    elif kind in _KINDS:
        make = _KINDS[kind]
    else:
        return None
    return make()


@cache
def worn_drawing() -> Drawing:
    """Where the sensors sit on the body."""
    return poses.worn()
