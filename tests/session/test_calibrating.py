"""Calibrating a sensor from what it sends: six sides, a slanted position, and everything that goes wrong."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date

import numpy as np
import numpy.typing as npt
import pytest
from frame_bench import FRAME_SAMPLES, Sender, identity
from pipeline_bench import PELVIS

from tracker.errors import NoSensorError, RefusedError
from tracker.model import AccelerometerCalibration, Notification, SensorIdentity
from tracker.motion.frames.six_positions import Face, SixPositionParameters
from tracker.motion.parameters import STANDARD_GRAVITY_M_PER_S2, StillnessParameters
from tracker.sensing.body.builder import ScriptBuilder
from tracker.sensing.body.kinematics import Mounting
from tracker.sensing.body.mems import MemsModel
from tracker.sensing.body.sessions import SimulatedSession, calibration_session
from tracker.sensing.body.timeline import Joint
from tracker.sensing.playback import PlaybackSource
from tracker.sensing.source import LinkReport, LinkState, SourceItem
from tracker.session.calibrating import CalibrationNews, calibrate

TODAY = date(2026, 11, 20)
OFFSET = (0.15, -0.08, 0.11)
SCALE_ERROR = (0.008, -0.005, 0.003)
MEMS = MemsModel(
    accelerometer_bias_m_per_s2=OFFSET,
    accelerometer_scale_error=SCALE_ERROR,
    gyroscope_bias_rad_per_s=(0.01, -0.02, 0.01),
    seed=3,
)
UPRIGHT, SUPINE, PRONE, LEFT_DOWN, RIGHT_DOWN, HEAD_DOWN, SLANTED = (
    (0.0, 0.0),
    (1.0, 0.0),
    (1.0, 2.0),
    (1.0, 1.0),
    (1.0, -1.0),
    (2.0, 0.0),
    (0.5, 0.4),
)
"""Pitch and roll of the simulated sensor in quarter turns."""
SIDES = {
    UPRIGHT: Face.Y_UP,
    SUPINE: Face.X_UP,
    PRONE: Face.X_DOWN,
    LEFT_DOWN: Face.Z_UP,
    RIGHT_DOWN: Face.Z_DOWN,
    HEAD_DOWN: Face.Y_DOWN,
}
ALL = (*SIDES, SLANTED)
Counts = npt.NDArray[np.int16]


def turned(
    positions: Sequence[tuple[float, float]], mems: MemsModel = MEMS, hold_s: float = 2.7
) -> SimulatedSession:
    """A sensor that is held still in positions, one after the other."""
    script = ScriptBuilder()
    for pitch, roll in positions:
        quarter = 0.5 * np.pi
        script.move(0.8, {Joint.PELVIS_PITCH: pitch * quarter, Joint.PELVIS_ROLL: roll * quarter})
        script.hold(hold_s)
    return SimulatedSession(script.build(), {PELVIS: Mounting.on_belt()}, {PELVIS: mems})


def counts_of(session: SimulatedSession) -> Counts:
    """All that the sensor of a session measures."""
    feed = session.feed(PELVIS)
    return feed.counts(0, feed.samples)


def frames_of(counts: Counts) -> list[SourceItem]:
    """What a sensor sends of its samples, each frame as soon as it is complete."""
    sender = Sender(PELVIS)
    return [
        sender.frame(counts=counts[at : at + FRAME_SAMPLES]) for at in range(0, len(counts), FRAME_SAMPLES)
    ]


@dataclass(slots=True)
class Calibrated:
    """A calibration in the making, with what it told."""

    news: list[CalibrationNews] = field(default_factory=list)
    parameters: SixPositionParameters = field(default_factory=SixPositionParameters)

    async def follow(self, items: Sequence[SourceItem]) -> tuple[SensorIdentity, AccelerometerCalibration]:
        """Follow a sensor to its end."""
        source = PlaybackSource(items, {PELVIS: identity(PELVIS)}, speed=None)
        return await calibrate(source, self.parameters, StillnessParameters(), TODAY, self.news.append)

    @property
    def taken(self) -> list[str]:
        """The positions that were taken, in order."""
        return [str(one.taken) for one in self.news]


def check_values(calibration: AccelerometerCalibration) -> None:
    """Offsets and scales are those of the simulated sensor, within its noise."""
    true_scale = [1.0 / (1.0 + error) for error in SCALE_ERROR]
    # Half a milli-g: the ends of turns that are slow enough to pass for still cost half of it.
    assert calibration.offset_m_per_s2 == pytest.approx(OFFSET, abs=0.005)
    assert calibration.scale == pytest.approx(true_scale, abs=0.0005)
    assert calibration.residual_m_per_s2 < 0.005


async def test_six_sides_and_a_slant_give_the_offsets_and_scales_of_the_sensor() -> None:
    run = Calibrated()
    sensor, calibration = await run.follow(frames_of(counts_of(turned(ALL))))
    assert sensor == identity(PELVIS)
    assert calibration.sensor_id == sensor.sensor_id
    assert calibration.calibrated_on == "2026-11-20"
    check_values(calibration)
    assert run.taken == [*SIDES.values(), "slanted"]


async def test_what_is_still_missing_is_told_with_each_position() -> None:
    run = Calibrated()
    await run.follow(frames_of(counts_of(turned(ALL))))
    order = list(SIDES.values())
    for number, news in enumerate(run.news[:-1], 1):
        assert set(news.missing) == set(order[number:])
    assert run.news[-1].missing == ()


async def test_the_sides_may_come_in_any_order_and_again() -> None:
    rng = np.random.default_rng(5)
    for _ in range(3):
        order = [list(SIDES)[place] for place in rng.permutation(6)]
        run = Calibrated()
        again = [*order[:4], order[0], order[2], *order[4:], order[5], SLANTED]
        _, calibration = await run.follow(frames_of(counts_of(turned(again))))
        check_values(calibration)
        assert run.taken == [*(SIDES[side].value for side in order), "slanted"]


async def test_a_slant_before_the_last_side_does_not_count() -> None:
    run = Calibrated()
    with pytest.raises(NoSensorError):
        await run.follow(frames_of(counts_of(turned((SLANTED, *SIDES)))))
    assert run.taken == list(SIDES.values())
    later = Calibrated()
    await later.follow(frames_of(counts_of(turned((SLANTED, *SIDES, SLANTED)))))
    assert later.taken == [*SIDES.values(), "slanted"]


async def test_it_ends_with_the_last_position_and_needs_no_more_samples() -> None:
    items = frames_of(counts_of(turned((*ALL, UPRIGHT, SUPINE))))
    run = Calibrated()
    _, calibration = await run.follow(items)
    assert len(run.news) == 7
    assert (await Calibrated().follow(frames_of(counts_of(turned(ALL)))))[1] == calibration


@pytest.mark.parametrize("left_out", range(7))
async def test_without_one_of_the_positions_there_is_no_calibration(left_out: int) -> None:
    positions = [one for number, one in enumerate(ALL) if number != left_out]
    run = Calibrated()
    with pytest.raises(NoSensorError, match="stopped sending"):
        await run.follow(frames_of(counts_of(turned(positions))))
    assert "slanted" not in run.taken
    if left_out < 6:
        assert run.news[-1].missing == (list(SIDES.values())[left_out],)


async def test_positions_that_are_not_held_for_two_seconds_are_not_taken() -> None:
    items = frames_of(
        counts_of(turned((SUPINE, PRONE, LEFT_DOWN, RIGHT_DOWN, HEAD_DOWN, UPRIGHT, SLANTED), hold_s=1.4))
    )
    run = Calibrated()
    with pytest.raises(NoSensorError):
        await run.follow(items)
    assert run.news == []
    quicker = Calibrated(parameters=SixPositionParameters(still_s=1.0))
    await quicker.follow(items)
    assert len(quicker.news) == 7


async def test_a_sensor_that_trembles_or_turns_slowly_is_not_taken() -> None:
    counts = counts_of(turned(ALL))
    trembling = counts.astype(np.float64)
    trembling[:, :3] += np.random.default_rng(4).normal(0.0, 300.0, (len(counts), 3))
    turning = counts.copy()
    turning[:, 3:] += 400
    for moved in (trembling.astype(np.int16), turning):
        run = Calibrated()
        with pytest.raises(NoSensorError):
            await run.follow(frames_of(moved))
        assert run.news == []


@pytest.mark.parametrize(
    ("tilt_deg", "as_side", "as_check"), [(20.0, True, False), (28.0, False, False), (40.0, False, True)]
)
async def test_a_position_between_a_side_and_a_slant_counts_as_neither(
    tilt_deg: float, as_side: bool, as_check: bool
) -> None:
    """A side may be tilted by 25 degrees; a slant is at least 32 away from every side."""
    tilted = (1.0, tilt_deg / 90.0)
    first = Calibrated()
    with pytest.raises(NoSensorError):
        await first.follow(frames_of(counts_of(turned((tilted, HEAD_DOWN)))))
    assert first.taken == ([Face.X_UP] if as_side else []) + [Face.Y_DOWN]
    last = Calibrated()
    items = frames_of(counts_of(turned((*SIDES, tilted))))
    if as_check:
        await last.follow(items)
    else:
        with pytest.raises(NoSensorError):
            await last.follow(items)
    assert ("slanted" in last.taken) is as_check


async def test_tilted_sides_give_the_same_offsets_and_scales() -> None:
    """A side need not be level: only the length of gravity counts."""
    rng = np.random.default_rng(8)
    positions = [
        (pitch + float(rng.uniform(-0.15, 0.15)), roll + float(rng.uniform(-0.15, 0.15)))
        for pitch, roll in SIDES
    ]
    _, calibration = await Calibrated().follow(frames_of(counts_of(turned((*positions, SLANTED)))))
    check_values(calibration)


async def test_a_check_that_does_not_agree_is_refused() -> None:
    """The x axis is not square to y: level sides do not show it, the slanted position does."""
    counts = counts_of(turned(ALL, replace(MEMS, accelerometer_scale_error=(0.0, 0.0, 0.0)))).astype(
        np.float64
    )
    counts[:, 0] += 0.06 * counts[:, 1]
    run = Calibrated()
    with pytest.raises(RefusedError, match="no calibration: the check does not agree") as caught:
        await run.follow(frames_of(np.rint(counts).astype(np.int16)))
    assert "start again" in caught.value.advice
    assert caught.value.exit_code == 1
    assert len(run.news) == 7


@pytest.mark.parametrize(
    ("parameters", "reason"),
    [
        (SixPositionParameters(largest_offset_m_per_s2=0.14), "an offset is larger"),
        (SixPositionParameters(largest_scale_error=0.007), "a scale is further from one"),
        (SixPositionParameters(largest_residual_m_per_s2=0.0), "the check does not agree"),
    ],
)
async def test_what_a_sound_sensor_may_show_is_a_setting(
    parameters: SixPositionParameters, reason: str
) -> None:
    with pytest.raises(RefusedError, match=reason):
        await Calibrated(parameters=parameters).follow(frames_of(counts_of(turned(ALL))))


async def test_a_sensor_that_stops_says_so() -> None:
    run = Calibrated()
    items = frames_of(counts_of(turned(ALL)))
    with pytest.raises(NoSensorError, match="the sensor stopped sending") as caught:
        await run.follow(items[: len(items) // 2])
    assert caught.value.exit_code == 5
    assert "nearer to the computer" in caught.value.advice
    assert 2 <= len(run.news) <= 4
    with pytest.raises(NoSensorError):
        await Calibrated().follow([])


def lost_at(items: Sequence[SourceItem], place: int, missing: int = 0) -> list[SourceItem]:
    """The link is lost at an item, and some frames with it."""
    at = items[place]
    at_ns = at.received_ns if isinstance(at, Notification) else at.at_ns
    states = (LinkState.LOST, LinkState.SEARCHING, LinkState.STREAMING)
    reports = [LinkReport(PELVIS, at_ns, state) for state in states]
    return [*items[:place], *reports, *items[place + missing :]]


async def test_what_the_link_does_is_told() -> None:
    items = frames_of(counts_of(turned(ALL)))
    states: list[LinkState] = []
    source = PlaybackSource(lost_at(items, 39), {PELVIS: identity(PELVIS)}, speed=None)
    await calibrate(
        source,
        SixPositionParameters(),
        StillnessParameters(),
        TODAY,
        lambda _: None,
        lambda report: states.append(report.state),
    )
    assert states == [LinkState.LOST, LinkState.SEARCHING, LinkState.STREAMING]


async def test_a_sensor_that_is_off_by_more_than_rest_tests_allow_is_calibrated() -> None:
    """1 m/s2 is 102 mg."""
    far_off = (1.0, -0.9, 0.8)
    mems = replace(MEMS, accelerometer_bias_m_per_s2=far_off)
    _, calibration = await Calibrated().follow(frames_of(counts_of(turned(ALL, mems))))
    assert calibration.offset_m_per_s2 == pytest.approx(far_off, abs=0.005)


async def test_a_sensor_that_is_broken_is_told_so() -> None:
    mems = replace(MEMS, accelerometer_bias_m_per_s2=(0.0, 0.0, 2.0))
    with pytest.raises(RefusedError, match="an offset is larger than any sound sensor's"):
        await Calibrated().follow(frames_of(counts_of(turned(ALL, mems))))


@pytest.mark.parametrize("missing", [0, 3])
async def test_a_link_that_is_lost_while_the_sensor_is_turned_costs_nothing(missing: int) -> None:
    """Positions last 3.5 s, 19.4 frames: the 40th to 43rd are those of the third turn."""
    items = frames_of(counts_of(turned(ALL)))
    run = Calibrated()
    _, calibration = await run.follow(lost_at(items, 39, missing))
    assert run.taken == [*SIDES.values(), "slanted"]
    check_values(calibration)


async def test_what_was_held_before_a_lost_link_is_not_put_together_with_another_position() -> None:
    """Each of two sides is held for half as long as is needed, with the link lost in between."""
    halves = turned((UPRIGHT, SUPINE), hold_s=1.2)
    counts = counts_of(halves)
    still = np.concatenate([counts[80:200], counts[280:400]])
    items = frames_of(still)
    run = Calibrated()
    with pytest.raises(NoSensorError):
        await run.follow(lost_at(items, 120 // FRAME_SAMPLES))
    assert run.news == []


async def test_a_position_with_a_sensor_at_its_range_s_end_is_not_taken() -> None:
    counts = counts_of(turned((UPRIGHT, SUPINE)))
    counts[400:600, 5] = 32767
    run = Calibrated()
    with pytest.raises(NoSensorError):
        await run.follow(frames_of(counts))
    assert run.taken == [Face.Y_UP]


async def test_the_simulated_session_of_the_command_calibrates() -> None:
    session = calibration_session()
    _, calibration = await Calibrated().follow(frames_of(counts_of(session)))
    mems = session.mems[PELVIS]
    assert calibration.offset_m_per_s2 == pytest.approx(mems.accelerometer_bias_m_per_s2, abs=0.005)
    assert calibration.residual_m_per_s2 < 0.01 * STANDARD_GRAVITY_M_PER_S2
    assert calibration.sensor_id == identity(PELVIS).sensor_id
