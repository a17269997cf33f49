"""The engine and the theme that make the pages: each that there is, and what is said where one is missing."""

from __future__ import annotations

import re
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest
from engines import THEMES_OWN, alike, differences

from servicebook.base.problems import BuildError
from servicebook.building import engine
from servicebook.building.build import build_project
from servicebook.editing.twins import with_engine
from servicebook.language.messages import messages_in
from tests.conftest import ROOT, MakeProject

SAY = messages_in("es")
# A theme that prints all that a page has where it lists pages: what is missing of one is an error there.
EVERYTHING = """{% for file in pages %}<url><loc>{{ file.page.canonical_url }}</loc>
{% for name in NAMES %}<{{ name }}>{{ file.page[name] }}</{{ name }}>
{% endfor %}{{ file.page.meta.priority }}{% if file.page.meta.document_dates %}x{% endif %}</url>
{% endfor %}"""


def build(project: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Build a project's site in a process of its own, since an engine is chosen once for each."""
    command = [sys.executable, "-m", "servicebook", "build", "--project", str(project), *arguments]
    return subprocess.run(command, cwd=project, capture_output=True, text=True, timeout=100)


def name_engine(project: Path, name: str) -> None:
    """Have a project's mkdocs.yml name an engine."""
    settings = project / "mkdocs.yml"
    before = settings.read_text(encoding="utf-8")
    settings.write_text(with_engine(before, "mkdocs.yml", name), encoding="utf-8")
    assert f"engine: {name}" in settings.read_text(encoding="utf-8")


def pages_of(site: Path) -> dict[str, str]:
    """Return the text of each file of a site that is the product's own and no picture."""
    names = {path.relative_to(site).as_posix(): path for path in site.rglob("*") if path.is_file()}
    texts = {name: path for name, path in names.items() if not THEMES_OWN.match(name)}
    return {name: path.read_bytes().decode("utf-8", "replace") for name, path in texts.items()}


def test_a_site_is_the_same_by_either_engine(make_project: MakeProject) -> None:
    project = make_project({})
    for name in engine.ENGINES:
        done = build(project, "--engine", name, "--site-dir", name)
        assert done.returncode == 0, done.stderr
    one, other = (pages_of(project / name) for name in engine.ENGINES)
    assert one.keys() == other.keys()
    assert [name for name in one if alike(one[name]) != alike(other[name])] == []
    pages = [name for name in one if one[name] != other[name]]
    assert pages
    assert {kind for name in pages for kind in differences(one[name], other[name])} == {"generator"}
    assert "ProperDocs" in other["index.html"]


def test_the_engine_that_mkdocs_yml_names_makes_the_site(make_project: MakeProject) -> None:
    project = make_project({})
    name_engine(project, "properdocs")
    assert build(project).returncode == 0
    assert "ProperDocs" in (project / "site" / "index.html").read_text(encoding="utf-8")
    assert build(project, "--engine", "mkdocs").returncode == 0
    assert "ProperDocs" not in (project / "site" / "index.html").read_text(encoding="utf-8")


def test_an_engine_that_mkdocs_yml_misspells_is_refused(make_project: MakeProject) -> None:
    project = make_project({})
    name_engine(project, "hugo")
    done = build(project)
    assert done.returncode == 1
    assert "properdocs" in done.stdout
    assert "Traceback" not in done.stderr


def test_an_engine_that_is_not_installed_is_told(
    monkeypatch: pytest.MonkeyPatch, make_project: MakeProject
) -> None:
    monkeypatch.setattr(engine, "find_spec", lambda name: None)
    with pytest.raises(BuildError, match=r"pip install properdocs"):
        build_project(make_project({}), Path("site"), "properdocs", SAY, lambda step: None)


def test_one_process_has_one_engine() -> None:
    import mkdocs

    assert mkdocs.__name__ == "mkdocs"
    with pytest.raises(RuntimeError, match="mkdocs is loaded already"):
        engine.choose_engine("properdocs", SAY)


def test_two_themes_in_one_environment_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(metadata, "distribution", lambda name: name)
    with pytest.raises(BuildError, match=r"mkdocs-material \+ mkdocs-materialx"):
        engine.require_one_theme(SAY)


def test_a_theme_may_print_all_that_a_page_has(make_project: MakeProject) -> None:
    from mkdocs.structure.pages import Page

    names = sorted(name for name in {*dir(Page), *Page.__annotations__} if re.fullmatch(r"[a-z]\w+", name))
    assert {"abs_url", "edit_url", "is_homepage", "meta", "toc", "url"} <= {*names}
    methods = {"read_source", "render", "validate_anchor_links"}
    template = EVERYTHING.replace("NAMES", str([name for name in names if name not in methods]))
    project = make_project({"overrides/sitemap.xml": template})
    build_project(project, project / "site", "mkdocs", SAY, lambda step: None)
    listed = (project / "site" / "sitemap.xml").read_text(encoding="utf-8").split("</url>")
    # An entry's page has the same lines as one written by hand, and its own address in each that has one.
    lines = {re.sub(r">.*?<", "><", one) for one in listed}
    assert len(listed) > 3
    entry = next(one for one in listed if "/ext-01/" in one)
    assert entry.count("ext-01/") >= 3
    assert lines


def test_every_theme_has_a_hashed_lock_without_the_other() -> None:
    for theme, package in engine.THEMES.items():
        others = {other for other in engine.THEMES.values() if other != package}
        path = ROOT / ("requirements.lock" if theme == "material" else f"scripts/engines/{theme}.lock")
        named = set(re.findall(r"^([\w.-]+)==", path.read_text(encoding="utf-8"), flags=re.MULTILINE))
        assert package in named
        assert not named & others
        assert "properdocs" in named
        assert "://" not in path.read_text(encoding="utf-8")
