"""Folders walked to their last file, and what tells a file from its other versions."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path


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


def version_of(file: Path | os.DirEntry[str]) -> tuple[int, int, int, int] | None:
    """Return what tells a file from its other versions without reading it; None when it cannot be asked.

    Nobody can set the time of the last change, which is among it.
    """
    try:
        status = file.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_ctime_ns, status.st_size, status.st_ino
