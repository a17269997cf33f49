"""The pages that a build keeps of the site that stands are those that a clean build would make."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from servicebook.building.build import build_project
from servicebook.building.earlier_pages import shared_by_all
from servicebook.building.stamp import Stamp
from servicebook.content.model.entries import Entry
from servicebook.content.playbook import Playbook
from servicebook.site.site import Site, read_playbook
from tests.conftest import ROOT, MakeProject
from tests.edits import SAY, Edited


def test_edits_at_random_give_the_site_of_a_clean_build(tmp_path: Path) -> None:
    # Nine builds: each is needed, and none is of more than a dozen entries.
    edited = Edited(tmp_path, seed=3, count=4)
    assert [*edited.run(4)] == []
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


@pytest.mark.parametrize("name", ["", "tests/projects/hospital", "tests/projects/baseline"])
def test_a_page_shows_nothing_but_its_entry_and_what_is_near(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    playbook, _ = read_playbook(ROOT / name, dt.date(2026, 11, 26))
    require_near(playbook, monkeypatch)


def require_near(playbook: Playbook, monkeypatch: pytest.MonkeyPatch) -> None:
    """Assert that what is made of each entry shows it, what is near to it, and nothing else."""
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


def test_what_an_entry_led_to_in_an_edition_is_near_to_it(
    make_project: MakeProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its history says by today's title what a field of the playbook's own named then."""
    project = make_project({})
    field = "{type: reference, kind: standard, several: true, label: Va con, shows: [facts, paper]}"
    with (project / "playbook/playbook.yml").open("a", encoding="utf-8") as settings:
        settings.write(f"fields: {{standard: {{after: {field}}}}}\n")
    standards = project / "playbook/standards"
    text = (standards / "EXT-01.yml").read_text(encoding="utf-8").replace("metrics: [csat]\n", "")
    for number in range(2, 6):
        told = text.replace("EXT-01", f"EXT-0{number}")
        (standards / f"EXT-0{number}.yml").write_text(told, encoding="utf-8")
    change = "changes: [{revision: 2, date: 2026-11-20, reason: Va sola.}]\n"
    told = text.replace("EXT-01", "EXT-09").replace("sources:", "former_ids: [EXT-07]\nsources:")
    (standards / "EXT-09.yml").write_text(f"{told}revision: 2\n{change}", encoding="utf-8")
    entry = "{kind: standard, title: Una, parts: {after: x}, texts: {after: "
    (project / "playbook/editions").mkdir()
    (project / "playbook/editions/0.yml").write_text(
        f'name: "0"\ndate: 2026-10-01\nitems: {{}}\nentries:\n'
        f'  EXT-02: {entry}"EXT-03"}}}}\n  EXT-07: {entry}"EXT-01\\nEXT-08"}}}}\n',
        encoding="utf-8",
    )
    playbook, _ = read_playbook(project, dt.date(2026, 11, 26))
    now, named = playbook.entries["EXT-09"], playbook.entries["EXT-01"]
    assert named in playbook.near(now)
    # A preview that shows a change of the one that was named asks the other way round.
    assert now in playbook.near(named)
    assert now not in playbook.linked(named, "standard"), "what was named once is no relation of today"
    assert "Saludar al llegar, EXT-08" in str(Site(playbook).renderer.entry_page(now))
    require_near(playbook, monkeypatch)


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


def add_hook(project: Path) -> None:
    (project / "own.py").write_text("def on_config(config):\n    return config\n", encoding="utf-8")
    with (project / "mkdocs.yml").open("a", encoding="utf-8") as config:
        config.write("\nhooks: [own.py]\n")


def add_term(project: Path) -> None:
    text = "- {id: fila, title: fila, definition: Gente que espera.}\n"
    (project / "playbook/glossary.yml").write_text(text, encoding="utf-8")


def test_what_is_not_surely_known_is_made_anew(make_project: MakeProject) -> None:
    """Seven builds of one project, one after the other: each needs the site that the one before left."""
    project = make_project({})
    config = project / "mkdocs.yml"
    plain = config.read_text(encoding="utf-8").replace(
        "- servicebook\n", "- servicebook: {search: false, paper: false}\n"
    )
    config.write_text(plain, encoding="utf-8")
    standards = project / "playbook/standards"
    text = (standards / "EXT-01.yml").read_text(encoding="utf-8")
    for number in range(2, 6):
        told = text.replace("EXT-01", f"EXT-0{number}").replace("metrics: [csat]\n", "")
        (standards / f"EXT-0{number}.yml").write_text(told, encoding="utf-8")
    earlier = build(project)
    for number, change in enumerate((None, spoil_record, None, touch_page, add_term, add_hook)):
        if change:
            change(project)
        told = text.replace("Saludar al llegar", f"Saludar de pie, vez {number}")
        (standards / "EXT-01.yml").write_text(told, encoding="utf-8")
        pages = build(project)
        # The first was changed, and the second names it as the one before.
        assert len(earlier & pages) == (0 if change else 3), change
        earlier = pages


def test_a_picture_is_shared_by_all_pages_in_whatever_folder_of_media(make_project: MakeProject) -> None:
    """A page says how large its pictures are: one that was drawn anew may be of another size."""
    project = make_project({})
    site = Site(read_playbook(project, dt.date(2026, 11, 26))[0])
    shared = {shared_by_all(site, paper=True)}
    for number, name in enumerate(("mostrador.png", "salas/grande/mostrador.png") * 2, 2):
        picture = project / "playbook/media" / name
        picture.parent.mkdir(parents=True, exist_ok=True)
        picture.write_bytes(b"x" * number)
        shared.add(shared_by_all(site, paper=True))
        assert len(shared) == number, name


def test_components_of_the_project_s_own_may_show_what_they_like(make_project: MakeProject) -> None:
    project = make_project({"overrides/components/pager.html": "{% macro pager(entry) %}{% endmacro %}\n"})
    playbook, _ = read_playbook(project, dt.date(2026, 11, 26))
    plain, own = Site(playbook), Site(playbook, [project / "overrides"])
    shared = [shared_by_all(site, paper=paper) for site in (plain, own) for paper in (True, True, False)]
    assert shared[0] == shared[1]
    assert len({*shared}) == len(shared) - 1
