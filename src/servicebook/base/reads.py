"""What a piece of work read of the disk, told by Python itself and not by a list of what it ought to read.

A build asks MkDocs, its plugins, hooks and templates for a site, and each may read what it likes: only what
was read is what the site depends on.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.util import source_from_cache
from pathlib import Path
from typing import Any

_WRITING = os.O_WRONLY | os.O_RDWR
# What the system makes up as it is read, and no file of anybody; shared memory is a folder as any other.
SYSTEM = (
    *map(Path, ("/proc", "/sys")),
    *(device for device in Path("/dev").glob("*") if device.name != "shm"),
)


@dataclass
class Reads:
    """The files that were opened to be read, and the folders that were listed."""

    files: set[str] = field(default_factory=set)
    folders: set[str] = field(default_factory=set)

    def below(self, left_out: Iterable[Path]) -> Reads:
        """Return the reads but for those in folders that do not count, with real paths."""
        starts = tuple(os.path.join(os.path.realpath(folder), "") for folder in left_out)  # noqa: PTH118

        folders: dict[str, str] = {}

        def kept(paths: set[str]) -> set[str]:
            # First as they are named: what was made is read back too, and need not be looked at.
            named = (path for path in map(_source_of, paths) if not path.startswith(starts))
            real = {_real(path, folders) for path in named}
            return {path for path in real if not os.path.join(path, "").startswith(starts)}  # noqa: PTH118

        return Reads(kept(self.files), kept(self.folders))


def _real(path: str, folders: dict[str, str]) -> str:
    """Return `os.path.realpath`; the real `folders` are kept, since most files stand beside many others."""
    folder, name = os.path.split(path)
    if folder not in folders:
        folders[folder] = os.path.realpath(folder)
    joined = os.path.join(folders[folder], name)  # noqa: PTH118
    return os.path.realpath(joined) if name in ("", ".", "..") or os.path.islink(joined) else joined  # noqa: PTH114


_watching: list[Reads] = []
_installed: list[Callable[..., None]] = []


@contextmanager
def recorded() -> Iterator[Reads]:
    """Record what this process reads meanwhile, in whatever thread."""
    if not _installed:
        # A hook stays for good, so there is one, and it does nothing where nobody watches.
        _installed.append(_note)
        sys.addaudithook(_note)
    reads = Reads()
    _watching.append(reads)
    try:
        yield reads
    finally:
        _watching.remove(reads)


def _note(event: str, arguments: tuple[Any, ...]) -> None:
    if not _watching:
        return
    if event == "open":
        path, _, flags = arguments
        if isinstance(path, int) or (isinstance(flags, int) and flags & _WRITING):
            return
        for reads in _watching:
            reads.files.add(_absolute(path))
    elif event in ("os.scandir", "os.listdir") and not isinstance(arguments[0], int):
        for reads in _watching:
            reads.folders.add(_absolute(arguments[0] or "."))


def _source_of(path: str) -> str:
    """Return the file of code that a compiled one was made of; any other file itself."""
    if not path.endswith(".pyc"):
        return path
    try:
        return source_from_cache(path)
    except ValueError:
        return path


def _absolute(path: Any) -> str:
    return os.path.join(os.getcwd(), os.fsdecode(path))  # noqa: PTH109, PTH118 - as it stands: links still lead
