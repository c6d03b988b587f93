"""How each exercise of the plan is done, to be read beside the mat or printed."""

import asyncio

from nicegui import ui

from tracker.app.drawings import drawing_of
from tracker.app.html import tag
from tracker.app.operations.plan import plan_shown
from tracker.app.site import View
from tracker.app.words import Words
from tracker.plan.catalogue import CatalogueEntry
from tracker.report.exercise_sheet import sheet_lines


async def build(view: View) -> None:
    words, site = view.words, view.site
    shown = await asyncio.to_thread(plan_shown, site.place, site.database, view.person)
    catalogue = site.place.catalogue
    plan = None if shown.view is None else shown.view.plan.grown()
    asked = list(catalogue) if plan is None else [one.prescription.exercise for one in plan.prescriptions]
    with tag("div", classes="row no-print"):
        tag("a", words("To the plan"), href=view.link("/plan"), classes="button")
        tag("button", words("Print"), type="button", data_print="page")
    tag("p", words("Person: {name}", name=view.person.name), classes="print-only")
    if plan is not None:
        tag("p", words("The exercises of the present phase: {phase}", phase=words.told(plan.phase.title)))
    for name in asked:
        if name in catalogue:
            _exercise(words, catalogue[name])


def _exercise(words: Words, entry: CatalogueEntry) -> None:
    title = words.told(entry.title)
    with tag("article", classes="card sheet", aria_label=title):
        tag("h2", title)
        picture = drawing_of("set", entry.name)
        if picture is not None:
            with tag("div", classes="drawing", role="img", aria_label=words.told(picture.alt)):
                ui.html(picture.svg, sanitize=False)
        with tag("dl", classes="facts"):
            for key, text in sheet_lines(entry):
                tag("dt", _about(words, key))
                tag("dd", words.told(text))


def _about(words: Words, key: str) -> str:
    return {
        "start": words("Start"),
        "do": words("Movement"),
        "sensors": words("Sensors"),
        "counted on": words("Counted on"),
        "counts": words("What counts"),
        "band": words("Band"),
        "trains": words("Trains"),
        "caution": words("Caution"),
    }[key]
