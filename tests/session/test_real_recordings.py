"""Real movements: band exercises counted by eye, and a person who sits, stands and runs without any."""

import csv

import pytest
from pipeline_bench import THIGHS, Run, run_blocks, set_marks
from real_recordings import RUNNING, SPAR, read_columns, spar_set

from tracker.model import Edge, PhaseKind, PhaseMark, Placement, Side

needs_spar = pytest.mark.skipif(not SPAR.is_dir(), reason=f"the recordings are not at {SPAR}")
needs_running = pytest.mark.skipif(not RUNNING.is_dir(), reason=f"the recordings are not at {RUNNING}")


def spar_rows() -> list[dict[str, str]]:
    """The table of counts by eye."""
    if not SPAR.is_dir():
        return []
    with (SPAR / "counts.csv").open(newline="") as file:
        return list(csv.DictReader(file))


@needs_spar
def test_band_internal_rotation_is_counted_as_by_eye() -> None:
    """Counts by eye are within one at the files' cut edges: at least 9 of 10 exact, all within 1."""
    rows = spar_rows()
    assert len(rows) == 10
    off = {row["file"]: spar_set(row).valid_reps - int(row["repetitions"]) for row in rows}
    assert sum(one == 0 for one in off.values()) >= 9, off
    assert max(abs(one) for one in off.values()) <= 1, off


@needs_spar
def test_real_movements_are_counted_the_same_for_any_chunks() -> None:
    for row in spar_rows()[:4]:
        assert spar_set(row, chunk=7) == spar_set(row, chunk=None)


def poses() -> list[PhaseMark]:
    """Standing and sitting still, as the recording begins."""
    return [
        PhaseMark(0.0, PhaseKind.STANDING, Edge.START),
        PhaseMark(6.0, PhaseKind.STANDING, Edge.END),
        PhaseMark(15.0, PhaseKind.REFERENCE, Edge.START),
        PhaseMark(35.0, PhaseKind.REFERENCE, Edge.END),
    ]


def daily_run(placements: tuple[Placement, ...], marks: list[PhaseMark]) -> Run:
    """Everything after the poses as one set of the exercise."""
    blocks = {place: read_columns(RUNNING / f"{place.value}.csv", place) for place in placements}
    start_s = max((mark.time_s for mark in marks), default=0.0)
    end_s = max(float(block.time_s[-1]) for block in blocks.values())
    return run_blocks(blocks, [*marks, *set_marks(start_s, end_s)])


@needs_running
@pytest.mark.parametrize("placements", [THIGHS, tuple(Placement)], ids=["thighs", "with pelvis"])
@pytest.mark.parametrize("marks", [[], poses()], ids=["no poses", "poses"])
def test_sitting_standing_and_running_hold_no_repetition(
    placements: tuple[Placement, ...], marks: list[PhaseMark]
) -> None:
    run = daily_run(placements, marks)
    assert [done.side for done in run.pipeline.sets] == [Side.LEFT, Side.RIGHT]
    for done in run.pipeline.sets:
        assert (done.valid_reps, done.partial_reps) == (0, 0)
