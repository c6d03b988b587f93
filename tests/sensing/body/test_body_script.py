"""Time line, script and builder: where the body is, what is labelled, what is true."""

import numpy as np
import pytest
from body_poses import minimum_jerk_derivatives

from tracker.model import Edge, PhaseKind, PhaseMark, Side
from tracker.sensing.body.angles import Posture
from tracker.sensing.body.builder import Movement, ScriptBuilder, Tempo
from tracker.sensing.body.script import BodyScript
from tracker.sensing.body.timeline import Joint, Move, Timeline, minimum_jerk

TEMPO = Tempo(1.5, 0.5, 1.25, 1.0)
RAD_30 = float(np.radians(30.0))


def session() -> BodyScript:
    """All labelled steps, and repetitions of which one is partial."""
    return (
        ScriptBuilder()
        .stand(3.0)
        .lie_down(2.0)
        .reference(4.0)
        .relax(left_rad=-0.25, right_rad=-0.45, duration_s=1.0)
        .rest(6.0)
        .repetitions(
            [0.5, 0.2, 0.55],
            TEMPO,
            left_amplitudes_rad=[0.45, 0.15, 0.5],
            left_lag_s=0.25,
            valid_from_rad=0.3,
            still_before_s=2.0,
            still_after_s=1.0,
        )
        .build()
    )


def test_minimum_jerk_is_the_quintic() -> None:
    fraction = np.linspace(0.0, 1.0, 101)
    np.testing.assert_allclose(minimum_jerk(fraction), minimum_jerk_derivatives(fraction)[0], atol=1e-15)
    assert minimum_jerk(np.array([0.0, 0.5, 1.0])).tolist() == [0.0, 0.5, 1.0]


def test_timeline_holds_before_between_and_after_moves() -> None:
    joint = Joint.LEFT_FLEXION
    moves = [Move(joint, 5.0, 2.0, -1.0), Move(joint, 1.0, 2.0, 0.5), Move(Joint.PELVIS_ROLL, 1.0, 4.0, 0.3)]
    timeline = Timeline.of({joint: 0.1}, moves)
    values = timeline.at(np.array([-9.0, 0.0, 1.0, 2.0, 3.0, 4.0, 6.0, 7.0, 1e6]))
    expected = [0.1, 0.1, 0.1, 0.3, 0.5, 0.5, -0.25, -1.0, -1.0]
    np.testing.assert_allclose(values[:, joint], expected, atol=1e-15)
    assert values[4, Joint.PELVIS_ROLL] == pytest.approx(0.15)


def test_timeline_does_not_care_for_the_order_of_times() -> None:
    timeline = session().timeline
    time_s = np.linspace(-1.0, 40.0, 500)
    shuffled = np.random.default_rng(1).permutation(500)
    np.testing.assert_array_equal(timeline.at(time_s)[shuffled], timeline.at(time_s[shuffled]))


def test_timeline_refuses_moves_that_overlap_or_take_no_time() -> None:
    first = Move(Joint.LEFT_FLEXION, 0.0, 2.0, 1.0)
    with pytest.raises(ValueError, match="LEFT_FLEXION"):
        Timeline.of({}, [first, Move(Joint.LEFT_FLEXION, 1.0, 2.0, 0.0)])
    with pytest.raises(ValueError, match="LEFT_FLEXION"):
        Timeline.of({}, [Move(Joint.LEFT_FLEXION, 0.0, 0.0, 1.0)])


def test_script_is_continuous_to_the_second_derivative() -> None:
    script = session()
    step_s = 1e-3
    values = script.timeline.at(np.arange(0.0, script.duration_s + 1.0, step_s))
    acceleration = np.diff(values, 2, axis=0) / step_s**2
    # the largest jerk of a minimum-jerk move is 60 times its size over its cubed duration: here
    # the right leg falling outward by 0.45 rad in 1 s
    jerk_limit = 60.0 * 0.45
    assert np.abs(np.diff(acceleration, axis=0)).max() < 1.01 * jerk_limit * step_s
    assert np.abs(np.diff(values, axis=0)).max() < 1.01 * 1.875 * step_s * 0.5 * np.pi / 2.0


def test_phases_and_marks() -> None:
    script = session()
    kinds = [(phase.kind, phase.start_s, phase.end_s) for phase in script.phases]
    assert kinds == [
        (PhaseKind.STANDING, 0.0, 3.0),
        (PhaseKind.REFERENCE, 5.0, 9.0),
        (PhaseKind.REST, 10.0, 16.0),
        (PhaseKind.SET, 16.0, 31.75),
    ]
    assert script.phases[-1].side is Side.BOTH
    assert script.phases[-1].exercise == "supine_in_toeing"
    assert script.duration_s == 31.75
    marks = script.marks()
    assert [mark.time_s for mark in marks] == [0.0, 3.0, 5.0, 9.0, 10.0, 16.0, 16.0, 31.75]
    # where one phase ends as the next begins, the end comes first
    assert [mark.edge for mark in marks] == [Edge.START, Edge.END] * 4
    assert marks[-1] == PhaseMark(31.75, PhaseKind.SET, Edge.END, Side.BOTH, "supine_in_toeing")


def test_truth_agrees_with_the_movement() -> None:
    script = session()
    for side, rest_rad in ((Side.LEFT, -0.25), (Side.RIGHT, -0.45)):
        repetitions = script.repetitions_of(side)
        assert [repetition.valid for repetition in repetitions] == [True, False, True]
        for repetition in repetitions:
            edges_s = np.array([repetition.start_s, repetition.peak_s, repetition.end_s])
            rotation_rad = script.true_hip_rotation_rad(side, edges_s)
            expected = [rest_rad, rest_rad + repetition.rom_rad, rest_rad]
            np.testing.assert_allclose(rotation_rad, expected, atol=1e-12)
            parts_s = repetition.concentric_s + repetition.hold_s + repetition.eccentric_s
            assert repetition.end_s - repetition.start_s == pytest.approx(parts_s)
    right, left = script.repetitions_of(Side.RIGHT)[0], script.repetitions_of(Side.LEFT)[0]
    assert left.start_s - right.start_s == pytest.approx(0.25)


def test_pose_hands_out_both_legs_and_the_pelvis() -> None:
    pose = session().pose(np.array([1.0, 12.0]))
    np.testing.assert_allclose(pose.hip(Side.LEFT).internal_rotation_rad, [0.0, -0.25])
    np.testing.assert_allclose(pose.hip(Side.RIGHT).internal_rotation_rad, [0.0, -0.45])
    np.testing.assert_allclose(pose.pelvis[:, 1], [[0, 1, 0], [1, 0, 0]], atol=1e-15)
    np.testing.assert_allclose(pose.hips_m[:, 1], [0.95, 0.5])


def test_turning_from_back_to_front_goes_over_the_side() -> None:
    script = ScriptBuilder(Posture.SUPINE).take_posture(Posture.PRONE, 2.0).build()
    np.testing.assert_allclose(script.pose(np.array([1.0])).pelvis[0, 1], [0, 0, 1], atol=1e-15)


def test_sitting_bends_the_hips_and_leaving_straightens_them() -> None:
    script = ScriptBuilder().sit_down(1.0).hold(1.0).lie_down(1.0).build()
    flexion_rad = script.pose(np.array([0.0, 1.5, 3.0])).left.flexion_rad
    np.testing.assert_allclose(flexion_rad, [0.0, np.pi / 2, 0.0], atol=1e-15)


def test_pelvis_share_of_a_repetition() -> None:
    """30 degrees of which 40 % are the pelvis: 18 at the hip, and the pelvis turns as the leg does."""
    for side in (Side.LEFT, Side.RIGHT):
        script = (
            ScriptBuilder(Posture.SUPINE)
            .repetitions([RAD_30], TEMPO, side=side, pelvis_share=0.4, valid_from_rad=0.4)
            .build()
        )
        (repetition,) = script.repetitions
        assert np.degrees(repetition.rom_rad) == pytest.approx(18.0)
        assert not repetition.valid
        peak_s = np.array([repetition.peak_s])
        assert np.degrees(script.true_pelvis_roll_rad(peak_s))[0] == pytest.approx(side.sign * 12.0)
        assert np.degrees(script.true_hip_rotation_rad(side, peak_s))[0] == pytest.approx(18.0)


@pytest.mark.parametrize(
    ("movement", "rotation_deg"),
    [(Movement.INTERNAL_ROTATION, 30.0), (Movement.KNEE_ROLL_IN, 30.0), (Movement.ABDUCTION, 0.0)],
)
def test_movements_change_the_angle_that_they_name(movement: Movement, rotation_deg: float) -> None:
    script = (
        ScriptBuilder(Posture.SUPINE)
        .repetitions([RAD_30], TEMPO, side=Side.RIGHT, movement=movement, exercise="some")
        .build()
    )
    (repetition,) = script.repetitions
    hip = script.pose(np.array([repetition.peak_s])).right
    assert np.degrees(hip.internal_rotation_rad[0]) == pytest.approx(rotation_deg, abs=1e-9)
    if movement is Movement.ABDUCTION:
        assert np.degrees(hip.adduction_rad[0]) == pytest.approx(-30.0)


def test_builder_refuses_what_makes_no_sense() -> None:
    with pytest.raises(ValueError, match="upright"):
        ScriptBuilder(Posture.SUPINE).stand(1.0)
    with pytest.raises(ValueError, match="last"):
        ScriptBuilder().hold(-1.0)
    with pytest.raises(ValueError, match="pelvis"):
        ScriptBuilder(Posture.SUPINE).repetitions([0.5], TEMPO, pelvis_share=0.5)
    with pytest.raises(ValueError, match="longer"):
        ScriptBuilder(Posture.SUPINE).repetitions([0.5, 0.4], [TEMPO])


def test_a_lagging_leg_moves_the_end_of_the_script() -> None:
    tempo = Tempo(1.0, 0.0, 1.0, 0.0)
    script = ScriptBuilder(Posture.SUPINE).repetitions([0.5], tempo, left_lag_s=0.3).build()
    assert script.duration_s == pytest.approx(2.3)
