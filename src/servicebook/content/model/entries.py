"""The typed entries of a playbook: what an entry of each kind holds.

Field names are the keys that editors write in YAML. What each field is for is told to editors, in their
language, by the message catalogue (`field.<Model>.<name>`), which also feeds the JSON Schemas.
"""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import (
    Field,
    StringConstraints,
)

from servicebook.content.model.types import (
    CaseRef,
    Channel,
    Citation,
    Confidence,
    CustomerRef,
    Date,
    Flag,
    FormerId,
    Iso23592,
    ItemAddress,
    ItemId,
    ItemText,
    KebabId,
    Level,
    Line,
    MetricRef,
    Model,
    Moment,
    Name,
    Number,
    PageSize,
    Period,
    Pillar,
    Points,
    Principle,
    Ref,
    Role,
    Service,
    Servqual,
    SignOffField,
    StandardId,
    StandardRef,
    Status,
    Team,
    Text,
    Title,
    Unjudged,
)


class Change(Model):
    """One line of an entry's history: what changed in a revision, and why."""

    revision: Annotated[int, Field(ge=1)]
    date: Date
    reason: Text


class Phrase(Model):
    """What to say, what to avoid, and why; sample phrases use the words a person really says."""

    say: Text
    avoid: Text
    why: Text | None = None


class Entry(Model):
    """What every entry has, whatever its kind."""

    kind: ClassVar[str]

    id: KebabId
    title: Title
    status: Status = "active"
    replaced_by: Line | None = None
    former_ids: tuple[FormerId, ...] = ()
    revision: Annotated[int, Field(ge=1)] = 1
    changes: tuple[Change, ...] = ()
    owner: Team
    reviewed: Date
    review_every: Annotated[int, Field(ge=1, le=120)] = 12
    urgent: Flag = False
    sources: tuple[Citation, ...] = ()
    search_words: tuple[Line, ...] = ()


class Threshold(Model):
    """The measurable limit of a standard, and whose number it is."""

    at: Literal["most", "least", "exactly"]
    value: Number
    unit: Line
    origin: Literal["source", "own"]
    source: Citation | None = None
    note: Text | None = None


class Verification(Model):
    """How somebody watching tells whether the standard was met."""

    question: Text
    how: Text
    evidence: Text


class Item(Model):
    """One line of a checklist. Its id is local to the entry and never reused in it."""

    id: ItemId
    text: ItemText


class Mappings(Model):
    """Where the standard stands in the field's models: SERVQUAL (1988) and ISO 23592:2021."""

    servqual: tuple[Servqual, ...] = ()
    iso23592: tuple[Iso23592, ...] = ()


class Standard(Entry):
    """One promise that somebody watching can see kept or broken."""

    kind = "standard"

    id: StandardId
    replaced_by: StandardRef | None = None
    statement: Text
    intent: Text
    pillar: Pillar
    principles: tuple[Principle, ...] = ()
    channels: Annotated[tuple[Channel, ...], Field(min_length=1)]
    roles: Annotated[tuple[Role, ...], Field(min_length=1)]
    moments: Annotated[tuple[Moment, ...], Field(min_length=1)]
    services: tuple[Service, ...] = ()
    level: Level
    threshold: Threshold | None = None
    do: Annotated[tuple[Text, ...], Field(min_length=1)]
    dont: Annotated[tuple[Text, ...], Field(min_length=1)]
    phrases: tuple[Phrase, ...] = ()
    verification: Verification
    items: Annotated[tuple[Item, ...], Field(min_length=1)]
    customers: tuple[CustomerRef, ...] = ()
    metrics: tuple[MetricRef, ...] = ()
    no_metric: Text | None = None
    cases: tuple[CaseRef, ...] = ()
    related: tuple[StandardRef, ...] = ()
    mappings: Mappings = Mappings()


class Conduct(Model):
    """One side of a behaviour: the act, and a short scene in which it is seen."""

    act: Text
    scene: Text


class Behaviour(Entry):
    """A do and a don't that belong together."""

    kind = "behaviour"

    replaced_by: Annotated[Name, Ref("behaviour")] | None = None
    pillar: Pillar
    do: Conduct
    dont: Conduct
    why: Text
    standards: tuple[StandardRef, ...] = ()


class Step(Model):
    """One step of an approach."""

    title: Title
    text: Text


class Customer(Entry):
    """A guide to one type of customer, to a situation, or to an internal customer."""

    kind = "customer"

    replaced_by: CustomerRef | None = None
    nature: Literal["type", "situation", "internal"]
    summary: Text
    signals: Annotated[tuple[Text, ...], Field(min_length=1)]
    needs: Annotated[tuple[Text, ...], Field(min_length=1)]
    approach: Annotated[tuple[Step, ...], Field(min_length=1)]
    phrases: Annotated[tuple[Phrase, ...], Field(min_length=1)]
    mistakes: Annotated[tuple[Text, ...], Field(min_length=1)]
    standards: Annotated[tuple[StandardRef, ...], Field(min_length=1)]
    metrics: tuple[MetricRef, ...] = ()


class Claim(Model):
    """A statement about a company, with its sources and how sure we are of it."""

    id: ItemId
    text: Text
    sources: Annotated[tuple[Citation, ...], Field(min_length=1)]
    date: Line
    confidence: Confidence
    recheck: Date
    disagreement: Text | None = None


class Case(Entry):
    """What a company does, what we learn from it, and the standards that it supports."""

    kind = "case"

    replaced_by: CaseRef | None = None
    company: Title
    summary: Text
    claims: Annotated[tuple[Claim, ...], Field(min_length=1)]
    lessons: Annotated[tuple[Text, ...], Field(min_length=1)]
    practice: Annotated[tuple[Text, ...], Field(min_length=1)]
    standards: Annotated[tuple[StandardRef, ...], Field(min_length=1)]


class Variable(Model):
    """A quantity in a formula."""

    label: Line
    unit: Line


class Formula(Model):
    """How a metric is computed: in words, and as arithmetic over named variables."""

    words: Text
    expression: Annotated[Line, StringConstraints(max_length=200)]
    variables: Annotated[dict[str, Variable], Field(min_length=1)]
    unit: Line


class Example(Model):
    """A worked example; `check` computes it again."""

    story: Text
    values: dict[str, Number]
    result: Number


class Reading(Model):
    """What a range of results means, and what to do then.

    `at_least` is where the range begins, for whoever computes with it; `title` names the range in a word.
    """

    title: Title | None = None
    range: Line
    at_least: Points | None = None
    meaning: Text


class Metric(Entry):
    """A number that tells whether standards are kept."""

    kind = "metric"

    replaced_by: MetricRef | None = None
    summary: Text
    measures: Text
    formula: Formula
    collection: Annotated[tuple[Text, ...], Field(min_length=1)]
    example: Example
    reading: Annotated[tuple[Reading, ...], Field(min_length=1)]
    reading_origin: Literal["source", "own"] = "own"
    causes: tuple[Text, ...] = ()
    standards: tuple[StandardRef, ...] = ()


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
    title: Title
    take: tuple[Annotated[ItemAddress, Ref("item")], ...] = ()
    select: Select | None = None
    items: tuple[OwnItem, ...] = ()


class LevelWeights(Model):
    """How much a row of each level weighs in a scored checklist."""

    essential: Points = 3
    expected: Points = 2
    excellence: Points = 1


class Scoring(Model):
    """How a scored checklist is graded; `views/scoring.py` is the definition.

    `gate` names the levels of which no row may fail, `bands` the metric whose readings are the grades.
    """

    weights: LevelWeights = LevelWeights()
    gate: tuple[Level, ...] = ("essential",)
    bands: MetricRef | None = None
    blank: Unjudged = "incomplete"
    unobserved: Unjudged = "excluded"


class Signer(Model):
    """Who signs a checklist, and whether the hour is written beside."""

    role: Title
    hour: Flag = False


class Checklist(Entry):
    """Items to tick, on screen and on paper."""

    kind = "checklist"

    replaced_by: Annotated[Name, Ref("checklist")] | None = None
    use: Text
    roles: Annotated[tuple[Role, ...], Field(min_length=1)]
    channels: tuple[Channel, ...] = ()
    frequency: Line
    period: Period = "visit"
    scored: Flag = False
    scoring: Scoring | None = None
    reminder: Flag = False
    sections: Annotated[tuple[Section, ...], Field(min_length=1)]
    dated: Flag = False
    sign_off: tuple[SignOffField, ...] = ("name", "place", "date")
    signers: tuple[Signer, ...] = ()
    page_size: PageSize = "Letter"


class Utterance(Model):
    """One line of a dialogue."""

    who: Literal["customer", "staff"]
    text: Text


class Scenario(Entry):
    """A role-play for trainers."""

    kind = "scenario"

    replaced_by: Annotated[Name, Ref("scenario")] | None = None
    customer: CustomerRef
    channel: Channel
    situation: Text
    customer_side: Text
    staff_side: Text
    goes_wrong: Text
    good_answer: Annotated[tuple[Utterance, ...], Field(min_length=2)]
    debrief: Annotated[tuple[Text, ...], Field(min_length=1)]
    standards: Annotated[tuple[StandardRef, ...], Field(min_length=1)]


ENTRY_TYPES: dict[str, type[Entry]] = {
    model.kind: model for model in (Standard, Behaviour, Customer, Case, Metric, Checklist, Scenario)
}


FOLDERS: dict[str, str] = {
    "standard": "standards",
    "behaviour": "behaviours",
    "customer": "customers",
    "case": "cases",
    "metric": "metrics",
    "checklist": "checklists",
    "scenario": "scenarios",
}
