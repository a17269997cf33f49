"""Files of a project's own at addresses where the site writes something else, which would hide them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from servicebook.base.files import files_in
from servicebook.base.problems import Location, Problem
from servicebook.content.model.entries import Entry
from servicebook.content.playbook import Playbook
from servicebook.views.addresses import entry_path

# What stands in the folder of an entry's page, and what tells of all entries at the top of the site.
_OF_ENTRY = ("index.html", "index.json", "index.md")
_OF_ALL = frozenset({"playbook.json", "playbook.schema.json", "llms.txt", "llms-full.txt"})

# The endings of pages; those of the folder itself; and the head of one that is not to be published.
_PAGES = frozenset({".md", ".markdown", ".mdown", ".mkdn", ".mkd"})
_OF_FOLDER = frozenset({"index", "README"})
_DRAFT = re.compile(rb"(?:\xef\xbb\xbf)?\s*---\s.*?^draft:[ \t]*true\s.*?^---", re.DOTALL | re.MULTILINE)


def written_in(folder: Path) -> dict[str, str]:
    """Return how problems name each file in a folder of pages, by the path that it gets on the site.

    Pages that are drafts are left out. It is for who has no program at hand that makes the site.
    """
    found: dict[str, str] = {}
    for file in files_in(folder, lambda inner: not inner.name.startswith(".")):
        path = Path(file.path).relative_to(folder)
        if path.suffix not in _PAGES:
            found[path.as_posix()] = f"{folder.name}/{path.as_posix()}"
        elif not _DRAFT.match(Path(file.path).read_bytes()):
            address = path.parent if path.stem in _OF_FOLDER else path.with_suffix("")
            found[(address / "index.html").as_posix()] = f"{folder.name}/{path.as_posix()}"
    return found


def find_hidden(playbook: Playbook, files: Mapping[str, str]) -> Iterator[Problem]:
    """Yield each file that what the site makes would take the place of.

    `files` says how problems name each file of the project's own, by the path that it has on the site.
    """
    made = dict(_made_of_entries(playbook))
    for path, shown in sorted(files.items()):
        if path in made:
            entry = made[path]
            values = {"id": entry.id, "file": f"{entry.folder}/{entry.id}.yml"}
            yield Problem(Location(shown), "hidden-by-entry", values)
        elif path in _OF_ALL:
            yield Problem(Location(shown), "hidden-by-site", {"name": path})


def _made_of_entries(playbook: Playbook) -> Iterator[tuple[str, Entry]]:
    """Yield the path of each file that is made of an entry, at its address and at those that it had."""
    for kind in playbook.kinds:
        for entry in playbook.of_kind(kind, retired=True):
            yield from ((f"{entry_path(entry, playbook.say)}{name}", entry) for name in _OF_ENTRY)
            for former in entry.former_ids:
                yield f"{playbook.say(f'path.{kind}')}/{former.lower()}/index.html", entry
