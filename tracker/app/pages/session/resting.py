"""The rest tests of a session: each with its error or the reason for its refusal, and what they come to."""

import math

from tracker.app.html import tag
from tracker.app.live.names import leg_name, rotation_text, rotation_with_error
from tracker.app.operations.after_session import AfterSession, RestingResult
from tracker.app.site import View
from tracker.app.words import Words
from tracker.model import RelativeTo, RestTest


def show_rest_tests(view: View, found: AfterSession) -> None:
    """Each rest test, the median of the session, and the own earlier ones beside it."""
    words = view.words
    with tag("section", classes="card resting", aria_labelledby="resting-title"):
        tag("h2", words("Resting hip rotation"), id="resting-title")
        legs = [one for one in found.resting if one.name in ("left", "right")]
        for one in legs:
            _leg(words, one)
        if not legs:
            _why_none(words, found)
        _difference(words, found.resting)
        if legs:
            tag(
                "p",
                words(
                    "The ± is the measurement error: in 19 of 20 cases the true value lies within it. "
                    "Smaller changes from day to day say nothing."
                ),
                classes="soft",
            )
        _table(words, found.rest_tests)
        tag("a", words("The trend"), href=view.link("/trend"), classes="button")


def _why_none(words: Words, found: AfterSession) -> None:
    """Nothing was measured, or nothing that stands beside earlier ones."""
    if all(test.refused is not None for test in found.rest_tests):
        tag("p", words("Nothing could be measured. The reasons stand below."), classes="care strong")
        return
    told = words("It was measured, but cannot be compared with your earlier ones.")
    tag("p", told, classes="care strong")
    for notice in found.not_compared:
        tag("p", words.told(notice), classes="soft")


def _leg(words: Words, one: RestingResult) -> None:
    value = rotation_with_error(words, one.now.value_deg, one.now.half_width_deg)
    with tag("div", classes="resting-leg"):
        tag("h3", leg_name(words, one.name))
        tag("p", value, classes="resting-value")
        tag(
            "p",
            words.plural("Median of {count} rest test", "Median of {count} rest tests", one.now.repeats),
            classes="soft",
        )
        if not one.earlier:
            tag("p", words("There is no earlier one to compare it with."))
        elif one.before is None:
            tag(
                "p",
                words.plural(
                    "{count} earlier one so far; from three days on they are compared.",
                    "{count} earlier ones so far; from three days on they are compared.",
                    one.earlier,
                ),
            )
        else:
            first = rotation_text(words, one.before.mean_deg, 1)
            tag("p", words("Your first ones were at {angle} on average.", angle=first))
            tag("p", words("The trend says: {verdict}", verdict=words.told(one.verdict)))


def _difference(words: Words, resting: tuple[RestingResult, ...]) -> None:
    both = next((one for one in resting if one.name == "difference"), None)
    if both is None:
        return
    angle = words.degrees_with_error(abs(both.now.value_deg), both.now.half_width_deg)
    if both.now.value_deg > 0:
        text = words("The right leg lies {angle} further outwards than the left one.", angle=angle)
    else:
        text = words("The left leg lies {angle} further outwards than the right one.", angle=angle)
    tag("p", text)


def _table(words: Words, tests: tuple[RestTest, ...]) -> None:
    starts = sorted({test.start_s for test in tests})
    with tag("ul", classes="rest-tests"):
        for test in tests:
            number = starts.index(test.start_s) + 1
            title = words("Rest test {number}, {leg}:", number=number, leg=leg_name(words, test.side))
            with tag("li", classes="care" if test.refused else ""):
                tag("strong", title)
                tag("span", _result(words, test))
    against = {test.relative_to for test in tests if test.refused is None}
    if RelativeTo.VERTICAL in against:
        tag(
            "p",
            words(
                "Measured against the vertical: without a sensor on the pelvis its turn is part of the value."
            ),
            classes="soft",
        )


def _result(words: Words, test: RestTest) -> str:
    if test.hip_rotation_rad is None or test.uncertainty_rad is None:
        return words("could not be measured: {reason}", reason=words.told(test.refused or ""))
    return rotation_with_error(words, math.degrees(test.hip_rotation_rad), math.degrees(test.uncertainty_rad))
