"""Codes: the project's own, with their meaning in the bundle itself, and the few of others that fit.

No published code is known for a resting hip rotation, and none is made up: what is measured has a code of
the project's own system, and a text. SNOMED CT 299238003 (hip joint range of movement) is given only where
a person showed a hip's range of rotation. Codes for strength training and activity questionnaires (LOINC
82291-6, 89555-7, 68516-4) ask for other things than what is counted here, and are not used. The base
specification of FHIR itself defines the categories and the reasons for missing values.
"""

from enum import Enum
from typing import Any, TypeAlias

Element: TypeAlias = dict[str, Any]
"""A part of a FHIR resource in its JSON form."""

LOCAL_SYSTEM = "urn:uuid:5b0f2a5e-3c1d-5e0a-9a53-0f6d1c0a7e41"
"""The project's own code system; it has no address on the web."""
SNOMED_SYSTEM = "http://snomed.info/sct"
UCUM_SYSTEM = "http://unitsofmeasure.org"
_CATEGORIES_SYSTEM = "http://terminology.hl7.org/CodeSystem/observation-category"
_ABSENT_SYSTEM = "http://terminology.hl7.org/CodeSystem/data-absent-reason"


class LocalCode(Enum):
    """The project's own codes: code, display, meaning."""

    RESTING_ROTATION = (
        "resting-hip-rotation",
        "Resting hip rotation",
        (
            "Rotation of a relaxed hip about the thigh's long axis against a neutral reference pose, shown "
            "by a sensor at the thigh; internal rotation is positive on both legs."
        ),
    )
    INTERVAL = (
        "interval-95-half-width",
        "Half width of the 95 % interval",
        "Measurement uncertainty: the value lies within plus and minus this with 95 %.",
    )
    OBSERVABILITY = (
        "observability",
        "Observability",
        "Sine of the angle between thigh and vertical, 0 to 1; near 0 rotation cannot be seen.",
    )
    CROSSTALK = (
        "crosstalk-bound",
        "Bound of cross-talk",
        "What ab- or adduction within its bound can add to the value at most.",
    )
    REFERENCE_AGE = (
        "reference-age",
        "Age of the reference pose",
        "Time from the end of the reference pose to the beginning of the test.",
    )
    RELATIVE_TO = ("relative-to", "Measured against", "What the rotation is measured against.")
    POSTURE = ("posture", "Posture", "How the body lay in the test.")
    SESSION = ("training-session", "Training session", "A sitting with rest tests, exercises, or both.")
    SET = ("exercise-set", "Exercise set", "Repetitions of one exercise in a row, of one leg or of both.")
    TOLD_SETS = (
        "told-exercise-sets",
        "Exercise sets, told by the person",
        "Sets that were done without sensors and told afterwards.",
    )
    EXERCISE = ("exercise", "Exercise", "Name of the exercise.")
    SET_NUMBER = ("set-number", "Number of the set", "Which set of the session, from 1.")
    SETS = ("sets", "Sets", "How many sets.")
    VALID_REPS = (
        "valid-repetitions",
        "Valid repetitions",
        "Repetitions that were large and long enough.",
    )
    PARTIAL_REPS = ("partial-repetitions", "Partial repetitions", "Repetitions that were not.")
    REPS = ("repetitions", "Repetitions", "Repetitions of each set.")
    HOLD = ("hold", "Hold", "How long each repetition was held.")
    RANGE = (
        "median-range",
        "Median range of the valid repetitions",
        "Turning point minus start, of the angle that the exercise is counted by, as the sensor shows it.",
    )
    TARGET = ("target", "Asked for", "What the plan asked for on the day.")
    BAND = ("band", "Resistance band", "Brand and colour.")
    BAND_PLACE = ("band-placement", "Place of the band", "Where the band sat.")
    BAND_LOADS = ("band-loads", "What the band loads", "What the band works against where it sat.")
    ELONGATION = ("band-elongation", "Elongation of the band", "Stretched against slack length.")
    SHOWN_RANGE = (
        "shown-range",
        "Range shown by the person",
        "Median range of repetitions as far as was comfortable, as the sensor shows it.",
    )
    PAIN_BEFORE = ("pain-before", "Pain before", "Told by the person, 0 none to 10.")
    PAIN_WORST = ("pain-worst", "Pain at worst", "Told by the person, 0 none to 10.")
    PAIN_NEXT_MORNING = ("pain-next-morning", "Pain the next morning", "Told by the person, 0 none to 10.")
    EFFORT = ("effort", "Perceived exertion", "Told by the person, 0 none to 10.")
    ANALYSIS = ("analysis", "Analysis", "A run of the program's algorithms over a recording.")
    SIMULATED = ("simulated", "Simulated", "From a simulated body and simulated sensors: no person.")

    @property
    def code(self) -> str:
        """What stands in a coding."""
        return self.value[0]

    @property
    def display(self) -> str:
        """Its text."""
        return self.value[1]

    @property
    def coding(self) -> Element:
        """As a coding."""
        return {"system": LOCAL_SYSTEM, "code": self.code, "display": self.display}

    def concept(self, *others: Element) -> Element:
        """As a codeable concept, with codings of other systems that mean the same."""
        return {"coding": [*others, self.coding], "text": self.display}


HIP_RANGE: Element = {
    "system": SNOMED_SYSTEM,
    "code": "299238003",
    "display": "Hip joint range of movement",
}


def category(code: str) -> list[Element]:
    """Of an observation: `exam`, `activity` or `survey`."""
    return [{"coding": [{"system": _CATEGORIES_SYSTEM, "code": code}]}]


def absent(reason: str) -> Element:
    """Why an observation has no value: the test was done, and what came of it cannot be used."""
    return {"coding": [{"system": _ABSENT_SYSTEM, "code": "error"}], "text": reason}


def code_system() -> Element:
    """The project's codes and what they mean."""
    concepts = [{"code": one.code, "display": one.display, "definition": one.value[2]} for one in LocalCode]
    return {
        "resourceType": "CodeSystem",
        "url": LOCAL_SYSTEM,
        "name": "TrackerCodes",
        "title": "Codes of the program tracker",
        "status": "active",
        "caseSensitive": True,
        "content": "complete",
        "count": len(concepts),
        "concept": concepts,
    }
