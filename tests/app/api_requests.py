"""Requests of any kind that the API's own document allows, and of some that it does not."""

import string
from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import quote

from hypothesis import strategies as st

from tracker.app.api.routes import make_api
from tracker.app.site import Site

Schema = dict[str, Any]

ANY_VALUE: st.SearchStrategy[Any] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)

_IN_PATHS = string.ascii_letters + string.digits + "._-~ %äß한:@"
_WRONG_IN = 8
"""One value in so many is of any kind, whatever the document says."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One request."""

    method: str
    path: str
    query: dict[str, Any]
    body: Any


def document_of() -> Schema:
    """What the API says of itself."""
    # Its document asks for nothing of the site.
    return make_api(cast("Site", None)).openapi()


def requests(document: Schema, left_out: frozenset[str]) -> st.SearchStrategy[Asked]:
    """Requests for any of a document's operations, but those whose path contains one of `left_out`."""
    operations = [
        (method.upper(), path, operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
        if not any(part in path for part in left_out)
    ]
    return st.sampled_from(operations).flatmap(lambda one: _request(document, *one))


@st.composite
def _request(draw: st.DrawFn, document: Schema, method: str, path: str, operation: Schema) -> Asked:
    query = {}
    for parameter in operation.get("parameters", []):
        schema = parameter["schema"]
        if parameter["in"] == "path":
            value = draw(st.text(_IN_PATHS, min_size=1, max_size=12) | values(document, schema))
            path = path.replace("{" + parameter["name"] + "}", _quoted(str(value)))
        elif draw(st.booleans()) or parameter.get("required"):
            query[parameter["name"]] = draw(values(document, schema))
    content = operation.get("requestBody", {}).get("content", {})
    body = None
    if "application/json" in content:
        body = draw(values(document, content["application/json"]["schema"]))
    elif content:
        body = draw(st.binary(max_size=200))
    return Asked(method, path, query, body)


def _quoted(text: str) -> str:
    return quote(text, safe="") or "x"


def values(document: Schema, schema: Schema) -> st.SearchStrategy[Any]:
    """Mostly values that a schema allows, or nearly so; now and then any others."""
    allowed = _allowed(document, schema)
    return st.integers(0, _WRONG_IN).flatmap(lambda one: ANY_VALUE if one == 0 else allowed)


def _allowed(document: Schema, schema: Schema) -> st.SearchStrategy[Any]:
    if "$ref" in schema:
        return values(document, document["components"]["schemas"][schema["$ref"].rpartition("/")[2]])
    if "anyOf" in schema:
        return st.one_of([_allowed(document, one) for one in schema["anyOf"]])
    if "enum" in schema or "const" in schema:
        return st.sampled_from(schema.get("enum") or [schema["const"]])
    match schema.get("type"):
        case "object":
            return _objects(document, schema)
        case "array":
            return st.lists(values(document, schema.get("items", {})), max_size=4)
        case "integer":
            low, high = schema.get("minimum", -10), schema.get("maximum", 2**40)
            return st.integers(low, min(high, low + 30)) | st.integers(low - 2, high + 2)
        case "number":
            return st.floats(-1.0, 1e9)
        case "boolean":
            return st.booleans()
        case "null":
            return st.none()
        case "string":
            return st.text(max_size=min(40, schema.get("maxLength", 40))) | st.sampled_from(
                ["2026-11-28", "2026-W48", "left", "supine_in_toeing", "\u0000", "2026-11-28T10:00:00Z", ""]
            )
        case _:
            return ANY_VALUE


def _objects(document: Schema, schema: Schema) -> st.SearchStrategy[Any]:
    properties = schema.get("properties", {})
    if not properties:
        return st.dictionaries(st.text(max_size=10), ANY_VALUE, max_size=3)
    needed = set(schema.get("required", ()))
    return st.fixed_dictionaries(
        {name: values(document, one) for name, one in properties.items() if name in needed},
        optional={name: values(document, one) for name, one in properties.items() if name not in needed},
    )
