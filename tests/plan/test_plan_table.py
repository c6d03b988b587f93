"""Plans as people write them: the shipped one, and tables that are wrong or contradict themselves."""

import pytest
from plan_samples import CATALOGUE, SHIPPED

from tracker.errors import SettingsError
from tracker.model import Side
from tracker.plan.bands import BandLoad, BandPlacement, band_load
from tracker.plan.pain_limits import PainLimits
from tracker.plan.plan_table import parse_plan, shipped_plan_text
from tracker.plan.prescription import Plan, Range, Target, Weekday

OWN = """
name = "Own"

[rules]
sessions_needed = 3

[phases.first]
title = "First"
from_week = 0
until_week = 4

[phases.first.prescriptions.seated]
exercise = "seated_internal_rotation"
side = "left"
target = "internal_rotation"
sets = 3
reps = [8, 12]
days_a_week = 3
hours_between = 48
weekdays = ["monday", "wednesday", "friday"]
tempo = "2-1-3"
band = { placement = "ankles", colour = "red", elongation_percent = 125.0 }

[phases.second]
title = "Second"
from_week = 2
until_week = 8

[phases.second.prescriptions.toes]
exercise = "supine_in_toeing"
side = "both"
target = "internal_rotation"
sets = [2, 3]
reps = 10
days_a_week = [4, 6]
band = { placement = "thighs", colour = "yellow", loads = "abduction" }
"""


def parsed(text: str) -> Plan:
    """An own plan."""
    return parse_plan(text, "own.toml", CATALOGUE.counting)


def test_shipped_plan_has_the_doses_of_its_source() -> None:
    weeks = {one.name: (one.from_week, one.until_week) for one in SHIPPED.phases}
    assert weeks == {"A": (0, 2), "B": (2, 8), "C": (6, 12)}
    assert [one.counted_weeks for one in SHIPPED.phases] == [(1, 2), (3, 8), (7, 12)]
    activation, load, integration = SHIPPED.phases
    for one in activation.prescriptions:
        assert (one.sets, one.reps, one.days_a_week) == (Range(2, 2), Range(10, 12), Range(4, 6))
        assert one.band is None
        assert one.hold_s is not None and 3.0 <= one.hold_s <= 5.0
    for one in load.prescriptions:
        assert (one.sets, one.reps, one.days_a_week) == (Range(3, 3), Range(8, 12), Range(2, 3))
        assert one.hours_between == 48
    for one in integration.prescriptions:
        assert (one.sets, one.reps) == (Range(2, 3), Range(8, 12))


def test_shipped_plan_loads_internal_rotation_at_ankles_and_feet_alone() -> None:
    for one in SHIPPED.prescriptions:
        if one.band is not None:
            assert one.target is Target.INTERNAL_ROTATION
            assert band_load(one.band.placement) is BandLoad.INTERNAL_ROTATION


def test_shipped_rules_are_those_of_their_source() -> None:
    rules = SHIPPED.rules
    assert rules.pain == PainLimits(continue_up_to=3, stop_from=5)
    assert (rules.progress_valid_share, rules.regress_valid_share) == (0.9, 0.7)
    assert (rules.progress_pelvis_share, rules.progress_effort, rules.sessions_needed) == (0.25, 6, 2)
    assert (rules.elongation_step_percent, rules.elongation_highest_percent) == (25.0, 200.0)


def test_shipped_plan_says_what_is_not_known() -> None:
    notes = " ".join(SHIPPED.notes)
    assert "No trial has shown" in notes
    assert "physiotherapist" in notes


def test_an_own_plan_is_read() -> None:
    plan = parsed(OWN)
    (seated,), (toes,) = (phase.prescriptions for phase in plan.phases)
    assert (seated.side, seated.sets, seated.days_a_week) == (Side.LEFT, Range(3, 3), Range(3, 3))
    assert seated.weekdays == (Weekday.MONDAY, Weekday.WEDNESDAY, Weekday.FRIDAY)
    assert seated.band is not None and seated.band.level.text == "red, +125 %"
    assert toes.band is not None and toes.band.placement is BandPlacement.THIGHS
    assert toes.band.level.elongation_percent == 100.0
    assert (toes.sets, toes.reps) == (Range(2, 3), Range(10, 10))
    assert plan.rules.sessions_needed == 3
    assert plan.ladder.bands == SHIPPED.ladder.bands


def test_a_stored_plan_is_read_without_its_exercises() -> None:
    gone = OWN.replace("seated_internal_rotation", "no_longer_there")
    assert parse_plan(gone, "stored", None).phases[0].prescriptions[0].exercise == "no_longer_there"


SEATED, TOES = "phases.first.prescriptions.seated", "phases.second.prescriptions.toes"

FAULTS = [
    ("sets = 3\n", "sets = 0\n", f"{SEATED}.sets", "0 is not from 1 to 20"),
    ("sets = [2, 3]", "sets = [0, 3]", f"{TOES}.sets", "0 is not from 1"),
    ("sets = 3\n", "sets = -1\n", f"{SEATED}.sets", "-1 is not"),
    ("sets = 3\n", 'sets = "3"\n', f"{SEATED}.sets", "one whole number"),
    ("sets = 3\n", "sets = true\n", f"{SEATED}.sets", "one whole number"),
    ("sets = 3\n", "sets = 2.5\n", f"{SEATED}.sets", "one whole number"),
    ("sets = 3\n", "", f"{SEATED}.sets", "required"),
    ("reps = [8, 12]", "reps = [12, 8]", f"{SEATED}.reps", "12 is more than the high one 8"),
    ("reps = [8, 12]", "reps = [8, 12, 15]", f"{SEATED}.reps", "two of them"),
    ("reps = 10", "reps = 0", f"{TOES}.reps", "0 is not from 1"),
    (
        '"seated_internal_rotation"',
        '"seated_rotation"',
        f"{SEATED}.exercise",
        "no exercise 'seated_rotation'",
    ),
    ('side = "left"', 'side = "middle"', f"{SEATED}.side", "'left', 'right' or 'both'"),
    (
        'target = "internal_rotation"\nsets = 3',
        'target = "legs"\nsets = 3',
        f"{SEATED}.target",
        "internal_rotation",
    ),
    ("from_week = 0\nuntil_week = 4", "from_week = 0\nuntil_week = 0", "phases.first.until_week", "greater"),
    ("from_week = 2\nuntil_week = 8", "from_week = 9\nuntil_week = 8", "phases.second", "week"),
    (
        "from_week = 2\nuntil_week = 8",
        "from_week = 5\nuntil_week = 8",
        "phases.second.from_week",
        "leaves a gap",
    ),
    (
        "from_week = 2\nuntil_week = 8",
        "from_week = 0\nuntil_week = 8",
        "phases.second.from_week",
        "not after 0",
    ),
    (
        "from_week = 2\nuntil_week = 8",
        "from_week = 2\nuntil_week = 3",
        "phases.second.until_week",
        "before phase",
    ),
    ("from_week = 0\n", "from_week = 1\n", "phases.first.from_week", "begins with week 0"),
    ("days_a_week = 3", "days_a_week = 8", f"{SEATED}.days_a_week", "8 is not from 1 to 7"),
    ("days_a_week = 3", "days_a_week = 4", f"{SEATED}.hours_between", "do not fit"),
    ('"wednesday", ', "", f"{SEATED}.weekdays", "2 days do not fit days_a_week, 3"),
    ('"wednesday"', '"tuesday"', f"{SEATED}.weekdays", "24 hours apart, not hours_between, 48"),
    ('"wednesday"', '"sunday"', f"{SEATED}.weekdays", "24 hours apart"),
    ('"wednesday"', '"monday"', f"{SEATED}.weekdays", "twice"),
    ('"wednesday"', '"someday"', f"{SEATED}.weekdays.1", "monday"),
    ("hours_between = 48", "hours_between = -1", f"{SEATED}.hours_between", "greater than or equal to 0"),
    ('"2-1-3"', '"slow"', f"{SEATED}.tempo", "for example 2-1-3"),
    ('"2-1-3"', '"2-1-3"\nhold_s = 5.0', f"{SEATED}.tempo", "holds for 1 s, hold_s for 5 s"),
    ('"2-1-3"', '"2-1-3"\nrest_s = nan', f"{SEATED}.rest_s", "finite"),
    (
        'loads = "abduction"',
        'loads = "internal_rotation"',
        f"{TOES}.band.loads",
        "at the thighs loads abduction",
    ),
    ('placement = "ankles"', 'placement = "knees"', f"{SEATED}.band.placement", "'knees' is none of"),
    ('placement = "ankles"', 'placement = "none"', f"{SEATED}.band.colour", "there is no band"),
    ('colour = "red"', 'colour = "pink"', f"{SEATED}.band.colour", "'pink' is none of"),
    (', colour = "red"', "", f"{SEATED}.band.colour", "missing"),
    ("= 125.0", "= 250.0", f"{SEATED}.band.elongation_percent", "250 is not from 100 to 200"),
    ("sessions_needed = 3", "sessions_needed = 0", "rules.sessions_needed", "greater than 0"),
    (
        "sessions_needed = 3",
        "pain_continue_up_to = 5",
        "rules.pain_continue_up_to",
        "not less than pain_stop_from, 5",
    ),
    ("sessions_needed = 3", "pain_stop_from = 11", "rules.pain_stop_from", "nothing would ever stop"),
    (
        "sessions_needed = 3",
        "regress_valid_share = 0.95",
        "rules.regress_valid_share",
        "not less than progress",
    ),
    ("sessions_needed = 3", "progress_valid_share = 90.0", "rules.progress_valid_share", "at most 1"),
    ("sessions_needed = 3", "progress_effort = 60", "rules.progress_effort", "at most 10"),
    (
        "sessions_needed = 3",
        "elongation_lowest_percent = 250.0",
        "rules.elongation_lowest_percent",
        "more than",
    ),
    (
        "sessions_needed = 3",
        "elongation_step_percent = 0.0",
        "rules.elongation_step_percent",
        "greater than 0",
    ),
    ("sessions_needed = 3", "pain_limit = 3", "rules.pain_limit", "there is no setting"),
    ('name = "Own"', "", "name", "required"),
    ('name = "Own"', 'name = "Own\\u0007"', "name", "no name of the plan"),
    ("[phases.second]", f"[phases.{'x' * 33}]", "phases.", ""),
    ("prescriptions.toes]", "prescriptions.seated]", "phases.second.prescriptions.seated", "has this name"),
]


@pytest.mark.parametrize(("right", "wrong", "key", "what"), FAULTS)
def test_a_wrong_plan_is_refused_with_file_and_key(right: str, wrong: str, key: str, what: str) -> None:
    text = OWN.replace(right, wrong, 1)
    assert text != OWN
    with pytest.raises(SettingsError) as refused:
        parsed(text)
    assert refused.value.message.startswith("own.toml")
    assert key in refused.value.message
    assert what in refused.value.message
    assert refused.value.advice


def test_the_same_exercise_twice_for_one_leg_is_refused() -> None:
    other = OWN.partition("[phases.second]")[0].partition("[phases.first.prescriptions.seated]")[2]
    doubled = OWN.replace("[phases.second]", f"[phases.first.prescriptions.again]{other}\n[phases.second]")
    with pytest.raises(SettingsError, match="seated is the same for the same leg"):
        parsed(doubled)
    parsed(doubled.replace('side = "left"', 'side = "right"', 1))


def test_a_claim_of_internal_rotation_needs_a_turning_thigh() -> None:
    text = OWN.replace('"seated_internal_rotation"', '"side_lying_abduction"')
    parsed(text)
    claimed = text.replace("= 125.0 }", '= 125.0, loads = "internal_rotation" }')
    with pytest.raises(SettingsError, match="does not turn the thigh"):
        parsed(claimed)


RED_AND_WEAKER_BLUE = """
[[bands]]
colour = "red"
force_100_n = 10.0
force_200_n = 15.0

[[bands]]
colour = "blue"
force_100_n = 8.0
force_200_n = 16.0
"""


@pytest.mark.parametrize(
    ("bands", "what"),
    [
        ("bands = []", "there is none"),
        ("[[bands]]\ncolour = 'red'\nforce_100_n = 10.0\nforce_200_n = 9.0", "does not pull more"),
        ("[[bands]]\ncolour = 'red'\nforce_100_n = 0.0\nforce_200_n = 9.0", "greater than 0"),
        (
            RED_AND_WEAKER_BLUE,
            "blue is not stronger than red",
        ),
    ],
)
def test_bands_that_make_no_ladder_are_refused(bands: str, what: str) -> None:
    text = OWN.replace('name = "Own"', f'name = "Own"\n{bands}')
    with pytest.raises(SettingsError, match=what):
        parsed(text)


@pytest.mark.parametrize("length", range(40, 3000, 487))
def test_a_plan_that_is_cut_in_its_first_phase_is_refused(length: int) -> None:
    text = shipped_plan_text().encode()[:length].decode(errors="ignore")
    with pytest.raises(SettingsError, match=r"plan\.toml"):
        parse_plan(text, "plan.toml", CATALOGUE.counting)
