"""What was read from a playbook's folder, and where each part of it stands in its file."""

from __future__ import annotations

import operator
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from yaml.nodes import Node, ScalarNode

from servicebook.base import yaml_source
from servicebook.base.problems import Location, Problem
from servicebook.content.complaints import composed
from servicebook.content.kinds import USUAL, Kinds
from servicebook.content.marked import Loc, find_marked
from servicebook.content.model.entries import Entry
from servicebook.content.model.settings import Foundation, FrozenEdition, Query, Settings, Source, Term
from servicebook.content.model.types import Model, Ref
from servicebook.content.reading import SETTINGS_FILE

EDITIONS_FOLDER = "editions"


MEDIA_FOLDER = "media"


SOURCES_FILE = "sources.yml"


QUERIES_FILE = "queries.yml"


LISTS: dict[str, type[Model]] = {
    "glossary.yml": Term,
    SOURCES_FILE: Source,
    "foundations.yml": Foundation,
    QUERIES_FILE: Query,
}

_EMPTY_LINE = re.compile(r"(?:\r\n?|\n)[ \t]*[\r\n]")


@dataclass
class Content:
    """What was read from a playbook's folder, not yet checked across entries.

    `settings` is None when `playbook.yml` could not be used; `unusable` holds the ids of what was refused
    (and the names of whole lists), so that a reference to it is not called a reference to nothing.
    `drafts` names the files of drafts as problems name them, and `unfinished` holds the ids of those that
    cannot be read yet: they stop nothing.
    """

    root: Path
    shown_root: str
    settings: Settings | None = None
    kinds: Kinds = USUAL
    entries: list[Entry] = field(default_factory=list)
    terms: list[Term] = field(default_factory=list)
    sources: list[Source] = field(default_factory=list)
    foundations: list[Foundation] = field(default_factory=list)
    queries: list[Query] = field(default_factory=list)
    editions: list[FrozenEdition] = field(default_factory=list)
    unusable: set[str] = field(default_factory=set)
    drafts: set[str] = field(default_factory=set)
    unfinished: set[str] = field(default_factory=set)
    # What `references_of` found, by the identity of the value that it was found in.
    _references: dict[int, list[tuple[Loc, str, Ref]]] = field(default_factory=dict, init=False, repr=False)

    def references_of(self, value: Model) -> list[tuple[Loc, str, Ref]]:
        """Return the place, the id and the mark of each reference of a value that was read here."""
        found = self._references.get(id(value))
        if found is None:
            found = self._references[id(value)] = find_marked(value, Ref)
        return found

    def published(self, problems: Iterable[Problem]) -> list[Problem]:
        """Return the problems of what is published: those of drafts stop nothing."""
        return [problem for problem in problems if problem.location.path not in self.drafts]

    @property
    def by_id(self) -> dict[str, Entry]:
        """The entries by id; of two with one id that which is published."""
        return {entry.id: entry for entry in sorted(self.entries, key=lambda entry: entry.status != "draft")}

    def path_of(self, value: Model) -> str:
        """Return the file that a value was read from, below the playbook's folder."""
        if isinstance(value, Entry):
            return f"{value.folder}/{value.id}.yml"
        if isinstance(value, FrozenEdition):
            return f"{EDITIONS_FOLDER}/{value.name}.yml"
        return next((name for name, model in LISTS.items() if isinstance(value, model)), SETTINGS_FILE)

    def locate(self, value: Model, loc: Loc = (), at_key: bool = False) -> Location:
        """Return where `loc` of an entry (or of a term, source or foundation) stands in its file.

        The file is read again: positions are needed only where there is a problem, and keeping every
        node would double the memory of a large playbook.
        """
        name = self.path_of(value)
        shown = f"{self.shown_root}/{name}"
        try:
            if len(loc) == 1 and isinstance(value, Entry) and not at_key:
                text = yaml_source.read_text(self.root / name, shown)
                if location := yaml_source.find_plain_value(text, str(loc[0]), shown):
                    return location
            return yaml_source.location_of(yaml_source.find_node(self._node_of(value), loc, at_key), shown)
        except yaml_source.SourceError:
            return Location(shown)

    def is_folded(self, value: Model, loc: Loc) -> bool:
        """Tell whether a text is written so that its line ends are empty lines there, as after `>`.

        In double quotes they may be escapes too, which are none.
        """
        name = self.path_of(value)
        try:
            node = yaml_source.find_node(self._node_of(value), loc)
            text = yaml_source.read_text(self.root / name, name)
        except yaml_source.SourceError:
            return False
        if not isinstance(node, ScalarNode) or node.style == "|":
            return False
        written = text[node.start_mark.index : node.end_mark.index]
        return node.style != '"' or _EMPTY_LINE.search(written) is not None

    def _node_of(self, value: Model) -> Node:
        """Return what a value was read from. Raises SourceError for a file that cannot be read any more."""
        name = self.path_of(value)
        root = composed(self.root / name, f"{self.shown_root}/{name}")
        if name not in LISTS:
            return root
        listed: list[Model] = [*self.terms, *self.sources, *self.foundations, *self.queries]
        # Elements that were refused are not in our lists, so the place is found by id, not by number.
        name_of = operator.attrgetter(value.key)
        same = [one for one in listed if type(one) is type(value) and name_of(one) == name_of(value)]
        occurrence = next(i for i, other in enumerate(same) if other is value)
        found = [
            child
            for child in root.value
            if yaml_source.find_node(child, (value.key,)).value == name_of(value)
        ]
        return found[occurrence] if occurrence < len(found) else root
