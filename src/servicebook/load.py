"""The YAML files of a playbook to typed content, collecting every problem on the way."""

from __future__ import annotations

import difflib
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from yaml.nodes import Node

from servicebook import yaml_source
from servicebook.fields import Loc
from servicebook.files import version_of
from servicebook.model import (
    ENTRY_TYPES,
    FOLDERS,
    FORMATS,
    Entry,
    Foundation,
    FrozenEdition,
    Model,
    Settings,
    Source,
    Term,
)
from servicebook.problems import Location, Problem, Severity
from servicebook.reading import Document, Reading, names_in, shown, yaml_files

SETTINGS_FILE = "playbook.yml"
EDITIONS_FOLDER = "editions"
SOURCES_FILE = "sources.yml"
LISTS: dict[str, type[Model]] = {"glossary.yml": Term, SOURCES_FILE: Source, "foundations.yml": Foundation}


@dataclass
class Content:
    """What was read from a playbook's folder, not yet checked across entries.

    `settings` is None when `playbook.yml` could not be used; `unusable` holds the ids of what was refused
    (and the names of whole lists), so that a reference to it is not called a reference to nothing.
    """

    root: Path
    shown_root: str
    settings: Settings | None = None
    entries: list[Entry] = field(default_factory=list)
    terms: list[Term] = field(default_factory=list)
    sources: list[Source] = field(default_factory=list)
    foundations: list[Foundation] = field(default_factory=list)
    editions: list[FrozenEdition] = field(default_factory=list)
    unusable: set[str] = field(default_factory=set)

    def path_of(self, value: Model) -> str:
        """Return the file that a value was read from, below the playbook's folder."""
        if isinstance(value, Entry):
            return f"{FOLDERS[value.kind]}/{value.id}.yml"
        if isinstance(value, FrozenEdition):
            return f"{EDITIONS_FOLDER}/{value.name}.yml"
        return next((name for name, model in LISTS.items() if isinstance(value, model)), SETTINGS_FILE)

    def locate(self, value: Model, loc: Loc = (), at_key: bool = False) -> Location:
        """Return where `loc` of an entry (or of a term, source or foundation) stands in its file.

        The file is read again: positions are needed only where there is a problem, and keeping every
        node would double the memory of a large playbook.
        """
        name = self.path_of(value)
        shown = f"{self.shown_root}/{name}"
        if name in LISTS:
            listed: list[Model] = [*self.terms, *self.sources, *self.foundations]
            alike = [other for other in listed if type(other) is type(value)]
            # Elements that were refused are not in our lists, so the place is found by id, not by number.
            same = [other for other in alike if other.id == value.id]  # type: ignore[attr-defined]
            occurrence = next(i for i, other in enumerate(same) if other is value)
        try:
            if len(loc) == 1 and isinstance(value, Entry) and not at_key:
                text = yaml_source.decode(yaml_source.read_bytes(self.root / name, shown), shown)[0]
                if location := yaml_source.find_plain_value(text, str(loc[0]), shown):
                    return location
            root = _composed(self.root / name, shown)
        except yaml_source.SourceError:
            return Location(shown)
        if name in LISTS:
            found = [
                child
                for child in root.value
                if yaml_source.find_node(child, ("id",)).value == value.id  # type: ignore[attr-defined]
            ]
            root = found[occurrence] if occurrence < len(found) else root
        return yaml_source.location_of(yaml_source.find_node(root, loc, at_key), shown)


@dataclass(frozen=True)
class _File:
    """A YAML file to read: where it is, and how problems name it."""

    path: Path
    shown: str

    def locate(self, loc: Loc, at_key: bool = False) -> Location:
        """Return where `loc` stands; the file is composed again, since only problems ask."""
        return yaml_source.location_of(
            yaml_source.find_node(_composed(self.path, self.shown), loc, at_key), self.shown
        )


@dataclass(frozen=True)
class _Kept:
    """What came of an entry's file when it was last read."""

    version: tuple[int, int, int, int] | None
    entry: Entry | None
    problems: list[Problem]
    unusable: set[str]


Memory = dict[Path, _Kept]


def find_playbook(directory: Path) -> Path:
    """Return the folder that holds `playbook.yml`: `directory` itself or its `playbook`.

    Raises FileNotFoundError when neither does.
    """
    for candidate in (directory / "playbook", directory):
        if (candidate / SETTINGS_FILE).exists():
            return candidate
    raise FileNotFoundError(directory)


def load_content(
    root: Path,
    shown_root: str | None = None,
    memory: Memory | None = None,
    reading: Reading | None = None,
) -> tuple[Content, list[Problem]]:
    """Read every file below `root` (the folder of `playbook.yml`).

    Returns the content that could be used, and all problems of all files. `shown_root` is how
    problems name the folder; its own path below the working directory otherwise. With a `memory`, the
    entries of files that have not changed since are the same objects as before. A `reading` of
    the same folder that is under way already is taken up.
    """
    _composed.cache_clear()
    content = Content(root, shown_root if shown_root is not None else shown(root))
    files = {file.path: (name, file) for name, file in _find_files(content)}
    # Only a memory that outlives this asks later whether a file is still the one that it was.
    versions = {path: None if memory is None else version_of(path) for path in files}
    memory = {} if memory is None else memory
    unread = [path for path in files if _is_new(path, versions, memory)]
    if reading is None or reading.root != root:
        reading = Reading(root, content.shown_root, unread, whole=not memory)
    others: dict[Path, Document] = {}
    # Entries are made while the other cores still read.
    for path, document in _documents_of(unread, reading):
        name, file = files[path]
        if name in ENTRY_TYPES:
            memory[path] = _Kept(versions[path], *_make_entry(ENTRY_TYPES[name], file, document))
        else:
            others[path] = document
    problems: list[Problem] = []
    for path, (name, file) in files.items():
        if path in others:
            _take_document(name, file, others[path], content, problems)
        else:
            kept = memory[path]
            problems.extend(kept.problems)
            content.unusable |= kept.unusable
            content.entries.extend([kept.entry] if kept.entry else [])
    problems.extend(_find_strangers(content))
    return content, problems


def _documents_of(paths: Iterable[Path], reading: Reading) -> Iterator[tuple[Path, Document]]:
    """Yield each of these files with what it held; a reading under way may know others, and miss some."""
    left = dict.fromkeys(paths)
    for path, document in reading.documents():
        if path in left:
            del left[path]
            yield path, document
    for path in left:
        yield path, reading.read(path)


def _take_document(
    name: str, file: _File, document: Document, content: Content, problems: list[Problem]
) -> None:
    """Add what a file held that is no entry to the content."""
    problems.extend(document.problems)
    data = document.data
    if data is None:
        content.unusable.add(name)
    elif name in LISTS:
        _take_list(name, file, data, content, problems)
    elif name == EDITIONS_FOLDER:
        _take_edition(file, data, content, problems)
    else:
        content.settings = _validate(Settings, data, file, (), problems)


def _is_new(path: Path, versions: dict[Path, Any], memory: Memory) -> bool:
    kept = memory.get(path)
    return kept is None or kept.version is None or kept.version != versions[path]


def suggest(word: str, known: Iterable[str]) -> str | None:
    """Return the known word nearest to `word`, or None when none is near."""
    by_fold = {name.casefold(): name for name in known}
    near = difflib.get_close_matches(word.casefold(), by_fold, n=1, cutoff=0.6)
    return by_fold[near[0]] if near else None


@cache
def _composed(path: Path, shown: str) -> Node:
    return yaml_source.compose(yaml_source.decode(yaml_source.read_bytes(path, shown), shown)[0], shown)


def _find_files(content: Content) -> Iterator[tuple[str, _File]]:
    """Yield each file to read with the name of what it holds: a kind, the editions, or the file's own."""
    for name in (SETTINGS_FILE, *LISTS):
        path = content.root / name
        if name == SETTINGS_FILE or os.path.lexists(path):
            yield name, _File(path, f"{content.shown_root}/{name}")
    for kind, folder_name in (*FOLDERS.items(), (EDITIONS_FOLDER, EDITIONS_FOLDER)):
        folder = content.root / folder_name
        for path in yaml_files(folder):
            yield kind, _File(path, f"{content.shown_root}/{folder_name}/{path.name}")


def _make_entry(
    model: type[Entry], file: _File, document: Document
) -> tuple[Entry | None, list[Problem], set[str]]:
    """Return the entry of a file, its problems, and the ids that cannot be used when there is none."""
    problems = [*document.problems]
    unusable: set[str] = set()
    entry = _validate_json(model, document)
    identity: Any = entry.id if entry else None
    if entry is None and document.json is not None:
        data = document.data
        entry = _validate(model, data, file, (), problems)
        identity = data.get("id") if isinstance(data, dict) else None
    if isinstance(identity, str) and identity != file.path.stem:
        values = {"id": identity, "file": file.path.name}
        problems.append(Problem(file.locate(("id",)), "id-file-name", values))
        unusable.add(identity)
        entry = None
    if entry is None:
        unusable.add(file.path.stem)
    return entry, problems, unusable


def _take_list(name: str, file: _File, data: Any, content: Content, problems: list[Problem]) -> None:
    """Add the elements of a file that is a list to the content."""
    targets: dict[str, list[Any]] = {
        "glossary.yml": content.terms,
        SOURCES_FILE: content.sources,
        "foundations.yml": content.foundations,
    }
    if not isinstance(data, list):
        problems.append(Problem(file.locate(()), "file-not-list", {"found": _shape(data)}))
        content.unusable.add(name)
        return
    for place, item in enumerate(data):
        value = _validate(LISTS[name], item, file, (place,), problems)
        if value is not None:
            targets[name].append(value)
        elif isinstance(item, dict) and isinstance(item.get("id"), str):
            content.unusable.add(item["id"])


def _take_edition(file: _File, data: Any, content: Content, problems: list[Problem]) -> None:
    """Add a frozen edition to the content; its name is its file's."""
    edition = _validate(FrozenEdition, data, file, (), problems)
    if edition is None:
        return
    if edition.name == file.path.stem:
        content.editions.append(edition)
    else:
        values = {"id": edition.name, "file": file.path.name}
        problems.append(Problem(file.locate(("name",)), "id-file-name", values))


def _validate(model: type[Model], data: Any, file: _File, place: Loc, problems: list[Problem]) -> Any:
    """Return the model made of `data`, which stands at `place` in its file; None, with its problems added."""
    if not isinstance(data, dict):
        rule = "element-not-map" if place else "file-not-map"
        problems.append(Problem(file.locate(place), rule, {"found": _shape(data)}))
        return None
    try:
        return model.model_validate(data)
    except ValidationError as error:
        details = error.errors(include_url=False, include_input=True)
        # pydantic counts only the good elements of a list, and calls a list short because one is bad.
        real = (detail for detail in details if not _is_echo(detail))
        problems.extend(_explain(detail, model, file, place) for detail in real)
        return None


def _validate_json(model: type[Entry], document: Document) -> Entry | None:
    """Return the entry that a document holds, or None where it takes its data to say what is wrong.

    Most documents are right, and to make their data first takes as long as to make their entries.
    """
    try:
        return model.model_validate_json(document.json) if document.json is not None else None
    except ValidationError:
        return None


def _shape(data: Any) -> str:
    if isinstance(data, dict):
        return "map"
    return "list" if isinstance(data, list) else "text"


def _find_strangers(content: Content) -> Iterator[Problem]:
    """Find what stands in the playbook's folder and would be ignored in silence."""
    known_folders = {*FOLDERS.values(), EDITIONS_FOLDER}
    known_files = {SETTINGS_FILE, *LISTS}
    for path in sorted(content.root.iterdir()):
        shown = f"{content.shown_root}/{path.name}"
        if path.name.startswith("."):
            continue
        if path.name not in known_files | known_folders:
            near = suggest(path.name, known_folders if path.is_dir() else known_files)
            values = {"name": path.name, "suggestion": near}
            yield Problem(Location(shown), "stranger", values, Severity.WARNING)
        elif path.name in known_folders and not path.is_dir():
            yield Problem(Location(shown), "not-a-folder", {"name": path.name})
        elif path.name in FOLDERS.values():
            for inner in names_in(path):
                if not inner.endswith(".yml") and not inner.startswith("."):
                    place = Location(f"{shown}/{inner}")
                    yield Problem(place, "not-yml", {"name": inner}, Severity.WARNING)


# --- a validator's complaint, in our own rules -------------------------------------------------------


def _explain(detail: Any, model: type[BaseModel], file: _File, place: Loc) -> Problem:
    """Return one of pydantic's errors as a Problem: our rule, its values, and the place in the file."""
    kind, loc = detail["type"], tuple(detail["loc"])
    name = str(loc[-1]) if loc else ""
    if kind == "missing":
        return Problem(file.locate((*place, *loc[:-1])), "missing", {"field": name})
    if kind == "extra_forbidden":
        known = _fields_at(model, loc[:-1])
        words = ", ".join(sorted(known))
        values: dict[str, object] = {"field": name, "fields": words, "suggestion": suggest(name, known)}
        return Problem(file.locate((*place, *loc), at_key=True), "unknown-field", values)
    if name == "[key]":
        location = file.locate((*place, *loc[:-1]), at_key=True)
        rule, values = _rule_of(kind, detail)
        return Problem(location, rule, {"field": str(loc[-3] if len(loc) > 2 else loc[-2]), **values})
    field_name = next((str(part) for part in reversed(loc) if isinstance(part, str)), "")
    rule, values = _rule_of(kind, detail)
    return Problem(file.locate((*place, *loc)), rule, {"field": field_name, **values})


def _rule_of(kind: str, detail: Any) -> tuple[str, dict[str, object]]:
    """Return our rule and its values for a pydantic error type."""
    given, context = detail["input"], detail.get("ctx", {})
    if given is None or given in ("", [], {}) or kind == "string_too_short":
        return "empty", {}
    if isinstance(given, list | dict) and kind.startswith(("literal", "date")):
        return "wrong-type-text", {}
    simple: dict[str, Callable[[], tuple[str, dict[str, object]]]] = {
        "literal_error": lambda: ("choice", _choice(str(given), context["expected"])),
        "string_pattern_mismatch": lambda: (_format_of(context["pattern"]), {"value": str(given)}),
        "string_too_long": lambda: ("too-long", {"limit": context["max_length"], "length": len(given)}),
        "date_format": lambda: ("date", {"value": str(given)}),
        "greater_than_equal": lambda: ("too-small", {"limit": context["ge"], "value": str(given)}),
        "less_than_equal": lambda: ("too-large-number", {"limit": context["le"], "value": str(given)}),
        "too_short": lambda: ("too-few", {"limit": context["min_length"], "length": len(given)}),
        "finite_number": lambda: ("wrong-type-number", {"value": str(given)}),
    }
    if kind in simple:
        return simple[kind]()
    wanted = {
        "string_type": "text",
        "tuple_type": "list",
        "dict_type": "map",
        "model_type": "map",
        "model_attributes_type": "map",
        "int_parsing": "integer",
        "int_type": "integer",
        "int_from_float": "integer",
        "int_parsing_size": "integer",
        "float_parsing": "number",
        "float_type": "number",
        "bool_parsing": "flag",
        "bool_type": "flag",
    }.get(kind)
    if wanted:
        value = given if isinstance(given, str) else ""
        return f"wrong-type-{wanted}", {"value": value}
    if kind.startswith("date"):
        return "date", {"value": str(given)}
    return "invalid", {"value": str(given)[:80]}


def _is_echo(detail: Any) -> bool:
    return bool(detail["type"] == "too_short" and len(detail["input"]) >= detail["ctx"]["min_length"])


def _format_of(pattern: str) -> str:
    """Return the rule that says how a text of this pattern is written."""
    return next((f"format-{name}" for name, known in FORMATS.items() if known == pattern), "format")


def _choice(given: str, expected: str) -> dict[str, object]:
    choices = [part.strip(" '") for part in expected.replace(" or ", ", ").split(",")]
    return {"value": given, "choices": ", ".join(choices), "suggestion": suggest(given, choices)}


def _fields_at(model: type[BaseModel], loc: Loc) -> set[str]:
    """Return the names that a model knows at a place inside it."""
    for segment in loc:
        if isinstance(segment, str) and segment in model.model_fields:
            model = next(_models_in(model.model_fields[segment].annotation), model)
    return set(model.model_fields)


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in get_args(annotation):
        yield from _models_in(inner)
