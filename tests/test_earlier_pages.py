"""The pages that a build keeps of the site that stands are those that a clean build would make."""

from __future__ import annotations

import datetime as dt
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from servicebook.base.resources import theme_folder
from servicebook.building.build import build_project
from servicebook.building.stamp import Stamp
from servicebook.content.model.entries import Entry
from servicebook.content.playbook import Playbook
from servicebook.site.site import Site, read_playbook
from tests.conftest import ROOT, MakeProject
from tests.edits import SAY, Edited


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


def build(project: Path) -> set[int]:
    """Build a project's site; returns which files its pages of standards are."""
    build_project(project, Path("site"), "mkdocs", SAY, lambda step: None)
    return {path.stat().st_ino for path in (project / "site/estandares").glob("*/index.html")}


def spoil_record(project: Path) -> None:
    record = Stamp(project, project / "site", "mkdocs").folder / "pages"
    data = bytearray(record.read_bytes())
    data[len(data) // 2] ^= 1
    record.write_bytes(data)


def touch_page(project: Path) -> None:
    page = project / "site/estandares/ext-01/index.html"
    page.write_text(page.read_text(encoding="utf-8"), encoding="utf-8")


def add_component(project: Path) -> None:
    own = project / "overrides/components/pager.html"
    own.parent.mkdir(parents=True)
    shutil.copy(theme_folder() / "components/pager.html", own)


def add_hook(project: Path) -> None:
    (project / "own.py").write_text("def on_config(config):\n    return config\n", encoding="utf-8")
    with (project / "mkdocs.yml").open("a", encoding="utf-8") as config:
        config.write("\nhooks: [own.py]\n")


def add_term(project: Path) -> None:
    text = "- {id: fila, title: fila, definition: Gente que espera.}\n"
    (project / "playbook/glossary.yml").write_text(text, encoding="utf-8")


@pytest.mark.parametrize(
    "change", [None, spoil_record, touch_page, add_component, add_hook, add_term], ids=str
)
def test_what_is_not_surely_known_is_made_anew(
    make_project: MakeProject, change: Callable[[Path], None] | None
) -> None:
    project = make_project({})
    config = project / "mkdocs.yml"
    plain = config.read_text(encoding="utf-8").replace(
        "- servicebook\n", "- servicebook: {search: false, paper: false}\n"
    )
    config.write_text(plain, encoding="utf-8")
    standards = project / "playbook/standards"
    text = (standards / "EXT-01.yml").read_text(encoding="utf-8")
    for number in range(2, 6):
        told = re.sub(r"^(customers|metrics|related):.*\n(?:[- ].*\n)*", "", text, flags=re.MULTILINE)
        (standards / f"EXT-0{number}.yml").write_text(
            told.replace("EXT-01", f"EXT-0{number}"), encoding="utf-8"
        )
    earlier = build(project)
    if change:
        change(project)
    first = standards / "EXT-01.yml"
    first.write_text(text.replace("Saludar al llegar", "Saludar de pie"), encoding="utf-8")
    kept = earlier & build(project)
    # The first was changed, and the second names it as the one before.
    assert len(kept) == (0 if change else 3)
