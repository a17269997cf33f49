"""A change between two versions of a playbook, as data."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import reduce
from typing import Any

from servicebook.base.problems import Location
from servicebook.content.shapes import Shape
from servicebook.editing.classes import Kind, Weight
from servicebook.editing.versions import Document
from servicebook.editing.words import compare_words
from servicebook.language import inline

Loc = tuple[str | int, ...]


@dataclass(frozen=True)
class Difference:
    """One change. `loc` is where it stands in the entry, empty for the entry as a whole.

    `old` and `new` are what was written, None for nothing; for a split or a merge the ids on that side.
    """

    document: Document
    kind: Kind
    weight: Weight
    loc: Loc = ()
    old: Any = None
    new: Any = None
    location: Location = field(default_factory=lambda: Location(""))

    @property
    def field(self) -> str:
        """Return the name of the field that changed, or an empty text for the entry as a whole."""
        return next((part for part in reversed(self.loc) if isinstance(part, str)), "")

    @property
    def shape(self) -> Shape:
        """Return what may stand where it stands."""
        return reduce(below, self.loc, self.document.shape)

    def words(self) -> list[tuple[str, str]]:
        """Return the text of both sides in pieces, each `=` kept, `-` taken away or `+` put in.

        They are compared as they are read, and as they are written where that would hide what changed: where
        a link leads, or what is emphasised.
        """
        old, new = plain_text(self.old), plain_text(self.new)
        if old == new or _links_in(self.old) != _links_in(self.new):
            old, new = (plain_text(value, as_read=str) for value in (self.old, self.new))
        return compare_words(old, new)


def below(shape: Shape, segment: str | int) -> Shape:
    """Return what may stand below a shape, by name or place: a line where nothing is known of it."""
    known = shape.field(segment) if shape.form == "model" and isinstance(segment, str) else None
    return known.shape if known else shape.inner or Shape("line")


def plain_text(value: Any, as_read: Callable[[str], str] = inline.plain) -> str:
    """Return all that a value says as one text; `as_read` gives each of its texts as it is to stand there."""
    if isinstance(value, str):
        return as_read(value)
    if isinstance(value, dict):
        return " ".join(plain_text(one, as_read) for key, one in value.items() if key != "id")
    if isinstance(value, list):
        return ", ".join(plain_text(one, as_read) for one in value)
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else str(value)


def _links_in(value: Any) -> list[str]:
    return [target for text in texts_in(value) for target in inline.find_links(text)]


def texts_in(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for one in value.values() if isinstance(value, dict) else value:
            yield from texts_in(one)
