"""The YAML files of a playbook to typed content, collecting every problem on the way."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel, TypeAdapter, ValidationError
from yaml.nodes import MappingNode, Node, SequenceNode

from servicebook import yaml_source
from servicebook.fields import Loc
from servicebook.model import ENTRY_TYPES, FOLDERS, Entry, Foundation, Model, Settings, Source, Term
from servicebook.problems import Location, Problem, Severity

SETTINGS_FILE = "playbook.yml"
EDITIONS_FOLDER = "editions"
LISTS: dict[str, type[Model]] = {"glossary.yml": Term, "sources.yml": Source, "foundations.yml": Foundation}


@dataclass
class Content:
    """What was read from a playbook's folder, not yet checked across entries.

    `settings` is None when `playbook.yml` could not be used; `unusable` holds the ids of files that
    were refused, so that a reference to one of them is not called a reference to nothing.
    """

    root: Path
    shown_root: str
    settings: Settings | None = None
    entries: list[Entry] = field(default_factory=list)
    terms: list[Term] = field(default_factory=list)
    sources: list[Source] = field(default_factory=list)
    foundations: list[Foundation] = field(default_factory=list)
    unusable: set[str] = field(default_factory=set)

    def path_of(self, value: Model) -> str:
        """Return the file that a value was read from, below the playbook's folder."""
        if isinstance(value, Entry):
            return f"{FOLDERS[value.kind]}/{value.id}.yml"
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


@dataclass
class _File:
    """A YAML file to read: where it is, how problems name it, and what it should hold."""

    path: Path
    shown: str


def find_playbook(directory: Path) -> Path:
    """Return the folder that holds `playbook.yml`: `directory` itself or its `playbook`.

    Raises FileNotFoundError when neither does.
    """
    for candidate in (directory / "playbook", directory):
        if (candidate / SETTINGS_FILE).exists():
            return candidate
    raise FileNotFoundError(directory)


def load_content(root: Path, shown_root: str | None = None) -> tuple[Content, list[Problem]]:
    """Read every file below `root` (the folder of `playbook.yml`).

    Returns the content that could be used, and all problems of all files. `shown_root` is how
    problems name the folder; its own path below the working directory otherwise.
    """
    _composed.cache_clear()
    content = Content(root, shown_root if shown_root is not None else _shown(root))
    problems: list[Problem] = []
    _load_settings(content, problems)
    _load_lists(content, problems)
    for kind, model in ENTRY_TYPES.items():
        _load_kind(kind, model, content, problems)
    problems.extend(_find_strangers(content))
    return content, problems


def validate(
    model: type[BaseModel] | TypeAdapter[Any], data: Any, root: Node, shown: str
) -> tuple[Any, list[Problem]]:
    """Return the model made of `data`, or None and a problem with a position for each fault."""
    try:
        if isinstance(model, TypeAdapter):
            return model.validate_python(data), []
        return model.model_validate(data), []
    except ValidationError as error:
        schema = model if isinstance(model, type) else None
        details = error.errors(include_url=False, include_input=True)
        return None, [_explain(detail, schema, root, shown) for detail in details]


def suggest(word: str, known: Iterable[str]) -> str | None:
    """Return the known word nearest to `word`, or None when none is near."""
    by_fold = {name.casefold(): name for name in known}
    near = difflib.get_close_matches(word.casefold(), by_fold, n=1, cutoff=0.6)
    return by_fold[near[0]] if near else None


@cache
def _composed(path: Path, shown: str) -> Node:
    return yaml_source.compose(yaml_source.read_text(path, shown)[0], shown)


def _shown(path: Path) -> str:
    try:
        return path.resolve().relative_to(Path.cwd()).as_posix()
    except ValueError:
        return path.as_posix()


def _read(path: Path, shown: str, problems: list[Problem]) -> tuple[Node, Any] | None:
    """Return the file's root node and data; None, with the problem added, when it cannot be read."""
    try:
        text, warnings = yaml_source.read_text(path, shown)
        node = yaml_source.compose(text, shown)
    except yaml_source.SourceError as error:
        problems.append(error.problem)
        return None
    problems.extend(warnings)
    return node, yaml_source.to_data(node, shown, problems)


def _load_settings(content: Content, problems: list[Problem]) -> None:
    shown = f"{content.shown_root}/{SETTINGS_FILE}"
    if read := _read(content.root / SETTINGS_FILE, shown, problems):
        content.settings, found = _validate_map(Settings, read, shown)
        problems.extend(found)


def _load_lists(content: Content, problems: list[Problem]) -> None:
    targets: dict[str, list[Any]] = {
        "glossary.yml": content.terms,
        "sources.yml": content.sources,
        "foundations.yml": content.foundations,
    }
    for name, model in LISTS.items():
        path, shown = content.root / name, f"{content.shown_root}/{name}"
        if not path.exists():
            continue
        if not (read := _read(path, shown, problems)):
            continue
        node, data = read
        if not isinstance(node, SequenceNode):
            problems.append(_wrong_shape(node, shown, "list"))
            continue
        for child, item in zip(node.value, data, strict=True):
            value, found = _validate_map(model, (child, item), shown)
            problems.extend(found)
            if value is not None:
                targets[name].append(value)
            elif isinstance(item, dict) and isinstance(item.get("id"), str):
                content.unusable.add(item["id"])


def _load_kind(kind: str, model: type[Entry], content: Content, problems: list[Problem]) -> None:
    folder = content.root / FOLDERS[kind]
    for path in _yaml_files(folder):
        shown = f"{content.shown_root}/{FOLDERS[kind]}/{path.name}"
        entry = None
        if read := _read(path, shown, problems):
            entry, found = _validate_map(model, read, shown)
            problems.extend(found)
            identity = read[1].get("id") if isinstance(read[1], dict) else None
            if isinstance(identity, str) and identity != path.stem:
                location = yaml_source.location_of(yaml_source.find_node(read[0], ("id",)), shown)
                values = {"id": identity, "file": path.name}
                problems.append(Problem(location, "id-file-name", values))
                content.unusable.add(identity)
                entry = None
        if entry is None:
            content.unusable.add(path.stem)
        else:
            content.entries.append(entry)


def _validate_map(model: type[Model], read: tuple[Node, Any], shown: str) -> tuple[Any, list[Problem]]:
    node, data = read
    if not isinstance(node, MappingNode):
        return None, [_wrong_shape(node, shown, "map")]
    return validate(model, data, node, shown)


def _wrong_shape(node: Node, shown: str, expected: str) -> Problem:
    return Problem(yaml_source.location_of(node, shown), f"file-not-{expected}", {"found": _shape(node)})


def _shape(node: Node) -> str:
    if isinstance(node, MappingNode):
        return "map"
    return "list" if isinstance(node, SequenceNode) else "text"


def _yaml_files(folder: Path) -> Iterator[Path]:
    """Yield the `.yml` paths of a folder by name; what is not a file is refused when it is read."""
    try:
        names = sorted(path for path in folder.iterdir() if path.suffix == ".yml")
    except (FileNotFoundError, NotADirectoryError):
        return
    yield from names


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
            yield Problem(
                Location(shown), "stranger", {"name": path.name, "suggestion": near}, Severity.WARNING
            )
        elif path.name in known_folders and not path.is_dir():
            yield Problem(Location(shown), "not-a-folder", {"name": path.name})
        elif path.name in FOLDERS.values():
            for inner in sorted(path.iterdir()):
                if inner.suffix != ".yml" and not inner.name.startswith("."):
                    place = Location(f"{shown}/{inner.name}")
                    yield Problem(place, "not-yml", {"name": inner.name}, Severity.WARNING)


# --- a validator's complaint, in our own rules -------------------------------------------------------


def _explain(detail: Any, model: type[BaseModel] | None, root: Node, shown: str) -> Problem:
    """Return one of pydantic's errors as a Problem: our rule, its values, and the place in the file."""
    kind, loc = detail["type"], tuple(detail["loc"])
    name = str(loc[-1]) if loc else ""
    if kind == "missing":
        location = yaml_source.location_of(yaml_source.find_node(root, loc[:-1]), shown)
        return Problem(location, "missing", {"field": name})
    if kind == "extra_forbidden":
        known = _fields_at(model, loc[:-1])
        location = yaml_source.location_of(yaml_source.find_node(root, loc, at_key=True), shown)
        return Problem(location, "unknown-field", {"field": name, "suggestion": suggest(name, known)})
    if loc and loc[-1] == "[key]":
        location = yaml_source.location_of(yaml_source.find_node(root, loc[:-1], at_key=True), shown)
        return Problem(location, "format", {"field": str(loc[-2]), "value": str(detail["input"])})
    field_name = next((str(part) for part in reversed(loc) if isinstance(part, str)), "")
    location = yaml_source.location_of(yaml_source.find_node(root, loc), shown)
    rule, values = _rule_of(kind, detail)
    return Problem(location, rule, {"field": field_name, **values})


def _rule_of(kind: str, detail: Any) -> tuple[str, dict[str, object]]:
    """Return our rule and its values for a pydantic error type."""
    given, context = detail["input"], detail.get("ctx", {})
    if given is None or given in ("", [], {}) or kind == "string_too_short":
        return "empty", {}
    simple: dict[str, Callable[[], tuple[str, dict[str, object]]]] = {
        "literal_error": lambda: ("choice", _choice(str(given), context["expected"])),
        "string_pattern_mismatch": lambda: ("format", {"value": str(given)}),
        "string_too_long": lambda: ("too-long", {"limit": context["max_length"], "length": len(given)}),
        "date_format": lambda: ("date", {"value": str(given)}),
        "greater_than_equal": lambda: ("too-small", {"limit": context["ge"], "value": str(given)}),
        "less_than_equal": lambda: ("too-large-number", {"limit": context["le"], "value": str(given)}),
        "too_short": lambda: (
            "too-few",
            {"limit": context["min_length"], "length": context["actual_length"]},
        ),
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
    return "invalid", {"value": str(given)[:80], "reason": detail["msg"]}


def _choice(given: str, expected: str) -> dict[str, object]:
    choices = [part.strip(" '") for part in expected.replace(" or ", ", ").split(",")]
    return {"value": given, "choices": ", ".join(choices), "suggestion": suggest(given, choices)}


def _fields_at(model: type[BaseModel] | None, loc: Loc) -> set[str]:
    """Return the names that a model knows at a place inside it."""
    for segment in loc:
        if model is None:
            return set()
        if isinstance(segment, str) and segment in model.model_fields:
            model = next(iter(_models_in(model.model_fields[segment].annotation)), None)
    return set(model.model_fields) if model else set()


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in get_args(annotation):
        yield from _models_in(inner)
