"""Today: what the plan asks for, last time beside it, what comes first, and one large button."""

import asyncio

from nicegui import ui

from tracker.app.drawings import drawing_of
from tracker.app.frame import show_error
from tracker.app.html import tag
from tracker.app.live.names import leg_name
from tracker.app.live.panel import STYLE
from tracker.app.operations.today import LastTime, TargetToday, Today, today_of
from tracker.app.pages.habits_form import show_habits_form
from tracker.app.pages.plan.texts import target_band
from tracker.app.pages.session.fields import scale
from tracker.app.pages.session.proposals import show_proposals
from tracker.app.pages.session.safety_form import why_asked
from tracker.app.pages.session.worn import show_drawing
from tracker.app.site import View
from tracker.app.words import Words
from tracker.errors import TrackerError
from tracker.model import SetTarget
from tracker.session.felt_session import Said
from tracker.session.saying_felt import say_felt
from tracker.store.values import SessionSummary


async def build(view: View) -> None:
    ui.add_head_html(STYLE)
    site = view.site
    today = await asyncio.to_thread(today_of, site.place, site.database, view.person)
    tag("p", view.words.full_date(today.day), classes="soft")
    _first(view, today)
    _start(view, today)
    if today.targets:
        _targets(view, today)
    show_proposals(view, today.waiting)
    if today.morning_after is not None:
        _morning(view, today.morning_after)
    _done_today(view, today)
    await show_habits_form(view, today.day)


def _first(view: View, today: Today) -> None:
    """What comes before training: questions that are due, or answers that hold back."""
    words, safety = view.words, today.safety
    if view.site.simulated:
        return
    if safety.held_back and safety.due is None:
        with tag("section", classes="card error", role="alert"):
            tag("p", words.told(safety.text or ""), classes="strong safety-question")
            tag("a", words("To the questions"), href=view.link("/session"), classes="button")
    elif safety.due is not None:
        with tag("section", classes="card notice"):
            tag("p", why_asked(words, safety.due))
            tag("p", words("They are asked when you press Start."), classes="soft")
    if not today.sensors_paired:
        with tag("section", classes="card notice"):
            tag("p", words("No sensor is paired yet."), classes="strong")
            tag("a", words("Say which sensor is worn where"), href=view.link("/sensors"), classes="button")


def _start(view: View, today: Today) -> None:
    words = view.words
    if today.plan is None:
        tag("p", words("No plan is on. You can measure, do one exercise, or choose a plan."))
        with tag("div", classes="row start-row"):
            tag(
                "a",
                words("Start a rest test"),
                href=view.link("/session?what=rest"),
                classes="button main-action big start",
            )
            tag("a", words("One exercise"), href=view.link("/session?what=exercise"), classes="button big")
            tag("a", words("Choose a plan"), href=view.link("/plan"), classes="button big")
        return
    week = words("Week {number}", number=today.week or 1)
    named = (words.told(today.plan), week, words.told(today.phase or ""))
    tag("p", " · ".join(named), classes="strong")
    if not today.targets:
        tag("p", words("The plan asks for nothing today: a day to recover."))
    with tag("div", classes="row start-row"):
        what = "plan" if today.targets else "rest"
        text = words("Start") if today.targets else words("Start a rest test")
        tag("a", text, href=view.link(f"/session?what={what}"), classes="button main-action big start")
        if today.targets:
            tag("a", words("Only the rest test"), href=view.link("/session?what=rest"), classes="button")
        tag("a", words("One exercise"), href=view.link("/session?what=exercise"), classes="button")


def _targets(view: View, today: Today) -> None:
    words = view.words
    with tag("section", aria_labelledby="targets-title"):
        tag("h2", words("What the plan asks for today"), id="targets-title")
        with tag("div", classes="grid"):
            for one in today.targets:
                _target(view, one, today)


def _target(view: View, one: TargetToday, today: Today) -> None:
    words = view.words
    with tag("article", classes="card target"):
        tag("h3", words.told(one.title))
        picture = drawing_of("set", one.target.exercise)
        if picture is not None:
            show_drawing(words, picture)
        tag("p", asked_text(words, one.target), classes="strong")
        tag("p", leg_name(words, one.target.side))
        for text in _how(words, one.target):
            tag("p", text)
        tag("p", _last_text(words, one.last, today), classes="soft")


def asked_text(words: Words, target: SetTarget) -> str:
    """Sets and repetitions of a target."""
    low, high = words.number(target.reps_low, 0), words.number(target.reps_high, 0)
    if target.reps_low == target.reps_high:
        return words.plural(
            "{count} set of {repetitions}", "{count} sets of {repetitions}", target.sets, repetitions=high
        )
    return words.plural(
        "{count} set of {low} to {high}", "{count} sets of {low} to {high}", target.sets, low=low, high=high
    )


def _how(words: Words, target: SetTarget) -> list[str]:
    found = []
    if target.hold_s is not None:
        found.append(words("Hold each for {duration}", duration=words.duration(target.hold_s)))
    if target.tempo is not None:
        found.append(words("Tempo {tempo}: seconds there, held and back", tempo=target.tempo))
    if target.rest_s:
        found.append(words("Rest between sets: {duration}", duration=words.duration(target.rest_s)))
    if target.band_placement not in (None, "none"):
        found.append(words("Band: {band}", band=target_band(words, target)))
    return found


def _last_text(words: Words, last: LastTime | None, today: Today) -> str:
    if last is None:
        return words("Not done in the last 60 days.")
    done = words.listed(
        [words("{leg}: {count}", leg=leg_name(words, one.side), count=one.valid_reps) for one in last.sets]
    )
    if last.day == today.day:
        return words("Done today: {done}", done=done)
    return words("Last time, {day}: {done}", day=words.date(last.day), done=done)


def _morning(view: View, session: SessionSummary) -> None:
    words = view.words
    with tag("section", classes="card", aria_labelledby="morning-title"):
        tag("h2", words("The morning after"), id="morning-title")
        answered = tag("div")
        kept = tag("p", "", classes="good", role="status")

        async def keep(pain: int | None) -> None:
            said: Said = {"pain_next_morning": pain}
            try:
                await asyncio.to_thread(say_felt, view.site.database, view.person, session.session_id, said)
            except TrackerError as error:
                with answered:
                    show_error(words, error)
                return
            kept.text = words("Kept.")

        with answered:
            scale(words, words("Pain this morning, after yesterday's session"), None, keep)


def _done_today(view: View, today: Today) -> None:
    words = view.words
    if not today.sessions_today:
        return
    with tag("section", aria_labelledby="done-title"):
        tag("h2", words("Sessions of today"), id="done-title")
        with tag("ul"):
            for one in today.sessions_today:
                with tag("li"):
                    tag("a", words.time_of_day(one.started_at), href=view.link(f"/review/{one.session_id}"))
                    tag("span", " " + _counts(words, one))


def _counts(words: Words, session: SessionSummary) -> str:
    if session.told_sets:
        return words("told by hand: {count} repetitions", count=session.told_reps)
    return words(
        "sets: {sets}, counted repetitions: {reps}, rest tests: {tests}",
        sets=session.sets,
        reps=session.valid_reps,
        tests=session.rest_tests,
    )
