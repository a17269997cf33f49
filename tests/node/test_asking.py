"""The search asked from a terminal, and an organisation's own expectations of it."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest
import yaml

from servicebook.building.build import build_project
from servicebook.cli.main import run
from servicebook.language.messages import LANGUAGES, Messages, messages_in
from servicebook.site import asking
from servicebook.site.scripts import without_comments
from servicebook.site.search import documents_of
from servicebook.site.search_index import CONTENTS, FOLDER
from servicebook.site.site import Site, read_playbook
from servicebook.site.thesaurus import forms_in
from tests.conftest import ROOT, MakeProject, unprinted

QUERIES = "playbook/queries.yml"


def search(project: Path, *words: str) -> int:
    return run(["search", *words, "--project", str(project)])


def test_what_is_found_is_told_with_why(
    make_project: MakeProject, capsys: pytest.CaptureFixture[str]
) -> None:
    project = make_project({})
    assert search(project, "saludar", "al", "llegar") == 0
    first, *_ = told = capsys.readouterr().out.splitlines()
    assert first == "1. Saludar al llegar (estándar, EXT-01)"
    assert "   Por: saludar, llegar" in told
    assert search(project, "saludarr") == 0
    assert capsys.readouterr().out.startswith("También se buscó: saludar\n1. Saludar al llegar")
    assert search(project, "xqzxqz") == 0
    assert capsys.readouterr().out == "No hay nada parecido.\n"
    assert search(project, "llegar", "xqzxqz", "wzkwzk", "jqvjqv") == 0
    assert capsys.readouterr().out.startswith("Nada parecido. Lo más cercano:\n1. Saludar al llegar")


def test_nothing_is_printed_for_a_question(
    make_project: MakeProject, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("a sheet was printed")

    project = make_project({"docs/hoja.md": "# Hoja\n\n[La lista](../hojas/apertura-a4.pdf)\n"})
    monkeypatch.setattr("servicebook.paper.files.write_files", refuse)
    assert search(project, "saludar") == 0, capsys.readouterr().err
    assert capsys.readouterr().out.startswith("1. Saludar al llegar")
    # A page that leads nowhere is told of all the same.
    (project / "docs/hoja.md").write_text("# Hoja\n\n[La lista](../hojas/apertura.html)\n", encoding="utf-8")
    assert search(project, "saludar") == 1
    assert "docs/hoja.md:3:1: error[dead-link]" in capsys.readouterr().out


# A word of a glossary, as people type it: with a hyphen, a space or neither, signs, or two letters in one.
TYPED = {
    "posventa": ["posventa", "post-venta", "post venta", "postventa", "POSVENTA"],
    "wifi": ["Wi-Fi", "wifi", "wi fi", "wi‑fi"],
    "cplusplus": ["C++", "c++", "programar en C++"],
    "oficina": ["oficina", "o\ufb01cina"],
}
GLOSSARY = """\
- {id: posventa, title: Posventa, also: [post-venta], definition: Lo que se hace por quien ya compró.}
- {id: wifi, title: Wi-Fi, definition: La red sin cables del local.}
- {id: cplusplus, title: C++, definition: El lenguaje de las cajas.}
- {id: csharp, title: C#, definition: El lenguaje de los quioscos.}
- {id: oficina, title: O\ufb01cina, definition: El lugar donde no entra el público.}
"""


def test_a_word_is_found_however_it_is_written(
    make_project: MakeProject, capsys: pytest.CaptureFixture[str]
) -> None:
    queries = [
        {"query": typed, "expect": [term], "within": 1} for term, all_ in TYPED.items() for typed in all_
    ]
    files = {"playbook/glossary.yml": GLOSSARY, QUERIES: yaml.safe_dump(queries, allow_unicode=True)}
    assert search(make_project(files)) == 0, capsys.readouterr().err
    assert f"{len(queries)} de {len(queries)}" in capsys.readouterr().out


def test_an_organisation_tests_its_own_searches(
    make_project: MakeProject, capsys: pytest.CaptureFixture[str]
) -> None:
    project = make_project({QUERIES: "- query: saludar\n  expect: [EXT-01]\n  within: 1\n"})
    assert search(project) == 0
    assert capsys.readouterr().out == "1 de 1 búsquedas dan lo que deben.\n"
    text = "- query: saludar\n  expect: [vip]\n- query: xqzxqz\n  expect: [vip]\n- query: saludo\n"
    text += "  expect: [EXT-01]\n"
    (project / QUERIES).write_text(text, encoding="utf-8")
    assert search(project) == 1
    told = capsys.readouterr()
    assert told.out == "1 de 3 búsquedas dan lo que deben.\n"
    one, two = told.err.splitlines()
    assert f"{QUERIES}:1:10: «saludar» debía dar vip entre los primeros 3 y dio EXT-01" in one
    assert f"{QUERIES}:3:10: «xqzxqz» debía dar vip y no dio nada." in two


def test_expectations_are_checked_like_all_content(
    make_project: MakeProject, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (
        "- query: saludar\n  expect: [EXT-1]\n- query: otra\n  expect: []\n- query: más\n  expects: [vip]\n"
    )
    project = make_project({QUERIES: text})
    assert run(["check", str(project)]) == 1
    told = capsys.readouterr().out
    assert (
        f"{QUERIES}:2:12: error[unknown-reference]: No existe «EXT-1» (ficha). ¿Quisiste decir «EXT-01»?"
        in told
    )
    assert f"{QUERIES}:4:11: error[" in told
    assert f"{QUERIES}:6:3: error[unknown-field]" in told


def test_nothing_to_ask_and_no_node_are_told(
    make_project: MakeProject, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    project = make_project({})
    assert search(project) == 2
    assert "playbook/queries.yml" in capsys.readouterr().err
    monkeypatch.setattr(asking, "find_node", lambda: None)
    assert search(project, "saludar") == 1
    assert "Node.js" in capsys.readouterr().err


def test_the_reference_playbook_finds_what_its_editors_expect(
    reference_site: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    # That the command makes a site of the project as it stands is seen above, on small ones.
    monkeypatch.setattr("servicebook.cli.commands.search._site_of", lambda *_: reference_site)
    assert search(ROOT) == 0, capsys.readouterr().err


@pytest.mark.parametrize(("language", "playbook"), [("en", "reception-en"), ("pt", "balcao-pt")])
def test_a_playbook_of_another_language_is_found_in_as_people_ask_and_by_its_own_rules(
    language: str, playbook: str, tmp_path: Path
) -> None:
    asked = yaml.load(
        (Path(__file__).parent / f"queries-{language}.yml").read_text(encoding="utf-8"), yaml.CSafeLoader
    )
    say = messages_in(language)
    with unprinted():
        project = ROOT / "tests/projects" / playbook
        build_project(project, tmp_path / "site", "mkdocs", say, lambda step: None)
    answers = asking.ask(tmp_path / "site", [one["query"] for one in asked], 3, say)
    missed = [
        f"{one['query']}: {[found.title for found in answer.results]}"
        for one, answer in zip(asked, answers, strict=True)
        if not {found.url.strip("/").split("/")[-1] for found in answer.results}
        & {wanted.lower() for wanted in one["expect"]}
    ]
    assert len(asked) == 60
    print(f"{language}: {60 - len(missed)} of 60 among the first three")
    assert len(missed) <= 6, "\n".join(missed)
    require_rules_of(language, project, tmp_path / "site")


def require_rules_of(language: str, project: Path, site: Path) -> None:
    """Require that all by which a site's search reads words is of its language, and nothing of another."""
    say, others = messages_in(language), [messages_in(one) for one in LANGUAGES if one != language]
    rules = (site / "assets/js/search-language.js").read_text(encoding="utf-8")
    assert rules == without_comments(
        (ROOT / f"overrides/assets/js/languages/{language}.js").read_text(encoding="utf-8")
    )
    index = site / FOLDER
    told = json.loads((index / CONTENTS).read_text(encoding="utf-8"))
    for name in ("stop_words", "sector_words"):
        assert told[name] == say(f"search.{name}")
        assert all(told[name] != other(f"search.{name}") for other in others)
    own = forms_of(say)
    playbook, _ = read_playbook(project / "mkdocs.yml", dt.date.today())
    said = {form for one in documents_of(Site(playbook)) for name in FORMS for form in getattr(one, name)}
    assert len(said) > 50
    assert said <= own, "what is said in other words is said in this language"
    assert all(not said <= forms_of(other) for other in others)


# What a page is given of the thesaurus.
FORMS = ("echoes", "near", "synonyms", "dangers")


def forms_of(say: Messages) -> set[str]:
    """Return every form that a language's thesaurus and its dangers know."""
    groups = [*say.under("search.synonyms").values(), *say.under("search.dangers").values()]
    return {form for group in groups for form in forms_in(group)}
