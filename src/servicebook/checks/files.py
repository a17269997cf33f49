"""The files of a project besides its content: what MkDocs gets, and what no system or reader takes."""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Iterator
from pathlib import Path

from servicebook.base.problems import Location, Problem, Severity
from servicebook.content.reading import shown

# What Windows keeps for its devices, with any ending, and the signs that it takes in no name.
_RESERVED = re.compile(r"(?:con|prn|aux|nul|(?:com|lpt)[0-9])(?:\..*)?", re.IGNORECASE)
_ODD = re.compile(r"[<>:\"|?*\x00-\x1f\\]|[. ]$")


def is_reserved(name: str) -> bool:
    """Tell whether Windows takes no file of this name."""
    return _RESERVED.fullmatch(name) is not None


def check_files(project: Path, playbook: Path, docs: Path | None = None) -> list[Problem]:
    """Return what is wrong with the names, links and folders of a project's pages, media and content.

    `docs` is the folder of its pages, where it is not the usual one.
    """
    project = project.resolve()
    rooms = {(docs or project / "docs").resolve(), project / "docs", project / "media"}
    problems: list[Problem] = []
    for room in sorted(room for room in rooms if room.is_dir()):
        problems += _check_folder(room, project, frozenset())
    problems += _check_folder(playbook, None, frozenset())
    return problems


def _check_folder(folder: Path, project: Path | None, above: frozenset[str]) -> Iterator[Problem]:
    """Find what is wrong in a folder and below it; with a `project`, links must not lead out of it."""
    try:
        with os.scandir(folder) as found:
            entries = sorted(found, key=lambda entry: entry.name)
    except OSError as error:
        reason = errno.errorcode.get(error.errno or 0, str(error))
        yield Problem(Location(_printable(folder)), "unreadable-folder", {"reason": reason})
        return
    for entry in entries:
        if entry.name.startswith("."):
            continue
        path = Path(entry.path)
        yield from _check_name(path)
        real = os.path.realpath(path)
        if project and entry.is_symlink() and not Path(real).is_relative_to(project):
            yield Problem(Location(_printable(path)), "link-outside", {"name": _printable_name(entry.name)})
        elif os.path.isdir(real) and real not in above:  # noqa: PTH112 - a link to itself is none
            yield from _check_folder(path, project, above | {real})


def _check_name(path: Path) -> Iterator[Problem]:
    name = path.name
    if name != _printable_name(name):
        yield Problem(Location(_printable(path)), "name-not-utf8", {"name": _printable_name(name)})
    elif is_reserved(name) or _ODD.search(name):
        place = Location(_printable(path))
        yield Problem(place, "name-not-on-windows", {"name": name}, Severity.WARNING)


def _printable(path: Path) -> str:
    return _printable_name(shown(path.parent / "x").removesuffix("x") + path.name)


def _printable_name(name: str) -> str:
    """Return a name with a sign in the place of bytes that are no UTF-8."""
    return os.fsencode(name).decode("utf-8", "replace")
