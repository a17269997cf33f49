"""The oldest browsers that the site is made for, by the language of its files; and Firefox itself."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pypdf
import pytest

from tests.browser.test_pages import KINDS, OUTSIDE
from tests.conftest import ROOT
from tests.node import PROGRAMS, find_node

PACKAGES = PROGRAMS / "node_modules"
# Stated in README.md.
FLOOR = "safari15.4,firefox115,chrome107"


def find_what_is_newer(*files: Path) -> dict[str, list[str]]:
    command = [
        find_node(),
        str(Path(__file__).with_name("floor.mjs")),
        str(PACKAGES),
        FLOOR,
        *map(str, files),
    ]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=True)
    found: dict[str, list[str]] = json.loads(done.stdout)
    return found


def test_every_script_and_style_is_in_the_language_of_the_floor(reference_site: Path) -> None:
    scripts = [path for path in reference_site.rglob("*.js") if "javascripts" not in path.parts]
    files = [*scripts, reference_site / "assets/servicebook.css", *(ROOT / "overrides/admin").glob("*.js")]
    assert len(files) > 25
    assert find_what_is_newer(*files) == {}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("lookbehind.js", "x = /(?<=a)b/;"),
        ("static.js", "class A { static { this.a = 1; } }"),
        ("mask.css", "a{mask:url(x.svg)}"),
        ("nested.css", "a{b &{color:red}}"),
    ],
)
def test_what_is_newer_is_found(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    assert list(find_what_is_newer(tmp_path / name)) == [str(tmp_path / name)]


def test_the_floor_is_stated() -> None:
    stated = (ROOT / "README.md").read_text(encoding="utf-8")
    for name, version in re.findall(r"([a-z]+)([\d.]+)", FLOOR):
        assert re.search(rf"{name}[^.\n]*\b{re.escape(version)}\b", stated, re.IGNORECASE), name


def test_the_site_is_read_ticked_searched_and_printed_in_firefox(
    reference_url: str, tmp_path: Path, firefox: str
) -> None:
    printed = tmp_path / "list.pdf"
    script = str(Path(__file__).with_name("firefox.mjs"))
    command = [find_node(), script, str(PACKAGES), firefox, reference_url, str(printed), *KINDS, *OUTSIDE]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", timeout=300)
    assert done.returncode == 0, done.stderr
    seen: dict[str, Any] = json.loads(done.stdout)
    assert seen["errors"] == []
    assert set(seen["pages"]) == {*KINDS, *OUTSIDE}
    for path, page in seen["pages"].items():
        assert page["title"], path
        assert page["wide"] <= 390, path
        assert not page["menu"], path
    assert seen["ticked"] == 1
    assert seen["menu"]
    assert seen["hit"]
    text = " ".join(pypdf.PdfReader(printed).pages[0].extract_text().split())
    assert "Edición 2026" in text
    assert "apertura-mostrador" in text
    assert "/listas/apertura-mostrador/" in text
