"""Notifications that are lost, doubled, late, swapped or damaged, by share and seed."""

import math

import pytest
from firmware_bench import FirmwareBench
from hypothesis import given
from hypothesis import strategies as st

from firmware_protocol import FetchRequest, FrameError
from firmware_protocol.backfill import decode_backfill_record
from tracker.sensing.virtual.delivery import Delivered, Delivery, DeliveryFaults
from tracker.sensing.virtual.rubbish import Channel, Rubbish, Spoiler

SENT = [number.to_bytes(2, "little") for number in range(2000)]
SHARES = st.floats(0.0, 1.0)


def delivered(faults: DeliveryFaults) -> list[Delivered]:
    way = Delivery(faults)
    return [one for payload in SENT for one in way.pass_on(payload)]


def payloads(faults: DeliveryFaults) -> list[bytes]:
    return [one.payload for one in delivered(faults)]


def test_without_faults_all_arrives_as_it_was_sent() -> None:
    assert delivered(DeliveryFaults()) == [Delivered(payload) for payload in SENT]


def test_each_fault_does_what_it_says_to_all_where_its_share_is_1() -> None:
    assert payloads(DeliveryFaults(dropped=1.0)) == []
    assert payloads(DeliveryFaults(doubled=1.0)) == [payload for payload in SENT for _ in range(2)]
    pairs = zip(SENT[::2], SENT[1::2], strict=True)
    assert payloads(DeliveryFaults(swapped=1.0)) == [one for pair in pairs for one in reversed(pair)]
    assert delivered(DeliveryFaults(late=1.0, late_s=0.4)) == [Delivered(payload, 0.4) for payload in SENT]


def test_damage_changes_one_bit() -> None:
    for sent, got in zip(SENT, payloads(DeliveryFaults(corrupted=1.0)), strict=True):
        changed = int.from_bytes(sent, "little") ^ int.from_bytes(got, "little")
        assert changed.bit_count() == 1


@pytest.mark.parametrize("share", [0.02, 0.3, 0.9])
def test_as_many_are_lost_as_the_share_says(share: float) -> None:
    lost = len(SENT) - len(payloads(DeliveryFaults(dropped=share)))
    # five standard deviations of the binomial distribution
    assert lost == pytest.approx(share * len(SENT), abs=5 * math.sqrt(share * (1 - share) * len(SENT)))


def test_the_seed_says_which_ones() -> None:
    first = payloads(DeliveryFaults(dropped=0.5, seed=1))
    assert payloads(DeliveryFaults(dropped=0.5, seed=1)) == first
    assert payloads(DeliveryFaults(dropped=0.5, seed=2)) != first


@given(dropped=SHARES, doubled=SHARES, late=SHARES, corrupted=SHARES)
def test_one_fault_does_not_change_what_another_one_hits(
    dropped: float, doubled: float, late: float, corrupted: float
) -> None:
    alone = payloads(DeliveryFaults(dropped=dropped, corrupted=corrupted))
    with_others = DeliveryFaults(dropped=dropped, doubled=doubled, late=late, corrupted=corrupted)
    assert set(payloads(with_others)) == set(alone)


@given(swapped=SHARES, seed=st.integers(0, 100))
def test_swapping_loses_and_doubles_nothing(swapped: float, seed: int) -> None:
    got = payloads(DeliveryFaults(swapped=swapped, seed=seed))
    assert sorted(got) == sorted(SENT[: len(got)])
    # one that is held when the last one was sent has nothing to come after
    assert len(got) >= len(SENT) - 1
    moved = [abs(int.from_bytes(one, "little") - place) for place, one in enumerate(got)]
    assert max(moved) <= 1


@pytest.mark.parametrize("share", [-0.1, 1.1, math.nan])
def test_a_share_is_from_0_to_1(share: float) -> None:
    with pytest.raises(ValueError, match="doubled"):
        DeliveryFaults(doubled=share)


def test_a_damaged_record_of_backfill_is_noticed() -> None:
    bench = FirmwareBench()
    bench.start(at_s=5.0)
    bench.ask(FetchRequest(2, 0, 500))
    sound, way = bench.records(), Delivery(DeliveryFaults(corrupted=1.0))
    damaged = [one.payload for record in sound for one in way.pass_on(record)]
    assert len(damaged) == len(sound) == 28
    for record in damaged:
        with pytest.raises(FrameError):
            decode_backfill_record(record)


def test_random_bytes_take_the_place_of_values_on_the_channels_that_are_named() -> None:
    spoiler = Spoiler(Rubbish(frozenset({Channel.STREAM}), seed=3))
    assert all(spoiler.spoil(Channel.CONTROL, payload) == payload for payload in SENT)
    spoiled = [spoiler.spoil(Channel.STREAM, payload) for payload in SENT]
    assert sum(got == sent for got, sent in zip(spoiled, SENT, strict=True)) <= 1
    assert max(map(len, spoiled)) == Spoiler.LONGEST_BYTES
    assert min(map(len, spoiled)) == 0


def test_a_share_of_values_is_spoiled() -> None:
    spoiler = Spoiler(Rubbish(frozenset({Channel.STREAM}), share=0.5))
    kept = sum(spoiler.spoil(Channel.STREAM, b"\x01" * 20) == b"\x01" * 20 for _ in SENT)
    assert kept == pytest.approx(1000, abs=5 * math.sqrt(0.25 * len(SENT)))
