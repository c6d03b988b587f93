"""What is kept of a session, apart from what was measured and said."""

from typing_extensions import TypedDict


class WornSensorObject(TypedDict):
    """The sensor that was worn at a place.

    Attributes:
        sensor_id: what tells it apart from others.
        name: that it advertises.
    """

    sensor_id: str
    name: str
    protocol: str


class ShownAnalysisObject(TypedDict):
    """The analysis whose results are shown.

    Attributes:
        version: of the algorithms.
        created_at: ISO 8601.
        is_current: results of the session are those of this one.
        duration_s: from the recording's start to its last sample.
    """

    analysis_id: int
    version: str
    created_at: str
    is_current: bool
    duration_s: float


class CountsObject(TypedDict):
    """What a set was."""

    exercise: str
    valid_reps: int
    partial_reps: int


class FoundSetObject(TypedDict):
    """One leg of a set as found, and as it counts.

    Attributes:
        set_number: which set of the session, from 1.
        side: null where the exercise has none.
        start_s, end_s: from the recording's start.
        found: by the sensors.
        corrected: as it counts.
        left_out: it does not count.
        flags: what spoilt it.
    """

    set_number: int
    side: str | None
    start_s: float
    end_s: float
    found: CountsObject
    corrected: CountsObject
    is_corrected: bool
    left_out: bool
    flags: list[str]
