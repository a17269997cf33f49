"""The folder of a site: what a build may take, what it made there, how a new site takes an old one's place.

A list of what the last build made stands in the folder itself, so that it holds where a site was cloned or
moved to. What is on the list may be removed; everything else in the folder is somebody's: `.git`, `CNAME`, a
page put there by hand.
"""

from __future__ import annotations

import contextlib
import glob
import json
import os
import shutil
import stat
from collections.abc import Collection, Iterator
from functools import lru_cache
from pathlib import Path, PurePosixPath

from servicebook.base.files import files_in, path_below, require_inside, write_file
from servicebook.base.problems import ContentError, RuleError
from servicebook.content.project import read_project

INVENTORY = ".servicebook-files.json"
# What hosts and file systems put into a folder before there is a site; what is hidden, besides.
_HARMLESS = frozenset({"CNAME", "lost+found"})
_MOUNTS = Path("/proc/self/mountinfo")


class FolderError(RuleError):
    """Raised when a site cannot take a folder; `rule` names the sentence, under `build.`."""


def write_inventory(folder: Path, staying: Collection[str] = ()) -> None:
    """Write into a new site's folder the list of its files: all that it holds, and what is `staying`."""
    names = [path_below(folder, file) for file in files_in(folder)]
    _write_names(folder, {name for name in names if name != INVENTORY}.union(staying))


def read_inventory(folder: Path) -> frozenset[str] | None:
    """Return what the last build made in a folder, or None where there is no such list."""
    try:
        return _names_in((folder / INVENTORY).read_bytes())
    except (OSError, ValueError, TypeError, AttributeError, RecursionError):
        return None


# A build asks for the same list some six times.
@lru_cache(maxsize=2)
def _names_in(inventory: bytes) -> frozenset[str]:
    names = json.loads(inventory)
    if not isinstance(names, list):
        raise TypeError(names)
    for name in names:
        require_inside(name)
    return frozenset(names)


def is_site(folder: Path) -> bool:
    """Tell whether a folder has the list of what a build made there, without reading it."""
    return (folder / INVENTORY).is_file()


class SiteFolder:
    """The folder that a project's site is built into."""

    def __init__(self, project: Path, site_dir: Path) -> None:
        """`site_dir` is taken from the project's folder when it is not absolute."""
        self._project = project.resolve()
        self.path = (project / site_dir).resolve()
        # A folder that cannot be renamed: a mount, or one in a folder that is not ours to change.
        self.is_fixed = self.path.is_dir() and (
            _is_mount(self.path) or not os.access(self.path.parent, os.W_OK)
        )
        self.workshop = self.path if self.is_fixed else self.path.parent
        self.lock = self.workshop / f".{self.path.name}.lock"

    def require_free(self) -> None:
        """Raise FolderError when a build may not take this folder."""
        if self.path in _too_precious(self._project):
            raise FolderError("precious-folder", folder=self.path)
        if any(room in self.path.parents for room in _rooms(self._project)):
            raise FolderError("folder-of-sources", folder=self.path)
        if not self.path.is_dir():
            if self.path.exists():
                raise FolderError("not-a-site", folder=self.path)
        elif read_inventory(self.path) is None and any(
            not name.startswith(".") and name not in _HARMLESS
            for name in os.listdir(self.path)  # noqa: PTH208
        ):
            raise FolderError("not-a-site", folder=self.path)

    def make_beside(self) -> Path:
        """Return a new folder to make a site in; only the one who holds the lock may ask."""
        self.recover()
        made = self.workshop / f"{self._prefix}{os.getpid()}"
        made.mkdir(parents=True)
        return made

    def recover(self) -> None:
        """Finish what a killed build began: its earlier site comes back, or what is not ours in it does."""
        if self._old.is_dir():
            if self.path.exists():
                self._bring_over(read_inventory(self.path) or frozenset())
            else:
                self._old.replace(self.path)
        if read_inventory(self._coming) is not None:
            self._move_in()
        elif self._coming.is_dir():
            shutil.rmtree(self._coming)  # it was moved in, and the list of its files was the first to go
        for leftover in self.workshop.glob(f"{glob.escape(self._prefix)}*"):
            shutil.rmtree(leftover, ignore_errors=True)

    def put(self, made: Path, staying: Collection[str] = ()) -> None:
        """Put a finished site in the place of this one; what is not ours stays where it is.

        Of files that are `staying`, the new site has those of this one: the others are moved in one by one.
        Raises FolderError, with nothing changed, when something that is not ours has the name of a new file.
        """
        names = read_inventory(made) or frozenset()
        ours = read_inventory(self.path) or frozenset()
        if taken := self._taken(names, ours):
            raise FolderError("in-the-way", folder=self.path, name=taken)
        if self.is_fixed or staying:
            # What may fail for want of room has failed before the first file is moved.
            for folder in _folders_of(names) - _folders_of(ours):
                # What is ours makes room for it.
                with contextlib.suppress(FileExistsError, NotADirectoryError):
                    (self.path / folder).mkdir(parents=True, exist_ok=True)
            made.replace(self._coming)
            self._move_in()
        else:
            self._swap(made, names)

    def _swap(self, made: Path, names: frozenset[str]) -> None:
        """Put `made` in the place of the site; the earlier one is kept until the new one stands."""
        if self.path.exists():
            shutil.copymode(self.path, made)
            self.path.replace(self._old)
        try:
            made.replace(self.path)
        except BaseException:
            if self._old.exists():
                self._old.replace(self.path)
            raise
        if self._old.exists():
            self._bring_over(names)

    def _bring_over(self, names: frozenset[str]) -> None:
        """Move what is not ours from the earlier site to the one that stands; remove the rest."""
        ours = read_inventory(self._old)
        for name in [*self._not_ours(self._old, ours or frozenset(), names)]:
            target = self.path / name
            if not os.path.lexists(target):
                target.parent.mkdir(parents=True, exist_ok=True)
                (self._old / name).rename(target)
        if not _remove(self._old, ours or frozenset()):
            # While something of ours stands there, the list says that it is ours: the next build tries again.
            (self._old / INVENTORY).unlink(missing_ok=True)
            with contextlib.suppress(OSError):
                self._old.rmdir()

    def _move_in(self) -> None:
        """Move the files of a finished site to their places in this one, and remove what the new one lacks.

        Where that is interrupted, it is the new site in part, until the next run moves the rest.
        """
        names = read_inventory(self._coming) or frozenset()
        ours = read_inventory(self.path) or frozenset()
        old = ours - names
        if names != ours:
            # Whenever this ends, the list holds everything that is ours.
            _write_names(self.path, names | ours)
        in_the_way = {name for name in old if name in _folders_of(names)} | {
            name for name in old if names.intersection(map(str, PurePosixPath(name).parents))
        }
        _remove(self.path, in_the_way)
        for file in [*files_in(self._coming)]:
            target = self.path / Path(file.path).relative_to(self._coming)
            if target.name != INVENTORY:
                target.parent.mkdir(parents=True, exist_ok=True)
                Path(file.path).replace(target)
        if names != ours:
            _write_names(self.path, names | _remove(self.path, old))
        shutil.rmtree(self._coming)

    def _taken(self, names: frozenset[str], ours: frozenset[str]) -> str | None:
        """Return the first place that these files, or their folders, are to have and something else has."""
        folders, rooms = _folders_of(names), _folders_of(ours)

        def is_free(name: str) -> bool:
            place = f"{self.path}/{name}"
            if name in ours or not os.path.lexists(place):
                return True
            if not stat.S_ISDIR(os.lstat(place).st_mode):
                return False
            return name in folders or (
                name in rooms and all(path_below(self.path, file) in ours for file in files_in(place))
            )

        return min((name for name in folders | (names - ours) if not is_free(name)), default=None)

    def _not_ours(self, folder: Path, ours: frozenset[str], others: frozenset[str]) -> Iterator[str]:
        """Yield what stands in a folder and is not ours: whole folders where `others` has nothing either."""
        shared = _folders_of(ours) | _folders_of(others)

        def walk(prefix: str) -> Iterator[str]:
            for entry in os.scandir(f"{folder}/{prefix}"):
                name = f"{prefix}{entry.name}"
                if name in ours or self._is_tool(name):
                    continue
                if name in shared and entry.is_dir(follow_symlinks=False):
                    yield from walk(f"{name}/")
                else:
                    yield name

        return walk("")

    def _is_tool(self, name: str) -> bool:
        return name in (INVENTORY, self.lock.name, self._coming.name) or name.startswith(self._prefix)

    @property
    def _prefix(self) -> str:
        return f".{self.path.name}.making-"

    @property
    def _coming(self) -> Path:
        return self.workshop / f".{self.path.name}.coming"

    @property
    def _old(self) -> Path:
        return self.path.with_name(f".{self.path.name}.old")


def _too_precious(project: Path) -> Collection[Path]:
    """Return the folders that no site may take, whatever they hold: a project's, those above it, a home."""
    home = Path.home().resolve()
    return {project, *project.parents, home, *home.parents}


def _rooms(project: Path) -> Iterator[Path]:
    """Yield the folders of a project's sources, in which no site may stand."""
    with contextlib.suppress(OSError, ContentError):
        known = read_project(project)
        yield from (folder for folder in known.folders if folder != project)
        if (playbook := known.playbook.resolve()) != project:
            yield playbook
    yield from (project / name for name in ("docs", "overrides", ".git"))


def _is_mount(folder: Path) -> bool:
    """Tell whether a folder is where something is mounted; also a folder on a folder."""
    if os.path.ismount(folder):
        return True
    try:
        places = [line.split()[4] for line in _MOUNTS.read_text(encoding="utf-8").splitlines()]
    except (OSError, ValueError, IndexError):
        return False
    # The list writes a space, and its like, as `\040`.
    return str(folder) in (place.encode("latin-1", "replace").decode("unicode_escape") for place in places)


def _folders_of(names: Collection[str]) -> set[str]:
    """Return every folder that these files stand in."""
    folders: set[str] = set()
    for name in names:
        # Of thousands of files, most stand beside another.
        while (name := name.rpartition("/")[0]) and name not in folders:
            folders.add(name)
    return folders


def _remove(folder: Path, names: Collection[str]) -> frozenset[str]:
    """Remove these files of a folder, then folders left empty, and nothing through a link.

    Returns those that could not be removed; what became a folder since is no file of ours.
    """
    for name in names:
        require_inside(name)
    # Of thousands of names, each a `Path` would take longer than all the rest.
    start = os.path.join(folder, "")  # noqa: PTH118
    folders = sorted(_folders_of(names), key=len)
    linked: set[str] = set()
    for name in folders:
        if name.rpartition("/")[0] in linked or os.path.islink(start + name):  # noqa: PTH114
            linked.add(name)
    left = set()
    for name in names:
        if name.rpartition("/")[0] not in linked:
            try:
                os.unlink(start + name)  # noqa: PTH108
            except FileNotFoundError:
                pass
            except OSError:
                if not (folder / name).is_dir():
                    left.add(name)
    for name in reversed(folders):
        if name not in linked:
            with contextlib.suppress(OSError):
                os.rmdir(start + name)  # noqa: PTH106
    return frozenset(left)


def _write_names(folder: Path, names: Collection[str]) -> None:
    write_file(folder / INVENTORY, json.dumps(sorted(names), indent=0) + "\n")
