"""Which entries a query or a page takes: those in force, those published, those that a `select` names."""

from __future__ import annotations

from collections.abc import Container, Iterable

from servicebook.content.model.checklists import Select
from servicebook.content.model.entries import Entry, Standard


def is_published(entry: Entry) -> bool:
    """Tell whether an entry has a page: a draft has none, a retired one keeps its own with a notice."""
    return entry.status != "draft"


def owner_of(address: str, known: Container[str]) -> str:
    """Return the standard's id in the address of an item, or of a whole standard; `known` are all ids.

    An id may hold points too, so that only the known ones tell where it ends.
    """
    return address if address in known else address.rpartition(".")[0] or address


def heir_of(identity: str, entries: Iterable[Entry], kind: str = "entry") -> Entry | None:
    """Return the published entry of a kind (`entry`: of any) that once had an id, or None."""
    return next(
        (
            one
            for one in entries
            if identity in one.former_ids and is_published(one) and kind in (one.kind, "entry")
        ),
        None,
    )


def select_standards(select: Select, standards: Iterable[Standard]) -> list[Standard]:
    """Return the standards that have one of the words in each field that `select` names."""
    wanted = {name: set(words) for name, words in select if words}

    def matches(standard: Standard) -> bool:
        for name, words in wanted.items():
            value = getattr(standard, name)
            if not words & ({value} if isinstance(value, str) else set(value)):
                return False
        return True

    return [standard for standard in standards if standard.status == "active" and matches(standard)]
