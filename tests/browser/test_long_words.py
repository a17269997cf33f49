"""Words and addresses longer than their place break: no page is wider than its screen or its paper."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from playwright.sync_api import Browser

from servicebook.building.build import build_project
from servicebook.language.messages import messages_in
from tests.browser.markup import telling_pages
from tests.conftest import ROOT, Serve, copy_project
from tests.synthetic import write_playbook

WORD = "Hipopotomonstrosesquipedaliofobia" * 10
ADDRESS = (
    "https://intranet.example.org/areas/operaciones/recepcion/manuales/2026/apertura-de-recepcion-y-mostrador"
    "?version=3&idioma=es"
)
# What is no text: a formula, and what names a file.
_NOT_TEXT = ("expression", "edition", "address", "url", "country")
_TEXT = re.compile(r"(?![A-Z]{2,}-\d+)(?:[A-ZÁÉÍÓÚÑ¿«]|.* )")
_LIMITS = {"title": 120, "promise": 180, "company": 120, "organisation": 120, "text": 300}
# The parts of a page that stick out of it, and are not inside of something that the reader can move.
TOO_WIDE = """() => {
  const wide = document.documentElement.clientWidth;
  const kept = ["auto", "scroll", "hidden", "clip"];
  const moves = (one) => one && (kept.includes(getComputedStyle(one).overflowX) || moves(one.parentElement));
  const out = [...document.body.querySelectorAll("*")].filter((one) => {
    const box = one.getBoundingClientRect();
    return box.width && box.height && box.right > wide + 1 && !moves(one.parentElement);
  });
  return [document.documentElement.scrollWidth > wide, out.slice(0, 3).map((one) => one.className)];
}"""


def lengthened(data: Any, key: str = "") -> Any:
    """Return data with a long word and a long address in every text, as far as there is room for them."""
    if isinstance(data, dict):
        # The elements of a framework are titles under keys of their own.
        return {
            name: lengthened(value, "title" if key == "elements" else name) for name, value in data.items()
        }
    if isinstance(data, list):
        return [lengthened(value, key) for value in data]
    if not isinstance(data, str) or key in _NOT_TEXT or not _TEXT.match(data):
        return data
    limit = _LIMITS.get(key, 1000)
    return f"{data[:20]} {WORD}"[:limit] if limit < 200 else f"{ADDRESS} {data[:40]} {WORD}"[:limit]


@pytest.fixture(scope="module")
def long_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the site of a playbook of every kind whose texts are all too long."""
    project = tmp_path_factory.mktemp("long") / "project"
    copy_project(project, {})
    for path in (project / "playbook").rglob("*.yml"):
        path.unlink()
    write_playbook(project / "playbook", 6)
    for path in (project / "playbook").rglob("*.yml"):
        data = yaml.load(path.read_text("utf-8"), yaml.CSafeLoader)
        path.write_text(yaml.safe_dump(lengthened(data), allow_unicode=True, sort_keys=False), "utf-8")
    for page in ("index", "matrices", "glosario", "fuentes", "novedades", "revision"):
        text = (ROOT / f"docs/{page}.md").read_text("utf-8")
        (project / f"docs/{page}.md").write_text(
            re.sub(r"\]\([^)]*\.md[^)]*\)", "](index.md)", text), "utf-8"
        )
    settings = project / "mkdocs.yml"
    plain = settings.read_text("utf-8")
    without = "- servicebook: {search: false, paper: false}\n"  # what is on screen is looked at
    settings.write_text(plain.replace("- servicebook\n", without), "utf-8")
    build_project(project, project / "site", "mkdocs", messages_in("es"), lambda step: None)
    return project / "site"


@pytest.mark.parametrize(
    ("width", "media"), [(320, "screen"), (390, "screen"), (1280, "screen"), (700, "print")]
)
def test_nothing_is_wider_than_its_screen_or_paper(
    browser: Browser, serve: Serve, long_site: Path, width: int, media: str
) -> None:
    url = serve(long_site)
    found = {}
    with browser.new_context(
        viewport={"width": width, "height": 800}, service_workers="block", reduced_motion="reduce"
    ) as context:
        page = context.new_page()
        page.emulate_media(media=media)  # type: ignore[arg-type]
        for path in telling_pages(long_site):
            page.goto(url + path)
            page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
            wide, out = page.evaluate(TOO_WIDE)
            if wide or out:
                found[path] = (wide, out)
    assert found == {}
