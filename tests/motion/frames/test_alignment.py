"""The thigh's axes from two poses, however the sensor was strapped on; and poses that are refused."""

from dataclasses import replace

import numpy as np
import pytest
from motion_samples import (
    LEFT,
    RIGHT,
    Pose,
    block_of,
    deg,
    end_to_end,
    less,
    noisy,
    rad,
    random_rotation,
)

from tracker.model import FloatArray, ReferenceRecipe, Side, TimedBlock
from tracker.motion.frames.alignment import Alignment, PoseOutcome, with_reference, with_standing
from tracker.motion.frames.hip_rotation import twist_rad
from tracker.motion.parameters import AlignmentParameters, StillnessParameters

PARAMETERS, STILLNESS = AlignmentParameters(), StillnessParameters()
PATELLA = ReferenceRecipe.PATELLA_UP
STANDING = np.array([0.0, 1.0, 0.0])
"""Up in the thigh of an upright body."""
PATELLA_UP = np.array([1.0, 0.0, 0.0])
"""Up in the thigh of a leg that lies in neutral rotation."""


def standing(before: Alignment, samples: TimedBlock) -> PoseOutcome:
    """A standing phase with the usual parameters."""
    return with_standing(before, samples, PARAMETERS, STILLNESS)


def reference(before: Alignment, samples: TimedBlock) -> PoseOutcome:
    """A reference phase with the usual parameters."""
    return with_reference(before, samples, PATELLA, 3.0, PARAMETERS, STILLNESS)


def aligned(mounting: FloatArray, reference_up: FloatArray = PATELLA_UP) -> Alignment:
    """The alignment of a sensor that is turned by `mounting`, sensor to segment, after both poses."""
    first = standing(Alignment(), block_of(STANDING @ mounting, 3.0))
    second = reference(first.alignment, block_of(reference_up @ mounting, 3.0))
    assert first.refused is second.refused is None
    return second.alignment


def test_any_mounting_is_found_also_upside_down_and_inside_out() -> None:
    rng = np.random.default_rng(12)
    for _ in range(200):
        mounting = random_rotation(rng)
        # rows of the axes are the segment's axes in the sensor frame: the mounting itself
        np.testing.assert_allclose(aligned(mounting).axes(), mounting, atol=1e-12)


def test_vectors_come_out_in_the_frame_of_the_thigh() -> None:
    rng = np.random.default_rng(13)
    for _ in range(50):
        mounting, up = random_rotation(rng), random_rotation(rng)
        np.testing.assert_allclose(aligned(mounting).to_segment(up @ mounting), up, atol=1e-12)


def test_a_raised_knee_in_the_reference_changes_neither_axis_nor_zero() -> None:
    """Only what is across the long axis counts: 20 degrees of elevation leave the front where it is."""
    rng = np.random.default_rng(14)
    mounting = random_rotation(rng)
    raised = Pose(flexion_deg=20.0).thigh_up(Side.RIGHT)[0]
    np.testing.assert_allclose(aligned(mounting, raised).axes(), mounting, atol=1e-12)


def test_noise_of_a_usual_sensor_costs_hundredths_of_a_degree() -> None:
    rng = np.random.default_rng(15)
    mounting = random_rotation(rng)
    first = standing(Alignment(), noisy(block_of(STANDING @ mounting, 3.0), rng))
    second = reference(first.alignment, noisy(block_of(PATELLA_UP @ mounting, 3.0), rng))
    off = np.einsum("ij,ij->i", second.alignment.axes(), mounting)
    # 0.03 degrees a sample, 300 samples, two poses: 0.002; ten times that
    assert deg(np.arccos(np.clip(off, -1.0, 1.0))).max() < 0.02


@pytest.mark.parametrize(
    ("half_turn", "raw_deg"),
    [((1, -1, -1), 20.0), ((-1, -1, 1), -160.0), ((-1, 1, -1), 160.0)],
    ids=["about x", "about z", "about y"],
)
def test_a_sensor_strapped_on_the_wrong_way_round_is_put_right(
    half_turn: tuple[int, int, int], raw_deg: float
) -> None:
    mounting = np.diag(np.array(half_turn, dtype=np.float64))
    up = Pose(internal_rotation_deg=-20.0).thigh_up(Side.RIGHT) @ mounting
    assert deg(twist_rad(up))[0] == pytest.approx(raw_deg)
    assert deg(twist_rad(aligned(mounting).to_segment(up)))[0] == pytest.approx(-20.0)


def test_recipes_name_the_poses_that_were_taken() -> None:
    stood = standing(Alignment(), block_of(STANDING)).alignment
    assert [Alignment().recipe, stood.recipe] == ["housing", "standing"]
    assert reference(Alignment(), block_of(PATELLA_UP)).alignment.recipe == "housing+patella_up"
    both = reference(stood, block_of(PATELLA_UP)).alignment
    assert both.recipe == "standing+patella_up"
    assert [stood.has_zero, both.has_zero] == [False, True]


def test_without_poses_the_housing_is_the_thigh() -> None:
    np.testing.assert_array_equal(Alignment().axes(), np.eye(3))


def test_a_reference_alone_keeps_the_long_axis_of_the_housing() -> None:
    turned = Pose(internal_rotation_deg=-30.0).thigh_up(Side.RIGHT)[0]
    axes = reference(Alignment(), block_of(turned)).alignment.axes()
    np.testing.assert_allclose(
        axes, [[np.cos(rad(30)), 0, -np.sin(rad(30))], [0, 1, 0], [0.5, 0, np.cos(rad(30))]]
    )


def test_standing_alone_still_gives_three_right_angles_where_the_housing_points_up() -> None:
    axes = standing(Alignment(), block_of([1.0, 0.0, 0.0])).alignment.axes()
    np.testing.assert_allclose(axes @ axes.T, np.eye(3), atol=1e-15)
    assert np.linalg.det(axes) == pytest.approx(1.0)
    np.testing.assert_allclose(axes[1], [1.0, 0.0, 0.0])


def test_a_pose_counts_from_its_still_part() -> None:
    moving = block_of(STANDING, 1.0, rate_rad_per_s=(1.0, 0.0, 0.0), placement=LEFT)
    still = block_of(PATELLA_UP, 1.5, start_s=1.0, placement=LEFT)
    outcome = reference(Alignment(), end_to_end(moving, still))
    assert outcome.refused is None
    assert outcome.alignment.front == pytest.approx(PATELLA_UP)


def saturated(block: TimedBlock) -> TimedBlock:
    """A block with one sample at the range's end."""
    return replace(block, saturated=np.arange(len(block)) == len(block) // 2)


BAD_POSES = {
    "no samples": (block_of(PATELLA_UP, 0.0), "no samples"),
    "too short": (block_of(PATELLA_UP, 0.7), "moved"),
    "turning": (block_of(PATELLA_UP, rate_rad_per_s=(0.0, rad(20.0), 0.0)), "moved"),
    "saturated": (saturated(block_of(PATELLA_UP)), "range"),
    "outage": (less(block_of(PATELLA_UP, 2.0), [(0.6, 1.6)]), "moved"),
}


@pytest.mark.parametrize(("samples", "reason"), BAD_POSES.values(), ids=list(BAD_POSES))
def test_a_bad_pose_is_refused_with_its_reason_and_changes_nothing(samples: TimedBlock, reason: str) -> None:
    before = aligned(random_rotation(np.random.default_rng(16)))
    for take in (standing, reference):
        outcome = take(before, samples)
        assert outcome.alignment is before
        assert outcome.refused is not None
        assert reason in outcome.refused


@pytest.mark.parametrize("flexion_deg", [46.0, 60.0, 90.0])
def test_a_reference_with_the_thigh_near_vertical_is_refused(flexion_deg: float) -> None:
    """Less than 45 degrees from the long axis: the knee up, or standing still."""
    up = Pose(flexion_deg=flexion_deg).thigh_up(Side.RIGHT)[0]
    for before in (Alignment(), standing(Alignment(), block_of(STANDING)).alignment):
        outcome = reference(before, block_of(up))
        assert outcome.refused == "the thigh was near vertical in the reference pose"
        assert outcome.alignment is before


def test_a_reference_just_flat_enough_is_taken() -> None:
    up = Pose(flexion_deg=44.0).thigh_up(Side.RIGHT)[0]
    assert reference(Alignment(), block_of(up)).refused is None


def test_a_standing_phase_spent_lying_is_refused() -> None:
    """Else noise alone would decide where the front is."""
    before = reference(Alignment(), block_of(PATELLA_UP, placement=RIGHT)).alignment
    for up in (PATELLA_UP, Pose(flexion_deg=30.0).thigh_up(Side.RIGHT)[0]):
        outcome = standing(before, block_of(up))
        assert outcome.refused == "the thigh lay as in the reference pose"
        assert outcome.alignment is before
