"""Lists name each thing once, and an entry names others."""

from __future__ import annotations

from collections.abc import Iterator

from servicebook.base.problems import Problem
from servicebook.checks.finding import problem_at, values_of
from servicebook.content.content import Content
from servicebook.content.marked import find_lists
from servicebook.content.model.types import Citation


def check_repeated(content: Content) -> Iterator[Problem]:
    """What a list names twice is shown twice, and was meant to be something else or nothing."""
    for value in (*values_of(content), *content.queries):
        for loc, names in find_lists(value):
            if len(set(names)) == len(names):
                continue
            for place, name in enumerate(names):
                if name in names[:place]:
                    word = name.source if isinstance(name, Citation) else name
                    yield problem_at(content, value, (*loc, place), "repeated", word=word)


def check_selves(content: Content) -> Iterator[Problem]:
    """A reference leads from an entry to another; what replaces an entry has its own rule."""
    for entry in content.entries:
        for loc, target, mark in content.references_of(entry):
            if target == entry.id and mark.kind == entry.kind and loc != ("replaced_by",):
                yield problem_at(content, entry, loc, "self-reference", id=entry.id)
