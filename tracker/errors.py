"""Every error that a person can meet, from one root, each with an advice and an exit code.

Exit codes: 0 done, 1 something was lost or refused, 2 wrong use, 3 unusable input, 4 Bluetooth,
5 no sensor found, 6 files and disk, 7 database, 8 settings, 130 interrupted.
"""

from typing import ClassVar


class TrackerError(Exception):
    """Root of the program's errors.

    Attributes:
        message: what went wrong, one line in plain words.
        advice: what the person can do about it, one line.
        data: the values that the message speaks of, for programs.
        exit_code: the exit code of the command line.
    """

    exit_code: ClassVar[int] = 1

    def __init__(self, message: str, *, advice: str, **data: object) -> None:
        super().__init__(message)
        self.message = message
        self.advice = advice
        self.data = data


class UsageError(TrackerError):
    """A command or a value in it makes no sense: unknown exercise, placement, combination."""

    exit_code = 2


class NotThereError(UsageError):
    """What is named is not there: no such session, person, recording, plan, work; or it is no longer."""


class ConflictError(UsageError):
    """It makes sense, but not now: a session runs, it was deleted or changed, the same is there already."""


class InputError(TrackerError):
    """A file that was handed in cannot be used: cut, not a recording, text in a number, wrong unit."""

    exit_code = 3


class MissingFileError(InputError):
    """A file that was named, or that a session has, is not there."""


class BluetoothError(TrackerError):
    """Bluetooth is off, missing or forbidden, or a sensor does not answer as it must."""

    exit_code = 4


class NoSensorError(BluetoothError):
    """A scan found no sensor, or not the one that was asked for."""

    exit_code = 5


class RecordingStoppedError(TrackerError):
    """The person stopped a session before anything was recorded."""

    exit_code = 130


class StorageError(TrackerError):
    """A file could not be written or read: disk full, no permission, folder missing."""

    exit_code = 6


class DatabaseError(TrackerError):
    """The database cannot be used: made by a newer version, damaged, locked, unreachable."""

    exit_code = 7


class DatabaseInUseError(DatabaseError):
    """Somebody else holds the database: another program, or work that does not end in time."""


class SettingsError(TrackerError):
    """A settings file has a wrong key or value; the message names the key."""

    exit_code = 8


class RefusedError(TrackerError):
    """Something was measured that cannot be used; the message says why."""

    exit_code = 1


class LossError(TrackerError):
    """The work was done, but something of the data was lost; the message says what and how much."""

    exit_code = 1
