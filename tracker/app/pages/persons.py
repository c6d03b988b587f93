"""Who trains here: looking through several persons, adding, changing, choosing."""

import asyncio
from collections.abc import Sequence
from functools import partial
from zoneinfo import available_timezones

from nicegui import ui
from nicegui.events import GenericEventArguments

from tracker.app.forms import Form, Sent
from tracker.app.frame import show_error
from tracker.app.html import button, tag
from tracker.app.live.names import leg_name, rotation_with_error
from tracker.app.operations.persons import (
    LegResting,
    PersonLine,
    Waiting,
    changed_person,
    default_person,
    new_person,
    person_lines,
)
from tracker.app.pages.person_deleting import deleting_of, show_deleting, show_done, show_unfinished
from tracker.app.site import View
from tracker.app.words import Words
from tracker.errors import TrackerError
from tracker.local_time import local_time_zone

_ZONES = "time-zones"


async def build(view: View) -> None:
    site, words = view.site, view.words
    lines = await asyncio.to_thread(person_lines, site.place, site.database, simulated=site.simulated)
    unfinished = await asyncio.to_thread(deleting_of(view).unfinished)
    with tag("datalist", id=_ZONES):
        for zone in sorted(available_timezones()):
            tag("option", value=zone)
    tag(
        "p",
        words(
            "Each session of this computer belongs to a person. "
            "Who is shown is chosen for this browser alone."
        ),
    )
    show_done(view, {one.person.person_id for one in lines} | {one.person_id for one in unfinished})
    show_unfinished(view, unfinished)
    if len(lines) > 1:
        _show_table(view, lines)
    for line in lines:
        _show_person(view, line, is_alone=len(lines) == 1)
    if any(line.legs for line in lines):
        tag(
            "p",
            words(
                "Rotation at rest is that of the newest measured session, with the half width of its 95 % "
                "interval; each person is compared with their own earlier records only."
            ),
            classes="soft",
        )
    _show_new(view)


def _show_table(view: View, lines: Sequence[PersonLine]) -> None:
    """All persons beside each other, where the window is wide enough for it."""
    words = view.words
    titles = (
        words("Person"),
        words("Last session"),
        words("This week"),
        leg_title(words, "left"),
        leg_title(words, "right"),
        words("Waits for an answer"),
    )
    region = tag(
        "div",
        classes="wide only-wide",
        role="region",
        aria_label=words("All persons at a glance"),
        tabindex=0,
    )
    with region, tag("table", classes="words-table"):
        with tag("thead"), tag("tr"):
            for title in titles:
                tag("th", title, scope="col", classes="words")
        with tag("tbody"):
            for line in lines:
                with tag("tr"):
                    with tag("th", scope="row", classes="words"):
                        tag("p", line.person.name)
                        if line.simulated:
                            tag("p", words("SIMULATED"), classes="strong")
                    for texts in _cells(words, line):
                        with tag("td", classes="words"):
                            for text in texts:
                                tag("p", text)


def _cells(words: Words, line: PersonLine) -> Sequence[Sequence[str]]:
    if line.failure is not None:
        return ((words.told(line.failure),), (), (), (), ())
    legs = [_leg_texts(words, leg) for leg in line.legs]
    return (
        (_last_text(words, line),),
        _week_texts(words, line),
        *(legs or ((), ())),
        _waiting_texts(words, line.waiting),
    )


def _show_person(view: View, line: PersonLine, *, is_alone: bool) -> None:
    """One person; the facts stand in the table, too, where there are several."""
    words, person = view.words, line.person
    own = f"person-{person.person_id}"
    is_chosen = person.person_id == view.person.person_id
    with tag("section", classes="card person", aria_labelledby=own):
        tag("h2", person.name, id=own)
        marks = [words("shown now")] if is_chosen else []
        marks += [words("the default")] if line.is_default else []
        marks += [words("time zone {zone}", zone=person.time_zone)]
        tag("p", " · ".join(marks), classes="soft")
        if line.failure is not None:
            tag("p", words.told(line.failure), classes="bad")
        else:
            _show_facts(words, line, "" if is_alone else "only-narrow")
        with tag("div", classes="row"):
            if not is_chosen:
                tag(
                    "button",
                    words("Show {name}", name=person.name),
                    type="button",
                    classes="main-action",
                    data_person=person.person_id,
                )
            links = (
                ("/week", words("Week of {name}", name=person.name)),
                (
                    "/trend",
                    words("Trend of {name}", name=person.name),
                ),
            )
            for path, text in links:
                tag(
                    "a",
                    text,
                    href=view.link(path),
                    classes="button",
                    data_person=person.person_id,
                )
            if not line.is_default:
                button(words("Make {name} the default", name=person.name), partial(_mean, view, line))
        _show_change(view, line)
        if not is_alone:
            show_deleting(view, line)


def _show_facts(words: Words, line: PersonLine, classes: str) -> None:
    with tag("dl", classes=f"fact-grid {classes}"):
        _fact(words("Last session"), _last_text(words, line))
        _fact(words("This week"), *_week_texts(words, line))
        for leg in line.legs:
            _fact(leg_title(words, leg.side), *_leg_texts(words, leg))
        _fact(words("Waits for an answer"), *_waiting_texts(words, line.waiting))
    if line.simulated:
        tag("p", words("SIMULATED: no person and no sensor was measured."), classes="strong")


def _fact(title: str, *texts: str) -> None:
    with tag("div"):
        tag("dt", title)
        with tag("dd"):
            for text in texts:
                tag("p", text)


def _last_text(words: Words, line: PersonLine) -> str:
    if line.last_session is None:
        return words("none yet")
    return words.moment(line.last_session.started_at)


def _week_texts(words: Words, line: PersonLine) -> Sequence[str]:
    counted = words.plural("{count} session counted", "{count} sessions counted", line.sessions)
    told = words.plural("{count} told by hand", "{count} told by hand", line.told_sessions)
    texts = [counted] if not line.told_sessions else [counted, told]
    if line.asked_sessions is None:
        texts.append(words("no plan is on"))
    else:
        texts.append(words("the plan asks for at least {count} a week", count=line.asked_sessions))
    return texts


def leg_title(words: Words, side: str) -> str:
    """Whose resting rotation it is."""
    return words("{leg} at rest", leg=leg_name(words, side))


def _leg_texts(words: Words, leg: LegResting) -> tuple[str, ...]:
    if leg.value_deg is None or leg.half_width_deg is None or leg.day is None:
        return (words("not measured yet"),)
    angle = rotation_with_error(words, leg.value_deg, leg.half_width_deg)
    return words("{angle} on {day}", angle=angle, day=words.date(leg.day)), words.told(leg.verdict)


def _waiting_texts(words: Words, waiting: Waiting) -> tuple[str, ...]:
    texts = []
    if waiting.safety_questions:
        texts.append(words("the safety questions, before the next session"))
    if waiting.proposals:
        texts.append(
            words.plural("{count} proposal of the plan", "{count} proposals of the plan", waiting.proposals)
        )
    if waiting.morning_after:
        texts.append(words("how the morning after the last session was"))
    return tuple(texts) or (words("nothing"),)


async def _mean(view: View, line: PersonLine, _event: GenericEventArguments) -> None:
    try:
        await asyncio.to_thread(default_person, view.site.database, line.person.person_id)
    except TrackerError as error:
        show_error(view.words, error)
        return
    ui.navigate.to(view.link(view.path))


def _show_change(view: View, line: PersonLine) -> None:
    words, person = view.words, line.person

    async def send(sent: Sent) -> None:
        await asyncio.to_thread(
            changed_person,
            view.site.database,
            person.person_id,
            name=sent.get("name"),
            time_zone=sent.get("zone"),
        )
        ui.navigate.to(view.link(view.path))

    with tag("details"):
        tag("summary", words("Change name or time zone of {name}", name=person.name))
        with Form(
            words, send, action=words("Save the change"), name=f"change-{person.person_id}", main=False
        ) as form:
            form.field("name", words("Name"), person.name, maxlength=100, autocomplete="off")
            form.field(
                "zone",
                words("Time zone"),
                person.time_zone,
                hint=words("Its midnights part days and weeks."),
                list=_ZONES,
                dir="ltr",
                autocomplete="off",
            )


def _show_new(view: View) -> None:
    words = view.words

    async def send(sent: Sent) -> None:
        await asyncio.to_thread(new_person, view.site.database, sent.get("name", ""), sent.get("zone", ""))
        ui.navigate.to(view.link(view.path))

    with tag("section", classes="card", aria_labelledby="new-person"):
        tag("h2", words("Add a person"), id="new-person")
        with Form(words, send, action=words("Add"), name="new-person-form") as form:
            form.field("name", words("Name"), maxlength=100, autocomplete="off")
            form.field(
                "zone",
                words("Time zone"),
                local_time_zone(),
                hint=words("Its midnights part days and weeks."),
                list=_ZONES,
                dir="ltr",
                autocomplete="off",
            )
