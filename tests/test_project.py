"""The project around a playbook: one mkdocs.yml, which every command reads."""

from __future__ import annotations

import html
import json
import re
import subprocess
from pathlib import Path

import pytest
from mkdocs.config.defaults import MkDocsConfig

from servicebook.building.build import build_project
from servicebook.checks.files import check_files
from servicebook.checks.project import OPTIONS
from servicebook.cli.main import run
from servicebook.language.messages import messages_in
from tests.conftest import MakeProject, unprinted

MINIMAL = Path(__file__).parent / "projects/minimal"
CONFIG = (MINIMAL / "mkdocs.yml").read_text(encoding="utf-8")
ELSEWHERE = CONFIG.replace("  - servicebook\n", "  - servicebook:\n      playbook: ../grupo\n")


def build(project: Path, *, force: bool = False) -> None:
    """Build a project's pages."""
    with unprinted():
        build_project(project, project / "site", "mkdocs", messages_in("es"), lambda step: None, force=force)


@pytest.fixture
def shared_playbook(make_project: MakeProject) -> Path:
    """Return a project whose playbook stands beside it, in the folder of a group."""
    project = make_project({"mkdocs.yml": ELSEWHERE})
    (project.parent / "grupo").mkdir()
    (project / "playbook").rename(project.parent / "grupo/playbook")
    return project


def test_every_command_finds_a_playbook_that_stands_elsewhere(
    shared_playbook: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    project, out = str(shared_playbook), tmp_path / "out"
    assert run(["check", project]) == 0
    assert run(["fmt", project]) == 0
    assert run(["review", project]) == 0
    assert run(["new", "customer", "nuevo", "--project", project]) == 0
    assert (tmp_path / "grupo/playbook/customers/nuevo.yml").is_file()
    assert run(["export", "--format", "csv", "--out", str(out), "--project", project]) == 0
    assert [*out.rglob("*.csv")]
    assert run(["codeowners", "--out", str(out / "CODEOWNERS"), "--project", project]) == 0
    assert run(["edition", "1", "--project", project]) == 0
    assert (tmp_path / "grupo/playbook/editions/1.yml").is_file()
    cms = tmp_path / "cms"
    cms.mkdir()
    (cms / "decap-cms.js").write_text("", encoding="utf-8")
    admin = ["admin", "--cms", str(cms), "--out", str(out / "admin"), "--proxy", "http://127.0.0.1/"]
    assert run([*admin, "--project", project]) == 0
    folders = json.loads((out / "admin/config.json").read_text(encoding="utf-8"))["collections"]
    assert folders[0]["folder"] == "../grupo/playbook/standards"
    # The team of this project has no name at a code host, which is told.
    assert all("warning[team-without-handle]" in line for line in capsys.readouterr().err.splitlines())


def test_a_plugin_that_is_named_as_no_theme_s_is_configured_as_any_other(shared_playbook: Path) -> None:
    settings = shared_playbook / "mkdocs.yml"
    text = settings.read_text(encoding="utf-8").replace("  - servicebook:", "  - /servicebook:")
    settings.write_text(text, encoding="utf-8")
    assert "  - /servicebook:" in text
    assert run(["check", str(shared_playbook)]) == 0


def test_versions_of_a_playbook_that_stands_elsewhere_are_compared(
    shared_playbook: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    top = shared_playbook.parent
    commit = ["-c", "user.name=E", "-c", "user.email=e@example.org", "commit", "-qm", "one"]
    for arguments in (["init", "-q"], ["add", "."], commit):
        subprocess.run(["git", "-C", str(top), *arguments], check=True)
    file = top / "grupo/playbook/standards/EXT-01.yml"
    file.write_text(
        file.read_text(encoding="utf-8").replace("Saludas a quien", "Saludas bien a quien"), "utf-8"
    )
    assert run(["diff", "HEAD", "--project", str(shared_playbook)]) == 0
    assert "EXT-01" in capsys.readouterr().out


def test_what_is_inherited_counts_and_is_told_where_it_stands(
    make_project: MakeProject, capsys: pytest.CaptureFixture[str]
) -> None:
    project = make_project(
        {
            "mkdocs.yml": "INHERIT: ../shared/base.yml\nsite_name: Otro\n",
            "../shared/base.yml": ELSEWHERE + "extra: {code: !!python/name:os.getcwd , sign: !mine 1}\n",
        }
    )
    (project / "playbook").rename(project.parent / "playbook")
    assert run(["check", str(project)]) == 1
    place = f"{project.parent}/shared/base.yml:8:17: error[no-playbook-there]:"
    assert place in capsys.readouterr().out
    (project.parent / "grupo").mkdir()
    (project.parent / "playbook").rename(project.parent / "grupo/playbook")
    assert run(["check", str(project)]) == 0


@pytest.mark.parametrize(
    ("config", "told"),
    [
        (CONFIG + "use_directory_urls: false\n", "mkdocs.yml:12:21: error[directory-urls]"),
        (CONFIG.replace("language: es", "language: pt-BR"), "mkdocs.yml:5:13: error[theme-language]"),
        (CONFIG + "theme:\n  name: material\n", "mkdocs.yml:12:1: error[duplicate-key]"),
        (CONFIG.replace("language: es", "name: material"), "mkdocs.yml:5:3: error[duplicate-key]"),
        (CONFIG + "site_nam: X\n", "mkdocs.yml:12:1: error[unknown-option]"),
        (CONFIG + "3: X\n", "mkdocs.yml:12:1: error[unknown-option]"),
        (CONFIG.replace("- servicebook", "- servicebok"), "mkdocs.yml:7:5: error[no-plugin]"),
        (CONFIG + "markdown_extensions: [toc, tocc]\n", "mkdocs.yml:12:28: error[no-extension]"),
        (CONFIG.replace("Manual", "Manual\u200b"), "mkdocs.yml:1:18: error[invisible-character]"),
        (CONFIG.replace("language: es", "language:\u00a0es"), "mkdocs.yml:5:12: error[invisible-character]"),
        ("INHERIT: no/such.yml\n", "mkdocs.yml:1:10: error[no-inherited]"),
        ("site_name: X\nINHERIT: mkdocs.yml\n", "mkdocs.yml:2:10: error[inherits-itself]"),
        ("- a\n- list\n", "mkdocs.yml:1:1: error[not-options]"),
        ("site_name: Mi: manual\n", "mkdocs.yml:1:14: error[syntax-colon]"),
        ("site_name: X\n\ttheme: material\n", "mkdocs.yml:2:1: error[tab]"),
    ],
)
def test_what_is_wrong_with_the_configuration_is_told_by_check_and_build(
    config: str, told: str, make_project: MakeProject, capsys: pytest.CaptureFixture[str]
) -> None:
    project = make_project({"mkdocs.yml": config})
    for command in (["check", str(project)], ["build", "--project", str(project)]):
        assert run(command) == 1
        said = capsys.readouterr()
        assert f"{project}/{told}" in said.out, said
    assert not (project / "site").exists()


def test_the_site_goes_where_mkdocs_yml_says(
    make_project: MakeProject, capsys: pytest.CaptureFixture[str]
) -> None:
    project = make_project({"mkdocs.yml": f"{CONFIG}site_dir: public\n"})
    assert run(["build", "--project", str(project)]) == 0
    assert "public" in capsys.readouterr().out
    assert (project / "public/index.html").is_file()
    assert not (project / "site").exists()
    # What is asked for comes first, and no site is made among the pages.
    assert run(["build", "--project", str(project), "--site-dir", "otra"]) == 0
    assert (project / "otra/index.html").is_file()
    (project / "mkdocs.yml").write_text(f"{CONFIG}site_dir: docs/site\n", encoding="utf-8")
    assert run(["build", "--project", str(project)]) == 2
    assert not (project / "docs/site").exists()


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("https://other.example.org/sub/", ["mkdocs.yml:12:11: warning[other-address]"]),
        ("https://manual.example.org", []),
        ("https://manual.example.org/", []),
    ],
)
def test_another_address_than_the_playbooks_is_told(
    address: str, told: list[str], make_project: MakeProject, capsys: pytest.CaptureFixture[str]
) -> None:
    project = make_project({"mkdocs.yml": f"{CONFIG}site_url: {address}\n"})
    assert run(["check", str(project)]) == 0
    said = capsys.readouterr().out.splitlines()
    assert [line.removeprefix(f"{project}/")[: len(told[0])] for line in said] == told if told else said == []


def test_characters_that_nobody_sees_are_told_in_pages_too(
    make_project: MakeProject, capsys: pytest.CaptureFixture[str]
) -> None:
    project = make_project(
        {"docs/a.md": "# A\n\nUn 👩\u200d🍳 y 3\u00a0m.\n", "docs/b.md": "# B\n\nA\u200bB\n"}
    )
    for command in (["check", str(project)], ["build", "--project", str(project)]):
        assert run(command) == 1
        assert re.findall(r"docs/(\S+): error\[(\S+)\]", capsys.readouterr().out) == [
            ("b.md:3:2", "invisible-character")
        ]


def test_options_are_those_that_each_engine_takes() -> None:
    from properdocs.config.defaults import ProperDocsConfig

    for config in (MkDocsConfig, ProperDocsConfig):
        assert {name for name, _ in config._schema} == OPTIONS


def test_a_name_that_no_disk_takes_is_the_name_of_nothing(make_project: MakeProject) -> None:
    project = make_project({})
    found = check_files(project, project / "playbook", project / ("a" * 300))
    assert found == check_files(project, project / "playbook")


def test_templates_beside_the_configuration_need_no_option(make_project: MakeProject) -> None:
    logo = {"overrides/partials/logo.html": "<b>PROPIO</b>", "tema/partials/logo.html": "<b>DEL TEMA</b>"}
    project = make_project(logo)
    build(project)
    assert "<b>PROPIO</b>" in (project / "site/index.html").read_text(encoding="utf-8")
    config = project / "mkdocs.yml"
    config.write_text(CONFIG.replace("theme:\n", "theme:\n  custom_dir: tema\n"), encoding="utf-8")
    build(project)
    page = (project / "site/index.html").read_text(encoding="utf-8")
    assert "<b>DEL TEMA</b>" in page
    assert "PROPIO" not in page


def test_theme_speaks_as_the_playbook_where_nothing_says_otherwise(make_project: MakeProject) -> None:
    settings = (MINIMAL / "playbook/playbook.yml").read_text(encoding="utf-8")
    project = make_project(
        {
            "mkdocs.yml": CONFIG.replace("  language: es\n", ""),
            "playbook/playbook.yml": settings.replace("language: es", "language: pt"),
        }
    )
    build(project)
    assert '<html lang="pt"' in (project / "site/index.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("options", "address"),
    [
        ("edit_uri: edit/main/docs/", "https://host.example/a/b/edit/main/playbook/standards/EXT-01.yml"),
        (
            "edit_uri: edit/main/web/pages/es/\ndocs_dir: web/pages/es",
            "https://host.example/a/b/edit/main/playbook/standards/EXT-01.yml",
        ),
        ("edit_uri: '?file=docs/'", "https://host.example/a/b?file=playbook/standards/EXT-01.yml"),
        (
            "edit_uri_template: 'edit?branch=main&path=docs%2F{path!q}'",
            "https://host.example/a/b/edit?branch=main&path=playbook%2Fstandards%2FEXT-01.yml",
        ),
        (
            "edit_uri_template: 'wiki/docs/{path_noext}'",
            "https://host.example/a/b/wiki/playbook/standards/EXT-01",
        ),
    ],
)
def test_pages_lead_to_where_their_entry_is_edited(
    options: str, address: str, make_project: MakeProject
) -> None:
    theme = CONFIG.replace("  font: false\n", "  font: false\n  features: [content.action.edit]\n")
    page = (MINIMAL / "docs/index.md").read_text(encoding="utf-8")
    project = make_project(
        {
            "mkdocs.yml": f"{theme}repo_url: https://host.example/a/b\n{options}\n",
            "web/pages/es/index.md": page,
        }
    )
    assert _edit_link(project) == address


def test_edit_links_lead_to_a_playbook_elsewhere_unless_it_is_in_another_repository(
    shared_playbook: Path,
) -> None:
    config = shared_playbook / "mkdocs.yml"
    text = ELSEWHERE.replace("  font: false\n", "  font: false\n  features: [content.action.edit]\n")
    place = "repo_url: https://host.example/a/b\nedit_uri: edit/main/project/docs/\n"
    config.write_text(text + place, encoding="utf-8")
    (shared_playbook.parent / ".git").mkdir()
    address = "https://host.example/a/b/edit/main/grupo/playbook/standards/EXT-01.yml"
    assert _edit_link(shared_playbook) == address
    group = shared_playbook.parent / "grupo"
    (group / ".git").mkdir()
    assert _edit_link(shared_playbook) is None
    (group / ".git").rmdir()
    group.rename(group.with_name(".grupo"))
    config.write_text(text.replace("../grupo", "../.grupo") + place, encoding="utf-8")
    assert _edit_link(shared_playbook) == address.replace("grupo", ".grupo")


def _edit_link(project: Path) -> str | None:
    build(project, force=True)
    page = (project / "site/estandares/ext-01/index.html").read_text(encoding="utf-8")
    found = re.search(r'href="([^"]*)"[^>]*rel="edit"', page)
    return html.unescape(found[1]) if found else None


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["fmt", "--check", "@"], "4 erros, 0 avisos"),
        (["fmt", "--check", "@", "--lang", "en"], "4 errors, 0 warnings"),
        (["diff", "--project", "@"], "Falta “VERSÃO”. Veja a ajuda"),
        (["fmt", "--format=text", "--check", "@", "--nada"], "A opção “--nada” não existe."),
    ],
)
def test_sentences_are_in_the_language_asked_then_in_the_playbooks(
    arguments: list[str], said: str, make_project: MakeProject, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = (MINIMAL / "playbook/playbook.yml").read_text(encoding="utf-8")
    project = make_project({"playbook/playbook.yml": settings.replace("language: es", "language: pt")})
    (project / "mkdocs.yml").write_text(CONFIG.replace("  language: es\n", ""), encoding="utf-8")
    run([str(project) if argument == "@" else argument for argument in arguments])
    assert said in "".join(capsys.readouterr())
