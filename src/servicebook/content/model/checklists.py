"""What checklists are made of: their sections and rows, how they are scored and who signs them."""

from __future__ import annotations

from typing import Annotated

from servicebook.content.model.types import (
    Channel,
    Flag,
    ItemAddress,
    ItemId,
    ItemText,
    Level,
    MetricRef,
    Model,
    Moment,
    Part,
    Pillar,
    Points,
    Principle,
    Ref,
    Role,
    Service,
    Title,
    Unjudged,
)


class Item(Model):
    """One line of a checklist. Its id is local to the entry and never reused in it."""

    id: ItemId
    text: ItemText


class Select(Model):
    """A query for items: every standard that has one of the words in each field named."""

    pillar: tuple[Pillar, ...] = ()
    principles: tuple[Principle, ...] = ()
    channels: tuple[Channel, ...] = ()
    roles: tuple[Role, ...] = ()
    moments: tuple[Moment, ...] = ()
    services: tuple[Service, ...] = ()
    level: tuple[Level, ...] = ()


class OwnItem(Item):
    """A line that belongs to the checklist itself and to no standard."""

    level: Level = "expected"


class Section(Model):
    """A part of a checklist: items of named standards, then of those selected, then its own."""

    id: ItemId
    title: Annotated[Title, Part("editorial")]
    take: tuple[Annotated[ItemAddress, Ref("item")], ...] = ()
    select: Select | None = None
    items: tuple[OwnItem, ...] = ()


class LevelWeights(Model):
    """How much a row of a level weighs in a scored checklist, where it is not what the playbook says."""

    essential: Points | None = None
    expected: Points | None = None
    excellence: Points | None = None


class Scoring(Model):
    """How a scored checklist is graded; `views/scoring.py` is the definition.

    `gate` names the levels of which no row may fail, `bands` the metric whose readings are the grades.
    """

    weights: LevelWeights = LevelWeights()
    gate: tuple[Level, ...] | None = None
    bands: MetricRef | None = None
    blank: Unjudged = "incomplete"
    unobserved: Unjudged = "excluded"


class Signer(Model):
    """Who signs a checklist, and whether the hour is written beside."""

    role: Title
    hour: Flag = False
