"""The fields of entries, of lists and of the settings, and the names that no declaration can have."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from servicebook.content.content import LISTS
from servicebook.content.declarations import (
    TAKEN_ADDRESSES,
    TAKEN_FIELDS,
    TAKEN_FOLDERS,
    TAKEN_KINDS,
)
from servicebook.content.kinds import Kinds
from servicebook.content.model.entries import Entry
from servicebook.content.schema import schema_of
from servicebook.language.messages import Messages
from servicebook.reference.forms import rows_of
from servicebook.reference.told import Topic


# A preview shows it again after every save; kinds and sentences are the same objects until they change.
@lru_cache(maxsize=4)
def fields_of(kinds: Kinds, say: Messages) -> tuple[Topic, ...]:
    """Return the fields of every kind, those that all share said once, and of the lists beside them."""
    schemas = {kind: schema_of(kind, say, kinds) for kind in kinds}
    shared = frozenset(_shared(list(schemas.values())))
    first = next(iter(schemas.values()))
    topics = [Topic("entry", say("reference.every-entry"), rows=rows_of(first, say, shared))]
    for kind, schema in schemas.items():
        own = frozenset(schema["properties"]) - shared
        note = say("reference.folder", folder=kinds[kind].folder)
        topics.append(Topic(kind, say(f"kind.{kind}"), note, rows_of(schema, say, own)))
    for file in LISTS:
        schema = schema_of(file.removesuffix(".yml"), say, kinds)
        item = {**schema["$defs"]["item"], "$defs": schema["$defs"]}
        topics.append(Topic(file.removesuffix(".yml"), file, rows=rows_of(item, say)))
    return tuple(topics)


def _shared(schemas: list[dict[str, Any]]) -> list[str]:
    """Return the fields that entries of every kind have, and in one form."""
    first, *others = (schema["properties"] for schema in schemas)
    return [name for name, field in first.items() if all(other.get(name) == field for other in others)]


@lru_cache(maxsize=4)
def settings_of(kinds: Kinds, say: Messages) -> tuple[Topic, ...]:
    """Return what `playbook.yml` may say, and the names that it cannot give to what it declares."""
    rows = rows_of(schema_of("playbook", say, kinds), say)
    taken = {
        "fields": TAKEN_FIELDS | {name for name in dir(Entry) if not name.startswith(("_", "model_"))},
        "kinds": TAKEN_KINDS,
        "folders": TAKEN_FOLDERS | {model.folder for model in kinds.values()},
        "addresses": TAKEN_ADDRESSES | set(say.under("path").values()),
    }
    return (
        Topic("playbook", "playbook.yml", rows=rows),
        *(
            Topic(f"taken-{name}", say(f"reference.taken.{name}"), words=tuple(sorted(words)))
            for name, words in taken.items()
        ),
    )
