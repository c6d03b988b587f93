"""Data from elsewhere."""

from tracker.app.engine.jobs import Job, JobKind
from tracker.app.forms import Form, Sent
from tracker.app.html import tag
from tracker.app.operations.imports import TablesKept, everything_work, tables_asked, tables_work
from tracker.app.operations.restoring import refuse_while_busy
from tracker.app.pages.data.made import show_lines
from tracker.app.pages.file_field import file_field
from tracker.app.pages.job_card import JobCard
from tracker.app.site import View
from tracker.app.words import Words
from tracker.errors import UsageError
from tracker.model import Placement
from tracker.recording.units import AccelerometerUnit, GyroscopeUnit
from tracker.report.exchange.everything.reading import ImportReport


def show_imports(view: View) -> None:
    """Recordings, tables of other programs, and an archive of everything."""
    words = view.words
    with tag("section", classes="card", aria_labelledby="import"):
        tag("h2", words("Import"), id="import")
        with tag("p"):
            tag(
                "a",
                words("A recording of this program: drop it on the page Review."),
                href=view.link("/review"),
            )
        with tag("details"):
            tag("summary", words("Tables (CSV) of another program"))
            _show_tables(view)
        JobCard(view, JobKind.CSV, words("The tables are being read."), lambda job: _show_kept(view, job))
        with tag("details"):
            tag("summary", words("An archive of everything, from another computer"))
            _show_everything(view)
        JobCard(
            view,
            JobKind.IMPORT,
            words("The archive is being imported."),
            lambda job: _show_imported(words, job),
        )


def _show_tables(view: View) -> None:
    site, words = view.site, view.words

    async def send(sent: Sent) -> None:
        # They are measured within this program, beside a session that would have to share its time.
        refuse_while_busy(site.engine.is_busy)
        asked = tables_asked(
            {one: sent.get(one.value, "") for one in Placement},
            accelerometer_unit=sent.get("accelerometer", ""),
            gyroscope_unit=sent.get("gyroscope", ""),
            person=view.person,
            events=sent.get("events", ""),
            exercise=sent.get("exercise", ""),
            started_at=sent.get("started", ""),
        )
        site.jobs.start(JobKind.CSV, tables_work(site.place, site.database, view.person, site.uploads, asked))

    tag(
        "p",
        words(
            "Each file has the columns time_s, ax, ay, az, gx, gy, gz. It becomes a session of {name}.",
            name=view.person.name,
        ),
    )
    with Form(words, send, action=words("Import the tables"), name="tables", main=False) as form:
        titles = {
            Placement.LEFT_THIGH: words("File of the left thigh"),
            Placement.RIGHT_THIGH: words("File of the right thigh"),
            Placement.PELVIS: words("File of the pelvis"),
        }
        for placement, title in titles.items():
            file_field(words, "tables", placement.value, title, accept=".csv,.txt")
        form.choice(
            "accelerometer",
            words("Unit of ax, ay, az"),
            [(one.value, one.value) for one in AccelerometerUnit],
            AccelerometerUnit.M_PER_S2.value,
        )
        form.choice(
            "gyroscope",
            words("Unit of gx, gy, gz"),
            [(one.value, one.value) for one in GyroscopeUnit],
            GyroscopeUnit.RAD_PER_S.value,
        )
        catalogue = site.place.catalogue
        form.choice(
            "exercise",
            words("The whole is one set of"),
            [
                ("", words("– no exercise –")),
                *((name, words.told(catalogue.find(name).title)) for name in catalogue),
            ],
            "",
        )
        file_field(
            words,
            "tables",
            "events",
            words("File of events, if there is one"),
            accept=".csv,.txt",
            hint=words("With the columns start_s, end_s, kind, side, exercise."),
        )
        form.field(
            "started",
            words("When it began"),
            kind="datetime-local",
            hint=words("Empty: when the file was handed in."),
        )


def _show_everything(view: View) -> None:
    site, words = view.site, view.words

    async def send(sent: Sent) -> None:
        refuse_while_busy(site.engine.is_busy)
        if not sent.get("archive"):
            raise UsageError("no file was given", advice="Choose the archive first.")
        site.jobs.start(JobKind.IMPORT, everything_work(site.place, site.uploads, sent["archive"]))

    tag("p", words("Only where nothing is here yet. To replace what is here, restore a backup."))
    with Form(words, send, action=words("Import everything"), name="everything", main=False):
        file_field(words, "everything", "archive", words("The archive"), accept=".zip")


def _show_kept(view: View, job: Job) -> None:
    words, kept = view.words, job.result
    if not isinstance(kept, TablesKept):
        return
    tag(
        "p",
        words(
            "Kept as a session of {moment}, {duration} long.",
            moment=words.moment(kept.started_at),
            duration=words.duration(kept.duration_s),
        ),
        classes="strong",
    )
    tag("a", words("Look at it"), href=view.link(f"/review/{kept.session_id}"), classes="button")


def _show_imported(words: Words, job: Job) -> None:
    report = job.result
    if not isinstance(report, ImportReport):
        return
    tag(
        "p",
        words("Imported: {rows} rows, {files} files.", rows=report.rows, files=len(report.files)),
        classes="strong",
    )
    lines = [
        words("Not in the archive: {what}", what=words.told(f"{one.what}: {one.reason}"))
        for one in report.left_out
    ]
    lines += [words("A recording lies here now: {path}", path=new.as_posix()) for _, new in report.moved]
    lines += [
        words(
            "Session {session} was not finished when the archive was made: it counts as interrupted.",
            session=str(one),
        )
        for one in report.interrupted
    ]
    show_lines(words, lines)
    tag("p", words("Settings and exercises of the archive hold once the program is started again."))
