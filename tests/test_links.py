"""Links of hand-written pages: a dead one of any shape is told in the playbook's language, with its line."""

from __future__ import annotations

import json
import re
import time
from collections import Counter
from pathlib import Path
from unittest.mock import ANY

import pytest
from mkdocs_macros.plugin import MacrosPlugin

from servicebook.base.problems import ContentError
from servicebook.building.build import build_project
from servicebook.building.engine import THEMES as ENGINE_THEMES
from servicebook.building.events import ServicebookConfig
from servicebook.checks.options import PLUGIN_OPTIONS, THEMES
from servicebook.cli.main import run
from servicebook.language.messages import messages_in
from servicebook.site.links import DeadLinks, find_unreadable, lines_of
from tests.conftest import MakeProject

SAY = messages_in("es")
PAGE = """# Prueba { #arriba }

[vive](../estandares/ext-01/) y [otra](index.md#sec) y [ésta](#arriba) y [raíz](/)
[hoja](https://example.org/no-se-mira) [correo](mailto:a@example.org) [arriba](#)

[md](nada.md)
[carpeta](estandares/ext-99/) [otra vez](estandares/ext-99/)
[absoluta](/estandares/ext-98/)
[sección](index.md#no-hay)
[propia](#tampoco)
[fuera](../../fuera/)
![imagen](foto.png)
<a href="html.html">x</a>
[ref]: referencia.md
[por referencia][ref]
[ref]: referencia.md

[carpeta](estandares/ext-99/)
"""
DEAD = [
    (6, "dead-link"),
    (7, "dead-link"),
    (8, "dead-link"),
    (9, "dead-anchor"),
    (10, "dead-anchor"),
    (11, "dead-link"),
    (12, "dead-link"),
    (13, "dead-link"),
    (18, "dead-link"),
]


@pytest.mark.parametrize("validation", ["", "validation:\n  links:\n    unrecognized_links: warn\n"])
def test_every_dead_link_is_told_with_its_line(make_project: MakeProject, validation: str) -> None:
    project = make_project({"docs/index.md": "# Inicio\n\n## Sec { #sec }\n", "docs/prueba.md": PAGE})
    settings = project / "mkdocs.yml"
    text = settings.read_text(encoding="utf-8").replace("site_name", "nav: [index.md, falta.md]\nsite_name")
    settings.write_text(f"{text}markdown_extensions: [attr_list]\n{validation}", encoding="utf-8")
    with pytest.raises(ContentError) as refused:
        build_project(project, Path("site"), "mkdocs", SAY, lambda step: None)
    assert [problem.rule for problem in refused.value.problems] == ["nav-no-page"]
    settings.write_text(
        settings.read_text(encoding="utf-8").replace(", falta.md", ", prueba.md"), encoding="utf-8"
    )
    with pytest.raises(ContentError) as refused:
        build_project(project, Path("site"), "mkdocs", SAY, lambda step: None)
    found = [(problem.location.line, problem.rule) for problem in refused.value.problems]
    assert [one for one in found if one[0] < 14 or one[0] == 18] == DEAD
    assert {problem.location.path for problem in refused.value.problems} == {"docs/prueba.md"}
    assert all("enlace" in SAY.explain(problem) for problem in refused.value.problems)


# What mkdocs.yml names and nobody has: added to it, the rule that tells it, the repair.
NOBODY_HAS = [
    ("plugins:\n  - servicebok\n  - macros\n", "no-plugin", "servicebook"),
    ("plugins:\n  servicebok: {paper: false}\n  macros: {}\n", "no-plugin", "servicebook"),
    # One may also be named by its module, and by its class.
    (
        "markdown_extensions: [tocc, attr_list, markdown.extensions.toc, 'markdown.extensions.toc:Any']\n",
        "no-extension",
        "toc",
    ),
    ("markdown_extensions:\n  - no.hay.tal: {a: b}\n", "no-extension", None),
    ("extra_css: [estilo.css, 'https://example.org/x.css', hay.css]\n", "no-extra-file", None),
    ("extra_javascript:\n  - {path: guion.js, type: module}\n  - hay.js?v=1\n", "no-extra-file", None),
    ("extra_css:\n  - dos/hoy.css?v=1\n", "no-extra-file", "dos/hay.css"),
    # What comes with the engine is there as well, but for what is joined into one file, or for tools.
    ("extra_css: [assets/servicebook.css, assets/css/card.css]\n", "no-extra-file", ANY),
    ("extra_javascript: [assets/js/main.js, assets/js/languages/es.js]\n", "no-extra-file", ANY),
    ("nav:\n  - Inicio: index.md\n  - Más:\n      - ./sub/pagna.md\n", "nav-no-page", "sub/pagina.md"),
    ("docs_dir: doc\n", "no-pages-folder", "docs"),
    ("theme: {name: material, custom_dir: overides}\n", "no-named-folder", "overrides"),
    ("theme: {name: material, custom_dir: .x}\n", "no-named-folder", None),  # hidden ones are not meant
    ("theme: {name: materail}\n", "other-theme", None),
    ("theme: mkdocs\n", "other-theme", None),
    ("theme: {name: material, logo: hay.png}\n", "no-extra-file", None),
    ("theme: {name: material, favicon: dos/hoy.css}\n", "no-extra-file", "dos/hay.css"),
    ("hooks: [gancho.py, ganchos/otro.py]\n", "no-named-file", None),
    ("hooks: [gancho.py, overrides]\n", "no-named-file", None),  # a folder is no hook
    ("watch:\n  - docs\n  - playbok\n", "no-named-file", "playbook"),
    ("extra_templates: [robots.txt, hay.css]\n", "no-extra-file", None),
    ("plugins: [servicebook]  # macros\n", "plugin-missing", None),
    ("plugins:\n  - servicebook\n  - macros: {enabled: false}\n", "plugin-missing", None),
    ("plugins:\n  - servicebook\n  - /macros: {enabled: false}\n", "plugin-missing", None),
    ("plugins:\n  - servicebook: {ofline: false}\n  - macros\n", "no-plugin-option", "offline"),
    ("plugins: {servicebook: {}, macros: {include_dir: doc}}\n", "no-named-folder", "docs"),
    ("plugins:\n  - servicebook\n  - macros:\n      modules: [no.hay]\n", "no-module", None),
    (
        "nav: [index.md, estandares/index.md, 'mailto:a@b.mx', 'https://b.mx', /x, zzz.md]\n",
        "nav-no-page",
        None,
    ),
]


@pytest.mark.parametrize(("options", "rule", "near"), NOBODY_HAS, ids=lambda value: str(value)[:40])
def test_what_mkdocs_yml_names_and_nobody_has_is_told_with_its_place(
    options: str,
    rule: str,
    near: str | None,
    make_project: MakeProject,
    capsys: pytest.CaptureFixture[str],
) -> None:
    files = {"docs/hay.css": "p {}", "docs/hay.js": "1;", "docs/dos/hay.css": "p {}", "gancho.py": "1"}
    pages = {"docs/otra.md": "# Otra\n", "docs/sub/pagina.md": "# Página\n"}
    project = make_project({**files, **pages, "overrides/x.txt": "x", ".xx/x.txt": "x"})
    settings = project / "mkdocs.yml"
    text = settings.read_text(encoding="utf-8")
    if options.startswith("plugins"):
        text = text[: text.index("plugins:")]
    if options.startswith("theme"):
        text = re.sub(r"theme:\n(  .*\n)+", "", text)
    settings.write_text(f"{text}{options}", encoding="utf-8")
    with pytest.raises(ContentError) as refused:
        build_project(project, Path("site"), "mkdocs", SAY, lambda step: None)
    [problem] = refused.value.problems
    assert (problem.rule, problem.values.get("suggestion")) == (rule, near)
    said = settings.read_text(encoding="utf-8").splitlines()[problem.location.line - 1]
    assert str(problem.values["name"]) in said[problem.location.column - 1 :]
    assert not (project / "site").exists()
    # And `check` tells the same, at the same place.
    assert run(["check", str(project), "--format", "json"]) == 1
    [told] = json.loads(capsys.readouterr().out)["problems"]
    assert (told["rule"], told["message"]) == (rule, SAY.explain(problem))
    assert (told["line"], told["column"]) == (problem.location.line, problem.location.column)


@pytest.mark.parametrize(
    "options",
    [
        "plugins: [servicebook, macros: {modules: ['propio:hacer', paquete, servicebook.macros]}]\n",
        # To learn whether there is a module, none is run.
        "plugins: [servicebook, macros: {modules: [this.nada]}]\n",
        "plugins: [servicebook, /macros]\n",
        "watch: [propio.py, playbook]\n",
        "hooks: [propio.py]\n",
    ],
)
def test_what_mkdocs_yml_names_and_is_there_is_no_problem(
    options: str, make_project: MakeProject, capsys: pytest.CaptureFixture[str]
) -> None:
    project = make_project({"propio.py": "1", "paquete/__init__.py": ""})
    settings = project / "mkdocs.yml"
    text = settings.read_text(encoding="utf-8")
    text = text[: text.index("plugins:")] if options.startswith("plugins") else text
    settings.write_text(f"{text}{options}", encoding="utf-8")
    assert run(["check", str(project), "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["problems"] == []


@pytest.mark.parametrize("folder", [".", "..", "docs/.."])
def test_pages_are_in_a_folder_of_their_own(
    folder: str, make_project: MakeProject, capsys: pytest.CaptureFixture[str]
) -> None:
    project = make_project({})
    settings = project / "mkdocs.yml"
    settings.write_text(f"docs_dir: {folder}\n{settings.read_text(encoding='utf-8')}", encoding="utf-8")
    assert run(["check", str(project)]) == 1
    assert "mkdocs.yml:1:11: error[pages-around-project]" in capsys.readouterr().out
    assert run(["build", "--project", str(project)]) != 0


@pytest.mark.parametrize(
    ("line", "place"),
    [
        ("nav: {Inicio: index.md}", "1:6"),
        ("docs_dir: 5", "1:11"),
        ("theme: 5", "1:8"),
        ("site_url: ejemplo", "1:11"),
        ("plugins: [servicebook: {engine: otro}, macros: {}]", "1:33"),
    ],
)
def test_an_option_that_mkdocs_refuses_is_told_with_its_place(
    line: str, place: str, make_project: MakeProject, capsys: pytest.CaptureFixture[str]
) -> None:
    project = make_project({})
    settings = project / "mkdocs.yml"
    text = settings.read_text(encoding="utf-8")
    text = text[: text.index("plugins:")] if line.startswith("plugins") else text
    text = re.sub(r"theme:\n(  .*\n)+", "", text) if line.startswith("theme") else text
    settings.write_text(f"{line}\n{text}", encoding="utf-8")
    assert run(["build", "--project", str(project)]) == 1
    assert f"mkdocs.yml:{place}: error[bad-option]" in capsys.readouterr().out


def test_a_mkdocs_yml_without_a_name_is_told_with_what_to_write(
    make_project: MakeProject, capsys: pytest.CaptureFixture[str]
) -> None:
    project = make_project({})
    settings = project / "mkdocs.yml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(re.sub(r"site_name: .*\n", "", text), encoding="utf-8")
    for command in (["check", str(project)], ["build", "--project", str(project)]):
        assert run([*command, "--lang", "es"]) == 1
        assert "error[no-site-name]: En mkdocs.yml falta «site_name»" in capsys.readouterr().out


def test_what_plugins_take_is_what_they_say_themselves() -> None:
    """Loading them would take longer than all that is checked."""
    own = {name for name, _ in ServicebookConfig._schema}
    assert {*own, "enabled"} == PLUGIN_OPTIONS["servicebook"]
    assert {name for name, _ in MacrosPlugin.config_scheme} | {"enabled"} == PLUGIN_OPTIONS["macros"]
    assert {*THEMES} == {*ENGINE_THEMES}


def test_a_page_of_an_inherited_navigation_is_told_where_it_stands(
    make_project: MakeProject, capsys: pytest.CaptureFixture[str]
) -> None:
    project = make_project({"../base.yml": "nav:\n  - index.md\n  - Más: [falta.md]\n"})
    settings = project / "mkdocs.yml"
    settings.write_text(f"INHERIT: ../base.yml\n{settings.read_text(encoding='utf-8')}", encoding="utf-8")
    assert run(["check", str(project)]) == 1
    assert "base.yml:3:11: error[nav-no-page]" in capsys.readouterr().out
    with pytest.raises(ContentError) as refused:
        build_project(project, Path("site"), "mkdocs", SAY, lambda step: None)
    [problem] = refused.value.problems
    assert str(problem.location).endswith("base.yml:3:11")


def test_what_a_hook_may_add_is_known_of_a_build_alone(
    make_project: MakeProject, capsys: pytest.CaptureFixture[str]
) -> None:
    hook = (
        "from mkdocs.structure.files import File\n\n\ndef on_files(files, config):\n"
        "    files.append(File.generated(config, 'hecha.md', content='# Hecha'))\n"
    )
    project = make_project({"hook.py": hook})
    settings = project / "mkdocs.yml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(f"{text}hooks: [hook.py]\nnav: [index.md, hecha.md]\n", encoding="utf-8")
    assert run(["check", str(project)]) == 0
    build_project(project, Path("site"), "mkdocs", SAY, lambda step: None)
    assert (project / "site/hecha/index.html").is_file()
    capsys.readouterr()


def test_a_link_is_looked_up_as_a_browser_would(tmp_path: Path) -> None:
    for name in ("index.html", "a/index.html", "a/b c.html", "ñ/index.html", "x.pdf"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text('<p id="uno"></p><a name=dos></a>', encoding="utf-8")
    links = DeadLinks(tmp_path.joinpath, "/manual/", lambda path: False)

    def dead(url: str, *targets: str) -> list[str]:
        html = "".join(f'<a href="{target}">x</a>' for target in targets)
        return [target for target, _ in links.find(url, html)]

    assert dead("a/", "../", ".", "./", "?q=1", "#uno", "../a/#dos", "b%20c.html", "b c.html", "../ñ/") == []
    assert (
        dead("a/", "/manual/", "/manual", "/manual/a/?x#uno", "../x.pdf#page=2", "//example.org/x", "data:x")
        == []
    )
    # What a page is asked for behind its address is no place on it.
    assert dead("a/", "#roles=caja", "../#:~:text=uno", "#top") == []
    missing = [
        "../b/",
        "/a/",
        "/manualote/",
        "../../a/",
        "../..",
        "#tres",
        "x%00y",
        "../x.pdf/y",
        "http://[x",
    ]
    assert dead("a/", *missing) == missing


@pytest.mark.parametrize("sign", ["a.", "a-", "http://"])
def test_a_line_of_any_length_is_looked_through_once(sign: str) -> None:
    begun = time.process_time()
    assert len(find_unreadable("docs/a.md", 3, f"{sign * 60_000} x+y.z://[ no")) == 1
    assert time.process_time() - begun < 3


def test_lines_are_found_however_a_target_is_written() -> None:
    source = "uno\n[a](b.md#c)\n[d](ñ%20o.md)\n<a href='x?a=1&amp;b=2'>\n"
    assert lines_of("../b/#c", source) == [2]
    assert lines_of("ñ%20o.md", source) == [3]
    assert lines_of("x?a=1&b=2", source) == [4]
    assert lines_of("nada", source) == [1]


def test_no_page_has_an_anchor_twice(reference_site: Path) -> None:
    """A link would lead to the first alone: a heading and what a macro shows below it are two places."""
    pages = sorted(reference_site.rglob("*.html"))
    assert len(pages) > 300
    found = {
        str(page.relative_to(reference_site)): Counter(
            re.findall(r"<[^>]*\sid=[\"']?([^\"'\s>]+)", page.read_text(encoding="utf-8"))
        )
        for page in pages
    }
    twice = {page: [anchor for anchor, count in ids.items() if count > 1] for page, ids in found.items()}
    assert {page: anchors for page, anchors in twice.items() if anchors} == {}


# Files of a folder of pages, and which of them is told as lost to which other file, or to what of the site.
LOST = [
    (("Guia.md", "guia.md"), "guia.md", "docs/Guia.md"),
    (("más.md", "ma\u0301s.md"), "más.md", "docs/ma\u0301s.md"),
    (("a.md", "a/index.md"), "a/index.md", "docs/a.md"),
    (("img/Foto.png", "img/foto.png"), "img/foto.png", "docs/img/Foto.png"),
    (("b.md", "b/index.html"), "b/index.html", "docs/b.md"),
    (("Estandares/EXT-01.md",), "Estandares/EXT-01.md", None),
    (("Playbook.json",), "Playbook.json", None),
]


@pytest.mark.parametrize(("names", "lost", "other"), LOST, ids=lambda value: str(value))
def test_a_file_whose_address_another_has_is_told_by_check_and_build(
    names: tuple[str, ...],
    lost: str,
    other: str | None,
    make_project: MakeProject,
    capsys: pytest.CaptureFixture[str],
) -> None:
    project = make_project({f"docs/{name}": "# Una\n" for name in names})
    assert run(["check", str(project), "--format", "json"]) == 1
    [told] = json.loads(capsys.readouterr().out)["problems"]
    assert (told["path"], told["line"]) == (f"docs/{lost}", 1)
    assert told["rule"] == ("address-shared" if other else told["rule"])
    assert (other or "") in told["message"]
    with pytest.raises(ContentError) as refused:
        build_project(project, Path("site"), "mkdocs", SAY, lambda step: None)
    [problem] = refused.value.problems
    assert (problem.location.path, problem.rule) == (f"docs/{lost}", told["rule"])


def test_a_retired_entry_keeps_its_address(
    make_project: MakeProject, capsys: pytest.CaptureFixture[str]
) -> None:
    project = make_project({"docs/estandares/ext-90.md": "# Una\n"})
    text = (project / "playbook/standards/EXT-01.yml").read_text(encoding="utf-8")
    retired = text.replace("id: EXT-01", "id: EXT-90\nstatus: retired")
    (project / "playbook/standards/EXT-90.yml").write_text(retired, encoding="utf-8")
    assert run(["check", str(project)]) == 1
    assert "docs/estandares/ext-90.md:1:1: error[hidden-by-entry]" in capsys.readouterr().out


def test_what_is_not_published_takes_no_address(
    make_project: MakeProject, capsys: pytest.CaptureFixture[str]
) -> None:
    files = ("a.md", "A.md", "README.md", "viejo/a.md", "estandares/ext-01.md", ".a.md", ".A.md")
    draft = {"docs/a/index.md": "---\ndraft: true\n---\n# Una\n"}
    project = make_project({f"docs/{name}": "# Una\n" for name in files} | draft)
    settings = project / "mkdocs.yml"
    text = settings.read_text(encoding="utf-8")
    excluded = "exclude_docs: |\n  /README.md\n  viejo/\n  ext-*\ndraft_docs: A.md\n"
    settings.write_text(f"{text}{excluded}", encoding="utf-8")
    assert run(["check", str(project)]) == 0
    build_project(project, Path("site"), "mkdocs", SAY, lambda step: None)
    assert (project / "site/a/index.html").is_file()
    assert capsys.readouterr().out == ""
