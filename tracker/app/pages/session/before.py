"""Before a session: safety questions where they are due, what is to be done, pain now, and the start."""

import asyncio
from dataclasses import dataclass

from nicegui import ui

from tracker.app.drawings import drawing_of
from tracker.app.engine.request import SessionRequest
from tracker.app.frame import show_error
from tracker.app.html import button, tag
from tracker.app.live.names import exercise_title, leg_name, placement_name
from tracker.app.operations.session_start import StartChoices, pain_now, start_choices
from tracker.app.pages.session.fields import radios, scale, select, tick, whole_number
from tracker.app.pages.session.safety_form import SafetyForm, held_back
from tracker.app.pages.session.worn import show_drawing, show_worn
from tracker.app.site import View
from tracker.app.words import Words
from tracker.errors import TrackerError
from tracker.model import ReferenceRecipe, Side
from tracker.plan.pain import asks_for_safety
from tracker.plan.safety import SafetyQuestion
from tracker.session.asked_session import AskedSession, recipe_named, side_named
from tracker.session.safety_state import Occasion

PLAN, EXERCISE, REST = "plan", "exercise", "rest"
_MOST_SETS, _MOST_REPETITIONS, _LONGEST_REST_S = 20, 100, 600


@dataclass(slots=True)
class _Wanted:
    """What is chosen so far; repetitions 0 leave the end of a set to the pause."""

    what: str
    exercise: str
    recipe: ReferenceRecipe
    side: Side = Side.BOTH
    sets: int = 3
    repetitions: int = 10
    rest_s: int = 60
    demonstrate: bool = False
    rest_test: bool = True
    pain: int | None = None

    def request(self, person_id: int) -> SessionRequest:
        """As the engine is asked."""
        is_exercise = self.what == EXERCISE
        asked = AskedSession(
            exercise=self.exercise if is_exercise else None,
            side=self.side if is_exercise else Side.BOTH,
            repetitions=self.repetitions or None if is_exercise else None,
            sets=self.sets,
            rest_s=float(self.rest_s),
            demonstrate=self.demonstrate and self.what != REST,
            rest_test=self.rest_test or self.what == REST,
            recipe=self.recipe,
        )
        return SessionRequest(person_id, asked, self.what == PLAN, self.pain)


class BeforeSession:
    """The form before a session; it is built anew after each answer that changes what may be done."""

    def __init__(self, view: View, place: ui.element) -> None:
        self._view = view
        self._place = place
        self._wanted: _Wanted | None = None

    async def show(self) -> None:
        """Read what there is to choose, and show it."""
        site, view = self._view.site, self._view
        choices = await asyncio.to_thread(
            start_choices, site.place, site.database, view.person, simulated=site.simulated
        )
        if self._wanted is None:
            self._wanted = _first_choice(choices, view)
        safety = choices.today.safety
        self._place.clear()
        with self._place:
            if site.simulated or safety.may_train:
                self._form(choices)
            elif safety.due is not None:
                SafetyForm(view, safety.due, safety.questions, self.show)
            else:
                held_back(view, safety, self.show)

    def _form(self, choices: StartChoices) -> None:
        words, wanted = self._view.words, self._wanted
        if wanted is None:
            return
        with tag("div", classes="before"):
            with tag("section", classes="card"):
                radios(words("What is done"), "what", _whats(words, choices), wanted.what, self._choose_what)
                self._details = tag("div", classes="before-details")
                self._choices = choices
                self._show_details()
            with tag("section", classes="card"):
                scale(words, words("Pain now (it can be left out)"), wanted.pain, self._choose_pain)
                self._advice = tag("p", classes="care strong", role="status")
            show_worn(self._view, choices.worn)
            with tag("div", classes="start-row"):
                self._errors = tag("div")
                button(words("Start"), lambda _event: self._start(), classes="main-action big start")

    def _choose_what(self, what: str) -> None:
        if self._wanted is not None:
            self._wanted.what = what
            self._show_details()

    async def _choose_pain(self, pain: int | None) -> None:
        """Keep it, and say what the rules of pain say of it."""
        if self._wanted is None:
            return
        self._wanted.pain = pain
        view, advice = self._view, None
        if pain is not None:
            advice = (await asyncio.to_thread(pain_now, view.site.database, view.person, pain)).advice
        self._advice.text = "" if advice is None else view.words.told(advice.text)

    def _show_details(self) -> None:
        wanted, choices, view = self._wanted, self._choices, self._view
        if wanted is None:
            return
        self._details.clear()
        with self._details:
            if wanted.what == PLAN:
                _plan_details(view, choices)
            elif wanted.what == EXERCISE:
                _exercise_details(view, choices, wanted)
            _rest_details(view.words, choices, wanted)

    async def _start(self) -> None:
        """Begin; where pain asks for the safety questions they come first, and the start after them."""
        wanted, view = self._wanted, self._view
        if wanted is None:
            return
        try:
            if not view.site.simulated and asks_for_safety(wanted.pain):
                pain = await asyncio.to_thread(pain_now, view.site.database, view.person, wanted.pain or 0)
                if pain.safety.due is not None:
                    self._ask_because_of_pain(pain.safety.questions)
                    return
            await view.site.engine.start(wanted.request(view.person.person_id))
        except TrackerError as error:
            self._errors.clear()
            with self._errors:
                show_error(view.words, error)

    def _ask_because_of_pain(self, questions: tuple[SafetyQuestion, ...]) -> None:
        self._place.clear()
        with self._place:
            SafetyForm(self._view, Occasion.PAIN, questions, self.show)


def _first_choice(choices: StartChoices, view: View) -> _Wanted:
    """What the address asks for, else the plan where it asks for something, else the rest test."""
    asked = view.query.get("what", "")
    what = PLAN if choices.countable else REST
    if asked in (EXERCISE, REST) or (asked == PLAN and choices.countable):
        what = asked
    names = [one.name for one in choices.exercises if not one.missing] or [
        one.name for one in choices.exercises
    ]
    exercise = view.query.get("exercise", "")
    return _Wanted(what, exercise if exercise in names else names[0], choices.recipe)


def _whats(words: Words, choices: StartChoices) -> list[tuple[str, str]]:
    plan = [(PLAN, words("What the plan asks for today"))] if choices.countable else []
    return [*plan, (EXERCISE, words("One exercise")), (REST, words("Only the rest test"))]


def _plan_details(view: View, choices: StartChoices) -> None:
    words, catalogue = view.words, view.site.place.catalogue
    with tag("ul"):
        for target in choices.countable:
            tag(
                "li",
                words.plural(
                    "{exercise}, {leg}: {count} set",
                    "{exercise}, {leg}: {count} sets",
                    target.sets,
                    exercise=exercise_title(words, catalogue, target.exercise),
                    leg=leg_name(words, target.side),
                ),
            )
    if choices.left_out:
        titles = [exercise_title(words, catalogue, one.exercise) for one in choices.left_out]
        tag(
            "p",
            words("Not counted with these sensors: {exercises}", exercises=words.listed(titles)),
            classes="care",
        )


def _exercise_details(view: View, choices: StartChoices, wanted: _Wanted) -> None:
    words = view.words

    def choose(name: str) -> None:
        # Only what is told of the exercise changes: what was filled in beside it stays.
        wanted.exercise = name
        told.clear()
        with told:
            _exercise_text(view, choices, name)

    options = [(one.name, words.told(one.title)) for one in choices.exercises]
    select(words("Exercise"), options, wanted.exercise, choose)
    told = tag("div", aria_live="polite")
    choose(wanted.exercise)
    sides = [(side.value, leg_name(words, side)) for side in (Side.BOTH, Side.LEFT, Side.RIGHT)]
    radios(words("Leg"), "side", sides, wanted.side, lambda side: setattr(wanted, "side", side_named(side)))
    with tag("div", classes="row"):
        whole_number(words("Sets"), wanted.sets, 1, _MOST_SETS, lambda sets: setattr(wanted, "sets", sets))
        whole_number(
            words("Repetitions of each set (0: it ends when none comes for a while)"),
            wanted.repetitions,
            0,
            _MOST_REPETITIONS,
            lambda repetitions: setattr(wanted, "repetitions", repetitions),
        )
        whole_number(
            words("Seconds of rest in between"),
            wanted.rest_s,
            0,
            _LONGEST_REST_S,
            lambda rest_s: setattr(wanted, "rest_s", rest_s),
        )


def _exercise_text(view: View, choices: StartChoices, name: str) -> None:
    words = view.words
    entry = view.site.place.catalogue.find(name)
    with tag("div", classes="row exercise"):
        picture = drawing_of("set", entry.name)
        if picture is not None:
            show_drawing(words, picture)
        with tag("div", classes="exercise-words"):
            tag("p", words.told(entry.start_pose))
            tag("p", words.told(entry.movement))
            for caution in entry.cautions:
                tag("p", words.told(caution), classes="soft")
    missing = next((one.missing for one in choices.exercises if one.name == name), ())
    if missing:
        places = words.listed([placement_name(words, one) for one in missing])
        text = words("It needs a sensor that is not paired: {places}", places=places)
        tag("p", text, classes="care strong")


def _rest_details(words: Words, choices: StartChoices, wanted: _Wanted) -> None:
    if wanted.what != REST:
        tick(words("Begin with the rest test"), wanted.rest_test, lambda on: setattr(wanted, "rest_test", on))
        tick(
            words("Show your own range before the sets"),
            wanted.demonstrate,
            lambda on: setattr(wanted, "demonstrate", on),
        )
    else:
        text = words.plural(
            "The reference pose and the rest test are done {count} time; of the results the median counts.",
            "The reference pose and the rest test are done {count} times; of the results the median counts.",
            choices.repeats,
        )
        tag("p", text)
    options = [(recipe.value, _recipe_text(words, recipe)) for recipe in choices.recipes]
    select(
        words("Reference pose"),
        options,
        wanted.recipe,
        lambda name: setattr(wanted, "recipe", recipe_named(name) or wanted.recipe),
    )


def _recipe_text(words: Words, recipe: ReferenceRecipe) -> str:
    match recipe:
        case ReferenceRecipe.PATELLA_UP:
            return words("On the back, kneecaps straight up")
        case ReferenceRecipe.FOOT_BLOCK:
            return words("On the back, feet against a box")
        case ReferenceRecipe.HANGING_SHANK:
            return words("Sitting, shanks hanging")
    return words("On the back, hip bones level")
