"""What docstrings say of fields, moved to the fields of the document, with the units of their names."""

import re
from typing import Any

Schema = dict[str, Any]

UNITS = {
    "_deg_per_week": "degrees per week",
    "_deg_per_s": "degrees per second",
    "_m_per_s2": "metres per second squared",
    "_deg": "degrees",
    "_percent": "percent",
    "_ppm": "parts per million",
    "_bytes": "bytes",
    "_dbm": "dBm",
    "_hz": "hertz",
    "_nm": "newton metres",
    "_n": "newtons",
    "_m": "metres",
    "_s": "seconds",
}
"""By the ends of names; the first that fits holds."""

_SECTION = "\n\nAttributes:\n"
_NOTHING = re.compile(r"\bNone\b")
_FIELD = re.compile(r"    (\w+(?:, \w+)*): (.*)")


def describe_fields(document: Schema) -> None:
    """Let each field of each object say what it is, as far as docstring and name tell."""
    for schema in document.get("components", {}).get("schemas", {}).values():
        told = _taken_out(schema)
        if "description" in schema:
            schema["description"] = _NOTHING.sub("null", schema["description"])
        for name, field in schema.get("properties", {}).items():
            text = " ".join(
                part for part in (field.get("description") or told.get(name), _unit(name)) if part
            )
            if text:
                field["description"] = _NOTHING.sub("null", text)


def _taken_out(schema: Schema) -> dict[str, str]:
    """What the description says of fields; it is left without."""
    whole, _, section = schema.get("description", "").partition(_SECTION)
    if not section:
        return {}
    schema["description"] = whole
    told: dict[str, str] = {}
    names: list[str] = []
    for line in section.splitlines():
        found = _FIELD.fullmatch(line)
        if found is not None:
            names = found[1].split(", ")
            told |= dict.fromkeys(names, found[2])
        else:
            told |= {name: f"{told[name]} {line.strip()}".strip() for name in names}
    return {name: text[0].upper() + text[1:] for name, text in told.items() if text}


def _unit(name: str) -> str:
    unit = next((unit for end, unit in UNITS.items() if name.endswith(end)), None)
    return "" if unit is None else f"In {unit}."
