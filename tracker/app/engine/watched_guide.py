"""A guide that can be asked at any moment where the session is."""

from tracker.model import PhaseMark
from tracker.session.guide import Board
from tracker.session.guide_position import GuidePosition
from tracker.session.prompt import Prompt
from tracker.session.steered_guide import SteeredConductor


class WatchedGuide:
    """Leads as the steered guide does.

    Attributes:
        steered: what the person's wishes go to.
    """

    def __init__(self, steered: SteeredConductor) -> None:
        self.steered = steered
        self._now_s = 0.0

    @property
    def done(self) -> bool:
        """True when the session is over."""
        return self.steered.done

    @property
    def position(self) -> GuidePosition:
        """Where the session is."""
        return self.steered.position(self._now_s)

    def advance(self, now_s: float, board: Board) -> list[PhaseMark]:
        """The marks that are due."""
        self._now_s = now_s
        return self.steered.advance(now_s, board)

    def stop(self, now_s: float) -> list[PhaseMark]:
        """End what is on, and the session."""
        return self.steered.stop(now_s)

    def prompt(self, now_s: float) -> Prompt:
        """What the person reads now."""
        return self.steered.prompt(now_s)
