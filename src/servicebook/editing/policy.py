"""What a change must bring with it: a revision with its reason, and ids that stay what they were."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from servicebook.base.problems import Location, Problem, Severity, sort_problems
from servicebook.editing.classes import Kind, Weight
from servicebook.editing.difference import Difference
from servicebook.editing.versions import Document, Version
from servicebook.language.inline import folded

_LEAST_LETTERS = 4
_DRAFT = "draft"


def find_breaches(old: Version, new: Version, differences: Sequence[Difference]) -> list[Problem]:
    """Return what the differences between two versions lack, at the line that asks for it."""
    problems = [*_find_unexplained(old, new, differences), *_find_dropped(old, new, differences)]
    return sort_problems([*problems, *_find_unpublished(old, new), *_find_reused(old, new)])


def _find_unexplained(old: Version, new: Version, differences: Sequence[Difference]) -> Iterator[Problem]:
    """A substantive change raises the entry's revision and says why in its history."""
    asked: dict[tuple[str, str], Difference] = {}
    for one in differences:
        if one.loc == ("status",) and one.new == _DRAFT:
            continue  # is refused as such, and no reason makes it right
        # An entry that came or went as a whole has no revision to raise.
        if one.weight is Weight.SUBSTANTIVE and one.loc:
            asked.setdefault((one.document.kind, one.document.id), one)
    for key, document in new.documents.items():
        before = _before(old, document)
        if before is None or not document.is_entry:
            continue
        if gone := sorted(_told(before) - _told(document)):
            lost = {"id": document.id, "revisions": ", ".join(map(str, gone))}
            place = new.locate(document, ("changes",), at_key=True)
            yield Problem(place, "history-dropped", lost, Severity.WARNING)
        was, now = _number(before.get("revision")), _number(document.get("revision"))
        if now < was:
            values = {"id": document.id, "old": was, "new": now}
            yield Problem(new.locate(document, ("revision",)), "revision-went-back", values)
        elif skipped := _skipped(document, was, now):
            values = {"id": document.id, "old": was, "new": now, "next": skipped}
            yield Problem(new.locate(document, ("revision",)), "revision-skips", values)
        elif key in asked and now == was:
            one = asked[key]
            values = {"id": document.id, "field": one.field, "next": was + 1}
            yield Problem(one.location, "change-without-revision", values)
        elif key in asked and not _has_reason(document, before, now):
            values = {"id": document.id, "revision": now}
            yield Problem(new.locate(document, ("revision",), at_key=True), "change-without-reason", values)


def _find_dropped(old: Version, new: Version, differences: Sequence[Difference]) -> Iterator[Problem]:
    """What was once published keeps its address: it is retired, renamed or merged, never just gone."""
    for one in differences:
        if one.kind is Kind.REMOVED and not one.loc and one.weight is Weight.SUBSTANTIVE:
            place = Location(f"{new.shown_root}/{one.document.path}")
            yield Problem(place, "id-dropped", {"id": one.document.id})
        elif one.kind is Kind.MERGED and not one.loc:
            taker = new.documents[one.document.kind, one.new[0]]
            yield from _find_former(new, one.document, taker)
    for document in new.documents.values():
        before = _before(old, document)
        if before:
            yield from _find_former(new, before, document)


def _find_former(new: Version, before: Document, document: Document) -> Iterator[Problem]:
    """Every id that an entry had leads to what it is now, or to what took it in."""
    for former in before.former_ids:
        if former not in {document.id, *document.former_ids}:
            place = new.locate(document, ("former_ids",))
            yield Problem(place, "former-id-dropped", {"id": document.id, "former": former})


def _find_unpublished(old: Version, new: Version) -> Iterator[Problem]:
    """A draft has no page, so what was published never becomes one again, nor part of one.

    As a draft it could be deleted later, and nobody would be told that an address is gone.
    """
    for document in new.documents.values():
        if not document.is_entry or document.get("status") != _DRAFT:
            continue
        gone = [one for one in document.former_ids if (document.kind, one) not in new.documents]
        for identity in (document.id, *gone):
            before = old.documents.get((document.kind, identity))
            if before and before.get("status") != _DRAFT:
                yield Problem(new.locate(document, ("status",)), "draft-again", {"id": identity})


def _find_reused(old: Version, new: Version) -> Iterator[Problem]:
    """An id keeps its meaning: an entry, or an item, that shares no word with its former self has another."""
    for document in new.documents.values():
        before = _before(old, document)
        if before is None or not document.is_entry:
            continue
        if _strangers(_gist(before), _gist(document)):
            yield Problem(new.locate(document, ("id",)), "id-reused", {"id": before.id})
            continue
        earlier = {str(item.get("id")): item for _, item in _items(before)}
        for place, item in _items(document):
            past = earlier.get(str(item.get("id")))
            if past and _strangers(str(past.get("text", "")), str(item.get("text", ""))):
                values = {"id": item["id"]}
                where = new.locate(document, (*place, "id"))
                yield Problem(where, "item-id-reused", values, Severity.WARNING)


def _before(old: Version, document: Document) -> Document | None:
    """Return an entry's earlier self, under its id or one that it had."""
    for identity in (document.id, *(document.data.get("former_ids") or ())):
        if (document.kind, identity) in old.documents:
            found = old.documents[document.kind, identity]
            return None if found.is_entry and found.get("status") == _DRAFT else found
    return None


def _has_reason(document: Document, before: Document, revision: int) -> bool:
    changes = document.data.get("changes") or ()
    known = before.data.get("changes") or ()
    return any(
        isinstance(one, dict) and one not in known and _number(one.get("revision")) == revision
        for one in changes
    )


def _skipped(document: Document, was: int, now: int) -> int | None:
    """Return the first revision on the way from one to another that the history does not tell of.

    Between editions an entry may well go up by more than one.
    """
    known = _told(document)
    return next((number for number in range(was + 1, now) if number not in known), None)


def _told(document: Document) -> set[int]:
    """Return the revisions of which an entry's history tells."""
    changes = document.data.get("changes") or ()
    return {_number(one.get("revision")) for one in changes if isinstance(one, dict)}


def _number(value: object) -> int:
    """Return a revision as the model reads it (`03` and `3.0` are 3), nought for what is none."""
    try:
        number = float(str(value))
    except ValueError:
        return 0
    return int(number) if number.is_integer() else 0


def _items(document: Document) -> Iterator[tuple[tuple[str | int, ...], dict[str, object]]]:
    """Yield the items of an entry, a list's in its sections, each with its place."""
    yield from _maps_in(document.data, ("items",))
    for place, section in _maps_in(document.data, ("sections",)):
        yield from _maps_in(section, (*place, "items"))


def _maps_in(
    holder: Mapping[str, object], place: tuple[str | int, ...]
) -> Iterator[tuple[tuple[str | int, ...], dict[str, object]]]:
    values = holder.get(str(place[-1]))
    for number, value in enumerate(values if isinstance(values, list) else ()):
        if isinstance(value, dict):
            yield (*place, number), value


def _gist(document: Document) -> str:
    """Return the texts that say what an entry is about."""
    names = ("title", "statement", "summary", "use", "situation", "why", "measures")
    return " ".join(str(document.data.get(name, "")) for name in names)


def _strangers(old: str, new: str) -> bool:
    one, other = (
        {word[:_LEAST_LETTERS] for word in folded(text).split() if len(word) >= _LEAST_LETTERS}
        for text in (old, new)
    )
    return bool(one and other) and not one & other
