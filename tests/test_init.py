"""A new playbook: `servicebook init`."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from servicebook import __version__
from servicebook.building.build import build_project
from servicebook.building.builder import SiteBuilder
from servicebook.cli.main import run
from servicebook.content.load import load_content
from servicebook.language.messages import LANGUAGES, messages_in
from tests.conftest import ROOT, MakeProject, disk_full_after


@pytest.mark.parametrize("language", LANGUAGES)
def test_new_playbook_checks_builds_and_takes_entries(
    language: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "manual"
    assert run(["init", str(folder), "--lang", language]) == 0
    assert run(["check", str(folder), "--strict"]) == 0, capsys.readouterr().out
    assert run(["fmt", "--check", str(folder)]) == 0, capsys.readouterr().out
    build_project(folder, folder / "site", "mkdocs", messages_in(language), lambda step: None)
    title = next(
        line.removeprefix("title: ")
        for line in (folder / "playbook/playbook.yml").read_text(encoding="utf-8").splitlines()
        if line.startswith("title: ")
    )
    assert f">{title}</h1>" in (folder / "site/index.html").read_text(encoding="utf-8")
    # Who looks for their own role finds it, though it is the only one that has a standard.
    home = (folder / "site/index.html").read_text(encoding="utf-8")
    assert re.search(r'<ul class="pb-jobs__standards">\s*<li[^>]*>\s*<a [^>]*href="[^"]+/\?\w+=', home)
    # What citations and terms lead to, from the first that somebody writes.
    for name in ("sources", "glossary"):
        assert (folder / "site" / messages_in(language)(f"path.{name}") / "index.html").is_file()
    assert run(["new", "scenario", "prueba", "--project", str(folder), "--lang", language]) == 0
    assert run(["check", str(folder), "--strict"]) == 0, capsys.readouterr().out


def test_a_new_playbook_does_not_speak_as_the_one_in_whose_folder_somebody_stands(
    make_project: MakeProject, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(make_project({}))
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")
    assert run(["init", "other"]) == 0
    assert "language: en" in Path("other/playbook/playbook.yml").read_text(encoding="utf-8")


def test_folder_made_for_a_playbook_is_taken_and_nothing_in_it_changed(tmp_path: Path) -> None:
    for name in (".git", ".venv"):
        (tmp_path / name).mkdir()
    for name in ("README.md", "LICENSE", "Licence.txt"):
        (tmp_path / name).write_text("mine", encoding="utf-8")
    assert run(["init", str(tmp_path)]) == 0
    assert (tmp_path / ".gitignore").is_file()
    assert (tmp_path / "requirements.txt").read_text(encoding="utf-8") == f"servicebook=={__version__}\n"
    for name in ("README.md", "LICENSE", "Licence.txt"):
        assert (tmp_path / name).read_text(encoding="utf-8") == "mine"


@pytest.mark.slow
def test_what_was_ended_half_way_is_finished_by_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = tmp_path / "whole"
    assert run(["init", str(whole)]) == 0
    wanted = {path.relative_to(whole): path.read_bytes() for path in whole.rglob("*") if path.is_file()}
    for moment in (0, 1, 9, len(wanted) - 3, len(wanted) - 1):
        folder = tmp_path / str(moment)
        until_full = disk_full_after(moment)
        with monkeypatch.context() as patch:
            for module in ("init", "starters"):
                patch.setattr(f"servicebook.editing.{module}.write_file", until_full)
            assert run(["init", str(folder)]) == 2
        (folder / "docs").mkdir(parents=True, exist_ok=True)
        (folder / "docs/.servicebook-x.tmp").write_text("cut", encoding="utf-8")
        assert run(["init", str(folder)]) == 0
        (folder / "docs/.servicebook-x.tmp").unlink()
        found = {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
        assert found == wanted, moment
    # A playbook that is whole, or that somebody has begun to change, is nobody's to begin.
    assert run(["init", str(whole)]) == 2
    (whole / "servicebook.lock").unlink()
    with (whole / "docs/index.md").open("a", encoding="utf-8") as page:
        page.write("Mío.\n")
    assert run(["init", str(whole)]) == 2


def test_new_playbook_says_what_it_was_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "manual"
    told = {"title": "Sí: «bien»", "organisation": "012", "address": "https://a.example/b/"}
    flags = [f"--{name}={answer}" for name, answer in told.items()]
    assert run(["init", str(folder), *flags, "--lang", "es"]) == 0
    assert run(["check", "--strict", str(folder)]) == 0, capsys.readouterr().out
    assert run(["fmt", "--check", str(folder)]) == 0, capsys.readouterr().out
    content, _ = load_content(folder / "playbook")
    assert content.settings
    assert told == content.settings.model_dump(include={*told})


@pytest.mark.parametrize("answer", ["--address=manual", "--title=uno\ndos", "--organisation=a\x07b"])
def test_answer_that_no_playbook_can_have_is_told_and_nothing_written(
    answer: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["init", str(tmp_path / "manual"), answer]) == 2
    assert f"no sirve para «{answer[2:].partition('=')[0]}»" in capsys.readouterr().err
    assert not (tmp_path / "manual").exists()


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("taken", "ya tiene archivos"),
        ("taken/file", "es un archivo y no una carpeta"),
        ("taken/file/inside", "(no es una carpeta)"),
    ],
)
def test_what_is_in_the_way_is_left_alone(
    name: str, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken/file").write_text("mine", encoding="utf-8")
    assert run(["init", str(tmp_path / name)]) == 2
    assert said in capsys.readouterr().err
    assert [path.name for path in (tmp_path / "taken").iterdir()] == ["file"]


def test_editor_settings_are_those_of_the_reference() -> None:
    root = Path(__file__).parents[1]
    for name in ("settings.json", "extensions.json"):
        starter = root / "src/servicebook/editing/starter/common/vscode" / name
        assert (root / ".vscode" / name).read_bytes() == starter.read_bytes()


@pytest.mark.parametrize("language", LANGUAGES)
def test_new_playbook_brings_all_that_its_repository_needs(language: str, tmp_path: Path) -> None:
    folder = tmp_path / "manual"
    assert run(["init", str(folder), "--lang", language]) == 0
    for name in ("CONTRIBUTING.md", "overrides/README.md", "requirements.lock", ".gitattributes"):
        assert (folder / name).is_file(), name
    # What `diff --enforce` refuses is told before: an entry is born a draft, and never is one again.
    rules = (folder / "CONTRIBUTING.md").read_text(encoding="utf-8").lower()
    assert rules.count({"es": "borrador", "en": "draft", "pt": "rascunho"}[language]) == 2
    workflows = sorted((folder / ".github/workflows").iterdir())
    assert [path.stem for path in workflows] == ["check", "comment", "preview", "publish", "review"]
    say = messages_in(language)
    names = {path.stem: read_yaml(path)["name"] for path in workflows}
    assert names == {name: say(f"starter.{name}") for name in names}
    # What one calls waits for by name, and what it runs, are there.
    assert read_yaml(folder / ".github/workflows/comment.yml")[True]["workflow_run"]["workflows"] == [
        names["preview"]
    ]
    for path in workflows:
        text = path.read_text(encoding="utf-8")
        assert "@{" not in text
        for script in re.findall(r"scripts/ci/[a-z]+\.sh", text):
            assert (folder / script).is_file(), script
        # The actions are those of the engine's own workflows, pinned by commit.
        own = (ROOT / ".github/workflows" / path.name).read_text(encoding="utf-8")
        assert set(re.findall(r"uses: (\S+)", text)) == set(re.findall(r"uses: (\S+)", own))
    audit = [str(Path(sys.executable).with_name("zizmor")), "--offline", "--persona=pedantic", "--quiet"]
    done = subprocess.run([*audit, str(folder / ".github")], capture_output=True, text=True, encoding="utf-8")
    assert done.returncode == 0, done.stdout + done.stderr


def read_yaml(path: Path) -> Any:
    return yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)


@pytest.mark.parametrize("name", ["check", "comment", "preview", "review"])
def test_steps_of_a_new_playbook_are_those_of_the_reference(name: str) -> None:
    starter = ROOT / "src/servicebook/editing/starter/common/scripts/ci" / f"{name}.sh"
    assert starter.read_bytes() == (ROOT / "scripts/ci" / f"{name}.sh").read_bytes()


def test_lock_of_a_new_playbook_is_the_engines_without_what_only_developers_need() -> None:
    pins = {}
    for path in (
        ROOT / "requirements.lock",
        ROOT / "src/servicebook/editing/starter/common/requirements.lock",
    ):
        text = path.read_text(encoding="utf-8")
        pins[path] = set(re.findall(r"(?m)^(\S+==.*?) \\\n    --hash=sha256:", text))
        assert len(pins[path]) == len(re.findall(r"(?m)^\S", text))
    every, fewer = pins.values()
    assert fewer < every
    named = {re.split(r"[=; ]", pin)[0] for pin in fewer}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert {re.split(r"[><=\[]", one)[0] for one in project["dependencies"]} <= named
    assert not named & {"pytest", "mypy", "ruff", "playwright"}


def test_steps_of_the_readme_lead_to_a_page_of_ones_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What the README tells a stranger to type, but for the making of the environment, does what it says."""
    (block,) = re.findall(
        r"(?ms)^## El manual de tu organización.*?^```sh\n(.*?)^```",
        (ROOT / "README.md").read_text(encoding="utf-8"),
    )
    steps = [line.split("#")[0].split() for line in block.splitlines()]
    assert len(steps) == 7
    monkeypatch.chdir(tmp_path)
    typed = steps[3:]
    assert [words[0] for words in typed] == ["servicebook", "cd", "servicebook", "servicebook"]
    for words in typed[:-1]:
        if words[0] == "cd":
            monkeypatch.chdir(words[1])
        else:
            assert run(words[1:]) == 0, capsys.readouterr().err
    assert typed[-1] == ["servicebook", "serve"]
    builder = SiteBuilder(Path("mkdocs.yml").resolve(), keeps_pages=True)
    builder.build(tmp_path / "site")
    say = messages_in("es")
    pages = [path for path in (tmp_path / "site").rglob("index.html") if "ext-02" in str(path)]
    assert len(pages) == 1
    assert say("drafts.title") in "".join(
        path.read_text(encoding="utf-8") for path in (tmp_path / "site").rglob("*.html")
    )
