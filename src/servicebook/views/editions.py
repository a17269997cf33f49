"""Editions: a playbook frozen as small data, and what changed on a sheet of paper since one of them.

Both sides of a comparison are frozen editions: the playbook of today is frozen in memory, so that one
function compares any two. Nothing asks git, so a site built from a plain folder knows its history too.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

import yaml

from servicebook.content.kinds import USUAL
from servicebook.content.marked import parts_of
from servicebook.content.model.declared import FieldInfo
from servicebook.content.model.entries import Checklist, Entry, Standard
from servicebook.content.model.printed import Printed, PrintedGuide, PrintedRolePlay
from servicebook.content.model.settings import Edition, FrozenEdition, FrozenEntry, FrozenItem
from servicebook.content.playbook import Playbook
from servicebook.language import inline
from servicebook.language.messages import Messages
from servicebook.views.fields import as_read
from servicebook.views.rows import Row, rows_of, standard_rows
from servicebook.views.wording import declared_by_name, lines_apart, reworded, rows_by_id

# The kinds that are printed by themselves, each with a page that its sheets lead to.
PRINTED = ("checklist", "customer", "scenario", "standard")
# Wide enough that a line of a checklist stays one line of the file, which is what a reviewer reads.
_WIDTH = 400


@dataclass(frozen=True)
class Change:
    """One difference between a sheet and what holds today.

    `id` is an item's id, or the name of a part for `part`, whose `label` is declared where it is a field of
    the playbook's own; `before` and `after` are the texts, where they are known: of a part that is a text or
    lines of it.
    """

    kind: Literal["added", "removed", "reworded", "reweighed", "part"]
    id: str
    before: str = ""
    after: str = ""
    label: str = ""


@dataclass(frozen=True)
class Since:
    """What became of an entry since an edition: its changes, or that it was withdrawn or is new.

    `mark` is the one that its sheets of that edition carry, if there were any; `reasons` are those given for
    what changed, each with the entry that gives it.
    """

    edition: FrozenEdition
    state: Literal["same", "changed", "withdrawn", "new"]
    changes: tuple[Change, ...] = ()
    mark: str = ""
    reasons: tuple[tuple[Entry, str], ...] = ()


@dataclass(frozen=True)
class PaperPage:
    """What the page says that a sheet leads to: for each edition, what became of the sheet since.

    `mark` is the one that a sheet printed today carries; `entry` is None for one that is gone. The page of
    the whole playbook has no `id`, and `changed` names what is not what it was, by
    edition and its mark; `parts`, by an edition's name, what of the book that is no entry.
    """

    id: str
    title: str
    entry: Entry | None
    mark: str
    editions: tuple[Since, ...] = ()
    changed: tuple[tuple[FrozenEdition, str, tuple[tuple[str, Since], ...]], ...] = ()
    parts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def paper_pages(playbook: Playbook, now: FrozenEdition) -> Iterator[PaperPage]:
    """Yield the page of the whole playbook, then that of every entry that is or was printed by itself.

    `now` is the playbook frozen with what its sheets say.
    """
    told = editions_to_tell(playbook, now)
    names = {former: entry.id for entry in playbook.entries.values() for former in entry.former_ids}
    # Sheets under a former id are still on the wall; their code asks for the page by that name.
    printed: dict[str, set[str]] = defaultdict(set)
    for edition in told:
        for id_, entry in edition.entries.items():
            if id_ in names and entry.kind in PRINTED:
                printed[names[id_]].add(id_)
    marks = {edition.name: _marks_of(edition, names) for edition in told}
    told = [_under_todays_names(edition, names) for edition in told]
    title = playbook.settings.title
    changed = tuple(
        (edition, marks[edition.name][""], tuple(changed_entries(edition, now, playbook))) for edition in told
    )
    parts = {edition.name: _parts_of_book(edition, now) for edition in told}
    yield PaperPage("", title, None, mark_of(now), changed=changed, parts=parts)
    known = {id_: entry for edition in (*reversed(told), now) for id_, entry in edition.entries.items()}
    for identity, frozen in known.items():
        if frozen.kind in PRINTED:
            mark = mark_of(now, identity) if identity in now.entries else ""
            history = tuple(
                _with_reasons(
                    since(edition, now, identity, playbook),
                    identity,
                    marks[edition.name].get(identity, ""),
                    playbook,
                )
                for edition in told
                if _has(edition, identity, now)
            )
            page = PaperPage(identity, frozen.title, playbook.entries.get(identity), mark, history)
            yield page
            yield from (replace(page, id=old) for old in sorted(printed[identity]))


def _with_reasons(one: Since, identity: str, mark: str, playbook: Playbook) -> Since:
    """Return what became of a sheet with its mark, and why: a list changes with its lines' standards too."""
    owners = dict.fromkeys([identity, *(change.id.rpartition(".")[0] for change in one.changes)])
    entries = [playbook.entries[id_] for id_ in owners if id_ in playbook.entries] if one.changes else []
    reasons = [
        (entry, change.reason)
        for entry in entries
        for change in sorted(entry.changes, key=lambda change: change.revision, reverse=True)
        if change.date > one.edition.date
    ]
    return replace(one, mark=mark, reasons=tuple(reasons))


def freeze(playbook: Playbook) -> FrozenEdition:
    """Return the entries in force as the edition that `playbook.yml` names, without what its sheets say."""
    return _frozen((entry for kind in playbook.kinds for entry in playbook.of_kind(kind)), playbook)


def _frozen(chosen: Iterable[Entry], playbook: Playbook) -> FrozenEdition:
    items: dict[str, FrozenItem] = {}
    entries: dict[str, FrozenEntry] = {}
    for entry in chosen:
        rows = list(_rows(entry, playbook))
        items.update({row.id: FrozenItem(level=row.level, text=row.text) for row in rows})
        parts = dict(_parts(entry))
        entries[entry.id] = FrozenEntry(
            kind=entry.kind,
            title=entry.title,
            parts={name: digest(value) for name, value in parts.items()},
            texts={name: text for name, value in parts.items() if (text := _text_of(value, name, entry))},
            items=tuple(row.id for row in rows),
        )
    edition = playbook.settings.edition
    return FrozenEdition(
        name=edition.name, date=edition.date, items=dict(sorted(items.items())), entries=entries
    )


def brought(entry: Entry, edition: Edition, playbook: Playbook) -> Since | None:
    """Return what an edition made of an entry of the one before it; None where that is not known."""
    earlier = playbook.editions_before(edition)
    in_force = edition.name == playbook.settings.edition.name
    same = None if in_force else next((one for one in playbook.editions if one.name == edition.name), None)
    if not earlier or not (in_force or same):
        return None
    names = dict.fromkeys(entry.former_ids, entry.id)
    now = _under_todays_names(same, names) if same else _frozen([entry], playbook)
    old = _under_todays_names(earlier[-1], names)
    return since(old, now, entry.id, playbook) if entry.id in {*old.entries, *now.entries} else None


def edition_text(edition: FrozenEdition, say: Messages) -> str:
    """Return an edition as the text of its file; the same edition gives the same bytes."""
    data = edition.model_dump(mode="json", exclude_defaults=True)
    head = f"# {say('edition.file-note')}\n"
    body: str = yaml.safe_dump(
        data, allow_unicode=True, sort_keys=False, width=_WIDTH, default_flow_style=None
    )
    return head + body


def mark_of(edition: FrozenEdition, identity: str = "") -> str:
    """Return a short hash of an entry as an edition prints it, or of the whole edition.

    A sheet carries it in its QR, so that one printed between two editions is told from an older one. It is of
    the sheet itself where the edition has it, and else of the entry's parts that are printed.
    """
    if not identity:
        marks = [mark_of(edition, other) for other in edition.entries]
        in_book = [entry.in_book for entry in edition.entries.values()]
        return digest([marks, in_book, edition.book] if edition.book else marks)
    entry = edition.entries[identity]
    if entry.sheet:
        # What sheets of its time did not say yet is no part of it.
        return digest([entry.title, entry.sheet.model_dump(mode="json", exclude_none=True)])
    rows = [edition.items[item].model_dump() for item in entry.items]
    # Its texts and its sheet tell readers what was there; the digests of its parts have them already.
    return digest([entry.model_dump(mode="json", exclude={"texts", "sheet", "in_book"}), rows])


def _marks_of(edition: FrozenEdition, names: Mapping[str, str]) -> dict[str, str]:
    """Return the marks that an edition's sheets carry, by today's ids; that of the whole under no id."""
    marks = {identity: mark_of(edition, identity) for identity in edition.entries}
    today = {new: marks[old] for old, new in names.items() if old in marks}
    return {**today, **marks, "": mark_of(edition)}


def since(old: FrozenEdition, now: FrozenEdition, identity: str, playbook: Playbook | None = None) -> Since:
    """Return what became of an entry between two editions. It must be in one of them."""
    if identity not in now.entries:
        return Since(old, "withdrawn")
    if identity not in old.entries:
        return Since(old, "new")
    changes = tuple(changes_between(old, now, identity, playbook))
    return Since(old, "changed" if changes else "same", changes)


def changes_between(
    old: FrozenEdition, now: FrozenEdition, identity: str, playbook: Playbook | None = None
) -> Iterator[Change]:
    """Yield what differs in an entry that both editions have: its lines in order, its title, then its parts.

    Where both have its sheet, its parts are what the sheets say. What sheets said once and say no more,
    because its field is no longer printed, is none of them.
    """
    before, after = old.entries[identity], now.entries[identity]
    yield from _changed_lines(old, now, identity)
    if before.title != after.title:
        yield Change("part", "title", before.title, after.title)
    yield from _changed_parts(before, after, playbook)


def _changed_lines(old: FrozenEdition, now: FrozenEdition, identity: str) -> Iterator[Change]:
    before, after = old.entries[identity], now.entries[identity]
    kept = before.sheet is not None and after.sheet is not None
    if kept and after.kind == "standard":
        return  # whose lines are those of lists
    printed, prints = (rows_by_id(before), rows_by_id(after)) if kept else ({}, {})
    for item in after.items:
        new = now.items[item]
        if item not in before.items:
            yield Change("added", item, after=new.text)
        elif (was := old.items[item]) != new or printed.get(item) != prints.get(item):
            yield Change("reworded" if was.text != new.text else "reweighed", item, was.text, new.text)
    for item in before.items:
        if item not in after.items:
            yield Change("removed", item, before=old.items[item].text)


def _changed_parts(before: FrozenEntry, after: FrozenEntry, playbook: Playbook | None) -> Iterator[Change]:
    kinds = playbook.kinds if playbook else USUAL
    own = kinds[after.kind].own_fields if after.kind in kinds else {}
    printed = _printed(kinds[after.kind]) if after.kind in kinds else ()
    if before.sheet and after.sheet:
        unsaid = declared_by_name(before, own).keys() - printed
        for part in reworded(before, after, own):
            told = (part.before, part.after)
            # The sections are told in their order, all of them.
            was, is_now = told if part.name == "sections" else lines_apart(*told)
            if part.name not in unsaid:
                yield Change("part", part.name, was, is_now, part.label)
        return
    for name in {**after.parts, **before.parts}:
        if name in printed and before.parts.get(name) != after.parts.get(name):
            was, is_now = (_words_of(entry, name, own, playbook) for entry in (before, after))
            label = own[name].label if name in own else ""
            if not was == is_now != "":
                yield Change("part", name, *lines_apart(was, is_now), label)


def _words_of(entry: FrozenEntry, name: str, own: Mapping[str, FieldInfo], playbook: Playbook | None) -> str:
    """Return what an edition has of a part as it is read: of a declared one what its sheet said."""
    kept = entry.texts.get(name, "")
    if name not in own or not playbook:
        return kept
    said = declared_by_name(entry, own).get(name)
    return said.text if said and own[name].type != "list" else as_read(kept, own[name], playbook)


def changed_entries(
    old: FrozenEdition, now: FrozenEdition, playbook: Playbook | None = None
) -> list[tuple[str, Since]]:
    """Return the id of every entry that is not what it was in `old`, and what became of it."""
    identities = {**now.entries, **old.entries}
    found = [(identity, _since_in_book(old, now, identity, playbook)) for identity in identities]
    return [(identity, what) for identity, what in found if what.state != "same"]


def _since_in_book(old: FrozenEdition, now: FrozenEdition, identity: str, playbook: Playbook | None) -> Since:
    """Return what became of an entry, were it only that the book says it otherwise, or elsewhere."""
    what = since(old, now, identity, playbook)
    if what.state == "same":
        before, after = old.entries[identity].in_book, now.entries[identity].in_book
        if before and after and before != after:
            return Since(old, "changed", (Change("part", "book"),))
    return what


def _parts_of_book(old: FrozenEdition, now: FrozenEdition) -> tuple[str, ...]:
    """Return what differs of the book that is no entry, where both editions know it."""
    return tuple(part for part, said in now.book.items() if part in old.book and old.book[part] != said)


def editions_to_tell(playbook: Playbook, now: FrozenEdition) -> Sequence[FrozenEdition]:
    """Return the editions that a sheet may be of, newest first: those frozen, and the one in force."""
    frozen = {edition.name: edition for edition in (now, *playbook.editions)}
    return sorted(frozen.values(), key=lambda edition: (edition.date, edition.name), reverse=True)


def _under_todays_names(edition: FrozenEdition, names: Mapping[str, str]) -> FrozenEdition:
    """Return an edition with the ids its entries and lines have today: a new id alone changes no sheet.

    `names` gives today's id for each former one. An entry that took in another of its edition stays
    apart from it: the other was withdrawn.
    """
    names = {old: new for old, new in names.items() if old in edition.entries and new not in edition.entries}
    if not names:
        return edition

    def line(identity: str) -> str:
        owner, dot, own = identity.rpartition(".")
        return f"{names.get(owner, owner)}{dot}{own}"

    return edition.model_copy(
        update={
            "items": {line(identity): item for identity, item in edition.items.items()},
            "entries": {
                names.get(identity, identity): entry.model_copy(
                    update={
                        "items": tuple(line(item) for item in entry.items),
                        "sheet": _sheet_under(entry.sheet, names),
                    }
                )
                for identity, entry in edition.entries.items()
            },
        }
    )


def _sheet_under(sheet: Printed | None, names: Mapping[str, str]) -> Printed | None:
    """Return a sheet with the ids that the standards it names have today."""
    if not isinstance(sheet, PrintedGuide | PrintedRolePlay):
        return sheet
    named = (line.partition(" ") for line in sheet.standards)
    return sheet.model_copy(
        update={"standards": tuple(f"{names.get(id_, id_)}{gap}{title}" for id_, gap, title in named)}
    )


def _has(edition: FrozenEdition, identity: str, now: FrozenEdition) -> bool:
    """Tell whether there can be a sheet of an entry in an edition: of the one in force there always is."""
    return identity in edition.entries or edition.name == now.name


def _rows(entry: Entry, playbook: Playbook) -> Iterator[Row]:
    if isinstance(entry, Standard):
        yield from standard_rows(entry, playbook)
    elif isinstance(entry, Checklist):
        for section in rows_of(entry, playbook):
            yield from section.rows


def _printed(kind: type[Entry]) -> list[str]:
    """Return the fields that sheets say of an entry of this kind."""
    return [name for name, part in parts_of(kind).items() if part.is_printed]


def _parts(entry: Entry) -> Iterator[tuple[str, object]]:
    printed = _printed(type(entry))
    data = entry.model_dump(mode="json", include=set(printed))
    for name in printed:
        # Zero and no are said by a field of the playbook's own.
        if data[name] or (name in entry.own_fields and data[name] in (0, False)):
            yield name, data[name]


def _text_of(value: object, name: str, entry: Entry) -> str:
    """Return a part that is a text, or lines of it, as it is read; nothing for one that is more than that.

    Of a field of the playbook's own it is a number or a flag as it is written, too.
    """
    if isinstance(value, int | float):
        return json.dumps(value) if name in entry.own_fields else ""
    lines = [value] if isinstance(value, str) else value
    if isinstance(lines, list) and all(isinstance(line, str) for line in lines):
        return "\n".join(inline.plain(line) for line in lines)
    return ""


def digest(value: object) -> str:
    """Return a short hash of plain data, which tells whether it is what it was."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:8]
