"""Import of foreign recordings: values, times, sets, and errors that say where the fault is."""

import json
import re
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import hypothesis.strategies as st
import numpy as np
import pytest
from csv_samples_made import HEADER_LINE, movement, thigh, write_csv, write_events
from hypothesis import HealthCheck, given, settings
from recording_samples import items_of

from tracker.errors import InputError, StorageError, UsageError
from tracker.model import (
    Edge,
    FloatArray,
    PhaseKind,
    PhaseMark,
    Placement,
    Posture,
    ReferenceRecipe,
    Side,
    TimedBlock,
)
from tracker.recording.csv_import import ImportSummary, import_csv
from tracker.recording.csv_samples import read_samples
from tracker.recording.items import RecordedSensor
from tracker.recording.reader import read_recording
from tracker.recording.units import AccelerometerUnit, GyroscopeUnit

LEFT, RIGHT, PELVIS = Placement.LEFT_THIGH, Placement.RIGHT_THIGH, Placement.PELVIS


def run(
    files: dict[Placement, Path], out: Path, events: Path | None = None, exercise: str | None = None
) -> ImportSummary:
    """An import in SI units."""
    return import_csv(files, events, AccelerometerUnit.M_PER_S2, GyroscopeUnit.RAD_PER_S, exercise, out)


def samples_of(path: Path, placement: Placement) -> FloatArray:
    """All rows of a placement in a recording."""
    blocks = [
        b for b in items_of(read_recording(path)) if isinstance(b, TimedBlock) and b.placement is placement
    ]
    return np.concatenate(
        [np.column_stack([b.time_s, b.accelerometer_m_per_s2, b.gyroscope_rad_per_s]) for b in blocks]
    )


def marks_of(path: Path) -> list[PhaseMark]:
    """All marks of a recording."""
    return [item for item in items_of(read_recording(path)) if isinstance(item, PhaseMark)]


def test_every_value_arrives(tmp_path: Path) -> None:
    left, right = movement(seed=1), movement(seed=2, begin_s=0.013)
    files = {LEFT: write_csv(tmp_path / "l.csv", left), RIGHT: write_csv(tmp_path / "r.csv", right)}
    summary = run(files, tmp_path / "a.mcap")
    assert np.array_equal(samples_of(tmp_path / "a.mcap", LEFT), left)
    assert np.array_equal(samples_of(tmp_path / "a.mcap", RIGHT), right)
    assert summary.samples == {LEFT: 1000, RIGHT: 1000}
    assert summary.rate_hz == pytest.approx({LEFT: 50.0, RIGHT: 50.0})
    assert summary.duration_s == right[-1, 0]
    recording = read_recording(tmp_path / "a.mcap")
    assert [sensor.placement for sensor in recording.sensors] == [LEFT, RIGHT]
    assert {sensor.identity.protocol for sensor in recording.sensors} == {"samples-f64"}
    assert recording.damage.whole
    assert not recording.header.simulated


def test_units_are_converted_and_columns_may_stand_in_any_order(tmp_path: Path) -> None:
    rows = movement()
    foreign = rows.copy()
    foreign[:, 1:4] /= 9.80665 / 1000
    foreign[:, 4:7] = np.degrees(foreign[:, 4:7])
    order = [4, 0, 6, 2, 1, 3, 5]
    header = ",".join(HEADER_LINE.split(",")[place] for place in order)
    path = write_csv(tmp_path / "l.csv", foreign[:, order], header=header)
    import_csv({LEFT: path}, None, AccelerometerUnit.MG, GyroscopeUnit.DEG_PER_S, None, tmp_path / "a.mcap")
    assert np.allclose(samples_of(tmp_path / "a.mcap", LEFT), rows, rtol=1e-12)


def test_bom_line_ends_quotes_blanks_and_integers_are_tolerated(tmp_path: Path) -> None:
    rows = movement()
    text = write_csv(tmp_path / "x.csv", rows, end="\r\n").read_text()
    text = "\ufeff" + text.replace(HEADER_LINE, 'time_s, "ax",ay ,az,gx,gy,gz')
    lines = text.split("\n")
    lines[5] = '"' + lines[5].replace(",", '", ', 1)
    lines.insert(9, "")
    path = thigh(tmp_path, "\n".join(lines) + "\n\n")
    run(path, tmp_path / "a.mcap")
    assert np.array_equal(samples_of(tmp_path / "a.mcap", LEFT), rows)


def test_the_time_line_starts_at_the_earliest_sample(tmp_path: Path) -> None:
    files = {
        LEFT: write_csv(tmp_path / "l.csv", movement(begin_s=100.0)),
        PELVIS: write_csv(tmp_path / "p.csv", movement(begin_s=99.5)),
    }
    events = write_events(tmp_path / "e.csv", ["101,103,rest,,"])
    summary = run(files, tmp_path / "a.mcap", events)
    assert samples_of(tmp_path / "a.mcap", LEFT)[0, 0] == 0.5
    assert samples_of(tmp_path / "a.mcap", PELVIS)[0, 0] == 0.0
    assert [mark.time_s for mark in marks_of(tmp_path / "a.mcap")] == [1.5, 3.5]
    assert summary.duration_s == pytest.approx(20.48)


@pytest.mark.parametrize(
    ("placements", "side"),
    [((LEFT,), Side.LEFT), ((RIGHT, PELVIS), Side.RIGHT), ((LEFT, RIGHT), Side.BOTH)],
)
def test_without_events_all_is_one_set(tmp_path: Path, placements: tuple[Placement, ...], side: Side) -> None:
    files = {p: write_csv(tmp_path / f"{p}.csv", movement()) for p in placements}
    run(files, tmp_path / "a.mcap", exercise="generic")
    items = items_of(read_recording(tmp_path / "a.mcap"))
    start, end = marks_of(tmp_path / "a.mcap")
    assert start == PhaseMark(0.0, PhaseKind.SET, Edge.START, side, "generic")
    assert end == PhaseMark(19.98, PhaseKind.SET, Edge.END, side, "generic")
    assert items[0] == start
    assert items[-1] == end


def test_without_events_and_exercise_there_are_only_samples(tmp_path: Path) -> None:
    assert run({LEFT: write_csv(tmp_path / "l.csv", movement())}, tmp_path / "a.mcap").phases == ()
    assert marks_of(tmp_path / "a.mcap") == []


def test_samples_and_marks_stand_in_the_order_of_time(tmp_path: Path) -> None:
    files = {p: write_csv(tmp_path / f"{p}.csv", movement(seed=n)) for n, p in enumerate((LEFT, RIGHT))}
    lines = [
        "0,1,standing,,",
        "1,2.345,reference,both,",
        "3,5,set,left,band",
        "5,7,set,left,",
        "3.5,6.5,set,right,band",
        "19,20.05,rest,,ignored",
    ]
    summary = run(files, tmp_path / "a.mcap", write_events(tmp_path / "e.csv", lines), "generic")
    seen: dict[Placement, float] = {}
    open_sets: set[Side | None] = set()
    for item in items_of(read_recording(tmp_path / "a.mcap")):
        if isinstance(item, TimedBlock):
            assert item.time_s[0] > seen.get(item.placement, -1.0)
            seen[item.placement] = float(item.time_s[-1])
            assert item.time_s[-1] - item.time_s[0] <= 1.0
        elif isinstance(item, PhaseMark):
            assert all(time_s < item.time_s or item.time_s == 19.98 for time_s in seen.values())
            assert min(seen.values(), default=0.0) >= item.time_s - 0.021 or item.time_s == 0
            if item.kind is PhaseKind.SET:
                (open_sets.add if item.edge is Edge.START else open_sets.remove)(item.side)
        else:
            assert isinstance(item, RecordedSensor)
    assert open_sets == set()
    assert [phase.exercise for phase in summary.phases] == [None, None, "band", "band", "generic", None]
    assert summary.phases[-1].end_s == 19.98


def test_the_start_is_told_or_taken_from_the_file(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "l.csv", movement())
    told = datetime(2025, 3, 4, 5, 6, 7, 890123, tzinfo=timezone(timedelta(hours=-3, minutes=-30)))
    summary = import_csv(
        {LEFT: path},
        None,
        AccelerometerUnit.M_PER_S2,
        GyroscopeUnit.RAD_PER_S,
        None,
        tmp_path / "a.mcap",
        started_at=told,
    )
    header = read_recording(tmp_path / "a.mcap").header
    assert header.started_at == told == summary.started_at
    assert header.started_at.isoformat() == told.isoformat()
    run({LEFT: path}, tmp_path / "b.mcap")
    changed = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    assert abs(read_recording(tmp_path / "b.mcap").header.started_at - changed) < timedelta(seconds=1)


def test_the_recording_says_what_it_was_made_of(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "patient name.csv", movement())
    run({LEFT: path}, tmp_path / "a.mcap")
    settings_read = json.loads(read_recording(tmp_path / "a.mcap").header.settings_json)["import"]
    assert settings_read["accelerometer_unit"] == "m/s2"
    assert settings_read["gyroscope_unit"] == "rad/s"
    assert re.fullmatch("[0-9a-f]{64}", settings_read["sha256"]["left_thigh"])
    assert b"patient" not in (tmp_path / "a.mcap").read_bytes()


def test_progress_rises_to_one(tmp_path: Path) -> None:
    files = {p: write_csv(tmp_path / f"{p}.csv", movement(seconds=900.0)) for p in (LEFT, RIGHT)}
    shares: list[float] = []
    import_csv(
        files,
        None,
        AccelerometerUnit.M_PER_S2,
        GyroscopeUnit.RAD_PER_S,
        None,
        tmp_path / "a.mcap",
        progress=shares.append,
    )
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    assert len(shares) > 10


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.lists(st.floats(-1e6, 1e6, allow_nan=False), min_size=6, max_size=6), min_size=2, max_size=30)
)
def test_numbers_are_read_to_the_last_bit(tmp_path: Path, values: list[list[float]]) -> None:
    rows = np.column_stack([np.arange(len(values)) * 0.01, np.array(values)])
    read = read_samples(write_csv(tmp_path / "x.csv", rows), lambda _: None)
    assert np.array_equal(read.rows, rows)


def test_recipe_and_posture_may_be_told_of_phases(tmp_path: Path) -> None:
    files = {LEFT: write_csv(tmp_path / "l.csv", movement())}
    lines = ["1,2,reference,,,hanging_shank,", "3,4,rest,left,,,prone", "5,6,rest,left,,,"]
    out = tmp_path / "a.mcap"
    run(files, out, write_events(tmp_path / "e.csv", lines, ",recipe,posture"))
    starts = [
        (item.kind, item.recipe, item.posture)
        for item in read_recording(out).items()
        if isinstance(item, PhaseMark) and item.edge is Edge.START
    ]
    assert starts == [
        (PhaseKind.REFERENCE, ReferenceRecipe.HANGING_SHANK, None),
        (PhaseKind.REST, None, Posture.PRONE),
        (PhaseKind.REST, None, None),
    ]


def test_an_unknown_recipe_or_posture_is_named(tmp_path: Path) -> None:
    files = {LEFT: write_csv(tmp_path / "l.csv", movement())}
    for line, column in (("1,2,reference,,,sideways,", "recipe"), ("1,2,rest,,,,floating", "posture")):
        events = write_events(tmp_path / "e.csv", [line], ",recipe,posture")
        with pytest.raises(InputError) as caught:
            run(files, tmp_path / "a.mcap", events)
        assert f"line 2, column {column}" in caught.value.message


def test_events_that_may_stand_side_by_side(tmp_path: Path) -> None:
    files = {p: write_csv(tmp_path / f"{p}.csv", movement()) for p in (LEFT, RIGHT)}
    lines = ["1,3,set,left,x", "1,3,set,right,x", "3,4,set,left,x", "1,2,reference,,", "", "1,2,standing,,"]
    assert len(run(files, tmp_path / "a.mcap", write_events(tmp_path / "e.csv", lines)).phases) == 5


def test_only_known_exercises_are_taken_where_they_are_given(tmp_path: Path) -> None:
    files, out = {LEFT: write_csv(tmp_path / "l.csv", movement())}, tmp_path / "a.mcap"
    events = write_events(tmp_path / "e.csv", ["1,2,rest,,", "2,3,set,left,band", "4,5,set,left,juggling"])
    units = AccelerometerUnit.M_PER_S2, GyroscopeUnit.RAD_PER_S
    with pytest.raises(InputError, match=r"line 4, column exercise: .*'juggling' is unknown") as caught:
        import_csv(files, events, *units, None, out, known_exercises={"generic", "band"})
    assert "band, generic" in caught.value.advice
    assert not out.exists()
    import_csv(files, events, *units, None, out, known_exercises={"band", "juggling"})


def test_wrong_use(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "l.csv", movement())
    with pytest.raises(UsageError, match="no file"):
        run({}, tmp_path / "a.mcap")
    with pytest.raises(UsageError, match="a sensor on a thigh"):
        run({PELVIS: path}, tmp_path / "a.mcap", exercise="generic")
    with pytest.raises(UsageError, match="exercise"):
        run({LEFT: path}, tmp_path / "a.mcap", exercise="")
    with pytest.raises(UsageError, match="time zone"):
        import_csv(
            {LEFT: path},
            None,
            AccelerometerUnit.G,
            GyroscopeUnit.RAD_PER_S,
            None,
            tmp_path / "a.mcap",
            started_at=datetime(2025, 1, 1),  # noqa: DTZ001 - the missing zone is the point
        )
    events = write_events(tmp_path / "e.csv", ["1,2,set,,x"])
    with pytest.raises(InputError, match="a sensor on a thigh"):
        run({PELVIS: path}, tmp_path / "a.mcap", events)
    with pytest.raises(InputError, match="does not exist"):
        run({LEFT: tmp_path / "no.csv"}, tmp_path / "a.mcap")


def test_files_that_share_no_time(tmp_path: Path) -> None:
    files = {
        LEFT: write_csv(tmp_path / "l.csv", movement()),
        RIGHT: write_csv(tmp_path / "r.csv", movement(begin_s=500.0)),
    }
    with pytest.raises(InputError, match=r"begins at 500 s, when .* is over") as caught:
        run(files, tmp_path / "a.mcap")
    assert "one time axis" in caught.value.advice


def test_nothing_is_overwritten_and_nothing_half_written_stays(tmp_path: Path) -> None:
    files = {LEFT: write_csv(tmp_path / "l.csv", movement())}
    (tmp_path / "a.mcap").write_text("precious")
    with pytest.raises(StorageError, match="exists"):
        run(files, tmp_path / "a.mcap")
    assert (tmp_path / "a.mcap").read_text() == "precious"
    with pytest.raises(StorageError, match="folder does not exist"):
        run(files, tmp_path / "no" / "a.mcap")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.mcap", "l.csv"]
