"""What the plan asks for this week, one card for each exercise, with a form to change it."""

from tracker.app.forms import FieldError, Form, Sent, number_or_none, whole_number
from tracker.app.html import button, tag
from tracker.app.operations.plan import change_prescription, resume_exercise
from tracker.app.pages.plan import texts
from tracker.app.pages.plan.context import PlanContext, place_for_errors
from tracker.app.words import Words
from tracker.errors import SettingsError
from tracker.model import Side
from tracker.plan.bands import BandLadder, BandLevel
from tracker.plan.growth import GrownPrescription
from tracker.plan.prescription import Range
from tracker.session.plan_editing import PrescriptionEdit
from tracker.session.plan_view import PlanView

_FIELDS = {
    "days_a_week": "days_low",
    "weekdays": "days_low",
    "hours_between": "days_high",
    "sets": "sets_low",
    "reps": "reps_low",
    "hold_s": "hold",
    "rest_s": "rest",
    "tempo": "tempo",
    "band.colour": "colour",
    "band.elongation_percent": "elongation",
}
"""The field beside which a fault of a key is told."""


def show_prescriptions(context: PlanContext, view: PlanView) -> None:
    """Cards of the present phase; those that are left out come last, with a way back."""
    words, grown = context.words, view.plan.grown()
    with tag("section", aria_labelledby="plan-week"):
        tag("h2", words("This week"), id="plan-week")
        if not view.today:
            tag("p", words("The plan asks for nothing today."))
        with tag("div", classes="grid"):
            for one in grown.prescriptions:
                if not one.stopped:
                    _Card(context, view, one)
    stopped = [one for one in grown.prescriptions if one.stopped]
    if stopped:
        with tag("section", aria_labelledby="plan-left-out"):
            tag("h2", words("Left out"), id="plan-left-out")
            for one in stopped:
                _left_out(context, one)


def _left_out(context: PlanContext, one: GrownPrescription) -> None:
    words, title = context.words, context.title(one.prescription.exercise)
    with tag("div", classes="card"):
        tag("p", title, classes="strong")
        tag("p", words("It comes back one level below where it was."), classes="soft")
        done = words("It is asked for again: {exercise}", exercise=title)
        button(
            words("Take it up again"),
            lambda _event: context.pressed(beside, done, resume_exercise, one.prescription.name),
            aria_label=words("Take it up again: {exercise}", exercise=title),
        )
        beside = place_for_errors()


class _Card:
    def __init__(self, context: PlanContext, view: PlanView, one: GrownPrescription) -> None:
        self._context = context
        self._view = view
        self._one = one
        self._title = context.title(one.prescription.exercise)
        with tag("article", classes="card", aria_label=self._title):
            tag("h3", self._title)
            self._facts()
            with tag("details"):
                text = context.words("Change: {exercise}", exercise=self._title)
                tag("summary", context.words("Change"), aria_label=text)
                self._form()

    def _facts(self) -> None:
        words, one, view = self._context.words, self._one, self._view
        prescribed, target = one.prescription, one.target(view.asked.phase)
        if any(today.prescription == prescribed.name for today in view.today):
            tag("p", words("Today"), classes="badge")
        facts = [
            (words("legs"), _legs(words, prescribed.side)),
            (
                words("sets × repetitions"),
                texts.amount(words, target.sets, target.reps_low, target.reps_high),
            ),
            (words("held"), texts.seconds(words, target.hold_s)),
            (words("tempo: there, held, back"), prescribed.tempo or "–"),
            (words("rest between sets"), texts.seconds(words, target.rest_s)),
            (words("band"), texts.target_band(words, target)),
            (words("the band loads"), texts.load(words, target)),
            (words("days a week"), texts.span(words, prescribed.days_a_week)),
            (words("done this week, in days"), words.number(view.done_days[prescribed.name], 0)),
        ]
        with tag("dl", classes="facts"):
            for name, value in facts:
                if value == "–":
                    continue
                tag("dt", name)
                with tag("dd"):
                    tag("bdi", value)

    def _form(self) -> None:
        words, one = self._context.words, self._one.prescription
        with Form(
            words, self._send, action=words("Change it from now on"), name=f"change-{one.name}"
        ) as form:
            for name, low, high, value in (
                ("days", words("Days a week, at least"), words("at most"), one.days_a_week),
                ("sets", words("Sets, at first"), words("growing to"), one.sets),
                ("reps", words("Repetitions, at least"), words("at most"), one.reps),
            ):
                with tag("div", classes="pair"):
                    form.field(f"{name}_low", low, str(value.low), kind="number", min=1)
                    form.field(f"{name}_high", high, str(value.high), kind="number", min=1)
            form.field("hold", words("Held for, in seconds"), _number(one.hold_s), inputmode="decimal")
            form.field(
                "rest", words("Rest between sets, in seconds"), _number(one.rest_s), inputmode="decimal"
            )
            hint = words("Seconds there, held and back, for example {example}", example="2-1-3")
            form.field("tempo", words("Tempo"), one.tempo or "", hint=hint, dir="ltr")
            self._band_fields(form)

    def _band_fields(self, form: Form) -> None:
        band, words = self._one.strength.band, self._context.words
        if band is None:
            return
        ladder = self._view.plan.grown().plan.ladder
        colours = [(each.colour, words.told(each.colour)) for each in ladder.bands]
        form.choice("colour", words("Band"), colours, band.colour)
        percents = sorted({*_elongations(ladder), band.elongation_percent})
        stretches = [(f"{each:g}", words.percent(each / 100.0)) for each in percents]
        form.choice("elongation", words("Stretched by"), stretches, f"{band.elongation_percent:g}")

    async def _send(self, sent: Sent) -> None:
        words, context = self._context.words, self._context
        edit = PrescriptionEdit(
            name=self._one.prescription.name,
            days_a_week=_range(words, sent, "days"),
            sets=_range(words, sent, "sets"),
            reps=_range(words, sent, "reps"),
            hold_s=number_or_none(words, sent, "hold"),
            rest_s=number_or_none(words, sent, "rest"),
            tempo=sent.get("tempo", "").strip() or None,
            band=_band(sent),
        )
        done = words("It holds from now on: {what}", what=self._title)
        try:
            await context.change(done, change_prescription, edit, context.shown.mark)
        except SettingsError as error:
            raise _beside(words, error) from error


def _range(words: Words, sent: Sent, name: str) -> Range:
    low = whole_number(words, sent, f"{name}_low", least=1)
    high = whole_number(words, sent, f"{name}_high", least=1)
    if low > high:
        raise FieldError(f"{name}_high", words("This is less than the number before it."))
    return Range(low, high)


def _band(sent: Sent) -> BandLevel | None:
    if "colour" not in sent:
        return None
    return BandLevel(sent["colour"], float(sent["elongation"]))


def _beside(words: Words, error: SettingsError) -> Exception:
    """The fault at its field, without the key that stands before it; the error itself where it has none."""
    key = str(error.data.get("key", ""))
    field = next((field for end, field in _FIELDS.items() if key.endswith(f".{end}")), None)
    if field is None:
        return error
    return FieldError(field, words.told(error.message.split(f"{key}: ", 1)[-1]))


def _elongations(ladder: BandLadder) -> list[float]:
    count = int((ladder.highest_percent - ladder.lowest_percent) / ladder.step_percent + 1e-9)
    return [ladder.lowest_percent + number * ladder.step_percent for number in range(count + 1)]


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:g}"


def _legs(words: Words, side: Side) -> str:
    match side:
        case Side.LEFT:
            return words("left")
        case Side.RIGHT:
            return words("right")
        case _:
            return words("both")
