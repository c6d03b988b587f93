"""Faulty files of other programs: each is refused with the place of the fault and an advice."""

from pathlib import Path

import hypothesis.strategies as st
import pytest
from csv_samples_made import HEADER_LINE, movement, thigh, write_csv, write_events
from hypothesis import HealthCheck, given, settings

from tracker.errors import InputError
from tracker.model import Placement
from tracker.recording.csv_import import ImportSummary, import_csv
from tracker.recording.csv_samples import read_samples
from tracker.recording.units import AccelerometerUnit, GyroscopeUnit

LEFT, RIGHT, PELVIS = Placement.LEFT_THIGH, Placement.RIGHT_THIGH, Placement.PELVIS


def run(
    files: dict[Placement, Path], out: Path, events: Path | None = None, exercise: str | None = None
) -> ImportSummary:
    """An import in SI units."""
    return import_csv(files, events, AccelerometerUnit.M_PER_S2, GyroscopeUnit.RAD_PER_S, exercise, out)


GOOD = "0.00,9.8,0,0,0,0,0\n0.01,9.8,0,0,0,0,0\n"

BAD_SAMPLES: dict[str, tuple[str | bytes, list[str]]] = {
    "empty": ("", ["the file is empty", "The first line must be time_s,ax"]),
    "blank": ("\n\n", ["no column names"]),
    "header only": (HEADER_LINE + "\n", ["no samples"]),
    "no header": (GOOD, ["line 1", "missing: 'time_s'", "not expected: '0.00'"]),
    "missing column": ("time_s,ax,ay,az,gx,gy\n", ["line 1", "missing: 'gz'"]),
    "extra column": (HEADER_LINE + ",temperature\n", ["line 1", "not expected: 'temperature'"]),
    "column twice": (HEADER_LINE + ",ax\n", ["line 1", "more than once: 'ax'"]),
    "other names": ("Time,acc_x\n", ["missing: 'time_s', 'ax'", "not expected: 'Time', 'acc_x'"]),
    "semicolons": (
        HEADER_LINE.replace(",", ";") + "\n0,00;9,8;0;0;0;0;0\n",
        ["semicolons", "decimal points"],
    ),
    "tabs": (HEADER_LINE.replace(",", "\t") + "\n", ["tabs between"]),
    "decimal commas": (
        f"{HEADER_LINE}\n0,00,9,8,0,0,0,0,0,0,0,0,0,0\n",
        ["line 2", "14 values in place of 7", "decimal points"],
    ),
    "semicolon rows": (f"{HEADER_LINE}\n0;9.8;0;0;0;0;0\n", ["line 2", "1 values in place of 7", "commas"]),
    "text": (
        f"{HEADER_LINE}\n{GOOD}0.02,9.8,zero,0,0,0,0\n",
        ["line 4, column ay", "'zero' is not a number"],
    ),
    "unit in a number": (f"{HEADER_LINE}\n0.02,9.8 m/s2,0,0,0,0,0\n", ["line 2, column ax", "without units"]),
    "python number": (f"{HEADER_LINE}\n{GOOD}0.02,1_0,0,0,0,0,0\n", ["line 4, column ax", "not a number"]),
    "empty value": (f"{HEADER_LINE}\n{GOOD}0.02,9.8,,0,0,0,0\n", ["line 4, column ay", "missing"]),
    "nan": (f"{HEADER_LINE}\n{GOOD}0.02,9.8,0,nan,0,0,0\n", ["line 4, column az", "'nan' is not a finite"]),
    "inf": (f"{HEADER_LINE}\n{GOOD}0.02,9.8,0,0,-Inf,0,0\n", ["line 4, column gx", "finite"]),
    "overflow": (f"{HEADER_LINE}\n{GOOD}0.02,9.8,0,0,1e999,0,0\n", ["line 4, column gx", "finite"]),
    "back": (
        f"{HEADER_LINE}\n{GOOD}0.005,9.8,0,0,0,0,0\n",
        ["line 4, column time_s", "0.005 comes after 0.01", "rise"],
    ),
    "repeat": (f"{HEADER_LINE}\n{GOOD}0.01,9.8,0,0,0,0,0\n", ["line 4, column time_s", "0.01 repeats"]),
    "short row": (f"{HEADER_LINE}\n{GOOD}0.02,9.8,0,0\n", ["line 4", "4 values in place of 7"]),
    "long row": (f"{HEADER_LINE}\n{GOOD}0.02,9.8,0,0,0,0,0,0\n", ["line 4", "8 values in place of 7"]),
    "all rows short": (f"{HEADER_LINE}\n0,1,2\n1,1,2\n", ["line 2", "3 values in place of 7"]),
    "comment": (f"{HEADER_LINE}\n# note\n{GOOD}", ["line 2", "1 values"]),
    "cut last row": (f"{HEADER_LINE}\n{GOOD}0.02,9.", ["line 4", "2 values in place of 7"]),
    "nul": (f"{HEADER_LINE}\n{GOOD}0.02,9.8,\0,0,0,0,0\n", ["line 4"]),
    "open quote": (f'{HEADER_LINE}\n{GOOD}0.02,"9.8,0,0,0,0,0\n', ["line 4"]),
    "latin-1": (f"{HEADER_LINE}\n{GOOD}".encode() + b"0.02,\xb5,0,0,0,0,0\n", ["line 4", "UTF-8"]),
    "utf-16": ((HEADER_LINE + "\n" + GOOD).encode("utf-16"), ["UTF-16", "Save it as CSV in UTF-8"]),
    "binary": (bytes(range(256)) * 50, ["UTF-8"]),
    "one sample": (f"{HEADER_LINE}\n0,9.8,0,0,0,0,0\n", ["only one sample"]),
    "milliseconds": (f"{HEADER_LINE}\n0,9.8,0,0,0,0,0\n10,9.8,0,0,0,0,0\n", ["10 s apart", "milliseconds"]),
    "microseconds": (f"{HEADER_LINE}\n0,9.8,0,0,0,0,0\n1e-6,9.8,0,0,0,0,0\n", ["1e-06 s apart"]),
    "years": (f"{HEADER_LINE}\n{GOOD}0.02,9.8,0,0,0,0,0\n1e9,9.8,0,0,0,0,0\n", ["hours"]),
}


@pytest.mark.parametrize("name", BAD_SAMPLES)
def test_bad_samples_are_refused_with_their_place(tmp_path: Path, name: str) -> None:
    content, parts = BAD_SAMPLES[name]
    with pytest.raises(InputError) as caught:
        run(thigh(tmp_path, content), tmp_path / "a.mcap")
    told = f"{caught.value.message} {caught.value.advice}"
    for part in [*parts, str(tmp_path / "left.csv")]:
        assert part in told, told
    assert caught.value.exit_code == 3
    assert "\n" not in told
    assert [path.name for path in tmp_path.iterdir()] == ["left.csv"]


def test_a_fault_is_found_far_behind(tmp_path: Path) -> None:
    rows = movement(seconds=1000.0)
    lines = write_csv(tmp_path / "x.csv", rows).read_text().split("\n")
    lines[43_210] = lines[43_210].replace(",", ",x", 1)
    with pytest.raises(InputError, match="line 43211, column ax"):
        run(thigh(tmp_path, "\n".join(lines)), tmp_path / "a.mcap")


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=200) | st.text(alphabet="0123456789.,;\n\r\"'-+eE naif\0", max_size=200))
def test_any_text_is_read_or_refused(tmp_path: Path, junk: bytes | str) -> None:
    body = junk if isinstance(junk, bytes) else junk.encode()
    for content in (body, HEADER_LINE.encode() + b"\n" + body):
        with pytest.raises(InputError):
            read_samples(thigh(tmp_path, content)[LEFT], lambda _: None)


BAD_EVENTS: dict[str, tuple[list[str], list[str]]] = {
    "no rows": ([], ["no events"]),
    "kind": (
        ["1,2,jump,,"],
        ["line 2, column kind", "'jump' is unknown", "standing, knee_lift, reference, rest"],
    ),
    "side": (["1,2,rest,,", "1,2,set,middle,x"], ["line 3, column side", "left, right, both"]),
    "end before start": (["3,2,rest,,"], ["line 2, column end_s", "not after"]),
    "no length": (["2,2,rest,,"], ["line 2, column end_s", "not after"]),
    "text": (["one,2,rest,,"], ["line 2, column start_s", "'one' is not a number"]),
    "nan": (["1,nan,rest,,"], ["line 2, column end_s", "finite"]),
    "short row": (["1,2,rest"], ["line 2", "3 values in place of 5"]),
    "set without exercise": (["1,2,set,left,"], ["line 2, column exercise", "a set needs", "generic"]),
    "demonstration without exercise": (
        ["1,2,demonstration,left,"],
        ["line 2, column exercise", "a demonstration needs the name of its exercise"],
    ),
    "strange exercise": (["1,2,set,left," + "x" * 200], ["line 2, column exercise"]),
    "overlap": (
        ["1,3,set,left,x", "2,4,set,left,x"],
        ["line 3, column start_s", "begins before the one of line 2 ends", "left leg"],
    ),
    "overlap of both": (["1,3,set,both,x", "2,4,set,left,x"], ["line 3", "left leg"]),
    "overlap of all": (["5,9,rest,,", "2,6,rest,,"], ["line 2, column start_s", "line 3"]),
    "outside": (["19,21,rest,,"], ["line 2, column end_s", "21 is outside", "0 to 19.98"]),
    "before": (["-1,2,rest,,"], ["line 2, column start_s", "-1 is outside"]),
    "leg without sensor": (["1,2,set,right,x"], ["line 2, column side", "no file is given for the right"]),
}


@pytest.mark.parametrize("name", BAD_EVENTS)
def test_bad_events_are_refused_with_their_place(tmp_path: Path, name: str) -> None:
    lines, parts = BAD_EVENTS[name]
    files = {LEFT: write_csv(tmp_path / "l.csv", movement())}
    events = write_events(tmp_path / "events.csv", lines)
    with pytest.raises(InputError) as caught:
        run(files, tmp_path / "a.mcap", events)
    told = f"{caught.value.message} {caught.value.advice}"
    for part in [*parts, str(events)]:
        assert part in told, told
    assert not (tmp_path / "a.mcap").exists()


def test_columns_of_events_that_are_wrong_name_all_that_there_may_be(tmp_path: Path) -> None:
    events = tmp_path / "events.csv"
    events.write_text("start_s,end_s,kind,side,exercise,pose\n1,2,rest,,,\n")
    with pytest.raises(InputError, match="not expected: 'pose'") as caught:
        run({LEFT: write_csv(tmp_path / "l.csv", movement())}, tmp_path / "a.mcap", events)
    wanted = "start_s,end_s,kind,side,exercise; it may have recipe,posture besides"
    assert caught.value.advice == f"The first line must be {wanted}."


@pytest.mark.parametrize("kind", ["set", "demonstration"])
def test_what_is_counted_on_a_thigh_is_called_by_its_name(tmp_path: Path, kind: str) -> None:
    events = write_events(tmp_path / "events.csv", [f"1,2,{kind},,x"])
    with pytest.raises(InputError, match=f"a {kind} needs a sensor on a thigh"):
        run({PELVIS: write_csv(tmp_path / "p.csv", movement())}, tmp_path / "a.mcap", events)
