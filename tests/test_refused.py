"""Pages written by hand under the policy of the site: what it refuses is told, and Markdown makes none."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from servicebook.base.problems import ContentError
from servicebook.building.build import build_project
from servicebook.language.messages import messages_in
from tests.conftest import MakeProject

SAY = messages_in("es")
TABLE = """# Tabla

| Izquierda | Centro | Derecha |
| :-------- | :----: | ------: |
| uno       | dos    |      32 |
"""
PAGE = """# Prueba

<p style="color: red">rojo</p>
Un párrafo.
{: style="margin: 0" }

<button onclick='alert(1)'>uno</button>
<img src="../assets/icons/icon.svg" onerror="alert(2)" alt="">
<a href=" JavaScript:alert(3)">tres</a>
<script>alert(4)</script>
<style>p { color: red }</style>
<script type="application/json">{"a": 1}</script>

`style="no"` y `onclick="no"` en código.
"""
REFUSED = [
    (3, "inline-style"),
    (5, "inline-style"),
    (7, "inline-script"),
    (8, "inline-script"),
    (9, "inline-script"),
    (10, "inline-script"),
    (11, "inline-style"),
]


def with_extensions(project: Path, extensions: str) -> Path:
    settings = project / "mkdocs.yml"
    text = settings.read_text("utf-8") + f"markdown_extensions: {extensions}\n"
    settings.write_text(
        text.replace("- servicebook\n", "- servicebook: {search: false, paper: false}\n"), "utf-8"
    )
    return project


@pytest.mark.parametrize("extensions", ["[]", "[tables]", "[extra]", "[pymdownx.extra]"])
def test_columns_of_a_table_are_aligned_without_a_style(make_project: MakeProject, extensions: str) -> None:
    project = with_extensions(make_project({"docs/tabla.md": TABLE}), extensions)
    build_project(project, project / "site", "mkdocs", SAY, lambda step: None)
    html = (project / "site/tabla/index.html").read_text("utf-8")
    assert re.findall(r'<t[hd] align="(\w+)"', html) == ["left", "center", "right"] * 2
    assert not re.findall(r"<[^>]+\sstyle=", html)


def test_what_the_policy_refuses_is_told_with_its_line(make_project: MakeProject) -> None:
    project = with_extensions(make_project({"docs/prueba.md": PAGE}), "[attr_list]")
    with pytest.raises(ContentError) as refused:
        build_project(project, project / "site", "mkdocs", SAY, lambda step: None)
    found = [(problem.location.line, problem.rule) for problem in refused.value.problems]
    assert found == REFUSED
    assert "color: red" in SAY.explain(refused.value.problems[0])
