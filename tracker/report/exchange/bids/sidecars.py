"""What the tables of a BIDS dataset mean, as the files beside them say it."""

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from tracker import __version__
from tracker.model import AccelerometerCalibration, Phase, PhaseKind, Placement
from tracker.report.exchange.bids.motion_table import MotionTable

BIDS_VERSION = "1.10.0"
MISSING = "n/a"

_TASKS = {
    "exercise": "Exercises for the hip's internal rotation, some with a band, and tests of how the relaxed "
    "legs lie; the events tell when what was done.",
    "rest": "The person lies relaxed, for tests of how the legs lie; the events tell when.",
    "free": "No phase was marked in the recording.",
}
_KINDS = {
    PhaseKind.DONNING: "The sensors are strapped on anew.",
    PhaseKind.STANDING: "Upright and still: gives the long axis of the segments.",
    PhaseKind.KNEE_LIFT: "From lying flat, one knee is lifted or its heel slid up and back.",
    PhaseKind.REFERENCE: "Neutral pose, still: gives the zero of the rotation.",
    PhaseKind.REST: "Lying relaxed and still.",
    PhaseKind.DEMONSTRATION: "Three repetitions as far as is comfortable.",
    PhaseKind.SET: "Repetitions of one exercise in a row.",
}


_INSTRUCTIONS = "The program says what to do, phase by phase; it said nothing in an imported recording."
_NO_CHANNELS = tuple(
    f"{kind}ChannelCount" for kind in ["ANGACCEL", "JNTANG", "MAGN", "MISC", "ORNT", "POS", "VEL"]
)


def task_of(kinds: Iterable[PhaseKind]) -> str:
    """The task of a recording with such phases."""
    found = set(kinds)
    if found & {PhaseKind.SET, PhaseKind.DEMONSTRATION}:
        return "exercise"
    return "rest" if found else "free"


def tracking_system(placement: Placement) -> str:
    """The label of a sensor as a tracking system of its own: each one has its own sample times."""
    return placement.value.replace("_", "")


def write_json(path: Path, value: Mapping[str, Any]) -> None:
    """One JSON object as a file."""
    text = json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False)
    path.write_text(f"{text}\n", encoding="utf-8")


def write_tsv(path: Path, header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """A table with its header as tab-separated text."""
    lines = ("\t".join(row) for row in (header, *rows))
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


def plain(text: str) -> str:
    """A text from a file or a sensor without what would break a table."""
    return "".join(char if char.isprintable() else " " for char in text).strip() or MISSING


def dataset_description(*, simulated: bool) -> dict[str, Any]:
    """The dataset's own account. Licence and authors are the person's to add."""
    return {
        "Name": f"Thigh-worn motion sensors{', SIMULATED' if simulated else ''}",
        "BIDSVersion": BIDS_VERSION,
        "DatasetType": "raw",
        "GeneratedBy": [
            {
                "Name": "tracker",
                "Version": __version__,
                "Description": "Recordings exported with: tracker export --to bids-motion",
            }
        ],
    }


def motion_sidecar(
    placement: Placement,
    table: MotionTable,
    task: str,
    sensor: str,
    calibration: AccelerometerCalibration | None,
    *,
    simulated: bool,
) -> dict[str, Any]:
    """What a `_motion.tsv` is. Keys beyond those of BIDS hold what it has no key for.

    Args:
        sensor: the sensor's name within the dataset.
    """
    sidecar: dict[str, Any] = {
        "TaskName": task,
        "TaskDescription": _TASKS[task],
        "Instructions": _INSTRUCTIONS,
        "TrackingSystemName": tracking_system(placement),
        "SamplingFrequency": table.nominal_hz,
        "SamplingFrequencyEffective": round(table.effective_hz, 6),
        "MotionChannelCount": 7,
        "ACCELChannelCount": 3,
        "GYROChannelCount": 3,
        "LATENCYChannelCount": 1,
        **dict.fromkeys(_NO_CHANNELS, 0),
        "TrackedPointsCount": 1,
        "RecordingDuration": round(table.last_s - table.first_s, 6),
        "RecordingType": "continuous",
        "MissingValues": MISSING,
        "SubjectArtefactDescription": MISSING,
        "ManufacturersModelName": plain(table.identity.protocol),
        "DeviceSerialNumber": sensor,
        "MissingSamples": table.missing,
        "Gaps": [list(gap) for gap in table.gaps_s],
        "SaturatedSamples": table.saturated,
        "Simulated": simulated,
    }
    if calibration is not None:
        sidecar["AccelerometerCalibration"] = {
            "Description": "Not applied to the samples: true = (sample - offset) * scale, axis by axis.",
            "Date": calibration.calibrated_on,
            "OffsetMetrePerSecondSquared": list(calibration.offset_m_per_s2),
            "Scale": list(calibration.scale),
        }
    return sidecar


def write_channels(path: Path, placement: Placement, table: MotionTable) -> None:
    """The `_channels.tsv` of a sensor, and the frame that it measures in beside it."""
    point, where = placement.value, placement.value.replace("_", " ")
    rate = f"{table.nominal_hz:.9g}"
    rows = [
        (f"{point}_{name}_{axis}", axis, name, point, unit, where, "sensor", text, rate)
        for name, unit, text in (
            ("ACCEL", "m/s^2", "specific force; at rest it points up"),
            ("GYRO", "rad/s", "angular rate, right-handed about the axis"),
        )
        for axis in "xyz"
    ]
    time = "time of the sample since the start of the recording, from the sensor's own clock"
    rows.append((f"{point}_LATENCY", MISSING, "LATENCY", MISSING, "s", MISSING, MISSING, time, rate))
    header = (
        "name component type tracked_point units placement reference_frame description sampling_frequency"
    )
    write_tsv(path, header.split(), rows)
    frame = {
        "Description": "The axes of the sensor's housing, right-handed. How it sits on the segment is not "
        "known beforehand: the standing and reference phases in the events tell.",
        "RotationRule": "right-hand",
        "RotationOrder": MISSING,
        "SpatialAxes": "___",
    }
    write_json(path.with_suffix(".json"), {"reference_frame": {"Levels": {"sensor": frame}}})


EVENT_COLUMNS = ("onset", "duration", "trial_type", "side", "exercise", "recipe", "posture")


def event_row(phase: Phase) -> tuple[str, ...]:
    """The row of a phase; one without an end has no duration."""
    duration_s = phase.end_s - phase.start_s
    return (
        f"{phase.start_s:.6f}",
        f"{duration_s:.6f}" if duration_s < float("inf") else MISSING,
        phase.kind.value,
        MISSING if phase.side is None else phase.side.value,
        MISSING if phase.exercise is None else plain(phase.exercise),
        MISSING if phase.recipe is None else phase.recipe.value,
        MISSING if phase.posture is None else phase.posture.value,
    )


def events_sidecar() -> dict[str, Any]:
    """What the columns of an `_events.tsv` mean."""
    return {
        "onset": {"Description": "Seconds since the start of the recording.", "Units": "s"},
        "duration": {"Description": "n/a where the phase was not ended.", "Units": "s"},
        "trial_type": {
            "Description": "The phase of the session.",
            "Levels": {kind.value: text for kind, text in _KINDS.items()},
        },
        "side": {"Description": "The leg meant; n/a for all that wear a sensor."},
        "exercise": {"Description": "Name of the exercise in the program's catalogue."},
        "recipe": {"Description": "How a reference pose was made neutral; n/a for the usual way."},
        "posture": {"Description": "How the body lay or sat in a rest test; n/a for on the back."},
    }


_SIMULATED = (
    "SIMULATED: at least one session comes from a simulated body and simulated sensors;\n"
    "`simulated` in the sessions table tells which. No person was measured there.\n"
)
_WHAT_IT_IS = (
    "What the sensors sent in training sessions, as the program `tracker` recorded it: accelerometer\n"
    "(m/s^2) and gyroscope (rad/s) of each sensor, in the axes of its housing, without any filter and\n"
    "without calibration. Where a calibration is known it stands in the `_motion.json`.\n\n"
    "Each sensor is a tracking system of its own (`tracksys-leftthigh`, `-rightthigh`, `-pelvis`):\n"
    "it has its own sample times, and nothing was resampled. The last column of a `_motion.tsv` is the\n"
    "time of each sample on the time line that all sensors and events of the recording share.\n"
    "Where samples are missing the row says n/a, for each missing sample one; a gap of more than ten\n"
    "minutes has one such row. `Gaps` in the `_motion.json` lists them.\n\n"
    "The events tell the phases of a session: standing, reference pose, rest test, sets of exercises.\n"
    "There is no video and no other reference in this dataset. It names nobody: the participant is\n"
    "made up. Dates are true; shift them before you publish. Add licence and authors to\n"
    "`dataset_description.json`.\n"
)


def readme(left_out: Sequence[str], *, simulated: bool) -> str:
    """The dataset's README."""
    parts = ["# Motion sensors on thighs and pelvis\n"]
    if simulated:
        parts.append(_SIMULATED)
    parts.append(_WHAT_IT_IS)
    if left_out:
        parts.append("Left out of this export:\n\n" + "".join(f"- {one}\n" for one in left_out))
    return "\n".join(parts)
