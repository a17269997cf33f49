"""What only has another name from one version to the next: entries by former ids, words and sources by title.

What refers to it says the same as before and is read so: who names a renamed entry was not changed by that.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Hashable, Iterable, Mapping
from typing import Any, TypeVar

from servicebook.content.shapes import Shape
from servicebook.editing.difference import below
from servicebook.editing.versions import Document

T = TypeVar("T", bound=Hashable)
K = TypeVar("K", bound=Hashable)
Key = tuple[str, str]

# What a reference calls the elements of a file that is a list.
_LISTED = {"source": "sources"}
# Where a link leads, with what it says if that is the same.
_LINK = re.compile(r"(?:\[(?P<said>[^\[\]]+)(?=\]\((?P=said)\)))?\]\((?P<target>[^()\s]+)\)")


class Renames:
    """The new names of words and entries, from two versions' words and each old entry with its later self."""

    def __init__(
        self,
        old_words: Mapping[str, str],
        new_words: Mapping[str, str],
        selves: Iterable[tuple[Key, Document]],
    ) -> None:
        titles = same_titles(_words_in(old_words), _words_in(new_words))
        self._words = {earlier: name.rpartition(".")[2] for name, earlier in titles.items()}
        self._ids = {key: one.id for key, one in selves if one.id != key[1]}

    def __bool__(self) -> bool:
        return bool(self._words or self._ids)

    def id_of(self, kind: str, identity: Any) -> Any:
        """Return what an entry of a kind is called now."""
        known = isinstance(identity, str)
        return self._ids.get((_LISTED.get(kind, kind), identity), identity) if known else identity

    def applied(self, value: Any, shape: Shape) -> Any:
        """Return a value of a shape with the new name of all that has one."""
        if isinstance(value, Mapping):
            return {name: self.applied(one, below(shape, name)) for name, one in value.items()}
        if isinstance(value, list):
            return [self.applied(one, below(shape, 0)) for one in value]
        if not isinstance(value, str):
            return value
        if shape.vocabulary:
            return self._words.get(f"word.{shape.vocabulary}.{value}", value)
        if shape.target == "item":
            return self._item_of(value)
        if shape.target:
            return self.id_of(shape.target, value)
        if shape.form == "text" and self._ids:
            return _LINK.sub(self._linked, value)
        return value

    def _item_of(self, address: str) -> str:
        """Return the address of a standard's line, or of a standard; its own id may hold points too."""
        for (kind, earlier), now in self._ids.items():
            if kind == "standard" and (address == earlier or address.startswith(f"{earlier}.")):
                return now + address[len(earlier) :]
        return address

    def _linked(self, link: re.Match[str]) -> str:
        """Return where a link leads; it says no kind, so it is followed where one kind alone had that id."""
        found = [now for (_, earlier), now in self._ids.items() if earlier == link["target"]]
        return link[0].replace(link["target"], found[0]) if len(found) == 1 else link[0]


def find_renamed(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, str]:
    """Return the earlier key of each element of a map that only has another: one of the same title."""
    return same_titles(
        *({key: one["title"] for key, one in side.items() if _is_titled(one)} for side in (before, after))
    )


def find_relisted(before: Mapping[Key, Document], after: Mapping[Key, Document]) -> dict[Key, Key]:
    """Return the earlier key of each source or foundation that only has another id: one of the same title."""
    return same_titles(_titles_of(before), _titles_of(after))


def _titles_of(documents: Mapping[Key, Document]) -> dict[Key, Key]:
    """Return the kind and title of each element of a list that has an id, by its kind and id."""
    return {
        key: (one.kind, one.data["title"])
        for key, one in documents.items()
        if not one.is_entry and one.data.get("id") == one.id and isinstance(one.data.get("title"), str)
    }


def same_titles(old: Mapping[K, T], new: Mapping[K, T]) -> dict[K, K]:
    """Return for each key that came the one that went with the same title, where it is the only one of it."""
    gone, come = (
        {key: title for key, title in one.items() if key not in other}
        for one, other in ((old, new), (new, old))
    )
    by_title = {title: key for key, title in gone.items()}
    counts = Counter([*gone.values(), *come.values()])
    return {key: by_title[title] for key, title in come.items() if title in by_title and counts[title] == 2}


def _words_in(titles: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    return {key: (key.rpartition(".")[0], title) for key, title in titles.items() if key.startswith("word.")}


def _is_titled(value: Any) -> bool:
    return isinstance(value, dict) and isinstance(value.get("title"), str)
