"""A guided session on the virtual radio, in real time: a body that follows, and a link that breaks."""

import asyncio
import math
from dataclasses import replace
from pathlib import Path

import pytest

from tracker.home import Home
from tracker.model import PhaseKind, Placement, ReferenceRecipe, Side
from tracker.sensing.body.following import FollowingBody
from tracker.session.guide import GuideParameters, rest_test_steps, set_step
from tracker.session.keeping import StoreKeeper
from tracker.session.sensor_session import live_session, run_and_keep
from tracker.session.simulated_following import FollowingStage, following_stage
from tracker.session.status import SessionStatus
from tracker.session.steered_guide import StepConductor
from tracker.session.workplace import workplace

GUIDE = GuideParameters(
    prepare_s=1.6,
    standing_s=1.5,
    reference_s=1.6,
    settle_s=2.0,
    rest_s=5.6,
    set_finish_s=1.0,
    set_limit_s=60.0,
)
STEPS = (
    *rest_test_steps(GUIDE, ReferenceRecipe.PATELLA_UP, 1, pelvis_worn=True),
    set_step("supine_roll_in", "Roll both legs in.", Side.BOTH, 4, GUIDE),
)


@pytest.mark.long
async def test_what_is_stored_is_what_the_body_did_although_a_link_broke(tmp_path: Path) -> None:
    place = workplace(Home(tmp_path))
    place = replace(place, settings=replace(place.settings, guide=GUIDE))
    guide, body = StepConductor(STEPS, GUIDE), FollowingBody()
    losing: list[asyncio.Task[None]] = []
    states: set[str] = set()

    def view(status: SessionStatus) -> None:
        states.update(one.state for one in status.sensors if one.placement is Placement.LEFT_THIGH)
        counted = any(one.valid for one in status.counts)
        if counted and status.prompt.kind is PhaseKind.SET and not losing:
            losing.append(asyncio.create_task(stage.sensors[Placement.LEFT_THIGH].leave(1.0)))

    stage: FollowingStage
    with place.database() as database:
        keeper = StoreKeeper(database, place.home)
        async with following_stage(place, lambda _now_s: guide, guide.position, body) as stage:
            outcome = await run_and_keep(live_session(stage, place, keeper, view), keeper)
            await losing[0]
    assert outcome.failure is None
    assert outcome.header.simulated
    assert "lost" in states
    for side, true_rad in zip((Side.LEFT, Side.RIGHT), body.resting_rad, strict=True):
        (test,) = [one for one in outcome.analysis.rest_tests if one.side is side]
        assert test.hip_rotation_rad is not None
        assert math.degrees(test.hip_rotation_rad - true_rad) == pytest.approx(0.0, abs=1.5)
        (done,) = [one for one in outcome.analysis.sets if one.side is side]
        # what the left sensor kept while its link was broken was fetched
        assert done.valid_reps == len(body.done().repetitions_of(side)) == 4
