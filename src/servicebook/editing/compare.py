"""What changed between two versions of a playbook, by entry and field, and how much it matters.

A difference is classed by the model, which marks each field, with three exceptions: a change of spelling or
punctuation alone is editorial wherever it stands; so is every change to a draft, which binds nobody yet; and
an order is a matter of wording except where `ORDERED` says that it is kept on purpose.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cached_property
from typing import Any

from servicebook.content.model.types import FORMATS
from servicebook.content.shapes import Field, Shape
from servicebook.editing.classes import ORDERED, Kind, Weight, weight_in, weight_of
from servicebook.editing.difference import Difference, Loc, texts_in
from servicebook.editing.pairs import is_nothing, is_same, match_lists
from servicebook.editing.renames import Renames, find_relisted, find_renamed
from servicebook.editing.versions import Document, Version
from servicebook.editing.words import one_letter_apart, said_words
from servicebook.language import inline
from servicebook.language.inline import folded

_LEAST_LETTERS = 4


def find_differences(old: Version, new: Version, numbers: Iterable[str] = ()) -> list[Difference]:
    """Return every difference between two versions, by kind and id, in the order of the fields.

    `numbers` are words that name numbers; a slip of one letter in them is never taken for spelling.
    """
    comparison = _Comparison(old, new, frozenset(numbers))
    return list(comparison.differences())


class _Comparison:
    def __init__(self, old: Version, new: Version, numbers: frozenset[str]) -> None:
        self._old, self._new, self._numbers = old, new, numbers
        self._selves = self._find_selves()
        self._shapes: dict[str, Shape] = {}
        self._renames = Renames(old.words, new.words, self._selves.items())
        self._renewed = {
            name for name in old.media if new.media.get(name, old.media[name]) != old.media[name]
        }

    def differences(self) -> Iterator[Difference]:
        for before, after in self._pairs():
            found = list(self._compare(before, after))
            if _is_draft(before) and _is_draft(after):
                found = [replace(one, weight=Weight.EDITORIAL) for one in found]
            yield from found

    def _find_selves(self) -> dict[tuple[str, str], Document]:
        """Return what each document of the old version is in the new one, one renamed by its former id.

        A source or a foundation has none: it is known by its title.
        """
        before, after = self._old.documents, self._new.documents
        former = {
            (one.kind, identity): one
            for one in after.values()
            for identity in one.former_ids
            if (one.kind, identity) in before and (one.kind, identity) not in after
        }
        # One that keeps its id is itself, even if it took in another.
        renamed = {key: one for key, one in former.items() if (one.kind, one.id) not in before}
        relisted = {earlier: after[key] for key, earlier in find_relisted(before, after).items()}
        return {**renamed, **relisted, **{key: one for key, one in after.items() if key in before}}

    @cached_property
    def _known(self) -> frozenset[tuple[str, str]]:
        """The kind and the id of each document that the old version has too, whatever it was called there."""
        return frozenset((one.kind, one.id) for one in self._selves.values())

    def _pairs(self) -> list[tuple[Document | None, Document | None]]:
        """Return each document of either version with its other self."""
        before, after = self._old.documents, self._new.documents
        taken = {(one.kind, one.id) for key, one in self._selves.items() if one.id != key[1]}
        keys = sorted({*before, *after} - taken)
        return [(before.get(key), after.get(key) or self._selves.get(key)) for key in keys]

    def _compare(self, before: Document | None, after: Document | None) -> Iterator[Difference]:
        if before is None or after is None:
            yield from self._came_or_went(before, after)
            return
        if before.id != after.id:
            yield self._made(after, Kind.RENAMED, Weight.CLARIFIED, ("id",), before.id, after.id)
        yield from self._changed_standing(before, after)
        shape = self._shape_of(before, after)
        was, now = before.data, after.data
        if self._renames:
            # Who still says the old name is told of that by `check`: it did not change.
            was, now = (self._renames.applied(one.data, one.shape) for one in (before, after))
        for one in self._compare_maps(after, was, now, shape, (), ()):
            if one.loc[0] in ("id", "status", "replaced_by"):
                continue
            # What a field was called, and its words, is known of the version that declared it.
            is_lost = before.shape.field(str(one.loc[0])) and not after.shape.field(str(one.loc[0]))
            yield replace(one, document=replace(after, kinds=before.kinds)) if is_lost else one
        if self._renewed:
            yield from self._find_renewed(after, after.data, after.shape, (), ())

    def _shape_of(self, before: Document, after: Document) -> Shape:
        """Return what both versions may hold, each field with the greater class of the two.

        Who declares that changes to a field matter less does not make the one at hand matter less.
        """
        old, new = before.shape, after.shape
        if old is new:
            return new
        if after.kind not in self._shapes:
            self._shapes[after.kind] = _either(old, new)
        return self._shapes[after.kind]

    def _find_renewed(
        self, document: Document, value: Any, shape: Shape, loc: Loc, chain: tuple[str, ...]
    ) -> Iterator[Difference]:
        """Find the files that a document names and that show something else under the name that they had."""
        if isinstance(value, dict):
            for name, one in value.items():
                _, inner, link = _of_name(shape, name)
                yield from self._find_renewed(document, one, inner, (*loc, name), (*chain, link))
        elif isinstance(value, list):
            for place, one in enumerate(value):
                yield from self._find_renewed(
                    document, one, shape.inner or Shape("line"), (*loc, place), chain
                )
        elif isinstance(value, str) and shape.pattern == FORMATS["media"] and value in self._renewed:
            yield self._made(document, Kind.RENEWED, weight_of(chain), loc, value, value)

    def _came_or_went(self, before: Document | None, after: Document | None) -> Iterator[Difference]:
        if after is not None:
            weight = weight_in(after.shape, "id")
            if after.is_entry:
                weight = Weight.EDITORIAL if _is_draft(after) else Weight.SUBSTANTIVE
            origin = self._split_from(after)
            if origin:
                yield self._made(after, Kind.SPLIT, weight, (), [origin], [after.id])
            else:
                yield self._made(after, Kind.ADDED, weight, (), None, _name(after))
        elif before is not None and not self._is_spoiled(before):
            weight = weight_in(before.shape, "id")
            if before.is_entry:
                weight = Weight.EDITORIAL if _is_draft(before) else Weight.SUBSTANTIVE
            taker = self._takers.get((before.kind, before.id))
            if taker:
                yield self._made(before, Kind.MERGED, weight, (), [before.id], [taker.id])
            else:
                yield self._made(before, Kind.REMOVED, weight, (), _name(before), None)

    def _is_spoiled(self, before: Document) -> bool:
        """Tell whether what is missing is not gone: its file is there, and what is wrong with it is told.

        Nobody can read it, or it says another id. Of a draft nothing of the kind is told.
        """
        holder = self._new.by_path.get(before.path)
        if holder is None or not before.is_entry:
            in_doubt = before.is_entry and before.kind not in self._new.kinds
            return before.path in self._new.unread or (in_doubt and not self._new.declares_no(before.kind))
        return not _is_draft(holder)

    def _changed_standing(self, before: Document, after: Document) -> Iterator[Difference]:
        """Tell what became of the entry as a whole: activated, retired, replaced, merged into another."""
        was, now = before.get("status"), after.get("status")
        heir, heir_before = (self._renames.id_of(one.kind, one.get("replaced_by")) for one in (after, before))
        if was != now and now == "retired":
            kind = Kind.RETIRED
            if heir:
                kind = Kind.MERGED if (after.kind, heir) in self._known else Kind.REPLACED
            if kind is Kind.MERGED:
                yield self._made(after, kind, Weight.SUBSTANTIVE, ("status",), [after.id], [heir])
            else:
                yield self._made(after, kind, Weight.SUBSTANTIVE, ("status",), after.id, heir)
        elif was != now:
            yield self._made(after, Kind.CHANGED, weight_in(after.shape, "status"), ("status",), was, now)
        elif heir != heir_before:
            weight = weight_in(after.shape, "replaced_by")
            yield self._made(after, Kind.CHANGED, weight, ("replaced_by",), heir_before, heir)

    def _split_from(self, new: Document) -> str | None:
        """Return the id of the entry that lost a text which the new entry has, if there is one."""
        lost = (self._lost.get((new.kind, text)) for text in _long_texts(new.data))
        first = min(filter(None, lost), default=None)
        return first[1] if first else None

    @cached_property
    def _lost(self) -> Mapping[tuple[str, str], tuple[int, str]]:
        """The first entry that lost a text, by its kind and the text: its place among all, and its id."""
        found: dict[tuple[str, str], tuple[int, str]] = {}
        for place, document in enumerate(self._old.documents.values()):
            if document.is_entry:
                later = self._selves.get((document.kind, document.id))
                kept = set(_long_texts(later.data)) if later and later.get("status") != "retired" else ()
                for text in _long_texts(document.data):
                    if text not in kept:
                        found.setdefault((document.kind, text), (place, document.id))
        return found

    @cached_property
    def _takers(self) -> Mapping[tuple[str, str], Document]:
        """The first entry that has an id among its former ones, by its kind and that id."""
        entries = reversed(self._new.documents.values())
        return {(one.kind, former): one for one in entries for former in one.former_ids}

    # --- fields --------------------------------------------------------------------------------------

    def _compare_maps(
        self,
        document: Document,
        before: Mapping[str, Any],
        after: Mapping[str, Any],
        shape: Shape,
        loc: Loc,
        chain: tuple[str, ...],
    ) -> Iterator[Difference]:
        renamed = find_renamed(before, after) if shape.form == "map" else {}
        for name, earlier in renamed.items():
            weight = min(Weight.CLARIFIED, weight_of(chain))
            yield self._made(document, Kind.RENAMED, weight, (*loc, name), earlier, name)
        if renamed:
            now = {earlier: name for name, earlier in renamed.items()}
            before = {now.get(name, name): value for name, value in before.items()}
        for name in dict.fromkeys([*(one.name for one in shape.fields), *after, *before]):
            known, inner, link = _of_name(shape, name)
            default = known.default if known else None
            one, other = _given(before.get(name), default), _given(after.get(name), default)
            yield from self._compare_values(document, one, other, inner, (*loc, name), (*chain, link))

    def _compare_values(
        self,
        document: Document,
        before: Any,
        after: Any,
        shape: Shape,
        loc: Loc,
        chain: tuple[str, ...],
    ) -> Iterator[Difference]:
        if is_same(before, after, shape):
            return
        if isinstance(before, list) and isinstance(after, list):
            yield from self._compare_lists(document, before, after, shape, loc, chain)
        elif isinstance(before, dict) and isinstance(after, dict):
            yield from self._compare_maps(document, before, after, shape, loc, chain)
        elif is_nothing(before):
            for place, value in _each(after, shape):
                yield self._made(document, Kind.ADDED, weight_of(chain), (*loc, *place), None, value)
        elif is_nothing(after):
            for _, value in _each(before, shape):
                yield self._made(document, Kind.REMOVED, weight_of(chain), loc, value, None)
        else:
            kind = Kind.MOVED if loc == ("pillar",) else Kind.CHANGED
            yield self._made(document, kind, self._weigh(before, after, shape, chain), loc, before, after)

    def _compare_lists(
        self,
        document: Document,
        before: list[Any],
        after: list[Any],
        shape: Shape,
        loc: Loc,
        chain: tuple[str, ...],
    ) -> Iterator[Difference]:
        inner = shape.inner or Shape("line")
        pairs = match_lists(before, after, inner)
        for j, value in enumerate(after):
            if j in pairs:
                yield from self._compare_values(document, before[pairs[j]], value, inner, (*loc, j), chain)
            else:
                yield self._made(document, Kind.ADDED, weight_of(chain), (*loc, j), None, value)
        kept = [pairs[j] for j in sorted(pairs)]
        for i, value in enumerate(before):
            if i not in kept:
                yield self._made(document, Kind.REMOVED, weight_of(chain), loc, value, None)
        if kept != sorted(kept):
            weight = min(Weight.CLARIFIED, weight_of(chain)) if loc[-1] in ORDERED else Weight.EDITORIAL
            yield self._made(document, Kind.REORDERED, weight, loc, before, after)

    def _weigh(self, before: Any, after: Any, shape: Shape, chain: tuple[str, ...]) -> Weight:
        weight = weight_of(chain)
        if not (isinstance(before, str) and isinstance(after, str) and _is_prose(shape)):
            return weight  # a number, a choice or an id has no spelling: it is another
        if inline.find_links(before) != inline.find_links(after):
            return weight if said_words(before) != said_words(after) else min(weight, Weight.CLARIFIED)
        return Weight.EDITORIAL if self._is_spelling(before, after) else weight

    def _is_spelling(self, before: str, after: str) -> bool:
        """Tell whether two texts say the same: they differ in marks, or by a letter in words not used
        elsewhere, which is how a slip of the pen looks."""
        old, new = said_words(before), said_words(after)
        return len(old) == len(new) and all(
            one == other or self._is_slip(one, other) for one, other in zip(old, new, strict=True)
        )

    def _is_slip(self, old: str, new: str) -> bool:
        if min(len(old), len(new)) < _LEAST_LETTERS or not (old.isalpha() and new.isalpha()):
            return False
        if {old, new} & self._numbers or not one_letter_apart(old, new):
            return False
        return self._uses[old] <= 1

    @cached_property
    def _uses(self) -> Counter[str]:
        """How often the old version has each word: one that is used again is a word, not a slip."""
        texts = (text for document in self._old.documents.values() for text in texts_in(document.data))
        return Counter(word for text in texts for word in folded(text).split())

    def _made(
        self, document: Document, kind: Kind, weight: Weight, loc: Loc, old: Any, new: Any
    ) -> Difference:
        version = (
            self._new if self._new.documents.get((document.kind, document.id)) is document else self._old
        )
        location = version.locate(document, loc)
        return Difference(document, kind, weight, loc, old, new, location)


def _either(old: Shape, new: Shape) -> Shape:
    fields = {field.name: field for field in (*new.fields, *old.fields)}
    for name, field in fields.items():
        told = [one.change for one in (old.field(name), new.field(name)) if one and one.change]
        heaviest = max(told, key=lambda change: weight_of((change,)), default="")
        fields[name] = replace(new.field(name) or field, change=heaviest)
    return replace(new, fields=tuple(fields.values()))


def _of_name(shape: Shape, name: str) -> tuple[Field | None, Shape, str]:
    """Return of a map or a model what it may hold under a name: its field, its shape, and how it matters."""
    known = shape.field(name)
    return known, known.shape if known else shape.inner or Shape("line"), known.change if known else ""


def _given(value: Any, default: Any) -> Any:
    if value is None:
        value = default
    return list(value) if isinstance(value, tuple) else value


def _is_prose(shape: Shape) -> bool:
    """Tell whether people write it in words of their own."""
    is_named = shape.vocabulary or shape.target or shape.pattern not in ("", FORMATS["line"])
    return shape.form in ("text", "line") and not is_named


def _each(value: Any, shape: Shape) -> list[tuple[Loc, Any]]:
    if isinstance(value, list) and shape.form == "list":
        return [((place,), item) for place, item in enumerate(value)]
    return [((), value)]


def _long_texts(data: Mapping[str, Any]) -> Iterator[str]:
    """Yield the texts by which an entry is recognised: sentences, not words that many entries share."""
    return (folded(text) for text in texts_in(dict(data)) if len(text.split()) > 3)


def _is_draft(document: Document | None) -> bool:
    return document is None or (document.is_entry and document.get("status") == "draft")


def _name(document: Document) -> str:
    return str(document.data.get("title") or document.id)
