"""What was refused in a session, and whether it helps to ask for it again.

Who moved can lie still. A sensor that sends nothing is mended by no pose: while it is away there is nothing
to ask for. A thigh's own absence needs no care here, as its poses and tests are judged when it is back.
"""

from collections.abc import Collection
from dataclasses import dataclass

from tracker.model import PhaseKind, Placement, RestTest
from tracker.motion.frames.alignment import NO_POSE_SAMPLES
from tracker.motion.rest.rest_test import CONTRADICTION, NO_PELVIS_SAMPLES
from tracker.session.events import KneeLifted, PoseTaken


@dataclass(frozen=True, slots=True)
class Refusal:
    """A pose, a knee lift or a rest test that the analysis refused.

    Attributes:
        missing: the sensor that sent nothing meanwhile, where that is the reason.
    """

    kind: PhaseKind
    end_s: float
    reason: str
    missing: Placement | None = None


def refusal_of(event: PoseTaken | KneeLifted | RestTest) -> Refusal | None:
    """The refusal that an event tells; None where it tells of none."""
    if event.refused is None:
        return None
    missing = None
    if isinstance(event, RestTest):
        kind = PhaseKind.REST
        missing = Placement.PELVIS if event.refused == NO_PELVIS_SAMPLES else None
    elif isinstance(event, PoseTaken):
        kind = event.kind
        missing = event.placement if event.refused == NO_POSE_SAMPLES else None
    else:
        kind = PhaseKind.KNEE_LIFT
    return Refusal(kind, event.end_s, event.refused, missing)


class Refusals:
    """The refusals of a session so far."""

    def __init__(self) -> None:
        self._seen: list[Refusal] = []

    def see(self, refusal: Refusal) -> None:
        """One more."""
        self._seen.append(refusal)

    def may_mend(self, kind: PhaseKind, since_s: float, away: Collection[Placement]) -> bool:
        """Whether something that ended after a time was refused, and can be measured if it is done again.

        Args:
            away: the sensors that send nothing now.
        """
        recent = self._since(kind, since_s)
        return any(map(self._is_mended_by_doing, recent)) and self.lacking(kind, since_s, away) is None

    def lacking(self, kind: PhaseKind, since_s: float, away: Collection[Placement]) -> str | None:
        """Why something that ended after a time was refused, and would be again: a sensor is still away."""
        return next((one.reason for one in self._since(kind, since_s) if one.missing in away), None)

    def _since(self, kind: PhaseKind, since_s: float) -> list[Refusal]:
        # what a lost link brought late may have ended before what was refused already
        return [one for one in self._seen if one.kind is kind and one.end_s > since_s]

    def _is_mended_by_doing(self, refusal: Refusal) -> bool:
        """A belt that slid is taken as it sits by a new reference pose; sensors that are swapped are not."""
        before = (one for one in self._seen if one.end_s < refusal.end_s)
        return refusal.reason != CONTRADICTION or all(one.reason != CONTRADICTION for one in before)
