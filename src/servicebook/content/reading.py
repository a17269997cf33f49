"""The YAML files of a playbook as plain data, read by all cores.

Reading needs neither the model nor MkDocs, so a build begins it first: the other cores read while this one
still loads those.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from servicebook.base import invisible, yaml_source
from servicebook.base.cache import DataCache
from servicebook.base.files import version_of
from servicebook.base.invisible import explain_space, find_garbled, find_invisible, without_invisible
from servicebook.base.problems import Problem, first_of
from servicebook.base.processes import Ahead

# The file that makes a folder a playbook.
SETTINGS_FILE = "playbook.yml"
# What makes data of a file: another version of it may find a fault in the same bytes.
_MAKERS = tuple(module.__file__ for module in (yaml_source, invisible))
_MAKER = f"{yaml.__version__} {[version_of(str(file)) for file in (*_MAKERS, __file__)]}"


@dataclass
class Document:
    """What one file held: plain data, as JSON (None when it was refused), and the problems of its YAML."""

    json: bytes | None
    problems: list[Problem]

    @property
    def data(self) -> Any:
        """The data; None when the file was refused."""
        return None if self.json is None else json.loads(self.json)


@dataclass
class _Read:
    """A file as the core that read it sends it: as JSON, which is small, unless the cache has it.

    Of what was refused there are problems and no digest.
    """

    digest: str
    json: bytes | None
    problems: list[Problem]


class Reading:
    """The reading of some files, under way from the moment that this is made."""

    def __init__(self, root: Path, shown_root: str, paths: Iterable[Path], *, whole: bool = True) -> None:
        """Begin to read `paths`, below the playbook's folder `root`, which problems name `shown_root`.

        They are the `whole` playbook, or the few files that changed while it is shown: those are read without
        the cache, which would then hold them alone.
        """
        self.root = root
        self._shown_root = shown_root
        self._paths = list(paths)
        self._cache = DataCache(root, _MAKER) if whole else None
        # What tells what a file held from what it held before, once `documents` has read it.
        self.digests: dict[Path, str] = {}
        self._ahead: Ahead[_Read, None, _Read] = Ahead(
            len(self._paths), lambda i: self._read(self._paths[i]), lambda i, read, _: read, least=200
        )

    def documents(self) -> Iterator[tuple[Path, Document]]:
        """Yield each file with what it held, as it is read, in no order; to be asked once."""
        # The other cores keep to themselves what they read until somebody takes it.
        self._ahead.give(None)
        kept: dict[str, bytes] = {}
        for i, read in self._ahead.results():
            document = self._document_of(read)
            if document.json is not None and not document.problems:
                kept[read.digest] = document.json
                self.digests[self._paths[i]] = read.digest
            yield self._paths[i], document
        if self._cache:
            self._cache.replace(kept)

    def read(self, path: Path) -> Document:
        """Return what a file below the root holds that was not there when this was made."""
        return self._document_of(self._read(path))

    def _document_of(self, read: _Read) -> Document:
        return Document(read.json or self._kept(read.digest), read.problems)

    def _kept(self, digest: str) -> bytes | None:
        return self._cache.get(digest) if self._cache else None

    def _read(self, path: Path) -> _Read:
        name = f"{self._shown_root}/{path.relative_to(self.root).as_posix()}"
        try:
            content = yaml_source.read_bytes(path, name)
            digest = hashlib.sha256(content).hexdigest()
            if self._kept(digest):
                return _Read(digest, None, [])
            text, problems = yaml_source.decode(content, name)
            try:
                root = yaml_source.compose(text, name)
            except yaml_source.SourceError as error:
                raise yaml_source.SourceError(explain_space(text, error.problem)) from error
            problems += yaml_source.find_cut(root, text, name)
            problems += find_garbled(text, name)
            data = yaml_source.to_data(root, name, problems)
            if unseen := first_of(find_invisible(root, text, name)):
                problems += unseen
                data = without_invisible(data)
        except yaml_source.SourceError as error:
            return _Read("", None, [error.problem])
        # One line, and whatever a text may hold: JSON escapes what is not ASCII.
        return _Read(digest, json.dumps(data, separators=(",", ":")).encode(), problems)


def begin_reading(root: Path) -> Reading:
    """Begin to read every YAML file of a playbook: those in its folder, and those one folder further down."""
    folders = [root, *(Path(entry) for entry in os.scandir(root) if entry.is_dir() and entry.name[0] != ".")]
    return Reading(root, shown(root), (path for folder in folders for path in yaml_files(folder)))


def yaml_files(folder: Path) -> list[Path]:
    """Return the YAML files in a folder, by name; none where there is no such folder.

    A hidden one is an editor's or a system's own (`.#EXT-01.yml`, `._EXT-01.yml`), and no entry.
    """
    return [folder / name for name in names_in(folder) if is_entry_file(name)]


def is_entry_file(name: str) -> bool:
    """Tell whether a file of this name in a kind's folder holds an entry."""
    return name.endswith(".yml") and not name.startswith(".")


def names_in(folder: Path) -> list[str]:
    """Return the names of what is in a folder, in order; none where there is no such folder."""
    try:
        return sorted(os.listdir(folder))  # noqa: PTH208 - names are enough, and 10,000 paths are not free
    except (FileNotFoundError, NotADirectoryError):
        return []


def shown(path: Path) -> str:
    """Return how problems name a path: below the working directory where it stands there."""
    try:
        return path.resolve().relative_to(Path.cwd()).as_posix()
    except ValueError:
        return path.as_posix()
