"""Sessions in forms that other software reads."""

from tracker.app.engine.jobs import JobKind
from tracker.app.forms import Form, Sent
from tracker.app.html import tag
from tracker.app.operations.exports import export_asked, export_work
from tracker.app.pages.data.made import show_made
from tracker.app.pages.job_card import JobCard
from tracker.app.site import View
from tracker.app.words import Words
from tracker.report.exchange.formats import Format


def format_title(words: Words, chosen: Format) -> str:
    """What a format is called."""
    match chosen:
        case Format.CSV:
            return words("CSV tables")
        case Format.PARQUET:
            return words("Parquet tables")
        case Format.EVERYTHING:
            return words("Everything")
        case Format.BIDS_MOTION:
            return "BIDS Motion"
        case Format.OPENSIM:
            return "OpenSim"
        case Format.FHIR:
            return "FHIR"


def format_purpose(words: Words, chosen: Format) -> str:
    """What a format is good for."""
    match chosen:
        case Format.CSV:
            return words("Sessions, sets, repetitions and rest tests, for a spreadsheet or statistics.")
        case Format.PARQUET:
            return words("The same tables for data analysis in Python or R: smaller, and with types.")
        case Format.BIDS_MOTION:
            return words("Recordings as the Brain Imaging Data Structure has them, for research archives.")
        case Format.OPENSIM:
            return words("Orientations over time for OpenSim's models of muscles and joints.")
        case Format.FHIR:
            return words("Results as FHIR observations, for the records of clinics.")
        case Format.EVERYTHING:
            return words("All persons, sessions and recordings in one archive, for another computer.")


def show_export(view: View) -> None:
    """The form, and the export that goes on or is done."""
    site, words = view.site, view.words

    async def send(sent: Sent) -> None:
        asked = export_asked(sent.get("format", ""), sent.get("first", ""), sent.get("last", ""))
        work = export_work(site.place, site.database, view.person, asked, simulated=site.simulated)
        site.jobs.start(JobKind.EXPORT, work)

    with tag("section", classes="card", aria_labelledby="export"):
        tag("h2", words("Export"), id="export")
        tag("p", words("Sessions of {name} in a form that other software reads.", name=view.person.name))
        with tag("dl", classes="purposes"):
            for one in Format:
                tag("dt", format_title(words, one))
                tag("dd", format_purpose(words, one))
        with Form(words, send, action=words("Make the file"), name="export-form") as form:
            options = [(one.value, format_title(words, one)) for one in Format]
            form.choice("format", words("Form"), options, Format.CSV.value)
            form.field(
                "first", words("From this day on"), kind="date", hint=words("Empty: from the first one.")
            )
            form.field("last", words("Until this day"), kind="date", hint=words("Empty: until the last one."))
        JobCard(view, JobKind.EXPORT, words("The export is being made."), lambda job: show_made(view, job))
