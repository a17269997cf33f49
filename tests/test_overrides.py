"""What a project puts in the place of the engine's templates, in a project that `init` made."""

from __future__ import annotations

from pathlib import Path

import pytest

from servicebook.building.build import build_project
from servicebook.cli.main import run
from servicebook.language.messages import messages_in
from tests.conftest import ROOT, unprinted

STANDARD = (ROOT / "overrides/components/standard.html").read_text(encoding="utf-8")


@pytest.fixture
def project(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    folder = tmp_path / "manual"
    assert run(["init", str(folder), "--lang", "en"]) == 0
    capsys.readouterr()
    return folder


def put(project: Path, name: str, text: str) -> None:
    path = project / "overrides" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def test_component_style_and_sentence_of_the_project_are_used(project: Path) -> None:
    put(project, "components/standard.html", STANDARD.replace('class="pb-statement"', 'class="mine"'))
    put(
        project,
        "main.html",
        '{% extends "frame.html" %}{% block announce %}<b>Closed on Monday</b>{% endblock %}',
    )
    put(project, "components/mine_only.html", "{% macro mine_only() %}{% endmacro %}")
    (project / "docs/own.css").write_text(".mine { color: green; }", encoding="utf-8")
    config = project / "mkdocs.yml"
    config.write_text(config.read_text(encoding="utf-8") + "extra_css: [own.css]\n", encoding="utf-8")
    settings = project / "playbook/playbook.yml"
    words = "words:\n  standard.intent: Our reason\n"
    settings.write_text(settings.read_text(encoding="utf-8") + words, encoding="utf-8")
    assert run(["check", "--strict", str(project)]) == 0
    with unprinted():
        build_project(project, project / "site", "mkdocs", messages_in("en"), lambda step: None)
    page = (project / "site/standards/ext-01/index.html").read_text(encoding="utf-8")
    assert 'class="mine"' in page or "class=mine" in page
    assert "own.css" in page
    assert "Our reason" in page
    for name in ("index.html", "standards/ext-01/index.html", "404.html"):
        html = (project / "site" / name).read_text(encoding="utf-8")
        assert "<b>Closed on Monday</b>" in html, name
        assert "assets/servicebook.css" in html, name
    assert not (project / "site/README.md").exists()


@pytest.mark.parametrize(
    ("name", "text", "line", "said"),
    [
        # A name that nothing asks for.
        ("components/standrad.html", "{% macro standrad() %}{% endmacro %}", 1, "/standard.html”?"),
        ("standard.html", "{% macro standard(entry) %}{% endmacro %}", 1, "“components/standard.html”?"),
        ("partials/heder.html", "", 1, "“partials/header.html”?"),
        # A template that cannot be read.
        ("components/card.html", "\n{% macro card() %}{% if %}{% endmacro %}", 2, "cannot be understood"),
        ("components/card.html", "{% macro card() %}\n{{ one", 2, "cannot be understood"),
        # A page that begins with the theme's and not with ours.
        ("main.html", '\n{% extends "base.html" %}\n{% block announce %}{% endblock %}', 2, '"frame.html"'),
        ("main.html", '{% extends "base.html" %}\n{% block content %}', 2, "cannot be understood"),
        # A component without its macro.
        ("components/card.html", "<p>card</p>", 1, "The macro “card”"),
        ("components/card.html", "\n\n{% macro crd() %}{% endmacro %}", 3, "“crd”?"),
        # A template that is nowhere.
        ("main.html", '\n{% extends "bas.html" %}', 2, "“base.html”?"),
        ("partials/footer.html", '{% include "partials/nowhere-at-all.html" %}', 1, "neither yours nor"),
        (
            "components/card.html",
            '{% from "components/refs.html" import ref %}{% macro card() %}{% endmacro %}',
            1,
            "“components/ref.html”?",
        ),
    ],
)  # fmt: skip
def test_misspelt_or_broken_override_is_told_with_file_line_and_repair(
    name: str,
    text: str,
    line: int,
    said: str,
    project: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(project)
    put(project, name, text)
    for command in ("check", "build"):
        assert run([command]) == 1
        printed = capsys.readouterr()
        (told,) = (one for one in (printed.out + printed.err).splitlines() if "error[override-" in one)
        assert told.startswith(f"overrides/{name}:{line}:1: error[override-")
        assert said in told
    assert not (project / "site").exists()


def test_template_in_no_known_coding_is_told(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "overrides/main.html").write_bytes(b"\xff\xfe")
    assert run(["check", str(project)]) == 1
    assert "overrides/main.html:1:1: error[override-not-text]" in capsys.readouterr().out


def test_slip_that_shows_only_when_it_runs_is_told_at_its_line(
    project: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(project)
    put(
        project,
        "components/standard.html",
        "{% macro standard(entry) %}\n<p>\n{{ entry.promise.text }}\n{% endmacro %}",
    )
    assert run(["build"]) == 1
    assert "overrides/components/standard.html:3: the project’s own code failed" in capsys.readouterr().err


def test_slip_in_what_a_page_calls_is_told_where_it_is_and_not_at_the_page(
    project: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(project)
    (project / "docs/about.md").write_text("# About\n\n{{ standard('EXT-01') }}\n", encoding="utf-8")
    put(project, "components/brief.html", "{% macro brief(entry) %}\n<p>\n{{ entyr.title }}\n{% endmacro %}")
    assert run(["build"]) == 1
    said = capsys.readouterr().err
    assert "overrides/components/brief.html:3: the project’s own code failed" in said
    assert "entyr" in said
    assert "docs/about.md" not in said


def test_what_may_be_missing_is_not_missed(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    missing = '{% include "partials/nowhere.html" ignore missing %}'
    chosen = '{% set rows = [] %}{% do rows.append("a.html") %}{% include ["a.html", "b.html"] %}'
    odd = "{% if false %}{% include 5 %}{% endif %}"  # what is no text names no template
    put(project, "partials/footer.html", f"{missing}{chosen}{odd}{{% include rows[0] %}}")
    # Like a component's name, and not beside it: a template of the project's own.
    put(project, "partials/standar.html", "")
    assert run(["check", "--strict", str(project)]) == 0, capsys.readouterr().out
    put(project, "partials/footer.html", f'{missing}\n{{% include "partials/nowhere-at-all.html" %}}')
    assert run(["check", str(project)]) == 1
    assert "partials/footer.html:2:1: error[override-no-template]" in capsys.readouterr().out
