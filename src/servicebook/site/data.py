"""`playbook.json`: a playbook's public content as data, with all that it leans on, and the schema of both.

Whoever has the file needs neither the YAML nor the engine: what a checklist's rows are, how they are scored
and which terms a text mentions can be told from it alone.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any

from pydantic_core import to_json

from servicebook import __version__
from servicebook.base.cache import FileCache
from servicebook.base.files import version_of
from servicebook.base.resources import PACKAGE
from servicebook.content.model.declared import FieldInfo
from servicebook.content.model.entries import Checklist, Entry
from servicebook.content.model.settings import Foundation, Settings, Source, Term
from servicebook.content.model.types import Model
from servicebook.content.playbook import Playbook
from servicebook.paper.sheet import SIZES, forms_of, pdf_path, table_path
from servicebook.views.addresses import entry_path
from servicebook.views.rows import rows_of
from servicebook.views.scoring import rule_of
from servicebook.views.summaries import titled

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_TEXT: dict[str, Any] = {"type": "string"}
_COUNT: dict[str, Any] = {"type": "integer", "minimum": 0}
_UNJUDGED: dict[str, Any] = {"enum": ["incomplete", "excluded", "failed"]}
_PATH: dict[str, Any] = {"type": "string", "pattern": "^[a-z0-9._/-]+$"}
_NAMES: dict[str, Any] = {"type": "array", "items": _TEXT}


def head_of(playbook: Playbook) -> dict[str, Any]:
    """Return all of `playbook.json` but its entries: the edition, and what entries name."""
    settings, say = playbook.settings, playbook.say
    levels = {
        name: {**_dumped(level), "title": say(f"level.{name}")} for name, level in settings.levels.items()
    }
    return {
        "$schema": "playbook.schema.json",
        "generator": f"servicebook {__version__}",
        "title": settings.title,
        "description": settings.description,
        "organisation": settings.organisation,
        "language": settings.language,
        "address": settings.address,
        "edition": settings.edition.model_dump(mode="json"),
        "teams": {name: {"title": team.title} for name, team in settings.teams.items()},
        "vocabularies": {name: _words(name, playbook) for name in _vocabularies(settings)},
        "levels": levels,
        "frameworks": {name: _dumped(one) for name, one in settings.frameworks.items()},
        "kinds": {kind: _kind(kind, playbook) for kind in playbook.kinds},
        "terms": [term.model_dump(mode="json") for term in playbook.terms.values()],
        "sources": [source.model_dump(mode="json") for source in playbook.sources.values()],
        "foundations": [one.model_dump(mode="json") for one in playbook.foundations.values()],
    }


def entry_text(entry: Entry, playbook: Playbook) -> str:
    """Return an entry as JSON: where it stands, what it goes with, a checklist's rows, and its fields."""
    found: dict[str, Any] = {
        "kind": entry.kind,
        "url": entry_path(entry, playbook.say),
        "citation": citation_of(entry, playbook),
        "team": entry.owner,
        "linked": {kind: [one.id for one in ones] for kind, ones in playbook.all_linked(entry).items()},
        **_files(entry, playbook),
    }
    if isinstance(entry, Checklist):
        found |= _rows(entry, playbook)
    # What the model writes by itself is most of it, and is written faster than by way of plain data.
    first = to_json(found).decode()
    return f"{first[:-1]},{entry.model_dump_json(exclude={'owner'})[1:]}"


def data_text(entries: Iterable[str], playbook: Playbook) -> str:
    """Return `playbook.json`: what entries name, then the entries' own texts, one on a line."""
    head = json.dumps(head_of(playbook), ensure_ascii=False)
    lines = ",\n".join(entries)
    return f'{head[:-1]}, "entries": [\n{lines}\n]}}\n'


def _dumped(value: Model) -> dict[str, Any]:
    """Return a declaration as data, without what it does not say."""
    dumped: dict[str, Any] = value.model_dump(mode="json", exclude_none=True, by_alias=True)
    return dumped


def _vocabularies(settings: Settings) -> list[str]:
    built_in = ("pillars", "principles", "channels", "roles", "moments", "services")
    return [*(name for name in built_in if getattr(settings, name)), *settings.vocabularies]


def _words(name: str, playbook: Playbook) -> dict[str, Any]:
    words = playbook.settings.vocabularies.get(name) or getattr(playbook.settings, name)
    return {id_: _dumped(word) for id_, word in words.items()}


def _kind(kind: str, playbook: Playbook) -> dict[str, Any]:
    say, model = playbook.say, playbook.kinds[kind]
    return {
        "title": say(f"kind.{kind}"),
        "title_one": say(f"name.{kind}"),
        "address": say(f"path.{kind}"),
        "summary": model.summary_at,
        "fields": {name: _dumped(info) for name, info in model.own_fields.items()},
    }


def citation_of(entry: Entry, playbook: Playbook) -> str:
    """Return how an entry is cited: whose it is, what it is called, its edition and its address."""
    settings = playbook.settings
    address = f"{settings.address}{entry_path(entry, playbook.say)}"
    return f"{settings.organisation}. {titled(entry)}. {settings.title}, {settings.edition.name}. {address}"


def _rows(entry: Checklist, playbook: Playbook) -> dict[str, Any]:
    """Return a checklist's rows and their rule: a run can be scored from these alone."""
    rows = [
        {"section": section.id, "id": row.id, "text": row.text, "mark": row.digest, "level": row.level}
        for section in rows_of(entry, playbook)
        for row in section.rows
    ]
    rule = {"rule": asdict(rule_of(entry, playbook))} if entry.scored else {}
    return {**rule, "rows": rows}


def _files(entry: Entry, playbook: Playbook) -> dict[str, str]:
    """Return the addresses of a checklist's sheet, in its own paper size first, and of its workbook."""
    if not isinstance(entry, Checklist) or entry.status != "active":
        return {}
    form = forms_of(entry)[0]
    pdfs = {size: pdf_path(form, entry.id, size, playbook.say) for size in SIZES}
    by_size = {f"pdf_{size.lower()}": path for size, path in pdfs.items()}
    return {"pdf": pdfs[entry.page_size], **by_size, "xlsx": table_path(entry.id, "xlsx", playbook.say)}


# --- its schema ----------------------------------------------------------------------------------


def schema_text(playbook: Playbook) -> str:
    """Return the schema of `playbook.json`: every field of every kind, and nothing else.

    Kept, since it takes longer than the pages of a hundred entries and seldom changes.
    """
    made_of = [Path(__file__), *sorted((PACKAGE / "content").rglob("*.py"))]
    code = (version("pydantic"), [version_of(path) for path in made_of])
    key = sha256(f"{code} {playbook.settings.model_dump_json()}".encode()).hexdigest()
    cache = FileCache(playbook.folder, "schema")
    if kept := cache.get(key):
        return kept.decode()
    text = json.dumps(schema_of(playbook), ensure_ascii=False, indent=1) + "\n"
    cache.put(key, text.encode())
    cache.forget_unused()
    return text


def schema_of(playbook: Playbook) -> dict[str, Any]:
    """Return the schema of `playbook.json` as data."""
    kinds, settings = playbook.kinds, playbook.settings
    definitions: dict[str, Any] = {}
    entries = [{"$ref": f"#/$defs/{kind}"} for kind in kinds]
    for kind in kinds:
        definitions[kind] = _entry_schema(kind, playbook, definitions)
    texts = dict.fromkeys(("generator", "title", "description", "organisation", "language", "address"), _TEXT)
    properties = {
        "$schema": _TEXT,
        **texts,
        "edition": _object({"name": _TEXT, "date": {"type": "string", "format": "date"}}),
        "teams": _map(_object({"title": _TEXT})),
        "vocabularies": _map(_map(_word_schema())),
        "levels": _named(settings.levels, _level_schema()),
        "frameworks": _named(
            settings.frameworks, _object({"title": _TEXT, "elements": _map(_TEXT)}, {"source": _TEXT})
        ),
        "kinds": _named(kinds, _kind_schema()),
        **{name: _array(_written(model, definitions)) for name, model in _LISTED.items()},
        "entries": _array({"oneOf": entries}),
    }
    return {"$schema": _DIALECT, **_object(properties), "$defs": dict(sorted(definitions.items()))}


_LISTED: dict[str, type[Model]] = {"terms": Term, "sources": Source, "foundations": Foundation}


def _entry_schema(kind: str, playbook: Playbook, definitions: dict[str, Any]) -> dict[str, Any]:
    schema = _written(playbook.kinds[kind], definitions)
    fields = {name: field for name, field in schema["properties"].items() if name != "owner"}
    extra = {
        "kind": {"const": kind},
        "url": {**_PATH, "pattern": "^[a-z0-9._/-]+/$"},
        "linked": {
            "type": "object",
            "properties": dict.fromkeys(playbook.kinds, _NAMES),
            "additionalProperties": False,
        },
        "citation": _TEXT,
        "team": {"enum": list(playbook.settings.teams)},
    }
    optional: dict[str, Any] = {}
    if kind == "checklist":
        row = {"section": _TEXT, "id": _TEXT, "text": _TEXT, "mark": _TEXT, "level": _level(playbook)}
        extra["rows"] = _array(_object(row))
        optional = {"rule": _rule_schema(playbook)}
        optional |= dict.fromkeys(("pdf", "pdf_a4", "pdf_letter", "xlsx"), _PATH)
    fields["status"] = {"enum": ["active", "retired"]}
    return _object({**extra, **fields}, optional)


def _written(model: type[Model], definitions: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of what is written of a model, its parts put among the definitions."""
    schema = model.model_json_schema(mode="serialization")
    for name, part in schema.pop("$defs", {}).items():
        definitions[name] = _bare(part)
    bare: dict[str, Any] = _bare(schema)
    return bare


def _bare(schema: Any) -> Any:
    """Return a schema without what is for editors of YAML: docstrings, titles, our own notes."""
    if isinstance(schema, list):
        return [_bare(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    kept = {name: value for name, value in schema.items() if name not in _FOR_EDITORS and name[:2] != "x-"}
    bare = {name: _bare(value) for name, value in kept.items() if name != "properties"}
    if "properties" in kept:
        # Here names are fields, whatever they are called.
        bare["properties"] = {name: _bare(value) for name, value in kept["properties"].items()}
    return bare


_FOR_EDITORS = frozenset({"title", "description", "default"})


def _level(playbook: Playbook) -> dict[str, Any]:
    return {"enum": list(playbook.settings.levels)}


def _rule_schema(playbook: Playbook) -> dict[str, Any]:
    """Return the schema of the rule by which a checklist is graded."""
    band = _object({"at_least": _COUNT, "title": _TEXT, "meaning": _TEXT})
    return _object(
        {
            "weights": _named(playbook.settings.levels, _COUNT),
            "gate": _array(_level(playbook)),
            "blank": _UNJUDGED,
            "unobserved": _UNJUDGED,
            "bands": _array(band),
            "metric": _TEXT,
        }
    )


def _word_schema() -> dict[str, Any]:
    cited = _array(_object({"source": _TEXT}, {"where": _TEXT}))
    return _object({"title": _TEXT}, {"description": _TEXT, "sources": cited})


def _level_schema() -> dict[str, Any]:
    flags = {"gate": {"type": "boolean"}, "description": _TEXT, "colour": _TEXT}
    return _object({"title": _TEXT, "weight": _COUNT}, flags)


def _kind_schema() -> dict[str, Any]:
    fields = FieldInfo.model_json_schema(by_alias=True)
    field = {**_bare(fields), "additionalProperties": False}
    names = dict.fromkeys(("title", "title_one", "address", "summary"), _TEXT)
    return _object({**names, "fields": _map(field)})


def _object(properties: Mapping[str, Any], optional: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Return the schema of an object that has all of these properties, may have some, and has no others."""
    closed = {"required": list(properties), "additionalProperties": False}
    return {"type": "object", "properties": {**properties, **(optional or {})}, **closed}


def _named(names: Any, value: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of a map that has each of these names."""
    return _object(dict.fromkeys(names, value))


def _map(value: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "additionalProperties": value}


def _array(items: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": items}
