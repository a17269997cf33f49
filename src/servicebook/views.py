"""What a playbook looks like from outside: addresses, checklist rows, facets, matrices. Pure functions.

One row type feeds the web page, print, PDF, XLSX, CSV and JSON, so that a checklist cannot say one thing on
the screen and another on paper.
"""

from __future__ import annotations

import hashlib
import unicodedata
import urllib.parse
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from servicebook import inline
from servicebook.check import select_standards
from servicebook.messages import Messages
from servicebook.model import (
    ENTRY_TYPES,
    LEVEL_WEIGHTS,
    Behaviour,
    Case,
    Checklist,
    Customer,
    Entry,
    Item,
    Level,
    Metric,
    OwnItem,
    Scenario,
    Section,
    Settings,
    Standard,
    Threshold,
)
from servicebook.playbook import Playbook

# The fields by which the entries of a kind can be filtered, and the vocabulary that names their words.
FACETS: dict[str, dict[str, str]] = {
    "standard": {
        "pillar": "pillars",
        "channels": "channels",
        "roles": "roles",
        "moments": "moments",
        "principles": "principles",
        "services": "services",
        "level": "level",
    },
    "behaviour": {"pillar": "pillars"},
    "customer": {"nature": "nature"},
    "checklist": {"roles": "roles", "channels": "channels"},
    "scenario": {"channel": "channels"},
    "case": {},
    "metric": {},
}


@dataclass(frozen=True)
class Row:
    """One line of a checklist, wherever it is shown. `key` holds while the item and its text do."""

    id: str
    text: str
    level: Level
    weight: int
    standard: Standard | None

    @property
    def digest(self) -> str:
        """A short hash of the text: a tick kept under another digest was made on another wording."""
        return hashlib.sha256(self.text.encode()).hexdigest()[:8]


@dataclass(frozen=True)
class RowSection:
    """A section of a checklist with its rows."""

    id: str
    title: str
    rows: tuple[Row, ...]

    @property
    def size(self) -> int:
        """How many rows the section has."""
        return len(self.rows)


def entry_slug(entry: Entry) -> str:
    """Return the last part of an entry's address: its id, in small letters."""
    return entry.id.lower()


def entry_path(entry: Entry, say: Messages) -> str:
    """Return the address of an entry's page from the site's root: `estandares/ext-07/`."""
    return f"{say(f'path.{entry.kind}')}/{entry_slug(entry)}/"


def summary_of(entry: Entry) -> str:
    """Return the one sentence that tells what an entry says, as plain text."""
    match entry:
        case Standard():
            text = entry.statement
        case Behaviour():
            text = entry.do.act
        case Checklist():
            text = entry.use
        case Scenario():
            text = entry.situation
        case Customer() | Case() | Metric():
            text = entry.summary
        case _:
            text = entry.title
    return inline.plain(text)


def rows_of(checklist: Checklist, playbook: Playbook) -> tuple[RowSection, ...]:
    """Return a checklist's sections with their rows, each item at its first place only."""
    seen: set[str] = set()
    sections = []
    for section in checklist.sections:
        rows = []
        for row in _section_rows(checklist, section, playbook):
            if row.id not in seen:
                seen.add(row.id)
                rows.append(row)
        sections.append(RowSection(section.id, section.title, tuple(rows)))
    return tuple(sections)


def rows_digest(sections: Iterable[RowSection]) -> str:
    """Return a short hash of a whole list: with the same one, two devices show the same rows in order."""
    rows = "\n".join(f"{row.id} {row.digest}" for section in sections for row in section.rows)
    return hashlib.sha256(rows.encode()).hexdigest()[:8]


def standard_rows(standard: Standard) -> list[Row]:
    """Return the checklist rows of a standard's own items."""
    return [_row(f"{standard.id}.{item.id}", item, standard.level, standard) for item in standard.items]


def facet_words(entry: Entry, field: str) -> tuple[str, ...]:
    """Return the words that an entry has in one of its facets' fields."""
    value = getattr(entry, field)
    return (value,) if isinstance(value, str) else tuple(value or ())


def filter_entries(entries: Iterable[Entry], **words: str | Sequence[str]) -> list[Entry]:
    """Return the entries that have, in each named field, one of the words given."""

    def has(entry: Entry, name: str, wanted: str | Sequence[str]) -> bool:
        return bool(set(facet_words(entry, name)) & ({wanted} if isinstance(wanted, str) else set(wanted)))

    return [entry for entry in entries if all(has(entry, name, wanted) for name, wanted in words.items())]


@dataclass(frozen=True)
class Choice:
    """A word that entries are classed by, and how many entries have it. `path` leads to their list."""

    id: str
    title: str
    count: int
    path: str = ""


@dataclass(frozen=True)
class Facet:
    """A field by which a list can be narrowed. `name` stands for it in the page's address."""

    field: str
    name: str
    title: str
    choices: tuple[Choice, ...]


def words_of(field: str, kind: str, playbook: Playbook, say: Messages) -> dict[str, str]:
    """Return the words of a field of a kind with their titles, in the vocabulary's order."""
    vocabulary = FACETS[kind][field]
    words = getattr(playbook.settings, vocabulary, None)
    return {id_: word.title for id_, word in words.items()} if words else say.under(vocabulary)


def facets_of(
    entries: Sequence[Entry], fields: Iterable[str], playbook: Playbook, say: Messages
) -> list[Facet]:
    """Return the facets of a list of entries of one kind; one that all entries share narrows nothing."""
    facets = []
    for field in fields:
        titles = words_of(field, entries[0].kind, playbook, say) if entries else {}
        counts = Counter(word for entry in entries for word in facet_words(entry, field))
        choices = tuple(Choice(id_, titles[id_], counts[id_]) for id_ in titles if counts[id_])
        if len(choices) > 1:
            facets.append(Facet(field, say(f"facets.name.{field}"), say(f"facts.{field}"), choices))
    return facets


def choices_of(kind: str, field: str, playbook: Playbook, say: Messages) -> list[Choice]:
    """Return the words of a field of a kind, each with the address of the list of those that have it."""
    start = f"{say(f'path.{kind}')}/?{say(f'facets.name.{field}')}="
    facets = facets_of(playbook.of_kind(kind), [field], playbook, say)
    return [replace(choice, path=f"{start}{choice.id}") for facet in facets for choice in facet.choices]


def urgent_entries(playbook: Playbook) -> list[Entry]:
    """Return what is needed at once: the guides to customers first, then the other kinds."""
    kinds = ("customer", *(kind for kind in ENTRY_TYPES if kind != "customer"))
    return [entry for kind in kinds for entry in playbook.of_kind(kind) if entry.urgent]


def _section_rows(checklist: Checklist, section: Section, playbook: Playbook) -> list[Row]:
    rows: list[Row] = []
    for address in section.take:
        identity, _, item = address.partition(".")
        standard = playbook.entries[identity]
        assert isinstance(standard, Standard)  # noqa: S101 - the checker saw to it
        rows.extend(row for row in standard_rows(standard) if not item or row.id == address)
    if section.select:
        for standard in select_standards(section.select, playbook.of_type(Standard)):
            rows.extend(standard_rows(standard))
    rows.extend(_row(f"{checklist.id}.{item.id}", item, item.level, None) for item in section.items)
    return rows


def _row(identity: str, item: Item | OwnItem, level: Level, standard: Standard | None) -> Row:
    return Row(identity, inline.plain(item.text), level, LEVEL_WEIGHTS[level], standard)


def feedback_addresses(entry: Entry, settings: Settings, say: Messages) -> dict[str, str]:
    """Return the address for each thing that readers report of an entry; none when there is nowhere to write.

    An issue form is preferred to e-mail. It gets `title`, `entry` and `edition`, and fills the fields so
    named.
    """
    feedback = settings.feedback
    addresses: dict[str, str] = {}
    # Written into texts that are quoted already: those are the same for all entries, and are quoted once.
    values = {
        "id": _quoted(entry.id),
        "title": _quoted(entry.title),
        "edition": _quoted(settings.edition.name),
        "url": _quoted(settings.address) + _quoted(entry_path(entry, say)),
    }
    for about in ("unmet", "change") if feedback.form or feedback.email else ():
        subject = _quoted_text(say(f"feedback.{about}.subject")).format_map(values)
        if feedback.form:
            joint = "&" if "?" in feedback.form else "?"
            fields = f"title={subject}&entry={values['id']}&edition={values['edition']}"
            addresses[about] = f"{feedback.form}{joint}{fields}"
        else:
            body = _quoted_text(say(f"feedback.{about}.body")).format_map(values)
            addresses[about] = f"mailto:{feedback.email}?subject={subject}&body={body}"
    return addresses


def missed_address(settings: Settings, say: Messages) -> str:
    """Return where to tell of a search that did not help, with `{query}` (quoted) where the question goes.

    Empty when there is nowhere to write.
    """
    feedback = settings.feedback
    values = {"edition": settings.edition.name, "url": settings.address, "query": "{query}"}
    subject = _quoted(say("feedback.missed.subject").format_map(values))
    if feedback.form:
        joint = "&" if "?" in feedback.form else "?"
        return f"{feedback.form}{joint}title={subject}&edition={_quoted(settings.edition.name)}"
    if feedback.email:
        body = _quoted(say("feedback.missed.body").format_map(values))
        return f"mailto:{feedback.email}?subject={subject}&body={body}"
    return ""


@lru_cache(maxsize=64)
def _quoted_text(text: str) -> str:
    """Return a text of the catalogue as a part of an address, the places for its values as they are."""
    return urllib.parse.quote(text, safe="{}")


@lru_cache(maxsize=256)
def _quoted(text: str) -> str:
    return urllib.parse.quote(text, safe="")


@dataclass(frozen=True)
class MatrixRow:
    """A row of a matrix: an entry and, for each column, whether they are joined."""

    entry: Entry
    title: str
    cells: tuple[bool, ...]


@dataclass(frozen=True)
class MatrixColumn:
    """A column of a matrix: an entry of another kind, or a word of a vocabulary."""

    id: str
    title: str


@dataclass(frozen=True)
class Matrix:
    """Which entries of one kind go with which entries of another, or with which words."""

    caption: str
    columns: tuple[MatrixColumn, ...]
    rows: tuple[MatrixRow, ...]


def matrix_of(rows: str, columns: str, playbook: Playbook, say: Messages) -> Matrix:
    """Return the matrix of a kind (`standard`) by another kind (`metric`) or by a facet (`channels`).

    Raises KeyError for a name that is neither.
    """
    entries = playbook.of_kind(rows)
    if columns in FACETS[rows]:
        titles = words_of(columns, rows, playbook, say)
        heads = tuple(MatrixColumn(id_, title) for id_, title in titles.items())

        def joined(entry: Entry) -> set[str]:
            return set(facet_words(entry, columns))
    else:
        heads = tuple(MatrixColumn(other.id, other.title) for other in playbook.of_kind(columns))

        def joined(entry: Entry) -> set[str]:
            return {other.id for other in playbook.linked(entry, columns)}

    found = tuple(
        MatrixRow(entry, _short_title(entry), tuple(head.id in names for head in heads))
        for entry in entries
        for names in [joined(entry)]
    )
    caption = say("matrix.caption", rows=say(f"kind.{rows}"), columns=_columns_title(columns, say))
    return Matrix(caption, heads, found)


def _columns_title(columns: str, say: Messages) -> str:
    title = say(f"kind.{columns}") if f"kind.{columns}" in say else say(f"facts.{columns}")
    # In the middle of a sentence; a name all in capitals keeps them.
    return title if title[:2].isupper() else f"{title[:1].lower()}{title[1:]}"


def _short_title(entry: Entry) -> str:
    return f"{entry.id} {entry.title}" if isinstance(entry, Standard) else entry.title


def threshold_text(threshold: Threshold, say: Messages) -> str:
    """Return a threshold as it is said: `Máximo 3 timbres`."""
    return say(f"threshold.{threshold.at}", value=number_text(threshold.value), unit=threshold.unit)


def number_text(value: float) -> str:
    """Return a number without a needless fraction, with a thin-space-free thousands comma (Mexican use)."""
    return f"{value:,.6f}".rstrip("0").rstrip(".")


def sort_key(title: str) -> str:
    """Return what a title is sorted by: its letters without case or accents, as readers look for it."""
    decomposed = unicodedata.normalize("NFD", title.casefold())
    return "".join(char for char in decomposed if char.isalnum() or char.isspace())
