"""Who is asked to look at a change: the code host's CODEOWNERS file, from the entries' teams."""

from __future__ import annotations

import re
from collections.abc import Iterable

from servicebook.content.model.entries import Entry
from servicebook.content.model.settings import Settings
from servicebook.content.reading import SETTINGS_FILE

# What stands under this line is ours; what stands above it belongs to whoever wrote it there.
MARK = "# servicebook codeowners"
# What begins a comment or a pattern there; of these only a space can be escaped.
_SIGN = re.compile(r"[#\[\]*?\\\t]")
# What a build runs or takes as HTML: a change here is a change of code, whoever proposes it.
_CODE = (
    "/.github/",
    "/docs/",
    "/overrides/",
    "/scripts/",
    "/src/",
    "/*.py",
    "/*.toml",
    "/mkdocs*.yml",
    "/requirements.lock",
)


def codeowners_text(settings: Settings, entries: Iterable[Entry], folder: str, project: str = ".") -> str:
    """Return the text of CODEOWNERS; `folder` is the playbook's and `project` the site's, from the top.

    What has no line of its own, such as a new entry, and what a build runs go to every team; a team without
    a handle owns nothing here, since there would be nobody to ask.
    """
    folder, project = _written(folder), _written(project)
    handles = {name: team.handle for name, team in settings.teams.items() if team.handle}
    if not handles:
        return ""
    everybody = " ".join(handles.values())
    code = [*_CODE] if project == "." else ["/.github/", f"/{project}/"]
    lines = [f"{path} {everybody}" for path in (*code, f"/{folder}/", f"/{folder}/{SETTINGS_FILE}")]
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


def kept_of(held: bytes) -> bytes | None:
    """Return what of a CODEOWNERS is not ours and stays; None where ours and theirs cannot be told apart."""
    if not held.strip():
        return b""
    lines = held.splitlines(keepends=True)
    marks = [place for place, line in enumerate(lines) if line.strip() == MARK.encode()]
    # Each of our lines begins at the repository's top; one that does not was added by somebody.
    if not marks or any(line.strip() and not line.startswith(b"/") for line in lines[marks[0] + 1 :]):
        return None
    return b"".join(lines[: marks[0]])
