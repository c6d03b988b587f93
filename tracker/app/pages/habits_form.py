"""Tells the habits of a day: none, some or much of each, with minutes where they are known."""

import asyncio
from datetime import date, datetime
from zoneinfo import ZoneInfo

from nicegui.events import GenericEventArguments

from tracker.app.forms import FieldError, Form, Sent
from tracker.app.html import tag
from tracker.app.operations.habits import AMOUNTS, HabitSaid, HabitsShown, habits_shown, say_habits
from tracker.app.site import View
from tracker.errors import UsageError
from tracker.plan.habits import MINUTES_OF_A_DAY, Habit


async def show_habits_form(view: View, day: date) -> None:
    """The form of a day and the six before it, folded away; days that have not come are not asked for.

    Args:
        day: the last one that is asked for; today where it has not come yet.
    """
    today = datetime.now(ZoneInfo(view.person.time_zone)).date()
    meant = min(day, today)
    shown = await asyncio.to_thread(habits_shown, view.site.database, view.person, meant.isoformat())
    _HabitsForm(view, shown, meant)


class _HabitsForm:
    """Asks of one day at a time: with another day its own answers are shown."""

    def __init__(self, view: View, shown: HabitsShown, meant: date) -> None:
        self._view = view
        self._shown = shown
        self._meant = meant
        words = view.words
        with tag("details", classes="no-print"):
            tag("summary", words("Say how a day was"))
            tag("p", words("This is what you say, not what a sensor measured."), classes="soft")
            with tag("div", classes="row"):
                tag("label", words("Day"), for_="habits-day")
                with tag("select", id="habits-day") as days:
                    for day in shown.days:
                        text = words.full_date(day)
                        tag("option", text, value=day.isoformat(), selected=day == meant)
            days.on("change", self._choose, js_handler="(event) => emit(event.target.value)")
            self._place = tag("div")
            self._kept = tag("p", role="status")
        self._show()

    def _choose(self, event: GenericEventArguments) -> None:
        chosen = str(event.args)
        self._meant = next((day for day in self._shown.days if day.isoformat() == chosen), self._meant)
        self._kept.text = ""
        self._show()

    def _show(self) -> None:
        words = self._view.words
        self._place.clear()
        with self._place, Form(words, self._send, action=words("Keep"), name="habits") as form:
            for habit in self._shown.habits:
                self._ask(form, habit)

    def _ask(self, form: Form, habit: Habit) -> None:
        words = self._view.words
        said = self._shown.of(self._meant, habit.name)
        question = words.told(habit.question)
        options = [("", "–"), *((one.value, words.told(one.value)) for one in AMOUNTS)]
        with tag("div", classes="pair"):
            form.choice(habit.name, question, options, "" if said is None else said.amount)
            form.field(
                f"{habit.name}-minutes",
                words("Minutes, if known"),
                "" if said is None or said.minutes is None else str(said.minutes),
                kind="number",
                min=0,
                max=MINUTES_OF_A_DAY,
                aria_label=words("Minutes, if known: {habit}", habit=question),
            )

    async def _send(self, sent: Sent) -> None:
        words, view = self._view.words, self._view
        said = [one for habit in sent if (one := _said(view, sent, habit)) is not None]
        if not said:
            raise UsageError("nothing was said", advice="Choose none, some or much of a habit.")
        day = self._meant
        self._shown = await asyncio.to_thread(
            say_habits, view.site.database, view.person, day.isoformat(), said, self._shown.days[-1]
        )
        self._kept.text = words("Kept for {day}.", day=words.date(day))


def _said(view: View, sent: Sent, habit: str) -> HabitSaid | None:
    amount = sent[habit]
    if habit.endswith("-minutes") or not amount:
        return None
    minutes = sent.get(f"{habit}-minutes", "").strip()
    if not minutes:
        return HabitSaid(habit, amount)
    if not (minutes.isascii() and minutes.isdigit() and int(minutes[:6]) <= MINUTES_OF_A_DAY):
        text = view.words("Write whole minutes, at most {most}, or leave it empty.", most=MINUTES_OF_A_DAY)
        raise FieldError(f"{habit}-minutes", text)
    return HabitSaid(habit, amount, int(minutes))
