"""The YAML files of a playbook to typed content, collecting every problem on the way."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from servicebook.base.files import version_of
from servicebook.base.problems import Location, Problem, Severity
from servicebook.content.complaints import SourceFile, composed, shape_word, suggest, validate, validate_json
from servicebook.content.content import EDITIONS_FOLDER, LISTS, SETTINGS_FILE, SOURCES_FILE, Content
from servicebook.content.model.entries import ENTRY_TYPES, FOLDERS, Entry
from servicebook.content.model.settings import FrozenEdition, Settings
from servicebook.content.reading import Document, Reading, names_in, shown, yaml_files


@dataclass(frozen=True)
class _Kept:
    """What came of an entry's file when it was last read."""

    version: tuple[int, int, int, int] | None
    entry: Entry | None
    problems: list[Problem]
    unusable: set[str]


Memory = dict[Path, _Kept]


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
    composed.cache_clear()
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
    name: str, file: SourceFile, document: Document, content: Content, problems: list[Problem]
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
        content.settings = validate(Settings, data, file, (), problems)


def _is_new(path: Path, versions: dict[Path, Any], memory: Memory) -> bool:
    kept = memory.get(path)
    return kept is None or kept.version is None or kept.version != versions[path]


def _find_files(content: Content) -> Iterator[tuple[str, SourceFile]]:
    """Yield each file to read with the name of what it holds: a kind, the editions, or the file's own."""
    for name in (SETTINGS_FILE, *LISTS):
        path = content.root / name
        if name == SETTINGS_FILE or os.path.lexists(path):
            yield name, SourceFile(path, f"{content.shown_root}/{name}")
    for kind, folder_name in (*FOLDERS.items(), (EDITIONS_FOLDER, EDITIONS_FOLDER)):
        folder = content.root / folder_name
        for path in yaml_files(folder):
            yield kind, SourceFile(path, f"{content.shown_root}/{folder_name}/{path.name}")


def _make_entry(
    model: type[Entry], file: SourceFile, document: Document
) -> tuple[Entry | None, list[Problem], set[str]]:
    """Return the entry of a file, its problems, and the ids that cannot be used when there is none."""
    problems = [*document.problems]
    unusable: set[str] = set()
    entry = validate_json(model, document)
    identity: Any = entry.id if entry else None
    if entry is None and document.json is not None:
        data = document.data
        entry = validate(model, data, file, (), problems)
        identity = data.get("id") if isinstance(data, dict) else None
    if isinstance(identity, str) and identity != file.path.stem:
        values = {"id": identity, "file": file.path.name}
        problems.append(Problem(file.locate(("id",)), "id-file-name", values))
        unusable.add(identity)
        entry = None
    if entry is None:
        unusable.add(file.path.stem)
    return entry, problems, unusable


def _take_list(name: str, file: SourceFile, data: Any, content: Content, problems: list[Problem]) -> None:
    """Add the elements of a file that is a list to the content."""
    targets: dict[str, list[Any]] = {
        "glossary.yml": content.terms,
        SOURCES_FILE: content.sources,
        "foundations.yml": content.foundations,
    }
    if not isinstance(data, list):
        problems.append(Problem(file.locate(()), "file-not-list", {"found": shape_word(data)}))
        content.unusable.add(name)
        return
    for place, item in enumerate(data):
        value = validate(LISTS[name], item, file, (place,), problems)
        if value is not None:
            targets[name].append(value)
        elif isinstance(item, dict) and isinstance(item.get("id"), str):
            content.unusable.add(item["id"])


def _take_edition(file: SourceFile, data: Any, content: Content, problems: list[Problem]) -> None:
    """Add a frozen edition to the content; its name is its file's."""
    edition = validate(FrozenEdition, data, file, (), problems)
    if edition is None:
        return
    if edition.name == file.path.stem:
        content.editions.append(edition)
    else:
        values = {"id": edition.name, "file": file.path.name}
        problems.append(Problem(file.locate(("name",)), "id-file-name", values))


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
