"""The form of the content files as plain data: which fields in which order, and what each may hold.

Whatever writes YAML or asks for it (the canonical form, skeletons, the browser's forms) reads the model
through here, so that a field added to the model needs no second description.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

from servicebook.content.content import LISTS
from servicebook.content.kinds import USUAL, Kinds
from servicebook.content.schema import model_schema

Form = Literal["text", "line", "number", "integer", "flag", "date", "choice", "list", "map", "model"]

# An entry's fields that readers of the file look for last; the history would push the content down.
_LAST = ("sources", "search_words", "changes")
_SCALARS: dict[str, Form] = {"number": "number", "integer": "integer", "boolean": "flag"}


@dataclass(frozen=True)
class Shape:
    """What a value may be. `inner` is a list's or a map's element; `fields` are a model's, in order.

    A map's `pattern` is its keys'.
    """

    form: Form
    model: str = ""
    choices: tuple[str, ...] = ()
    vocabulary: str = ""
    target: str = ""
    pattern: str = ""
    minimum: float | None = None
    maximum: float | None = None
    max_length: int | None = None
    min_items: int = 0
    inner: Shape | None = None
    fields: tuple[Field, ...] = ()

    @property
    def is_text(self) -> bool:
        """Tell whether the value is text to YAML too, and so needs quotes when it looks like a number."""
        return self.form in ("text", "line", "choice")

    def field(self, name: str) -> Field | None:
        """Return a model's field by its name."""
        return next((field for field in self.fields if field.name == name), None)


@dataclass(frozen=True)
class Field:
    """A field of a model. `change` is how much one to it matters; without it, as much as to what holds it."""

    name: str
    shape: Shape
    required: bool
    default: Any = None
    change: str = ""


@lru_cache(maxsize=64)
def shape_of(name: str, kinds: Kinds = USUAL) -> Shape:
    """Return the shape of a kind, of `playbook`, or of a list file such as `glossary`."""
    schema = model_schema(name, kinds)
    shape = _shape(schema, schema.get("$defs", {}))
    return Shape("list", inner=shape) if f"{name}.yml" in LISTS else shape


def _shape(schema: dict[str, Any], known: dict[str, Any]) -> Shape:
    if "$ref" in schema:
        return _shape(known[schema["$ref"].rpartition("/")[2]], known)
    if "anyOf" in schema:
        # The only unions in the model are "this or nothing".
        return _shape(next(one for one in schema["anyOf"] if one.get("type") != "null"), known)
    if schema.get("type") == "array":
        return Shape("list", min_items=schema.get("minItems", 0), inner=_shape(schema["items"], known))
    if "properties" in schema:
        return Shape("model", model=schema["title"], fields=_fields(schema, known))
    if schema.get("type") == "object":
        keys = schema.get("patternProperties") or {"": schema["additionalProperties"]}
        ((pattern, inner),) = keys.items()
        least = schema.get("minProperties", 0)
        return Shape("map", pattern=pattern, min_items=least, inner=_shape(inner, known))
    return _scalar(schema)


def _scalar(schema: dict[str, Any]) -> Shape:
    choices = tuple(schema.get("enum", ()))
    form: Form = _SCALARS.get(schema["type"], "text" if schema.get("x-inline") else "line")
    if schema.get("format") == "date":
        form = "date"
    return Shape(
        "choice" if choices else form,
        choices=choices,
        vocabulary=schema.get("x-vocabulary", ""),
        target=schema.get("x-ref", ""),
        pattern=schema.get("pattern", ""),
        minimum=schema.get("minimum"),
        maximum=schema.get("maximum"),
        max_length=schema.get("maxLength"),
    )


def _fields(schema: dict[str, Any], known: dict[str, Any]) -> tuple[Field, ...]:
    required = schema.get("required", ())
    fields = [
        Field(name, _shape(inner, known), name in required, inner.get("default"), inner.get("x-change", ""))
        for name, inner in schema["properties"].items()
    ]
    if "review_every" in schema["properties"]:
        fields.sort(key=lambda field: _LAST.index(field.name) if field.name in _LAST else -1)
    return tuple(fields)
