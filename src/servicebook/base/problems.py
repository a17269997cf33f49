"""What can be wrong with a playbook, and where."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import islice


class Severity(StrEnum):
    """An error stops a build; a warning is shown and does not."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, order=True)
class Location:
    """A place in a file: `path` relative to the playbook's parent, `line` and `column` from 1."""

    path: str
    line: int = 1
    column: int = 1

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}"


@dataclass(frozen=True)
class Problem:
    """One thing to mend: where, which rule, and the values that its sentence names.

    The sentence itself stands in the message catalogue under `problem.<rule>`, so that it can be said
    in the reader's language.
    """

    location: Location
    rule: str
    values: Mapping[str, object] = field(default_factory=dict)
    severity: Severity = Severity.ERROR


# As many of one file as anybody mends at once: each is looked up in it again, and a file may have thousands.
MOST_TOLD = 100


def first_of(found: Iterable[Problem]) -> list[Problem]:
    """Return the problems of a file; where there are more than are told, the last says that there are."""
    first = [*islice(found, MOST_TOLD + 1)]
    if len(first) > MOST_TOLD:
        first[-1] = Problem(first[-1].location, "more-problems", {"most": MOST_TOLD})
    return first


class ContentError(Exception):
    """Raised when content cannot be used; carries every problem, not the first."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = sort_problems(problems)
        super().__init__(f"{len(self.problems)} problems")


class RuleError(Exception):
    """Raised when something cannot be done; `rule` names the sentence that says why, and `values` fill it.

    Below which key of the catalogue it stands, each kind of it says.
    """

    def __init__(self, rule: str, **values: object) -> None:
        self.rule = rule
        self.values = values
        super().__init__(rule)


class BuildError(Exception):
    """Raised when a build fails for a reason that is not in the content; its sentence is ready to print."""


def sort_problems(problems: Iterable[Problem]) -> list[Problem]:
    """Return the problems by file, line and column, without repetitions."""
    unique = {(p.location, p.rule, str(p.values)): p for p in problems}
    return [unique[key] for key in sorted(unique)]


def has_errors(problems: Iterable[Problem]) -> bool:
    """Tell whether any of the problems stops a build."""
    return any(problem.severity is Severity.ERROR for problem in problems)
