"""Load and movements of sets with known ranges and bands, worked out by hand."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tracker.model import Band, SessionFelt, SetFelt, SetTarget, Side
from tracker.plan.catalogue import load_catalogue
from tracker.progress.week_load import Loads, LoadWeek, Said, load_of
from tracker.progress.week_movements import movements_of
from tracker.progress.week_said import BandedSet, band_uses, felt_of
from tracker.store.trained import MovedRepetition, MovedSet
from tracker.store.values import SessionInSpan

CATALOGUE = load_catalogue()
LOOP = Band(1, "TheraBand", "red", 0.30, True, 16.5, 24.5)
STRIP = replace(LOOP, band_id=2, is_loop=False)
NO_FORCE = replace(STRIP, band_id=3, brand="another", force_100_n=None, force_200_n=None)
BEGAN_AT = datetime(2026, 11, 17, 18, tzinfo=UTC)


def moved(
    exercise: str, roms_deg: list[float], *, reference_deg: float | None = 25.0, valid: int | None = None
) -> MovedSet:
    """A set of the left leg, its repetitions all valid."""
    repetitions = tuple(MovedRepetition(True, rom_deg, 2.0, 1.0, 3.0, 0.1) for rom_deg in roms_deg)
    count = len(roms_deg) if valid is None else valid
    return MovedSet(1, 1, exercise, Side.LEFT, count, reference_deg, repetitions)


def load(done: MovedSet, felt: SetFelt, target: SetTarget | None = None) -> LoadWeek:
    said = Said(
        sessions={},
        sets={1: {1: felt}},
        targets={} if target is None else {1: (target,)},
        bands={1: LOOP, 2: STRIP, 3: NO_FORCE},
    )
    return load_of([done], [], said, CATALOGUE)


def test_the_load_is_repetitions_by_range_by_estimated_force() -> None:
    """8 repetitions of 20 of 25 degrees with a strip at 50 %, half of 16.5 N: 8 * 0.8 * 8.25 = 52.8."""
    found = load(moved("seated_internal_rotation", [20.0] * 8), SetFelt(band_id=2, stretched_length_m=0.45))
    [one] = found.exercises
    assert one.loads is Loads.INTERNAL_ROTATION
    assert one.force_n == pytest.approx(8.25)
    assert one.load == pytest.approx(52.8)
    assert found.internal_rotation == pytest.approx(52.8)


def test_a_loop_pulls_with_both_strands_and_beyond_100_percent_along_the_second_line() -> None:
    """At 150 % a strand pulls (16.5 + 24.5) / 2 = 20.5 N."""
    [one] = load(moved("reverse_clamshell", [25.0]), SetFelt(band_id=1, stretched_length_m=0.75)).exercises
    assert one.force_n == pytest.approx(41.0)
    assert one.load == pytest.approx(41.0)


def test_a_band_at_the_thighs_is_never_booked_as_load_of_internal_rotation() -> None:
    done = moved("supine_in_toeing", [20.0] * 10)
    found = load(done, SetFelt(band_id=1, stretched_length_m=0.45))
    [one] = found.exercises
    assert one.loads is Loads.ABDUCTION
    assert (one.load, found.internal_rotation) == (None, None)
    assert (one.valid_reps, one.colours) == (10, ("red",))


def test_where_the_plan_puts_the_band_decides() -> None:
    thighs = SetTarget("x", "B", "seated_internal_rotation", Side.BOTH, 1, 8, 12, band_placement="thighs")
    done = moved("seated_internal_rotation", [20.0] * 8)
    felt = SetFelt(band_id=2, stretched_length_m=0.45)
    assert load(done, felt, thighs).internal_rotation is None
    assert load(done, felt, replace(thighs, band_placement="ankles")).internal_rotation is not None


def test_the_plan_s_stretch_stands_in_where_no_length_was_told() -> None:
    target = SetTarget(
        "x", "B", "seated_internal_rotation", Side.BOTH, 1, 8, 12, band_placement="ankles",
        elongation_percent=100.0,
    )  # fmt: skip
    [one] = load(moved("seated_internal_rotation", [25.0] * 2), SetFelt(band_id=2), target).exercises
    assert one.load == pytest.approx(2 * 16.5)


@pytest.mark.parametrize(
    ("done", "felt"),
    [
        (moved("seated_internal_rotation", [20.0]), SetFelt(band_id=2)),
        (moved("seated_internal_rotation", [20.0]), SetFelt(band_id=3, stretched_length_m=0.45)),
        (
            moved("seated_internal_rotation", [20.0], reference_deg=None),
            SetFelt(band_id=2, stretched_length_m=0.45),
        ),
        # Slack, and beyond what the maker tells of.
        (moved("seated_internal_rotation", [20.0]), SetFelt(band_id=2, stretched_length_m=0.2)),
        (moved("seated_internal_rotation", [20.0]), SetFelt(band_id=2, stretched_length_m=2.0)),
        (moved("heel_slide", [20.0]), SetFelt(band_id=2, stretched_length_m=0.45)),
    ],
)
def test_what_is_not_known_gives_no_load(done: MovedSet, felt: SetFelt) -> None:
    [one] = load(done, felt).exercises
    assert one.load is None


def test_a_corrected_number_of_repetitions_counts() -> None:
    found = load(
        moved("seated_internal_rotation", [25.0] * 8, valid=6), SetFelt(band_id=2, stretched_length_m=0.6)
    )
    assert found.internal_rotation == pytest.approx(6 * 16.5)


def session(number: int, minutes: float | None) -> SessionInSpan:
    """A session of the person; still running where no minutes are given."""
    ended_at = None if minutes is None else BEGAN_AT + timedelta(minutes=minutes)
    return SessionInSpan(number, BEGAN_AT, False, False, False, ended_at, "1", "{}")


def test_internal_load_is_effort_by_minutes_of_the_sessions_that_tell_both() -> None:
    felt = {1: SessionFelt(effort=6), 2: SessionFelt(pain_worst=1), 3: SessionFelt(effort=4)}
    found = load_of(
        [], [session(1, 30.0), session(2, 20.0), session(3, None)], Said(felt, {}, {}, {}), CATALOGUE
    )
    assert (found.internal_load, found.rated, found.unrated) == (180.0, 1, 2)


def test_movements_are_medians_and_the_loss_is_of_the_last_two() -> None:
    """The last two, 21 and 19 degrees, lie 20 % below the largest of 25."""
    [one] = movements_of([moved("bridge", [25.0, 24.0, 23.0, 21.0, 19.0])])
    assert one.rom_deg == 23.0
    assert one.rom_share == pytest.approx(0.92)
    assert (one.concentric_s, one.hold_s, one.eccentric_s) == (2.0, 1.0, 3.0)
    assert one.rom_loss_percent == pytest.approx(20.0)
    assert one.pelvis_share == 0.1


def test_three_repetitions_tell_no_loss_and_partial_ones_do_not_count() -> None:
    done = moved("bridge", [25.0, 20.0, 15.0])
    partial = MovedRepetition(False, 5.0, 9.0, 9.0, 9.0, 0.9)
    [one] = movements_of([replace(done, repetitions=(*done.repetitions, partial))])
    assert one.rom_loss_percent is None
    assert (one.repetitions, one.rom_deg, one.pelvis_share) == (3, 20.0, 0.1)


def test_a_band_stands_once_with_its_first_and_last_day() -> None:
    first = BEGAN_AT.date()
    days = [first + timedelta(days=number) for number in (0, 2, 4, 6)]
    sets = [BandedSet(day, "bridge", (LOOP, STRIP)[number % 2], 0.45) for number, day in enumerate(days)]
    uses = band_uses([*sets, sets[0]])
    assert [(one.first, one.last, one.days) for one in uses] == [(days[0], days[2], 2), (days[1], days[3], 2)]
    assert [one.force_n for one in uses] == pytest.approx([16.5, 8.25])


def test_pain_of_sets_counts_for_the_day_and_silence_is_no_zero() -> None:
    said = Said(
        sessions={1: SessionFelt(pain_before=1, pain_worst=2, pain_next_morning=0, notes=" stiff ")},
        sets={1: {1: SetFelt(pain=4, effort=7), 2: SetFelt(pain=1, notes="better seated")}},
        targets={},
        bands={},
    )

    felt = felt_of([session(1, 30.0), session(2, 20.0)], said, ZoneInfo("UTC"))
    assert (felt.pain_worst, felt.pain_next_morning, felt.effort) == (4, 0, 7)
    assert (felt.sessions, len(felt.days)) == (2, 1)
    assert [one.text for one in felt.notes] == ["stiff", "better seated"]
