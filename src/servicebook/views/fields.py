"""The fields that a playbook declares, as an entry holds them: what each is called and what it says."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from servicebook.content.model.declared import FieldInfo, Place
from servicebook.content.model.entries import Entry
from servicebook.content.playbook import Playbook
from servicebook.language import inline
from servicebook.views.facets import titles_of


@dataclass(frozen=True)
class Value:
    """One value: its text, inline text where the field is prose, and what it leads to."""

    text: str
    entry: Entry | None = None
    url: str = ""


@dataclass(frozen=True)
class Shown:
    """A field with its values. What `is_prose` stands under a heading of its own: `field-<name>`."""

    name: str
    label: str
    type: str
    values: tuple[Value, ...]
    held: Any = None

    @property
    def is_prose(self) -> bool:
        """Tell whether it is read as text, and not as a fact."""
        return self.type in ("text", "list")

    @property
    def text(self) -> str:
        """What it says as plain text in one line."""
        return ", ".join(inline.plain(value.text) if self.is_prose else value.text for value in self.values)

    @property
    def cell(self) -> str | float | dt.date:
        """What a spreadsheet computes with: a number, a date, else the text, of a list an element a line."""
        if isinstance(self.held, int | float | dt.date) and not isinstance(self.held, bool):
            return self.held
        return self.text if self.type != "list" else "\n".join(inline.plain(one.text) for one in self.values)


def declared_fields(entry: Entry, place: Place, playbook: Playbook) -> list[Shown]:
    """Return the declared fields of an entry that are shown in a place and hold something, in their order."""
    found = [
        Shown(name, info.label, info.type, tuple(_values(held, info, playbook)), held)
        for name, info in entry.own_fields.items()
        for held in [getattr(entry, name)]
        if place in info.shows
    ]
    return [field for field in found if field.values]


def as_read(kept: str, info: FieldInfo, playbook: Playbook) -> str:
    """Return what an edition kept of a declared field, a value a line, as readers see it today.

    A word or an entry that there is no longer stays as it was written.
    """
    lines = kept.split("\n") if info.type in ("word", "reference", "list") else [kept]
    between = "\n" if info.type == "list" else ", "
    return between.join(_kept_as_read(line, info, playbook) for line in lines) if kept else ""


def _kept_as_read(line: str, info: FieldInfo, playbook: Playbook) -> str:
    try:
        match info.type:
            case "word":
                return titles_of(info.vocabulary or "", playbook).get(line, line)
            case "number":
                return _value(float(line), info, playbook).text
            case "date":
                return _value(dt.date.fromisoformat(line), info, playbook).text
            case _:
                return _value(line, info, playbook).text
    except ValueError:
        return line


def printed_lines(entry: Entry, playbook: Playbook) -> list[dict[str, str]]:
    """Return what is declared for paper as lines of a sheet."""
    return [{"label": field.label, "text": field.text} for field in declared_fields(entry, "paper", playbook)]


def printed_blocks(entry: Entry, playbook: Playbook) -> list[dict[str, Any]]:
    """Return what is declared for paper as blocks of the book."""
    return [
        {"title": field.label, "lines": [inline.plain(value.text) for value in field.values]}
        if field.type == "list"
        else {"title": field.label, "text": field.text}
        for field in declared_fields(entry, "paper", playbook)
    ]


def _values(value: Any, info: FieldInfo, playbook: Playbook) -> Iterator[Value]:
    if isinstance(value, tuple):
        for one in value:
            yield from _values(one, info, playbook)
    elif value is not None:
        yield _value(value, info, playbook)


def _value(value: Any, info: FieldInfo, playbook: Playbook) -> Value:
    match info.type:
        case "word":
            return Value(titles_of(info.vocabulary or "", playbook)[value])
        case "reference":
            entry = playbook.entries.get(value)
            return Value(entry.title if entry else value, entry)
        case "url":
            return Value(value, url=value)
        case "flag":
            return Value(playbook.say(f"choice.{str(value).lower()}"))
        case "number":
            return Value(playbook.say.number(value))
        case "date":
            assert isinstance(value, dt.date)  # noqa: S101 - the model saw to it
            return Value(playbook.say.date(value))
        case _:
            return Value(value)
