"""The text of OpenSim's tables, and of the README beside them."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np

from tracker.model import FloatArray, Placement, Side
from tracker.report.exchange.opensim.orientations import OrientationTable
from tracker.session.traces import LegTrace
from tracker.session.version import ANALYSIS_VERSION

IMU_NAMES = {
    Placement.PELVIS: "pelvis_imu",
    Placement.LEFT_THIGH: "femur_l_imu",
    Placement.RIGHT_THIGH: "femur_r_imu",
}
COORDINATES = {Side.LEFT: "hip_rotation_l", Side.RIGHT: "hip_rotation_r"}

_NO_HEADING = "not observable without a magnetometer; zero at the times given, drifting from there"
_WRITTEN_ROWS = 10_000


def write_orientations(path: Path, table: OrientationTable, *, simulated: bool) -> None:
    """A table of quaternions (`w,x,y,z` in one column) as `.sto`."""
    placements = [place for place in IMU_NAMES if place in table.quaternions]
    sources = table.sources
    header = {
        "DataRate": f"{table.rate_hz:.9g}",
        "DataType": "Quaternion",
        "version": "3",
        "OpenSimVersion": "4.5",
        "frames": "segment in ground; x anterior, y proximal, z to the right",
        "heading": _NO_HEADING,
        "heading_zero_s": _each({one: f"{sources[one].heading_zero_s:.6f}" for one in placements}),
        "axes_from": _each({one: sources[one].alignment.recipe for one in placements}),
        "analysis_version": ANALYSIS_VERSION,
        "simulated": "yes" if simulated else "no",
    }
    values = np.concatenate([table.quaternions[one] for one in placements], axis=1)
    row = "%.6f" + "\t%.9f,%.9f,%.9f,%.9f" * len(placements) + "\n"
    names = [IMU_NAMES[one] for one in placements]
    _write(path, header, names, row, np.column_stack([table.time_s, values]))


def write_hip_rotation(
    path: Path, trace: LegTrace, *, relative_to: str, axes_from: str, simulated: bool
) -> None:
    """The hip rotation of one leg as `.mot`, degrees, at the samples at which it is seen."""
    seen = ~np.isnan(trace.hip_rotation_rad)
    rows = np.column_stack([trace.time_s[seen], np.degrees(trace.hip_rotation_rad[seen])])
    header = {
        "version": "1",
        "nRows": str(len(rows)),
        "nColumns": "2",
        "inDegrees": "yes",
        "positive": "internal rotation",
        "relative_to": relative_to,
        "axes_from": axes_from,
        "analysis_version": ANALYSIS_VERSION,
        "simulated": "yes" if simulated else "no",
    }
    name = COORDINATES[trace.side]
    _write(path, header, [name], "%.6f\t%.6f\n", rows, title=name)


def _write(
    path: Path, header: Mapping[str, str], names: Sequence[str], row: str, values: FloatArray, title: str = ""
) -> None:
    with path.open("x", encoding="utf-8", newline="") as file:
        if title:
            file.write(f"{title}\n")
        file.writelines(f"{key}={value}\n" for key, value in header.items())
        file.write("endheader\n" + "\t".join(["time", *names]) + "\n")
        file.writelines(_lines(row, values))


def _lines(row: str, values: FloatArray) -> Iterator[str]:
    for start in range(0, len(values), _WRITTEN_ROWS):
        yield "".join([row % tuple(one) for one in values[start : start + _WRITTEN_ROWS].tolist()])


def _each(values: Mapping[Placement, str]) -> str:
    return " ".join(f"{IMU_NAMES[one]}:{value}" for one, value in values.items())


_SIMULATED = "SIMULATED: at least one session is of a simulated body. `simulated` in each file tells which.\n"
_WHAT_IT_IS = """\
For each session there is a folder with

- `orientations_NN.sto`: orientations of pelvis_imu, femur_l_imu and femur_r_imu as quaternions,
  for OpenSense;
- `hip_rotation_l.mot`, `hip_rotation_r.mot`: hip rotation of each leg in degrees, internal rotation positive.

**Frames.** Each column is the orientation of the body segment itself in OpenSim's ground (x forward, y up,
z to the right): the strap's turn on the leg is taken out with the standing and the reference pose. So an IMU
frame that coincides with its body (offset zero, as in `imu_placer.sto`, which IMUPlacer reads as the
calibration pose) fits. `axes_from` in a file's header tells which poses gave the axes; `housing` means that
there was none, and the axes are those of the sensor's housing.

**Heading cannot be observed**: the sensors have no magnetometer. The heading of each sensor is set to zero
at the time in `heading_zero_s` (the end of the reference pose, else the first sample) and drifts from there,
each sensor on its own. Rotation about the vertical is therefore no measurement; what gravity shows is.

**Rows.** Each sensor has its own sample times. Rows are interpolated between two neighbouring samples. A row
that falls into a gap of any sensor is left out, never filled. A new file begins where a sensor is aligned
anew, is strapped on anew, comes or goes, or was away for so long that its heading is lost. Stretches of less
than one second are left out. Hip rotation stands at the sensor's own times, without the samples at which the
thigh is too upright for it to be seen.

Times are seconds since the start of the recording.
"""


def readme(left_out: Sequence[str], *, simulated: bool) -> str:
    """The README of an export."""
    parts = ["# Orientations and hip rotation for OpenSim\n"]
    if simulated:
        parts.append(_SIMULATED)
    parts.append(_WHAT_IT_IS)
    if left_out:
        parts.append("Left out of this export:\n\n" + "".join(f"- {one}\n" for one in left_out))
    return "\n".join(parts)


def placer_text() -> str:
    """One row for OpenSense's IMUPlacer: the tables hold the segments' own orientations, with no offset."""
    names = "\t".join(IMU_NAMES.values())
    row = "\t".join(["0.000000", *["1.0,0.0,0.0,0.0"] * len(IMU_NAMES)])
    header = "DataRate=100\nDataType=Quaternion\nversion=3\nOpenSimVersion=4.5\nendheader\n"
    return f"{header}time\t{names}\n{row}\n"
