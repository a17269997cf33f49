"""What changed between two versions of a playbook, by entry and field, and how much it matters.

A difference is classed by one table, `CLASSES`, and three exceptions: a change of spelling or punctuation
alone is editorial wherever it stands; so is every change to a draft, which binds nobody yet; and an order is
a matter of wording except where the table says that it is kept on purpose.
"""

from __future__ import annotations

import difflib
import itertools
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import IntEnum, StrEnum
from typing import Any

from servicebook import inline
from servicebook.problems import Location
from servicebook.shapes import Shape
from servicebook.versions import Document, Version

Loc = tuple[str | int, ...]


class Weight(IntEnum):
    """How much a change matters to whoever works by the playbook."""

    EDITORIAL = 1  # nobody needs to know: spelling, punctuation, wording of the reasons, upkeep
    CLARIFIED = 2  # worth reading: examples, phrases, sources, guidance; what is asked stays the same
    SUBSTANTIVE = 3  # somebody must do something else from now on

    @property
    def word(self) -> str:
        """Return the name that data and catalogues use."""
        return self.name.lower()


class Kind(StrEnum):
    """What happened to an entry, a field, or an element of a list."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    REORDERED = "reordered"
    MOVED = "moved"  # an entry, to another pillar
    RENAMED = "renamed"  # an entry, to another id
    RETIRED = "retired"
    REPLACED = "replaced"  # retired in favour of another
    SPLIT = "split"
    MERGED = "merged"


_S, _C, _E = Weight.SUBSTANTIVE, Weight.CLARIFIED, Weight.EDITORIAL

# The rules: each field of each model and the weight of a change to it, or to anything below it that has no
# line of its own. `Entry` stands for every kind. A test holds that no field is left out.
CLASSES: dict[str, Weight] = {
    # Every entry
    "Entry.id": _C,
    "Entry.title": _E,
    "Entry.status": _S,
    "Entry.replaced_by": _S,
    "Entry.former_ids": _E,
    "Entry.revision": _E,
    "Entry.changes": _E,
    "Entry.owner": _E,
    "Entry.reviewed": _E,
    "Entry.review_every": _E,
    "Entry.urgent": _E,
    "Entry.sources": _C,
    "Entry.search_words": _E,
    # Standards: what is promised, to whom it falls, and how it is verified
    "Standard.statement": _S,
    "Standard.intent": _E,
    "Standard.pillar": _C,
    "Standard.principles": _E,
    "Standard.channels": _S,
    "Standard.roles": _S,
    "Standard.moments": _S,
    "Standard.services": _S,
    "Standard.level": _S,
    "Standard.threshold": _S,
    "Threshold.source": _C,
    "Threshold.note": _C,
    "Standard.do": _S,
    "Standard.dont": _S,
    "Standard.phrases": _C,
    "Standard.verification": _S,
    "Standard.items": _S,
    "Standard.customers": _E,
    "Standard.metrics": _C,
    "Standard.no_metric": _C,
    "Standard.cases": _E,
    "Standard.related": _E,
    "Standard.mappings": _E,
    # Behaviours: the acts bind, their scenes show
    "Behaviour.pillar": _C,
    "Behaviour.do": _S,
    "Behaviour.dont": _S,
    "Conduct.scene": _C,
    "Behaviour.why": _E,
    "Behaviour.standards": _E,
    # Guides, cases and role-plays are guidance throughout
    "Customer.nature": _C,
    "Customer.summary": _C,
    "Customer.signals": _C,
    "Customer.needs": _C,
    "Customer.approach": _C,
    "Customer.phrases": _C,
    "Customer.mistakes": _C,
    "Customer.standards": _C,
    "Customer.metrics": _C,
    "Case.company": _E,
    "Case.summary": _C,
    "Case.claims": _C,
    "Case.lessons": _C,
    "Case.practice": _C,
    "Case.standards": _C,
    "Scenario.customer": _C,
    "Scenario.channel": _C,
    "Scenario.situation": _C,
    "Scenario.customer_side": _C,
    "Scenario.staff_side": _C,
    "Scenario.goes_wrong": _C,
    "Scenario.good_answer": _C,
    "Scenario.debrief": _C,
    "Scenario.standards": _C,
    # Metrics: another computation gives another number
    "Metric.summary": _C,
    "Metric.measures": _S,
    "Metric.formula": _S,
    "Formula.words": _C,
    "Variable.label": _C,
    "Metric.collection": _C,
    "Metric.example": _C,
    "Metric.reading": _S,
    "Reading.meaning": _C,
    "Metric.causes": _C,
    "Metric.standards": _C,
    # Checklists: what is ticked, by whom and when
    "Checklist.use": _S,
    "Checklist.roles": _S,
    "Checklist.channels": _S,
    "Checklist.frequency": _S,
    "Checklist.scored": _S,
    "Checklist.reminder": _S,
    "Checklist.sections": _S,
    "Section.title": _E,
    "Checklist.sign_off": _S,
    "Checklist.page_size": _E,
    # Beside the entries
    "Term": _C,
    "Source": _E,
    "Foundation": _C,
    "Settings": _E,
    "Settings.pillars": _C,
    "Settings.principles": _C,
    "Settings.channels": _C,
    "Settings.roles": _C,
    "Settings.moments": _C,
    "Settings.services": _C,
}
# Lists whose order says something: steps to take, lines of a dialogue, parts of a sheet.
ORDERED = frozenset({"approach", "sections", "good_answer", "collection", "points"})

_KEYS = ("id", "revision", "source", "range", "title")  # what tells the elements of a list of maps apart
_ALIKE = 0.6
_WORD = re.compile(r"\S+|\s+")
# Marks whose coming and going changes no meaning. Between digits a point or a comma is part of a number.
_MARKS = re.compile(r"(?<!\d)[.,:](?=\d)|(?<=\d)[.,:](?!\d)|(?<!\d)[.,:](?!\d)|[;¿?¡!«»“”\"'‘’()\[\]—–…*_-]")
_LEAST_LETTERS = 4


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

    def words(self) -> list[tuple[str, str]]:
        """Return the text of both sides in pieces, each `=` kept, `-` taken away or `+` put in."""
        return compare_words(_plain(self.old), _plain(self.new))


def find_differences(old: Version, new: Version, numbers: Iterable[str] = ()) -> list[Difference]:
    """Return every difference between two versions, by kind and id, in the order of the fields.

    `numbers` are words that name numbers; a slip of one letter in them is never taken for spelling.
    """
    comparison = _Comparison(old, new, frozenset(numbers))
    return list(comparison.differences())


def compare_words(old: str, new: str) -> list[tuple[str, str]]:
    """Return two texts as one sequence of pieces: `=` for what both have, `-` old only, `+` new only."""
    before, after = _WORD.findall(old), _WORD.findall(new)
    pieces: list[tuple[str, str]] = []
    for tag, i, j, k, m in difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            pieces.append(("=", "".join(before[i:j])))
            continue
        pieces.extend((mark, "".join(part)) for mark, part in (("-", before[i:j]), ("+", after[k:m])) if part)
    return _join_gaps(pieces)


def _join_gaps(pieces: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Join changes that only a space separates: words replaced in a row read as one replacement."""
    joined: list[tuple[str, str]] = []
    old = new = ""
    for place, (mark, text) in enumerate(pieces):
        gap = mark == "=" and not text.strip() and (old or new) and place + 1 < len(pieces)
        if mark == "=" and not gap:
            joined.extend(_without_shared_marks(old, new))
            joined.append((mark, text))
            old = new = ""
            continue
        old += text if mark in "-=" else ""
        new += text if mark in "+=" else ""
    joined.extend(_without_shared_marks(old, new))
    return _merged(joined)


def _without_shared_marks(old: str, new: str) -> Iterator[tuple[str, str]]:
    """Yield a replacement without the punctuation at its ends that both sides have (`uno.` → `dos.`)."""
    whole = re.compile(r"(?P<head>[^\w\s]*)(?P<body>.*?)(?P<tail>[^\w\s]*)", re.DOTALL)
    one, other = (match for text in (old, new) if (match := whole.fullmatch(text)))
    head = one["head"] if one["body"] and other["body"] and one["head"] == other["head"] else ""
    tail = one["tail"] if one["body"] and other["body"] and one["tail"] == other["tail"] else ""
    for mark, text in (("=", head), ("-", old), ("+", new), ("=", tail)):
        bare = text if mark == "=" else text[len(head) : len(text) - len(tail)]
        if bare:
            yield mark, bare


def _merged(pieces: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Join neighbours of the same kind."""
    groups = itertools.groupby(pieces, key=lambda piece: piece[0])
    return [(mark, "".join(text for _, text in group)) for mark, group in groups]


def weight_of(shapes: Sequence[tuple[str, str]]) -> Weight:
    """Return the weight of a change below a chain of fields, each a model's name and a field's, outermost
    first: the innermost that the table names decides."""
    for model, name in reversed(shapes):
        for key in (f"{model}.{name}", model, f"Entry.{name}"):
            # A field that is common to all entries counts as such only at the top of one.
            if key in CLASSES and (not key.startswith("Entry.") or model == shapes[0][0]):
                return CLASSES[key]
    return Weight.EDITORIAL


def folded(text: str) -> str:
    """Return a text without what spelling and punctuation add: case, accents (not ñ), marks, spaces."""
    decomposed = unicodedata.normalize("NFD", _MARKS.sub(" ", inline.plain(text)).casefold())
    bare = "".join(char for char in decomposed if char not in "\u0301\u0308\u0300\u0302")
    return " ".join(unicodedata.normalize("NFC", bare).split())


class _Comparison:
    def __init__(self, old: Version, new: Version, numbers: frozenset[str]) -> None:
        self._old, self._new, self._numbers = old, new, numbers
        self._uses: Counter[str] | None = None

    def differences(self) -> Iterator[Difference]:
        for before, after in self._pairs():
            found = list(self._compare(before, after))
            if _is_draft(before) and _is_draft(after):
                found = [replace(one, weight=Weight.EDITORIAL) for one in found]
            yield from found

    def _pairs(self) -> list[tuple[Document | None, Document | None]]:
        """Return each document of either version with its other self, an entry renamed by its former id."""
        before, after = self._old.documents, self._new.documents
        former = {
            (one.kind, identity): one
            for one in after.values()
            for identity in one.data.get("former_ids") or ()
            if (one.kind, identity) in before and (one.kind, identity) not in after
        }
        # One that keeps its id is itself, even if it took in another.
        renamed = {key: one for key, one in former.items() if (one.kind, one.id) not in before}
        pairs: list[tuple[Document | None, Document | None]] = []
        taken = {(one.kind, one.id) for one in renamed.values()}
        for key in sorted({*before, *after}):
            if key in taken and key not in before:
                continue
            pairs.append((before.get(key), after.get(key) or renamed.get(key)))
        return pairs

    def _compare(self, before: Document | None, after: Document | None) -> Iterator[Difference]:
        if before is None or after is None:
            yield from self._came_or_went(before, after)
            return
        if before.id != after.id:
            yield self._made(after, Kind.RENAMED, Weight.CLARIFIED, ("id",), before.id, after.id)
        yield from self._changed_standing(before, after)
        skipped = {"id", "status", "replaced_by"} if after.is_entry else {"id"}
        for one in self._compare_maps(after, before.data, after.data, after.shape, (), ()):
            if one.loc[0] not in skipped:
                yield one

    def _came_or_went(self, before: Document | None, after: Document | None) -> Iterator[Difference]:
        if after is not None:
            weight = weight_of(((after.shape.model, "status"),))
            if after.is_entry:
                weight = Weight.EDITORIAL if _is_draft(after) else Weight.SUBSTANTIVE
            origin = self._split_from(after)
            if origin:
                yield self._made(after, Kind.SPLIT, weight, (), [origin], [after.id])
            else:
                yield self._made(after, Kind.ADDED, weight, (), None, _name(after))
        elif before is not None and not (before.is_entry and before.path in self._new.files):
            # An entry whose file is still there is not gone: its YAML or its id is broken; `check` tells.
            weight = weight_of(((before.shape.model, "status"),))
            if before.is_entry:
                weight = Weight.EDITORIAL if _is_draft(before) else Weight.SUBSTANTIVE
            taker = self._taker(before)
            if taker:
                yield self._made(before, Kind.MERGED, weight, (), [before.id], [taker.id])
            else:
                yield self._made(before, Kind.REMOVED, weight, (), _name(before), None)

    def _changed_standing(self, before: Document, after: Document) -> Iterator[Difference]:
        """Tell what became of the entry as a whole: activated, retired, replaced, merged into another."""
        if not after.is_entry:
            return
        was, now = before.get("status"), after.get("status")
        heir, heir_before = after.get("replaced_by"), before.get("replaced_by")
        if was != now and now == "retired":
            kind = Kind.RETIRED
            if heir:
                kind = Kind.MERGED if (after.kind, heir) in self._old.documents else Kind.REPLACED
            if kind is Kind.MERGED:
                yield self._made(after, kind, Weight.SUBSTANTIVE, ("status",), [after.id], [heir])
            else:
                yield self._made(after, kind, Weight.SUBSTANTIVE, ("status",), after.id, heir)
        elif was != now:
            yield self._made(
                after, Kind.CHANGED, weight_of(((after.shape.model, "status"),)), ("status",), was, now
            )
        elif heir != heir_before:
            weight = weight_of(((after.shape.model, "replaced_by"),))
            yield self._made(after, Kind.CHANGED, weight, ("replaced_by",), heir_before, heir)

    def _split_from(self, new: Document) -> str | None:
        """Return the id of the entry that lost a text which the new entry has, if there is one."""
        texts = set(_long_texts(new.data))
        for document in self._old.documents.values():
            later = self._new.documents.get((document.kind, document.id))
            if document.kind != new.kind or not document.is_entry:
                continue
            kept = set(_long_texts(later.data)) if later and later.get("status") != "retired" else set()
            if texts & (set(_long_texts(document.data)) - kept):
                return document.id
        return None

    def _taker(self, gone: Document) -> Document | None:
        """Return the entry that took in one that is gone, by its former ids."""
        for document in self._new.documents.values():
            if document.kind == gone.kind and gone.id in (document.data.get("former_ids") or ()):
                return document
        return None

    # --- fields --------------------------------------------------------------------------------------

    def _compare_maps(
        self,
        document: Document,
        before: Mapping[str, Any],
        after: Mapping[str, Any],
        shape: Shape,
        loc: Loc,
        chain: tuple[tuple[str, str], ...],
    ) -> Iterator[Difference]:
        names = [one.name for one in shape.fields] if shape.form == "model" else []
        names += [name for name in (*after, *before) if name not in names]
        for name in dict.fromkeys(names):
            known = shape.field(name) if shape.form == "model" else None
            inner = known.shape if known else shape.inner or Shape("line")
            link = (shape.model or chain[-1][0], name) if shape.form == "model" else chain[-1]
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
        chain: tuple[tuple[str, str], ...],
    ) -> Iterator[Difference]:
        if _same(before, after):
            return
        if isinstance(before, list) and isinstance(after, list):
            yield from self._compare_lists(document, before, after, shape, loc, chain)
        elif isinstance(before, dict) and isinstance(after, dict):
            yield from self._compare_maps(document, before, after, shape, loc, chain)
        elif _is_nothing(before):
            for place, value in _each(after, shape):
                yield self._made(document, Kind.ADDED, weight_of(chain), (*loc, *place), None, value)
        elif _is_nothing(after):
            for _, value in _each(before, shape):
                yield self._made(document, Kind.REMOVED, weight_of(chain), loc, value, None)
        else:
            kind = Kind.MOVED if loc == ("pillar",) else Kind.CHANGED
            yield self._made(document, kind, self._weigh(before, after, chain), loc, before, after)

    def _compare_lists(
        self,
        document: Document,
        before: list[Any],
        after: list[Any],
        shape: Shape,
        loc: Loc,
        chain: tuple[tuple[str, str], ...],
    ) -> Iterator[Difference]:
        inner = shape.inner or Shape("line")
        pairs = _match(before, after, is_text=inner.form == "text")
        for i, j in pairs:
            if i is None:
                yield self._made(document, Kind.ADDED, weight_of(chain), (*loc, j or 0), None, after[j or 0])
            elif j is None:
                yield self._made(document, Kind.REMOVED, weight_of(chain), loc, before[i], None)
            else:
                yield from self._compare_values(document, before[i], after[j], inner, (*loc, j), chain)
        kept = [(i, j) for i, j in pairs if i is not None and j is not None]
        if [i for i, _ in kept] != sorted(i for i, _ in kept):
            weight = min(Weight.CLARIFIED, weight_of(chain)) if loc[-1] in ORDERED else Weight.EDITORIAL
            yield self._made(document, Kind.REORDERED, weight, loc, before, after)

    def _weigh(self, before: Any, after: Any, chain: tuple[tuple[str, str], ...]) -> Weight:
        weight = weight_of(chain)
        if not (isinstance(before, str) and isinstance(after, str)) or weight is Weight.EDITORIAL:
            return weight
        if inline.find_links(before) != inline.find_links(after):
            return weight if folded(before) != folded(after) else min(weight, Weight.CLARIFIED)
        return Weight.EDITORIAL if self._is_spelling(before, after) else weight

    def _is_spelling(self, before: str, after: str) -> bool:
        """Tell whether two texts say the same: they differ in marks, or by a letter in words not used
        elsewhere, which is how a slip of the pen looks."""
        old, new = folded(before).split(), folded(after).split()
        if old == new:
            return True
        return len(old) == len(new) and all(
            one == other or self._is_slip(one, other) for one, other in zip(old, new, strict=True)
        )

    def _is_slip(self, old: str, new: str) -> bool:
        if min(len(old), len(new)) < _LEAST_LETTERS or not (old.isalpha() and new.isalpha()):
            return False
        if {old, new} & self._numbers or not _one_letter_apart(old, new):
            return False
        return self._count_uses()[old] <= 1

    def _count_uses(self) -> Counter[str]:
        """Count the words of the old version: one that is used again is a word, not a slip."""
        if self._uses is None:
            self._uses = Counter()
            for document in self._old.documents.values():
                for text in _texts(document.data):
                    self._uses.update(folded(text).split())
        return self._uses

    def _made(
        self, document: Document, kind: Kind, weight: Weight, loc: Loc, old: Any, new: Any
    ) -> Difference:
        version = (
            self._new if self._new.documents.get((document.kind, document.id)) is document else self._old
        )
        location = version.locate(document, loc)
        return Difference(document, kind, weight, loc, old, new, location)


# --- values ------------------------------------------------------------------------------------------


def _given(value: Any, default: Any) -> Any:
    if value is None:
        value = default
    return list(value) if isinstance(value, tuple) else value


def _is_nothing(value: Any) -> bool:
    return value is None or value == [] or value == {}


def _same(before: Any, after: Any) -> bool:
    """Compare as the model would read it: outer spaces and the way a number is written do not count."""
    if isinstance(before, list) and isinstance(after, list):
        pairs = zip(before, after, strict=False)
        return len(before) == len(after) and all(_same(one, other) for one, other in pairs)
    if isinstance(before, dict) and isinstance(after, dict):
        return before.keys() == after.keys() and all(_same(before[key], after[key]) for key in before)
    if _is_nothing(before) or _is_nothing(after):
        return _is_nothing(before) and _is_nothing(after)
    return bool(_scalar(before) == _scalar(after))


def _scalar(value: Any) -> Any:
    if isinstance(value, bool):
        return str(value).lower()
    text = str(value).strip()
    return float(text) if re.fullmatch(r"-?\d+(\.\d+)?", text) and len(text) < 16 else text


def _each(value: Any, shape: Shape) -> list[tuple[Loc, Any]]:
    if isinstance(value, list) and shape.form == "list":
        return [((place,), item) for place, item in enumerate(value)]
    return [((), value)]


def _match(before: list[Any], after: list[Any], *, is_text: bool) -> list[tuple[int | None, int | None]]:
    """Pair the elements of two lists: the same ones, then by their key, then texts that are alike.

    Returns the pairs in the order of `after`, then what has no other self.
    """
    old_left, pairs = list(range(len(before))), {}
    for alike in (_same, _same_key, *([_similar] if is_text or _are_maps(before, after) else [])):
        for j, item in enumerate(after):
            if (
                j not in pairs
                and (found := next((i for i in old_left if alike(before[i], item)), None)) is not None
            ):
                pairs[j] = found
                old_left.remove(found)
    matched: list[tuple[int | None, int | None]] = [(pairs.get(j), j) for j in range(len(after))]
    return [*matched, *((i, None) for i in old_left)]


def _are_maps(before: list[Any], after: list[Any]) -> bool:
    return all(isinstance(value, dict) for value in (*before, *after))


def _same_key(before: Any, after: Any) -> bool:
    if not (isinstance(before, dict) and isinstance(after, dict)):
        return False
    key = next((key for key in _KEYS if key in before and key in after), None)
    return key is not None and before[key] == after[key]


def _similar(before: Any, after: Any) -> bool:
    # An id tells for sure: elements that have one are never paired by their words.
    if isinstance(before, dict) and "id" in before:
        return False
    one, other = folded(_plain(before)), folded(_plain(after))
    return difflib.SequenceMatcher(None, one.split(), other.split(), autojunk=False).ratio() >= _ALIKE


def _one_letter_apart(old: str, new: str) -> bool:
    """Tell whether one letter was changed, left out, put in, or swapped with its neighbour."""
    if abs(len(old) - len(new)) > 1:
        return False
    start = next(
        (i for i, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new))
    )
    rest, other = old[start:], new[start:]
    swapped = len(rest) > 1 and rest[:2] == other[1::-1] and rest[2:] == other[2:]
    return swapped or rest[1:] == other[1:] or rest[1:] == other or rest == other[1:]


def _plain(value: Any) -> str:
    if isinstance(value, str):
        return inline.plain(value)
    if isinstance(value, dict):
        return " ".join(_plain(one) for key, one in value.items() if key != "id")
    if isinstance(value, list):
        return ", ".join(_plain(one) for one in value)
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else str(value)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for one in value.values() if isinstance(value, dict) else value:
            yield from _texts(one)


def _long_texts(data: Mapping[str, Any]) -> Iterator[str]:
    """Yield the texts by which an entry is recognised: sentences, not words that many entries share."""
    return (folded(text) for text in _texts(dict(data)) if len(text.split()) > 3)


def _is_draft(document: Document | None) -> bool:
    return document is None or (document.is_entry and document.get("status") == "draft")


def _name(document: Document) -> str:
    return str(document.data.get("title") or document.id)
