"""Frozen editions: what they say of their entries can be told of them today."""

from __future__ import annotations

from collections.abc import Iterator

from servicebook.base.problems import Problem
from servicebook.checks.finding import problem_at
from servicebook.content.complaints import suggest
from servicebook.content.content import Content
from servicebook.content.marked import Loc, parts_of
from servicebook.content.model.settings import BOOK_PARTS


def check_editions(content: Content) -> Iterator[Problem]:
    """An edition names kinds and parts that there are, and lists the lines of its entries."""
    for edition in content.editions:
        for name in edition.book:
            if name not in BOOK_PARTS:
                near = suggest(name, BOOK_PARTS)
                yield problem_at(
                    content, edition, ("book", name), "edition-book-part", name=name, suggestion=near
                )
        for identity, entry in edition.entries.items():
            model = content.kinds.get(entry.kind)
            if model is None:
                near = suggest(entry.kind, content.kinds)
                values = {"name": entry.kind, "suggestion": near}
                yield problem_at(content, edition, ("entries", identity, "kind"), "edition-kind", **values)
                continue
            for name in entry.parts:
                if name not in parts_of(model):
                    near = suggest(name, parts_of(model))
                    place: Loc = ("entries", identity, "parts", name)
                    yield problem_at(content, edition, place, "edition-part", name=name, suggestion=near)
            for i, item in enumerate(entry.items):
                if item not in edition.items:
                    place = ("entries", identity, "items", i)
                    yield problem_at(content, edition, place, "edition-item", id=item)
