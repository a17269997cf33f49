"""A new entry: `servicebook new`."""

from __future__ import annotations

import contextlib
import os
import pty
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from servicebook.cli.main import run
from servicebook.content.kinds import USUAL
from servicebook.content.model.entries import ENTRY_TYPES, FOLDERS
from servicebook.editing.new import NewError, free_ids, questions_for, write_skeleton
from servicebook.language.messages import LANGUAGES, messages_in
from tests.conftest import ROOT, MakeProject

# What a person types to leave: the end of all input.
END = "\x04"
IDS = {"standard": "EXT-50"}


@pytest.mark.parametrize("kind", ENTRY_TYPES)
@pytest.mark.parametrize("language", LANGUAGES)
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


def test_an_id_of_a_kind_of_ones_own_is_asked_for_by_an_example_and_no_pattern(
    make_project: MakeProject, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = (ROOT / "tests/projects/minimal/playbook/playbook.yml").read_text(encoding="utf-8")
    kind = "{title: Recetas, title_one: receta, fields: {gist: {type: line, label: Idea}}}"
    project = make_project({"playbook/playbook.yml": f"{settings}kinds: {{recipe: {kind}}}\n"})
    assert run(["new", "recipe", "Sopa", "--project", str(project)]) == 2
    said = capsys.readouterr().err
    assert "«Sopa» no sirve de id. Se escribe como «corregir-a-solas»." in said


def test_a_kind_called_language_is_begun_as_any_other(make_project: MakeProject) -> None:
    settings = (ROOT / "tests/projects/minimal/playbook/playbook.yml").read_text(encoding="utf-8")
    kind = "{title: Lenguajes, title_one: lenguaje, fields: {gist: {type: line, label: Idea}}}"
    project = make_project({"playbook/playbook.yml": f"{settings}kinds: {{language: {kind}}}\n"})
    assert run(["new", "language", "fr", "--project", str(project)]) == 0
    assert not (project / "playbook/locale").exists()
    [path] = project.rglob("fr.yml")
    assert "gist:" in path.read_text(encoding="utf-8")


def test_a_skeleton_leads_to_the_schemas_wherever_the_playbook_stands(make_project: MakeProject) -> None:
    project = make_project({"schemas/standard.json": "{}\n"})
    (project / "handbook").mkdir()
    (project / "playbook").rename(project / "handbook/book")
    path = write_skeleton(project / "handbook/book", "standard", "EXT-09", messages_in("es"))
    first = path.read_text(encoding="utf-8").splitlines()[0]
    assert first == "# yaml-language-server: $schema=../../../schemas/standard.json"
    # Those of a project that this one stands in are of another playbook.
    shutil.copytree(project, project / "sites/inner")
    shutil.rmtree(project / "sites/inner/schemas")
    path = write_skeleton(project / "sites/inner/handbook/book", "standard", "EXT-10", messages_in("es"))
    assert "yaml-language-server" not in path.read_text(encoding="utf-8")


def test_a_skeleton_names_what_is_in_force_and_a_day_by_which_a_claim_is_looked_at_again(
    make_project: MakeProject,
) -> None:
    project = make_project({})
    active = (project / "playbook/standards/EXT-01.yml").read_text(encoding="utf-8")
    for identity, status in (("AAA-01", "draft"), ("AAA-02", "retired")):
        text = active.replace("id: EXT-01", f"id: {identity}\nstatus: {status}")
        (project / f"playbook/standards/{identity}.yml").write_text(text, encoding="utf-8")
    case = write_skeleton(project / "playbook", "case", "hotel", messages_in("es")).read_text(
        encoding="utf-8"
    )
    assert "EXT-01" in case
    assert "AAA-0" not in case
    assert "recheck: 2027-05-22" in case


def test_a_skeleton_leads_to_the_schemas_of_a_project_beside_its_playbook(make_project: MakeProject) -> None:
    project = make_project({"schemas/standard.json": "{}\n"})
    (project / "playbook").rename(project.parent / "grupo")
    config = project / "mkdocs.yml"
    text = config.read_text(encoding="utf-8")
    assert text.count("  - servicebook\n") == 1
    config.write_text(
        text.replace("  - servicebook\n", "  - servicebook:\n      playbook: ../grupo\n"), encoding="utf-8"
    )
    assert run(["new", "standard", "EXT-09", "--project", str(project)]) == 0
    path = project.parent / "grupo/standards/EXT-09.yml"
    first = path.read_text(encoding="utf-8").splitlines()[0]
    assert first == "# yaml-language-server: $schema=../../project/schemas/standard.json"


def test_kind_that_must_name_another_says_what_to_make_first(
    make_project: MakeProject, capsys: pytest.CaptureFixture[str]
) -> None:
    project = make_project({"playbook/customers/vip.yml": ""})
    assert run(["new", "scenario", "prueba", "--project", str(project)]) == 2
    assert "guía de cliente" in capsys.readouterr().err


def drive(arguments: list[str], answers: list[str], folder: Path) -> tuple[int, str]:
    """Run the command in a terminal and type an answer at each prompt; returns its exit code and screen."""
    screen, terminal = pty.openpty()
    command = [sys.executable, "-m", "servicebook", *arguments]
    environment = {**os.environ, "LC_ALL": "es_MX.UTF-8"}
    with subprocess.Popen(
        command, cwd=folder, env=environment, stdin=terminal, stdout=terminal, stderr=terminal
    ) as process:
        os.close(terminal)
        said, given = b"", iter(answers)
        with contextlib.suppress(OSError):  # the terminal closes when the command ends
            while piece := os.read(screen, 4096):
                said += piece
                if said.endswith(b": ") and (answer := next(given, None)) is not None:
                    said += b"\n"
                    os.write(screen, answer.encode() if answer == END else f"{answer}\n".encode())
    os.close(screen)
    return process.returncode, said.decode()


def test_terminal_is_asked_for_what_is_missing(make_project: MakeProject) -> None:
    project = make_project({})
    answers = ["9", "standard", "ext-77", "EXT-01", "EXT-77", "Contestar: «sí»", "9", "1", "externo"]
    code, said = drive(["new"], answers, project)
    assert code == 0, said
    assert "Puede ser: standard, behaviour" in said
    assert "Id de la ficha, como EXT-02" in said
    assert "«ext-77» no sirve de id. Se escribe como «EXT-07»." in said
    assert "Ya existe playbook/standards/EXT-01.yml" in said
    text = (project / "playbook/standards/EXT-77.yml").read_text(encoding="utf-8")
    assert 'title: "Contestar: «sí»"' in text
    assert "owner: servicio" in text
    assert "pillar: externo" in text
    assert run(["check", str(project)]) == 0


def test_terminal_is_left_without_an_entry(make_project: MakeProject) -> None:
    project = make_project({})
    before = sorted(project.rglob("*"))
    code, said = drive(["new", "customer"], [END], project)
    assert code == 130, said
    assert "Traceback" not in said
    assert sorted(project.rglob("*")) == before


def test_next_free_id_counts_what_was_used(make_project: MakeProject) -> None:
    project = make_project({})
    standard = project / "playbook/standards/EXT-01.yml"
    standard.write_text(
        standard.read_text(encoding="utf-8") + "former_ids: [OLD-99, INT-009, OLD-100]\n", encoding="utf-8"
    )
    assert free_ids(project / "playbook", "standard") == ["EXT-02", "INT-010", "OLD-101"]
    assert free_ids(project / "playbook", "metric") == []


def test_a_person_is_asked_what_a_skeleton_must_not_guess(make_project: MakeProject) -> None:
    root = make_project({}) / "playbook"
    asked = {one.field: one.choices for one in questions_for(root, "standard")}
    assert [*asked] == ["title", "owner", "pillar"]
    assert [*map(dict, asked.values())] == [
        {},
        {"servicio": "Servicio"},
        {"interno": "Interno", "externo": "Externo"},
    ]
    assert [one.field for one in questions_for(root, "customer")] == ["title", "owner"]
    with pytest.raises(NewError) as raised:
        questions_for(root, "standar")
    assert raised.value.values == {
        "kind": "standar", "known": ", ".join(USUAL), "suggestion": "standard"
    }  # fmt: skip


def test_fields_of_one_s_own_are_filled_in_by_their_type(
    make_project: MakeProject, capsys: pytest.CaptureFixture[str]
) -> None:
    project = make_project({})
    types = ("line", "text", "number", "date", "flag", "list", "url")
    fields = "".join(f"    {one}_: {{type: {one}, required: true, label: {one}}}\n" for one in types)
    fields = fields.replace("_:", "o:")
    settings = project / "playbook/playbook.yml"
    text = settings.read_text(encoding="utf-8")
    more = "    cosa: {type: word, vocabulary: roles, required: true, label: Cosa}\n"
    more += "    lee: {type: reference, kind: metric, several: true, required: true, label: Lee}\n"
    settings.write_text(f"{text}fields:\n  scenario:\n{fields}{more}", encoding="utf-8")
    assert run(["new", "scenario", "prueba", "--project", str(project)]) == 0
    written = (project / "playbook/scenarios/prueba.yml").read_text(encoding="utf-8")
    for line in ("dateo: 2026-11-22", "flago: false", "numbero: 1", "cosa: mostrador", "lee: [csat]"):
        assert f"\n{line}\n" in written
    capsys.readouterr()
    assert run(["check", str(project)]) == 0, capsys.readouterr().out
