"""Whether a site is still the one that its sources make, told without making it again.

The sources are what the last build read, wherever it lay, and the folders that it listed: a new file in one
of those is a source too.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import json
import os
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from platformdirs import user_cache_path

from servicebook import __version__
from servicebook.base.files import version_of, write_file
from servicebook.base.reads import SYSTEM, Reads
from servicebook.base.resources import PACKAGE, engine_files
from servicebook.building.site_folder import is_site, read_inventory
from servicebook.content.project import read_project

# A file system's clock may tick as seldom as this, in seconds.
_TICK = 0.011


@dataclass(frozen=True)
class Survey:
    """What a build made in a site's folder: how many pages, and a digest that tells if it was touched."""

    pages: int
    digest: str
    versions: Mapping[str, str]


def survey(site_dir: Path, known: Mapping[str, str] | None = None) -> Survey:
    """Look at every file of a site that a build made; what else stands there is no concern of ours.

    Of those that are `known`, no other version counts: where there is one, somebody touched the site.
    """
    names = sorted(read_inventory(site_dir) or ())
    digest, start = hashlib.sha256(), os.path.join(site_dir, "")  # noqa: PTH118
    known = known or {}
    versions = {name: known.get(name) or str(version_of(start + name)) for name in names}
    for name, version in versions.items():
        digest.update(f"{name}\0{version}\0".encode(errors="surrogateescape"))
    return Survey(sum(name.endswith(".html") for name in names), digest.hexdigest(), versions)


class Stamp:
    """What a site was made from and what came of it, kept in the user's cache folder."""

    def __init__(self, project: Path, site_dir: Path, engine: str, *, prints: bool = True) -> None:
        """`site_dir` is the real path of the site's folder; with `prints`, the site has its sheets."""
        name = hashlib.sha256(str(site_dir).encode(errors="surrogateescape")).hexdigest()[:16]
        self.folder = user_cache_path("servicebook") / name
        self._path = self.folder / "stamp"
        self._project = project.resolve()
        self._site_dir = site_dir
        self._engine = f"{__version__} {engine} {prints} {self._project}"
        self._began = 0

    def is_current(self, standing: Survey) -> bool:
        """Tell whether the sources would make what stands there today: what is overdue depends on the day."""
        try:
            kept = json.loads(self._path.read_bytes())
            files, folders = kept["files"], kept["folders"]
        except (OSError, ValueError, TypeError, KeyError):
            return False
        return bool(kept == self._data(files, folders, standing))

    def begin(self, sign: Path) -> None:
        """Remember when a build begins, by the clock of the file system that `sign` is on.

        What is changed after that may have been read before.
        """
        time.sleep(_TICK)
        sign.touch()
        self._began = sign.stat().st_ctime_ns

    def write(self, made: Survey, reads: Reads) -> None:
        """Remember what stands there now, and what it was made from, where that is sure."""
        left_out = (self._site_dir, user_cache_path("servicebook"), PACKAGE, *SYSTEM)
        making = os.path.join(self._site_dir.parent, f".{self._site_dir.name}.")  # noqa: PTH118
        # What was made is most of it, and is found out before anybody asks where its links lead.
        found = Reads(
            *({one for one in paths if not one.startswith(making)} for paths in (reads.files, reads.folders))
        ).below(left_out)
        files = sorted(path for path in found.files if not path.endswith(".pyc"))
        folders = sorted(found.folders)
        if self._changed_meanwhile(files, folders) or read_project(self._project).asks_environment:
            self.forget()
            return
        with contextlib.suppress(OSError):  # the next build does the work again, and nothing else
            write_file(self._path, json.dumps(self._data(files, folders, made)))

    def forget(self) -> None:
        """Make the next build do its work: this one said something that must be said again."""
        with contextlib.suppress(OSError):  # one that cannot be removed is of another site than this
            self._path.unlink()

    def _changed_meanwhile(self, files: Iterable[str], folders: Iterable[str]) -> bool:
        # The folder that the site stands in changes as the site is put there.
        watched = [*files, *(path for path in folders if Path(path) != self._site_dir.parent)]
        versions = map(version_of, watched)
        return any(version is not None and version[1] >= self._began for version in versions)

    def _data(self, files: Iterable[str], folders: Iterable[str], site: Survey) -> dict[str, Any]:
        return {
            "engine": self._engine,
            "day": str(dt.date.today()),
            "site": site.digest,
            "files": files,
            "folders": folders,
            "sources": self._digest(files, folders),
        }

    def _digest(self, files: Iterable[str], folders: Iterable[str]) -> str:
        """Return a digest of the sources as they are now: of what was read, and of what stands beside it."""
        digest = hashlib.sha256()
        for path in files:
            digest.update(f"{path}\0{version_of(path)}\0".encode(errors="surrogateescape"))
        for folder in folders:
            digest.update(f"{folder}\0".encode(errors="surrogateescape"))
            for entry in _listed(folder):
                # Of a folder in it the name is enough: where its files counted, it was listed itself.
                version = None if entry.is_dir() else version_of(entry)
                digest.update(f"{entry.name}\0{version}\0".encode(errors="surrogateescape"))
        for file in engine_files():
            digest.update(f"{file.path}\0{version_of(file)}\0".encode(errors="surrogateescape"))
        return digest.hexdigest()


def _listed(folder: str) -> list[os.DirEntry[str]]:
    """Return what stands in a folder, but for what is hidden and for sites, which are no sources."""
    try:
        with os.scandir(folder) as found:
            entries = [entry for entry in found if not entry.name.startswith((".", "__pycache__"))]
    except OSError:
        return []
    sources = (entry for entry in entries if not (entry.is_dir() and is_site(Path(entry.path))))
    return sorted(sources, key=lambda entry: entry.name)
