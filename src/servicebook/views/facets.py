"""The fields by which lists of entries are narrowed, and the entries that have a word."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from servicebook.content.model.entries import ENTRY_TYPES, Entry
from servicebook.content.playbook import Playbook
from servicebook.language.messages import Messages

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
        choices = _choices(entries, field, playbook, say)
        if len(choices) > 1:
            facets.append(Facet(field, say(f"facets.name.{field}"), say(f"facts.{field}"), choices))
    return facets


def choices_of(kind: str, field: str, playbook: Playbook, say: Messages) -> list[Choice]:
    """Return the words of a field of a kind, each with the address of the list of those that have it."""
    start = f"{say(f'path.{kind}')}/?{say(f'facets.name.{field}')}="
    choices = _choices(playbook.of_kind(kind), field, playbook, say)
    return [replace(choice, path=f"{start}{choice.id}") for choice in choices]


def urgent_entries(playbook: Playbook) -> list[Entry]:
    """Return what is needed at once: the guides to customers first, then the other kinds."""
    kinds = ("customer", *(kind for kind in ENTRY_TYPES if kind != "customer"))
    return [entry for kind in kinds for entry in playbook.of_kind(kind) if entry.urgent]


def _choices(entries: Sequence[Entry], field: str, playbook: Playbook, say: Messages) -> tuple[Choice, ...]:
    titles = words_of(field, entries[0].kind, playbook, say) if entries else {}
    counts = Counter(word for entry in entries for word in facet_words(entry, field))
    return tuple(Choice(id_, titles[id_], counts[id_]) for id_ in titles if counts[id_])
