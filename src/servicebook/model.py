"""The typed content of a playbook: what an entry of each kind holds.

Field names are the keys that editors write in YAML. What each field is for is told to editors, in their
language, by the message catalogue (`field.<Model>.<name>`), which also feeds the JSON Schemas.
YAML scalars arrive here as text; the field's type alone decides what they mean.
"""

from __future__ import annotations

import datetime as dt
import re
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetJsonSchemaHandler,
    StringConstraints,
)
from pydantic_core import CoreSchema, PydanticCustomError


class Mark(ABC):
    """What a field's text is, for the checks across entries; the schema tells it too, as `x-…`."""

    @abstractmethod
    def note(self) -> dict[str, object]:
        """Return what a JSON Schema says of a field so marked."""

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return {**handler(schema), **self.note()}


@dataclass(frozen=True)
class Ref(Mark):
    """Marks a field whose text is the id of an entry of `kind` (or `source`, `item`)."""

    kind: str

    def note(self) -> dict[str, object]:
        return {"x-ref": self.kind}


@dataclass(frozen=True)
class Word(Mark):
    """Marks a field whose text is a word of one of the playbook's vocabularies (or a team)."""

    vocabulary: str

    def note(self) -> dict[str, object]:
        return {"x-vocabulary": self.vocabulary}


@dataclass(frozen=True)
class Inline(Mark):
    """Marks a field whose text may hold emphasis, strong and links, and nothing else."""

    def note(self) -> dict[str, object]:
        return {"x-inline": True}


def _iso_date(value: object) -> object:
    """Refuse what pydantic would read as a timestamp: only `2026-01-31` is a date here."""
    if isinstance(value, str) and not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
        raise PydanticCustomError("date_format", "a date is written 2026-01-31")
    return value


def _true_or_false(value: object) -> object:
    """Refuse YAML 1.1's `yes`, `no`, `on`: only `true` and `false` are answers here."""
    if isinstance(value, str) and value not in ("true", "false"):
        raise PydanticCustomError("bool_parsing", "write true or false")
    return value


KEBAB = r"[a-z0-9]+(?:-[a-z0-9]+)*"
STANDARD = r"[A-Z]{2,6}-[0-9]{2,4}"
# How texts of some fields are written; `problem.format-<name>` says it to the editor.
FORMATS = {
    "line": r"^[^\n]*$",
    "kebab": rf"^{KEBAB}$",
    "standard": rf"^{STANDARD}$",
    "item": rf"^{STANDARD}(\.{KEBAB})?$",
    "former": rf"^({STANDARD}|{KEBAB})$",
    "url": r"^https?://\S+$",
    "email": r"^[^@\s]+@[^@\s]+\.[^@\s]+$",
    "handle": r"^@[\w./-]+$",
}

Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, pattern=FORMATS["line"])]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1), Inline()]
Title = Annotated[Line, StringConstraints(max_length=120)]
ItemText = Annotated[Text, StringConstraints(max_length=300)]
Date = Annotated[dt.date, BeforeValidator(_iso_date)]
Flag = Annotated[bool, BeforeValidator(_true_or_false)]
Number = Annotated[float, Field(allow_inf_nan=False)]
KebabId = Annotated[str, StringConstraints(pattern=FORMATS["kebab"], max_length=60)]
StandardId = Annotated[str, StringConstraints(pattern=FORMATS["standard"])]
FormerId = Annotated[str, StringConstraints(pattern=FORMATS["former"], max_length=60)]
ItemId = Annotated[str, StringConstraints(pattern=FORMATS["kebab"], max_length=20)]
WordId = Annotated[str, StringConstraints(pattern=FORMATS["kebab"])]
ItemAddress = Annotated[str, StringConstraints(pattern=FORMATS["item"])]
Url = Annotated[str, StringConstraints(pattern=FORMATS["url"])]

Status = Literal["draft", "active", "retired"]
Level = Literal["essential", "expected", "excellence"]
Confidence = Literal["high", "medium", "low"]
Servqual = Literal["tangibles", "reliability", "responsiveness", "assurance", "empathy"]
Iso23592 = Literal[
    "vision",
    "leadership",
    "culture",
    "engagement",
    "understanding",
    "design",
    "innovation",
    "processes",
    "monitoring",
]
SignOffField = Literal["name", "place", "date", "signature", "observations"]
PageSize = Literal["A4", "Letter"]

Pillar = Annotated[str, Word("pillars")]
Principle = Annotated[str, Word("principles")]
Channel = Annotated[str, Word("channels")]
Role = Annotated[str, Word("roles")]
Moment = Annotated[str, Word("moments")]
Service = Annotated[str, Word("services")]
Team = Annotated[str, Word("teams")]

StandardRef = Annotated[str, Ref("standard")]
CustomerRef = Annotated[str, Ref("customer")]
MetricRef = Annotated[str, Ref("metric")]
CaseRef = Annotated[str, Ref("case")]
SourceRef = Annotated[str, Ref("source")]


class Model(BaseModel):
    """Base of everything read from YAML: unknown keys are refused, values do not change afterwards."""

    # What stands only inside other models is never validated by itself, so its validator need not be built.
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=False, defer_build=True)


class Citation(Model):
    """Where a statement comes from: a source and, where known, the place in it."""

    source: SourceRef
    where: Line | None = None


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

    replaced_by: Annotated[str, Ref("behaviour")] | None = None
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
    """What a range of results means, and what to do then."""

    range: Line
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


class Checklist(Entry):
    """Items to tick, on screen and on paper."""

    kind = "checklist"

    replaced_by: Annotated[str, Ref("checklist")] | None = None
    use: Text
    roles: Annotated[tuple[Role, ...], Field(min_length=1)]
    channels: tuple[Channel, ...] = ()
    frequency: Line
    scored: Flag = False
    reminder: Flag = False
    sections: Annotated[tuple[Section, ...], Field(min_length=1)]
    sign_off: tuple[SignOffField, ...] = ("name", "place", "date")
    page_size: PageSize = "Letter"


class Utterance(Model):
    """One line of a dialogue."""

    who: Literal["customer", "staff"]
    text: Text


class Scenario(Entry):
    """A role-play for trainers."""

    kind = "scenario"

    replaced_by: Annotated[str, Ref("scenario")] | None = None
    customer: CustomerRef
    channel: Channel
    situation: Text
    customer_side: Text
    staff_side: Text
    goes_wrong: Text
    good_answer: Annotated[tuple[Utterance, ...], Field(min_length=2)]
    debrief: Annotated[tuple[Text, ...], Field(min_length=1)]
    standards: Annotated[tuple[StandardRef, ...], Field(min_length=1)]


class Term(Model):
    """A word of the trade. `also` lists the other forms in which it is met in a text."""

    id: KebabId
    title: Title
    definition: Text
    also: tuple[Line, ...] = ()
    sources: tuple[Citation, ...] = ()


class Source(Model):
    """A work that statements are cited from."""

    id: KebabId
    author: Line
    title: Line
    published: Line | None = None
    updated: Line | None = None
    publisher: Line | None = None
    url: Url | None = None
    note: Text | None = None


class Point(Model):
    """One point of a foundation, in its order."""

    title: Title
    text: Text


class Foundation(Model):
    """An idea that the standards stand on, told on the hand-written pages."""

    id: KebabId
    title: Title
    text: Annotated[tuple[Text, ...], Field(min_length=1)]
    points: tuple[Point, ...] = ()
    standards: tuple[StandardRef, ...] = ()
    sources: Annotated[tuple[Citation, ...], Field(min_length=1)]


class VocabularyWord(Model):
    """A word that entries are classed by."""

    title: Title
    description: Text | None = None
    sources: tuple[Citation, ...] = ()


class TeamInfo(Model):
    """Who answers for entries; `handle` is its name at the code host, for CODEOWNERS."""

    title: Title
    contact: Line | None = None
    handle: Annotated[str, StringConstraints(pattern=FORMATS["handle"])] | None = None


class Edition(Model):
    """The edition in force: what is printed on every sheet."""

    name: Line
    date: Date


class Feedback(Model):
    """Where readers' reports go: an e-mail address, an address of an issue form, or both."""

    email: Annotated[str, StringConstraints(pattern=FORMATS["email"])] | None = None
    form: Url | None = None


Vocabulary = Annotated[dict[WordId, VocabularyWord], Field(min_length=1)]


class Settings(Model):
    """`playbook.yml`: what belongs to the playbook as a whole."""

    title: Title
    description: Line
    organisation: Title
    language: Literal["es", "en"]
    address: Annotated[Url, AfterValidator(lambda url: url.rstrip("/") + "/")]
    edition: Edition
    feedback: Feedback = Feedback()
    teams: Annotated[dict[WordId, TeamInfo], Field(min_length=1)]
    pillars: Vocabulary
    principles: Vocabulary
    channels: Vocabulary
    roles: Vocabulary
    moments: Vocabulary
    services: Vocabulary


class FrozenItem(Model):
    """A line of a checklist as an edition printed it."""

    level: Level
    text: ItemText


class FrozenEntry(Model):
    """An entry as an edition printed it: a short hash of each part, its words where it has no more than
    words, and for a checklist its lines."""

    kind: Line
    title: Title
    parts: dict[Line, Line] = {}
    texts: dict[Line, str] = {}
    items: tuple[Line, ...] = ()


class FrozenEdition(Model):
    """An edition as it was: what later changes are computed from, without asking git."""

    name: Line
    date: Date
    items: dict[Line, FrozenItem]
    entries: dict[Line, FrozenEntry]


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
VOCABULARIES = ("pillars", "principles", "channels", "roles", "moments", "services")
# Weights of the levels in a scored audit: an essential that fails must outweigh what merely delights.
LEVEL_WEIGHTS: dict[str, int] = {"essential": 3, "expected": 2, "excellence": 1}
