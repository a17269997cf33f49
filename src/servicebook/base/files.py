"""Files written whole or not at all, folders walked to their last file, a file's versions told apart."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import re
import shutil
import tempfile
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Self

# The list of what we made in a folder of somebody's.
MADE = ".servicebook-made"
# What a killed process leaves of a file that it was writing begins with this.
UNFINISHED = ".servicebook-"
# A name with slashes: no step is empty, the folder itself or the one above, and none is a drive.
_NAME = re.compile(r"(?!\.{0,2}(?:/|$))[^/\\\0:]+(?:/(?!\.{0,2}(?:/|$))[^/\\\0]+)*")


def write_file(path: Path, content: str | bytes) -> None:
    """Write a file that a person owns: afterwards it holds all of `content`, or what it held before.

    Text is written as UTF-8 with the line ends that it has. Of a link, the file that it leads to is written.
    Raises OSError, which names the file.
    """
    data = content.encode() if isinstance(content, str) else content
    target = Path(os.path.realpath(path))
    beside: Path | None = None
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        if target.exists() and not os.access(target, os.W_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        handle, name = tempfile.mkstemp(prefix=UNFINISHED, suffix=".tmp", dir=target.parent)
        beside = Path(name)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        _take_mode(beside, target)
        beside.replace(target)
        _flush_folder(target.parent)
    except OSError as error:
        # The name that counts is that of the file asked for, and not of the one beside it.
        raise OSError(error.errno, error.strerror, str(path)) from error
    finally:
        if beside is not None:
            beside.unlink(missing_ok=True)


def require_within(path: Path, bound: Path) -> None:
    """Raise OSError for a path that links lead out of `bound`: who proposes a file may propose a link."""
    if not Path(os.path.realpath(path)).is_relative_to(os.path.realpath(bound)):
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), str(path))


def write_together(folder: str, files: Mapping[str, bytes]) -> None:
    """Write files into one folder of a site that is being made: where that fails, all of it is put away.

    There are thousands, and what does more than to open, write and close takes longer than they do.
    """
    try:
        os.mkdir(folder)  # noqa: PTH102
    except FileExistsError:
        pass
    except FileNotFoundError:
        os.makedirs(folder, exist_ok=True)  # noqa: PTH103
    for name, content in files.items():
        path = os.path.join(folder, name)  # noqa: PTH118
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0), 0o666)
        try:
            while content:
                content = content[os.write(file, content) :]
        finally:
            os.close(file)


class Made:
    """What we made in a folder that is not ours: a list there tells it from everybody else's files.

    The list has a digest of each, so that what somebody has written on since is theirs. A file is put on it
    before it is written, since we may be interrupted; at the end of a `with`, each stands there once.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._listed = _listed_in(folder / MADE)

    def find_foreign(self, names: Iterable[str]) -> Path | None:
        """Return the first of some files that stands in the folder and that we did not make, or None."""
        for name in names:
            path = self._folder / name
            if path.is_file() and digest_of(path.read_bytes()) not in self._listed.get(name, ()):
                return path
        return None

    def write(self, name: str, content: bytes) -> None:
        """Write a file as `write_file` does, by its name from the folder on."""
        digest = digest_of(content)
        self._folder.mkdir(parents=True, exist_ok=True)
        with (self._folder / MADE).open("a", encoding="utf-8") as listed:
            listed.write(f"\n{digest} {name}")
        write_file(self._folder / name, content)
        self._listed[name] = {digest}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        lines = sorted(f"{digest} {name}" for name, digests in self._listed.items() for digest in digests)
        if lines:
            write_file(self._folder / MADE, "\n".join(lines))


def _listed_in(path: Path) -> dict[str, set[str]]:
    """Return the digests in a list of what we made, by name; none where there is no list that can be read."""
    found: dict[str, set[str]] = {}
    with contextlib.suppress(OSError, ValueError):
        for line in path.read_text(encoding="utf-8").splitlines():
            digest, _, name = line.partition(" ")
            found.setdefault(name, set()).add(digest)
    return found


def digest_of(content: bytes) -> str:
    """Return what tells the content of a file from any other."""
    return hashlib.sha256(content).hexdigest()


def inside(folder: Path, name: str) -> Path:
    """Return the path of `name`, which is written with slashes, in a folder.

    Raises ValueError for a name that would lead out of the folder, or that no file can have.
    """
    require_inside(name)
    return folder.joinpath(*name.split("/"))


def require_inside(name: str) -> None:
    """Raise ValueError for a name that would lead out of its folder, or that no file can have."""
    if not _NAME.fullmatch(name):
        raise ValueError(f"{name!r} leads out of its folder")


def _take_mode(beside: Path, target: Path) -> None:
    """Give a new file the mode of the one that it replaces, or the one that any new file gets."""
    if target.exists():
        shutil.copymode(target, beside)
    else:
        mask = os.umask(0)
        os.umask(mask)
        beside.chmod(0o666 & ~mask)


def _flush_folder(folder: Path) -> None:
    """Make the new name in a folder survive a loss of power, where the system lets a folder be flushed."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


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


def path_below(folder: Path | str, file: os.DirEntry[str]) -> str:
    """Return the path of a file that `files_in` found from a folder on, written with slashes."""
    return file.path[len(str(folder)) + 1 :].replace(os.sep, "/")


def alike(name: str) -> str:
    """Return what a name is to systems that take capitals for small letters, and forms of Unicode for one.

    What is one name there is one file: of two, the one that is written later is all that is left.
    """
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).lower())


def code_of(error: OSError) -> str:
    """Return the name of an error of the system, such as `EACCES`; its own words where it has none."""
    return errno.errorcode.get(error.errno or 0, str(error))


def version_of(file: str | Path | os.DirEntry[str]) -> tuple[int, int, int, int] | None:
    """Return what tells a file from its other versions without reading it; None when it cannot be asked.

    Nobody can set the time of the last change, which is among it.
    """
    try:
        status = os.stat(file)  # noqa: PTH116 - of thousands of names, each a `Path` would take longer
    except OSError:
        return None
    return status.st_mtime_ns, status.st_ctime_ns, status.st_size, status.st_ino
