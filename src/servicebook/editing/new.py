"""A new entry: a skeleton with a comment for each field, which `check` accepts as a draft."""

from __future__ import annotations

import os
import re
import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from servicebook.base.files import require_within, write_file
from servicebook.base.problems import ContentError, RuleError
from servicebook.content.complaints import suggest
from servicebook.content.content import Content
from servicebook.content.kinds import Kinds
from servicebook.content.load import load_content
from servicebook.content.model.settings import Settings
from servicebook.content.project import CONFIG_FILE, bound_of
from servicebook.content.schema import field_key
from servicebook.content.shapes import Field, Shape, shape_of
from servicebook.editing.form.writer import WIDTH, dump
from servicebook.language.dates import months_after
from servicebook.language.messages import Messages

# Fields that a skeleton must not guess wrongly: who answers, and where the entry belongs.
_ASKED = ("title", "owner", "pillar")
# What only makes sense together: a formula, its variables and its example.
_SAMPLES: dict[tuple[str, str], Any] = {
    ("Formula", "expression"): "a / b * 100",
    ("Formula", "variables"): {"a": None, "b": None},
    ("Example", "values"): {"a": 1, "b": 2},
    ("Example", "result"): 50,
    ("Threshold", "origin"): "own",
}
# Fields that may be left out, but without which the draft would not pass.
_NEEDED = {("Section", "items")}
_RECHECK_MONTHS = 6


class NewError(RuleError):
    """Raised when no entry can be made; `rule` names the sentence, under `new.`, that `values` fill."""


@dataclass(frozen=True)
class Question:
    """What to ask a person before the entry is written. `choices` maps ids to their titles."""

    field: str
    choices: Mapping[str, str]


def questions_for(root: Path, kind: str) -> list[Question]:
    """Return what a person should be asked for an entry of `kind`. Raises NewError, ContentError."""
    content = _usable(root)
    _require_kind(kind, content.kinds)
    settings = content.settings
    assert settings is not None  # noqa: S101 - _usable saw to it
    return [
        Question(field.name, settings.words.get(field.shape.vocabulary, {}))
        for field in shape_of(kind, content.kinds).fields
        if field.name in _ASKED and field.required
    ]


def write_skeleton(
    root: Path,
    kind: str,
    identity: str,
    say: Messages,
    answers: Mapping[str, str] | None = None,
    project: Path | None = None,
) -> Path:
    """Write a draft of `kind` below `root` (the folder of playbook.yml) and return its path.

    `answers` fill fields by name; `project` is the folder of mkdocs.yml, which need not stand above.
    Raises NewError when the kind, the id or an answer will not do, and ContentError when `playbook.yml`
    itself cannot be used.
    """
    content = _usable(root)
    path = _path_in(content, kind, identity, say)
    given = {"id": identity, "status": "draft", **(answers or {})}
    say = say.with_words(content.kinds.words)
    shape = shape_of(kind, content.kinds)
    text = _Skeleton(content, say).text(shape, given, schema_path(root, path.parent, kind, project))
    require_within(path, bound_of(root))
    write_file(path, text)
    return path


def path_of_new(root: Path, kind: str, identity: str, say: Messages) -> Path:
    """Return the file of an entry to be made. Raises NewError, ContentError."""
    return _path_in(_usable(root), kind, identity, say)


def _path_in(content: Content, kind: str, identity: str, say: Messages) -> Path:
    _require_kind(kind, content.kinds)
    field = shape_of(kind, content.kinds).field("id")
    assert field is not None  # noqa: S101 - every entry has one
    limit = field.shape.max_length or len(identity)
    if not re.fullmatch(field.shape.pattern, identity) or len(identity) > limit:
        # A kind of the playbook's own is named like the built-in ones that have no number.
        usual = f"new.example.{kind}" if kind in content.kinds.built_in else "new.example.behaviour"
        is_usual = usual in say and re.fullmatch(field.shape.pattern, say(usual))
        example = say(usual) if is_usual else field.shape.pattern.removeprefix("^(?:").removesuffix(")$")
        raise NewError("bad-id", id=identity, example=example)
    path = content.root / content.kinds[kind].folder / f"{identity}.yml"
    _require_free(content, identity, path)
    return path


def free_ids(root: Path, kind: str) -> list[str]:
    """Return the id that comes next in each series of numbered ids; nothing for kinds that are named."""
    content = _usable(root)
    used = [name for entry in content.entries if entry.kind == kind for name in (entry.id, *entry.former_ids)]
    last: dict[str, str] = {}
    for match in filter(None, (re.fullmatch(r"([A-Z]+-)([0-9]+)", name) for name in used)):
        last[match[1]] = max(last.get(match[1], ""), match[2], key=lambda digits: int(digits or 0))
    return [f"{prefix}{int(digits) + 1:0{len(digits)}}" for prefix, digits in sorted(last.items())]


def _require_kind(kind: str, kinds: Kinds) -> None:
    if kind not in kinds:
        known = ", ".join(kinds)
        raise NewError("unknown-kind", kind=kind, known=known, suggestion=suggest(kind, kinds))


def _usable(root: Path) -> Content:
    content, problems = load_content(root)
    if content.settings is None:
        raise ContentError(problems)
    return content


def _require_free(content: Content, identity: str, path: Path) -> None:
    if path.exists():
        raise NewError("exists", path=f"{content.shown_root}/{path.parent.name}/{path.name}")
    for entry in content.entries:
        if entry.id == identity:
            raise NewError("exists", path=f"{content.shown_root}/{content.path_of(entry)}")
        if identity in entry.former_ids:
            raise NewError("former", id=identity, path=f"{content.shown_root}/{content.path_of(entry)}")


def schema_path(root: Path, folder: Path, kind: str, project: Path | None = None) -> str | None:
    """Return the address of a kind's or a file's schema from a folder, where the project has schemas.

    They stand beside its mkdocs.yml, and the playbook may stand some folders further down, or elsewhere: then
    in `project`.
    """
    for above in (*_up_to_project(root), *([project] if project else [])):
        schema = above / "schemas" / f"{kind}.json"
        if schema.is_file():
            return os.path.relpath(schema.resolve(), folder.resolve()).replace(os.sep, "/")
    return None


def _up_to_project(root: Path) -> Iterator[Path]:
    for above in root.parents:
        yield above
        if (above / CONFIG_FILE).is_file():
            return


class _Skeleton:
    """Writes a value of every required field, and the optional ones as comments to be uncovered."""

    def __init__(self, content: Content, say: Messages) -> None:
        assert content.settings is not None  # noqa: S101 - the caller saw to it
        self._content = content
        self._settings: Settings = content.settings
        self._say = say

    def text(self, shape: Shape, given: Mapping[str, Any], schema: str | None) -> str:
        lines = [f"# yaml-language-server: $schema={schema}", ""] if schema else []
        lines += [f"# {line}" for line in _wrap(self._say("new.head"))]
        for field in shape.fields:
            explained = self._say(field_key(shape.model, field.name))
            lines += ["", *(f"# {line}" for line in _wrap(explained))]
            wanted = field.required or field.name in given
            value = given.get(field.name) or self._value(shape, field, wanted)
            written = dump({field.name: value}, Shape("model", fields=(field,)))
            lines += written if wanted else [f"# {line}" for line in written]
        return "\n".join([*lines, ""])

    def _value(self, model: Shape, field: Field, wanted: bool) -> Any:
        if (model.model, field.name) in _SAMPLES:
            sample = _SAMPLES[model.model, field.name]
            if field.shape.inner and field.shape.inner.form == "model":
                return {name: self._sample(field.shape.inner, field, wanted) for name in sample}
            return sample
        if field.name == "recheck":
            return str(months_after(self._settings.edition.date, _RECHECK_MONTHS))
        if field.default not in (None, [], ()) and field.shape.form != "model":
            return field.default
        if not field.required and field.shape.form == "list":
            return self._optional_list(field)
        return self._sample(field.shape, field, wanted)

    def _optional_list(self, field: Field) -> list[Any]:
        inner = field.shape.inner
        assert inner is not None  # noqa: S101 - a list has elements
        if inner.form == "line" and not inner.vocabulary:
            return []
        return [self._sample(inner, field, wanted=False)]

    def _sample(self, shape: Shape, field: Field, wanted: bool, place: int = 0) -> Any:
        """Return a value that the field accepts; `place` tells the elements of a list apart.

        What is `wanted` must name something that exists; what is shown as a comment may be an example.
        """
        match shape.form:
            case "model":
                return {
                    one.name: self._inner_value(shape, one, wanted, place)
                    for one in shape.fields
                    if one.required or (shape.model, one.name) in _NEEDED
                }
            case "list":
                assert shape.inner is not None  # noqa: S101 - a list has elements
                return [
                    self._sample(shape.inner, field, wanted, place)
                    for place in range(max(1, shape.min_items))
                ]
            case "choice":
                return _choice_at(shape, place)
            case "date":
                return str(self._settings.edition.date)
            case "number" | "integer":
                return int(shape.minimum or 1)
            case "flag":
                return False
            case _:
                return self._words(shape, field, wanted)

    def _inner_value(self, model: Shape, field: Field, wanted: bool, place: int) -> Any:
        if (model.model, field.name) in _NEEDED:
            return self._sample(field.shape, field, wanted)
        if field.shape.form == "choice" and (model.model, field.name) not in _SAMPLES:
            return _choice_at(field.shape, place)
        return self._value(model, field, wanted)

    def _words(self, shape: Shape, field: Field, wanted: bool) -> str:
        if shape.vocabulary:
            return next(iter(self._settings.words[shape.vocabulary]))
        if shape.target:
            return self._reference(shape.target, field, wanted)
        return self._say("new.local-id" if field.name == "id" else "new.placeholder")

    def _reference(self, target: str, field: Field, wanted: bool) -> str:
        if target == "source":
            found = [source.id for source in self._content.sources]
        else:
            kind = "standard" if target == "item" else target
            found = sorted(e.id for e in self._content.entries if e.kind == kind and e.status == "active")
        if not found and wanted:
            raise NewError("needs", field=field.name, kind=self._say(f"name.{target}"))
        key = f"new.example.{target}"
        return found[0] if found else self._say(key) if key in self._say else self._say("new.local-id")


def _choice_at(shape: Shape, place: int) -> str:
    """Return the choice for the element at `place`, so that the lines of a dialogue take turns."""
    return shape.choices[place % len(shape.choices)]


def _wrap(text: str) -> list[str]:
    return textwrap.wrap(text, WIDTH - 2, break_on_hyphens=False)
