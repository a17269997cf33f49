"""What a sheet of paper said, compared with what it says today: field by field, as it is printed.

What is compared is the sheet's own content, and no list of fields beside it, so that nothing that is printed
can change unseen.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from types import MappingProxyType

from servicebook.content.model.declared import FieldInfo
from servicebook.content.model.entries import ENTRY_TYPES
from servicebook.content.model.printed import Declared, PrintedRow
from servicebook.content.model.settings import FrozenEntry

# What is told of by another name than its own: that of the entry's field which says it.
_TOLD_AS = {"rule_title": "scoring", "rule": "scoring", "total": "scoring", "reminders": "reminder"}
# Their lines are compared by their ids, and what an organisation declares by its field.
_APART = ("form", "sections", "declared")


@dataclass(frozen=True)
class Reworded:
    """A part of a sheet that says something else: its name, and what it said where that is words.

    What an organisation declares goes by its field's name where that is known, and else by its label.
    """

    name: str
    before: str = ""
    after: str = ""
    label: str = ""


def reworded(
    old: FrozenEntry, now: FrozenEntry, own: Mapping[str, FieldInfo] = MappingProxyType({})
) -> Iterator[Reworded]:
    """Yield what two sheets of one entry say otherwise, besides their lines. Both must have been kept.

    `own` are the fields that its kind has been given by declarations.
    """
    before, after = old.sheet, now.sheet
    assert before is not None  # noqa: S101 - the caller saw to it
    assert after is not None  # noqa: S101
    if before.form != after.form:
        yield Reworded("scored")
    told = set()
    for name in (name for name in type(after).model_fields if name not in _APART):
        was, now_is = getattr(before, name, None), getattr(after, name)
        part = _TOLD_AS.get(name, name)
        if was is not None and was != now_is and part not in told:
            told.add(part)
            yield Reworded(part, _lines_of(was), _lines_of(now_is))
    was, now_is = _order_of(old, {*now.items}), _order_of(now, {*old.items})
    if was != now_is:
        yield Reworded("sections", _titles_of(was), _titles_of(now_is))
    yield from _reworded_declared(declared_by_name(old, own), declared_by_name(now, own), own)


def _reworded_declared(
    before: Mapping[str, Declared], after: Mapping[str, Declared], own: Mapping[str, FieldInfo]
) -> Iterator[Reworded]:
    for name in {**after, **before}:
        was, is_now = (lines.get(name) or Declared(label="", text="") for lines in (before, after))
        label = own[name].label if name in own else is_now.label or was.label
        if was.text != is_now.text:
            yield Reworded(name, was.text, is_now.text, label)
        elif was.label != is_now.label:  # which the sheet says too
            yield Reworded(name, was.label, is_now.label, label)


def declared_by_name(entry: FrozenEntry, own: Mapping[str, FieldInfo]) -> dict[str, Declared]:
    """Return what a sheet said of declared fields by their names, though their labels are others today.

    A line whose field nobody can tell goes by its label. Of an entry without a sheet there is nothing.
    """
    lines = entry.sheet.declared if entry.sheet else ()
    built_in = ENTRY_TYPES[entry.kind].model_fields if entry.kind in ENTRY_TYPES else {}
    names = [name for name in entry.parts if name not in built_in]
    if len(names) != len(lines):  # what was zero or no stood on the sheet, and was no part
        names = [""] * len(lines)
    by_label = {info.label: name for name, info in own.items()}
    # A field that was renamed is known by its label, and one with another label by its name.
    return {
        name if name in own else by_label.get(line.label, line.label): line
        for name, line in zip(names, lines, strict=True)
    }


def lines_apart(before: str, after: str) -> tuple[str, str]:
    """Return of two texts the lines that the other has not; all of both where only the order differs."""
    was, is_now = before.split("\n"), after.split("\n")
    gone, came = [line for line in was if line not in is_now], [line for line in is_now if line not in was]
    return ("\n".join(gone), "\n".join(came)) if gone or came else (before, after)


def rows_by_id(entry: FrozenEntry) -> Mapping[str, PrintedRow]:
    """Return the rows of a list as its sheet printed them, by the ids that its edition has for them.

    Only what the sheet prints is in them: a list that is not graded says no weights. Nor are the ids that
    stand beside the lines, which are those of their standards.
    """
    rows = [row for section in getattr(entry.sheet, "sections", ()) for row in section.rows]
    graded = entry.sheet is not None and entry.sheet.form == "audit"
    unsaid = {"id"} if graded else {"id", "weight", "gate"}
    return {
        id_: PrintedRow(**row.model_dump(exclude=unsaid)) for id_, row in zip(entry.items, rows, strict=False)
    }


def _order_of(entry: FrozenEntry, common: set[str]) -> list[tuple[str, tuple[str, ...]]]:
    """Return the sections of a list, each with those of its lines that both sheets have, in order.

    One that has none of them came or went with its lines, which are told.
    """
    ids, found = iter(entry.items), []
    for section in getattr(entry.sheet, "sections", ()):
        own = islice(ids, len(section.rows))
        if kept := tuple(id_ for id_ in own if id_ in common):
            found.append((section.title, kept))
    return found


def _titles_of(sections: Sequence[tuple[str, tuple[str, ...]]]) -> str:
    return "\n".join(title for title, _ in sections)


def _lines_of(value: object) -> str:
    """Return a part that is a text, or lines of it; nothing for one that is more than that."""
    lines = [value] if isinstance(value, str) else value
    if isinstance(lines, tuple | list) and all(isinstance(line, str) for line in lines):
        return "\n".join(lines)
    return ""
