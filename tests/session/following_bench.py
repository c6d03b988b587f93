"""A guided session with a body that follows, without a radio and faster than the clock, for the tests."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
from frame_bench import FRAME_SAMPLES, ORIGIN_NS, PARAMETERS, Sender, identity

from tracker.model import Analysis, PhaseMark, Placement
from tracker.sensing.body.feed import BodyFeed
from tracker.sensing.body.following import FollowingBody
from tracker.session.analyser import SessionAnalyser
from tracker.session.guide import GuideParameters, Step
from tracker.session.simulated_following import FollowedConductor
from tracker.session.status import StatusBoard
from tracker.session.steered_guide import SteeredConductor

GUIDE = GuideParameters(
    prepare_s=2.0,
    standing_s=2.0,
    reference_s=2.0,
    knee_lift_s=7.0,
    settle_s=2.0,
    settle_again_s=3.0,
    rest_s=6.0,
    rest_repeats=2,
    set_end_s=20.0,
    set_finish_s=2.0,
    set_limit_s=120.0,
    finish_wait_s=0.0,
)
FRAME_S = FRAME_SAMPLES / 100.0
MOTION_BEGINS_S = 1.0
"""On the recording's time line, as in a live session: its first samples are not before its beginning."""

Steering = Callable[[float, SteeredConductor], None]


@dataclass(slots=True)
class Followed:
    """What came of a session.

    Attributes:
        marks: by the recording's time line.
    """

    analysis: Analysis
    body: FollowingBody
    marks: list[PhaseMark] = field(default_factory=list)

    def true_rotation_rad(self, time_s: float) -> tuple[float, float]:
        """True internal rotation of the left and the right hip at a time of the recording."""
        pose = self.body.done().pose(np.array([time_s - MOTION_BEGINS_S]))
        return float(pose.left.internal_rotation_rad[0]), float(pose.right.internal_rotation_rad[0])


def follow(
    steps: Sequence[Step], body: FollowingBody, steer: Steering = lambda _now_s, _guide: None
) -> Followed:
    """Lead a body through steps; the guide is looked at after each frame of the three sensors.

    Args:
        steer: what the person says, asked each time before the guide goes on.
    """
    session = body.worn()
    guide = SteeredConductor(tuple(steps), GUIDE)
    now_s = MOTION_BEGINS_S
    conductor = FollowedConductor(guide, guide.position, body, lambda: now_s - MOTION_BEGINS_S)
    analyser = SessionAnalyser(tuple(Placement), ORIGIN_NS, PARAMETERS)
    board = StatusBoard(analyser)
    senders: dict[Placement, tuple[Sender, BodyFeed]] = {}
    for number, placement in enumerate(Placement):
        analyser.begin_sensor(placement, identity(placement, number))
        senders[placement] = (Sender(placement, now_s=MOTION_BEGINS_S), session.feed(placement))
    followed = Followed(analyser.analysis(), body)
    while not conductor.done:
        steer(now_s, guide)
        marks = conductor.advance(now_s, board)
        for mark in marks:
            analyser.take_mark(mark)
        followed.marks += marks
        now_s += FRAME_S
        for sender, feed in senders.values():
            frame = sender.frame(counts=feed.counts(sender.index, FRAME_SAMPLES))
            board.see_events(analyser.take_notifications([frame]))
    analyser.finish()
    followed.analysis = analyser.analysis()
    return followed
