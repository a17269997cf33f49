"""A new playbook: the least that checks, builds and can be read, copied from the starter of a language."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from pathlib import Path

from pydantic import ValidationError

from servicebook.base import yaml_source
from servicebook.base.files import UNFINISHED, files_in, write_file
from servicebook.base.problems import Problem, RuleError
from servicebook.content.declarations import kinds_in
from servicebook.content.model.settings import Settings
from servicebook.content.schema import schema_names, schema_text
from servicebook.content.shapes import shape_of
from servicebook.editing.form.writer import dump
from servicebook.editing.starters import SCHEMAS, SETTINGS, starter_texts, write_record
from servicebook.language.messages import Messages

# What a folder may hold that somebody made for a playbook to come; none of it is changed.
_WELCOME = re.compile(r"\.git|\.?venv|(?:readme|licen[cs]e|copying|notice)(?:\.\w+)?", re.IGNORECASE)
# What a new playbook may be told of itself.
ANSWERS = ("title", "organisation", "address")


class InitError(RuleError):
    """Raised when no playbook can be made; `rule` names the sentence under `init.`."""


def usual_answers(language: str) -> dict[str, str]:
    """Return what the starter of a language says where nobody answers."""
    text = starter_texts(language, dt.date.min)[SETTINGS]
    data = yaml_source.parse(text)
    return {name: data[name] for name in ANSWERS}


def write_project(folder: Path, say: Messages, today: dt.date, answers: Mapping[str, str]) -> None:
    """Write a playbook that builds into `folder`; the `answers` say what it is called, by `ANSWERS`.

    The folder may hold a repository, an environment, a readme and a licence, which stay as they are, and what
    was written by a run that was ended half way. Raises InitError when it holds more or cannot be written to,
    and for an answer that no playbook can have.
    """
    if folder.exists() and not folder.is_dir():
        raise InitError("not-a-folder")
    texts = starter_texts(say.language, today)
    texts[SETTINGS] = _answered(texts[SETTINGS], answers)
    kinds = kinds_in(texts[SETTINGS].encode())
    schemas = {Path(SCHEMAS, f"{name}.json"): schema_text(name, say, kinds) for name in schema_names(kinds)}
    try:
        if folder.exists() and not _is_free(folder, {**texts, **schemas}):
            raise InitError("not-empty")
        for path, text in {**texts, **schemas}.items():
            if not (folder / path).exists():
                write_file(folder / path, text)
        write_record(folder, say.language, texts)
    except OSError as error:
        raise InitError("not-writable", reason=say.refusal(error)) from error


def _is_free(folder: Path, texts: Mapping[Path, str]) -> bool:
    """Tell whether a folder holds nothing but what is welcome, and the same files that are now written there.

    The record, which comes last, stands only in a playbook that is whole.
    """
    for path in folder.iterdir():
        if _WELCOME.fullmatch(path.name):
            continue
        for file in map(Path, files_in(path)) if path.is_dir() else [path]:
            text = texts.get(file.relative_to(folder))
            if not file.name.startswith(UNFINISHED) and (text is None or file.read_bytes() != text.encode()):
                return False
    return True


def _answered(text: str, answers: Mapping[str, str]) -> str:
    """Return the text of a `playbook.yml` with the answers in it. Raises InitError for a wrong one."""
    for name, answer in answers.items():
        lines = "\n".join(dump({name: answer}, shape_of("playbook")))
        before, _, rest = re.split(rf"(^{name}: .*$)", text, maxsplit=1, flags=re.MULTILINE)
        text = f"{before}{lines}{rest}"
        problems: list[Problem] = []
        try:
            Settings.model_validate(yaml_source.to_data(yaml_source.compose(text, ""), "", problems))
        except (ValidationError, yaml_source.SourceError) as error:
            raise InitError("bad-answer", name=name, answer=answer) from error
        if problems:
            raise InitError("bad-answer", name=name, answer=answer)
    return text
