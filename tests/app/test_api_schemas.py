"""The API's document says what each answer holds; `asked_api` holds every answer against it."""

import copy
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated, Any, TypeAlias

import httpx
import pytest
from api_requests import Schema
from asked_api import done, found, job_over
from history_home import write_history
from json_schema import Json, document, misfits, operation_of, schema_of
from pydantic import TypeAdapter
from typing_extensions import TypedDict

from tracker.app.api.answers.as_it_is import AS_IT_IS, As
from tracker.app.api.described_fields import UNITS
from tracker.model import SetFelt

Operation: TypeAlias = tuple[str, str]

REASON = {"reason": "counted aloud"}
AS_A_FILE = {"content-type": "application/octet-stream"}
OPEN = {"AnalysisObject.parameters", "VerdictObject.inputs", "ErrorObject.data"}
"""Whose keys are those of settings, of a rule, of an error: they are no part of the API."""


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("schemas")
    write_history(folder, weeks=4)
    return folder


def operations_with_json() -> Iterator[tuple[Operation, Schema]]:
    """All operations that answer with JSON when they succeed."""
    for path, methods in document()["paths"].items():
        for method, told in methods.items():
            for status in told["responses"]:
                if status != "default" and (schema := schema_of((method.upper(), path), int(status))):
                    yield (method.upper(), path), schema


def objects_without_fields(schema: Json, where: str) -> Iterator[str]:
    """Where a schema allows any object, or anything at all."""
    if isinstance(schema, dict):
        is_object = schema.get("type") == "object"
        if schema == {} or (is_object and not (schema.get("properties") or _says_values(schema))):
            yield where
        for name, one in schema.items():
            if name == "properties":
                for field, told in one.items():
                    yield from objects_without_fields(told, f"{where}.{field}")
            elif name in {"items", "additionalProperties"}:
                yield from objects_without_fields(one, where)
            elif name in {"anyOf", "prefixItems"}:
                for part in one:
                    yield from objects_without_fields(part, where)


def _says_values(schema: Schema) -> bool:
    return isinstance(schema.get("additionalProperties"), dict)


def test_no_operation_answers_with_just_any_object() -> None:
    bare = {where for (_, path), one in operations_with_json() for where in objects_without_fields(one, path)}
    for name, one in document()["components"]["schemas"].items():
        bare |= set(objects_without_fields(one, name))
    assert bare == OPEN
    assert len(list(operations_with_json())) > 70


def test_each_answer_is_an_object_with_a_name() -> None:
    """So that programs that are made from the document have types with names."""
    for operation, schema in operations_with_json():
        whole = schema.get("items", schema)
        for one in whole.get("anyOf", [whole]):
            assert "$ref" in one, operation


def test_numbers_with_units_say_them() -> None:
    found = 0
    for schema in document()["components"]["schemas"].values():
        assert "Attributes:" not in schema.get("description", "")
        for name, field in schema.get("properties", {}).items():
            assert not re.search(r"\bNone\b", field.get("description", "")), name
            unit = next((unit for end, unit in UNITS.items() if name.endswith(end)), None)
            if unit is not None:
                found += 1
                assert field["description"].endswith(f"In {unit}."), name
    assert found > 100
    fields = document()["components"]["schemas"]["SensorObject"]["properties"]
    assert fields["rate_hz"]["description"] == "Measured sample rate. In hertz."
    assert fields["clock_residual_s"]["description"].startswith("What 95 % of the frames")


async def _seen(client: httpx.AsyncClient) -> None:
    for path in (
        "/live", "/today", "/today/choices", "/safety", "/habits", "/sessions", "/week", "/trend", "/plan",
        "/plan/why", "/bands", "/persons", "/sensors", "/data", "/backups", "/reanalysis", "/jobs",
    ):  # fmt: skip
        await found(client, path)


async def _sessions(client: httpx.AsyncClient) -> None:
    await done(client, "/bands", {"brand": "TheraBand", "colour": "red", "loop": True, "rest_length_m": 0.3})
    of_set = {"band_id": 1, "stretched_length_m": 0.6, "pain": 2, "notes": "ok"}
    await done(client, "/sessions/1/sets/1/felt", of_set)
    await done(client, "/sessions/1/felt", {"pain_worst": 6, "notes": "ok"})
    done_ = {"exercise": "reverse_clamshell", "side": "both", "sets": 2, "reps": 10, "hold_s": 2.5}
    body = {"started_at": "2026-11-02T18:30", "minutes": 20, "done": [done_], "notes": "in the hotel"}
    told = (await done(client, "/sessions", body))["session_id"]
    await done(client, f"/sessions/{told}/told/1/correct", {**REASON, "reps": 8})
    first = (await found(client, "/sessions/1"))["sets"][0]
    wrong = {**REASON, "side": first["side"], "valid_reps": first["found"]["valid_reps"] + 1}
    await done(client, "/sessions/1/sets/1/correct", wrong)
    await done(client, "/sessions/1/rest-tests", {**REASON, "counts": False})
    last = (await found(client, "/sessions"))["sessions"][0]["session"]["session_id"]
    after = (f"/sessions/{last}/after", f"/sessions/{last}", f"/plan/why?session={last}")
    for path in ("/sessions/1", f"/sessions/{told}", "/sessions/1/after", "/week", *after):
        await found(client, path)
    await done(client, "/sessions/1/undo", REASON)
    await done(client, "/sessions/2/delete", REASON)
    assert await found(client, "/data/deleted")
    await done(client, "/sessions/2/restore", REASON)
    await done(client, "/bands/1/retire")
    await found(client, "/sessions/1/courses?from_s=1&until_s=30")
    while not (await found(client, "/sessions/1/timeline"))["complete"]:
        pass


async def _answers_of_a_person(client: httpx.AsyncClient) -> None:
    habits = [{"habit": "cross_legged", "amount": "much", "minutes": 60}]
    await done(client, "/habits", {"day": "2026-11-20", "habits": habits})
    questions = (await found(client, "/safety"))["questions"]
    answers = {one["name"]: False for one in questions}
    concerning = next(one["name"] for one in questions if one["yes_means"] != "emergency")
    await done(client, "/safety", {"answers": {**answers, concerning: True}})
    await done(client, "/safety/clear", {"note": "Dr. A, yesterday"})
    await done(client, "/safety", {"answers": answers})
    added = await done(client, "/persons", {"name": "anna"})
    person = f"/persons/{added['person_id']}"
    await done(client, person, {"name": "maria"})
    await done(client, "/persons/1/default")
    assert (await found(client, f"{person}/delete"))["person"]["name"] == "maria"
    await done(client, f"{person}/delete", {"name": "maria"})
    await found(client, "/week")


async def _plans(client: httpx.AsyncClient) -> None:
    plan = await found(client, "/plan")
    one = plan["prescriptions"][0]
    low, high = one["days_a_week"]
    body = {
        "mark": plan["mark"],
        "days_a_week": {"low": low, "high": high},
        "sets": {"low": one["sets"], "high": one["sets"] + 1},
        "reps": {"low": one["reps_low"], "high": one["reps_high"] + 1},
        "hold_s": one["hold_s"],
        "rest_s": one["rest_s"],
        "tempo": one["tempo"],
        "band": None,
    }
    changed = await done(client, f"/plan/prescriptions/{one['prescription']}", body)
    await done(client, "/plan/text", {"mark": changed["mark"], "text": f"{changed['text']}\n# agreed on\n"})
    ended = await done(client, "/plan/end", {"ends_on": _day_from(plan["day"], -1)})
    assert ended["plan"] is None
    later = await done(client, "/plan/start", {"starts_on": _day_from(plan["day"], 30), "name": "later"})
    await done(client, f"/plan/{later['later'][0]['plan_id']}/call-off")
    await done(client, "/plan/start", {})


def _day_from(day: str, days: int) -> str:
    return (date.fromisoformat(day) + timedelta(days=days)).isoformat()


async def _files(client: httpx.AsyncClient, home: Path) -> None:
    recording = next((home / "simulated" / "recordings").glob("*.mcap")).read_bytes()
    handed = (await client.post("/recordings", content=recording, headers=AS_A_FILE)).json()
    await found(client, f"/recordings/{handed['token']}")
    await found(client, f"/recordings/{handed['token']}/timeline")
    await found(client, f"/recordings/{handed['token']}/courses?from_s=1&until_s=30")
    assert (await client.post("/files", content=b"nothing", headers=AS_A_FILE)).status_code == 201
    await done(client, "/export", {"format": "csv"})
    assert (await job_over(client, "export"))["result"]["file"]
    await done(client, "/reanalysis", {"store": False})
    assert (await job_over(client, "reanalysis"))["result"]["summary"]


async def _sensors(client: httpx.AsyncClient) -> None:
    await done(client, "/sensors/scan")
    heard = (await job_over(client, "scan"))["result"]["sensors"]
    chosen = {"left_thigh": heard[0]["address"], "right_thigh": heard[1]["address"]}
    await done(client, "/sensors/pair", {"sensors": chosen})
    assert (await job_over(client, "radio"))["result"]["sensors"]
    assert (await found(client, "/sensors"))["paired"]
    await done(client, "/sensors/left_thigh/unpair")
    await done(client, "/sensors/check")
    assert (await job_over(client, "radio"))["result"]["findings"]


@pytest.mark.slow
async def test_every_kind_of_answer_is_what_the_document_says(client: httpx.AsyncClient, home: Path) -> None:
    seen: set[str] = set()

    async def note(answer: httpx.Response) -> None:
        operation = operation_of(answer.request.method, answer.request.url.path)
        if answer.is_success and operation is not None:
            schema = schema_of(operation, answer.status_code)
            seen.update([] if schema is None else names_of(schema))

    client.event_hooks["response"].append(note)
    await _seen(client)
    await _sessions(client)
    await _answers_of_a_person(client)
    await _plans(client)
    await _files(client, home)
    await _sensors(client)
    unseen = {name for _, schema in operations_with_json() for name in names_of(schema)} - seen
    # To keep a recording, its session must not be among one's own.
    assert unseen == {"Kept"}


def names_of(schema: Schema) -> set[str]:
    """The objects that an answer, or each of its list, can be."""
    whole = schema.get("items", schema)
    return {one["$ref"].rpartition("/")[2] for one in whole.get("anyOf", [whole])}


async def test_what_the_document_does_not_say_is_found(client: httpx.AsyncClient) -> None:
    """The check of these tests itself."""
    schema = schema_of(("GET", "/sessions/{session}"), 200)
    whole = await found(client, "/sessions/1")
    assert schema is not None
    changes: tuple[Callable[[Json], object], ...] = (
        lambda one: one.pop("person"),
        lambda one: one.update(more=1),
        lambda one: one["session"].update(started_at="yesterday"),
        lambda one: one["session"].update(state="gone"),
        lambda one: one["rest_tests"][0].pop("hip_rotation_deg"),
        lambda one: one["rest_tests"][0].update(uncertainty_deg="2"),
        lambda one: one["sets"][0]["found"].update(valid_reps=True),
        lambda one: one["sensors"].update(left_thigh=[]),
        lambda one: one["quality"][0]["gaps"].append("gap"),
    )
    for change in changes:
        wrong = copy.deepcopy(whole)
        change(wrong)
        assert len(list(misfits(schema, wrong))) == 1


class _Odd(TypedDict):
    number: int


def test_what_is_sent_is_not_changed() -> None:
    """The document describes the answer; it does not make it."""
    value = {"number": 1.0, "more": [1, None], "none": {}}
    more_felt: Any = Annotated[dict[str, object], As(SetFelt, "FeltMore", more=int)]
    adapters: tuple[TypeAdapter[Any], ...] = (TypeAdapter(Annotated[_Odd, AS_IT_IS]), TypeAdapter(more_felt))
    for adapter in adapters:
        given = adapter.validate_python(value)
        assert given is value
        assert adapter.dump_json(given) == b'{"number":1.0,"more":[1,null],"none":{}}'
    more = adapters[1].json_schema()
    assert set(more["properties"]) == {"pain", "effort", "notes", "band_id", "stretched_length_m", "more"}
    assert set(more["required"]) == set(more["properties"])


def test_pages_do_not_wait_for_it() -> None:
    """The API is made when the first page is there: until then nothing of its types is read."""
    script = (
        "import sys, tracker.app.server, tracker.app.pages.index\n"
        "from tracker.app.pages.index import PAGES\n"
        "print([name for name in sys.modules if name.startswith(('tracker.app.api.answers',"
        " 'tracker.report.objects', 'tracker.app.api.routes'))], len(PAGES))"
    )
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert ran.stdout.startswith("[] ")
