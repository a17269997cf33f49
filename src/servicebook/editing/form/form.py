"""The one canonical form of the content files: order of fields, quotes, folding, lists; comments stay.

The form is a function of the data, the comments and the blank lines alone, so that two people (or a person
and the browser's forms) who write the same thing write the same bytes. The data never change: a file whose
new text would read differently is a defect here, and `format_text` raises rather than return it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from servicebook.base import yaml_source
from servicebook.base.files import write_file
from servicebook.base.problems import ContentError, Location, Problem
from servicebook.base.yaml_source import SourceError
from servicebook.content.content import LISTS
from servicebook.content.kinds import Kinds
from servicebook.content.load import kinds_at
from servicebook.content.project import bound_of
from servicebook.content.reading import SETTINGS_FILE, yaml_files
from servicebook.content.shapes import Shape, shape_of
from servicebook.editing.form.comments import Commented
from servicebook.editing.form.writer import Writer, tidy


@dataclass(frozen=True)
class Unformatted:
    """A file as it is, and as it should be."""

    path: Path
    shown: str
    text: str
    written: str


def format_text(text: str, shown: str, shape: Shape | None) -> str:
    """Return a file's text in canonical form. `shape` is what it holds; unknown fields keep their order.

    Raises SourceError when the text cannot be read as YAML or repeats a key.
    """
    root = yaml_source.compose(text, shown)
    problems: list[Any] = []
    data = yaml_source.to_data(root, shown, problems)
    if problems:
        raise SourceError(problems[0])
    reader = Commented(text, root)
    body = Writer(reader.notes).document(root, shape)
    written = "\n".join([*tidy([*reader.head, *body, *reader.foot]), ""])
    if yaml_source.parse(written, shown) != data:
        raise AssertionError(f"the canonical form of {shown} reads differently")
    return written


def format_playbook(root: Path, shown_root: str, *, write: bool) -> tuple[list[str], list[Problem]]:
    """Put every content file below `root` in canonical form, or with `write` false only look.

    Returns the files that were not in it, and a problem for each file that cannot be read; without `write`
    also for each that is not in canonical form, at the first line that differs.
    """
    changed: list[str] = []
    problems: list[Problem] = []
    for one in find_unformatted(root, shown_root, problems):
        changed.append(one.shown)
        if write:
            write_file(one.path, one.written)
        else:
            problems.append(_what_differs(one))
    return changed, problems


def find_unformatted(root: Path, shown_root: str, problems: list[Problem]) -> Iterator[Unformatted]:
    """Yield each content file that is not in canonical form; adds a problem for each that cannot be read.

    Where nobody can tell what is declared, that is the problem, and entries are left as they are.
    """
    try:
        kinds = kinds_at(root)
    except ContentError as error:
        problems += error.problems
        kinds = Kinds({}, {})
    bound = bound_of(root).resolve()
    for path, shape in content_files(root, kinds):
        shown = f"{shown_root}/{path.relative_to(root).as_posix()}"
        if rule := _rule_of_link(path, bound):
            problems.append(Problem(Location(shown), rule, {"name": path.name}))
            continue
        try:
            data = yaml_source.read_bytes(path, shown)
            text, _ = yaml_source.decode(data, shown)
            written = format_text(text, shown, shape)
        except SourceError as error:
            problems.append(error.problem)
            continue
        if written.encode() != data:
            yield Unformatted(path, shown, text, written)


def _rule_of_link(path: Path, bound: Path) -> str | None:
    """Return the rule that a file breaks which is a link, or lies in one that leads out of the project."""
    if path.is_symlink():
        return "content-is-link"
    return None if path.parent.resolve().is_relative_to(bound) else "link-outside"


def _what_differs(one: Unformatted) -> Problem:
    """Return the problem of a file that is not in canonical form, at the first line that differs."""
    if one.text.replace("\r\n", "\n") == one.written and "\r" in one.text:
        return Problem(Location(one.shown), "windows-lines")
    return Problem(Location(one.shown, _first_difference(one.text, one.written)), "not-formatted")


def _first_difference(text: str, written: str) -> int:
    """Return the first line of `text` that is written otherwise."""
    pairs = zip(text.split("\n"), written.split("\n"), strict=False)
    return next((number for number, (one, other) in enumerate(pairs, 1) if one != other), 1)


def content_files(root: Path, kinds: Kinds) -> Iterator[tuple[Path, Shape]]:
    """Yield every content file of a playbook, with entries of these kinds, and the shape of what it holds."""
    for name in (SETTINGS_FILE, *LISTS):
        if (root / name).is_file():
            yield root / name, shape_of(name.removesuffix(".yml"))
    for kind, model in kinds.items():
        for path in yaml_files(root / model.folder):
            yield path, shape_of(kind, kinds)
