"""JSON Schemas from the model: what an editor such as VS Code completes and validates YAML with."""

from __future__ import annotations

import json
from codecs import BOM_UTF8
from collections.abc import Iterator
from typing import Any

from servicebook.content.content import LISTS
from servicebook.content.kinds import USUAL, Kinds
from servicebook.content.model.entries import ENTRY_TYPES, Entry
from servicebook.content.model.settings import Settings
from servicebook.content.model.types import Citation
from servicebook.language.messages import Messages

_DIALECT = "https://json-schema.org/draft/2020-12/schema"


_LISTED = {name.removesuffix(".yml"): model for name, model in LISTS.items()}


def schema_names(kinds: Kinds = USUAL) -> tuple[str, ...]:
    """Return the names of all schemas: the kinds, then the files at the playbook's top."""
    return (*kinds, "playbook", *_LISTED)


def model_schema(name: str, kinds: Kinds) -> dict[str, Any]:
    """Return the schema of an entry of a kind, of `playbook`, or of an element of a list.

    What is classed by a vocabulary that the playbook does without is left out.
    """
    if name in _LISTED or name == "playbook":
        return _LISTED.get(name, Settings).model_json_schema()
    schema = kinds[name].model_json_schema()
    for definition in [schema, *schema.get("$defs", {}).values()]:
        fields = definition.get("properties", {})
        for field in [field for field, inner in fields.items() if _vocabulary_in(inner) in kinds.left_out]:
            del fields[field]
    return schema


def _vocabulary_in(schema: dict[str, Any]) -> str | None:
    """Return the vocabulary of a field, or of the words in its list."""
    parts = [schema, schema.get("items", {}), *schema.get("anyOf", ())]
    return next((part["x-vocabulary"] for part in parts if "x-vocabulary" in part), None)


def schema_of(name: str, say: Messages, kinds: Kinds = USUAL) -> dict[str, Any]:
    """Return the schema of a kind or file, its fields explained in the language of `say`."""
    schema = model_schema(name, kinds)
    if name in _LISTED:
        item, schema = schema, {"type": "array", "items": {"$ref": "#/$defs/item"}}
        schema["$defs"] = {**item.pop("$defs", {}), "item": item}
    for definition in [schema, *schema.get("$defs", {}).values()]:
        _explain_fields(definition, say)
    if name == "playbook":  # besides those of the engine there may be one that the playbook brings
        language = schema["properties"]["language"]
        language["enum"] = [*dict.fromkeys([*language["enum"], say.language])]
    for part in _parts_of(schema):
        if part.get("type") == "array" and _is_name(part["items"]):
            part["uniqueItems"] = True
    return {"$schema": _DIALECT, **schema}


def schema_text(name: str, say: Messages, kinds: Kinds = USUAL) -> str:
    """Return a schema as the text of a file."""
    return (
        json.dumps(schema_of(name, say.with_words(kinds.words), kinds), ensure_ascii=False, indent=2) + "\n"
    )


def is_schema(held: bytes) -> bool:
    """Tell whether what a file holds was written as a schema, by this engine or an earlier one."""
    return held.removeprefix(BOM_UTF8).split()[:3] == [b"{", b'"$schema":', f'"{_DIALECT}",'.encode()]


def _parts_of(schema: Any) -> Iterator[dict[str, Any]]:
    """Yield a schema and every map in it."""
    if isinstance(schema, dict):
        yield schema
    for inner in schema.values() if isinstance(schema, dict) else schema if isinstance(schema, list) else ():
        yield from _parts_of(inner)


def _is_name(schema: dict[str, Any]) -> bool:
    """Tell whether what a list holds is named there once, as `marked.find_lists` tells it of the types."""
    is_text = schema.get("type") == "string" and "x-inline" not in schema and schema.get("x-ref") != "item"
    return is_text or schema.get("$ref") == f"#/$defs/{Citation.__name__}"


def _explain_fields(definition: dict[str, Any], say: Messages) -> None:
    """Put the catalogue's words in the place of the class docstrings, which are for maintainers."""
    model = definition.get("title", "")
    definition.pop("description", None)
    for name, field in definition.get("properties", {}).items():
        field.pop("title", None)
        if "patternProperties" in field:
            # Without this a schema lets a key of another form pass.
            field["additionalProperties"] = False
        key = field_key(model, name)
        if key in say:
            field["description"] = say(key)


def field_key(model: str, name: str) -> str:
    """Return the catalogue's key for what a field is for: the common fields of entries stand once."""
    # A kind of the playbook's own is named by its id, in small letters.
    common = name in (_COMMON if model in _KINDS else Entry.model_fields if model.islower() else ())
    return f"field.{'Entry' if common else model}.{name}"


def label_key(model: str, name: str, say: Messages) -> str:
    """Return the catalogue's key for what a field is called; one of the playbook's own has its own."""
    own = f"label.{model}.{name}"
    return own if own in say else f"label.{name}"


_COMMON = frozenset({*Entry.model_fields, "summary", "pillar", "standards"})
_KINDS = frozenset(model.__name__ for model in ENTRY_TYPES.values())
