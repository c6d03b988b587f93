"""One bundle with all resources of a selection, written entry by entry."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from io import TextIOWrapper
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, select

from tracker import __version__
from tracker.home import Home
from tracker.plan.catalogue import load_catalogue
from tracker.recording.files import storage_error
from tracker.report.exchange.fhir.codes import Element, LocalCode, code_system
from tracker.report.exchange.fhir.elements import Names, entry, moment, simulated_tag
from tracker.report.exchange.fhir.plans import ExportedPlan, plan_entry, read_plans
from tracker.report.exchange.fhir.rest_tests import rest_test_entries
from tracker.report.exchange.fhir.session_context import PersonContext, SessionContext, session_context
from tracker.report.exchange.fhir.training import felt_entries, session_entry, training_entries
from tracker.report.exchange.formats import ExportReport, LeftOut, Progress
from tracker.report.exchange.recordings import session_text
from tracker.report.exchange.selection import Selection
from tracker.store.bands import bands_of
from tracker.store.database import Database
from tracker.store.tables import PersonTable

NOT_ANALYSED = "it has no analysis: nothing of it is measured"
LEFT_OUT_SET = "the person left it out"


def export_fhir(database: Database, selection: Selection, out: Path, progress: Progress) -> ExportReport:
    """Write the sessions of a selection as one file, a FHIR R4 bundle of the type `collection`.

    Raises:
        SettingsError: the person's own exercises cannot be read.
        StorageError: it cannot be written.
    """
    try:
        with out.open("x", encoding="utf-8", newline="") as file, database.read() as connection:
            left_out = _write(connection, selection, file, progress)
    except OSError as error:
        raise storage_error(out, error) from error
    return ExportReport((Path(out.name),), left_out)


@dataclass(slots=True)
class _Derived:
    """The resources that one version of the algorithms made, or that the person told."""

    recorded_at: datetime
    references: list[Element] = field(default_factory=list)


def _write(
    connection: Connection, selection: Selection, file: TextIOWrapper, progress: Progress
) -> tuple[LeftOut, ...]:
    context = _person_context(connection, selection)
    first, last = _days(selection)
    plans, left_out = read_plans(connection, selection.person.person_id, first, last)
    told = list(left_out)
    bundle = {
        "resourceType": "Bundle",
        "id": context.names.of("bundle", first, last, *selection.session_ids),
        **simulated_tag(selection.simulated),
        "type": "collection",
        "timestamp": moment(datetime.now(UTC), ZoneInfo(selection.person.time_zone)),
    }
    file.write(_json(bundle)[:-1] + ',"entry":[\n' + _json(entry(context.names, code_system(), "codes")))
    for one in _entries(connection, selection, context, plans, last, told, progress):
        file.write(",\n" + _json(one))
    file.write("\n]}\n")
    progress(1.0)
    return tuple(told)


def _entries(
    connection: Connection,
    selection: Selection,
    context: PersonContext,
    plans: tuple[ExportedPlan, ...],
    last: date,
    left_out: list[LeftOut],
    progress: Progress,
) -> Iterator[Element]:
    """All entries; what is left out is added to `left_out` on the way."""
    all_simulated = all(one.simulated for one in selection.sessions)
    yield entry(context.names, {"resourceType": "Patient", **simulated_tag(all_simulated)})
    yield _program(context.names)
    for plan in plans:
        yield plan_entry(context, plan, last, simulated=all_simulated)
    sensors: set[str] = set()
    derived: dict[str | None, _Derived] = {}
    for number, session in enumerate(selection.sessions, 1):
        one = session_context(connection, context, session)
        yield from _new_sensors(one, sensors)
        day = session.started_at.astimezone(one.zone).date()
        followed = [plan for plan in plans if plan.is_on(day)]
        yield session_entry(one, followed[-1].key if followed and one.targets else None)
        for made in rest_test_entries(one), training_entries(one):
            for each in made:
                _note_origin(one, each, derived)
                yield each
        yield from felt_entries(one)
        left_out += _left_out_of(one)
        progress(number / len(selection.sessions))
    for version, source in derived.items():
        yield _provenance(context.names, version, source)


def _person_context(connection: Connection, selection: Selection) -> PersonContext:
    person = selection.person
    query = select(PersonTable.created_at).where(PersonTable.id == person.person_id)
    return PersonContext(
        names=Names(person.person_id, connection.execute(query).scalar_one()),
        bands={band.band_id or 0: band for band in bands_of(connection, person.person_id)},
        catalogue=load_catalogue(Home(selection.home)),
    )


def _days(selection: Selection) -> tuple[date, date]:
    """First and last day of the sessions, in the person's zone."""
    zone = ZoneInfo(selection.person.time_zone)
    days = [one.started_at.astimezone(zone).date() for one in selection.sessions]
    return min(days), max(days)


def _program(names: Names) -> Element:
    device = {
        "resourceType": "Device",
        "status": "active",
        "deviceName": [{"name": "tracker", "type": "user-friendly-name"}],
        "type": {"text": "Program that analyses motion sensors; not a medical device"},
        "version": [{"value": __version__}],
    }
    return entry(names, device, "program")


def _new_sensors(context: SessionContext, known: set[str]) -> Iterator[Element]:
    """The sensors of a session that have no entry yet; nothing in them tells which ones they are."""
    for sensor in context.sensors.values():
        if sensor.sensor_id in known:
            continue
        known.add(sensor.sensor_id)
        device = {
            "resourceType": "Device",
            **simulated_tag(context.session.simulated),
            "deviceName": [{"name": f"sensor {len(known)}", "type": "user-friendly-name"}],
            "type": {"text": "Wearable inertial sensor: accelerometer and gyroscope"},
            "patient": context.names.reference(),
        }
        yield entry(context.names, device, "sensor", sensor.sensor_id)


def _note_origin(context: SessionContext, made: Element, derived: dict[str | None, _Derived]) -> None:
    """Keep from which version of the algorithms a resource comes; None: from the person."""
    stored = context.stored
    version = None if stored is None else stored.analysis.version
    at = context.ended_at if stored is None else stored.created_at
    source = derived.setdefault(version, _Derived(at))
    source.recorded_at = max(source.recorded_at, at)
    source.references.append({"reference": made["fullUrl"]})


def _provenance(names: Names, version: str | None, source: _Derived) -> Element:
    if version is None:
        agent = names.reference()
        activity: Element = {"text": "Told by the person"}
    else:
        agent = names.reference("program")
        activity = {"coding": [LocalCode.ANALYSIS.coding], "text": f"Analysis, version {version}"}
    provenance = {
        "resourceType": "Provenance",
        "target": source.references,
        "recorded": moment(source.recorded_at, ZoneInfo("UTC")),
        "activity": activity,
        "agent": [{"who": agent}],
    }
    return entry(names, provenance, "origin", version or "told")


def _left_out_of(context: SessionContext) -> Iterator[LeftOut]:
    text = session_text(context.session)
    if context.stored is None and not context.session.by_hand:
        yield LeftOut(f"the measurements of {text}", NOT_ANALYSED)
    for done in context.found:
        if done.correction is not None and done.correction.left_out:
            yield LeftOut(f"set {done.set_number} of {text}", LEFT_OUT_SET)


def _json(value: Element) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
