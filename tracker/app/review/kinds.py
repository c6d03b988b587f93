"""What phases are called on the page."""

from tracker.app.words import Words
from tracker.model import PhaseKind


def phase_name(words: Words, kind: PhaseKind) -> str:
    """The name of a kind of phase."""
    match kind:
        case PhaseKind.DONNING:
            return words("Strapped on anew")
        case PhaseKind.STANDING:
            return words("Standing")
        case PhaseKind.KNEE_LIFT:
            return words("Knee lift")
        case PhaseKind.REFERENCE:
            return words("Reference pose")
        case PhaseKind.REST:
            return words("Rest test")
        case PhaseKind.DEMONSTRATION:
            return words("Demonstration")
        case PhaseKind.SET:
            return words("Set")
