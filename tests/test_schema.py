"""The JSON Schemas: complete, current, and agreeing with `check` on what a schema can say."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from servicebook.cli.main import run
from servicebook.content.content import LISTS
from servicebook.content.load import kinds_at
from servicebook.content.model.entries import ENTRY_TYPES, FOLDERS
from servicebook.content.schema import field_key, schema_names, schema_text
from servicebook.content.shapes import Shape, shape_of
from servicebook.editing.versions import kind_of_file
from servicebook.language.messages import LANGUAGES, messages_in
from tests.conftest import ROOT, copy_project
from tests.test_check import arrange

CASES = ROOT / "tests/cases/schema"


def fields_of(shape: Shape) -> Iterator[tuple[str, str]]:
    """Yield each model and field that a shape holds, at any depth."""
    for field in shape.fields:
        yield shape.model, field.name
        yield from fields_of(field.shape)
    if shape.inner:
        yield from fields_of(shape.inner)


def validate(name: str, *paths: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "check_jsonschema", "--schemafile", str(ROOT / f"schemas/{name}.json")]
    environment = {**os.environ, "PYTHONUTF8": "1"}
    return subprocess.run(
        [*command, *map(str, paths)], capture_output=True, text=True, encoding="utf-8", env=environment
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_field_is_explained_to_editors(language: str) -> None:
    say = messages_in(language)
    wanted = {field_key(*field) for name in schema_names() for field in fields_of(shape_of(name))}
    assert sorted(wanted - say.keys()) == []
    # What the engine itself freezes is explained too, though nobody types it.
    extra = {f"field.{name}" for name in say.under("field")} - wanted
    assert sorted(key for key in extra if not key.startswith("field.Frozen")) == []


@pytest.mark.parametrize("name", schema_names())
def test_committed_schema_is_current(name: str) -> None:
    committed = (ROOT / f"schemas/{name}.json").read_text(encoding="utf-8")
    assert committed == schema_text(name, messages_in("es"), kinds_at(ROOT)), (
        "run: servicebook schema --lang es"
    )


def test_editor_settings_name_every_schema() -> None:
    settings = json.loads((ROOT / ".vscode/settings.json").read_text(encoding="utf-8"))
    folders = {f"playbook/{FOLDERS[kind]}/*.yml" for kind in ENTRY_TYPES}
    files = {f"playbook/{name}" for name in ("playbook.yml", *LISTS)}
    assert set(settings["yaml.schemas"]) == {f"schemas/{name}.json" for name in schema_names()}
    assert set(settings["yaml.schemas"].values()) == folders | files


@pytest.mark.parametrize("name", schema_names())
def test_schema_accepts_the_reference_playbook(name: str) -> None:
    folder = ROOT / "playbook"
    paths = list((folder / FOLDERS[name]).glob("*.yml")) if name in FOLDERS else [folder / f"{name}.yml"]
    assert paths
    done = validate(name, *paths)
    assert done.returncode == 0, done.stdout


def bad_cases() -> list[Path]:
    return sorted(CASES.glob("*/*.yml"))


@pytest.mark.parametrize("name", sorted({path.parent.name for path in bad_cases()}))
def test_schema_refuses_what_check_refuses(name: str) -> None:
    paths = [path for path in bad_cases() if path.parent.name == name]
    done = validate(name, *paths)
    assert done.returncode == 1
    for path in paths:
        assert str(path) in done.stdout, path


# Rules of `check` that a schema can express: what a field is called, must hold and may look like.
EXPRESSIBLE = re.compile(
    r"missing|repeated|unknown-field|choice|format-.*|date|too-.*|wrong-type-.*|element-not-map|file-not-(?:map|list)"
)


def test_schema_refuses_every_case_of_check_that_it_can_express(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    found: dict[str, list[Path]] = {}
    for case in sorted((ROOT / "tests/cases/check").glob("*.yml")):
        folder = copy_project(tmp_path / case.stem, {})
        monkeypatch.chdir(folder)
        arrange(yaml.load(case.read_text(encoding="utf-8"), yaml.CSafeLoader))
        run(["check", "--format", "json"])
        for problem in json.loads(capsys.readouterr().out)["problems"]:
            name = kind_of_file(problem["path"].removeprefix("playbook/"))
            if name and EXPRESSIBLE.fullmatch(problem["rule"]):
                found.setdefault(name, []).append(folder / problem["path"])
    assert sum(map(len, found.values())) > 40, "the scan finds the cases"
    accepted = [
        str(path.relative_to(tmp_path))
        for name, paths in found.items()
        for refusals in [validate(name, *paths).stdout]
        for path in paths
        if str(path) not in refusals
    ]
    assert accepted == []
