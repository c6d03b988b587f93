"""From tables that people write to the frozen parameters that code reads.

People write degrees, code reads radians: a parameter `void_elevation_rad` is the key
`void_elevation_deg` of its table. A wrong key or value gives an error that names it with its path.
No number may be negative but where a field's metadata says `signed`; `above` and `below` there say more, in
the field's own unit.
"""

import dataclasses
import math
import tomllib
from collections.abc import Mapping
from functools import cache
from typing import Annotated, Any, TypeVar, get_args, get_type_hints

from pydantic import BaseModel, ConfigDict, Field, ValidationError, create_model
from pydantic.fields import FieldInfo

from tracker.errors import SettingsError

Parameters = TypeVar("Parameters")

_RAD, _RAD_RATE = "_rad", "_rad_per_s"
_DEG, _DEG_RATE = "_deg", "_deg_per_s"


def parse_toml(text: str, source: str) -> dict[str, Any]:
    """The tables of a TOML text; `source` names it in errors.

    Raises:
        SettingsError: it is no TOML.
    """
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(
            f"{source} cannot be read: {error}", advice="Mend the line that is named.", source=source
        ) from error


def key_of(name: str) -> str:
    """The key that a person writes for a parameter."""
    if name.endswith(_RAD_RATE):
        return name.removesuffix(_RAD_RATE) + _DEG_RATE
    return name.removesuffix(_RAD) + _DEG if name.endswith(_RAD) else name


def parameters_from(
    kind: type[Parameters], table: Mapping[str, object], path: str, source: str
) -> Parameters:
    """Frozen parameters of a dataclass `kind`, from its defaults and the keys of a table.

    Args:
        path: where the table stands in its file, for errors.

    Raises:
        SettingsError: an unknown key, or a value of the wrong kind.
    """
    # Classes are hashable, whatever the type checker makes of a class of any kind.
    values = validated(table_model(kind), table, path, source)  # type: ignore[arg-type]
    given = values.model_dump(exclude_unset=True)
    angles = {field.name: key_of(field.name) for field in _fields(kind)}
    changed = {
        name: math.radians(given[key]) if key != name else given[key]
        for name, key in angles.items()
        if key in given
    }
    return kind(**changed)


Model = TypeVar("Model", bound=BaseModel)


def validated(model: type[Model], table: Mapping[str, object], path: str, source: str) -> Model:
    """A table as an instance of a model; SettingsError names the first key that is wrong."""
    try:
        return model.model_validate(table)
    except ValidationError as error:
        found = error.errors(include_url=False, include_context=False)
        # A misspelt key also leaves the right one missing: the misspelt one is what the person sees.
        first = min(found, key=lambda one: one["type"] == "missing")
        key = ".".join(filter(None, [path, *map(str, first["loc"])]))
        if first["type"] == "extra_forbidden":
            message = f"{source}: there is no setting {key}"
        else:
            message = f"{source}: {key}: {first['msg'][0].lower()}{first['msg'][1:]}"
        verb = "Add" if first["type"] == "missing" else "Mend or remove"
        raise SettingsError(message, advice=f"{verb} the key {key}.", source=source, key=key) from error


@cache
def table_model(kind: type[object]) -> type[BaseModel]:
    """The model of the table that a person writes for a dataclass of plain parameters."""
    hints = get_type_hints(kind)
    fields: dict[str, Any] = {
        key_of(field.name): (Annotated[hints[field.name], _limits(field, hints[field.name])], None)
        for field in _fields(kind)
    }
    config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)
    return create_model(kind.__name__, __config__=config, **fields)


def _limits(field: dataclasses.Field[object], hint: object) -> FieldInfo:
    limits: FieldInfo
    if not _is_number(hint):
        # TOML knows no enums and no tuples: their names and lists stand for them. No word stands for true.
        limits = Field(strict=True if hint is bool else None)
        return limits
    above, below = field.metadata.get("above"), field.metadata.get("below")
    least = None if above is not None or field.metadata.get("signed") else 0.0
    # Strict: a text or a true that stands where a number belongs is a mistake, whatever it could be read as.
    limits = Field(gt=above, ge=least, lt=below, strict=True)
    return limits


def _is_number(hint: object) -> bool:
    """True for numbers, also where None may stand for one."""
    return bool({int, float} & {hint, *get_args(hint)})


def _fields(kind: type[object]) -> tuple[dataclasses.Field[object], ...]:
    if not dataclasses.is_dataclass(kind):
        raise TypeError(f"{kind.__name__} is no dataclass")
    return dataclasses.fields(kind)
