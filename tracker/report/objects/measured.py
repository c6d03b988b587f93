"""What was measured in a recording. Angles are degrees, times seconds from the recording's start."""

from typing import Any

from typing_extensions import TypedDict

from tracker.report.objects.counted import BothLegsObject, MeasuredSetObject, RangeObject


class SensorObject(TypedDict):
    """What came from one sensor, and what did not.

    Attributes:
        placement: where it was worn.
        rate_hz: measured sample rate.
        samples: that arrived.
        missing: samples that did not arrive.
        backfilled: samples that were lost on the way and came later, from the sensor's memory.
        gaps: begin and end of each interval without samples, in seconds.
        saturated: samples at the end of the range.
        bad_frames: notifications that could not be read.
        duplicates: samples that came twice and were dropped.
        drift_ppm: by how much its clock runs faster than the computer's; null where that is not known.
        drift_uncertainty_ppm: half width of its 95 % interval.
        clock_residual_s: what 95 % of the frames arrived at most later than the line that tells the drift.
        calibrated_on: day of the six-position calibration that was applied; null for none.
    """

    placement: str
    rate_hz: float
    samples: int
    missing: int
    backfilled: int
    gaps: list[list[float]]
    saturated: int
    bad_frames: int
    duplicates: int
    drift_ppm: float | None
    drift_uncertainty_ppm: float | None
    clock_residual_s: float | None
    calibrated_on: str | None


class RecordingObject(TypedDict):
    """The recording itself.

    Attributes:
        path: of the file; the name alone where it was handed in.
        started_at: ISO 8601.
        simulated: the samples came from virtual sensors, not from a body.
        complete: nothing of it was cut off or lost.
    """

    path: str
    started_at: str
    duration_s: float
    simulated: bool
    complete: bool
    sensors: list[SensorObject]


class AnalysisObject(TypedDict):
    """What the recording was measured by.

    Attributes:
        version: of the algorithms; a change of any result changes it.
        parameters: every parameter by its table and key, as in `settings.toml`.
    """

    version: str
    parameters: dict[str, Any]


class AlignmentObject(TypedDict):
    """Where a segment's axes lie in its sensor's frame, from a time on.

    Attributes:
        side: the leg that it holds for; null for both.
        recipe: where long axis and zero come from, for example `standing+patella_up`.
        long_axis: unit vector of the segment's long axis, proximal; null where the housing's is taken.
        front: unit vector of up in the reference pose; null where none was held.
    """

    placement: str
    side: str | None
    since_s: float
    recipe: str
    long_axis: tuple[float, float, float] | None
    front: tuple[float, float, float] | None


class UncertaintyObject(TypedDict):
    """What an uncertainty is made of, each a standard uncertainty.

    Attributes:
        sensor_sd_deg: offset of the accelerometers of thigh and pelvis.
        crosstalk_sd_deg: ab- or adduction of a thigh that is not level.
        reference_sd_deg: repeating the reference pose.
        donning_sd_deg: strapping on anew.
        wander_sd_deg: movement of thigh and pelvis during the test.
        coverage: half width of the 95 % interval in standard uncertainties.
    """

    sensor_sd_deg: float
    crosstalk_sd_deg: float
    reference_sd_deg: float
    donning_sd_deg: float
    wander_sd_deg: float
    coverage: float


class RestTestObject(TypedDict):
    """Resting hip rotation of one leg, or the reason why there is none.

    Attributes:
        hip_rotation_deg: rest minus reference, internal rotation positive; null where refused.
        uncertainty_deg: half width of the 95 % interval; null where refused.
        relative_to: `pelvis` or `vertical`.
        observability: sine of the angle between thigh and vertical, 0 to 1.
        posture: how the body lay.
        recipe: where the thigh's axes and zero come from, for example `standing+patella_up`.
        reference_age_s: from the end of the reference pose to the beginning of the test.
        crosstalk_bound_deg: what ab- or adduction within its bound can add to the value at most.
        flags: what widens or limits the value.
        refused: the reason in plain words; null where a value was measured.
    """

    side: str
    start_s: float
    end_s: float
    hip_rotation_deg: float | None
    uncertainty_deg: float | None
    uncertainty_terms: UncertaintyObject | None
    relative_to: str
    observability: float | None
    posture: str
    recipe: str
    reference_age_s: float | None
    crosstalk_bound_deg: float | None
    flags: list[str]
    refused: str | None


class RestingValueObject(TypedDict):
    """An angle of one strapping-on.

    Attributes:
        value_deg: median of the repeats.
        uncertainty_deg: half width of its 95 % interval.
        tests: how many tests it was made of.
        spread_deg: largest less smallest of the repeats.
    """

    value_deg: float
    uncertainty_deg: float
    tests: int
    spread_deg: float


class DonningObject(TypedDict):
    """Resting rotation of one strapping-on in one posture; null where nothing could be measured.

    Attributes:
        donning: which one of the session, from 1.
        posture: how the body lay; null without any test.
        left, right: hip rotation, internal rotation positive.
        difference: external rotation of the right leg less that of the left one.
        mean: of both legs' external rotation; it does not depend on how the pelvis lay.
        repeat: legs whose repeats differ by so much that they should be done again.
    """

    donning: int
    posture: str | None
    relative_to: str | None
    left: RestingValueObject | None
    right: RestingValueObject | None
    difference: RestingValueObject | None
    mean: RestingValueObject | None
    repeat: list[str]


class RestingObject(DonningObject):
    """Resting rotation of the session's main strapping-on, with all of them.

    Attributes:
        donning: which one of the session, from 1.
        donnings: each strapping-on of the sensors.
    """

    donnings: list[DonningObject]


class NoticeObject(TypedDict):
    """Something that may fool the numbers.

    Attributes:
        placement: the sensor meant; null where it is none or more than one.
        text: what was seen and what to do, in plain words.
    """

    time_s: float
    kind: str
    placement: str | None
    text: str


class ReplayObject(TypedDict):
    """A recording with all that was measured of it.

    Attributes:
        alignments: what calibration poses gave, in order of time.
        ranges: what demonstrations showed.
    """

    recording: RecordingObject
    analysis: AnalysisObject
    alignments: list[AlignmentObject]
    rest_tests: list[RestTestObject]
    resting: RestingObject
    ranges: list[RangeObject]
    sets: list[MeasuredSetObject]
    both_legs: list[BothLegsObject]
    notices: list[NoticeObject]
