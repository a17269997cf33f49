"""Ids: each names one thing, for ever."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from servicebook.base.problems import Problem
from servicebook.checks.files import is_reserved
from servicebook.checks.finding import problem_at
from servicebook.content.content import Content
from servicebook.content.marked import Loc
from servicebook.content.model.entries import Case, Checklist, Entry, Standard
from servicebook.content.model.settings import Foundation, Source, Term
from servicebook.content.select import is_published

# What a page of a case calls its own places, among which a claim's id is a place too.
_ON_PAGE = frozenset(
    {"title", "claims", "lessons", "practice", "facts", "sources", "history", "files", "feedback"}
)
_BEGIN_ON_PAGE = ("related-", "field-", "pb-")


def check_unique_ids(content: Content) -> Iterator[Problem]:
    """An id names one thing in the whole playbook: it is an address, and a word in links."""
    listed: list[Sequence[Entry | Term | Source | Foundation]]
    listed = [_published_first(content), content.terms, content.sources, content.foundations]
    for values in listed:
        seen: dict[str, Entry | Term | Source | Foundation] = {}
        for value in values:
            first = seen.setdefault(value.id, value)
            if first is not value:
                place = content.locate(first, ("id",))
                yield problem_at(content, value, ("id",), "duplicate-id", id=value.id, place=place)


def _published_first(content: Content) -> list[Entry]:
    """Return the entries so that, of two that want one id, a draft is the one that is told."""
    return sorted(content.entries, key=lambda entry: not is_published(entry))


def check_local_ids(content: Content) -> Iterator[Problem]:
    """Items, claims and sections carry ids of their own, unique in their entry."""
    for entry in content.entries:
        seen: set[str] = set()
        for loc, identity in _local_ids(entry):
            if identity in seen:
                yield problem_at(content, entry, loc, "duplicate-item", id=identity)
            seen.add(identity)
            if isinstance(entry, Case) and (identity in _ON_PAGE or identity.startswith(_BEGIN_ON_PAGE)):
                yield problem_at(content, entry, loc, "id-of-page", id=identity)


def _local_ids(entry: Entry) -> Iterator[tuple[Loc, str]]:
    if isinstance(entry, Standard):
        yield from ((("items", i, "id"), item.id) for i, item in enumerate(entry.items))
    elif isinstance(entry, Case):
        yield from ((("claims", i, "id"), claim.id) for i, claim in enumerate(entry.claims))
    elif isinstance(entry, Checklist):
        for i, section in enumerate(entry.sections):
            yield ("sections", i, "id"), f"{section.id}/"
            yield from ((("sections", i, "items", j, "id"), item.id) for j, item in enumerate(section.items))


def check_file_names(content: Content) -> Iterator[Problem]:
    """An id, and an edition's name, is the name of a file: on every system."""
    for entry in content.entries:
        if is_reserved(entry.id):
            yield problem_at(content, entry, ("id",), "reserved-name", name=entry.id)
    if content.settings and is_reserved(content.settings.edition.name):
        name = content.settings.edition.name
        yield problem_at(content, content.settings, ("edition", "name"), "reserved-name", name=name)


def check_slugs(content: Content) -> Iterator[Problem]:
    """An id names a file and an address, also where capitals and small letters are the same."""
    seen: dict[tuple[str, str], Entry] = {}
    for entry in _published_first(content):
        slug = entry.id.lower()
        other = seen.setdefault((entry.kind, slug), entry)
        if other.id != entry.id:
            yield problem_at(content, entry, ("id",), "slug-shared", id=entry.id, other=other.id)
        if not (slug[0].isalnum() and slug[-1].isalnum()) or ".." in slug:
            yield problem_at(content, entry, ("id",), "slug-bad", id=entry.id)


def check_former_ids(content: Content) -> Iterator[Problem]:
    """An id that an entry once had leads to it for ever, so nothing else may take it."""
    current = {entry.id for entry in content.entries if is_published(entry)}
    claimed: dict[str, str] = {}
    for entry in _published_first(content):
        for i, former in enumerate(entry.former_ids):
            if former in current or claimed.setdefault(former, entry.id) != entry.id:
                yield problem_at(content, entry, ("former_ids", i), "former-id-taken", id=former)
