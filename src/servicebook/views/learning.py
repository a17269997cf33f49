"""What a person in a job learns, and in what order: the learning path.

What is urgent comes first, then the levels from the weightiest on; what is of one level comes by id. Each
stage is practised with the scenarios that use most of its standards.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from servicebook.content.model.entries import Scenario, Standard
from servicebook.content.playbook import Playbook
from servicebook.views.lineup import EVERYBODY, standards_of

# Scenarios with which a stage is practised.
PRACTICE = 3
# The name of the stage before those of the levels.
URGENT = "urgent"


@dataclass(frozen=True)
class Stage:
    """A part of the path: `urgent` or the id of a level, its standards in order, and what to practise
    with."""

    name: str
    standards: tuple[Standard, ...]
    practice: tuple[Scenario, ...]


def path_of(playbook: Playbook, job: str = EVERYBODY) -> list[Stage]:
    """Return the stages of a job's path, or of everybody's, without those that would be empty."""
    standards = standards_of(playbook, job)
    return [
        Stage(name, chosen, _practice(chosen, playbook))
        for name, chosen in _stages(standards, playbook)
        if chosen
    ]


def _stages(standards: Sequence[Standard], playbook: Playbook) -> Iterator[tuple[str, tuple[Standard, ...]]]:
    levels = playbook.settings.levels
    yield URGENT, tuple(one for one in standards if one.urgent)
    for level in sorted(levels, key=lambda level: -levels[level].weight):
        yield level, tuple(one for one in standards if one.level == level and not one.urgent)


def _practice(standards: Sequence[Standard], playbook: Playbook) -> tuple[Scenario, ...]:
    taught = {one.id for one in standards}
    common = {one.id: len(taught.intersection(one.standards)) for one in playbook.of_type(Scenario)}
    fitting = [one for one in playbook.of_type(Scenario) if common[one.id]]
    return tuple(sorted(fitting, key=lambda one: -common[one.id])[:PRACTICE])
