"""Which entries of one kind go with which of another, or with which words."""

from __future__ import annotations

from dataclasses import dataclass

from servicebook.content.model.entries import Entry
from servicebook.content.playbook import Playbook
from servicebook.language.messages import Messages
from servicebook.views.facets import facet_words, field_title, words_of
from servicebook.views.summaries import titled


@dataclass(frozen=True)
class MatrixRow:
    """A row of a matrix: an entry and, for each column, whether they are joined."""

    entry: Entry
    title: str
    cells: tuple[bool, ...]


@dataclass(frozen=True)
class MatrixColumn:
    """A column of a matrix: an entry of another kind, or a word of a vocabulary."""

    id: str
    title: str


@dataclass(frozen=True)
class Matrix:
    """Which entries of one kind go with which entries of another, or with which words."""

    caption: str
    columns: tuple[MatrixColumn, ...]
    rows: tuple[MatrixRow, ...]


def matrix_of(rows: str, columns: str, playbook: Playbook, say: Messages) -> Matrix:
    """Return the matrix of a kind (`standard`) by another kind (`metric`) or by a facet (`channels`).

    Raises KeyError for a name that is neither.
    """
    entries = playbook.of_kind(rows)
    if columns in playbook.kinds[rows].facets:
        titles = words_of(columns, rows, playbook)
        heads = tuple(MatrixColumn(id_, title) for id_, title in titles.items())

        def joined(entry: Entry) -> set[str]:
            return set(facet_words(entry, columns))
    elif columns in playbook.settings.frameworks:
        elements = playbook.settings.frameworks[columns].elements
        heads = tuple(MatrixColumn(id_, title) for id_, title in elements.items())

        def joined(entry: Entry) -> set[str]:
            return set(getattr(getattr(entry, "mappings", None), columns, ()))
    else:
        heads = tuple(MatrixColumn(other.id, other.title) for other in playbook.of_kind(columns))

        def joined(entry: Entry) -> set[str]:
            return {other.id for other in playbook.linked(entry, columns)}

    found = tuple(
        MatrixRow(entry, titled(entry), tuple(head.id in names for head in heads))
        for entry in entries
        for names in [joined(entry)]
    )
    caption = say("matrix.caption", rows=say(f"kind.{rows}"), columns=_columns_title(rows, columns, playbook))
    return Matrix(caption, heads, found)


def _columns_title(rows: str, columns: str, playbook: Playbook) -> str:
    say = playbook.say
    if columns in playbook.kinds:
        title = say(f"kind.{columns}")
    elif columns in playbook.settings.frameworks and columns not in playbook.kinds[rows].facets:
        title = playbook.settings.frameworks[columns].title
    else:
        title = field_title(playbook.kinds[rows], columns, say)
    # In the middle of a sentence; a name all in capitals keeps them.
    return title if title[:2].isupper() else f"{title[:1].lower()}{title[1:]}"
