"""Reads tables with OpenSim's own library, in a process of its own: it logs to the folder that it runs in.

Usage: opensim_reads.py tables FILE...           the labels, times and values of tables, as JSON
       opensim_reads.py solve PLACER FILE START_S END_S  orientations through OpenSense: its IMUPlacer puts
                                                  sensors on a model, inverse kinematics finds the joints
"""

import json
import sys
from pathlib import Path
from typing import Any

import opensim


def table(path: str) -> dict[str, Any]:
    """A table of quaternions or of numbers as OpenSim has it."""
    if path.endswith(".sto"):
        read = opensim.TimeSeriesTableQuaternion(path)
        rows = [
            [[row.getElt(0, column).get(part) for part in range(4)] for column in range(read.getNumColumns())]
            for row in (read.getRowAtIndex(index) for index in range(read.getNumRows()))
        ]
    else:
        read = opensim.TimeSeriesTable(path)
        rows = read.getMatrix().to_numpy().tolist()
    keys = [key for key in read.getTableMetaDataKeys() if key != "header"]
    return {
        "labels": list(read.getColumnLabels()),
        "time_s": list(read.getIndependentColumn()),
        "rows": rows,
        "header": {key: read.getTableMetaDataAsString(key) for key in keys},
    }


def model(path: str) -> None:
    """A pelvis that can turn, and two femurs on it."""
    made = opensim.Model()
    origin = opensim.Vec3(0)
    bodies = {}
    for name in ("pelvis", "femur_l", "femur_r"):
        body = opensim.Body(name, 1.0, origin, opensim.Inertia(1.0, 1.0, 1.0))
        made.addBody(body)
        bodies[name] = body
        parent = made.getGround() if name == "pelvis" else bodies["pelvis"]
        joint = opensim.GimbalJoint(f"to_{name}", parent, origin, origin, body, origin, origin)
        for number, axis in enumerate("xyz"):
            joint.upd_coordinates(number).setName(f"{name}_{axis}")
        made.addJoint(joint)
    made.finalizeConnections()
    made.printToXML(path)


def solve(placer_path: str, path: str, start_s: float, end_s: float) -> dict[str, Any]:
    """Joint angles in degrees, turns about x, y and z one after the other, from a table of orientations."""
    model("bare.osim")
    placer = opensim.IMUPlacer()
    placer.set_model_file("bare.osim")
    placer.set_orientation_file_for_calibration(placer_path)
    placer.set_output_model_file("hips.osim")
    if not placer.run(False):
        raise SystemExit("OpenSense could not place the sensors")
    tool = opensim.IMUInverseKinematicsTool()
    tool.set_model_file("hips.osim")
    tool.set_orientations_file(path)
    tool.set_results_directory("solved")
    tool.set_report_errors(False)
    tool.set_time_range(0, start_s)
    tool.set_time_range(1, end_s)
    if not tool.run(False):
        raise SystemExit("OpenSense could not solve it")
    return table(str(Path("solved") / f"ik_{Path(path).stem}.mot"))


if __name__ == "__main__":
    asked, *rest = sys.argv[1:]
    if asked == "tables":
        result = [table(path) for path in rest]
    else:
        result = [solve(rest[0], rest[1], float(rest[2]), float(rest[3]))]
    Path("read.json").write_text(json.dumps(result), encoding="utf-8")
