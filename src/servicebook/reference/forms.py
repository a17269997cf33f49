"""What may stand in a field, in words, from the JSON Schema of its model."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from servicebook.content.model.types import FORMATS
from servicebook.language.messages import Messages
from servicebook.reference.told import Named

_NAMES = {pattern: name for name, pattern in FORMATS.items()}
Schema = Mapping[str, Any]
# The name of a field whose name the playbook gives, as that of a team.
_ANY = "*"


def rows_of(schema: Schema, say: Messages, only: frozenset[str] | None = None) -> tuple[Named, ...]:
    """Return each field of a schema, and below it those inside it: `phrases`, `phrases.say`.

    With `only`, no other fields of the schema's own are said.
    """
    return tuple(_rows(schema, schema.get("$defs", {}), "", say, only))


def _rows(
    model: Schema,
    models: Schema,
    above: str,
    say: Messages,
    only: frozenset[str] | None = None,
) -> Iterator[Named]:
    for name, field in model.get("properties", {}).items():
        if only is None or name in only:
            path, required = f"{above}{name}", name in model.get("required", ())
            yield Named(path, field["description"], form_of(field, models, say), required)
            yield from _inside(field, models, path, say)


def _inside(field: Schema, models: Schema, path: str, say: Messages) -> Iterator[Named]:
    """Yield what stands below a field: of the model that it holds, or of those in its list or map."""
    field = _present(field)
    if "$ref" in field:
        yield from _rows(_model(field, models), models, f"{path}.", say)
    elif "items" in field:
        yield from _inside(field["items"], models, path, say)
    elements = [*field.get("patternProperties", {}).values(), field.get("additionalProperties")]
    for inner in filter(None, elements):
        yield from _inside(inner, models, f"{path}.{_ANY}", say)


def form_of(field: Schema, models: Schema, say: Messages) -> str:
    """Return what a field takes, its limits, and what it says when it is left out."""
    default = field.get("default")
    field = _present(field)
    parts = [_type_of(field, models, say)]
    if "minimum" in field and "maximum" in field:
        parts.append(say("reference.between", least=field["minimum"], most=field["maximum"]))
    elif "minimum" in field:
        parts.append(say("reference.at-least", least=field["minimum"]))
    if "maxLength" in field:
        parts.append(say("reference.longest", count=field["maxLength"]))
    if isinstance(default, str | int | float):
        parts.append(say("reference.usual", value=str(default).lower()))
    elif isinstance(default, list) and default:
        parts.append(say("reference.usual", value=", ".join(map(str, default))))
    return "; ".join(parts)


def _type_of(field: Schema, models: Schema, say: Messages) -> str:
    if "$ref" in field or "properties" in field:
        return say("reference.form.fields")
    if "enum" in field:
        return say("reference.form.choice", choices=", ".join(map(str, field["enum"])))
    if "items" in field:
        return say("reference.form.list", form=_type_of(_present(field["items"]), models, say))
    if "x-ref" in field:
        kind = f"name.{field['x-ref']}"
        return say("reference.form.reference", kind=say(kind) if kind in say else field["x-ref"])
    if "x-vocabulary" in field:
        return say("reference.form.word", vocabulary=field["x-vocabulary"])
    if field["type"] == "string":
        return _text_of(field, say)
    return say(f"reference.form.{field['type']}")


def _text_of(field: Schema, say: Messages) -> str:
    """Return how a text is written."""
    if field.get("x-inline"):
        return say("reference.form.text")
    if "format" in field:
        return say(f"reference.form.{field['format']}")
    pattern = str(field.get("pattern", FORMATS["line"]))
    key = f"reference.form.{_NAMES.get(pattern)}"
    return say(key) if key in say else say("reference.form.pattern", pattern=pattern)


def _present(field: Schema) -> Schema:
    """Return what a field is when it is not left out."""
    said = [one for one in field.get("anyOf", ()) if one.get("type") != "null"]
    return {**field, **said[0]} if said else field


def _model(field: Schema, models: Schema) -> Schema:
    found: Schema = models[str(field["$ref"]).rpartition("/")[2]]
    return found
