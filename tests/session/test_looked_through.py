"""A recording that is looked through says what its replay says, and what a picture of it needs."""

import shutil
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from pipeline_bench import rad, worn

from tracker.errors import InputError, TrackerError
from tracker.home import Home
from tracker.model import PhaseKind, Side
from tracker.recording.reader import read_recording
from tracker.sensing.body.builder import ScriptBuilder
from tracker.session import looked_through
from tracker.session.analysis_parameters import AnalysisParameters
from tracker.session.looked_courses import SoFar
from tracker.session.looked_through import look_through
from tracker.session.replay import replay, replay_opened
from tracker.session.simulation import write_simulated_recording
from tracker.session.traces import TraceCollector
from tracker.session.workplace import workplace

RECORDINGS = Path(__file__).parents[2] / "recordings"
SIMULATED = RECORDINGS / "simulated_session.mcap"
REAL = RECORDINGS / "spar_band_internal_rotation" / "s01_left.mcap"


@pytest.fixture(scope="module")
def parameters(tmp_path_factory: pytest.TempPathFactory) -> AnalysisParameters:
    """The shipped ones."""
    return workplace(Home(tmp_path_factory.mktemp("home"))).analysis


@pytest.mark.parametrize("path", [SIMULATED, REAL], ids=["simulated", "real"])
def test_it_measures_what_the_replay_measures(path: Path, parameters: AnalysisParameters) -> None:
    looked = look_through(path, parameters)
    assert looked.replay == replay(path, parameters)
    reps = [rep for done in looked.replay.analysis.sets for rep in done.repetitions]
    assert len(looked.closings) == len(reps) > 0
    assert sorted(one.valid for one in looked.closings) == sorted(rep.valid for rep in reps)


def test_courses_are_the_traces_of_the_replay(parameters: AnalysisParameters) -> None:
    collector = TraceCollector(parameters.motion.rest_test.refuse_observability)
    _, pipeline = replay_opened(read_recording(SIMULATED), parameters, trace=collector)
    looked = look_through(SIMULATED, parameters)
    traces = {trace.side: trace for trace in collector.traces(pipeline)}
    assert {course.side for course in looked.courses} == set(traces) == {Side.LEFT, Side.RIGHT}
    for course in looked.courses:
        trace = traces[course.side]
        np.testing.assert_array_equal(course.time_s, trace.time_s)
        np.testing.assert_allclose(course.hip_rotation_deg, np.degrees(trace.hip_rotation_rad), atol=1e-5)


def test_each_count_comes_within_its_repetition(parameters: AnalysisParameters) -> None:
    looked = look_through(SIMULATED, parameters)
    for done in looked.replay.analysis.sets:
        told_s = [one.time_s for one in looked.closings if one.side is done.side]
        inside = [at_s for at_s in told_s if done.start_s <= at_s <= done.end_s]
        assert len(inside) == len(done.repetitions)
        for at_s, rep in zip(inside, done.repetitions, strict=True):
            assert rep.peak_s < at_s <= rep.end_s


def test_phases_are_those_that_were_marked(parameters: AnalysisParameters) -> None:
    looked = look_through(SIMULATED, parameters)
    kinds = [phase.kind for phase in looked.phases]
    assert kinds[:3] == [PhaseKind.STANDING, PhaseKind.REFERENCE, PhaseKind.REST]
    sets = [phase for phase in looked.phases if phase.kind is PhaseKind.SET]
    assert {phase.start_s for phase in sets} == {done.start_s for done in looked.replay.analysis.sets}
    assert all(phase.start_s <= phase.end_s for phase in looked.phases)


def test_a_phase_that_never_ended_lasts_to_the_end(tmp_path: Path, parameters: AnalysisParameters) -> None:
    cut = tmp_path / "cut.mcap"
    shutil.copy(SIMULATED, cut)
    with cut.open("rb+") as file:
        file.truncate(cut.stat().st_size * 2 // 3)
    looked = look_through(cut, parameters)
    assert looked.replay.damage.cut
    assert looked.phases[-1].kind is PhaseKind.SET
    assert looked.phases[-1].end_s == looked.replay.analysis.duration_s


def test_sets_of_an_exercise_that_is_gone_are_passed_over(parameters: AnalysisParameters) -> None:
    """The replay refuses such a recording; its courses and rest tests can be looked at all the same."""
    without = replace(parameters, exercises={"generic": parameters.exercises["generic"]})
    with pytest.raises(TrackerError):
        replay(SIMULATED, without)
    looked = look_through(SIMULATED, without)
    assert looked.not_counted
    assert not looked.replay.analysis.sets
    assert looked.replay.analysis.rest_tests
    assert looked.courses


def test_what_is_told_on_the_way_grows_to_the_whole(
    tmp_path: Path, parameters: AnalysisParameters, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After the reference pose what was told early is what is known at the end."""
    script = ScriptBuilder().stand(4.0).lie_down(2.0).reference(4.0)
    script = script.relax(rad(-20.0), rad(-25.0), 1.0).hold(100.0)
    path = tmp_path / "long.mcap"
    write_simulated_recording(worn(script.build()), path, datetime(2026, 11, 2, 18, 0, tzinfo=UTC))
    monkeypatch.setattr(looked_through, "_TOLD_EVERY_S", 0.0)
    monkeypatch.setattr(looked_through, "GATHERED_NOTIFICATIONS", 200)
    told: list[SoFar] = []
    looked = look_through(path, parameters, told.append)
    assert len(told) > 1
    assert [one.share for one in told] == sorted(one.share for one in told)
    for course in looked.courses:
        parts = [part for one in told for part in one.courses if part.side is course.side]
        times_s = np.concatenate([part.time_s for part in parts])
        values = np.concatenate([part.hip_rotation_deg for part in parts])
        np.testing.assert_array_equal(times_s, course.time_s[: len(times_s)])
        later = times_s > 12.0
        assert later.any()
        np.testing.assert_array_equal(values[later], course.hip_rotation_deg[: len(times_s)][later])


def test_a_recording_without_end_is_refused(
    parameters: AnalysisParameters, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looked_through, "LONGEST_S", 1.0)
    monkeypatch.setattr(looked_through, "GATHERED_NOTIFICATIONS", 10)
    with pytest.raises(InputError, match="longer than"):
        look_through(SIMULATED, parameters)
