"""Drafts as a preview shows them: what is whole as a page, and of the others what they lack."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from servicebook.base.problems import Problem, has_errors
from servicebook.content.content import Content
from servicebook.content.model.entries import Entry
from servicebook.content.select import is_published, owner_of


@dataclass(frozen=True)
class Draft:
    """A draft: its kind, id and title, what is wrong with it, and its entry if a page can be made of it."""

    kind: str
    id: str
    title: str
    problems: tuple[Problem, ...]
    entry: Entry | None

    def is_in(self, folder: str, name: str) -> bool:
        """Tell whether a file of this name, in a folder of this one, is the draft's."""
        return name == f"{self.id}.yml" and (self.entry is None or self.entry.folder == folder)


def drafts_of(content: Content, problems: Iterable[Problem]) -> list[Draft]:
    """Return the drafts of a playbook by kind and id; `problems` are all that were found."""
    if not content.drafts:
        return []
    found: dict[str, list[Problem]] = {path: [] for path in content.drafts}
    for problem in problems:
        if problem.location.path in found:
            found[problem.location.path].append(problem)
    usable = {f"{content.shown_root}/{content.path_of(entry)}": entry for entry in content.entries}
    whole = {path: usable[path] for path, its in found.items() if path in usable and not has_errors(its)}
    known = {entry.id for entry in content.entries if is_published(entry)}
    # A page names what there is: drafts that name each other stand or fall together.
    while lost := [
        path for path, entry in whole.items() if not _names_only(content, entry, known, whole.values())
    ]:
        for path in lost:
            del whole[path]
    return sorted(_drafts(content, found, usable, whole), key=lambda draft: (draft.kind, draft.id))


def _names_only(content: Content, entry: Entry, known: set[str], others: Iterable[Entry]) -> bool:
    ids = {*known, *(other.id for other in others)}
    return all(
        mark.kind == "source" or owner_of(target, ids) in ids
        for _, target, mark in content.references_of(entry)
    )


def _drafts(
    content: Content, found: dict[str, list[Problem]], usable: dict[str, Entry], whole: dict[str, Entry]
) -> Iterator[Draft]:
    for path, problems in found.items():
        file = PurePosixPath(path)
        kind = content.kinds.by_folder[file.parent.name]
        title = usable[path].title if path in usable else file.stem
        yield Draft(kind, file.stem, title, tuple(problems), whole.get(path))
