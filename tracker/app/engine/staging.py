"""Where the sensors of a session come from: the paired ones, or simulated ones that do what is asked."""

from contextlib import AbstractAsyncContextManager
from typing import Protocol

from tracker.app.engine.watched_guide import WatchedGuide
from tracker.session.radio import check_virtual_radio
from tracker.session.sensor_session import Stage, WornSession, paired
from tracker.session.workplace import Workplace


class StageMaker(Protocol):
    """Gives the stage of a session."""

    def __call__(
        self, place: Workplace, session: WornSession, guide: WatchedGuide, *, simulated: bool
    ) -> AbstractAsyncContextManager[Stage]:
        """The stage of a session, led by a guide."""
        ...


def stage_for(
    place: Workplace, session: WornSession, guide: WatchedGuide, *, simulated: bool
) -> AbstractAsyncContextManager[Stage]:
    """The stage of a session, led by a guide.

    Raises:
        UsageError: simulated sensors are asked for, and what they need is not installed.
    """
    if not simulated:
        return paired(place, session, guide)
    check_virtual_radio()
    from tracker.session.simulated_following import following_stage

    return following_stage(place, lambda _now_s: guide, guide.steered.position)
