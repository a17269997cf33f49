"""How much each change matters: the model marks each field with it."""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum, StrEnum

from servicebook.content.shapes import Shape


class Weight(IntEnum):
    """How much a change matters to whoever works by the playbook."""

    EDITORIAL = 1  # nobody needs to know: spelling, punctuation, wording of the reasons, upkeep
    CLARIFIED = 2  # worth reading: examples, phrases, sources, guidance; what is asked stays the same
    SUBSTANTIVE = 3  # somebody must do something else from now on

    @property
    def word(self) -> str:
        """Return the name that data and catalogues use."""
        return self.name.lower()


class Kind(StrEnum):
    """What happened to an entry, a field, or an element of a list."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    REORDERED = "reordered"
    RENEWED = "renewed"  # a file, under the name that it had
    MOVED = "moved"  # an entry, to another pillar
    RENAMED = "renamed"  # an entry, to another id
    RETIRED = "retired"
    REPLACED = "replaced"  # retired in favour of another
    SPLIT = "split"
    MERGED = "merged"


# Lists whose order says something: steps to take, lines of a dialogue, parts of a sheet.
ORDERED = frozenset({"approach", "sections", "good_answer", "collection", "points"})


def weight_of(changes: Sequence[str]) -> Weight:
    """Return the weight of a change below a chain of fields, by what the model says of each, outermost first.

    The innermost that says anything decides.
    """
    said = next((change for change in reversed(changes) if change), "editorial")
    return Weight[said.upper()]


def weight_in(shape: Shape, name: str) -> Weight:
    """Return the weight of a change to a field of a document by its name, or to a document as a whole."""
    field = shape.field(name)
    return weight_of((field.change if field else "",))
