"""What the API gives is what the command line prints; what it changes can be seen and taken back."""

import json
from pathlib import Path
from typing import Any, TypeAlias

import httpx
import pytest
from asked_api import done, found, is_error, job_over
from history_home import write_history
from typer.testing import CliRunner

from tracker.cli.main import app
from tracker.home import HOME_VARIABLE

Json: TypeAlias = Any

AS_IT_IS = {"content-type": "application/octet-stream"}
REASON = {"reason": "counted aloud"}


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("documents")
    write_history(folder, weeks=1)
    return folder


def printed(home: Path, monkeypatch: pytest.MonkeyPatch, *command: str) -> Json:
    """What a command prints as JSON."""
    monkeypatch.setenv(HOME_VARIABLE, str(home / "simulated"))
    ran = CliRunner().invoke(app, [*command, "--json"], catch_exceptions=False)
    assert ran.exit_code == 0, ran.output
    return json.loads(ran.stdout)


@pytest.mark.parametrize(
    ("path", "command"),
    [
        ("/trend", ("trend",)),
        ("/bands", ("bands",)),
        ("/habits", ("habits",)),
        ("/plan/why", ("plan", "why")),
        ("/sessions/1", ("sessions", "show", "1")),
        ("/plan", ("plan",)),
    ],
)
async def test_documents_are_those_of_the_command_line(
    client: httpx.AsyncClient,
    home: Path,
    monkeypatch: pytest.MonkeyPatch,
    path: str,
    command: tuple[str, ...],
) -> None:
    document = await found(client, path)
    expected = printed(home, monkeypatch, *command)
    assert {key: document[key] for key in expected} == expected


async def test_the_week_is_that_of_the_command_line(
    client: httpx.AsyncClient, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = await found(client, "/week")
    expected = printed(home, monkeypatch, "week", "--before", str(len(document["before"])))
    changing = {"made_at", "resting_trend"}
    assert {**document, **dict.fromkeys(changing)} == {**expected, **dict.fromkeys(changing)}
    page = await client.get("/week.pdf", params={"week": expected["next"]["week"]})
    assert page.status_code == 400 and is_error(page)
    page = await client.get("/week.pdf")
    assert page.content.startswith(b"%PDF-") and "week-20" in page.headers["content-disposition"]


async def test_sessions_are_listed_a_page_at_a_time(client: httpx.AsyncClient) -> None:
    whole = (await found(client, "/sessions"))["sessions"]
    first = await found(client, "/sessions", limit="1")
    rest = await found(client, "/sessions", before=first["earlier_before"])
    numbers = [one["session"]["session_id"] for one in whole]
    assert len(numbers) > 1
    assert [one["session"]["session_id"] for one in first["sessions"] + rest["sessions"]] == numbers


async def test_a_count_is_corrected_and_the_correction_taken_back(client: httpx.AsyncClient) -> None:
    before = (await found(client, "/sessions/1"))["sets"][0]
    body = {**REASON, "side": before["side"], "valid_reps": before["found"]["valid_reps"] + 1}
    revision = await done(client, f"/sessions/1/sets/{before['set_number']}/correct", body)
    assert revision["reason"] == REASON["reason"]
    after = (await found(client, "/sessions/1"))["sets"][0]
    assert after["corrected"]["valid_reps"] == before["found"]["valid_reps"] + 1
    assert after["found"] == before["found"]
    await done(client, "/sessions/1/undo", REASON)
    assert (await found(client, "/sessions/1"))["sets"][0] == before


async def test_a_session_is_deleted_and_restored(client: httpx.AsyncClient) -> None:
    whole = await found(client, "/sessions")
    await done(client, "/sessions/1/delete", REASON)
    assert 1 not in [one["session"]["session_id"] for one in (await found(client, "/sessions"))["sessions"]]
    assert [one["session"]["session_id"] for one in await found(client, "/data/deleted")] == [1]
    again = await client.post("/sessions/1/delete", json=REASON)
    assert again.status_code == 409 and is_error(again)
    await done(client, "/sessions/1/restore", REASON)
    assert await found(client, "/sessions") == whole


async def test_a_session_without_sensors_is_told(client: httpx.AsyncClient) -> None:
    done_ = {"exercise": "reverse_clamshell", "side": "both", "sets": 2, "reps": 10}
    body = {"started_at": "2026-11-02T18:30", "minutes": 20, "done": [done_], "notes": "in the hotel"}
    added = await client.post("/sessions", json=body)
    assert added.status_code == 201, added.text
    session = await found(client, f"/sessions/{added.json()['session_id']}")
    assert session["session"]["by_hand"] and len(session["told"]) == 2
    assert session["felt"]["notes"] == "in the hotel"
    wrongs = (({"started_at": "2999-01-01T10:00"}, 400), ({"done": [{**done_, "exercise": "none"}]}, 400))
    for wrong, status in (*wrongs, ({}, 409)):
        again = await client.post("/sessions", json={**body, **wrong})
        assert again.status_code == status and is_error(again)


async def test_how_it_felt_is_said_and_taken_back(client: httpx.AsyncClient) -> None:
    felt = await done(client, "/sessions/1/felt", {"pain_worst": 3, "notes": "왼쪽 무릎"})
    assert (felt["felt"]["pain_worst"], felt["felt"]["notes"]) == (3, "왼쪽 무릎")
    felt = await done(client, "/sessions/1/felt", {"pain_worst": None})
    assert (felt["felt"]["pain_worst"], felt["felt"]["notes"]) == (None, "왼쪽 무릎")
    of_set = await done(client, "/sessions/1/sets/1/felt", {"effort": 6})
    assert of_set["sets"][0]["effort"] == 6
    wrong: list[Json] = [{"pain_worst": 11}, {"pain_worst": True}, {"pain_worst": 2.5}, {"pane": 2}, []]
    for body in wrong:
        refused = await client.post("/sessions/1/felt", json=body)
        assert refused.status_code == 422 and is_error(refused)


async def test_what_follows_on_a_session(client: httpx.AsyncClient) -> None:
    after = await found(client, "/sessions/1/after")
    assert after["session"]["session_id"] == 1
    assert {one["side"] for one in after["rest_tests"]} == {"left", "right"}
    assert all("hip_rotation_deg" in one for one in after["rest_tests"])
    assert after["results"][0]["found"]["valid_reps"] > 0


async def test_each_person_has_data_of_their_own(client: httpx.AsyncClient) -> None:
    lines = await found(client, "/persons")
    assert len(lines) == 2
    assert sorted(one["is_default"] for one in lines) == [False, True]
    assert all(one["person"]["is_default"] == one["is_default"] for one in lines)
    other = next(str(one["person"]["person_id"]) for one in lines if not one["is_default"])
    assert (await found(client, "/sessions", person=other))["sessions"] == []
    answer = await client.get("/sessions/1", params={"person": other})
    assert answer.status_code == 404 and is_error(answer)
    client.cookies.set("tracker_person", other)
    assert (await found(client, "/sessions"))["sessions"] == []
    nobody = await client.get("/sessions", params={"person": "99"})
    assert nobody.json()["error"]["message"] == "there is no person 99"


async def test_a_person_is_added_and_renamed(client: httpx.AsyncClient) -> None:
    added = await client.post("/persons", json={"name": "안나", "time_zone": "Asia/Seoul"})
    assert added.status_code == 201
    number = added.json()["person_id"]
    renamed = await done(client, f"/persons/{number}", {"name": "anna"})
    assert (renamed["name"], renamed["time_zone"]) == ("anna", "Asia/Seoul")
    taken = await client.post("/persons", json={"name": "anna"})
    assert taken.status_code == 409 and is_error(taken)


async def test_a_plan_is_ended_and_begun(client: httpx.AsyncClient) -> None:
    assert (await found(client, "/plan"))["plan"]["name"]
    ended = await done(client, "/plan/end", {})
    assert ended["plan"]["ends_on"]
    begun = await done(client, "/plan/start", {"replace": True, "name": "again"})
    assert begun["plan"]["name"] == "again"
    wrong = await client.post("/plan/start", json={"text": "no plan"})
    assert wrong.status_code == 422 and wrong.json()["error"]["kind"] == "settings"


async def test_bands_and_habits_and_questions(client: httpx.AsyncClient) -> None:
    bands = (await done(client, "/bands", {"brand": "TheraBand", "colour": "red", "loop": True}))["bands"]
    number = bands[-1]["band_id"]
    retired = (await done(client, f"/bands/{number}/retire"))["bands"]
    assert next(one for one in retired if one["band_id"] == number)["retired"]
    questions = (await found(client, "/safety"))["questions"]
    answers = {one["name"]: False for one in questions}
    assert not (await done(client, "/safety", {"answers": answers}))["emergency"]
    missing = await client.post("/safety", json={"answers": dict(list(answers.items())[1:])})
    assert missing.status_code == 400 and is_error(missing)


async def test_sensors_are_paired_and_unpaired(client: httpx.AsyncClient) -> None:
    """On the virtual radio."""
    await done(client, "/sensors/scan")
    heard = (await job_over(client, "scan"))["result"]["sensors"]
    assert len(heard) >= 2
    chosen = {"left_thigh": heard[0]["address"], "right_thigh": heard[1]["address"]}
    await done(client, "/sensors/pair", {"sensors": chosen})
    job = await job_over(client, "radio")
    assert job["state"] == "done", job
    paired = (await found(client, "/sensors"))["paired"]
    assert {one["placement"]: one["address"] for one in paired} == chosen
    assert set((await done(client, "/sensors/left_thigh/unpair"))["paired"][0].values()) & {"right_thigh"}
    again = await client.post("/sensors/left_thigh/unpair")
    assert again.status_code == 404 and is_error(again)
    twice = {"left_thigh": heard[0]["address"], "right_thigh": heard[0]["address"]}
    await done(client, "/sensors/pair", {"sensors": twice})
    assert (await job_over(client, "radio"))["state"] == "failed"


async def test_how_sensors_did(client: httpx.AsyncClient) -> None:
    last = (await found(client, "/sensors"))["last_session"]
    assert {one["placement"] for one in last["sensors"]} >= {"left_thigh", "right_thigh"}
    assert last["simulated"] and all(0.0 <= one["loss"] <= 1.0 for one in last["sensors"])


async def test_an_export_is_made_and_fetched(client: httpx.AsyncClient) -> None:
    started = await client.post("/export", json={"format": "csv"})
    assert started.status_code == 202
    job = await job_over(client, "export")
    assert job["state"] == "done" and job["result"]["simulated"]
    file = await client.get(job["result"]["file"].removeprefix("/api"))
    assert file.content.startswith(b"PK") and len(file.content) == job["result"]["size_bytes"]
    await done(client, "/jobs/export/dismiss")
    gone = await client.get(job["result"]["file"].removeprefix("/api"))
    assert gone.status_code == 404 and is_error(gone)


@pytest.mark.slow
async def test_a_backup_is_made_looked_into_and_restored(client: httpx.AsyncClient) -> None:
    passphrase = "some words together"  # noqa: S105 - of this test alone
    await done(client, "/backup", {"passphrase": passphrase})
    job = await job_over(client, "backup")
    assert job["result"]["encrypted"] and passphrase not in json.dumps(await found(client, "/jobs"))
    file = await client.get(job["result"]["file"].removeprefix("/api"))
    await done(client, "/sessions/1/delete", REASON)
    for given, state in (("", "failed"), ("other words together", "failed"), (passphrase, "done")):
        handed = await client.post("/files", params={"name": "b.tar"}, content=file.content, headers=AS_IT_IS)
        assert handed.status_code == 201
        await done(client, "/restore/look", {"file": handed.json()["token"], "passphrase": given})
        looked = await job_over(client, "look")
        assert looked["state"] == state, looked
    assert looked["result"]["sessions"] > 1
    unmeant = await client.post("/restore", json={"confirm": "yes"})
    assert unmeant.status_code == 422
    await done(client, "/restore", {"confirm": "restore"})
    restored = await job_over(client, "restore")
    assert restored["state"] == "done", restored
    assert 1 in [one["session"]["session_id"] for one in (await found(client, "/sessions"))["sessions"]]


async def test_a_recording_is_handed_in_looked_through_and_removed(
    client: httpx.AsyncClient, home: Path
) -> None:
    path = next((home / "simulated" / "recordings").glob("*.mcap"))
    handed = await client.post(
        "/recordings", params={"name": "a.mcap"}, content=path.read_bytes(), headers=AS_IT_IS
    )
    token = handed.json()["token"]
    document = await found(client, f"/recordings/{token}")
    assert document["recording"]["path"] == "a.mcap" and document["sets"]
    timeline = await found(client, f"/recordings/{token}/timeline", points="50")
    assert timeline["complete"] and timeline["repetitions"]
    known = await client.post(f"/recordings/{token}/keep")
    assert known.status_code == 409 and is_error(known)
    assert (await client.delete(f"/recordings/{token}")).status_code == 204
    assert (await client.get(f"/recordings/{token}")).status_code == 404


async def test_what_is_no_recording_is_told(client: httpx.AsyncClient) -> None:
    handed = await client.post(
        "/recordings", params={"name": "../a.mcap"}, content=b"no recording", headers=AS_IT_IS
    )
    assert handed.json()["name"] == "a.mcap"
    answer = await client.get(f"/recordings/{handed.json()['token']}")
    assert answer.status_code == 422 and is_error(answer)
    assert str(Path.home()) not in answer.text


@pytest.mark.parametrize("command", ["pause", "resume", "skip", "finish", "repeat-rest"])
async def test_nothing_can_be_steered_while_nothing_runs(client: httpx.AsyncClient, command: str) -> None:
    answer = await client.post(f"/live/{command}")
    assert answer.status_code == 409 and answer.json()["error"]["kind"] == "conflict"


async def test_errors_name_the_field_and_send_nothing_back(client: httpx.AsyncClient) -> None:
    answer = await client.post("/safety", json={"answers": {"a": "secret words"}})
    assert answer.status_code == 422
    assert answer.json()["error"]["data"]["field"] == "body.answers.a"
    assert "secret words" not in answer.text
