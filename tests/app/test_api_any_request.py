"""Whatever is asked, the answer is what was asked for, or an error in the one form; never a fault."""

import json
import re
from pathlib import Path
from typing import Any

import httpx
import pytest
from api_requests import Asked, document_of, requests
from asked_api import is_error
from history_home import write_history
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

LONG_WORK = frozenset(
    {"/live/start", "/live/events", "/reanalysis", "/timeline", "/courses", "/week.pdf", "/keep", "/export",
     "/backup", "/sensors/scan", "/sensors/identify", "/sensors/pair", "/sensors/place", "/sensors/calibrate",
     "/sensors/check"}
)  # fmt: skip
"""Tried elsewhere: each takes its time."""

DOCUMENT = document_of()
NESTED = (b"[" * 100_000, b'{"a":' * 5000, b"NaN", b"\xef\xbb\xbf{}", b'"\\ud800"')
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("any_request")
    write_history(folder, weeks=1)
    return folder


def send(client: httpx.AsyncClient, asked: Asked) -> httpx.Request:
    body: dict[str, Any] = {}
    if isinstance(asked.body, bytes):
        body = {"content": asked.body, "headers": {"content-type": "application/octet-stream"}}
    elif asked.body is not None:
        body = {"content": json.dumps(asked.body), "headers": {"content-type": "application/json"}}
    query = {name: value for name, value in asked.query.items() if isinstance(value, str | int | float)}
    return client.build_request(asked.method, asked.path, params=query, **body)


def keys_of(value: object) -> set[str]:
    """All keys of an object, at any depth."""
    if isinstance(value, dict):
        return set(map(str, value)).union(*map(keys_of, value.values()))
    return set().union(*map(keys_of, value)) if isinstance(value, list) else set()


@settings(max_examples=250, suppress_health_check=list(HealthCheck))
@given(asked=requests(DOCUMENT, LONG_WORK))
async def test_any_request_is_answered_in_form(client: httpx.AsyncClient, asked: Asked) -> None:
    answer = await client.send(send(client, asked))
    assert answer.status_code < 500 or answer.status_code in {503, 507}, answer.text
    if answer.status_code >= 400:
        assert is_error(answer), answer.text
    elif answer.content and answer.headers.get("content-type") == "application/json":
        found = json.loads(answer.text, parse_constant=lambda name: pytest.fail(f"{name} is no JSON"))
        assert not [key for key in keys_of(found) if key.endswith("_rad")]


@settings(max_examples=100, suppress_health_check=list(HealthCheck))
@given(
    path=st.sampled_from([path for path, methods in DOCUMENT["paths"].items() if "post" in methods]),
    body=st.binary(max_size=200)
    | st.sampled_from([b"[" * 100_000, b'{"a":' * 5000, b"NaN", b"\xef\xbb\xbf{}"]),
    kind=st.sampled_from(
        ["application/json", "text/plain", "", "multipart/form-data; boundary=x", "a/b/c;;"]
    ),
)
async def test_any_body_is_answered_in_form(
    client: httpx.AsyncClient, path: str, body: bytes, kind: str
) -> None:
    whole = re.sub(r"\{\w+\}", "1", path)
    if any(part in whole for part in LONG_WORK):
        return
    answer = await client.post(whole, content=body, headers={"content-type": kind} if kind else {})
    assert answer.status_code < 500
    assert answer.status_code < 400 or is_error(answer)


@settings(max_examples=60, suppress_health_check=list(HealthCheck))
@given(
    path=st.text(max_size=40), method=st.sampled_from(["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
)
async def test_any_address_is_answered_in_form(client: httpx.AsyncClient, path: str, method: str) -> None:
    quoted = httpx.QueryParams({"x": path})["x"].encode().hex()
    answer = await client.request(method, f"/{quoted}/x")
    assert answer.status_code in {404, 405} and is_error(answer)


def test_no_angle_leaves_in_radians() -> None:
    assert not [key for key in keys_of(DOCUMENT) if re.search(r"_rad\b|_rad_per_s", key)]


def test_readme_names_addresses_that_exist() -> None:
    readme = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    named = set(re.findall(r"/api(/[a-z/.]+)", readme)) - {"/openapi.json"}
    assert {"/week", "/live/start", "/live/events", "/recordings"} <= named <= set(DOCUMENT["paths"])


def test_every_operation_says_what_it_is() -> None:
    operations = [one for methods in DOCUMENT["paths"].values() for one in methods.values()]
    assert len(operations) > 60
    for one in operations:
        assert one["description"].strip().endswith((".", ";", "`")), one["operationId"]
        assert "default" in one["responses"]
        assert one["tags"]
    names = [one["operationId"] for one in operations]
    assert len(set(names)) == len(names)
