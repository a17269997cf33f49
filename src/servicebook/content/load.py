"""The YAML files of a playbook to typed content, collecting every problem on the way."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from servicebook.base import yaml_source
from servicebook.base.files import version_of
from servicebook.base.problems import ContentError, Location, Problem, Severity
from servicebook.content.complaints import SourceFile, composed, shape_word, suggest, validate, validate_json
from servicebook.content.content import (
    EDITIONS_FOLDER,
    LISTS,
    MEDIA_FOLDER,
    QUERIES_FILE,
    SOURCES_FILE,
    Content,
)
from servicebook.content.declarations import KEYS, declares_nothing, find_faults, keys_in
from servicebook.content.kinds import USUAL, Kinds, declared_in, kinds_of
from servicebook.content.languages import LOCALE_FOLDER, language_at, languages_at, messages_at
from servicebook.content.model.entries import Entry
from servicebook.content.model.settings import FrozenEdition, Settings
from servicebook.content.project import read_project
from servicebook.content.reading import (
    SETTINGS_FILE,
    Document,
    Reading,
    is_entry_file,
    shown,
    yaml_files,
)

# Where a file says how an entry stands, whatever else is wrong with its YAML.
_STATUS = re.compile(rb"""^status:[ \t]*["']?([^"'\s#]*)["']?[ \t]*(?:#.*)?\r?$""", re.MULTILINE)


@dataclass(frozen=True)
class _Kept:
    """What came of an entry's file when it was last read."""

    version: tuple[int, int, int, int] | None
    model: type[Entry]
    entry: Entry | None
    problems: list[Problem]
    unusable: set[str]
    is_draft: bool


Memory = dict[Path, _Kept]


def kinds_at(directory: Path) -> Kinds:
    """Return the kinds of the playbook in `directory` or in its `playbook`; the built-in ones without one.

    Raises ContentError where nobody can tell what its settings declare.
    """
    try:
        root = read_project(directory).playbook
    except FileNotFoundError:
        return USUAL
    content, problems = Content(root, shown(root)), list[Problem]()
    if not _take_settings(content, problems):
        raise ContentError(problems)
    return content.kinds


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
    problems: list[Problem] = []
    # What entries may hold stands in the settings, so these are read first.
    can_read_entries = _take_settings(content, problems)
    files = {file.path: (name, file) for name, file in _find_files(content)}
    if not can_read_entries:
        # An entry may stand in the folder of a kind that nobody can tell.
        content.unusable |= {path.stem for path in root.glob("*/*.yml")}
    # Only a memory that outlives this asks later whether a file is still the one that it was.
    versions = {path: None if memory is None else version_of(path) for path in files}
    memory = {} if memory is None else memory
    models = {
        path: content.kinds.get(name) if can_read_entries else None for path, (name, _) in files.items()
    }
    unread = [path for path in files if _is_new(memory.get(path), versions[path], models[path])]
    if reading is None or reading.root != root:
        reading = Reading(root, content.shown_root, unread, whole=not memory)
    others: dict[Path, Document] = {}
    # Entries are made while the other cores still read.
    for path, document in _documents_of(unread, reading):
        model, file = models[path], files[path][1]
        if model is None:
            others[path] = document
        else:
            memory[path] = _Kept(versions[path], model, *_make_entry(model, file, document))
    for path, (name, file) in files.items():
        if path in others:
            _take_document(name, file, others[path], content, problems)
        else:
            kept = memory[path]
            problems.extend(kept.problems)
            if kept.is_draft:
                content.drafts.add(file.shown)
                content.unfinished |= kept.unusable
            else:
                content.unusable |= kept.unusable
            content.entries.extend([kept.entry] if kept.entry else [])
    content.unfinished -= {entry.id for entry in content.entries}
    if can_read_entries:
        problems.extend(_find_strangers(content))
    return content, problems


def _take_settings(content: Content, problems: list[Problem]) -> bool:
    """Add `playbook.yml` and the kinds that it declares to the content; tell whether entries can be read.

    They can where what it declares is known, whatever else is wrong with it: else every field of the
    playbook's own would be called unknown.
    """
    path = content.root / SETTINGS_FILE
    file = SourceFile(path, f"{content.shown_root}/{SETTINGS_FILE}")
    document = Reading(content.root, content.shown_root, (), whole=False).read(path)
    problems.extend(document.problems)
    data = document.data
    if data is None:
        content.unusable.add(SETTINGS_FILE)
        return declares_nothing(keys_in(path))
    content.settings = validate(Settings, data, file, (), problems)
    if content.settings and (fault := _language_fault(content.root, content.settings.language)):
        problems.append(Problem(file.locate(("language",)), *fault))
        content.settings = None
    declared = content.settings or declared_in(data)
    if declared is None:
        return isinstance(data, dict) and declares_nothing(data.keys())
    say = messages_at(content.root, content.settings.language) if content.settings else None
    faults = list(find_faults(declared, say))
    problems.extend(Problem(file.locate(one.loc, one.at_key), one.rule, one.values) for one in faults)
    if faults:
        content.settings = None
        return False
    content.kinds = kinds_of(declared)
    # Under a name that nobody knows may stand what should have been declared.
    return {*data} <= KEYS


def _language_fault(root: Path, language: str) -> tuple[str, dict[str, Any]] | None:
    """Return the rule that a playbook's language breaks; None for one that the engine or the playbook has."""
    known = languages_at(root)
    if language in known:
        return None
    values = {"field": "language", "value": language, "choices": ", ".join(known)}
    if near := language_at(root, language) or suggest(language, known):
        return "choice", {**values, "suggestion": near}
    return "no-language", {"name": language, "known": ", ".join(known)}


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
    if name in content.kinds:  # what is wrong with its YAML is all that can be told
        content.drafts |= {file.shown} if _says_draft(file) else set()
        return
    data = document.data
    if data is None:
        content.unusable.add(name)
    elif name in LISTS:
        _take_list(name, file, data, content, problems)
    else:
        _take_edition(file, data, content, problems)


def _is_new(kept: _Kept | None, version: Any, model: type[Entry] | None) -> bool:
    return kept is None or kept.version is None or kept.version != version or kept.model is not model


def _find_files(content: Content) -> Iterator[tuple[str, SourceFile]]:
    """Yield each file to read with the name of what it holds: a kind, the editions, or the file's own."""
    for name in LISTS:
        path = content.root / name
        if os.path.lexists(path):
            yield name, SourceFile(path, f"{content.shown_root}/{name}")
    folders = {kind: model.folder for kind, model in content.kinds.items()}
    for kind, folder_name in (*folders.items(), (EDITIONS_FOLDER, EDITIONS_FOLDER)):
        folder = content.root / folder_name
        for path in yaml_files(folder):
            yield kind, SourceFile(path, f"{content.shown_root}/{folder_name}/{path.name}")


def _make_entry(
    model: type[Entry], file: SourceFile, document: Document
) -> tuple[Entry | None, list[Problem], set[str], bool]:
    """Return the entry of a file, its problems, the ids that cannot be used when there is none, and whether
    the file says that it is a draft."""
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
    is_draft = entry.status == "draft" if entry else _says_draft(file)
    return entry, problems, unusable, is_draft


def _says_draft(file: SourceFile) -> bool:
    """Tell whether the text of a file that cannot be used says that it is a draft, and nothing else."""
    try:
        text = yaml_source.read_bytes(file.path, file.shown)
    except yaml_source.SourceError:
        return False  # it is too large, or no file at all
    return {match[1] for match in _STATUS.finditer(text)} == {b"draft"}


def _take_list(name: str, file: SourceFile, data: Any, content: Content, problems: list[Problem]) -> None:
    """Add the elements of a file that is a list to the content."""
    targets: dict[str, list[Any]] = {
        "glossary.yml": content.terms,
        SOURCES_FILE: content.sources,
        "foundations.yml": content.foundations,
        QUERIES_FILE: content.queries,
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
    known_folders = {*content.kinds.by_folder, EDITIONS_FOLDER, MEDIA_FOLDER, LOCALE_FOLDER}
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
        elif path.name == MEDIA_FOLDER:
            continue
        elif path.is_symlink():
            # Manuals of one house may share a kind's entries by a link.
            if path.name not in content.kinds.by_folder:
                yield from _find_link(path, shown)
        elif path.is_dir():
            yield from _find_strangers_in(path, shown, is_kind=path.name in content.kinds.by_folder)


def _find_strangers_in(folder: Path, shown: str, *, is_kind: bool) -> Iterator[Problem]:
    """Find what stands in a folder of content and would be ignored, or read without a reviewer seeing it."""
    # The system says of each name what it is; to ask it of ten thousand paths is not free.
    with os.scandir(folder) as found:
        entries = sorted(found, key=lambda entry: entry.name)
    for entry in entries:
        name = entry.name
        if is_entry_file(name) or not is_kind:
            yield from _find_link(entry, f"{shown}/{name}")
            if not is_kind and entry.is_dir(follow_symlinks=False):  # a language's own catalogue
                yield from _find_strangers_in(Path(entry), f"{shown}/{name}", is_kind=False)
        elif not name.startswith("."):
            rule = "folder-in-kind" if entry.is_dir() else "not-yml"
            values = {"name": name, "folder": folder.name}
            yield Problem(Location(f"{shown}/{name}"), rule, values, Severity.WARNING)


def _find_link(found: Path | os.DirEntry[str], shown: str) -> Iterator[Problem]:
    """Find content that is a link: git holds where it leads, so what a reviewer never saw would be published.

    One that leads to no file or folder is told where it is read.
    """
    if found.is_symlink() and os.path.exists(found):  # noqa: PTH110
        yield Problem(Location(shown), "content-is-link", {"name": found.name})
