"""Whether a site is still the one that its sources make, told without making it again."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path

from platformdirs import user_cache_path

from servicebook import __version__
from servicebook.theme import theme_folder


class Stamp:
    """What a site was made from and what came of it, kept in the user's cache folder."""

    def __init__(self, project: Path, site_dir: Path, engine: str) -> None:
        name = hashlib.sha256(str(site_dir.resolve()).encode()).hexdigest()[:16]
        self._path = user_cache_path("servicebook") / name / "stamp"
        self._site_dir = site_dir
        self._sources = _digest_sources(project.resolve(), engine)

    def is_current(self) -> bool:
        """Tell whether the site is what the sources make today; what is overdue depends on the day."""
        try:
            return self._path.read_text(encoding="utf-8") == self._text()
        except (OSError, ValueError):
            return False

    def write(self) -> None:
        """Remember that the site as it stands was made from the sources as they were when this was made."""
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._path.write_text(self._text(), encoding="utf-8")
        except OSError:
            pass  # the next build does the work again, and nothing else

    def forget(self) -> None:
        """Make the next build do its work: this one said something that must be said again."""
        self._path.unlink(missing_ok=True)

    def _text(self) -> str:
        return f"{self._sources}\n{_digest_site(self._site_dir)}\n{dt.date.today()}\n"


def _digest_sources(project: Path, engine: str) -> str:
    """Return a digest of every file that a build may read: the project's, the theme's and the engine's.

    mkdocs.yml may name any folder and any module, so the whole project counts, but what is no source in it.
    """
    digest = hashlib.sha256(f"{__version__} {engine}".encode())
    for folder in (project, theme_folder(), Path(__file__).parent):
        for file in files_in(folder, _is_source):
            digest.update(f"\0{file.path}\0".encode())
            # Of a pipe or a broken link the name is enough: reading one could wait for ever.
            if file.is_file():
                digest.update(Path(file.path).read_bytes())
    return digest.hexdigest()


def _is_source(folder: os.DirEntry[str]) -> bool:
    """Tell whether a folder of a project may hold sources: no tool's own, no environment, no built site."""
    if folder.name.startswith((".", "__")) or folder.name == "node_modules":
        return False
    return not any(Path(folder.path, name).exists() for name in ("pyvenv.cfg", "playbook.schema.json"))


def _digest_site(site_dir: Path) -> str:
    """Return a digest of the names, sizes and times of a site's files: that nobody touched them is enough."""
    digest = hashlib.sha256()
    for file in files_in(site_dir):
        status = file.stat()
        digest.update(f"{file.path}\0{status.st_size}\0{status.st_mtime_ns}\0".encode())
    return digest.hexdigest()


def files_in(
    folder: Path | str,
    enter: Callable[[os.DirEntry[str]], bool] = lambda folder: True,
    above: frozenset[str] = frozenset(),
) -> Iterator[os.DirEntry[str]]:
    """Yield the files in a folder and, further down, in the folders that `enter` lets in, by name.

    What the list of a folder tells is not asked again: a site has thousands of files, and a `Path`
    for each takes longer than all the rest. A link to a folder `above` is not followed.
    """
    try:
        with os.scandir(folder) as found:
            entries = sorted(found, key=lambda entry: entry.name)
    except (FileNotFoundError, NotADirectoryError):
        return
    for entry in entries:
        if not entry.is_dir():
            yield entry
        elif enter(entry):
            real = os.path.realpath(entry.path) if entry.is_symlink() else entry.path
            if real not in above:
                yield from files_in(entry.path, enter, above | {real})
