"""Frozen editions: each agrees with itself, so that what it says of its entries can be told of them today.

It may name kinds and parts that the playbook has no longer: what an organisation declares is its own to take
back, and an edition stays as it was.
"""

from __future__ import annotations

from collections.abc import Iterator

from servicebook.base.problems import Problem
from servicebook.checks.finding import problem_at
from servicebook.content.complaints import suggest
from servicebook.content.content import Content
from servicebook.content.marked import Loc
from servicebook.content.model.settings import BOOK_PARTS


def check_editions(content: Content) -> Iterator[Problem]:
    """An edition has of each entry the parts that it has texts of, the kind of its sheet, and its lines."""
    for edition in content.editions:
        for name in edition.book:
            if name not in BOOK_PARTS:
                near = suggest(name, BOOK_PARTS)
                yield problem_at(
                    content, edition, ("book", name), "edition-book-part", name=name, suggestion=near
                )
        for identity, entry in edition.entries.items():
            here: Loc = ("entries", identity)
            if entry.sheet and entry.kind != entry.sheet.kind:
                values = {"name": entry.kind, "suggestion": entry.sheet.kind}
                yield problem_at(content, edition, (*here, "kind"), "edition-kind", **values)
            for name in entry.texts:
                if name not in entry.parts:
                    near = suggest(name, entry.parts)
                    place = (*here, "texts", name)
                    yield problem_at(content, edition, place, "edition-part", name=name, suggestion=near)
            for i, item in enumerate(entry.items):
                if item not in edition.items:
                    yield problem_at(content, edition, (*here, "items", i), "edition-item", id=item)
