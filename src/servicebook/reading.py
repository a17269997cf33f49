"""The YAML files of a playbook as plain data, read by all cores.

Reading needs neither the model nor MkDocs, so a build begins it first: the other cores read while this one
still loads those.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from servicebook import yaml_source
from servicebook.cache import DataCache
from servicebook.parallel import Ahead
from servicebook.problems import Problem


@dataclass
class Document:
    """What one file held: plain data (None when it was refused) and the problems of its YAML."""

    data: Any
    problems: list[Problem]
    digest: str = ""


class Reading:
    """The reading of some files, under way from the moment that this is made."""

    def __init__(self, root: Path, shown_root: str, paths: Iterable[Path]) -> None:
        """Begin to read `paths`, below the playbook's folder `root`, which problems name `shown_root`."""
        self.root = root
        self.shown_root = shown_root
        self._paths = list(paths)
        self._cache = DataCache(root)
        self._ahead: Ahead[Document, None, Document] = Ahead(
            len(self._paths), lambda i: self._read(self._paths[i]), lambda i, document, _: document, least=200
        )
        self._ahead.give(None)
        self._documents: dict[Path, Document] | None = None

    def of(self, path: Path) -> Document:
        """Return what a file below the root held, when everything has been read."""
        if self._documents is None:
            self._documents = dict(zip(self._paths, self._ahead.complete(), strict=True))
            for document in self._documents.values():
                self._keep(document)
            self._cache.save()
        if path not in self._documents:
            self._documents[path] = self._read(path)
        return self._documents[path]

    def _read(self, path: Path) -> Document:
        """Read a file; data that the cache has is left to be taken from there."""
        name = f"{self.shown_root}/{path.relative_to(self.root).as_posix()}"
        try:
            content = yaml_source.read_bytes(path, name)
            digest = hashlib.sha256(content).hexdigest()
            if self._cache.knows(digest):
                return Document(None, [], digest)
            text, problems = yaml_source.decode(content, name)
            node = yaml_source.compose(text, name)
        except yaml_source.SourceError as error:
            return Document(None, [error.problem])
        return Document(yaml_source.to_data(node, name, problems), problems, digest)

    def _keep(self, document: Document) -> None:
        """Take from the cache what it has, and give it what is new and whole."""
        if document.data is None and document.digest:
            document.data = self._cache.get(document.digest)
        elif document.digest and not document.problems:
            self._cache.put(document.digest, document.data)


def begin_reading(root: Path) -> Reading:
    """Begin to read every YAML file of a playbook: those in its folder, and those one folder further down."""
    folders = [root, *(Path(entry) for entry in os.scandir(root) if entry.is_dir() and entry.name[0] != ".")]
    return Reading(root, shown(root), (path for folder in folders for path in yaml_files(folder)))


def yaml_files(folder: Path) -> list[Path]:
    """Return the YAML files in a folder, by name; none where there is no such folder."""
    return [folder / name for name in names_in(folder) if name.endswith(".yml")]


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
