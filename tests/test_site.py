"""The site as a whole, through the real pipeline."""

from __future__ import annotations

import filecmp
import gzip
import re
from pathlib import Path
from urllib.parse import unquote

from servicebook.build import build_project
from servicebook.messages import messages_in
from tests.conftest import MakeProject

SAY = messages_in("es")


def build(project: Path, name: str = "site") -> Path:
    build_project(project, project / name, "mkdocs", SAY, lambda step: None)
    return project / name


def test_every_entry_has_a_page_at_its_id(make_project: MakeProject) -> None:
    site = build(make_project({}))
    assert "Saludar al llegar" in (site / "estandares/ext-01/index.html").read_text(encoding="utf-8")
    assert (site / "clientes/vip/index.html").is_file()


def test_two_builds_are_the_same_bytes(make_project: MakeProject) -> None:
    project = make_project({})
    one, other = build(project, "one"), build(project, "other")
    files = [path.relative_to(one) for path in one.rglob("*") if path.is_file()]
    _, different, missing = filecmp.cmpfiles(one, other, map(str, files), shallow=False)
    assert not different
    assert not missing


def test_reference_site_has_no_mark_left(reference_site: Path) -> None:
    for page in reference_site.rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        assert "xservicebook" not in text
        assert "data-servicebook=" not in text
        assert '"@/' not in text


def test_every_link_within_the_site_leads_somewhere(reference_site: Path) -> None:
    pages = {page: page.read_text(encoding="utf-8") for page in reference_site.rglob("*.html")}
    anchors = {page: set(re.findall(r'\bid="([^"]+)"', html)) for page, html in pages.items()}
    lost = set()
    for page, html in pages.items():
        if page.name == "404.html":  # its addresses start at the site's root
            continue
        for address in re.findall(r"(?:href|src)=([^\s>]+)", html):
            assert address.startswith('"'), f"{page}: {address}"
            path, _, anchor = unquote(address.strip('"')).partition("#")
            if re.match(r"[a-z]+:", path):
                continue
            target = (page.parent / path.partition("?")[0]).resolve() if path else page
            target = target / "index.html" if target.is_dir() else target
            if not target.is_file() or (anchor and anchor not in anchors[target]):
                lost.add(f"{page.relative_to(reference_site)}: {address}")
    assert lost == set()


def test_pages_written_by_hand_are_found_too(make_project: MakeProject) -> None:
    project = make_project({"docs/historia.md": "# Historia\n\nFundada por Eulalia.\n\n{{ standards() }}\n"})
    site = build(project)
    found = [gzip.decompress(path.read_bytes()) for path in (site / "pagefind/fragment").iterdir()]
    assert sum(b"Eulalia" in text for text in found) == 1
