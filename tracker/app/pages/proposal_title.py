"""What a proposal of the plan is called on the page."""

from tracker.app.words import Words
from tracker.plan.growth import ChangeKind


def proposal_title(words: Words, kind: ChangeKind, exercise: str, phase: str | None = None) -> str:
    """What a proposal asks for, in a line.

    Args:
        exercise: as people call it.
        phase: the title of the phase that would begin, where it is known.
    """
    match kind:
        case ChangeKind.HARDER:
            return words("Make it harder: {exercise}", exercise=exercise)
        case ChangeKind.EASIER:
            return words("Make it easier: {exercise}", exercise=exercise)
        case ChangeKind.STOP:
            return words("Leave it out: {exercise}", exercise=exercise)
        case ChangeKind.RESUME:
            return words("Take it up again: {exercise}", exercise=exercise)
        case ChangeKind.PHASE if phase is not None:
            return words("Begin the next phase: {phase}", phase=words.told(phase))
        case ChangeKind.PHASE:
            return words("Begin the next phase of the plan")
    return words("Change the plan")
