"""Axes of the thigh from a lifted knee, however the sensor sits; refused lifts; the wrong way round."""

import math

import numpy as np
import pytest
from motion_samples import (
    IDEAL,
    LEFT,
    PLAIN,
    RIGHT,
    block_of,
    deg,
    end_to_end,
    felt,
    known,
    less,
    rad,
    random_rotation,
)

from tracker.model import FloatArray, Placement, ReferenceRecipe, Side, TimedBlock
from tracker.motion.frames.alignment import Alignment, LongAxisFrom, PoseOutcome, unaligned, with_knee_lift
from tracker.motion.frames.knee_lift import KneeLift, is_upside_down, measure_knee_lift, points_backwards
from tracker.motion.parameters import STANDARD_GRAVITY_M_PER_S2, AlignmentParameters, StillnessParameters
from tracker.motion.stillness import still_beginning
from tracker.sensing.body.angles import Posture, about_x, about_y, about_z
from tracker.sensing.body.builder import ScriptBuilder
from tracker.sensing.body.kinematics import Mounting
from tracker.sensing.body.mems import MemsModel
from tracker.sensing.body.timeline import Joint

PARAMETERS, STILLNESS = AlignmentParameters(), StillnessParameters()
THIGH_OF = {Side.LEFT: LEFT, Side.RIGHT: RIGHT}
OTHER = {Side.LEFT: Side.RIGHT, Side.RIGHT: Side.LEFT}
BOTH_SIDES = list(THIGH_OF)
X, Y, Z = np.eye(3)
QUANTUM_DEG = math.degrees(math.sqrt(2.0) * 0.5 * 4.0 / 32768)
"""Gravity's direction off by half a count at 4 g on both axes across it."""
AXIS_DEG = QUANTUM_DEG + 0.01
"""Counts of 0.03 deg/s, off by half of one at most, in 200 samples of 20 deg/s and more: 0.01 degrees."""
RANGE_DEG = 0.08
"""Half a count of 0.03 deg/s, were it the same in all samples of 5 s."""


def lying(turned_out_deg: float = 0.0) -> ScriptBuilder:
    """A body on its back whose legs lie turned out."""
    builder = ScriptBuilder(Posture.SUPINE)
    return builder.relax(rad(-turned_out_deg), rad(-turned_out_deg), 0.5) if turned_out_deg else builder


def lift_samples(
    builder: ScriptBuilder,
    placement: Placement,
    mounting: Mounting = PLAIN,
    mems: MemsModel = IDEAL,
    rate_hz: float = 100.0,
) -> TimedBlock:
    """What a sensor feels during the labelled knee lift of a script."""
    script = builder.build()
    phase = script.phases[-1]
    block = felt(script, placement=placement, mounting=mounting, mems=mems, rate_hz=rate_hz)
    return block.chosen((block.time_s >= phase.start_s) & (block.time_s <= phase.end_s))


def measured(samples: TimedBlock, interval_s: float = 0.01) -> KneeLift:
    """A knee lift with the usual parameters: taken with both axes, or refused without any."""
    lift = measure_knee_lift(samples, interval_s, PARAMETERS, STILLNESS)
    assert (lift.refused is None) is (lift.axis is not None)
    assert (lift.axis is None) is (lift.long_axis is None)
    return lift


def axes_of(lift: KneeLift) -> tuple[FloatArray, FloatArray]:
    """Flexion axis and long axis of a lift that was taken: unit vectors."""
    assert lift.axis is not None, lift.refused
    assert lift.long_axis is not None
    for axis in (lift.axis, lift.long_axis):
        assert np.linalg.norm(axis) == pytest.approx(1.0, abs=1e-12)
    return lift.axis, lift.long_axis


def between_deg(one: FloatArray, other: FloatArray) -> float:
    """Angle between two unit vectors; by the sine, which is exact for small ones."""
    return float(deg(np.arctan2(np.linalg.norm(np.cross(one, other)), one @ other)))


@pytest.mark.parametrize("side", BOTH_SIDES)
@pytest.mark.parametrize("number", range(10))
def test_any_mounting_shows_the_axis_to_the_right_and_the_long_axis_up_the_leg(
    side: Side, number: int
) -> None:
    rotation = random_rotation(np.random.default_rng([41, number]))
    mounting = Mounting(rotation, PLAIN.position_m)
    samples = lift_samples(lying().lift_knee(side, rad(30.0)), THIGH_OF[side], mounting)
    axis, long_axis = axes_of(measured(samples))
    # columns of the mounting's transposed are the segment's axes in the sensor frame
    assert between_deg(axis, Z @ rotation) < AXIS_DEG
    assert between_deg(long_axis, Y @ rotation) < AXIS_DEG


@pytest.mark.parametrize(("side", "across"), [(Side.RIGHT, 0.342), (Side.LEFT, -0.342)])
def test_a_leg_that_lies_turned_out_shows_its_axis_turned_by_as_much_but_the_same_long_axis(
    side: Side, across: float
) -> None:
    """Published: 20 degrees outward the axis is (0.342, 0, 0.940) in the femur; mirrored on the left."""
    samples = lift_samples(lying(turned_out_deg=20.0).lift_knee(side, rad(30.0)), THIGH_OF[side])
    axis, long_axis = axes_of(measured(samples))
    np.testing.assert_allclose(axis, [across, 0.0, 0.940], atol=0.0005)
    assert between_deg(long_axis, Y) < AXIS_DEG


@pytest.mark.parametrize("side", BOTH_SIDES)
@pytest.mark.parametrize("roll_deg", [-20.0, 20.0])
def test_a_rolled_pelvis_changes_neither_axis(side: Side, roll_deg: float) -> None:
    """Both thighs still flex about the pelvis' right, which up is only turned about the long axis against."""
    builder = lying().roll_pelvis(rad(roll_deg), 0.5).lift_knee(side, rad(30.0))
    axis, long_axis = axes_of(measured(lift_samples(builder, THIGH_OF[side])))
    assert between_deg(axis, Z) < AXIS_DEG
    assert between_deg(long_axis, Y) < AXIS_DEG


@pytest.mark.parametrize("raised_deg", [-5.0, 10.0])
def test_a_leg_that_did_not_lie_level_has_its_long_axis_off_by_its_elevation(raised_deg: float) -> None:
    builder = lying().move(0.5, {Joint.RIGHT_FLEXION: rad(raised_deg)}).lift_knee(Side.RIGHT, rad(30.0))
    axis, long_axis = axes_of(measured(lift_samples(builder, RIGHT)))
    assert between_deg(axis, Z) < AXIS_DEG
    # f x up is horizontal: the long axis of a raised thigh is turned from there about f
    assert between_deg(long_axis, about_z(rad(-raised_deg)) @ Y) < AXIS_DEG


@pytest.mark.parametrize("side", BOTH_SIDES)
@pytest.mark.parametrize("angle_deg", [11.0, 20.0, 45.0, 80.0])
def test_the_range_is_the_angle_that_was_lifted_and_the_other_leg_lies_still(
    side: Side, angle_deg: float
) -> None:
    builder = lying().lift_knee(side, rad(angle_deg))
    lifted = measured(lift_samples(builder, THIGH_OF[side]))
    other = measured(lift_samples(builder, THIGH_OF[OTHER[side]]))
    assert deg(lifted.range_rad) == pytest.approx(angle_deg, abs=RANGE_DEG)
    assert lifted.refused is None
    assert other.range_rad == 0.0
    assert other.refused == "the leg did not move enough"


@pytest.mark.parametrize("rate_hz", [25.0, 50.0, 100.0, 200.0])
def test_the_range_is_the_same_at_every_usual_rate(rate_hz: float) -> None:
    """The rate's third derivative jumps at both ends of a minimum-jerk move, by 360 A / T^4 at most.

    A sum of samples then errs by h^4 / 720 of it: 0.0001 degrees at 25 Hz.
    """
    samples = lift_samples(lying().lift_knee(Side.RIGHT, rad(40.0)), RIGHT, rate_hz=rate_hz)
    lift = measured(samples, 1.0 / rate_hz)
    assert deg(lift.range_rad) == pytest.approx(40.0, abs=RANGE_DEG)
    assert lift.refused is None


@pytest.mark.parametrize(("angle_deg", "enough"), [(5.0, False), (9.8, False), (10.2, True)])
def test_a_leg_that_moved_less_than_ten_degrees_is_refused_with_its_range(
    angle_deg: float, enough: bool
) -> None:
    lift = measured(lift_samples(lying().lift_knee(Side.LEFT, rad(angle_deg)), LEFT))
    assert deg(lift.range_rad) == pytest.approx(angle_deg, abs=RANGE_DEG)
    assert lift.refused == (None if enough else "the leg did not move enough")


def test_a_fast_and_a_slow_lift_show_the_same() -> None:
    for move_s in (0.4, 2.5):
        lift = measured(lift_samples(lying().lift_knee(Side.RIGHT, rad(30.0), move_s, times=1), RIGHT))
        axis, long_axis = axes_of(lift)
        # 6 s of half a count
        assert deg(lift.range_rad) == pytest.approx(30.0, abs=0.1)
        assert between_deg(axis, Z) < 2 * AXIS_DEG
        assert between_deg(long_axis, Y) < 2 * AXIS_DEG


def test_a_sensor_at_the_ends_of_its_data_sheet_shows_the_axes_to_its_own_offset() -> None:
    """1 deg/s on each axis is found in the still beginning; 20 mg on two axes turn gravity by 1.62 degrees.

    Noise of 0.027 deg/s a sample over 400 samples of the movement is 0.005 degrees of the range, and as the
    offset's error from 100 samples 0.01; ten times that, less of the axis.
    """
    offset = 0.020 * STANDARD_GRAVITY_M_PER_S2
    mems = MemsModel(
        accelerometer_bias_m_per_s2=(0.0, offset, offset), gyroscope_bias_rad_per_s=(rad(1.0),) * 3, seed=7
    )
    lift = measured(lift_samples(lying().lift_knee(Side.RIGHT, rad(30.0)), RIGHT, mems=mems))
    axis, long_axis = axes_of(lift)
    assert deg(lift.range_rad) == pytest.approx(30.0, abs=RANGE_DEG + 0.1)
    assert between_deg(axis, Z) < 0.05
    assert between_deg(long_axis, Y) < math.degrees(math.atan(math.sqrt(2.0) * 0.020)) + 0.05


def test_samples_lost_while_the_leg_lay_still_cost_nothing() -> None:
    samples = lift_samples(lying().hold(1.0).lift_knee(Side.RIGHT, rad(30.0)), RIGHT)
    begin_s = float(samples.time_s[0])
    lift = measured(less(samples, [(begin_s + 0.3, begin_s + 0.5)]))
    assert deg(lift.range_rad) == pytest.approx(30.0, abs=RANGE_DEG)
    assert between_deg(axes_of(lift)[1], Y) < AXIS_DEG


def test_a_single_sample_lost_in_the_movement_is_bridged() -> None:
    """Over two intervals the last rate counts: it errs by the rate's change in one, 5.77 A / T^2 times h."""
    samples = lift_samples(lying().lift_knee(Side.RIGHT, rad(30.0)), RIGHT)
    lost = less(samples, [(1.299, 1.301)])
    assert len(lost) == len(samples) - 1
    bound_deg = 5.77 * 30.0 * 0.01**2
    assert deg(measured(lost).range_rad) == pytest.approx(30.0, abs=RANGE_DEG + bound_deg)


SAMPLES_MISSING = "samples are missing; lift the knee again"


@pytest.mark.parametrize("span_s", [(1.2, 1.22), (1.2, 1.4), (1.3, 1.9), (1.0, 2.0), (2.3, 3.1), (3.0, 5.9)])
def test_a_lift_with_samples_missing_is_refused(span_s: tuple[float, float]) -> None:
    """Up and back twice in 6 s: without the first half of it, coming back would look like the lift."""
    samples = lift_samples(lying().lift_knee(Side.RIGHT, rad(45.0)), RIGHT)
    start_s = float(samples.time_s[0])
    lost = less(samples, [(start_s + span_s[0], start_s + span_s[1])])
    assert measured(lost).refused == SAMPLES_MISSING


def test_a_lift_whose_still_beginning_misses_samples_is_refused() -> None:
    """What went on for two seconds is not known."""
    samples = lift_samples(lying().hold(4.0).lift_knee(Side.RIGHT, rad(45.0)), RIGHT)
    still = block_of(X, 4.0, start_s=float(samples.time_s[0]) - 4.0)
    whole = end_to_end(still, samples)
    start_s = float(whole.time_s[0])
    assert measured(whole).refused is None
    for span in ((0.2, 2.0), (1.0, 3.0)):
        assert measured(less(whole, [(start_s + span[0], start_s + span[1])])).refused == SAMPLES_MISSING


def turned_about(axis: FloatArray, up: FloatArray = X, angle_deg: float = 40.0) -> TimedBlock:
    """A sensor that lies still for two seconds, then turns about a fixed axis and back again."""
    angle = rad(angle_deg) * np.sin(math.pi * np.linspace(0.0, 1.0, 200)) ** 2
    rate = np.gradient(angle, 0.01)
    still = block_of(up, 2.0)
    return end_to_end(still, block_of(up, 2.0, start_s=2.0, rate_rad_per_s=np.outer(rate, axis)))


@pytest.mark.parametrize(("off_deg", "square"), [(0.0, False), (44.0, False), (46.0, True), (90.0, True)])
def test_a_leg_that_moves_about_a_vertical_axis_is_refused(off_deg: float, square: bool) -> None:
    """On the side a thigh is flexed about the vertical, on the back it is swung aside: no long axis in that.

    A pelvis that lies rolled by 20 degrees on the back has its axis 70 degrees from up.
    """
    axis = about_y(rad(off_deg)) @ X
    lift = measured(turned_about(axis))
    assert (lift.refused is None) is square
    if square:
        # axis cross up
        assert between_deg(axes_of(lift)[1], -Y) < 1e-6
    else:
        assert lift.refused == "the leg moved about a vertical axis; lie on your back and lift the knee"


def lifted_from(builder: ScriptBuilder, before: Alignment) -> KneeLift:
    """A lift of the right knee with what was known before."""
    lift = measure_knee_lift(
        lift_samples(builder.lift_knee(Side.RIGHT, rad(45.0)), RIGHT), 0.01, PARAMETERS, STILLNESS, before
    )
    assert (lift.refused is None) is (lift.axis is not None) is (lift.long_axis is not None)
    return lift


@pytest.mark.parametrize("before", [Alignment(), Alignment(front=X), Alignment(long_axis=-Y)])
def test_a_knee_that_is_lifted_while_standing_is_refused(before: Alignment) -> None:
    """Up lies along the thigh, or along the housing of one that nothing is known of."""
    lift = lifted_from(ScriptBuilder(Posture.UPRIGHT), before)
    assert lift.refused == "the thigh was near vertical at the beginning; lie on your back"
    assert deg(lift.range_rad) == pytest.approx(45.0, abs=RANGE_DEG)
    assert lifted_from(lying(), before).refused is None


@pytest.mark.parametrize(("raised_deg", "level"), [(-40.0, True), (40.0, True), (50.0, False)])
def test_half_way_to_upright_a_thigh_is_still_taken_for_lying(raised_deg: float, level: bool) -> None:
    builder = lying().move(0.5, {Joint.RIGHT_FLEXION: rad(raised_deg)})
    assert (lifted_from(builder, Alignment()).refused is None) is level


def test_a_leg_that_is_rolled_about_its_own_length_is_refused() -> None:
    """Without the housing's arrow it would pass for a lift of a thigh that lies across."""
    rolled = turned_about(Y)
    assert measured(rolled).refused is None
    lift = measure_knee_lift(rolled, 0.01, PARAMETERS, STILLNESS, Alignment())
    assert lift.refused == "the leg was rolled about its own length; lift the knee"
    assert lift.axis is None


def test_a_lift_along_whose_long_axis_the_reference_pose_had_up_is_refused() -> None:
    """Of two axes that are nearly one no third follows: thigh and reference pose lean by 45 degrees each."""
    before = Alignment(long_axis=Y, front=about_z(rad(-46.0)) @ Y)
    samples = turned_about(Z, up=about_z(rad(-44.0)) @ X)
    assert measured(samples).refused is None
    lift = measure_knee_lift(samples, 0.01, PARAMETERS, STILLNESS, before)
    assert lift.refused == "the reference pose was another posture; hold it again"


def test_values_with_arrays_are_told_apart_as_objects() -> None:
    """Comparing arrays gives arrays, of which nobody can say whether they are true."""
    for make in (
        lambda: Alignment(long_axis=Y),
        lambda: KneeLift(0.0, X, Y),
        lambda: PoseOutcome(Alignment()),
        lambda: still_beginning(block_of(X, 2.0), STILLNESS),
    ):
        one, other = make(), make()
        assert one == one
        assert one != other
        assert len({one, other}) == 2


def test_a_leg_that_moves_from_the_beginning_is_refused() -> None:
    samples = lift_samples(lying().lift_knee(Side.RIGHT, rad(30.0)), RIGHT)
    assert measured(samples.part(120, len(samples))).refused == "the leg was not still at the beginning"
    assert measured(samples.part(120, len(samples))).range_rad == 0.0


@pytest.mark.parametrize("duration_s", [0.0, 0.01, 0.3])
def test_next_to_no_samples_are_refused(duration_s: float) -> None:
    assert measured(block_of(X, duration_s)).refused == "the leg was not still at the beginning"


@pytest.mark.parametrize(
    ("duration_s", "reason"),
    [(3.0, "the leg did not move"), (3.2, "the leg did not move enough")],
    ids=["whole epochs", "a rest of an epoch"],
)
def test_a_leg_that_lies_still_to_the_end_is_refused(duration_s: float, reason: str) -> None:
    lift = measured(block_of(X, duration_s, rate_rad_per_s=(rad(1.0), 0.0, 0.0)))
    assert lift.refused == reason
    # the offset of the gyroscope is no turn
    assert lift.range_rad == pytest.approx(0.0, abs=1e-12)


@pytest.mark.parametrize(("turned_deg", "one_axis"), [(14.0, True), (16.0, False), (30.0, False)])
def test_a_leg_that_moves_about_two_axes_is_refused(turned_deg: float, one_axis: bool) -> None:
    """Moves of one duration have powers as their squares: 30 and 15 degrees make a share of 0.8."""
    builder = lying().lift_knee(Side.RIGHT, rad(30.0), move_s=0.8, times=1)
    start_s = builder.build().phases[-1].start_s
    builder.move(0.8, {Joint.RIGHT_ROTATION: rad(-turned_deg)}).move(0.8, {Joint.RIGHT_ROTATION: 0.0})
    script = builder.build()
    block = felt(script)
    lift = measured(block.chosen(block.time_s >= start_s))
    assert lift.refused == (None if one_axis else "the leg moved about more than one axis")
    assert deg(lift.range_rad) >= 29.9


def turned(rotation: FloatArray) -> Mounting:
    """A sensor strapped on at the front and turned in its place."""
    return Mounting(rotation, PLAIN.position_m)


HALF_TURNS = {
    "as it should be": (np.eye(3), False, False),
    "upside down, about x": (about_x(math.pi), True, True),
    "upside down, about z": (about_z(math.pi), True, True),
    "back to front, about y": (about_y(math.pi), False, False),
}
"""Mounting; whether the housing's axes point backwards; whether the arrow points down."""


@pytest.mark.parametrize("side", BOTH_SIDES)
@pytest.mark.parametrize(("rotation", "backwards", "upside_down"), HALF_TURNS.values(), ids=list(HALF_TURNS))
@pytest.mark.parametrize("turned_out_deg", [0.0, 40.0])
def test_a_lift_tells_an_arrow_that_points_down(
    side: Side, rotation: FloatArray, backwards: bool, upside_down: bool, turned_out_deg: float
) -> None:
    """A reference pose alone gives the front, and the housing's arrow is believed for the long axis.

    Back to front is no matter: the front comes from the pose.
    """
    builder = lying(turned_out_deg).lift_knee(side, rad(30.0))
    axis, long_axis = axes_of(measured(lift_samples(builder, THIGH_OF[side], turned(rotation))))
    believed = Alignment(front=X @ rotation)
    assert points_backwards(believed, axis) is backwards
    assert not is_upside_down(believed)
    lifted = with_knee_lift(believed, long_axis)
    assert is_upside_down(lifted) is upside_down
    assert not points_backwards(lifted, axis)


@pytest.mark.parametrize(
    ("off_deg", "backwards"), [(0.0, False), (119.0, False), (121.0, True), (180.0, True)]
)
def test_backwards_is_further_than_120_degrees_from_where_it_should_be(
    off_deg: float, backwards: bool
) -> None:
    aligned = Alignment(long_axis=Y, front=X, long_axis_from=LongAxisFrom.STANDING)
    for axis in (about_y(rad(off_deg)) @ Z, about_y(rad(-off_deg)) @ Z):
        assert points_backwards(aligned, axis) is backwards
    for long_axis in (about_x(rad(off_deg)) @ Y, about_z(rad(-off_deg)) @ Y):
        assert is_upside_down(Alignment(long_axis=long_axis)) is backwards


def test_an_arrow_that_is_meant_to_point_down_the_leg_is_not_upside_down() -> None:
    housing = unaligned(AlignmentParameters(housing_arrow="-y"))
    for long_axis, upside_down in ((-Y, False), (Y, True)):
        assert is_upside_down(with_knee_lift(housing, long_axis)) is upside_down
    assert not is_upside_down(housing)


def test_a_lift_gives_the_long_axis_and_leaves_the_zero() -> None:
    front = about_y(rad(25.0)) @ X
    before = Alignment(front=front, reference=ReferenceRecipe.FOOT_BLOCK, reference_end_s=12.0)
    tilted = about_z(rad(8.0)) @ Y
    after = with_knee_lift(before, tilted)
    assert (before.recipe, after.recipe) == ("housing+foot_block", "knee_lift+foot_block")
    np.testing.assert_allclose(after.axes()[1], tilted)
    assert after.front is front
    assert known(after.reference_end_s) == 12.0
    np.testing.assert_allclose(after.axes() @ after.axes().T, np.eye(3), atol=1e-15)


def test_standing_is_surer_than_a_lift() -> None:
    stood = Alignment(long_axis=Y, long_axis_from=LongAxisFrom.STANDING)
    assert with_knee_lift(stood, about_z(rad(8.0)) @ Y) is stood
    lifted = with_knee_lift(Alignment(), Y)
    again = with_knee_lift(lifted, about_z(rad(3.0)) @ Y)
    np.testing.assert_allclose(again.axes()[1], about_z(rad(3.0)) @ Y)
