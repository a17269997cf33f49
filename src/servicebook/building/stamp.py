"""Whether a site is still the one that its sources make, told without making it again."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

from platformdirs import user_cache_path

from servicebook import __version__
from servicebook.base.files import files_in, version_of
from servicebook.base.resources import PACKAGE, theme_folder


@dataclass(frozen=True)
class Survey:
    """What stands in a site's folder: how many pages, and a digest that tells whether anybody touched it."""

    pages: int
    digest: str


def survey(site_dir: Path) -> Survey:
    """Look at every file of a site."""
    digest = hashlib.sha256()
    pages = 0
    for file in files_in(site_dir):
        pages += file.name.endswith(".html")
        digest.update(f"{file.path}\0{version_of(file)}\0".encode())
    return Survey(pages, digest.hexdigest())


class Stamp:
    """What a site was made from and what came of it, kept in the user's cache folder."""

    def __init__(self, project: Path, site_dir: Path, engine: str) -> None:
        name = hashlib.sha256(str(site_dir.resolve()).encode()).hexdigest()[:16]
        self._path = user_cache_path("servicebook") / name / "stamp"
        self._site_dir = site_dir
        self._sources = _digest_sources(project.resolve(), engine)

    def current(self) -> Survey | None:
        """Return what stands there if the sources would make it today: what is overdue depends on the day."""
        try:
            kept = self._path.read_text(encoding="utf-8")
        except (OSError, ValueError):
            return None
        if not kept.startswith(self._sources):
            return None
        standing = survey(self._site_dir)
        return standing if kept == self._text(standing) else None

    def write(self, made: Survey) -> None:
        """Remember that what stands there was made from the sources as they were when this was made."""
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._path.write_text(self._text(made), encoding="utf-8")
        except OSError:
            pass  # the next build does the work again, and nothing else

    def forget(self) -> None:
        """Make the next build do its work: this one said something that must be said again."""
        self._path.unlink(missing_ok=True)

    def _text(self, site: Survey) -> str:
        return f"{self._sources}\n{site.digest}\n{dt.date.today()}\n"


def _digest_sources(project: Path, engine: str) -> str:
    """Return a digest of every file that a build may read: the project's, the theme's and the engine's.

    mkdocs.yml may name any folder and any module, so the whole project counts, but what is no source in it.
    """
    digest = hashlib.sha256(f"{__version__} {engine}".encode())
    for folder in (project, theme_folder(), PACKAGE):
        for file in files_in(folder, _is_source):
            digest.update(f"{file.path}\0{version_of(file)}\0".encode())
    return digest.hexdigest()


def _is_source(folder: os.DirEntry[str]) -> bool:
    """Tell whether a folder of a project may hold sources: no tool's own, no environment, no built site."""
    if folder.name.startswith((".", "__")) or folder.name == "node_modules":
        return False
    return not any(Path(folder.path, name).exists() for name in ("pyvenv.cfg", "playbook.schema.json"))
