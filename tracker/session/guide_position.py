"""Where a steered session is, for a view."""

from dataclasses import dataclass

from tracker.session.guide import Step


@dataclass(frozen=True, slots=True)
class GuidePosition:
    """Where a steered session is.

    Attributes:
        step: what is done or comes next; None after the last one, while the guide waits for `finish`.
        number, total: place of the step among all, from 1; after the last step the number of all.
        running: true while the phase is on.
        paused: nothing goes on until the person resumes.
        resting: the step is announced, and comes after a set: this is the rest between them.
        seconds_left: to the beginning or the end of the phase, or until the session ends by itself; None
            where that is open. It stands still in a pause.
        set_number, sets: place of a set among those of its exercise and side, from 1; None where it is none.
        can_repeat_rest_test: the session has a rest test, and no further one waits already.
    """

    step: Step | None
    number: int
    total: int
    running: bool = False
    paused: bool = False
    resting: bool = False
    seconds_left: float | None = None
    set_number: int | None = None
    sets: int | None = None
    can_repeat_rest_test: bool = False

    @property
    def waiting(self) -> bool:
        """True while a step is announced and has not begun."""
        return self.step is not None and not self.running
