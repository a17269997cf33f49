"""A checked playbook: entries by id, and who refers to whom, in both directions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from functools import cached_property
from itertools import chain
from typing import TypeVar, cast

from servicebook.base.problems import Problem
from servicebook.content.content import Content
from servicebook.content.drafts import drafts_of
from servicebook.content.kinds import Kinds
from servicebook.content.languages import messages_at
from servicebook.content.model.entries import Entry, Standard
from servicebook.content.model.settings import Edition, Foundation, FrozenEdition, Settings, Source, Term
from servicebook.content.select import is_published, owner_of, select_standards
from servicebook.language.messages import Messages

E = TypeVar("E", bound=Entry)


class Playbook:
    """The published content of a playbook. Made from content without errors; never changed."""

    def __init__(self, content: Content, problems: Iterable[Problem] = (), *, drafts: bool = False) -> None:
        """`problems` are all that were found, those of drafts among them; with `drafts`, these are shown too.

        Raises ValueError when the content has no settings: it has problems that stop a build.
        """
        if content.settings is None:
            raise ValueError("content with problems makes no playbook")
        self.settings: Settings = content.settings
        self.folder = content.root
        self.kinds: Kinds = content.kinds
        published = [entry for entry in content.entries if drafts or is_published(entry)]
        self.entries: dict[str, Entry] = {entry.id: entry for entry in published}
        self.terms: dict[str, Term] = {term.id: term for term in content.terms}
        self.sources: dict[str, Source] = {source.id: source for source in content.sources}
        self.foundations: dict[str, Foundation] = {found.id: found for found in content.foundations}
        self.editions: tuple[FrozenEdition, ...] = tuple(
            sorted(content.editions, key=lambda edition: (edition.date, edition.name))
        )
        self.drafts = drafts_of(content, problems)
        self._content = content
        self._linked: dict[str, dict[str, list[Entry]]] = {}
        self._by_kind: dict[str, list[Entry]] = {kind: [] for kind in self.kinds}
        for entry in sorted(published, key=lambda entry: entry.id):
            self._by_kind[entry.kind].append(entry)

    def with_drafts(self) -> Playbook:
        """Return this playbook with the drafts of which a page can be made among its entries."""
        whole = [draft.entry for draft in self.drafts if draft.entry]
        entries = [entry for entry in self._content.entries if is_published(entry)]
        return Playbook(replace(self._content, entries=[*entries, *whole], drafts=set()), drafts=True)

    @cached_property
    def say(self) -> Messages:
        """What is said of this playbook: in its language, by the names it gives, and in its own words."""
        words = {**self.kinds.words, **self.settings.sentences}
        return messages_at(self.folder, self.settings.language).with_words(words)

    def editions_before(self, edition: Edition | FrozenEdition) -> list[FrozenEdition]:
        """Return those before an edition, the latest last; of one day, the names tell which was first."""
        order = (edition.date, edition.name)
        return [one for one in self.editions if one.name != edition.name and (one.date, one.name) < order]

    def media(self, *, drafts: bool = False) -> list[str]:
        """Return the files that entries show or hand on, below the playbook's folder."""
        shown = [draft.entry for draft in self.drafts if draft.entry] if drafts else []
        return sorted({file for entry in (*self.entries.values(), *shown) for file in entry.media})

    def of_type(self, model: type[E]) -> list[E]:
        """Return the entries of one kind in force, by id."""
        return cast("list[E]", [*self._in_force[model.kind]])

    def of_kind(self, kind: str, *, retired: bool = False) -> list[Entry]:
        """Return the entries of one kind by id: those in force, with the retired ones if asked for."""
        return [*(self._by_kind if retired else self._in_force)[kind]]

    def linked(self, entry: Entry | Foundation, kind: str) -> list[Entry]:
        """Return the entries in force of `kind` that refer to `entry` or that it refers to, by id."""
        return self.all_linked(entry).get(kind, [])

    def all_linked(self, entry: Entry | Foundation) -> dict[str, list[Entry]]:
        """Return the entries in force that refer to `entry` or that it refers to: by kind, and then by id."""
        if isinstance(entry, Foundation):  # which may have the id of an entry
            return self._in_force_among(entry.standards)
        found = self._linked.get(entry.id)
        if found is None:
            found = self._linked[entry.id] = self._in_force_among(self._links.get(entry.id, ()))
        return found

    def _in_force_among(self, ids: Iterable[str]) -> dict[str, list[Entry]]:
        """Return those of some entries that are in force: by kind, and then by id."""
        by_kind: dict[str, list[Entry]] = defaultdict(list)
        for id_ in sorted({*ids}):
            other = self.entries.get(id_)
            if other and other.status != "retired":
                by_kind[other.kind].append(other)
        return {kind: by_kind[kind] for kind in self.kinds if kind in by_kind}

    def beside(self, entry: Entry) -> tuple[Entry | None, Entry | None]:
        """Return the entries in force of the same kind just before and just after `entry`, by id."""
        place = self._places.get(entry.id)
        if place is None:
            return None, None
        row = self._in_force[entry.kind]
        return row[place - 1] if place else None, row[place + 1] if place + 1 < len(row) else None

    def near(self, entry: Entry) -> list[Entry]:
        """Return every other entry of which something may be shown where `entry` is, by id.

        Where a text of it leads to another, that has an address, and no more is shown of it.
        """
        ids = {*self._links.get(entry.id, ()), *(one.id for one in self.beside(entry) if one)}
        ids |= self._links_before.get(entry.id, set())
        ids.add(entry.replaced_by or entry.id)
        return [self.entries[id_] for id_ in sorted(ids - {entry.id}) if id_ in self.entries]

    def citing(self, source: Source) -> list[Entry]:
        """Return the entries that cite a source, by kind and id."""
        ids = self._citations.get(source.id, set())
        return [entry for kind in self._by_kind for entry in self.of_kind(kind) if entry.id in ids]

    @cached_property
    def _in_force(self) -> dict[str, list[Entry]]:
        return {
            kind: [entry for entry in entries if entry.status == "active"]
            for kind, entries in self._by_kind.items()
        }

    @cached_property
    def _places(self) -> dict[str, int]:
        return {entry.id: place for row in self._in_force.values() for place, entry in enumerate(row)}

    @cached_property
    def _links(self) -> dict[str, set[str]]:
        """Each id and the ids that it is joined to, whichever of the two names the other."""
        links: dict[str, set[str]] = defaultdict(set)

        def join(one: str, other: str) -> None:
            links[one].add(other)
            links[other].add(one)

        for entry in self.entries.values():
            for loc, target, mark in self._content.references_of(entry):
                if mark.kind != "source" and loc != ("replaced_by",):
                    join(entry.id, owner_of(target, self.entries))
        for checklist in self._by_kind["checklist"]:
            for section in checklist.sections:  # type: ignore[attr-defined]
                if section.select:
                    for standard in select_standards(section.select, self.of_type(Standard)):
                        join(checklist.id, standard.id)
        return links

    @cached_property
    def _links_before(self) -> dict[str, set[str]]:
        """As `_links`, by what frozen editions have of the playbook's own fields.

        Histories say it by the titles of today, so that a new title changes them.
        """
        links: dict[str, set[str]] = defaultdict(set)
        for entry in self.entries.values():
            fields = [name for name, info in entry.own_fields.items() if info.type == "reference"]
            frozen = (
                edition.entries.get(id_)
                for edition in (self.editions if fields else ())
                for id_ in (entry.id, *entry.former_ids)
            )
            for texts in (then.texts for then in frozen if then):
                for target in chain.from_iterable(texts.get(name, "").split("\n") for name in fields):
                    links[entry.id].add(target)
                    links[target].add(entry.id)
        return links

    @cached_property
    def _citations(self) -> dict[str, set[str]]:
        citations: dict[str, set[str]] = defaultdict(set)
        for entry in self.entries.values():
            for _, target, mark in self._content.references_of(entry):
                if mark.kind == "source":
                    citations[target].add(entry.id)
        return citations


def touched(old: Playbook, new: Playbook) -> list[Entry]:
    """Return the entries that were changed, then those that show something of them."""
    changed = [entry for id_, entry in new.entries.items() if entry is not old.entries[id_]]
    near: dict[str, Entry] = {entry.id: entry for entry in changed}
    for entry in changed:
        for other in (*old.near(old.entries[entry.id]), *new.near(entry)):
            near.setdefault(other.id, new.entries[other.id])
    for entry in new.entries.values():
        if entry.replaced_by in near and new.entries[entry.replaced_by] in changed:
            near.setdefault(entry.id, entry)
    return list(near.values())
