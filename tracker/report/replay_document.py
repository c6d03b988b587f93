"""The analysis of a recording as one JSON object. Outside programs rely on its keys."""

import json
import math
from typing import Any

from tracker.model import ExerciseSet, Repetition, RestTest, SensorQuality
from tracker.session.replay import Replay


def replay_document(replay: Replay) -> dict[str, Any]:
    """The object that `tracker replay FILE --json` prints; times are seconds from the recording's start."""
    return {
        "recording": {
            "path": str(replay.path),
            "started_at": replay.header.started_at.isoformat(),
            "duration_s": replay.analysis.duration_s,
            "simulated": replay.header.simulated,
            "complete": replay.damage.whole,
            "sensors": [_sensor(sensor) for sensor in replay.analysis.sensors],
        },
        "analysis": {
            "version": replay.analysis.version,
            "parameters": json.loads(replay.analysis.parameters),
        },
        "rest_tests": [_rest_test(test) for test in replay.analysis.rest_tests],
        "sets": [_set(done) for done in replay.analysis.sets],
    }


def _sensor(sensor: SensorQuality) -> dict[str, Any]:
    return {
        "placement": sensor.placement.value,
        "rate_hz": sensor.rate_hz,
        "samples": sensor.samples,
        "missing": sensor.missing,
        "gaps": [[gap.start_s, gap.end_s] for gap in sensor.gaps],
        "saturated": sensor.saturated,
        "bad_frames": sensor.bad_frames,
        "duplicates": sensor.duplicates,
    }


def _degrees(angle_rad: float | None) -> float | None:
    return None if angle_rad is None else math.degrees(angle_rad)


def _rest_test(test: RestTest) -> dict[str, Any]:
    return {
        "side": test.side.value,
        "start_s": test.start_s,
        "end_s": test.end_s,
        "hip_rotation_deg": _degrees(test.hip_rotation_rad),
        "uncertainty_deg": _degrees(test.uncertainty_rad),
        "relative_to": test.relative_to.value,
        "observability": test.observability,
        "flags": list(test.flags),
        "refused": test.refused,
    }


def _set(done: ExerciseSet) -> dict[str, Any]:
    return {
        "exercise": done.exercise,
        "side": None if done.side is None else done.side.value,
        "start_s": done.start_s,
        "end_s": done.end_s,
        "valid_reps": done.valid_reps,
        "partial_reps": done.partial_reps,
        "flags": list(done.flags),
        "reps": [_repetition(rep) for rep in done.repetitions],
    }


def _repetition(rep: Repetition) -> dict[str, Any]:
    return {
        "start_s": rep.start_s,
        "peak_s": rep.peak_s,
        "end_s": rep.end_s,
        "rom_deg": math.degrees(rep.rom_rad),
        "peak_velocity_deg_per_s": math.degrees(rep.peak_velocity_rad_per_s),
        "concentric_s": rep.concentric_s,
        "hold_s": rep.hold_s,
        "eccentric_s": rep.eccentric_s,
        "valid": rep.valid,
        "flags": list(rep.flags),
    }
