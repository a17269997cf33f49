"""A new playbook: the least that checks, builds and can be read, copied from the starter of a language."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from servicebook.base.files import write_file
from servicebook.content.load import kinds_at
from servicebook.content.schema import schema_names, schema_text
from servicebook.language.messages import Messages

_STARTERS = Path(__file__).parent / "starter"
# A file that starts with a dot would be ignored by tools that pack the starter, so it is kept without.
_DOTTED = {"gitattributes": ".gitattributes", "gitignore": ".gitignore", "vscode": ".vscode"}
_TODAY = "@TODAY@"


class InitError(Exception):
    """Raised when no playbook can be made; `rule` names the sentence under `init.`."""

    def __init__(self, rule: str, **values: object) -> None:
        self.rule = rule
        self.values = values
        super().__init__(rule)


def write_project(folder: Path, say: Messages, today: dt.date) -> None:
    """Write a playbook that builds into `folder`, which is empty, holds only `.git`, or does not exist.

    Raises InitError otherwise, and when the folder cannot be written to.
    """
    if folder.exists() and not folder.is_dir():
        raise InitError("not-a-folder")
    try:
        if folder.exists() and any(path.name != ".git" for path in folder.iterdir()):
            raise InitError("not-empty")
        _copy(_STARTERS / say.language, folder, today)
        _copy(_STARTERS / "common", folder, today)
        kinds = kinds_at(folder)
        for name in schema_names(kinds):
            write_file(folder / "schemas" / f"{name}.json", schema_text(name, say, kinds))
    except OSError as error:
        raise InitError("not-writable", reason=say.refusal(error)) from error


def _copy(starter: Path, folder: Path, today: dt.date) -> None:
    for source in sorted(path for path in starter.rglob("*") if path.is_file()):
        parts = [_DOTTED.get(part, part) for part in source.relative_to(starter).parts]
        write_file(folder.joinpath(*parts), source.read_text(encoding="utf-8").replace(_TODAY, str(today)))
