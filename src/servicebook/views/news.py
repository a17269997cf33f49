"""What changed for readers: the entries' histories by edition and by role, newest first. Pure functions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from servicebook.content.model.entries import Change, Entry
from servicebook.content.model.settings import Edition
from servicebook.content.playbook import Playbook


@dataclass(frozen=True)
class Item:
    """One change of one entry, and the edition that brought it."""

    entry: Entry
    change: Change
    edition: Edition
    # What became of the entry in an edition is told once, with its last change there.
    is_last: bool = True

    @property
    def key(self) -> str:
        """Return what tells this change from every other."""
        return f"{self.entry.id}.{self.change.revision}"

    @property
    def is_new(self) -> bool:
        """Tell whether it is the entry's beginning and not a change of what it asked."""
        return self.change.revision == 1

    @property
    def roles(self) -> tuple[str, ...]:
        """Return the roles that the entry falls to."""
        roles: tuple[str, ...] = getattr(self.entry, "roles", ())
        return roles


@dataclass(frozen=True)
class EditionNews:
    """What an edition brought."""

    edition: Edition
    items: tuple[Item, ...]


def editions_of(playbook: Playbook) -> list[Edition]:
    """Return every edition that is known, the one in force last."""
    current = playbook.settings.edition
    earlier = [Edition(name=one.name, date=one.date) for one in playbook.editions_before(current)]
    return [*{one.name: one for one in earlier}.values(), current]


def news_of(playbook: Playbook) -> list[EditionNews]:
    """Return what each edition brought, the newest first; editions that brought nothing are left out.

    A change belongs to the first edition that is not older than it; one made since the last edition
    belongs to the edition in force, which is the one that readers see it in.
    """
    editions = editions_of(playbook)
    found: dict[str, list[Item]] = {edition.name: [] for edition in editions}
    for entry in playbook.entries.values():
        placed = [(_edition_of(change, editions), change) for change in entry.changes]
        placed.sort(key=lambda pair: pair[1].revision)
        last = {edition.name: change for edition, change in placed}
        for edition, change in placed:
            found[edition.name].append(Item(entry, change, edition, last[edition.name] is change))
    news = []
    for edition in reversed(editions):
        items = sorted(found[edition.name], key=lambda item: (item.entry.kind, item.entry.id))
        items.sort(key=lambda item: (item.change.date, item.change.revision), reverse=True)
        if items:
            news.append(EditionNews(edition, tuple(items)))
    return news


def _edition_of(change: Change, editions: Sequence[Edition]) -> Edition:
    return next((one for one in editions if change.date <= one.date), editions[-1])


def badge_of(entry: Entry, playbook: Playbook) -> str | None:
    """Return `new` or `changed` for what the edition in force brought, None for what was there before."""
    if entry.status != "active":
        return None
    current = playbook.settings.edition
    earlier = playbook.editions_before(current)
    last = earlier[-1] if earlier else None
    # An entry that was given another id is not a new one.
    if last and last.entries.keys().isdisjoint((entry.id, *entry.former_ids)):
        return "new"
    recent = [one for one in entry.changes if not last or one.date > last.date]
    if not recent:
        return None
    return "new" if min(one.revision for one in recent) == 1 else "changed"


def latest(news: Sequence[EditionNews], limit: int = 50) -> list[Item]:
    """Return the newest changes, no more than a feed should carry."""
    return [item for edition in news for item in edition.items][:limit]
