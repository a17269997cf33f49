"""What every check shares: what it reads, and how it says what it found."""

from __future__ import annotations

from collections.abc import Iterator

from servicebook.base.problems import Problem, Severity
from servicebook.content.complaints import suggest
from servicebook.content.content import Content
from servicebook.content.marked import Loc, find_marked
from servicebook.content.model.entries import Entry
from servicebook.content.model.types import Model, Word


def unknown_reference(
    content: Content, value: Model, loc: Loc, target: str, kind: str, known: set[str]
) -> Problem:
    return problem_at(
        content, value, loc, "unknown-reference", id=target, kind=kind, suggestion=suggest(target, known)
    )


def check_in_force(content: Content, value: Model, loc: Loc, target: Entry) -> Iterator[Problem]:
    """A page in force leads only to pages in force, and a retired one to pages; a draft may name anything."""
    status = value.status if isinstance(value, Entry) else "active"
    if target.status == "draft" and status != "draft":
        yield problem_at(content, value, loc, "draft-reference", id=target.id)
    elif target.status == "retired" and status == "active" and loc != ("replaced_by",):
        if target.replaced_by:
            values = {"id": target.id, "replacement": target.replaced_by}
            yield problem_at(content, value, loc, "retired-reference", **values)
        else:
            yield problem_at(content, value, loc, "retired-without-replacement", id=target.id)


def check_finished(content: Content, value: Model, loc: Loc, target: str) -> Iterator[Problem]:
    """Only a draft may name a draft that is not finished."""
    if not isinstance(value, Entry) or value.status != "draft":
        yield problem_at(content, value, loc, "draft-reference", id=target)


def unknown_words(content: Content, value: Model) -> Iterator[tuple[Loc, str, Word]]:
    """Yield the words of a value that no vocabulary has; none while `playbook.yml` cannot be used."""
    if content.settings is None:
        return
    known = content.settings.words
    for loc, word, mark in find_marked(value, Word):
        if word not in known[mark.vocabulary]:
            yield loc, word, mark


def values_of(content: Content) -> Iterator[Model]:
    """Yield everything that may hold marked fields."""
    if content.settings:
        yield content.settings
    yield from content.entries
    yield from content.terms
    yield from content.sources
    yield from content.foundations


def problem_at(
    content: Content,
    value: Model,
    loc: Loc,
    rule: str,
    severity: Severity = Severity.ERROR,
    /,
    **values: object,
) -> Problem:
    return Problem(content.locate(value, loc), rule, values, severity)
