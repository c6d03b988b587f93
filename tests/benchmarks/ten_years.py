"""A database with ten years of daily sessions, written in bulk: what the week must find its way through."""

import json
import math
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

from sqlalchemy import Connection, insert

from tracker.home import shipped_text
from tracker.session.settings import load_settings
from tracker.store.database import open_database
from tracker.store.persons import get_or_create_person
from tracker.store.tables import (
    AnalysisTable,
    BandTable,
    ExerciseSetTable,
    HabitDayTable,
    PlanTable,
    RecordingTable,
    RepetitionTable,
    RestTestTable,
    RuleVerdictTable,
    ScreeningTable,
    SensorAlignmentTable,
    SessionFeltTable,
    SessionTable,
    SessionTargetTable,
    SetFeltTable,
    Table,
)

SESSIONS = 3650
REPETITIONS = 10
"""Of each set and leg: with five exercises and two legs a hundred a session."""

EXERCISES = (
    "seated_internal_rotation",
    "reverse_clamshell",
    "supine_roll_in",
    "prone_internal_rotation",
    "hook_lying_knee_roll_in",
)
LEGS = ("left", "right")
ZONE = "Europe/Berlin"
_Row: TypeAlias = tuple[type[Table], dict[str, Any]]
_HABITS = ("sitting", "cross_legged", "leaning", "one_sided_sleep", "carrying")
_SESSIONS_AT_ONCE = 365

Rows = dict[type[Table], list[dict[str, Any]]]


def write_ten_years(path: Path, last_day: datetime, sessions: int = SESSIONS) -> int:
    """A new database with a session on each evening until that of `last_day`; returns its repetitions."""
    with open_database(path) as database, database.write() as connection:
        person_id = get_or_create_person(connection, time_zone=ZONE).person_id
        first = last_day - timedelta(days=sessions - 1)
        _insert(connection, _of_person(person_id, first))
        count = 0
        for begin in range(0, sessions, _SESSIONS_AT_ONCE):
            rows: Rows = {}
            for number in range(begin, min(sessions, begin + _SESSIONS_AT_ONCE)):
                for table, row in _of_day(person_id, number + 1, first + timedelta(days=number)):
                    rows.setdefault(table, []).append(row)
            _insert(connection, rows)
            count += len(rows[RepetitionTable])
    return count


def _insert(connection: Connection, rows: Rows) -> None:
    for table, own in rows.items():
        connection.execute(insert(table), own)


def _of_person(person_id: int, first: datetime) -> Rows:
    band = {
        "person_id": person_id,
        "brand": "TheraBand",
        "rest_length_m": 0.3,
        "is_loop": True,
        "force_100_n": 13.0,
        "force_200_n": 19.0,
        "added_at": first,
    }
    plan = {
        "person_id": person_id,
        "name": "strengthening",
        "toml": _plan_text(),
        "starts_on": f"{first:%Y-%m-%d}",
        "created_at": first,
    }
    return {
        BandTable: [
            {**band, "id": number, "colour": colour} for number, colour in enumerate(("red", "green"), 1)
        ],
        PlanTable: [{**plan, "id": 1}],
    }


@cache
def _plan_text() -> str:
    return shipped_text("plan.toml")


@cache
def _parameters() -> str:
    """As large as those of a real analysis."""
    settings = load_settings()
    whole = {"motion": asdict(settings.motion), "clock": asdict(settings.clock), "exercises": {}}
    return json.dumps(whole, sort_keys=True)


def _of_day(person_id: int, number: int, day: datetime) -> Iterator[_Row]:
    """Rows of one day's session; rows that others refer to come first."""
    started_at = day.replace(hour=17, minute=30, second=0, microsecond=0).astimezone(UTC)
    yield (
        SessionTable,
        {
            "id": number,
            "person_id": person_id,
            "started_at": started_at,
            "ended_at": started_at + timedelta(minutes=30),
            "time_zone": ZONE,
            "state": "complete",
            "simulated": True,
            "by_hand": False,
            "rest_left_out": False,
        },
    )
    yield RecordingTable, {"id": number, "session_id": number, "path": f"{number}.mcap", "duration_s": 1800.0}
    yield (
        AnalysisTable,
        {
            "id": number,
            "recording_id": number,
            "version": "3",
            "parameters": _parameters(),
            "created_at": started_at,
            "is_current": True,
            "duration_s": 1800.0,
        },
    )
    yield from _alignments(number)
    yield from _rest_tests(number)
    yield from _sets(number)
    yield from _said(person_id, number, started_at)


def _alignments(number: int) -> Iterator[_Row]:
    """Standing once, and a reference pose before each repeat of the rest test, a degree or two off."""
    poses = [(2.5, "standing"), *((7.0 + 20.0 * repeat, "standing+patella_up") for repeat in range(3))]
    for since_s, recipe in poses:
        off_rad = None if recipe == "standing" else 0.03 * math.sin(11.0 * number + since_s)
        for placement in ("left_thigh", "pelvis", "right_thigh"):
            yield (
                SensorAlignmentTable,
                {
                    "analysis_id": number,
                    "placement": placement,
                    "since_s": since_s,
                    "recipe": recipe,
                    "long_axis_x": 0.0,
                    "long_axis_y": 1.0,
                    "long_axis_z": 0.0,
                    "front_x": None if off_rad is None else math.cos(off_rad),
                    "front_y": None if off_rad is None else 0.0,
                    "front_z": None if off_rad is None else math.sin(off_rad),
                },
            )


def _rest_tests(number: int) -> Iterator[_Row]:
    for repeat in range(3):
        for side, external_deg in (("left", 15.0), ("right", 25.0)):
            wobble_deg = 3.0 * math.sin(7.0 * number) + math.sin(13.0 * number + repeat)
            refused = "the leg moved" if (number + repeat) % 40 == 0 else None
            yield (
                RestTestTable,
                {
                    "analysis_id": number,
                    "side": side,
                    "start_s": 8.0 + 20.0 * repeat,
                    "end_s": 14.0 + 20.0 * repeat,
                    "hip_rotation_deg": None if refused else wobble_deg - external_deg,
                    "uncertainty_deg": None if refused else 7.0,
                    "relative_to": "pelvis",
                    "observability": 0.99,
                    "flags": "[]",
                    "refused": refused,
                    "posture": "supine",
                    "recipe": "standing+patella_up",
                    "sensor_sd_deg": None if refused else 0.8,
                    "crosstalk_sd_deg": None if refused else 0.1,
                    "reference_sd_deg": None if refused else 1.0,
                    "donning_sd_deg": None if refused else 3.0,
                    "wander_sd_deg": None if refused else 0.1,
                    "pelvis_sd_deg": None if refused else 0.5,
                    "coverage": None if refused else 2.1,
                },
            )


def _sets(number: int) -> Iterator[_Row]:
    for place, exercise in enumerate(EXERCISES):
        for leg, side in enumerate(LEGS):
            set_id = ((number - 1) * len(EXERCISES) + place) * len(LEGS) + leg + 1
            yield (
                ExerciseSetTable,
                {
                    "id": set_id,
                    "analysis_id": number,
                    "exercise": exercise,
                    "side": side,
                    "start_s": 200.0 * place,
                    "end_s": 200.0 * place + 60.0,
                    "valid_reps": REPETITIONS - 1,
                    "partial_reps": 1,
                    "flags": "[]",
                    "reference_rom_deg": 25.0,
                    "reference_shown": 5,
                    "set_number": place + 1,
                },
            )
            for repeat in range(REPETITIONS):
                start_s = 200.0 * place + 6.0 * repeat
                yield (
                    RepetitionTable,
                    {
                        "set_id": set_id,
                        "side": side,
                        "start_s": start_s,
                        "peak_s": start_s + 2.0,
                        "end_s": start_s + 5.0,
                        "rom_deg": 26.0 - 0.5 * repeat,
                        "peak_velocity_deg_per_s": 30.0,
                        "concentric_s": 2.0,
                        "hold_s": 1.0,
                        "eccentric_s": 2.0,
                        "valid": repeat < REPETITIONS - 1,
                        "flags": "[]",
                        "rom_uncertainty_deg": 1.0,
                        "pelvis_share": 0.1,
                    },
                )


def _said(person_id: int, number: int, started_at: datetime) -> Iterator[_Row]:
    """What was said of a session and of its day, and what the plan asked for and decided."""
    yield from _felt(number)
    yield from _planned(number, started_at)
    yield from _answered(person_id, number, started_at)


def _felt(number: int) -> Iterator[_Row]:
    yield (
        SessionFeltTable,
        {
            "session_id": number,
            "pain_before": 1,
            "pain_worst": 2,
            "pain_next_morning": 1,
            "effort": 6,
            "notes": "the right hip felt stiff at first" if number % 3 == 0 else None,
        },
    )
    for place in range(len(EXERCISES)):
        yield (
            SetFeltTable,
            {
                "session_id": number,
                "set_number": place + 1,
                "pain": 1,
                "effort": 6,
                "band_id": 1 + number % 2,
                "stretched_length_m": 0.55,
            },
        )


def _planned(number: int, started_at: datetime) -> Iterator[_Row]:
    for exercise in EXERCISES:
        yield (
            SessionTargetTable,
            {
                "session_id": number,
                "plan_id": 1,
                "prescription": exercise,
                "phase": "B",
                "exercise": exercise,
                "side": "both",
                "sets": 1,
                "reps_low": 8,
                "reps_high": 12,
                "band_placement": "round the ankles",
                "band_colour": "red",
                "elongation_percent": 80.0,
            },
        )
    for rule in ("progress", "regress", "pain"):
        yield (
            RuleVerdictTable,
            {
                "plan_id": 1,
                "session_id": number,
                "prescription": EXERCISES[0],
                "rule": rule,
                "acts": False,
                "reason": "the top of the range was not reached in all sets",
                "inputs": json.dumps({"valid_share": 0.9, "pain": 1, "effort": 6}),
                "made_at": started_at,
            },
        )


def _answered(person_id: int, number: int, started_at: datetime) -> Iterator[_Row]:
    for habit in _HABITS:
        yield (
            HabitDayTable,
            {
                "person_id": person_id,
                "day": f"{started_at:%Y-%m-%d}",
                "habit": habit,
                "amount": "some",
                "minutes": 60,
            },
        )
    if number % 7 == 0:
        yield (
            ScreeningTable,
            {
                "person_id": person_id,
                "asked_at": started_at,
                "occasion": "weekly",
                "answers": json.dumps({"fall": False, "fever": False}),
                "flagged": False,
                "emergency": False,
            },
        )
