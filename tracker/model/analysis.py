"""The result of one run of the algorithms over one recording."""

from dataclasses import dataclass
from enum import StrEnum

from tracker.model.body import Placement
from tracker.model.rest import RestTest, SensorAlignment
from tracker.model.samples import SensorQuality
from tracker.model.training import ExerciseSet, ReferenceRange


class NoticeKind(StrEnum):
    """What may fool the numbers."""

    STRAP_TURNED = "strap_turned"
    UPSIDE_DOWN = "upside_down"
    SWAPPED = "swapped"
    CLOCK_RATE = "clock_rate"
    SENSOR_LACKS = "sensor_lacks"


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that may fool the numbers, told as soon as it shows.

    Attributes:
        placement: the sensor meant; None where it is none or more than one.
        text: what was seen and what to do, in plain words.
    """

    time_s: float
    kind: NoticeKind
    placement: Placement | None
    text: str


@dataclass(frozen=True, slots=True)
class Analysis:
    """One run of one version of the algorithms over one recording.

    Attributes:
        version: version of the algorithms; a change of any result changes it.
        parameters: the parameters used, as JSON text with sorted keys.
        duration_s: from the recording's start to its last sample.
        ranges: what demonstrations showed.
        alignments: what calibration poses gave, in order of time.
        notices: what may fool the numbers, in order of time.
    """

    version: str
    parameters: str
    duration_s: float
    sensors: tuple[SensorQuality, ...]
    rest_tests: tuple[RestTest, ...]
    sets: tuple[ExerciseSet, ...]
    ranges: tuple[ReferenceRange, ...] = ()
    alignments: tuple[SensorAlignment, ...] = ()
    notices: tuple[Notice, ...] = ()
