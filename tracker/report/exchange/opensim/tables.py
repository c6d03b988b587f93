"""OpenSim's tables of the recordings of a selection."""

from collections.abc import Iterator
from pathlib import Path

from tracker.errors import InputError
from tracker.model import THIGH_SIDES, PhaseMark, Placement
from tracker.recording.files import storage_error
from tracker.recording.reader import Recording
from tracker.report.exchange.formats import ExportReport, LeftOut, Progress
from tracker.report.exchange.opensim.orientations import (
    OrientationFollower,
    Stretch,
    orientation_tables,
    stretches,
)
from tracker.report.exchange.opensim.texts import (
    COORDINATES,
    placer_text,
    readme,
    write_hip_rotation,
    write_orientations,
)
from tracker.report.exchange.recordings import (
    NO_SAMPLES,
    files_below,
    session_labels,
    session_text,
    watched,
    write_recordings,
)
from tracker.report.exchange.selection import Selection
from tracker.session.analysis_parameters import AnalysisParameters
from tracker.session.pipeline import SessionPipeline
from tracker.session.posed_recording import posed, stored_parameters
from tracker.session.recorded_samples import RecordedSamples
from tracker.session.replay import parameters_of
from tracker.session.sensor_track import SensorTrack
from tracker.store.analyses import read_analysis
from tracker.store.database import Database
from tracker.store.values import SessionSummary

_TOO_SHORT = "no sensor was followed for a second without a gap that loses its heading"
_NOT_SEEN = "no sample of it showed the hip's rotation: the thigh was upright, or its pelvis not known"


def export_opensim(database: Database, selection: Selection, out: Path, progress: Progress) -> ExportReport:
    """Write the orientations and hip rotations of a selection as a folder of OpenSim tables.

    Raises:
        InputError: no recording of the selection can be read.
        StorageError: it cannot be written.
    """
    labels = session_labels(selection.sessions)

    def folder_of(session: SessionSummary) -> Path:
        return out / f"ses-{labels[session.session_id]}"

    def write(
        session: SessionSummary, recording: Recording, share: Progress, folder: Path
    ) -> Iterator[LeftOut]:
        with database.read() as connection:
            stored = read_analysis(connection, session.session_id)
        parameters = stored_parameters(None if stored is None else stored.analysis.parameters)
        yield from _write_session(session, recording, parameters, share, folder)

    try:
        out.mkdir()
        left_out = write_recordings(selection, folder_of, write, progress)
        texts = [f"{one.what}: {one.reason}" for one in left_out]
        texts += [f"session {session_id}: it is deleted" for session_id in selection.deleted]
        (out / "README.md").write_text(readme(texts, simulated=selection.simulated), encoding="utf-8")
        (out / "imu_placer.sto").write_text(placer_text(), encoding="utf-8")
    except OSError as error:
        raise storage_error(out, error) from error
    return ExportReport(files_below(out), left_out)


def _write_session(
    session: SessionSummary,
    recording: Recording,
    parameters: AnalysisParameters,
    progress: Progress,
    folder: Path,
) -> Iterator[LeftOut]:
    simulated = recording.header.simulated
    pipeline, collector = posed(
        recording, watched(recording, lambda share: progress(0.5 * share)), parameters
    )
    sensors = _stretches(recording, pipeline, parameters, lambda share: progress(0.5 + 0.5 * share))
    if not any(sensors.values()):
        raise InputError(NO_SAMPLES, advice="There is nothing in it to export.")
    number = 0
    for number, table in enumerate(orientation_tables(sensors), 1):
        write_orientations(folder / f"orientations_{number:02}.sto", table, simulated=simulated)
    if not number:
        yield LeftOut(f"the orientations of {session_text(session)}", _TOO_SHORT)
    for trace in collector.traces(pipeline):
        [placement] = trace.side.thighs
        name = COORDINATES[trace.side]
        if trace.observability.max() < parameters.motion.rest_test.refuse_observability:
            yield LeftOut(f"{name} of {session_text(session)}", _NOT_SEEN)
            continue
        write_hip_rotation(
            folder / f"{name}.mot",
            trace,
            relative_to="pelvis" if Placement.PELVIS in sensors else "vertical",
            axes_from=pipeline.track(placement).alignment.recipe,
            simulated=simulated,
        )


def _stretches(
    recording: Recording, pipeline: SessionPipeline, parameters: AnalysisParameters, progress: Progress
) -> dict[Placement, list[Stretch]]:
    calibrations = parameters_of(recording, parameters).calibrations
    samples = RecordedSamples(recording.header, calibrations, parameters.clock)
    followers: dict[Placement, OrientationFollower] = {}
    for part in samples.parts(watched(recording, progress)):
        if not isinstance(part, PhaseMark):
            follower = followers.get(part.placement)
            if follower is None:
                follower = followers[part.placement] = OrientationFollower(parameters.motion.orientation)
            follower.take(part)
    bridge_s = parameters.motion.orientation.bridge_s
    return {
        place: list(stretches(one.result(), _track(pipeline, place).held_alignments, bridge_s))
        for place, one in followers.items()
    }


def _track(pipeline: SessionPipeline, placement: Placement) -> SensorTrack:
    """The alignments of a sensor; the pelvis has those of the leg that is followed first."""
    thighs = [one for one in pipeline.counted if one in THIGH_SIDES]
    if placement is Placement.PELVIS and thighs:
        return pipeline.pelvis_track(thighs[0])
    return pipeline.track(placement)
