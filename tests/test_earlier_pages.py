"""The pages that a build keeps of the site that stands are those that a clean build would make."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from servicebook.content.model.entries import Entry
from servicebook.content.playbook import Playbook
from servicebook.site.site import Site, read_playbook
from tests.conftest import ROOT
from tests.edits import Edited


def test_edits_at_random_give_the_site_of_a_clean_build(tmp_path: Path) -> None:
    edited = Edited(tmp_path, seed=3, count=4)
    assert [*edited.run(5)] == []
    assert edited.kept > 20


@dataclass(frozen=True)
class Place:
    """What may be asked of any entry: by which address it is reached."""

    kind: str
    id: str


class Watched(dict[str, Entry]):
    """The entries of a playbook of which only those are given that are near to one of them."""

    def __init__(self, playbook: Playbook, patch: pytest.MonkeyPatch) -> None:
        super().__init__(playbook.entries)
        self.near: set[str] = set()
        self.given: set[str] = set()
        for name in ("of_kind", "of_type", "linked", "all_linked", "beside", "citing"):
            patch.setattr(playbook, name, self._told(getattr(playbook, name)))
        patch.setattr(playbook, "entries", self)

    def _told(self, method: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **options: Any) -> Any:
            near, self.near = self.near, {*self}  # what a playbook asks itself is told by its answer
            try:
                answer = method(*arguments, **options)
            finally:
                self.near = near
            rows = answer.values() if isinstance(answer, dict) else [answer]
            self.given |= {entry.id for row in rows for entry in row if entry}
            return answer

        return call

    def __getitem__(self, identity: str) -> Any:
        entry = super().__getitem__(identity)
        return entry if identity in self.near else Place(entry.kind, entry.id)

    def get(self, identity: str, default: Any = None) -> Any:
        return self[identity] if super().get(identity) else default

    def values(self) -> Any:
        return [self[identity] for identity in self]

    def items(self) -> Any:
        return [(identity, self[identity]) for identity in self]


@pytest.mark.parametrize("name", ["", *sorted(path.name for path in (ROOT / "tests/projects").iterdir())])
def test_a_page_shows_nothing_but_its_entry_and_what_is_near(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = ROOT / "tests/projects" / name if name else ROOT
    playbook, _ = read_playbook(project, dt.date(2026, 11, 26))
    entries = [*playbook.entries.values()]
    near = {entry.id: {entry.id, *(one.id for one in playbook.near(entry))} for entry in entries}
    site = Site(playbook)
    watched = Watched(playbook, monkeypatch)
    given = 0
    for entry in entries:
        watched.near = near[entry.id]
        site.show(playbook)  # what was looked up for one page is looked up again for the next
        watched.given.clear()
        assert site.parts_of(entry).content
        assert site.entry_text(entry)
        assert site.entry_plain(entry)
        assert watched.given <= watched.near, entry.id
        given += len(watched.given)
    assert given
