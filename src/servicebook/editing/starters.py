"""What a new playbook begins with, and the record of what a project was given of it."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from servicebook import __version__
from servicebook.base.files import write_file
from servicebook.content.reading import SETTINGS_FILE
from servicebook.language.messages import Messages, messages_in

_STARTERS = Path(__file__).parent / "starter"
_FIRST = Path(__file__).parent / "format_1" / "starter.json"
# A file that starts with a dot would be ignored by tools that pack the starter, so it is kept without.
_DOTTED = {name: f".{name}" for name in ("gitattributes", "github", "gitignore", "vscode")}
# A sentence of the catalogue, by its key, in a file that is the same in every language.
_SENTENCE = re.compile(r"@\{([a-z.-]+)\}")
SETTINGS = Path("playbook", SETTINGS_FILE)
SCHEMAS = "schemas"
# It holds the texts themselves: an engine of later knows what an earlier one wrote from nowhere else.
RECORD = "servicebook.lock"


def starter_texts(language: str, today: dt.date) -> dict[Path, str]:
    """Return the texts of the starter of a language by their paths in a new project."""
    say = messages_in(language)
    return {**_texts("common", today, say), **_texts(language, today, say)}


def kept_current(texts: Mapping[Path, str]) -> dict[str, str]:
    """Return those texts of a starter that later engines keep current, by their names in the project.

    What stands in `playbook/` is the owner's own from the first day: no engine has a better text of it.
    """
    return {path.as_posix(): text for path, text in texts.items() if path.parts[0] != SETTINGS.parts[0]}


@dataclass(frozen=True)
class Given:
    """What a project was given of a starter: its language, and the texts by their names."""

    language: str
    texts: Mapping[str, str]


def write_record(folder: Path, language: str, texts: Mapping[Path, str]) -> None:
    """Write the record of a project's starter. Raises OSError."""
    write_file(folder / RECORD, record_text(Given(language, kept_current(texts))))


def record_text(given: Given) -> str:
    """Return the text of a record."""
    data = {"language": given.language, "files": dict(sorted(given.texts.items()))}
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"


def read_record(folder: Path) -> Given | None:
    """Return what the record of a project says; None without one. Raises ValueError for a broken one."""
    try:
        data: Any = json.loads((folder / RECORD).read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        return None
    texts = data.get("files") if isinstance(data, dict) else None
    if not isinstance(texts, dict) or not all(isinstance(text, str) for text in texts.values()):
        raise ValueError(RECORD)
    return Given(str(data.get("language")), texts)


def first_given(language: str) -> Given:
    """Return what the engines of the first format, which kept no record, gave a project."""
    known: dict[str, dict[str, str]] = json.loads(_FIRST.read_text(encoding="utf-8"))
    return Given(language, known.get(language, {}))


def _texts(name: str, today: dt.date, say: Messages) -> dict[Path, str]:
    texts = {}
    for source in sorted(path for path in (_STARTERS / name).rglob("*") if path.is_file()):
        parts = [_DOTTED.get(part, part) for part in source.relative_to(_STARTERS / name).parts]
        text = source.read_text(encoding="utf-8")
        text = text.replace("@TODAY@", str(today)).replace("@VERSION@", __version__)
        texts[Path(*parts)] = _SENTENCE.sub(lambda match: say(match[1]), text)
    return texts
