"""What a person does when, as a live session marks it and a recording keeps it."""

from dataclasses import dataclass
from enum import StrEnum

from tracker.model.body import Posture, Side


class PhaseKind(StrEnum):
    """What a person does during an interval of a session."""

    DONNING = "donning"
    """Sensors are strapped on anew: what was known of their straps ends."""
    STANDING = "standing"
    """Upright and still: gives the long axis."""
    KNEE_LIFT = "knee_lift"
    """From lying flat, one knee is lifted or its heel slid up and back: tells side and long axis."""
    REFERENCE = "reference"
    """Neutral pose, still: gives the zero."""
    REST = "rest"
    """Lying relaxed and still: the rest test."""
    DEMONSTRATION = "demonstration"
    """Three repetitions as far as is comfortable: gives the person's own range."""
    SET = "set"
    """Repetitions of one exercise in a row."""


class ReferenceRecipe(StrEnum):
    """How a reference pose is made neutral."""

    PATELLA_UP = "patella_up"
    """On the back, kneecap straight up by palpation."""
    FOOT_BLOCK = "foot_block"
    """On the back, the foot's inner border against a box."""
    HANGING_SHANK = "hanging_shank"
    """Seated on an edge, thigh level, shank hanging free."""
    PELVIS_LEVEL = "pelvis_level"
    """On the back, both front hip bones level: the zero of the pelvis alone."""


class Edge(StrEnum):
    """The beginning or the end of a phase."""

    START = "start"
    END = "end"


@dataclass(frozen=True, slots=True)
class PhaseMark:
    """One edge of a phase, as it happens in a live session and as the recording keeps it.

    Attributes:
        time_s: seconds since the recording's start.
        side: the leg meant; None means all legs that wear a sensor.
        exercise: catalogue name, for a set or a demonstration.
        recipe: how a reference pose is made neutral; None for the one of the settings.
        posture: how the body lies or sits in a rest test; None for on the back.
        goes_on: a set that a pause broke off before goes on; it is measured apart.
    """

    time_s: float
    kind: PhaseKind
    edge: Edge
    side: Side | None = None
    exercise: str | None = None
    recipe: ReferenceRecipe | None = None
    posture: Posture | None = None
    goes_on: bool = False


@dataclass(frozen=True, slots=True)
class Phase:
    """One phase of a session, both edges known; the rest as in `PhaseMark`."""

    start_s: float
    end_s: float
    kind: PhaseKind
    side: Side | None = None
    exercise: str | None = None
    recipe: ReferenceRecipe | None = None
    posture: Posture | None = None

    def mark(self, edge: Edge, time_s: float | None = None) -> PhaseMark:
        """One of its edges, at its own time unless another one is given."""
        own_s = self.start_s if edge is Edge.START else self.end_s
        at_s = own_s if time_s is None else time_s
        return PhaseMark(at_s, self.kind, edge, self.side, self.exercise, self.recipe, self.posture)
