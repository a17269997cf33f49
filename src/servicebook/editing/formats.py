"""What each format of a playbook asks of one that was written for the format before."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from yaml.nodes import MappingNode

from servicebook.base import yaml_source
from servicebook.base.problems import Problem, RuleError
from servicebook.content.model.settings import FORMAT
from servicebook.content.shapes import shape_of
from servicebook.editing.form.form import format_text
from servicebook.editing.form.writer import dump

_FRAMEWORKS = Path(__file__).parent / "format_1" / "frameworks.yml"
# Where a document says that it ends.
_END = re.compile(r"^\.\.\.(?=\s|$)", re.MULTILINE)


class FormatError(RuleError):
    """Raised when a playbook's settings cannot be brought to this format; `rule` is under `upgrade.`."""


def renewed_settings(text: str, shown: str, language: str, used: frozenset[str]) -> tuple[str, list[str]]:
    """Return a `playbook.yml` in this format, and what was done, as keys under `upgrade.`.

    `used` are the frameworks that the entries name. What was in the file's one form stays in it. Raises
    SourceError for a text that cannot be read, FormatError for one that cannot be changed or is newer.
    """
    node, data = _read(text, shown)
    said = data.get("format", "1")
    if not str(said).isdecimal() or int(said) > FORMAT:
        raise FormatError("newer", format=said, known=FORMAT)
    if int(said) == FORMAT:
        return text, []
    had_form = format_text(text, shown, shape_of("playbook")) == text
    added: dict[str, Any] = {}
    if int(said) < 2 and "frameworks" not in data:
        added |= {"frameworks": found} if (found := _known_frameworks(language, used)) else {}
    renewed = _with_format(text, node, "format" in data)
    for name, value in added.items():
        renewed = _with_option(renewed, dump({name: value}, shape_of("playbook")), node.start_mark.column)
    if had_form:
        renewed = format_text(renewed, shown, shape_of("playbook"))
    _, read_back = _read(renewed, shown)
    if read_back != {**data, **added, "format": str(FORMAT)}:
        raise FormatError("unwritable", format=FORMAT)
    return renewed, [f"format-{number}" for number in range(int(said) + 1, FORMAT + 1)]


def _known_frameworks(language: str, used: frozenset[str]) -> dict[str, Any]:
    """Return the frameworks that format 1 knew by itself, of those used, in its words."""
    known = yaml_source.parse(_FRAMEWORKS.read_text(encoding="utf-8"))
    return {name: info for name, info in known.get(language, known["en"]).items() if name in used}


def _with_format(text: str, root: MappingNode, has_one: bool) -> str:
    """Return a text with the number of the format: in its place, or after the language."""
    if root.flow_style:
        raise FormatError("unwritable", format=FORMAT)
    key, value = next(
        ((key, value) for key, value in root.value if key.value == ("format" if has_one else "language")),
        root.value[0],
    )
    if has_one:
        return f"{text[: value.start_mark.index]}{FORMAT}{text[value.end_mark.index :]}"
    after = text.find("\n", value.end_mark.index)
    end = len(text) if after < 0 else after + 1
    before = text[:end] if text[:end].endswith("\n") else f"{text[:end]}\n"
    return f"{before}{' ' * key.start_mark.column}format: {FORMAT}\n{text[end:]}"


def _with_option(text: str, lines: list[str], column: int) -> str:
    """Return a text with an option's lines as its last, as far in as the others; its end stays one."""
    end = _END.search(text)
    body, rest = (text[: end.start()], text[end.start() :]) if end else (text, "")
    moved = (f"{' ' * column}{line}" if line else "" for line in lines)
    return "\n".join([body.rstrip("\n"), *moved, rest])


def _read(text: str, shown: str) -> tuple[MappingNode, dict[str, Any]]:
    node = yaml_source.compose(text, shown)
    problems: list[Problem] = []
    data = yaml_source.to_data(node, shown, problems)
    if problems:
        raise yaml_source.SourceError(problems[0])
    if not isinstance(node, MappingNode) or not isinstance(data, dict) or not node.value:
        raise FormatError("unwritable", format=FORMAT)
    return node, data


def frameworks_in(documents: Iterator[Any]) -> frozenset[str]:
    """Return the names of the frameworks that the data of some standards name."""
    named: set[str] = set()
    for data in documents:
        mappings = data.get("mappings") if isinstance(data, dict) else None
        named |= set(mappings) if isinstance(mappings, dict) else set()
    return frozenset(named)
