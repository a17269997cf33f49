"""The rows of checklists.

One row type feeds the web page, print, PDF, XLSX, CSV and JSON, so that a checklist cannot say one thing on
the screen and another on paper.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace

from servicebook.content.model.checklists import Item, OwnItem, Section
from servicebook.content.model.entries import Checklist, Standard
from servicebook.content.playbook import Playbook
from servicebook.content.select import owner_of, select_standards
from servicebook.language import inline
from servicebook.views.scoring import Rule, rule_of


@dataclass(frozen=True)
class Row:
    """One line of a checklist, wherever it is shown. `key` holds while the item and its text do."""

    id: str
    text: str
    level: str
    weight: int
    standard: Standard | None
    gate: bool = False

    @property
    def digest(self) -> str:
        """A short hash of the text: a tick kept under another digest was made on another wording.

        Spelling and punctuation are no part of it, so that mending them unanswers nothing.
        """
        return hashlib.sha256(inline.folded(self.text).encode()).hexdigest()[:8]


@dataclass(frozen=True)
class RowSection:
    """A section of a checklist with its rows."""

    id: str
    title: str
    rows: tuple[Row, ...]

    @property
    def anchor(self) -> str:
        """Return the section's id on its page, where other ids stand that are not the playbook's."""
        return f"section-{self.id}"

    @property
    def size(self) -> int:
        """How many rows the section has."""
        return len(self.rows)


def rows_of(checklist: Checklist, playbook: Playbook) -> tuple[RowSection, ...]:
    """Return a checklist's sections with their rows, each item at its first place only."""
    seen: set[str] = set()
    sections = []
    rule = rule_of(checklist, playbook)
    for section in checklist.sections:
        rows = []
        for row in _section_rows(checklist, section, playbook):
            if row.id not in seen:
                seen.add(row.id)
                rows.append(_weighed(row, rule) if checklist.scored else row)
        sections.append(RowSection(section.id, section.title, tuple(rows)))
    return tuple(sections)


def rows_digest(sections: Iterable[RowSection]) -> str:
    """Return a short hash of a whole list: with the same one, two devices show the same rows in order."""
    rows = "\n".join(f"{row.id} {row.digest}" for section in sections for row in section.rows)
    return hashlib.sha256(rows.encode()).hexdigest()[:8]


def standard_rows(standard: Standard, playbook: Playbook) -> list[Row]:
    """Return the checklist rows of a standard's own items."""
    return [
        _row(f"{standard.id}.{item.id}", item, standard.level, standard, playbook) for item in standard.items
    ]


def _section_rows(checklist: Checklist, section: Section, playbook: Playbook) -> list[Row]:
    rows: list[Row] = []
    for address in section.take:
        standard = playbook.entries[owner_of(address, playbook.entries)]
        assert isinstance(standard, Standard)  # noqa: S101 - the checker saw to it
        rows.extend(row for row in standard_rows(standard, playbook) if address in (standard.id, row.id))
    if section.select:
        for standard in select_standards(section.select, playbook.of_type(Standard)):
            rows.extend(standard_rows(standard, playbook))
    rows.extend(_row(f"{checklist.id}.{item.id}", item, item.level, None, playbook) for item in section.items)
    return rows


def _row(
    identity: str, item: Item | OwnItem, level: str, standard: Standard | None, playbook: Playbook
) -> Row:
    return Row(identity, inline.plain(item.text), level, playbook.settings.levels[level].weight, standard)


def _weighed(row: Row, rule: Rule) -> Row:
    return replace(row, weight=rule.weights[row.level], gate=row.level in rule.gate)
