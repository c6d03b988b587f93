"""Goes through the recordings of a selection, one at a time; what cannot be read is named and passed over."""

import shutil
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from zoneinfo import ZoneInfo

from tracker.errors import InputError
from tracker.model import Notification, TimedBlock
from tracker.recording.damage import Damage
from tracker.recording.files import storage_error
from tracker.recording.items import RecordingItem
from tracker.recording.reader import Recording, read_recording
from tracker.report.exchange.formats import LeftOut, Progress
from tracker.report.exchange.selection import Selection
from tracker.store.values import SessionState, SessionSummary

BY_HAND = "it was told by hand: there are no samples of it"
NO_SAMPLES = "its recording holds no sample of any sensor"

_PACKED_SHARE = 0.65
"""Size of a recording as a share of the notifications in it, for the progress."""
_PACKED_ROW_BYTES = 60.0
"""Imported samples take about this much in the file."""

_TOLD = 3
"""So many reasons fit a line."""

RecordingWriter = Callable[[SessionSummary, Recording, Progress, Path], Iterator[LeftOut]]
"""Writes one recording into a folder of its own, and tells what of it was left out.

Raises InputError where the recording cannot be used: then what stands in the folder is removed.
"""


def write_recordings(
    selection: Selection,
    folder_of: Callable[[SessionSummary], Path],
    write: RecordingWriter,
    progress: Progress,
) -> tuple[LeftOut, ...]:
    """Hand each recording of the selection to `write`; what was left out.

    Args:
        folder_of: the folder of a session; it is made.

    Raises:
        InputError: none of them could be written.
        StorageError: a folder or file cannot be written.
    """
    left_out: list[LeftOut] = []
    written = 0
    for number, session in enumerate(selection.sessions):
        share = _part(progress, number / len(selection.sessions), (number + 1) / len(selection.sessions))
        path = session.recording_file(selection.home)
        if path is None:
            left_out.append(LeftOut(session_text(session), BY_HAND))
            share(1.0)
            continue
        folder = folder_of(session)
        try:
            folder.mkdir(parents=True)
            recording = read_recording(path)
            left_out += write(session, recording, share, folder)
            left_out += _left_out_of(session, recording.damage)
            written += 1
        except InputError as error:
            shutil.rmtree(folder)
            # A path may tell the person's name, and reasons stand in what is handed on.
            reason = error.message.replace(str(path), "its recording")
            left_out.append(LeftOut(session_text(session), reason))
        except OSError as error:
            raise storage_error(folder, error) from error
        share(1.0)
    if not written:
        raise _nothing(left_out)
    return tuple(left_out)


def _nothing(left_out: Sequence[LeftOut]) -> InputError:
    reasons = "; ".join(f"{one.what}: {one.reason}" for one in left_out[:_TOLD])
    more = f"; and {len(left_out) - _TOLD} more" if len(left_out) > _TOLD else ""
    return InputError(
        f"there is no recording to export: {reasons}{more}",
        advice="Choose other sessions, or another format: fhir and csv hold what was told by hand too.",
        left_out=[one.what for one in left_out],
    )


def watched(recording: Recording, progress: Progress) -> Iterator[RecordingItem]:
    """The items of a recording, with the share of them that has come."""
    size = max(1, recording.path.stat().st_size)
    passed = 0.0
    for item in recording.items():
        if isinstance(item, Notification):
            passed += _PACKED_SHARE * len(item.payload)
        elif isinstance(item, TimedBlock):
            passed += _PACKED_ROW_BYTES * len(item)
        progress(min(1.0, passed / size))
        yield item


def session_text(session: SessionSummary) -> str:
    """How a session is named to a person, with its local time."""
    local = session.started_at.astimezone(ZoneInfo(session.time_zone))
    return f"session {session.session_id} of {local:%Y-%m-%d %H:%M}"


def session_labels(sessions: tuple[SessionSummary, ...]) -> dict[int, str]:
    """Labels of letters and digits: local time of the start; two of the same second are told apart."""
    labels: dict[int, str] = {}
    for session in sessions:
        label = f"{session.started_at.astimezone(ZoneInfo(session.time_zone)):%Y%m%dT%H%M%S}"
        labels[session.session_id] = (
            label if label not in labels.values() else f"{label}n{session.session_id}"
        )
    return labels


def files_below(folder: Path) -> tuple[Path, ...]:
    """All files in a folder, relative to it, by name."""
    return tuple(sorted(one.relative_to(folder) for one in folder.rglob("*") if one.is_file()))


def _left_out_of(session: SessionSummary, damage: Damage) -> Iterator[LeftOut]:
    what = f"a part of {session_text(session)}"
    if session.state is SessionState.RECORDING:
        yield LeftOut(what, "it is still being recorded")
    elif damage.lost or damage.cut:
        yield LeftOut(what, "its recording is cut or damaged; what is whole of it was exported")


def _part(progress: Progress, begin: float, end: float) -> Progress:
    return lambda share: progress(begin + (end - begin) * share)
