"""The FHIR bundle: valid by the models of fhir.resources, whole in its references, and true to the store.

The models are those of R4B: the package has none of R4 any more, and for the resources used here (Bundle,
CarePlan, CodeSystem, Device, Observation, Patient, Procedure, Provenance) R4B is R4 unchanged.
"""

import json
import math
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from exchange_homes import STARTED_AT, ExportedHome, new_home
from fhir.resources.R4B.bundle import Bundle
from hypothesis import given
from hypothesis import strategies as st

from tracker.errors import StorageError
from tracker.model import Band, RelativeTo, RestTest, SessionFelt, SetFelt, SetTarget, Side
from tracker.plan.band_force import THIGHS_TEXT
from tracker.plan.plan_table import shipped_plan_text
from tracker.report.exchange.fhir import export_fhir
from tracker.report.exchange.fhir.codes import LOCAL_SYSTEM, LocalCode
from tracker.report.exchange.fhir.elements import clean, number
from tracker.report.exchange.formats import ExportReport, Format, exporter_of
from tracker.sensing.body.sessions import demo_session
from tracker.store.analyses import read_analysis, save_analysis
from tracker.store.bands import add_band
from tracker.store.corrections import FieldEdit, delete_session, edit_session
from tracker.store.felt import save_session_felt, save_set_felt
from tracker.store.persons import change_person, make_default, person_meant
from tracker.store.plans import save_targets, start_plan
from tracker.store.revisions import Field

REASON = "the leg moved"
HOSTILE = 'tight </note><div onload="x()"> \x00\x1b[31m\u2028 "quote" {} ü 膝\nsecond line'
TARGET = SetTarget(
    "in_toeing", "B", "supine_in_toeing", Side.BOTH, 3, 8, 12, band_placement="thighs", band_colour="red"
)
VERIFIED = {
    "http://snomed.info/sct": {"299238003"},
    "http://terminology.hl7.org/CodeSystem/observation-category": {"exam", "activity", "survey"},
    "http://terminology.hl7.org/CodeSystem/data-absent-reason": {"error"},
    LOCAL_SYSTEM: {one.code for one in LocalCode},
}
"""Nothing else may stand in a coding."""


@pytest.fixture
def home(tmp_path: Path) -> Iterator[ExportedHome]:
    """An empty home."""
    made = new_home(tmp_path / "home")
    with made.database:
        yield made


def export(home: ExportedHome, out: Path) -> tuple[ExportReport, dict[str, Any]]:
    """Export all sessions; the report and the bundle, validated."""
    shares: list[float] = []
    report = export_fhir(home.database, home.everything(), out, shares.append)
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    assert report.files == (Path(out.name),)
    text = out.read_text(encoding="utf-8")
    Bundle.model_validate_json(text)
    bundle: dict[str, Any] = json.loads(text)
    check_whole(bundle)
    return report, bundle


def resources(bundle: dict[str, Any], kind: str, code: LocalCode | None = None) -> list[dict[str, Any]]:
    """The resources of a kind, and of a code where one is given."""
    found = [one["resource"] for one in bundle["entry"] if one["resource"]["resourceType"] == kind]
    return [one for one in found if code is None or code.coding in one["code"]["coding"]]


def part(observation: dict[str, Any], code: LocalCode) -> Any:  # noqa: ANN401 - a value of JSON
    """The value of a component; None where there is none."""
    for one in observation["component"]:
        if code.coding in one["code"]["coding"]:
            [value] = [value for key, value in one.items() if key.startswith("value")]
            return value
    return None


def everywhere(value: object) -> Iterator[tuple[str, Any]]:
    """All keys of a document with their values."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield key, inner
            yield from everywhere(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from everywhere(inner)


def check_whole(bundle: dict[str, Any]) -> None:
    """A second look beside the models: ids, references, dates, codes, empty values."""
    urls = [one["fullUrl"] for one in bundle["entry"]]
    assert len(urls) == len(set(urls))
    for one in bundle["entry"]:
        assert re.fullmatch(r"[A-Za-z0-9.-]{1,64}", one["resource"]["id"])
        assert one["fullUrl"] == f"urn:uuid:{one['resource']['id']}"
    for key, value in everywhere(bundle):
        assert value not in ("", [], {}, None), key
        if key == "reference":
            assert value in urls
        if key in ("start", "end", "effectiveDateTime", "issued", "recorded", "timestamp"):
            # a day alone has no zone; a time of day must have one
            assert "T" not in value or datetime.fromisoformat(value).tzinfo is not None
            assert "T" in value or date.fromisoformat(value)
        if key == "coding":
            assert all(one["code"] in VERIFIED[one["system"]] for one in value)
        if isinstance(value, str):
            assert all(char.isprintable() or char in "\n\t" for char in value)
    assert "text" not in {key for one in bundle["entry"] for key in one["resource"]}


def test_a_simulated_session_as_the_store_has_it(home: ExportedHome, tmp_path: Path) -> None:
    session_id, _ = home.simulate()
    report, bundle = export(home, tmp_path / "bundle.json")
    assert report.left_out == ()
    with home.database.read() as connection:
        stored = read_analysis(connection, session_id)
    assert stored is not None
    tests = resources(bundle, "Observation", LocalCode.RESTING_ROTATION)
    for test, found in zip(stored.analysis.rest_tests, tests, strict=True):
        assert test.hip_rotation_rad is not None
        assert test.uncertainty_rad is not None
        assert test.observability is not None
        value = found["valueQuantity"]
        assert (value["unit"], value["code"], value["system"]) == ("deg", "deg", "http://unitsofmeasure.org")
        # four decimals are written
        assert math.radians(value["value"]) == pytest.approx(test.hip_rotation_rad, abs=1e-6)
        interval = part(found, LocalCode.INTERVAL)["value"]
        assert math.radians(interval) == pytest.approx(test.uncertainty_rad, abs=1e-6)
        assert part(found, LocalCode.OBSERVABILITY)["value"] == pytest.approx(test.observability, abs=1e-4)
        assert found["bodySite"]["text"] == f"{test.side.value} hip joint"
        start = datetime.fromisoformat(found["effectivePeriod"]["start"])
        assert (start - STARTED_AT).total_seconds() == pytest.approx(test.start_s, abs=1e-3)
    sets = resources(bundle, "Observation", LocalCode.SET)
    assert [part(one, LocalCode.VALID_REPS) for one in sets] == [8, 8]
    assert [part(one, LocalCode.PARTIAL_REPS) for one in sets] == [2, 2]
    assert all(18.0 < part(one, LocalCode.RANGE)["value"] < 35.0 for one in sets)
    [origin] = resources(bundle, "Provenance")
    assert stored.analysis.version in origin["activity"]["text"]
    assert len(origin["target"]) == len(tests) + len(sets)


def test_simulated_is_marked_in_every_resource_of_the_session(home: ExportedHome, tmp_path: Path) -> None:
    home.simulate()
    _, bundle = export(home, tmp_path / "bundle.json")
    tag = LocalCode.SIMULATED.coding
    assert bundle["meta"]["tag"] == [tag]
    of_session = [*resources(bundle, "Procedure"), *resources(bundle, "Observation")]
    assert of_session
    for one in of_session:
        assert one["meta"]["tag"] == [tag]
        assert any("SIMULATED" in note["text"] for note in one["note"])


def test_a_refused_test_has_its_reason_and_no_value(home: ExportedHome, tmp_path: Path) -> None:
    session_id, _ = home.simulate()
    refused = RestTest(Side.LEFT, 10.0, 16.0, None, None, RelativeTo.PELVIS, 0.4, refused=REASON)
    with home.database.write() as connection:
        stored = read_analysis(connection, session_id)
        assert stored is not None
        tests = (refused, *stored.analysis.rest_tests[1:])
        save_analysis(connection, session_id, replace(stored.analysis, rest_tests=tests))
    _, bundle = export(home, tmp_path / "bundle.json")
    found, measured = resources(bundle, "Observation", LocalCode.RESTING_ROTATION)
    assert found["dataAbsentReason"]["text"] == REASON
    assert found["dataAbsentReason"]["coding"][0]["code"] == "error"
    assert not any(key.startswith("value") for key in found)
    assert part(found, LocalCode.OBSERVABILITY)["value"] == 0.4
    assert part(found, LocalCode.INTERVAL) is None
    assert "dataAbsentReason" not in measured


def test_what_was_told_is_marked_as_told(home: ExportedHome, tmp_path: Path) -> None:
    home.add_by_hand()
    report, bundle = export(home, tmp_path / "bundle.json")
    assert report.left_out == ()
    [session] = resources(bundle, "Procedure")
    [person] = resources(bundle, "Patient")
    assert "Told by the person" in session["note"][0]["text"]
    assert session["asserter"]["reference"].endswith(person["id"])
    told = resources(bundle, "Observation", LocalCode.TOLD_SETS)
    assert [(part(one, LocalCode.SETS), part(one, LocalCode.REPS)) for one in told] == [(3, 10), (2, 12)]
    assert part(told[1], LocalCode.HOLD)["value"] == 5.0
    assert all("Told by the person" in one["note"][0]["text"] for one in told)
    assert resources(bundle, "Observation", LocalCode.SET) == []
    [origin] = resources(bundle, "Provenance")
    assert origin["activity"]["text"] == "Told by the person"
    assert "meta" not in bundle


def test_how_it_felt_and_a_band_at_the_thighs(home: ExportedHome, tmp_path: Path) -> None:
    session_id, _ = home.simulate()
    with home.database.write() as connection:
        person = person_meant(connection, None, time_zone="Europe/Berlin")
        band = add_band(
            connection, person.person_id, Band(None, "Thera\x07Band", "red", 0.3, True, 16.5, 24.5)
        )
        save_session_felt(connection, session_id, SessionFelt(1, 3, 0, 7, HOSTILE))
        save_set_felt(connection, session_id, 1, SetFelt(2, 6, HOSTILE, band, 0.6))
        plan = start_plan(connection, person.person_id, "P", shipped_plan_text(), date(2026, 11, 1), None)
        save_targets(connection, session_id, plan, [TARGET])
    _, bundle = export(home, tmp_path / "bundle.json")
    said = {
        code: resources(bundle, "Observation", code)[0]
        for code in (
            LocalCode.PAIN_BEFORE,
            LocalCode.PAIN_WORST,
            LocalCode.PAIN_NEXT_MORNING,
            LocalCode.EFFORT,
        )
    }
    assert [one["valueInteger"] for one in said.values()] == [1, 3, 0, 7]
    assert said[LocalCode.PAIN_NEXT_MORNING]["effectiveDateTime"] == "2026-11-18"
    for done in resources(bundle, "Observation", LocalCode.SET):
        assert part(done, LocalCode.BAND) == "Thera Band red"
        assert part(done, LocalCode.BAND_PLACE) == "thighs"
        assert part(done, LocalCode.BAND_LOADS) == THIGHS_TEXT
        assert part(done, LocalCode.ELONGATION)["value"] == pytest.approx(100.0)
        assert THIGHS_TEXT in part(done, LocalCode.TARGET)
        assert (part(done, LocalCode.PAIN_WORST), part(done, LocalCode.EFFORT)) == (2, 6)
        assert done["note"][-1]["text"] == clean(HOSTILE)
    [session] = resources(bundle, "Procedure")
    [care_plan] = resources(bundle, "CarePlan")
    assert session["basedOn"] == [{"reference": f"urn:uuid:{care_plan['id']}"}]
    assert "ü 膝\nsecond line" in session["note"][-1]["text"]


def test_the_plan_is_a_care_plan_with_its_prescriptions(home: ExportedHome, tmp_path: Path) -> None:
    home.simulate()
    with home.database.write() as connection:
        person = person_meant(connection, None, time_zone="Europe/Berlin").person_id
        start_plan(connection, person, "Old", shipped_plan_text(), date(2026, 1, 1), date(2026, 2, 1))
        start_plan(connection, person, "Broken", "no = plan", date(2026, 11, 1), date(2026, 11, 17))
        start_plan(connection, person, "Mine", shipped_plan_text(), date(2026, 11, 2), None)
    report, bundle = export(home, tmp_path / "bundle.json")
    broken, mine = resources(bundle, "CarePlan")
    assert (broken["title"], mine["title"]) == ("Broken", "Mine")
    assert "activity" not in broken
    assert [one.what for one in report.left_out] == ["the prescriptions of the plan of 2026-11-01"]
    assert (mine["status"], mine["intent"], mine["period"]) == ("active", "plan", {"start": "2026-11-02"})
    texts = [one["detail"]["description"] for one in mine["activity"]]
    assert any(re.search(r"2 sets of 10-12, held 3 s.*both legs; 4-6 days a week", one) for one in texts)
    assert any("No trial has shown" in one["text"] for one in mine["note"])


def test_corrections_hold_and_what_is_deleted_or_left_out_is_not_there(
    home: ExportedHome, tmp_path: Path
) -> None:
    kept, _ = home.simulate()
    removed, _ = home.simulate(started_at=STARTED_AT + timedelta(days=1))
    with home.database.write() as connection:
        delete_session(connection, removed, reason="not mine")
        edits = [
            FieldEdit(Field.VALID_REPS, "7", 1, Side.LEFT),
            FieldEdit(Field.LEFT_OUT, "yes", 1, Side.RIGHT),
            FieldEdit(Field.REST_LEFT_OUT, "yes"),
        ]
        edit_session(connection, kept, edits, reason="counted wrong")
    report, bundle = export(home, tmp_path / "bundle.json")
    [done] = resources(bundle, "Observation", LocalCode.SET)
    assert (done["status"], part(done, LocalCode.VALID_REPS)) == ("corrected", 7)
    assert any("the sensors found" in note["text"] and "8 valid" in note["text"] for note in done["note"])
    assert len(resources(bundle, "Procedure")) == 1
    tests = resources(bundle, "Observation", LocalCode.RESTING_ROTATION)
    assert {one["status"] for one in tests} == {"entered-in-error"}
    assert [(one.what.split(" of ")[0], one.reason) for one in report.left_out] == [
        ("set 1", "the person left it out")
    ]


def test_it_names_nobody_and_two_exports_have_the_same_ids(home: ExportedHome, tmp_path: Path) -> None:
    home.simulate()
    with home.database.write() as connection:
        person = person_meant(connection, None, time_zone="Europe/Berlin")
        make_default(connection, change_person(connection, person, name="Zoë Müller 膝"))
    _, first = export(home, tmp_path / "first.json")
    _, second = export(home, tmp_path / "second.json")
    text = (tmp_path / "first.json").read_text(encoding="utf-8")
    for told in ("Zoë", "Müller", "SIM-", str(tmp_path)):
        assert told not in text
    assert [one["fullUrl"] for one in first["entry"]] == [one["fullUrl"] for one in second["entry"]]
    [patient] = resources(first, "Patient")
    assert "name" not in patient


def test_another_database_has_other_ids(home: ExportedHome, tmp_path: Path) -> None:
    home.add_by_hand()
    _, bundle = export(home, tmp_path / "bundle.json")
    other = new_home(tmp_path / "other")
    with other.database:
        other.add_by_hand()
        _, others = export(other, tmp_path / "others.json")
    own = {one["fullUrl"] for one in bundle["entry"]}
    assert own.isdisjoint(one["fullUrl"] for one in others["entry"])


def test_a_session_whose_recording_is_gone_is_exported_all_the_same(
    home: ExportedHome, tmp_path: Path
) -> None:
    """Results stand in the store."""
    _, path = home.simulate(demo_session())
    path.unlink()
    report, bundle = export(home, tmp_path / "bundle.json")
    assert report.left_out == ()
    assert len(resources(bundle, "Observation", LocalCode.RESTING_ROTATION)) == 2


def test_an_existing_file_stays(home: ExportedHome, tmp_path: Path) -> None:
    home.add_by_hand()
    out = tmp_path / "bundle.json"
    out.write_text("mine", encoding="utf-8")
    with pytest.raises(StorageError):
        export_fhir(home.database, home.everything(), out, lambda _: None)
    assert out.read_text(encoding="utf-8") == "mine"


def test_times_are_told_in_the_zone_of_the_session(home: ExportedHome, tmp_path: Path) -> None:
    home.add_by_hand()
    _, bundle = export(home, tmp_path / "bundle.json")
    [session] = resources(bundle, "Procedure")
    start = session["performedPeriod"]["start"]
    assert start == "2026-11-18T19:30:00.000+01:00"
    assert datetime.fromisoformat(start).astimezone(UTC) == STARTED_AT + timedelta(days=1)


def test_the_format_is_registered() -> None:
    assert exporter_of(Format.FHIR) is export_fhir


@given(st.text())
def test_a_clean_text_has_nothing_that_fhir_forbids(text: str) -> None:
    cleaned = clean(text)
    assert not any(ord(char) < 32 and char not in "\n\t" for char in cleaned)
    cleaned.encode("utf-8")


@given(st.floats(-1e6, 1e6))
def test_a_number_is_written_to_four_decimals(value: float) -> None:
    assert number(value) == pytest.approx(value, abs=5.1e-5)
    assert not str(number(value)).startswith("-0.0") or number(value) != 0.0
