"""Notifications to samples: doubles, losses, wraps, restarts and nonsense; times that only ever rise."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from frame_bench import FRAME_SAMPLES, ORIGIN_NS, Sender, identity, still_counts
from hypothesis import given, settings
from hypothesis import strategies as st

from firmware_protocol import FrameFlag, encode_frame
from firmware_protocol.backfill import encode_backfill_record
from firmware_protocol.decoder import Lack, StreamDecoder, StreamDescription
from firmware_protocol.frame_batch import FrameBatch
from tracker.errors import InputError
from tracker.model import FloatArray, Notification, Placement, SensorIdentity, TimedBlock
from tracker.sensing.clock_model.parameters import ClockParameters
from tracker.sensing.drivers.registry import decoder_of
from tracker.session import ingest as ingest_module
from tracker.session.ingest import BadFrameNote, Ingested, SensorIngest
from tracker.session.received_frames import Int64Array

LEFT = Placement.LEFT_THIGH
WRAP = 1 << 32

Taken = TimedBlock | BadFrameNote | None


def take(one: SensorIngest, frame: Notification) -> Taken:
    """What one frame becomes: its new samples, why it was refused, or nothing where all came before."""
    found = one.take([frame])
    assert len(found.taken) + len(found.notes) <= 1
    results: list[Taken] = [*(taken.samples for taken in found.taken), *found.notes]
    return results[0] if results else None


def ingest(sensor: SensorIdentity | None = None) -> SensorIngest:
    """An ingest of one sensor."""
    return SensorIngest(LEFT, sensor or identity(), ORIGIN_NS, ClockParameters())


def taken(one: SensorIngest, frames: list[Notification]) -> list[TimedBlock]:
    """Samples of frames that must all be good and new."""
    blocks = [take(one, frame) for frame in frames]
    assert all(isinstance(block, TimedBlock) for block in blocks), blocks
    return [block for block in blocks if isinstance(block, TimedBlock)]


def check_times(blocks: list[TimedBlock], start_s: float, step_s: float = 0.01) -> None:
    """Samples that follow each other without a gap from a time on."""
    times_s = np.concatenate([block.time_s for block in blocks])
    np.testing.assert_allclose(times_s, start_s + step_s * np.arange(len(times_s)), atol=1e-6)


def test_frames_become_samples_in_si_at_their_true_times() -> None:
    one, sender = ingest(), Sender(now_s=0.25)
    blocks = taken(one, [sender.frame() for _ in range(50)])
    check_times(blocks, 0.25)
    np.testing.assert_allclose(blocks[0].accelerometer_m_per_s2, [[9.80665, 0.0, 0.0]] * FRAME_SAMPLES)
    assert blocks[0].placement is LEFT
    quality = one.quality()
    assert (quality.samples, quality.missing, quality.gaps) == (900, 0, ())
    assert (quality.rate_hz, one.rate_hz) == (100.0, 100.0)


def test_before_the_first_frame_nothing_is_known() -> None:
    one = ingest()
    assert one.rate_hz is None
    assert (one.quality().samples, one.quality().rate_hz) == (0, 0.0)


def test_a_frame_that_comes_twice_counts_once() -> None:
    one, sender = ingest(), Sender()
    frames = [sender.frame() for _ in range(4)]
    taken(one, frames[:3])
    for again in (frames[2], frames[0]):
        late = replace(again, received_ns=frames[3].received_ns)
        assert take(one, late) is None
    taken(one, frames[3:])
    quality = one.quality()
    assert (quality.samples, quality.duplicates, quality.missing, quality.bad_frames) == (72, 36, 0, 0)


def test_of_a_frame_that_comes_partly_again_the_rest_is_taken() -> None:
    """A sensor that cuts its frames anew after a lost answer, back to before the last frame."""
    one, sender = ingest(), Sender()
    blocks = taken(one, [sender.frame(), sender.frame()])
    again = Sender(index=10, tick=10 * sender.interval_ticks, now_s=0.10)
    blocks += taken(one, [again.frame(40), again.frame()])
    check_times(blocks, 0.0)
    quality = one.quality()
    assert (quality.samples, quality.duplicates, quality.missing) == (68, 26, 0)


@pytest.mark.parametrize(("flags", "cause"), [(FrameFlag.NONE, "lost"), (FrameFlag.OVERFLOW, "overflow")])
def test_lost_frames_are_a_gap_with_its_cause(flags: FrameFlag, cause: str) -> None:
    one, sender = ingest(), Sender(now_s=1.0)
    taken(one, [sender.frame()])
    sender.skip(2 * FRAME_SAMPLES)
    taken(one, [sender.frame(flags=flags), sender.frame(flags=flags)])
    [gap] = one.quality().gaps
    assert (gap.missing, gap.cause, one.quality().missing) == (36, cause, 36)
    assert [gap.start_s, gap.end_s] == pytest.approx([1.17, 1.54], abs=1e-6)


def test_bad_frames_in_between_are_counted_and_change_nothing() -> None:
    one, sender = ingest(), Sender()
    frames = [sender.frame() for _ in range(6)]
    blocks = []
    for number, frame in enumerate(frames):
        for payload in (b"", frame.payload[:-1], b"\xff" * 40, frame.payload + b"\x00"):
            note = take(one, replace(frame, payload=payload))
            assert isinstance(note, BadFrameNote)
            assert (note.placement, note.received_ns) == (LEFT, frame.received_ns)
            assert note.reason
        blocks += taken(one, [frame])
        assert one.quality().bad_frames == 4 * (number + 1)
    check_times(blocks, 0.0)


def test_the_sample_index_may_wrap() -> None:
    one, sender = ingest(), Sender(index=WRAP - 30)
    frames = [sender.frame() for _ in range(2)]
    sender.skip(FRAME_SAMPLES)
    frames += [sender.frame() for _ in range(2)]
    taken(one, frames)
    assert take(one, frames[1]) is None
    quality = one.quality()
    assert (quality.samples, quality.missing, quality.duplicates) == (72, 18, 18)


def test_device_ticks_may_wrap_within_a_frame_and_between_two() -> None:
    for before in (5, FRAME_SAMPLES):
        one, sender = ingest(), Sender(tick=WRAP - before * 10_000)
        check_times(taken(one, [sender.frame() for _ in range(6)]), 0.0)
        assert one.quality().missing == 0


@pytest.mark.parametrize("tick", [0, 123_456_789, WRAP - 1000])
@pytest.mark.parametrize("flags", [FrameFlag.NONE, FrameFlag.TIME_JUMP])
def test_a_sensor_that_begins_anew_goes_on_after_a_gap(tick: int, flags: FrameFlag) -> None:
    """Also where its first frame, which carries the flag, was lost, and whatever its ticks begin with."""
    one, sender = ingest(), Sender(tick=77_000_000)
    taken(one, [sender.frame() for _ in range(100)])
    anew = Sender(tick=tick, now_s=sender.now_s + 3.0)
    blocks = taken(one, [anew.frame(flags=flags), *(anew.frame() for _ in range(5))])
    check_times(blocks, sender.now_s + 3.0)
    quality = one.quality()
    [gap] = quality.gaps
    assert (gap.cause, gap.missing, quality.samples) == ("restart", 300, 106 * FRAME_SAMPLES)
    assert quality.duplicates == 0


def test_a_sensor_that_counts_as_it_did_at_its_first_start_is_not_taken_for_an_echo() -> None:
    """Index and ticks from zero both times: the frames are 18 s behind, which no echo is."""
    one, sender = ingest(), Sender()
    taken(one, [sender.frame() for _ in range(100)])
    anew = Sender(now_s=sender.now_s + 1.0)
    check_times(taken(one, [anew.frame() for _ in range(5)]), sender.now_s + 1.0)
    assert one.quality().gaps[0].cause == "restart"


def test_samples_sent_again_from_the_sensors_buffer_are_known_however_late() -> None:
    one, sender = ingest(), Sender()
    frames = [sender.frame() for _ in range(100)]
    taken(one, frames)
    first = Sender().frame(flags=FrameFlag.BACKFILL)
    assert take(one, replace(first, received_ns=frames[-1].received_ns)) is None
    assert one.quality().duplicates == FRAME_SAMPLES


def test_after_a_reconnect_the_same_sensor_goes_on_and_its_loss_is_counted() -> None:
    one, sender = ingest(), Sender()
    blocks = taken(one, [sender.frame() for _ in range(3)])
    sender.skip(400)
    one.begin(identity())
    blocks += taken(one, [sender.frame(delay_s=0.2), sender.frame()])
    [gap] = one.quality().gaps
    assert (gap.missing, gap.cause) == (400, "lost")
    # its clock is known: the late first frame does not shift it but for the creep of 4 s
    assert blocks[3].time_s[0] == pytest.approx(0.54 + 4.0, abs=0.001)


class CountingDecoder:
    """Decodes frames whose samples the sensor does not number: what it gives begins at zero each time."""

    def __init__(self, decoder: StreamDecoder) -> None:
        self._decoder = decoder

    @property
    def description(self) -> StreamDescription:
        """What the frames are counted in."""
        lacks = frozenset({Lack.LOSS_COUNT, Lack.TIMESTAMPS, Lack.BACKFILL})
        return replace(self._decoder.description, lacks=lacks)

    def decode(self, payloads: Sequence[bytes], received_ns: Int64Array) -> FrameBatch:
        """The frames as they are."""
        return self._decoder.decode(payloads, received_ns)


def test_a_sensor_that_numbers_nothing_begins_anew_with_every_link(monkeypatch: pytest.MonkeyPatch) -> None:
    """Index and ticks are the decoder's: those of the link before say nothing, and no sample came twice."""
    monkeypatch.setattr(ingest_module, "decoder_of", lambda one: CountingDecoder(decoder_of(one)))
    one, before = ingest(), Sender()
    taken(one, [before.frame() for _ in range(20)])
    one.begin(identity())
    after = Sender(now_s=before.now_s + 2.0)
    check_times(taken(one, [after.frame() for _ in range(20)]), after.now_s - 20 * 0.18)
    quality = one.quality()
    assert (quality.samples, quality.duplicates) == (40 * FRAME_SAMPLES, 0)
    assert [(gap.cause, gap.missing) for gap in quality.gaps] == [("restart", 200)]


def test_another_sensor_at_the_same_place_begins_anew() -> None:
    one, sender = ingest(), Sender(index=500, tick=999)
    taken(one, [sender.frame() for _ in range(3)])
    one.begin(identity(number=1))
    other = Sender(index=500 + 54, tick=999 + 54 * 10_000, now_s=2.0)
    check_times(taken(one, [other.frame(), other.frame()]), 2.0)
    assert [gap.cause for gap in one.quality().gaps] == ["restart"]


WRONG_PPM = -40_000.0
RIGHT_STEP_S = 0.01 / (1.0 + WRONG_PPM * 1e-6)


def after_the_judgement() -> tuple[SensorIngest, Sender]:
    """A sensor that is 4 % slow and has been corrected."""
    one, sender = ingest(), Sender(drift_ppm=WRONG_PPM)
    taken(one, [sender.frame() for _ in range(300)])
    assert one.clock.pace == pytest.approx(1.0 / (1.0 + WRONG_PPM * 1e-6), rel=1e-4)
    return one, sender


def test_a_sensor_that_begins_anew_keeps_its_pace() -> None:
    """Its oscillator is the same: times and rate are right at once, not after another 20 s."""
    one, sender = after_the_judgement()
    anew = Sender(drift_ppm=WRONG_PPM, now_s=sender.now_s + 3.0)
    frames = [anew.frame(flags=FrameFlag.TIME_JUMP), *(anew.frame() for _ in range(30))]
    found = [two for frame in frames for two in one.take([frame]).taken]
    assert len(found) == len(frames)
    # the pace was found by arrivals of whole nanoseconds over 20 s
    check_times([two.samples for two in found], sender.now_s + 3.0, RIGHT_STEP_S)
    assert [two.rate_hz for two in found] == pytest.approx([1.0 / RIGHT_STEP_S] * len(found), rel=1e-6)
    assert one.quality().gaps[-1].cause == "restart"


def test_another_sensor_at_the_same_place_has_a_pace_of_its_own() -> None:
    one, sender = after_the_judgement()
    corrected = one.clock.paces
    one.begin(identity(number=1))
    other = Sender(now_s=sender.now_s + 2.0)
    check_times(taken(one, [other.frame() for _ in range(5)]), sender.now_s + 2.0)
    assert one.clock.paces == ()
    one.begin(identity())
    back = Sender(drift_ppm=WRONG_PPM, now_s=other.now_s + 2.0)
    check_times(taken(one, [back.frame() for _ in range(5)]), other.now_s + 2.0, RIGHT_STEP_S)
    assert one.clock.paces == corrected


def test_the_rate_is_the_corrected_one_from_the_frame_after_the_judgement_on() -> None:
    """However many frames come together: the judgement cuts them."""
    sender = Sender(drift_ppm=WRONG_PPM)
    frames = [sender.frame() for _ in range(300)]
    rates_hz = [
        [rate for two in one.taken for rate in [two.rate_hz] * len(two.counts)]
        for one in (ingest().take(frames), after_one_by_one(frames))
    ]
    # 20 s of ticks are 111 frames and a part of one, which ends after them
    wrong = 112
    assert rates_hz[0] == rates_hz[1]
    assert rates_hz[0] == pytest.approx([100.0] * wrong + [1.0 / RIGHT_STEP_S] * (300 - wrong), rel=1e-4)


def after_one_by_one(frames: list[Notification]) -> Ingested:
    """What frames become that are handed in one by one."""
    one = ingest()
    found = [one.take([frame]) for frame in frames]
    return Ingested(tuple(two for one_found in found for two in one_found.taken), ())


def test_a_mad_frame_does_not_shift_what_follows() -> None:
    """A header with wrong ticks or interval: the frames after it are as if it had never been."""
    mad = [
        encode_frame(still_counts(5), first_sample_index=54, first_tick=tick, interval_ticks=step, sequence=3)
        for tick in (0, 540_000, 3_000_000_000, WRAP - 1)
        for step in (1, 100, 9_000, 60_000)
    ]
    for payload in mad:
        one, sender = ingest(), Sender()
        taken(one, [sender.frame() for _ in range(3)])
        take(one, Notification(LEFT, payload, ORIGIN_NS + 535_000_000))
        after = [take(one, sender.frame()) for _ in range(20)]
        good = [block for block in after if isinstance(block, TimedBlock)]
        # it may cost the frame that it took the place of
        assert len(good) >= 19
        times_s = np.concatenate([block.time_s for block in good])
        assert times_s[-1] == pytest.approx(sender.now_s - 0.01, abs=0.05)


def test_frames_at_another_rate_than_the_sensor_offers_are_refused() -> None:
    for rate_hz, good in ((100.0, True), (104.0, True), (25.0, True), (700.0, False), (16.0, False)):
        found = take(ingest(), Sender(rate_hz=rate_hz).frame())
        assert isinstance(found, TimedBlock if good else BadFrameNote), rate_hz


def test_the_rate_does_not_change_within_a_recording() -> None:
    one, sender = ingest(), Sender()
    taken(one, [sender.frame()])
    faster = Sender(rate_hz=200.0, index=sender.index, tick=sender.tick, now_s=sender.now_s)
    note = take(one, faster.frame())
    assert isinstance(note, BadFrameNote)
    assert "200 Hz" in note.reason
    taken(one, [sender.frame()])


def test_saturated_samples_are_counted_once() -> None:
    one, sender = ingest(), Sender()
    counts = still_counts(FRAME_SAMPLES)
    counts[3, 4] = counts[9, 0] = 32_767
    frame = sender.frame(counts=counts)
    [block] = taken(one, [frame])
    take(one, frame)
    assert np.flatnonzero(block.saturated).tolist() == [3, 9]
    assert one.quality().saturated == 2


def test_capabilities_that_cannot_be_read_are_an_input_error_with_advice() -> None:
    with pytest.raises(InputError) as caught:
        ingest(replace(identity(), capabilities=b"\x01\x02\x09\x00"))
    assert LEFT.value in caught.value.message
    assert caught.value.advice


@pytest.mark.parametrize("gather", [1, 3, 7, 100])
def test_many_at_once_give_the_same_as_one_by_one(gather: int) -> None:
    sender = Sender(tick=WRAP - 5_000_000)
    rng = np.random.default_rng(5)
    frames: list[Notification] = []
    for number in range(100):
        if number % 13 == 5:
            sender.skip(FRAME_SAMPLES)
        frames.append(sender.frame(delay_s=float(rng.uniform(0, 0.02))))
        if number % 17 == 3:
            frames.append(frames[-1])
        if number % 19 == 4:
            frames.append(replace(frames[-1], payload=b"nonsense"))
    single, many = ingest(), ingest()
    expected = [single.take([frame]) for frame in frames]
    found = [many.take(frames[at : at + gather]) for at in range(0, len(frames), gather)]
    assert many.quality() == single.quality()
    assert notes(found) == notes(expected)
    for one, other in zip(columns(found), columns(expected), strict=True):
        np.testing.assert_array_equal(one, other)


def notes(found: list[Ingested]) -> list[BadFrameNote]:
    """Refusals in order."""
    return [note for one in found for note in one.notes]


def columns(found: list[Ingested]) -> list[FloatArray]:
    """Times, forces and rates of all samples."""
    blocks = [taken.samples for one in found for taken in one.taken]
    return [
        np.concatenate([block.time_s for block in blocks]),
        np.concatenate([block.accelerometer_m_per_s2 for block in blocks]),
        np.concatenate([block.gyroscope_rad_per_s for block in blocks]),
    ]


def hostile_frame(
    count: int, index: int, tick: int, interval: int, sequence: int, flags: int, cut: int
) -> bytes:
    """A frame, or a record where its flags say so, cut."""
    frame = encode_frame(
        still_counts(count),
        first_sample_index=index,
        first_tick=tick,
        interval_ticks=interval,
        sequence=sequence,
        flags=FrameFlag(flags),
    )
    return (encode_backfill_record(frame) if flags & FrameFlag.BACKFILL else frame)[: cut or None]


hostile_payloads = st.one_of(
    st.binary(max_size=300),
    st.builds(
        hostile_frame,
        st.integers(1, 40),
        st.one_of(st.integers(0, 200), st.integers(0, WRAP - 1)),
        st.one_of(st.integers(0, 2_000_000), st.integers(0, WRAP - 1)),
        st.one_of(st.just(10_000), st.integers(9_000, 11_000), st.integers(1, 65_535)),
        st.integers(0, 65_535),
        st.sampled_from([0, 0, 0, 1, 4, 8, 16, 32, 64, 0x7F]),
        st.sampled_from([0, 0, 0, 0, -1, 15]),
    ),
)


@settings(deadline=None, max_examples=300)
@given(
    st.lists(st.tuples(hostile_payloads, st.integers(-500_000_000, 500_000_000)), max_size=30),
    st.booleans(),
    st.booleans(),
)
def test_hostile_frames_never_raise_and_times_only_rise(
    frames: list[tuple[bytes, int]], keeps_samples: bool, others_wait: bool
) -> None:
    """And many together are the same as one by one, whether or not samples wait for others."""
    one, together = (
        SensorIngest(
            LEFT,
            identity(keeps_samples=keeps_samples),
            ORIGIN_NS,
            ClockParameters(),
            others_wait=others_wait,
        )
        for _ in range(2)
    )
    received_ns, blocks, notifications = ORIGIN_NS, [], []
    for payload, passed_ns in frames:
        received_ns = max(0, received_ns + passed_ns)
        notifications.append(Notification(LEFT, payload, received_ns))
        blocks += [taken.samples for taken in one.take(notifications[-1:]).taken]
    together.take(notifications)
    assert together.quality() == one.quality()
    together.release()
    blocks += [taken.samples for taken in one.release().taken]
    for block in blocks:
        assert len(block) == len(block.accelerometer_m_per_s2) == len(block.saturated) > 0
    quality = one.quality()
    assert together.quality() == quality
    assert quality.samples == sum(len(block) for block in blocks)
    assert quality.missing == sum(gap.missing for gap in quality.gaps)
    assert all(gap.missing > 0 and gap.end_s > gap.start_s for gap in quality.gaps)
    if blocks:
        times_s = np.concatenate([block.time_s for block in blocks])
        assert np.isfinite(times_s).all()
        assert (np.diff(times_s) > 0).all()
    for before, after in pairwise(quality.gaps):
        assert before.end_s <= after.start_s
