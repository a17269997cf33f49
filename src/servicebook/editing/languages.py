"""The catalogue of a language that the engine lacks: the files to translate, in the playbook's folder."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from servicebook.base.files import require_within, write_file
from servicebook.content.languages import BASE, LOCALE_FOLDER, NO_RULES, absent_at, is_code
from servicebook.content.project import bound_of
from servicebook.editing.new import NewError
from servicebook.language.messages import LANGUAGES, Messages, is_locale, messages_in, texts_by_file

_WIDTH = 110
# What a language asks for itself stands in this file of its catalogue.
_RULES = "language"


def write_language(root: Path, language: str, say: Messages) -> list[Path]:
    """Write in English what the catalogue of a language lacks; return the files, none where it lacks nothing.

    No file that is there is touched. Raises NewError for what is no language's code, or is one of ours.
    """
    if not is_code(language):
        raise NewError("bad-language", id=language)
    if language in LANGUAGES:
        raise NewError("language-known", id=language)
    folder = root / LOCALE_FOLDER / language
    require_within(folder, bound_of(root))
    absent = absent_at(root, language)
    written: list[Path] = []
    for name, texts in texts_by_file(BASE).items():
        lacking = {key: text for key, text in texts.items() if key in absent}
        head = ""
        if name == _RULES and not (folder / f"{name}.yml").exists():
            head = _rules_of(language, say)
        if lacking or head:
            path = _free_path(folder, name)
            write_file(path, head + (_dump(_tree(lacking)) if lacking else ""))
            written.append(path)
    return written


def _rules_of(language: str, say: Messages) -> str:
    """Return the rules of a language as a file begins with them, explained to whoever is to write them."""
    usual = messages_in(BASE)
    rules = {
        "locale": language if is_locale(language) else usual("language.locale"),
        "day": NO_RULES["language.day"],
        "colon": NO_RULES["language.colon"],
        "alphabet": usual("language.alphabet"),
    }
    comment = "".join(f"# {line}\n" for line in say("new.language-rules").splitlines())
    return comment + _dump({"language": rules})


def _free_path(folder: Path, name: str) -> Path:
    path, number = folder / f"{name}.yml", 2
    while path.exists():
        path, number = folder / f"{name}-{number}.yml", number + 1
    return path


def _tree(texts: Mapping[str, str]) -> dict[str, Any]:
    tree: dict[str, Any] = {}
    for key, text in texts.items():
        *path, last = key.split(".")
        place = tree
        for part in path:
            place = place.setdefault(part, {})
        place[last] = text
    return tree


def _dump(tree: Mapping[str, Any]) -> str:
    return str(yaml.safe_dump(tree, sort_keys=False, allow_unicode=True, width=_WIDTH))
