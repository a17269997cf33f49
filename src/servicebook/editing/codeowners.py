"""Who is asked to look at a change: the code host's CODEOWNERS file, from the entries' teams."""

from __future__ import annotations

import re
from codecs import BOM_UTF8
from collections.abc import Iterable
from dataclasses import dataclass

from servicebook.content.model.entries import Entry
from servicebook.content.model.settings import Settings
from servicebook.content.reading import SETTINGS_FILE

# What stands under this line is ours; what stands above it belongs to whoever wrote it there. Manuals of one
# repository have a part each, and all but the first say whose it is: behind a colon, their site's folder.
MARK = "# servicebook codeowners"
# What begins a comment or a pattern there; of these only a space can be escaped.
_SIGN = re.compile(r"[#\[\]*?\\\t]")
_MARKED = re.compile(re.escape(MARK).encode() + rb"(?:: \S.*)?")
# What proposals are checked by, which every manual of a repository shares.
_SHARED = "/.github/"
# What a build runs or takes as HTML: a change here is a change of code, whoever proposes it.
_CODE = (
    _SHARED,
    "/docs/",
    "/overrides/",
    "/scripts/",
    "/src/",
    "/*.py",
    "/*.toml",
    "/mkdocs*.yml",
    "/requirements.lock",
)


def codeowners_text(
    settings: Settings,
    entries: Iterable[Entry],
    folder: str,
    project: str = ".",
    sharing: Iterable[str] = (),
) -> str:
    """Return the text of CODEOWNERS; `folder` is the playbook's and `project` the site's, from the top.

    What has no line of its own, such as a new entry, and what a build runs go to every team; a team without
    a handle owns nothing here, since there would be nobody to ask. Who is `sharing` the repository is asked
    about what checks proposals too: of two lines for it, the host reads the last.
    """
    folder, project = _written(folder), _written(project)
    handles = {name: team.handle for name, team in settings.teams.items() if team.handle}
    if not handles:
        return ""
    everybody = " ".join(handles.values())
    shared = " ".join(dict.fromkeys((*handles.values(), *sharing)))
    code = [*_CODE[1:]] if project == "." else [f"/{project}/"]
    lines = [f"{_SHARED} {shared}"]
    lines += [f"{path} {everybody}" for path in (*code, f"/{folder}/", f"/{folder}/{SETTINGS_FILE}")]
    lines += [
        f"/{folder}/{entry.folder}/{entry.id}.yml {handles[entry.owner]}"
        for entry in sorted(entries, key=lambda entry: (entry.folder, entry.id))
        if entry.owner in handles
    ]
    return "\n".join([MARK, *lines, ""])


def _written(path: str) -> str:
    """Return a path as CODEOWNERS takes it: what cannot be escaped stands as any one sign.

    So a team may be asked about a folder of nearly the same name, and is never left unasked about this one.
    """
    return _SIGN.sub("?", path).replace(" ", "\\ ")


@dataclass(frozen=True)
class Held:
    """A CODEOWNERS that is there: what somebody wrote above our lines, and ours, a part each manual.

    Each part begins with its mark; `place` is the one of the manual at hand, None where it has none yet.
    """

    above: bytes
    parts: tuple[bytes, ...]
    place: int | None

    @property
    def sharing(self) -> tuple[str, ...]:
        """The teams of the other manuals, from the lines of what is theirs alone."""
        others = (part for place, part in enumerate(self.parts) if place != self.place)
        lines = (line.split() for part in others for line in part.decode(errors="replace").splitlines())
        return tuple(name for line in lines if line and line[0] not in ("#", _SHARED) for name in line[1:])

    def with_part(self, text: str, project: str) -> bytes:
        """Return the file with the lines of the manual at hand, whose site is `project`, written anew.

        Under what stays, its mark stays too: else the next run could not tell what was ours.
        """
        parts = [*self.parts]
        if self.place is None:
            mark = f"{MARK}: {_written(project)}" if parts else MARK
        else:
            mark = parts[self.place].splitlines()[0].decode().strip()
        lines = text.removeprefix(MARK).removeprefix("\n")
        written = f"{mark}\n{lines}".encode() if lines or parts else b""
        if self.place is None:
            parts.append(written)
        else:
            parts[self.place] = written
        return self.above + b"".join(parts)


def read_held(held: bytes, project: str = ".") -> Held | None:
    """Return what a CODEOWNERS holds for the manual whose site is `project`.

    None where ours and theirs cannot be told apart. An editor's mark of UTF-8 before it all is no part of it,
    and makes a code host read the first line wrong.
    """
    held = held.removeprefix(BOM_UTF8)
    if not held.strip():
        return Held(b"", (), None)
    lines = held.splitlines(keepends=True)
    marks = [place for place, line in enumerate(lines) if _MARKED.fullmatch(line.strip())]
    # Each of our lines begins at the repository's top; one that does not was added by somebody.
    if not marks or any(
        line.strip() and not line.startswith(b"/") and place not in marks
        for place, line in enumerate(lines)
        if place > marks[0]
    ):
        return None
    ends = [*marks[1:], len(lines)]
    parts = tuple(b"".join(lines[start:end]) for start, end in zip(marks, ends, strict=True))
    own = (place for place, part in enumerate(parts) if _is_of(part, _written(project)))
    return Held(b"".join(lines[: marks[0]]), parts, next(own, None))


def _is_of(part: bytes, project: str) -> bool:
    """Tell whether a part is that of the manual whose site is `project`: its mark says so, or its lines."""
    mark, *lines = part.strip().decode(errors="replace").splitlines()
    _, _, named = mark.partition(":")
    if named:
        return named.strip() == project
    first = "/docs/ " if project == "." else f"/{project}/ "
    return not any(line.strip() for line in lines) or any(line.startswith(first) for line in lines)
