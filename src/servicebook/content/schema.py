"""JSON Schemas from the model: what an editor such as VS Code completes and validates YAML with."""

from __future__ import annotations

import json
from typing import Any, get_args

from servicebook.content.model.entries import ENTRY_TYPES
from servicebook.content.model.settings import Foundation, Settings, Source, Term
from servicebook.content.model.types import Level, Model, Unjudged
from servicebook.language.messages import Messages

_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schema_names() -> tuple[str, ...]:
    """Return the names of all schemas: the kinds, then the files at the playbook's top."""
    return (*ENTRY_TYPES, "playbook", "glossary", "sources", "foundations")


def schema_of(name: str, say: Messages) -> dict[str, Any]:
    """Return the schema of a kind or file, its fields explained in the language of `say`."""
    listed: dict[str, type[Model]] = {"glossary": Term, "sources": Source, "foundations": Foundation}
    if name in listed:
        schema: dict[str, Any] = {"type": "array", "items": {"$ref": "#/$defs/item"}}
        item = listed[name].model_json_schema()
        schema["$defs"] = {**item.pop("$defs", {}), "item": item}
    else:
        schema = (Settings if name == "playbook" else ENTRY_TYPES[name]).model_json_schema()
    for definition in [schema, *schema.get("$defs", {}).values()]:
        _explain_fields(definition, say)
    return {"$schema": _DIALECT, **schema}


def schema_text(name: str, say: Messages) -> str:
    """Return a schema as the text of a file."""
    return json.dumps(schema_of(name, say), ensure_ascii=False, indent=2) + "\n"


def site_schema_text() -> str:
    """Return the schema of `playbook.json`, the site's data file."""
    entry = {
        "type": "object",
        "required": ["kind", "id", "title", "status", "url"],
        "properties": {
            "kind": {"enum": list(ENTRY_TYPES)},
            "id": {"type": "string"},
            "title": {"type": "string"},
            "status": {"enum": ["active", "retired"]},
            "url": {"type": "string", "pattern": "^[a-z0-9/-]+/$"},
            "rule": _rule_schema(),
            "rows": {"type": "array", "items": _object(_ROW)},
            **{name: {"type": "string"} for name in ("pdf", "pdf_a4", "pdf_letter", "xlsx")},
        },
    }
    edition = {
        "type": "object",
        "required": ["name", "date"],
        "properties": {"name": {"type": "string"}, "date": {"type": "string", "format": "date"}},
    }
    schema = {
        "$schema": _DIALECT,
        "type": "object",
        "required": ["title", "language", "address", "edition", "entries"],
        "properties": {
            "title": {"type": "string"},
            "language": {"type": "string"},
            "address": {"type": "string"},
            "edition": edition,
            "entries": {"type": "array", "items": entry},
        },
    }
    return json.dumps(schema, ensure_ascii=False, indent=1) + "\n"


_TEXT: dict[str, Any] = {"type": "string"}
_COUNT: dict[str, Any] = {"type": "integer", "minimum": 0}
_LEVEL: dict[str, Any] = {"enum": list(get_args(Level))}
_UNJUDGED: dict[str, Any] = {"enum": list(get_args(Unjudged))}
_ROW = {"section": _TEXT, "id": _TEXT, "text": _TEXT, "mark": _TEXT, "level": _LEVEL}


def _rule_schema() -> dict[str, Any]:
    """Return the schema of the rule by which a checklist is graded."""
    band = _object({"at_least": _COUNT, "title": _TEXT, "meaning": _TEXT})
    return _object(
        {
            "weights": _object(dict.fromkeys(get_args(Level), _COUNT)),
            "gate": {"type": "array", "items": _LEVEL},
            "blank": _UNJUDGED,
            "unobserved": _UNJUDGED,
            "bands": {"type": "array", "items": band},
            "metric": _TEXT,
        }
    )


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of an object that has all of these properties and no others."""
    closed = {"required": list(properties), "additionalProperties": False}
    return {"type": "object", "properties": properties, **closed}


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
    common = model in {kind.__name__ for kind in ENTRY_TYPES.values()} and name in _COMMON
    return f"field.{'Entry' if common else model}.{name}"


_COMMON = frozenset(
    {"id", "title", "status", "replaced_by", "former_ids", "revision", "changes", "owner", "reviewed"}
    | {"review_every", "urgent", "sources", "search_words", "summary", "pillar", "standards"}
)
