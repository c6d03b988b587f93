"""Values that are sent as they are, and what the document says of them."""

from collections.abc import Callable
from dataclasses import fields, is_dataclass
from functools import cached_property
from typing import Any, get_type_hints

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler, TypeAdapter
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema
from typing_extensions import TypedDict


class As:
    """Marks a type in `Annotated`: the value is neither checked nor changed, the document says what it is.

    Args:
        kind: what the document says; the annotated type itself where None. A dataclass stands for the values
            that `asdict` gives of it.
        name: of the object in the document, where it has other fields than `kind`.
        others: its fields that `kind` has not, or has of another type.
    """

    def __init__(self, kind: object = None, name: str = "", **others: object) -> None:
        self._kind = kind
        self._name = name
        self._others = others

    def __get_pydantic_core_schema__(self, source: object, _handler: GetCoreSchemaHandler) -> CoreSchema:
        """Any value; what it is is found out when the document is asked for."""

        def described(_schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
            told: Any = source if self._kind is None else self._told
            # One of many is an object of its own in the document; by itself it would be written out there.
            many: TypeAdapter[Any] = TypeAdapter(list[told])
            one: JsonSchemaValue = handler(many.core_schema)["items"]
            return one

        found: list[Callable[[CoreSchema, GetJsonSchemaHandler], JsonSchemaValue]] = [described]
        return core_schema.any_schema(metadata={"pydantic_js_annotation_functions": found})

    @cached_property
    def _told(self) -> Any:  # noqa: ANN401 - a type
        if not self._others:
            return self._kind
        kind = self._kind
        if not isinstance(kind, type):
            raise TypeError(f"{kind} is no class: it has no fields to add others to")
        hints = get_type_hints(kind, include_extras=True)
        own = [one.name for one in fields(kind)] if is_dataclass(kind) else list(hints)
        made: Any = TypedDict(self._name, {**{name: hints[name] for name in own}, **self._others})  # type: ignore[misc]
        made.__doc__ = kind.__doc__
        return made


AS_IT_IS = As()
