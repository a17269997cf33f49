"""What a newer engine asks of a project, and its starter's newer files merged three-way with the owner's."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import tempfile
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from servicebook.base import yaml_source
from servicebook.base.files import inside, require_within, write_file
from servicebook.base.programs import find_program
from servicebook.content.complaints import suggest
from servicebook.content.declarations import kinds_in
from servicebook.content.languages import BASE
from servicebook.content.load import kinds_at
from servicebook.content.project import CONFIG_FILE, Project, bound_of
from servicebook.content.reading import SETTINGS_FILE, shown, yaml_files
from servicebook.content.schema import schema_names, schema_text
from servicebook.editing.formats import FormatError, frameworks_in, renewed_settings
from servicebook.editing.starters import (
    RECORD,
    SCHEMAS,
    Given,
    first_given,
    kept_current,
    read_record,
    record_text,
    starter_texts,
)
from servicebook.editing.twins import with_engine, with_theme
from servicebook.language.messages import LANGUAGES, Messages

# Where the engine's text of a file is laid when it cannot be joined with the owner's; git ignores the folder.
ASIDE = Path(".servicebook", "upgrade")
_SETTINGS = "settings"


@dataclass(frozen=True)
class Step:
    """What is done with one file; `rule` names the sentence under `upgrade.`.

    `text` is what is written, and `aside` what is laid beside for the owner, who has to settle it.
    """

    name: str
    rule: str
    text: str | None = None
    aside: str | None = None


@dataclass
class Plan:
    """All that an upgrade does, before any of it is done: what the format asks, and a step for each file."""

    folder: Path
    asked: list[str] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    record: str = ""

    @property
    def unsettled(self) -> list[Step]:
        """The steps that wait for the owner."""
        return [step for step in self.steps if step.aside is not None]

    @property
    def writes(self) -> list[Step]:
        """The steps that write a file."""
        return [step for step in self.steps if step.text is not None]


def plan_upgrade(project: Project, say: Messages, today: dt.date, keep: Collection[str]) -> Plan:
    """Return what this engine's format, schemas and starter ask of a project; `keep` are files that stay.

    Raises FormatError, SourceError for a `playbook.yml` that cannot be read, ContentError for one of which
    nobody can tell what it declares, FileNotFoundError without one.
    """
    plan = Plan(project.folder)
    settings = project.playbook / SETTINGS_FILE
    text = yaml_source.read_text(settings, shown(settings))
    used = frameworks_in(_standards(project.playbook))
    renewed, plan.asked = renewed_settings(text, shown(settings), say.language, used)
    if renewed != text:
        plan.steps.append(Step(_name(settings, project.folder), _SETTINGS, renewed))
    # There is a first playbook in the languages of the engine alone.
    language = say.language if say.language in LANGUAGES else BASE
    given = _given(project.folder, language, old=bool(plan.asked))
    starter = kept_current(starter_texts(given.language, today))
    known = {*given.texts, *starter}
    if unknown := [name for name in keep if name not in known]:
        raise FormatError("no-such-file", name=unknown[0], suggestion=suggest(unknown[0], known))
    _plan_files(plan, given, starter, keep)
    if (project.folder / SCHEMAS).is_dir():
        kinds_at(project.folder)  # of what nobody can tell no schema is written
        kinds = kinds_in(renewed.encode())
        for name in schema_names(kinds):
            fresh = schema_text(name, say, kinds)
            if _text_of(project.folder / SCHEMAS / f"{name}.json") != fresh:
                plan.steps.append(Step(f"{SCHEMAS}/{name}.json", "schema", fresh))
    return plan


def name_twins(plan: Plan, engine: str | None, theme: str | None) -> None:
    """Add to a plan that the project's mkdocs.yml names another engine, or another theme, or both.

    Raises FormatError for a mkdocs.yml in which that cannot be said, SourceError for one that is no YAML.
    """
    path = plan.folder / CONFIG_FILE
    step = next((step for step in plan.steps if step.name == CONFIG_FILE and step.text is not None), None)
    before = (step.text if step else _text_of(path)) or ""
    text = with_engine(before, shown(path), engine) if engine else before
    text = with_theme(text, shown(path), theme) if theme else text
    if text != before:
        plan.steps = [one for one in plan.steps if one is not step]
        plan.steps.append(Step(CONFIG_FILE, "twins", text))


def carry_out(plan: Plan) -> None:
    """Write what a plan says: what stops half way is done by the next. Raises OSError.

    The record comes after the files, and the settings at the end: where there is no record, their format is
    all that tells what the project was given. Where a link leads out of the project, nothing is written.
    """
    targets = [RECORD, *(step.name for step in plan.steps if step.text is not None)]
    targets += [(ASIDE / step.name).as_posix() for step in plan.unsettled]
    for name in targets:
        require_within(plan.folder / name, bound_of(plan.folder))
    for step in plan.steps:
        if step.text is not None and step.rule != _SETTINGS:
            write_file(plan.folder / step.name, _bytes_of(step.text))
        if step.aside is not None:
            write_file(plan.folder / ASIDE / step.name, step.aside)
    if _text_of(plan.folder / RECORD) != plan.record:
        write_file(plan.folder / RECORD, plan.record)
    for step in plan.steps:
        if step.text is not None and step.rule == _SETTINGS:
            write_file(plan.folder / step.name, _bytes_of(step.text))


def _given(folder: Path, language: str, *, old: bool) -> Given:
    """Return what the project was given; one of this format without a record is taken as it is."""
    try:
        given = read_record(folder)
    except ValueError as error:
        raise FormatError("bad-record", name=RECORD) from error
    if given is None:
        texts = kept_current(starter_texts(language, dt.date.min))
        given = first_given(language) if old else Given(language, texts)
    return given if given.language in LANGUAGES else Given(language, given.texts)


def _plan_files(plan: Plan, given: Given, fresh: Mapping[str, str], keep: Collection[str]) -> None:
    taken: dict[str, str] = {}
    for name in sorted({*given.texts, *fresh}):
        old, new = given.texts.get(name), fresh.get(name)
        try:
            mine = _text_of(inside(plan.folder, name))
        except ValueError as error:
            raise FormatError("bad-record", name=RECORD) from error
        step = None if name in keep else _step(name, old, mine, new)
        if step is not None:
            plan.steps.append(step)
        # What waits for the owner is compared with the same text again the next time.
        text = old if step is not None and step.aside is not None else new
        if text is not None:
            taken[name] = text
    plan.record = record_text(Given(given.language, taken))


def _step(name: str, old: str | None, mine: str | None, new: str | None) -> Step | None:
    """Return what is done with a file: `old` the engine wrote, `mine` is there now, `new` the engine has."""
    if new in (old, mine):
        return None
    if new is None:
        return Step(name, "left-over")
    if mine is None:
        return Step(name, "new", new) if old is None else Step(name, "deleted")
    if mine == old:
        return Step(name, "refreshed", new)
    if old is None:
        return Step(name, "in-the-way", aside=new)
    merged = _merge(old, mine, new)
    return Step(name, "conflict", aside=new) if merged is None else Step(name, "merged", merged)


def _merge(old: str, mine: str, new: str) -> str | None:
    """Return a text with the changes of both; None where they touch the same lines, or git is missing."""
    git = find_program("git")
    if git is None:
        return None
    with tempfile.TemporaryDirectory() as place:
        paths = [Path(place, name) for name in ("mine", "old", "new")]
        for path, text in zip(paths, (mine, old, new), strict=True):
            path.write_bytes(_bytes_of(text))
        command = [git, "merge-file", "-p", "--quiet", *(str(path) for path in paths)]
        # What a person's own settings of git say of merging does not count here.
        own = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
        done = subprocess.run(command, cwd=place, env=own, capture_output=True, check=False)  # noqa: S603
    return _as_text(done.stdout) if done.returncode == 0 else None


def _text_of(path: Path) -> str | None:
    """Return the text of a file, as it is; None where there is none."""
    try:
        return _as_text(path.read_bytes())
    except (FileNotFoundError, NotADirectoryError):
        return None


def _as_text(held: bytes) -> str:
    """Return the text that a file holds. What is in another encoding is compared and joined as well."""
    return held.decode("utf-8", "surrogateescape")


def _bytes_of(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


def _standards(root: Path) -> Iterator[Any]:
    """Yield what the files of standards hold; what cannot be read is for the checks to tell."""
    for path in yaml_files(root / "standards"):
        try:
            yield yaml_source.parse(yaml_source.read_text(path))
        except yaml_source.SourceError:
            continue


def _name(path: Path, folder: Path) -> str:
    return os.path.relpath(path, folder).replace(os.sep, "/")
