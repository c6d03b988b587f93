"""Errors as JSON: `{"error": {"message", "advice", "kind", "data"}}`, always in English."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, TypeAlias

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from tracker.app.api.advice import for_programs
from tracker.errors import (
    BluetoothError,
    ConflictError,
    DatabaseError,
    DatabaseInUseError,
    InputError,
    LossError,
    MissingFileError,
    NoSensorError,
    NotThereError,
    RefusedError,
    SettingsError,
    StorageError,
    TrackerError,
    UsageError,
)

STATUS_OF: Mapping[type[TrackerError], int] = {
    UsageError: 400,
    NotThereError: 404,
    ConflictError: 409,
    InputError: 422,
    MissingFileError: 404,
    SettingsError: 422,
    RefusedError: 409,
    LossError: 409,
    NoSensorError: 503,
    BluetoothError: 503,
    DatabaseError: 503,
    DatabaseInUseError: 409,
    StorageError: 507,
    TrackerError: 500,
}
"""By kind of error; kinds that are not listed are as the kind that they are of."""

ASKED_BY, OWN_PAGE = "x-asked-by", "page"
"""A header of the page's own requests, which show a person what went wrong, in words of their own."""

DataValue: TypeAlias = bool | int | str | list[Any] | None

_OF_HTTP = {
    404: ("there is nothing at this address", "See /api/openapi.json for what there is."),
    405: ("this cannot be asked for in that way", "See /api/openapi.json for what there is."),
}


@dataclass(frozen=True, slots=True)
class ErrorObject:
    """What went wrong.

    Attributes:
        kind: of the error, for programs: `usage`, `not_there`, `conflict`, `refused`, `request` ...
        data: the values that the message speaks of.
    """

    message: str
    advice: str
    kind: str
    data: dict[str, DataValue] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ErrorAnswer:
    """The body of every answer that is no success."""

    error: ErrorObject


def kind_of(error: TrackerError) -> str:
    """`StorageError` as `storage`, `NoSensorError` as `no_sensor`."""
    name = type(error).__name__.removesuffix("Error")
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


def status_of(error: TrackerError) -> int:
    """The status of HTTP for an error."""
    return next(STATUS_OF[kind] for kind in type(error).__mro__ if kind in STATUS_OF)


def add_error_answers(api: FastAPI) -> None:
    """Answer whatever goes wrong in the one form."""
    api.add_exception_handler(TrackerError, _of_tracker)
    api.add_exception_handler(RequestValidationError, _of_request)
    api.add_exception_handler(HTTPException, _of_http)
    api.add_exception_handler(Exception, _of_fault)


def _of_tracker(request: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, TrackerError):
        return _of_fault(request, error)
    data = {name: _plain(value) for name, value in error.data.items()}
    message, advice = error.message, error.advice
    if request.headers.get(ASKED_BY) != OWN_PAGE:
        message, advice = for_programs(message), for_programs(advice)
    return _answer(status_of(error), ErrorObject(message, advice, kind_of(error), data))


def _of_request(_request: Request, error: Exception) -> JSONResponse:
    """Names the first field that is wrong; what was sent is not sent back."""
    found = error.errors() if isinstance(error, RequestValidationError) else []
    first: Mapping[str, Any] = found[0] if found else {"loc": (), "msg": "it makes no sense"}
    where = ".".join(str(part)[:60] for part in first["loc"])
    text = f"the request cannot be used: {where}: {first['msg']}"
    advice = "See /api/openapi.json for what is asked."
    if where == "body":
        advice = f"Send a JSON object with the header Content-Type: application/json. {advice}"
    return _answer(422, ErrorObject(text, advice, "request", {"field": where}))


def _of_http(_request: Request, error: Exception) -> JSONResponse:
    status = error.status_code if isinstance(error, HTTPException) else 500
    message, advice = _OF_HTTP.get(status, ("the request cannot be answered", "Look at the request."))
    headers = error.headers if isinstance(error, HTTPException) else None
    return _answer(status, ErrorObject(message, advice, "http"), headers)


def _of_fault(_request: Request, _error: Exception) -> JSONResponse:
    """The fault itself goes to the program's log; to whoever asked it tells nothing."""
    return _answer(500, ErrorObject("the program made a mistake", "Restart it and try again.", "fault"))


def _answer(status: int, error: ErrorObject, headers: Mapping[str, str] | None = None) -> JSONResponse:
    return JSONResponse(asdict(ErrorAnswer(error)), status, headers=headers)


def _plain(value: object) -> DataValue:
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(one) for one in value]
    return str(value)
