"""A BIDS dataset of the recordings of a selection."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from tracker.errors import InputError
from tracker.model import Edge, Phase, PhaseMark, Placement
from tracker.recording.files import storage_error
from tracker.recording.reader import Recording
from tracker.report.exchange.bids.motion_table import MotionTable, MotionTableWriter
from tracker.report.exchange.bids.sidecars import (
    EVENT_COLUMNS,
    dataset_description,
    event_row,
    events_sidecar,
    motion_sidecar,
    readme,
    task_of,
    tracking_system,
    write_channels,
    write_json,
    write_tsv,
)
from tracker.report.exchange.formats import ExportReport, LeftOut, Progress
from tracker.report.exchange.recordings import (
    NO_SAMPLES,
    files_below,
    session_labels,
    watched,
    write_recordings,
)
from tracker.report.exchange.selection import Selection
from tracker.session.personal import calibrations_from_json
from tracker.session.recorded_samples import RecordedSamples, SampleRun
from tracker.store.database import Database
from tracker.store.values import SessionSummary

SUBJECT = "sub-01"

_RATE_SHARE = 0.05
"""A sensor whose rate changes by more begins a new run: clocks that are corrected change it by far less."""


def export_bids_motion(
    database: Database,  # noqa: ARG001 - every exporter is called alike
    selection: Selection,
    out: Path,
    progress: Progress,
) -> ExportReport:
    """Write the recordings of a selection as a folder that holds one BIDS dataset.

    Raises:
        InputError: none of them can be read.
        StorageError: it cannot be written.
    """
    labels = session_labels(selection.sessions)
    written: list[SessionSummary] = []
    sensors: dict[str, str] = {}

    def folder_of(session: SessionSummary) -> Path:
        return out / SUBJECT / f"ses-{labels[session.session_id]}"

    def write(
        session: SessionSummary, recording: Recording, share: Progress, folder: Path
    ) -> Iterator[LeftOut]:
        prefix = f"{SUBJECT}_ses-{labels[session.session_id]}"
        _write_session(recording, share, folder, prefix, sensors)
        written.append(session)
        yield from ()

    try:
        out.mkdir()
        left_out = write_recordings(selection, folder_of, write, progress)
        _write_dataset_files(out, selection, written, labels, left_out)
    except OSError as error:
        raise storage_error(out, error) from error
    return ExportReport(files_below(out), left_out)


@dataclass(slots=True)
class _Tables:
    """The tables of one recording; a sensor that is replaced, or changes its rate, begins another one."""

    folder: Path
    open_ones: dict[Placement, MotionTableWriter] = field(default_factory=dict)
    finished: dict[Placement, list[MotionTable]] = field(default_factory=dict)

    def write(self, run: SampleRun) -> None:
        """Append samples to their sensor's table."""
        current = self.open_ones.get(run.placement)
        if current is not None and not _goes_on(current, run):
            self._finish(run.placement)
            current = None
        if current is None:
            number = len(self.finished.get(run.placement, ())) + 1
            path = self.folder / f"{run.placement.value}.{number}.part"
            current = self.open_ones[run.placement] = MotionTableWriter(path, run)
        current.write(run)

    def finish(self) -> None:
        """Close all tables."""
        for placement in tuple(self.open_ones):
            self._finish(placement)

    def _finish(self, placement: Placement) -> None:
        with self.open_ones.pop(placement) as writer:
            self.finished.setdefault(placement, []).append(writer.finished())


def _goes_on(writer: MotionTableWriter, run: SampleRun) -> bool:
    same_rate = abs(run.rate_hz - writer.nominal_hz) <= _RATE_SHARE * writer.nominal_hz
    return same_rate and run.identity.sensor_id == writer.identity.sensor_id


def _write_session(
    recording: Recording, progress: Progress, folder: Path, prefix: str, sensors: dict[str, str]
) -> None:
    """Write one recording; `sensors` holds the made-up names of sensors by their ids, and grows."""
    motion = folder / "motion"
    motion.mkdir()
    tables, marks = _Tables(motion), list[PhaseMark]()
    try:
        for part in RecordedSamples(recording.header).parts(watched(recording, progress)):
            if isinstance(part, PhaseMark):
                marks.append(part)
            else:
                tables.write(part)
    finally:
        tables.finish()
    if not tables.finished:
        raise InputError(NO_SAMPLES, advice="There is nothing in it to export.")
    phases = _phases(marks)
    task = task_of(phase.kind for phase in phases)
    names = [
        _write_sidecars(motion, f"{prefix}_task-{task}", placement, run, table, recording, sensors)
        for placement in Placement
        for run, table in enumerate(tables.finished.get(placement, ()), 1)
    ]
    if phases:
        write_tsv(motion / f"{prefix}_task-{task}_events.tsv", EVENT_COLUMNS, map(event_row, phases))
        write_json(motion / f"{prefix}_task-{task}_events.json", events_sidecar())
    started = _utc(recording.header.started_at)
    rows = [(f"motion/{name}", started) for name in names]
    write_tsv(folder / f"{prefix}_scans.tsv", ("filename", "acq_time"), rows)


def _write_sidecars(
    folder: Path,
    prefix: str,
    placement: Placement,
    run: int,
    table: MotionTable,
    recording: Recording,
    sensors: dict[str, str],
) -> str:
    """Give a table its name and the files beside it; the name."""
    stem = f"{prefix}_tracksys-{tracking_system(placement)}{f'_run-{run}' if run > 1 else ''}"
    name = f"{stem}_motion.tsv"
    (folder / f"{placement.value}.{run}.part").rename(folder / name)
    task = prefix.rpartition("-")[2]
    sensor_id, header = table.identity.sensor_id, recording.header
    sensor = sensors.setdefault(sensor_id, f"sensor-{len(sensors) + 1}")
    calibration = calibrations_from_json(header.calibration_json).get(sensor_id)
    sidecar = motion_sidecar(placement, table, task, sensor, calibration, simulated=header.simulated)
    write_json(folder / f"{stem}_motion.json", sidecar)
    write_channels(folder / f"{stem}_channels.tsv", placement, table)
    return name


def _phases(marks: list[PhaseMark]) -> list[Phase]:
    """The phases between marks, in the order of their starts; one that was not ended lasts for ever."""
    phases: list[Phase] = []
    begun: list[PhaseMark] = []
    for mark in marks:
        if mark.edge is Edge.START:
            begun.append(mark)
            continue
        start = next((one for one in begun if (one.kind, one.side) == (mark.kind, mark.side)), None)
        if start is not None:
            begun.remove(start)
            phases.append(_phase(start, mark.time_s))
    phases += [_phase(start, float("inf")) for start in begun]
    return sorted(phases, key=lambda phase: (phase.start_s, phase.kind))


def _phase(start: PhaseMark, end_s: float) -> Phase:
    return Phase(start.time_s, end_s, start.kind, start.side, start.exercise, start.recipe, start.posture)


def _write_dataset_files(
    out: Path,
    selection: Selection,
    written: list[SessionSummary],
    labels: dict[int, str],
    left_out: tuple[LeftOut, ...],
) -> None:
    simulated = any(session.simulated for session in written)
    write_json(out / "dataset_description.json", dataset_description(simulated=simulated))
    texts = [f"{one.what}: {one.reason}" for one in left_out]
    texts += [f"session {session_id}: it is deleted" for session_id in selection.deleted]
    (out / "README.md").write_text(readme(texts, simulated=simulated), encoding="utf-8")
    write_tsv(out / "participants.tsv", ("participant_id",), [(SUBJECT,)])
    text = "Made up for this export; it stands for one person."
    write_json(out / "participants.json", {"participant_id": {"Description": text}})
    rows = [
        (f"ses-{labels[one.session_id]}", _utc(one.started_at), "true" if one.simulated else "false")
        for one in written
    ]
    write_tsv(out / SUBJECT / f"{SUBJECT}_sessions.tsv", ("session_id", "acq_time", "simulated"), rows)
    levels = {"true": "a simulated body, no person", "false": "a person"}
    simulated_column = {"Description": "Whether the session was simulated.", "Levels": levels}
    write_json(out / SUBJECT / f"{SUBJECT}_sessions.json", {"simulated": simulated_column})


def _utc(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%f}Z"
