"""A matrix on paper: every column is there, however many there are, and none stands beyond the sheet."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pypdf
import pytest
from playwright.sync_api import Browser

from servicebook.building.build import build_project
from servicebook.language.messages import messages_in
from tests.conftest import MakeProject, Serve
from tests.printed import squeeze

# A sheet of Letter within its margins, in the dots of a browser.
SHEET = 700
TITLES = ("Especial", "Extraordinariamenteimpaciente")


def with_columns(project: Path, count: int) -> Path:
    """Give a project so many customers, the columns of its matrix."""
    text = (project / "playbook/customers/vip.yml").read_text("utf-8")
    for i in range(count - 1):
        title = f"{TITLES[i % 2]} {i:02}"
        entry = re.sub(r"^id: .*$", f"id: cliente-{i}", text, flags=re.MULTILINE)
        entry = re.sub(r"^title: .*$", f"title: {title}", entry, count=1, flags=re.MULTILINE)
        (project / f"playbook/customers/cliente-{i}.yml").write_text(entry, "utf-8")
    settings = project / "mkdocs.yml"
    plain = settings.read_text("utf-8")
    settings.write_text(
        plain.replace("- servicebook\n", "- servicebook: {search: false, paper: false}\n"), "utf-8"
    )
    return project


@pytest.mark.parametrize("count", [16, 17, 25, 61])
def test_every_column_of_a_matrix_is_on_paper(
    browser: Browser, make_project: MakeProject, serve: Serve, count: int
) -> None:
    page_text = '# Matriz\n\n{{ matrix("standard", "customer") }}\n'
    project = with_columns(make_project({"docs/matriz.md": page_text}), count)
    build_project(project, project / "site", "mkdocs", messages_in("es"), lambda step: None)
    page = browser.new_page(viewport={"width": SHEET, "height": 900})
    page.goto(f"{serve(project / 'site')}matriz/")
    sheets = pypdf.PdfReader(io.BytesIO(page.pdf(format="Letter"))).pages
    printed = squeeze(" ".join(sheet.extract_text() for sheet in sheets))
    # A long title is broken wherever it must be; the short ones between them are read whole.
    assert [i for i in range(0, count - 1, 2) if squeeze(f"{TITLES[0]} {i:02}") not in printed] == []
    page.emulate_media(media="print")
    heads = page.locator("thead th").evaluate_all(
        """(heads) => heads.filter((head) => head.getClientRects().length).map((head) =>
          [head.textContent, head.getBoundingClientRect().right,
            Math.max(head.scrollWidth - head.clientWidth, head.scrollHeight - head.clientHeight)])"""
    )
    assert len({title for title, *_ in heads}) == len(heads) == count
    assert [title for title, right, over in heads if right > SHEET or over > 0] == []
    # However narrow its column, a word that fits on a line is not cut.
    pieces = page.locator("thead th", has_text=TITLES[0]).evaluate_all(
        """(heads) => heads.filter((head) => head.getClientRects().length).map(({ firstChild }) => {
          const range = document.createRange();
          range.setStart(firstChild, 0);
          range.setEnd(firstChild, firstChild.data.indexOf(" "));
          return range.getClientRects().length;
        })"""
    )
    assert set(pieces) == {1}
    # Nor does it stand upright, which programs that look for words in a PDF read backwards.
    modes = page.locator("thead th").evaluate_all(
        "all => all.map((one) => getComputedStyle(one).writingMode)"
    )
    assert set(modes) == {"horizontal-tb"}
    page.close()
