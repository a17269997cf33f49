"""The files of a project besides its content: what MkDocs gets, and what no system or reader takes."""

from __future__ import annotations

import errno
import os
import re
import stat
from collections.abc import Iterator
from pathlib import Path

from servicebook.base import yaml_source
from servicebook.base.files import code_of
from servicebook.base.invisible import find_unseen
from servicebook.base.problems import Location, Problem, Severity
from servicebook.content.content import MEDIA_FOLDER
from servicebook.content.project import PAGES
from servicebook.content.reading import shown

# What Windows keeps for its devices, with any ending, and the signs that it takes in no name.
_RESERVED = re.compile(r"(?:con|prn|aux|nul|(?:com|lpt)[0-9])(?:\..*)?", re.IGNORECASE)
# The first and the last line of what git leaves in a file where two people changed the same lines.
_CONFLICT = re.compile(r"^(?:<{7}|>{7}) \S", re.MULTILINE)
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_ODD = re.compile(r"[<>:\"|?*\x00-\x1f\\]|[. ]$")


def is_reserved(name: str) -> bool:
    """Tell whether Windows takes no file of this name."""
    return _RESERVED.fullmatch(name) is not None


def check_files(project: Path, playbook: Path, docs: Path | None = None) -> list[Problem]:
    """Return what is wrong with the names, links and folders of a project's pages, media and content.

    `docs` is the folder of its pages, where it is not the usual one.
    """
    project = project.resolve()
    named = {docs or project / "docs", project / "docs", project / "media"}
    # A room may itself be a link, which is told as such.
    rooms = {room.parent.resolve() / room.name for room in named}
    # What is named there is published too; what lies in it is looked at by those who name it.
    own = playbook.resolve() / MEDIA_FOLDER
    problems: list[Problem] = []
    bound = project if own.is_relative_to(project) else own.parent
    if own.is_symlink() and not own.resolve().is_relative_to(bound):
        problems.append(Problem(Location(_printable(own)), "link-outside", {"name": MEDIA_FOLDER}))
    for room in sorted(rooms):
        if os.path.islink(room):  # noqa: PTH114 - pathlib raises for a name that no disk takes
            problems += _check_entry(room, project, frozenset({project}))
        elif os.path.isdir(room):  # noqa: PTH112 - the same
            problems += _check_folder(room, project, frozenset({Path(os.path.realpath(room))}))
    problems += _check_folder(playbook, None, frozenset({Path(os.path.realpath(playbook))}))
    return problems


def _check_folder(
    folder: Path, project: Path | None, above: frozenset[Path], *, hidden: bool = False
) -> Iterator[Problem]:
    """Find what is wrong in a folder and below it, whose real paths are `above` with its own.

    With a `project`, links must not lead out of it, nor back to where they stand: MkDocs follows them all,
    and the hidden ones too, though it takes nothing of what is hidden.
    """
    try:
        with os.scandir(folder) as found:
            entries = sorted(found, key=lambda entry: entry.name)
    except OSError as error:
        yield Problem(Location(_printable(folder)), "unreadable-folder", {"reason": code_of(error)})
        return
    for entry in entries:
        is_hidden = hidden or entry.name.startswith(".")
        if is_hidden and not project:
            continue
        if not is_hidden:
            yield from _check_name(entry)
        if not project and entry.is_file(follow_symlinks=False):
            continue
        path = Path(entry.path)
        yield from _check_entry(path, project, above, hidden=is_hidden)


def _check_entry(
    path: Path, project: Path | None, above: frozenset[Path], *, hidden: bool = False
) -> Iterator[Problem]:
    """Find what is wrong with a file, a link or a folder, and below it."""
    real = Path(os.path.realpath(path))
    leads_back = any(one.is_relative_to(real) for one in above)
    if project and path.is_symlink() and not real.is_relative_to(project):
        yield Problem(Location(_printable(path)), "link-outside", {"name": _printable_name(path.name)})
    elif project and leads_back:
        yield Problem(Location(_printable(path)), "link-back", {"name": _printable_name(path.name)})
    elif real.is_dir() and not leads_back:
        yield from _check_folder(path, project, above | {real}, hidden=hidden)
    elif project and not hidden:
        yield from _check_file(path)


def _check_file(path: Path) -> Iterator[Problem]:
    """Find what keeps a file from being copied, or a page from being read as it is seen."""
    shown = _printable(path)
    try:
        # Looked at first: to open a pipe is to wait for its other end.
        if not stat.S_ISREG(path.stat().st_mode):
            yield Problem(Location(shown), "not-a-file")
        elif path.suffix in PAGES:
            text, _ = yaml_source.decode(path.read_bytes(), shown)
            yield from find_unseen(text, shown)
            yield from _find_conflict(text, shown)
        elif not os.access(path, os.R_OK):
            yield Problem(Location(shown), "unreadable", {"reason": "EACCES"})
    except yaml_source.SourceError as error:
        yield error.problem
    except OSError as error:
        rule = "not-a-file" if error.errno in (errno.ENOENT, errno.ELOOP) else "unreadable"
        yield Problem(Location(shown), rule, {"reason": code_of(error)})


def _find_conflict(text: str, shown: str) -> Iterator[Problem]:
    """Find what git left in a page where two versions met: an example of code may show it, nothing else does.

    A line of «=» alone is one of a title's forms in Markdown.
    """
    fence = ""
    for number, line in enumerate(text.split("\n") if _CONFLICT.search(text) else (), 1):
        mark = _FENCE.match(line)
        if mark:
            fence = mark[1] if not fence else "" if mark[1].startswith(fence) else fence
        elif not fence and _CONFLICT.match(line):
            yield Problem(Location(shown, number), "merge-conflict")
            return


def _check_name(entry: os.DirEntry[str]) -> Iterator[Problem]:
    name = entry.name
    if name != _printable_name(name):
        yield Problem(
            Location(_printable(Path(entry.path))), "name-not-utf8", {"name": _printable_name(name)}
        )
    elif is_reserved(name) or _ODD.search(name):
        place = Location(_printable(Path(entry.path)))
        yield Problem(place, "name-not-on-windows", {"name": name}, Severity.WARNING)


def _printable(path: Path) -> str:
    return _printable_name(shown(path.parent / "x").removesuffix("x") + path.name)


def _printable_name(name: str) -> str:
    """Return a name with a sign in the place of bytes that are no UTF-8."""
    return os.fsencode(name).decode("utf-8", "replace")
