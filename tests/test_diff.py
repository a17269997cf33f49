"""What changed between two versions, case by case, and what a change must bring with it."""

from __future__ import annotations

import json
import os
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from servicebook.base import yaml_source
from servicebook.cli.main import run
from servicebook.content.marked import parts_of
from servicebook.content.model.entries import ENTRY_TYPES
from servicebook.content.shapes import shape_of
from servicebook.editing.classes import Kind, Weight
from servicebook.editing.compare import find_differences
from servicebook.editing.difference import Difference, texts_in
from servicebook.editing.explain import as_markdown, explain
from servicebook.editing.form.writer import dump
from servicebook.editing.policy import find_breaches
from servicebook.editing.versions import Version, kind_of_file
from servicebook.language.messages import LANGUAGES, messages_in
from tests.conftest import ROOT, MakeProject, needs_links

SAY = messages_in("es")
CASES = sorted((ROOT / "tests/cases/diff").glob("*.yml"))
BASE = ROOT / "tests/projects/minimal/playbook"


def read_yaml(text: str) -> Any:
    return yaml_source.to_data(yaml_source.compose(text, "case"), "case", [])


def base_files() -> dict[str, Any]:
    paths = [*BASE.glob("*.yml"), *BASE.glob("*/*.yml")]
    return {path.relative_to(BASE).as_posix(): read_yaml(path.read_text(encoding="utf-8")) for path in paths}


def patched(files: dict[str, Any], patches: dict[str, Any]) -> dict[str, Any]:
    """Return the files with a case's fields laid over them; a patch without fields deletes its file."""
    result = dict(files)
    for name, patch in patches.items():
        if patch is None:
            del result[name]
        elif isinstance(patch, str):
            result[name] = read_yaml(patch)
        else:
            fields = dict(patch)
            start = files.get(fields.pop("from", name), {})
            result[name] = {**start, **fields}
    return result


def version_of(files: dict[str, Any]) -> Version:
    shapes = {name: shape_of(kind_of_file(name) or "") for name in files}
    texts = {name: "\n".join(dump(data, shapes[name])) for name, data in files.items()}
    return Version({name: text.encode() for name, text in texts.items()}, "playbook")


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_case(path: Path) -> None:
    case = read_yaml(path.read_text(encoding="utf-8"))
    before = patched(base_files(), case.get("old") or {})
    old, new = version_of(before), version_of(patched(before, case.get("new") or {}))
    differences = find_differences(old, new, SAY("diff.numbers").split())
    told = [
        f"{one.document.id} {'.'.join(map(str, one.loc)) or '-'} {one.kind} {one.weight.word}"
        for one in differences
    ]
    assert sorted(told) == sorted(case["expect"]), case["says"]
    breaches = [problem.rule for problem in find_breaches(old, new, differences)]
    assert sorted(breaches) == sorted(case.get("breaches") or []), case["says"]
    assert {*case.get("said", ())} <= {explain(one, "text", SAY) for one in differences}, case["says"]
    for one in differences:
        for language in LANGUAGES:
            said = explain(one, "markdown", messages_in(language))
            assert said
            assert not re.search(r"\{\w+\}", said.replace("\\", ""))
        assert one.location.line > 0


def test_entries_that_came_are_looked_for_once_in_all_that_were_there(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A playbook may take over hundreds at once, and one of them may be a part of another."""
    files = base_files()
    standard = files["standards/EXT-01.yml"]
    told = {
        i: {**standard, "id": f"AAA-{i:02}", "intent": f"Porque así se hace {i} veces."} for i in range(20)
    }
    before = {**files, **{f"standards/AAA-{i:02}.yml": told[i] for i in range(10)}}
    after = {**before, **{f"standards/AAA-{i:02}.yml": told[i] for i in told}}
    old, new = version_of(before), version_of(after)
    read: list[str] = []

    def noted(text: str) -> str:
        read.append(text)
        return text

    monkeypatch.setattr("servicebook.editing.compare.folded", noted)
    assert len(find_differences(old, new)) == 10
    texts = [
        text for one in (old, new) for document in one.documents.values() for text in texts_in(document.data)
    ]
    assert len(read) < len(texts)


@pytest.mark.parametrize(
    ("old", "new", "shown"),
    [
        (
            "Basta una palabra amable. Usa las tuyas.",
            "Basta una palabra cordial. Usa las tuyas.",
            "Basta una palabra ~~amable~~ **cordial**. Usa las tuyas.",
        ),
        (
            "«¿Va a querer algo más?»",
            "«¿Qué va a querer?»",
            "«¿~~Va~~ **Qué va** a ~~querer algo más~~ **querer**?»",
        ),
        (
            "Miras y saludas a todos.",
            "Miras, sonríes y saludas a todos.",
            "~~Miras~~ **Miras, sonríes** y saludas a todos.",
        ),
        ("Saludas a quien llega.", "Saludas de pie a quien llega.", "Saludas **de pie** a quien llega."),
        ("10 segundos", "5 segundos", "10 segundos → 5 segundos"),
    ],
)
def test_words_that_changed_are_marked(old: str, new: str, shown: str) -> None:
    document = version_of(base_files()).documents["standard", "EXT-01"]
    change = Difference(document, Kind.CHANGED, Weight.SUBSTANTIVE, ("statement",), old, new)
    assert explain(change, "markdown", SAY) == f"Promesa: {shown}"


LIMIT = {"at": "most", "value": "10", "unit": "segundos", "origin": "own"}


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ({"threshold": LIMIT}, {"threshold": None}, "se quitó «Máximo 10 segundos · propuesta propia»"),
        ({}, {"threshold": LIMIT}, "se agregó «Máximo 10 segundos · propuesta propia»"),
        # What nobody has checked may be half of a threshold.
        ({}, {"threshold": {"at": "most", "value": "1"}}, "Umbral: se agregó «como máximo · 1»"),
        ({}, {"threshold": {**LIMIT, "at": "x"}}, "se agregó «x · 10 · segundos · propuesta propia»"),
        # What is written freely is shown as it stands, though a choice somewhere is spelt like it.
        ({"threshold": LIMIT}, {"threshold": {**LIMIT, "unit": "day"}}, "Unidad: segundos → day"),
        ({"title": "once"}, {"title": "all"}, "Título: once → all"),
        ({}, {"level": "expected"}, "Nivel: Esencial → Esperado"),
        ({}, {"urgent": "true"}, "Urgente: no → sí"),
        ({"verification": "origin"}, {"verification": "source"}, "Cómo se comprueba: origin → source"),
    ],
)
def test_values_are_told_by_what_may_stand_there(old: dict[str, Any], new: dict[str, Any], told: str) -> None:
    before = patched(base_files(), {"standards/EXT-01.yml": old})
    after = patched(before, {"standards/EXT-01.yml": new})
    (one,) = find_differences(version_of(before), version_of(after))
    assert told in explain(one, "text", SAY)


def test_a_choice_of_many_words_is_told_by_its_name() -> None:
    def fields(word: str) -> dict[str, Any]:
        return {"fields": {"standard": {"aviso": {"title": "Aviso", "type": word}}}}

    before = patched(base_files(), {"playbook.yml": fields("word")})
    after = patched(before, {"playbook.yml": fields("list")})
    (one,) = find_differences(version_of(before), version_of(after))
    assert explain(one, "text", SAY).endswith("Una palabra de un vocabulario → Una lista de textos")


TYPED = ("uno", "dos,", "tres.", "«cuatro»", "¿cinco?", "(seis)", "siete;", "*ocho*", "y_9", "~diez~")
WORDS = st.lists(st.sampled_from(TYPED), min_size=4)


@given(WORDS, WORDS)
def test_marks_of_changed_words_are_always_read_as_such(old: list[str], new: list[str]) -> None:
    document = version_of(base_files()).documents["standard", "EXT-01"]
    change = Difference(
        document, Kind.CHANGED, Weight.SUBSTANTIVE, ("statement",), " ".join(old), " ".join(new)
    )
    html = MarkdownIt().enable("strikethrough").renderInline(explain(change, "markdown", SAY))
    assert "**" not in html
    assert "~~" not in html


def test_long_comment_ends_in_a_count() -> None:
    before, after = base_files(), base_files()
    after["glossary.yml"] = [
        {"id": f"palabra-{n}", "title": f"Palabra {n}", "definition": "Una palabra."} for n in range(100)
    ]
    old, new = version_of(before), version_of(after)
    said = as_markdown(find_differences(old, new), [], new, SAY)
    assert said.count("Ficha nueva") == 40
    assert "Y 60 más" in said


def test_every_field_of_every_kind_has_its_class() -> None:
    missing = [
        f"{model.__name__}.{name}"
        for model in ENTRY_TYPES.values()
        for name in model.model_fields
        if name not in parts_of(model)
    ]
    assert missing == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_field_has_a_name_for_people(language: str) -> None:
    def names(shape: Any) -> set[str]:
        found = {field.name for field in shape.fields}
        for inner in (*(field.shape for field in shape.fields), shape.inner):
            found |= names(inner) if inner else set()
        return found

    wanted = set().union(*(names(shape_of(name)) for name in (*ENTRY_TYPES, "playbook", "sources")))
    assert sorted(name for name in wanted if f"label.{name}" not in messages_in(language)) == []


# --- through git and the command line ----------------------------------------------------------------


def git(folder: Path, *arguments: str) -> None:
    identity = ["-c", "user.name=Editora", "-c", "user.email=editora@example.org"]
    subprocess.run(["git", *identity, *arguments], cwd=folder, check=True, capture_output=True)


@pytest.fixture
def repository(make_project: MakeProject) -> Path:
    project = make_project({})
    git(project, "init", "-q", "-b", "main")
    git(project, "add", "-A")
    git(project, "commit", "-qm", "Primera edición")
    git(project, "tag", "1")
    return project


def edit(project: Path, old: str, new: str, name: str = "standards/EXT-01.yml") -> None:
    path = project / "playbook" / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_own_words_are_said_by_their_titles_and_own_fields_by_their_labels(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    declared = """\
vocabularies:
  risk: {low: {title: Casi nunca pasa}, high: {title: Pasa a diario y se nota}}
fields:
  standard:
    risk: {type: word, vocabulary: risk, several: true, label: Qué tan seguido}
"""
    settings, standard = (repository / "playbook" / name for name in ("playbook.yml", "standards/EXT-01.yml"))
    settings.write_text(settings.read_text(encoding="utf-8") + declared, encoding="utf-8")
    standard.write_text(standard.read_text(encoding="utf-8") + "risk: [low]\n", encoding="utf-8")
    git(repository, "commit", "-qam", "Con riesgos")
    edit(repository, "risk: [low]", "risk: [high]")
    edit(repository, "pillar: externo", "pillar: interno")
    edit(repository, "low: {title: Casi nunca pasa}, ", "", "playbook.yml")
    for form in ("text", "markdown"):
        run(["diff", "HEAD", "--format", form, "--project", str(repository)])
        said = capsys.readouterr().out
        assert "Qué tan seguido: " in said
        assert "Casi nunca pasa" in said
        assert "Pasa a diario y se nota" in said
        assert "Externo" in said
        assert "Interno" in said


def test_what_was_declared_before_and_is_no_more_is_told_as_it_was_called(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    declared = """\
levels:
  essential: {title: Vital, weight: 3, gate: true}
  expected: {title: Usual, weight: 2}
vocabularies:
  risk: {high: {title: Pasa a diario}}
fields:
  standard:
    risk: {type: word, vocabulary: risk, label: Peligro, class: substantive}
"""
    settings, standard = (repository / "playbook" / name for name in ("playbook.yml", "standards/EXT-01.yml"))
    settings.write_text(settings.read_text(encoding="utf-8") + declared, encoding="utf-8")
    standard.write_text(standard.read_text(encoding="utf-8") + "risk: high\n", encoding="utf-8")
    git(repository, "commit", "-qam", "Con peligros")
    edit(repository, "risk: high\n", "")
    edit(repository, "level: essential", "level: vital")
    edit(
        repository,
        "    risk: {type: word, vocabulary: risk, label: Peligro, class: substantive}\n",
        "",
        "playbook.yml",
    )
    edit(repository, "fields:\n  standard:\n", "", "playbook.yml")
    edit(repository, "  essential: {", "  vital: {", "playbook.yml")
    run(["diff", "HEAD", "--project", str(repository)])
    said = capsys.readouterr().out
    assert "sustantivo: Peligro: se quitó “Pasa a diario”" in said.replace("«", "“").replace("»", "”")
    assert "Niveles › Vital" in said
    assert "Peso de lo" not in said


def test_a_word_is_said_as_it_is_called_now_and_what_was_mended_is_no_fault(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (repository / "playbook/glossary.yml").write_text("- {id: uno, title: [\n", encoding="utf-8")
    git(repository, "add", "-A")
    git(repository, "commit", "-qm", "Una lista rota")
    (repository / "playbook/glossary.yml").unlink()
    edit(repository, "interno: {title: Interno}", "interno: {title: Adentro}", "playbook.yml")
    edit(repository, "pillar: externo", "pillar: interno")
    assert run(["diff", "HEAD", "--project", str(repository)]) == 0
    said = capsys.readouterr()
    assert said.err == ""
    moved = next(line for line in said.out.splitlines() if "Externo" in line)
    assert "Adentro" in moved
    assert "Interno" not in moved


def test_branch_without_a_revision_fails_at_the_line_and_passes_with_it(
    repository: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(repository)
    edit(repository, "Saludas a quien llega.", "Saludas de pie a quien llega.")
    assert run(["diff", "main", "--enforce"]) == 1
    said = capsys.readouterr().err
    assert "playbook/standards/EXT-01.yml:3:12: error[change-without-revision]" in said
    assert "«revision: 2»" in said
    with (repository / "playbook/standards/EXT-01.yml").open("a", encoding="utf-8") as file:
        file.write("revision: 2\nchanges: [{revision: 2, date: 2026-11-20, reason: De pie se nota.}]\n")
    assert run(["diff", "main", "--enforce"]) == 0
    assert run(["check"]) == 0


def test_a_hook_of_git_is_told_what_everybody_is(
    repository: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Git names its hooks the repository, in a linked worktree without its top; all entries were new then."""
    monkeypatch.chdir(repository)
    edit(repository, "Saludas a quien llega.", "Saludas de pie a quien llega.")
    assert run(["diff", "main"]) == 0
    plainly = capsys.readouterr().out
    monkeypatch.setenv("GIT_DIR", str(repository / ".git"))
    assert run(["diff", "main"]) == 0
    assert capsys.readouterr().out == plainly
    assert "Saludas de pie" in plainly.replace("{+", "").replace("+}", "")


def test_a_file_that_changed_under_its_name_is_told_where_it_is_named(
    repository: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(repository)
    media = repository / "playbook/media"
    media.mkdir()
    (media / "sala").mkdir()
    for name in ("sala/mostrador.png", "otro.png", "formato.pdf", "letra.woff2"):
        (media / name).write_bytes(name.encode())
    text = (repository / "playbook/standards/EXT-01.yml").read_text(encoding="utf-8")
    named = "images:\n  - {file: media/otro.png, alt: Otro}\n  - {file: media/sala/mostrador.png, alt: Eso}\n"
    attached = "attachments:\n  - {file: media/formato.pdf, title: Formato}\n"
    (repository / "playbook/standards/EXT-01.yml").write_text(text + named + attached, encoding="utf-8")
    settings = repository / "playbook/playbook.yml"
    settings.write_text(
        settings.read_text(encoding="utf-8") + "brand: {font: media/letra.woff2}\n", encoding="utf-8"
    )
    git(repository, "add", "-A")
    git(repository, "commit", "-qm", "Con imágenes")
    git(repository, "tag", "2")
    assert run(["diff", "2"]) == 0
    assert capsys.readouterr().out == "Nada cambia en el contenido.\n"
    for name in ("sala/mostrador.png", "formato.pdf", "letra.woff2"):
        (media / name).write_bytes(b"otra cosa")
    assert run(["diff", "2"]) == 0
    said = capsys.readouterr().out
    assert "cambió el archivo media/sala/mostrador.png" in said
    assert "cambió el archivo media/formato.pdf" in said
    assert "cambió el archivo media/letra.woff2" in said
    assert "otro.png" not in said
    git(repository, "commit", "-qam", "Otras imágenes")
    (media / "otro.png").write_bytes(b"lo que nadie ha guardado todavia")
    assert run(["diff", "2", "HEAD", "--format", "json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert "renewed" in {one["change"] for one in told["differences"]}
    assert run(["diff", "HEAD~1", "HEAD"]) == 0
    assert capsys.readouterr().out == said


@pytest.mark.parametrize(
    ("attributes", "name"),
    [
        ("standards/EXT-01.yml export-ignore\n", "playbook/.gitattributes"),
        ("standards export-ignore\n", "playbook/.gitattributes"),
        ("playbook/standards/** export-ignore\n", ".gitattributes"),
        ("*.yml export-subst\n", "playbook/.gitattributes"),
    ],
)
def test_what_archives_leave_out_is_compared_too(
    attributes: str, name: str, repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    edit(repository, "title: Saludar al llegar", "title: $Format:%H$")
    (repository / name).write_text(attributes, encoding="utf-8")
    git(repository, "add", "-A")
    git(repository, "commit", "-qm", "Con atributos")
    edit(repository, "level: essential", "level: expected")
    for versions in (["HEAD"], ["1", "HEAD"]):
        run(["diff", *versions, "--enforce", "--project", str(repository)])
        told = capsys.readouterr()
        assert "Ficha nueva" not in told.out
        assert "Se borró" not in told.out
    assert run(["diff", "HEAD", "--enforce", "--project", str(repository)]) == 1
    told = capsys.readouterr()
    assert "Nivel: Esencial → Esperado" in told.out
    assert "Título" not in told.out
    assert "[change-without-revision]" in told.err


@needs_links
def test_an_entry_that_becomes_a_link_is_gone_as_it_is_to_git(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = repository / "playbook/standards/EXT-01.yml"
    path.rename(repository / "EXT-01.txt")
    path.symlink_to("../../EXT-01.txt")
    git(repository, "add", "-A")
    git(repository, "commit", "-qm", "Un enlace")
    for versions in (["1"], ["1", "HEAD"]):
        assert run(["diff", *versions, "--enforce", "--project", str(repository)]) == 1
        assert "[id-dropped]" in capsys.readouterr().err


@needs_links
def test_what_git_holds_as_a_link_or_cannot_be_asked_for_is_none_of_the_content(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Folders of entries and files that are links, and a name of two lines, which git cannot be asked for."""
    playbook = repository / "playbook"
    (playbook / "customers").rename(repository / "elsewhere")
    (playbook / "customers").symlink_to("../elsewhere")
    (playbook / "media").mkdir()
    (repository / "sala.png").write_bytes(b"sala")
    (playbook / "media/sala.png").symlink_to("../../sala.png")
    (playbook / "media/dos\nlineas.png").write_bytes(b"lineas")
    text = (playbook / "standards/EXT-01.yml").read_text(encoding="utf-8")
    named = "images:\n  - {file: media/sala.png, alt: La sala}\n"
    (playbook / "standards/EXT-01.yml").write_text(text + named, encoding="utf-8")
    git(repository, "add", "-A")
    git(repository, "commit", "-qm", "Con enlaces")
    assert run(["diff", "HEAD", "--project", str(repository)]) == 0
    assert capsys.readouterr().out == "Nada cambia en el contenido.\n"


def test_clone_without_history_is_enough(repository: Path, tmp_path: Path) -> None:
    edit(repository, "level: essential", "level: expected")
    git(repository, "commit", "-qam", "Cambio")
    shallow = tmp_path / "shallow"
    git(tmp_path, "clone", "-q", "--depth=1", f"file://{repository}", str(shallow))
    git(shallow, "fetch", "-q", "--depth=1", "origin", "tag", "1")
    assert run(["diff", "1", "--enforce", "--project", str(shallow)]) == 1
    assert run(["diff", "1", "HEAD", "--project", str(shallow)]) == 0


@pytest.mark.parametrize("revision", ["nada", "--output=x", "HEAD~5", "HEAD:playbook"])
def test_revision_that_is_not_there_is_told_in_plain_words(
    revision: str, repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["diff", "--project", str(repository), "--", revision]) == 2
    assert f"«{revision}»" in capsys.readouterr().err


def test_revision_from_before_the_playbook_is_told_as_such(
    make_project: MakeProject, capsys: pytest.CaptureFixture[str]
) -> None:
    project = make_project({})
    git(project, "init", "-q", "-b", "main")
    git(project, "add", "mkdocs.yml")
    git(project, "commit", "-qm", "Sin manual")
    assert run(["diff", "main", "--project", str(project), "--lang", "es"]) == 2
    assert SAY("diff.error.not-in-revision", revision="main") in capsys.readouterr().err


def test_folder_outside_git_is_told_in_plain_words(
    make_project: MakeProject, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    project = make_project({})
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(project.parent))
    assert run(["diff", "main", "--project", str(project)]) == 2
    assert "no está en git" in capsys.readouterr().err
    git(project, "init", "-q")
    assert run(["diff", "main", "--project", str(project)]) == 2
    assert "todavía no tiene ningún commit" in capsys.readouterr().err
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    assert run(["diff", "main", "--project", str(project)]) == 2
    assert "Git no abre este repositorio (fatal: " in capsys.readouterr().err


@pytest.mark.skipif(os.name == "nt", reason="the git of Windows speaks English")
def test_a_git_that_speaks_another_language_is_understood(
    make_project: MakeProject,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    translated = tmp_path / "bin/git"
    translated.parent.mkdir()
    script = 'echo "fatal: no es un repositorio git" >&2'
    script = f'[ "$LC_ALL" = C ] && echo "fatal: not a git repository" >&2 || {script}'
    translated.write_text(f"#!/bin/sh\n{script}\nexit 128\n", encoding="utf-8")
    translated.chmod(0o755)
    monkeypatch.setenv("PATH", str(translated.parent), prepend=os.pathsep)
    assert run(["diff", "main", "--project", str(make_project({}))]) == 2
    assert "no está en git" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("revision", "command", "then"),
    [
        ("HEAD~", "git fetch --deepen=1", "HEAD~1"),
        ("HEAD~2", "git fetch --deepen=2", "HEAD~2"),
        ("HEAD^2", "git fetch --deepen=1", ""),  # another parent is no further back
        ("HEAD^^", "git fetch --deepen=2", "HEAD^^"),
        ("origin/otra~1", "git fetch --unshallow", ""),
        ("origin/otra", "git fetch --depth=1 origin otra", "FETCH_HEAD"),
        ("otra", "git fetch --depth=1 origin otra", "FETCH_HEAD"),
        ("upstream/otra", "git fetch --depth=1 upstream otra", "FETCH_HEAD"),
        ("1", "git fetch --depth=1 origin 1", "FETCH_HEAD"),
        ("0a1b2c3", "git fetch --unshallow", ""),
    ],
)
def test_what_is_said_to_bring_a_revision_brings_it(
    revision: str,
    command: str,
    then: str,
    repository: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    git(repository, "branch", "otra")
    for level in ("expected", "excellence"):
        edit(repository, "level: ", f"level: {level} # ")
        git(repository, "commit", "-qam", level)
    shallow = tmp_path / "shallow"
    git(tmp_path, "clone", "-q", "--depth=1", f"file://{repository}", str(shallow))
    git(shallow, "remote", "add", "upstream", f"file://{repository}")
    assert run(["diff", revision, "--project", str(shallow)]) == 2
    assert command in capsys.readouterr().err
    git(shallow, *command.split()[1:])
    if then:
        assert run(["diff", then, "--project", str(shallow)]) == 0


def test_nothing_is_said_to_bring_what_nothing_can(
    repository: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "-q", str(repository), str(clone))
    for project, revision in ((repository, "nada"), (clone, "HEAD~5"), (clone, "--output=x")):
        assert run(["diff", "--project", str(project), "--", revision]) == 2
        assert "git fetch" not in capsys.readouterr().err
    # A whole clone stays whole.
    assert run(["diff", "--project", str(clone), "--", "nada"]) == 2
    assert "«git fetch origin nada»" in capsys.readouterr().err


def test_markdown_shows_content_as_it_stands_and_calls_nobody(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    edit(
        repository,
        "statement: Saludas a quien llega.",
        'statement: "<b>Hola</b> @equipo, saluda *ya* a quien llega."',
    )
    assert run(["diff", "main", "--format", "markdown", "--project", str(repository)]) == 0
    said = capsys.readouterr().out
    assert "## Qué cambia en el manual" in said
    assert "Mostrador" in said
    assert "\\<b\\>Hola" in said
    assert "@equipo" not in said


def test_json_and_annotations_carry_place_and_class(
    repository: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(repository)
    edit(repository, "level: essential", "level: expected")
    assert run(["diff", "main", "--format", "json", "--enforce"]) == 1
    data = json.loads(capsys.readouterr().out)
    assert data["counts"]["substantive"] == 1
    (one,) = data["differences"]
    assert (one["path"], one["field"], one["class"]) == (
        "playbook/standards/EXT-01.yml",
        "level",
        "substantive",
    )
    assert data["problems"][0]["rule"] == "change-without-revision"
    assert run(["diff", "main", "--format", "github", "--enforce"]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith(
        f"::notice file=playbook/standards/EXT-01.yml,line={one['line']},title=sustantivo%3A"
    )
    assert lines[1].startswith("::error file=playbook/standards/EXT-01.yml")


def test_file_that_cannot_be_read_is_a_problem_and_not_a_crash(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    edit(repository, "title: Saludar al llegar", 'title: "Saludar')
    assert run(["diff", "main", "--project", str(repository)]) == 1
    assert "error[syntax-quote]" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ("title: Saludar al llegar", "title: Saludar\n  al: llegar", "syntax-colon"),
        ("level: essential", "<<<<<<< HEAD\nlevel: essential", "merge-conflict"),
        ("id: EXT-01", "id: EXT-1", None),
    ],
)
def test_entry_that_is_broken_is_not_called_deleted(
    old: str, new: str, rule: str | None, repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    edit(repository, old, new)
    code = run(["diff", "main", "--enforce", "--project", str(repository)])
    said = capsys.readouterr()
    assert "borró" not in said.out + said.err
    if rule:
        assert code == 1
        assert f"[{rule}]" in said.err
