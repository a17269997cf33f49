"""The fields by which lists of entries are narrowed, and the entries that have a word."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from servicebook.content.model.entries import Entry
from servicebook.content.playbook import Playbook
from servicebook.language.messages import Messages


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


def words_of(field: str, kind: str, playbook: Playbook) -> dict[str, str]:
    """Return the words of a field of a kind with their titles, in the vocabulary's order."""
    return titles_of(playbook.kinds[kind].facets[field], playbook)


def titles_of(vocabulary: str, playbook: Playbook) -> dict[str, str]:
    """Return the words of a vocabulary with their titles, the model's own vocabularies included."""
    if vocabulary == "levels":
        return {id_: playbook.say(f"level.{id_}") for id_ in playbook.settings.levels}
    return dict(playbook.settings.words.get(vocabulary, ())) or playbook.say.under(vocabulary)


def facets_of(
    entries: Sequence[Entry], fields: Iterable[str], playbook: Playbook, say: Messages
) -> list[Facet]:
    """Return the facets of a list of entries of one kind; one that all entries share narrows nothing."""
    facets = []
    for field in fields:
        choices = _choices(entries, field, playbook)
        if len(choices) > 1:
            facets.append(
                Facet(field, facet_name(field, say), field_title(type(entries[0]), field, say), choices)
            )
    return facets


def choices_of(kind: str, field: str, playbook: Playbook, say: Messages) -> list[Choice]:
    """Return the words of a field of a kind, each with the address of the list of those that have it."""
    start = f"{say(f'path.{kind}')}/?{facet_name(field, say)}="
    choices = _choices(playbook.of_kind(kind), field, playbook)
    return [replace(choice, path=f"{start}{choice.id}") for choice in choices]


def facet_name(field: str, say: Messages) -> str:
    """Return what stands for a field in a page's address; one that a playbook declares has its own id."""
    key = f"facets.name.{field}"
    return say(key) if key in say else field


def field_title(model: type[Entry], field: str, say: Messages) -> str:
    """Return what readers see a field called."""
    own = f"label.{model.__name__}.{field}"
    return say(own if own in say else f"facts.{field}")


def urgent_entries(playbook: Playbook) -> list[Entry]:
    """Return what is needed at once: the guides to customers first, then the other kinds."""
    kinds = ("customer", *(kind for kind in playbook.kinds if kind != "customer"))
    return [entry for kind in kinds for entry in playbook.of_kind(kind) if entry.urgent]


def _choices(entries: Sequence[Entry], field: str, playbook: Playbook) -> tuple[Choice, ...]:
    titles = words_of(field, entries[0].kind, playbook) if entries else {}
    counts = Counter(word for entry in entries for word in facet_words(entry, field))
    return tuple(Choice(id_, titles[id_], counts[id_]) for id_ in titles if counts[id_])
