"""A new entry: `servicebook new`."""

from __future__ import annotations

import pytest

from servicebook.cli import run
from servicebook.model import ENTRY_TYPES, FOLDERS
from tests.conftest import MakeProject

IDS = {"standard": "EXT-50"}


@pytest.mark.parametrize("kind", ENTRY_TYPES)
@pytest.mark.parametrize("language", ["es", "en"])
def test_skeleton_of_every_kind_is_accepted_as_a_draft(
    kind: str, language: str, make_project: MakeProject, capsys: pytest.CaptureFixture[str]
) -> None:
    project = make_project({})
    identity = IDS.get(kind, "prueba")
    assert run(["new", kind, identity, "--project", str(project), "--lang", language]) == 0
    text = (project / "playbook" / FOLDERS[kind] / f"{identity}.yml").read_text(encoding="utf-8")
    assert "status: draft" in text
    capsys.readouterr()
    assert run(["check", str(project), "--strict"]) == 0, capsys.readouterr().out


@pytest.mark.parametrize("kind", ENTRY_TYPES)
def test_skeleton_names_and_explains_every_field(kind: str, make_project: MakeProject) -> None:
    project = make_project({})
    identity = IDS.get(kind, "prueba")
    run(["new", kind, identity, "--project", str(project)])
    lines = (project / "playbook" / FOLDERS[kind] / f"{identity}.yml").read_text(encoding="utf-8").split("\n")
    for name in ENTRY_TYPES[kind].model_fields:
        place = next(i for i, line in enumerate(lines) if line.removeprefix("# ").startswith(f"{name}:"))
        assert lines[place - 1].startswith("# ")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["standar", "EXT-50"], "«standard»"),
        (["standard", "ext-50"], "«EXT-07»"),
        (["customer", "Cliente Molesto"], "«cliente-molesto»"),
        (["customer", "a" * 61], "«cliente-molesto»"),
        (["customer", "../fuera"], "«cliente-molesto»"),
        (["standard", "EXT-01"], "Ya existe playbook/standards/EXT-01.yml"),
        (["metric", "vip"], "Ya existe playbook/customers/vip.yml"),
        (["standard", "OLD-01"], "fue el id de playbook/standards/EXT-01.yml"),
        (["case"], "Falta «ID»"),
    ],
)
def test_what_will_not_do_is_refused_in_plain_words(
    arguments: list[str],
    said: str,
    make_project: MakeProject,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    project = make_project({})
    standard = project / "playbook/standards/EXT-01.yml"
    standard.write_text(standard.read_text(encoding="utf-8") + "former_ids: [OLD-01]\n", encoding="utf-8")
    monkeypatch.chdir(project)
    before = sorted(project.rglob("*"))
    assert run(["new", *arguments]) == 2
    assert said in capsys.readouterr().err
    assert sorted(project.rglob("*")) == before


def test_kind_that_must_name_another_says_what_to_make_first(
    make_project: MakeProject, capsys: pytest.CaptureFixture[str]
) -> None:
    project = make_project({"playbook/customers/vip.yml": ""})
    assert run(["new", "scenario", "prueba", "--project", str(project)]) == 2
    assert "guía de cliente" in capsys.readouterr().err


def test_terminal_is_asked_for_what_is_missing(
    make_project: MakeProject, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    project = make_project({})
    answers = iter(["standard", "EXT-77", "Contestar: «sí»", "9", "1", "externo"])
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr("click.prompt", lambda text: next(answers))
    assert run(["new", "--project", str(project)]) == 0
    text = (project / "playbook/standards/EXT-77.yml").read_text(encoding="utf-8")
    assert 'title: "Contestar: «sí»"' in text
    assert "owner: servicio" in text
    assert "pillar: externo" in text
    assert run(["check", str(project)]) == 0
    assert next(answers, None) is None
