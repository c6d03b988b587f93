"""Holds answers against the API's own document: every field is there, of its type, and no other one is."""

import re
from collections.abc import Iterator
from datetime import date, datetime
from functools import cache
from typing import Any, TypeAlias

import httpx
from api_requests import Schema, document_of
from starlette.routing import compile_path

Json: TypeAlias = Any

_TYPES: dict[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "null": (type(None),),
}


SENDS_ELSEWHERE = re.compile(r"\btracker [a-z]|(?<!enable )--[a-z]|TRACKER_HOME|\b[Pp]age\b")
"""To a command, or to a page: a program has neither."""


@cache
def document() -> Schema:
    """What the API says of itself."""
    return document_of()


def misfits(schema: Schema, value: Json, where: str = "$") -> Iterator[str]:
    """What of a value is not as its schema says; of an object with named fields others are none of it."""
    if "$ref" in schema:
        schema = document()["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    if "anyOf" in schema:
        found = [list(misfits(one, value, where)) for one in schema["anyOf"]]
        if all(found):
            yield from min(found, key=len)
        return
    if "const" in schema and value != schema["const"]:
        yield f"{where}: {value!r} is not {schema['const']!r}"
    if "enum" in schema and value not in schema["enum"]:
        yield f"{where}: {value!r} is none of {schema['enum']}"
    kind = schema.get("type")
    if kind is None:
        return
    if not isinstance(value, _TYPES[kind]) or (isinstance(value, bool) and kind in {"integer", "number"}):
        yield f"{where}: {value!r} is no {kind}"
    elif isinstance(value, dict):
        yield from _misfits_of_object(schema, value, where)
    elif isinstance(value, list):
        yield from _misfits_of_array(schema, value, where)
    elif isinstance(value, str):
        yield from _misfits_of_text(schema, value, where)


def _misfits_of_object(schema: Schema, value: dict[str, Json], where: str) -> Iterator[str]:
    properties, others = schema.get("properties", {}), schema.get("additionalProperties")
    yield from (f"{where}.{name} is missing" for name in schema.get("required", ()) if name not in value)
    for name, one in value.items():
        if name in properties:
            yield from misfits(properties[name], one, f"{where}.{name}")
        elif isinstance(others, dict):
            yield from misfits(others, one, f"{where}.{name}")
        elif not others:
            yield f"{where}.{name} is not told of"


def _misfits_of_array(schema: Schema, value: list[Json], where: str) -> Iterator[str]:
    places = schema.get("prefixItems", ())
    if places and len(value) != len(places):
        yield f"{where}: {len(value)} values in place of {len(places)}"
    for number, one in enumerate(value):
        of_one = places[number] if number < len(places) else schema.get("items", {})
        yield from misfits(of_one, one, f"{where}[{number}]")


def _misfits_of_text(schema: Schema, value: str, where: str) -> Iterator[str]:
    read = {"date": date.fromisoformat, "date-time": datetime.fromisoformat}.get(schema.get("format", ""))
    if read is not None:
        try:
            read(value)
        except ValueError:
            yield f"{where}: {value!r} is no {schema['format']}"


def operation_of(method: str, path: str) -> tuple[str, str] | None:
    """Method and path, as in the document, that a request was answered by; None where there is none."""
    for pattern, methods in sorted(document()["paths"].items(), key=lambda one: "{" in one[0]):
        if method.lower() in methods and compile_path(pattern)[0].fullmatch(path):
            return method, pattern
    return None


def schema_of(operation: tuple[str, str], status: int) -> Schema | None:
    """Of the JSON that an operation answers with such a status; None where it is told to be no JSON."""
    method, path = operation
    told = document()["paths"][path][method.lower()]["responses"]
    content = told.get(str(status), told["default"]).get("content", {})
    schema: Schema | None = content.get("application/json", {}).get("schema")
    return schema


async def check_answer(answer: httpx.Response) -> None:
    """Refuse an answer that is not what the document says, or sends elsewhere; for the hooks of a client."""
    operation = operation_of(answer.request.method, answer.request.url.path)
    if operation is None or answer.headers.get("content-type") != "application/json":
        return
    # Of an answer without a body the type is told all the same; a stream is not read here.
    if not await answer.aread():
        return
    schema = schema_of(operation, answer.status_code)
    assert schema is not None, f"{operation}: JSON of which nothing is told"
    assert list(misfits(schema, answer.json())) == [], f"{operation}: {answer.status_code}"
    if answer.is_error and "x-asked-by" not in answer.request.headers:
        error = answer.json()["error"]
        assert not SENDS_ELSEWHERE.search(f"{error['message']} {error['advice']}"), error
