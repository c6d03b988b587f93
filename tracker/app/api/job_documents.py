"""What came out of long work, as plain values."""

from dataclasses import asdict

from tracker.app.api.advice import for_programs
from tracker.app.api.answers.of_jobs import (
    BackupInsideAnswer,
    ImportedAnswer,
    JobResult,
    MadeFileAnswer,
    RestoredAnswer,
)
from tracker.app.api.sensor_documents import radio_object
from tracker.app.engine.jobs import Job
from tracker.app.operations.imports import TablesKept
from tracker.app.operations.made_file import MadeFile
from tracker.app.operations.reanalysing import ReanalysisDone
from tracker.app.operations.restoring import BackupInside, RestoredNow
from tracker.report.exchange.everything.reading import ImportReport


def result_object(job: Job) -> JobResult | None:
    """What came out; None until it is done, and where nothing did."""
    match job.result:
        case MadeFile() as made:
            return _made(made, job)
        case BackupInside() as inside:
            return _inside(inside)
        case RestoredNow() as restored:
            return _restored(restored)
        case ImportReport() as report:
            return _imported(report)
        case TablesKept() as kept:
            return {**asdict(kept), "started_at": kept.started_at.isoformat()}
        case ReanalysisDone() as done:
            return asdict(done)
        case other:
            return radio_object(other)


def _made(made: MadeFile, job: Job) -> MadeFileAnswer:
    return {
        "name": made.name,
        "size_bytes": made.size_bytes,
        "left_out": [_left_out(one) for one in made.left_out],
        "notes": list(made.notes),
        "encrypted": made.encrypted,
        "simulated": made.simulated,
        "file": f"/api/jobs/{job.kind.value}/{job.number}/file",
    }


def _left_out(text: str) -> str:
    """What it is, and why."""
    what, colon, reason = text.partition(": ")
    return f"{what}{colon}{for_programs(reason)}"


def _inside(inside: BackupInside) -> BackupInsideAnswer:
    return {
        "name": inside.name,
        "created_at": inside.manifest.created_at,
        "version": inside.manifest.program,
        "persons": inside.persons,
        "sessions": inside.sessions,
        "recordings": inside.recordings,
        "with_recordings": inside.manifest.with_recordings,
    }


def _restored(restored: RestoredNow) -> RestoredAnswer:
    return {
        "sessions": restored.manifest.counts.get("session", 0),
        "folder": str(restored.folder),
        "set_aside": None if restored.set_aside is None else str(restored.set_aside),
        "migrated": restored.migrated,
        "settings_differ": restored.settings_differ,
    }


def _imported(report: ImportReport) -> ImportedAnswer:
    return {
        "rows": report.rows,
        "files": [str(one) for one in report.files],
        "interrupted": list(report.interrupted),
        "left_out": [f"{one.what}: {one.reason}" for one in report.left_out],
    }
