"""The theme's page filled with an entry's parts is the page that the theme would have rendered."""

from __future__ import annotations

import datetime as dt
import re
import shutil
from pathlib import Path

import pytest

from servicebook.building.builder import SiteBuilder
from servicebook.site.site import read_playbook
from tests.conftest import ROOT
from tests.synthetic import HOSTILE, write_playbook

COUNT = 1000
Pages = dict[str, bytes]


def build(folder: Path, pages: str, *, paper: bool = True) -> Pages:
    """Return the pages of a project's site, `spliced` or each rendered by the theme in `full`."""
    config = folder / f"mkdocs-{pages}.yml"
    text = (folder / "mkdocs.yml").read_text(encoding="utf-8")
    assert text.count("  - servicebook\n") == 1
    options = f"pages: {pages}, search: false, paper: {str(paper).lower()}"
    plugin = f"  - servicebook: {{{options}}}\n"
    config.write_text(text.replace("  - servicebook\n", plugin), encoding="utf-8")
    SiteBuilder(config).build(folder / pages)
    return pages_of(folder / pages)


def pages_of(site: Path) -> Pages:
    return {path.relative_to(site).as_posix(): path.read_bytes() for path in site.rglob("*.html")}


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a project with the reference's theme and a made-up playbook whose titles look like markup."""
    folder = tmp_path_factory.mktemp("hostile")
    (folder / "overrides").symlink_to(ROOT / "overrides")
    write_playbook(folder / "playbook", COUNT)
    (folder / "docs").mkdir()
    (folder / "docs/index.md").write_text("# Manual\n\n{{ standards() }}\n", encoding="utf-8")
    config = (ROOT / "mkdocs.yml").read_text(encoding="utf-8").partition("\nnav:")[0]
    (folder / "mkdocs.yml").write_text(config, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def hostile_pages(hostile: Path) -> Pages:
    return build(hostile, "spliced", paper=False)


def test_spliced_pages_of_the_reference_are_the_theme_s_own(reference_site: Path, tmp_path: Path) -> None:
    (tmp_path / "overrides").symlink_to(ROOT / "overrides")
    for name in ("docs", "playbook"):  # a link to another folder would be no address in this repository
        shutil.copytree(ROOT / name, tmp_path / name)
    (tmp_path / "mkdocs.yml").write_text((ROOT / "mkdocs.yml").read_text(encoding="utf-8"), encoding="utf-8")
    spliced, full = pages_of(reference_site), build(tmp_path, "full")
    assert len(spliced) > 150
    assert spliced.keys() == full.keys()
    assert [page for page in spliced if spliced[page] != full[page]] == []


def test_spliced_pages_with_hostile_titles_are_the_theme_s_own(
    hostile: Path, hostile_pages: Pages, caplog: pytest.LogCaptureFixture
) -> None:
    full = build(hostile, "full", paper=False)
    assert len(full) > COUNT
    assert hostile_pages.keys() == full.keys()
    assert [page for page in full if hostile_pages[page] != full[page]] == []


def test_every_kind_is_spliced(hostile: Path, hostile_pages: Pages, caplog: pytest.LogCaptureFixture) -> None:
    """Pages that do not fit the shell are rendered in full and said so; ours all fit."""
    caplog.set_level("INFO", logger="mkdocs.plugins.servicebook")
    assert build(hostile, "spliced", paper=False) == hostile_pages
    assert "se hacen una por una" not in caplog.text


def test_a_hostile_title_is_text_everywhere(hostile_pages: Pages) -> None:
    pages = [page.decode() for page in hostile_pages.values()]
    for page in pages:
        assert len(re.findall(r"<title>(.*?)</title>", page, re.DOTALL)) == 1
        assert "<script>alert(1)" not in page
        assert "<b>gracias" not in page
    assert sum("{{ 7*7 }} {% raw %} ${x} xservicebookidx @/x" in page for page in pages) > 1
    assert sum("&amp;amp; &amp;lt;i&amp;gt;" in page for page in pages) > 1


@pytest.mark.slow
def test_the_same_count_gives_the_same_playbook(tmp_path: Path) -> None:
    for name in ("one", "other"):
        write_playbook(tmp_path / name, COUNT)
    files = [p.relative_to(tmp_path / "one") for p in (tmp_path / "one").rglob("*.yml")]
    assert len(files) > COUNT
    assert all((tmp_path / "one" / f).read_bytes() == (tmp_path / "other" / f).read_bytes() for f in files)
    playbook, warnings = read_playbook(tmp_path / "one", dt.date(2026, 11, 22))
    assert warnings == []
    assert {entry.title for entry in playbook.entries.values()} >= {title.strip() for title in HOSTILE}
