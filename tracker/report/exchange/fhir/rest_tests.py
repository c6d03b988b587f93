"""Rest tests as observations, those that were refused too."""

from collections.abc import Iterator

from tracker.model import RestTest, Side
from tracker.report.exchange.fhir.codes import Element, LocalCode, absent, category
from tracker.report.exchange.fhir.elements import (
    ONE,
    SECOND,
    component,
    degrees,
    entry,
    moment,
    quantity,
)
from tracker.report.exchange.fhir.session_context import SessionContext

_LEFT_OUT = "The person left the rest tests of this session out: they do not count."
_SITES = {Side.LEFT: "left hip joint", Side.RIGHT: "right hip joint"}


def rest_test_entries(context: SessionContext) -> Iterator[Element]:
    """The rest tests of a session's current analysis."""
    stored = context.stored
    for number, test in enumerate(() if stored is None else stored.analysis.rest_tests):
        yield entry(context.names, _observation(context, test), *context.session_key, "rest test", number)


def _observation(context: SessionContext, test: RestTest) -> Element:
    [placement] = test.side.thighs
    left_out = context.session.rest_left_out
    flags = f"Flags: {', '.join(test.flags)}." if test.flags else None
    observation: Element = {
        "resourceType": "Observation",
        **context.common(_LEFT_OUT if left_out else None, flags),
        "partOf": [context.names.reference(*context.session_key)],
        "status": "entered-in-error" if left_out else "final",
        "category": category("exam"),
        "code": LocalCode.RESTING_ROTATION.concept(),
        "effectivePeriod": context.period(test.start_s, test.end_s),
        "bodySite": {"text": _SITES[test.side]},
        "method": {"text": _method(test)},
        "device": context.device(placement),
    }
    if context.stored is not None:
        observation["issued"] = moment(context.stored.created_at, context.zone)
    if test.hip_rotation_rad is None:
        observation["dataAbsentReason"] = absent(test.refused or "no value was measured")
    else:
        observation["valueQuantity"] = degrees(test.hip_rotation_rad)
    observation["component"] = list(_components(test))
    return observation


def _method(test: RestTest) -> str:
    return (
        f"Sensor at the thigh, direction of gravity, against the {test.relative_to.value}; "
        f"axes and zero from {test.recipe}; internal rotation positive"
    )


def _components(test: RestTest) -> Iterator[Element]:
    if test.uncertainty_rad is not None:
        yield component(LocalCode.INTERVAL, valueQuantity=degrees(test.uncertainty_rad))
    if test.observability is not None:
        yield component(LocalCode.OBSERVABILITY, valueQuantity=quantity(test.observability, ONE))
    if test.crosstalk_bound_rad is not None:
        yield component(LocalCode.CROSSTALK, valueQuantity=degrees(test.crosstalk_bound_rad))
    if test.reference_age_s is not None:
        yield component(LocalCode.REFERENCE_AGE, valueQuantity=quantity(test.reference_age_s, SECOND))
    yield component(LocalCode.RELATIVE_TO, valueString=test.relative_to.value)
    yield component(LocalCode.POSTURE, valueString=test.posture.value)
