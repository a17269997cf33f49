"""Files of a project's own at addresses where the site writes another file, so that one of them is lost."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from pathlib import Path

from servicebook.base.files import alike, files_in
from servicebook.base.problems import Location, Problem
from servicebook.content.model.entries import Entry, Standard
from servicebook.content.playbook import Playbook
from servicebook.content.project import PAGES
from servicebook.views.addresses import entry_path

# What stands in the folder of an entry's page, and what tells of all entries at the top of the site.
_OF_ENTRY = ("index.html", "index.json", "index.md")
_OF_ALL = frozenset({"playbook.json", "playbook.schema.json", "llms.txt", "llms-full.txt"})

# What names the addresses of the pages that sheets lead to: the weekly line-up's and the quiz's.
LED_TO = ("path.week", "path.quiz")

# Pages of the folder itself, and the head of one that is not to be published.
_OF_FOLDER = frozenset({"index", "README"})
_DRAFT = re.compile(rb"(?:\xef\xbb\xbf)?\s*---\s.*?^draft:[ \t]*true\s.*?^---", re.DOTALL | re.MULTILINE)


def written_in(
    folder: Path, is_excluded: Callable[[str], bool] = lambda path: False
) -> list[tuple[str, str]]:
    """Return the path that each file in a folder of pages gets on the site, and how problems name it.

    `is_excluded` knows what mkdocs.yml leaves out, by the path in the folder.

    Pages that are drafts are left out. It is for who has no program at hand that makes the site.
    """
    found: list[tuple[str, str]] = []
    for file in files_in(folder, lambda inner: not inner.name.startswith(".")):
        path = Path(file.path).relative_to(folder)
        if file.name.startswith(".") or is_excluded(path.as_posix()):
            continue
        if path.suffix not in PAGES:
            found.append((path.as_posix(), f"{folder.name}/{path.as_posix()}"))
        elif not _DRAFT.match(Path(file.path).read_bytes()):
            address = path.parent if path.stem in _OF_FOLDER else path.with_suffix("")
            found.append(((address / "index.html").as_posix(), f"{folder.name}/{path.as_posix()}"))
    return found


def find_hidden(playbook: Playbook, files: Iterable[tuple[str, str]]) -> Iterator[Problem]:
    """Yield each file that what the site makes would take the place of, or that of another file.

    `files` are the project's own: the path that each has on the site, and how problems name it.
    """
    made = {alike(path): entry for path, entry in _made_of_entries(playbook)}
    taken = {alike(path) for path in (*_OF_ALL, *playbook.media())}
    first: dict[str, str] = {}
    for path, shown in sorted(files):
        key = alike(path)
        if key in made:
            entry = made[key]
            values = {"id": entry.id, "file": f"{entry.folder}/{entry.id}.yml"}
            yield Problem(Location(shown), "hidden-by-entry", values)
        elif key in taken:
            yield Problem(Location(shown), "hidden-by-site", {"name": path})
        elif first.setdefault(key, shown) != shown:
            yield Problem(Location(shown), "address-shared", {"other": first[key]})


def unwritten_indexes(playbook: Playbook, written: Collection[str]) -> Iterator[tuple[str, str]]:
    """Yield each page that the site makes since nobody wrote one: what names its address, and its folder.

    They are those of kinds that have entries in force, and those that sheets lead to. `written` are the
    paths on the site of the files of the project's own.
    """
    kinds = [f"path.{kind}" for kind in playbook.kinds if playbook.of_kind(kind)]
    for path in (*kinds, *(LED_TO if playbook.of_type(Standard) else ())):
        folder = playbook.say(path)
        if f"{folder}/index.html" not in written:
            yield path, folder


def _made_of_entries(playbook: Playbook) -> Iterator[tuple[str, Entry]]:
    """Yield the path of each file that is made of an entry, at its address and at those that it had."""
    for kind in playbook.kinds:
        for entry in playbook.of_kind(kind, retired=True):
            yield from ((f"{entry_path(entry, playbook.say)}{name}", entry) for name in _OF_ENTRY)
            for former in entry.former_ids:
                yield f"{playbook.say(f'path.{kind}')}/{former.lower()}/index.html", entry
