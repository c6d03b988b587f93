"""Which sensor is moved, told from what simulated bodies' sensors send."""

import numpy as np
import pytest

from firmware_protocol import Capabilities, encode_capabilities, encode_frame
from tracker.model import THIGH_SIDES, Notification, Placement, SensorIdentity, Side
from tracker.sensing.body.builder import ScriptBuilder
from tracker.sensing.body.sessions import SimulatedSession, knee_lift_session
from tracker.sensing.identity import PROTOCOL_NAME
from tracker.sensing.movement import MovementWatch

RATE_HZ, FRAME = 100, 10


def identity_of(session: SimulatedSession, placement: Placement) -> SensorIdentity:
    mems = session.mems[placement]
    capabilities = Capabilities(
        device_id=bytes(8),
        firmware="test 1.0.0",
        tick_rate_hz=1_000_000,
        sample_rates_hz=(float(RATE_HZ),),
        accelerometer_ranges_g=(int(mems.accelerometer_range_g),),
        gyroscope_ranges_dps=(int(mems.gyroscope_range_dps),),
        accelerometer_range_g=int(mems.accelerometer_range_g),
        gyroscope_range_dps=int(mems.gyroscope_range_dps),
    )
    return SensorIdentity(
        placement.value, "", placement.value, PROTOCOL_NAME, encode_capabilities(capabilities)
    )


class Body:
    """A simulated body whose sensors are watched, second by second."""

    def __init__(self, session: SimulatedSession, worn: tuple[Placement, ...] = tuple(Placement)) -> None:
        self.watch = MovementWatch({placement: identity_of(session, placement) for placement in worn})
        self._counts = {placement: session.feed(placement).counts(0, 3000) for placement in worn}
        self._next = 0

    def goes_on(self, seconds: float) -> None:
        """Let time pass."""
        for _ in range(round(seconds * RATE_HZ / FRAME)):
            for placement, counts in self._counts.items():
                payload = encode_frame(
                    counts[self._next : self._next + FRAME],
                    first_sample_index=self._next,
                    first_tick=self._next * 10_000,
                    interval_ticks=10_000,
                    sequence=0,
                )
                self.watch.take(Notification(placement, payload, self._next * 10_000_000))
            self._next += FRAME


def until_moved(body: Body, limit_s: float = 20.0) -> tuple[Placement, ...]:
    body.watch.begin()
    for _ in range(round(limit_s / 0.1)):
        body.goes_on(0.1)
        if body.watch.at_rest_again():
            return body.watch.moved()
    pytest.fail("nothing was seen to move")


def test_the_thigh_whose_knee_is_lifted_is_the_one_that_moves() -> None:
    body = Body(knee_lift_session())
    assert until_moved(body) == (Placement.RIGHT_THIGH,)
    assert until_moved(body) == (Placement.LEFT_THIGH,)


@pytest.mark.parametrize("angle_deg", [30.0, 60.0, 90.0])
@pytest.mark.parametrize("side", [Side.LEFT, Side.RIGHT])
def test_lifts_of_any_height_are_told_lying_too(side: Side, angle_deg: float) -> None:
    script = ScriptBuilder().stand(1.0).lie_down(1.5).hold(3.0).lift_knee(side, float(np.radians(angle_deg)))
    worn = knee_lift_session()
    body = Body(SimulatedSession(script.hold(5.0).build(), worn.mountings, worn.mems))
    body.goes_on(4.5)
    moved = until_moved(body)
    assert [THIGH_SIDES.get(placement) for placement in moved] == [side]


def test_who_turns_over_moves_all_sensors_and_nothing_is_told() -> None:
    worn = knee_lift_session()
    script = ScriptBuilder().stand(1.0).lie_down(1.5).hold(5.0).build()
    body = Body(SimulatedSession(script, worn.mountings, worn.mems))
    assert set(until_moved(body)) == set(Placement)


def test_nobody_who_lies_still_is_seen_to_move() -> None:
    body = Body(knee_lift_session())
    body.goes_on(3.0)
    assert body.watch.moved() == ()
    assert not body.watch.at_rest_again()


def test_unreadable_bytes_are_no_movement() -> None:
    body = Body(knee_lift_session(), (Placement.PELVIS,))
    body.watch.take(Notification(Placement.PELVIS, b"\xff" * 40, 0))
    assert body.watch.moved() == ()
