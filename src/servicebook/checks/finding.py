"""What every check shares: what it reads, and how it says what it found."""

from __future__ import annotations

from collections.abc import Iterator

from servicebook.base.problems import Problem, Severity
from servicebook.content.complaints import suggest, suggest_id
from servicebook.content.content import Content
from servicebook.content.marked import Loc, find_marked
from servicebook.content.model.entries import Entry
from servicebook.content.model.types import Model, Word
from servicebook.content.select import heir_of


def unknown_reference(
    content: Content, value: Model, loc: Loc, target: str, kind: str, known: set[str]
) -> Problem:
    """Return the problem of a reference to nothing: what has that id now, or which known one is meant."""
    wanted = "standard" if kind == "item" else kind
    if heir := heir_of(target, content.entries, wanted):
        return problem_at(content, value, loc, "former-reference", id=target, now=heir.id)
    owner, dot, tail = target.rpartition(".") if kind == "item" else ("", "", "")
    if dot and (heir := heir_of(owner, content.entries, wanted)):
        now = f"{heir.id}.{tail}"
        values = {"id": target, "now": now} if now in known else {"id": owner, "now": heir.id}
        return problem_at(content, value, loc, "former-reference", **values)
    near = _near_item(owner, tail, known) if dot else suggest_id(target, known)
    return problem_at(content, value, loc, "unknown-reference", id=target, kind=kind, suggestion=near)


def _near_item(owner: str, tail: str, known: set[str]) -> str | None:
    """Return the item's address that may be meant: an item is looked for in its own standard alone."""
    meant = owner if owner in known else suggest_id(owner, {one for one in known if "." not in one})
    tails = {one.removeprefix(f"{meant}."): one for one in known if meant and one.startswith(f"{meant}.")}
    return tails.get(suggest(tail, tails) or "")


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
