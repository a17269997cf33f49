"""The typed entries of a playbook: what an entry of each kind holds.

Field names are the keys that editors write in YAML. What each field is for is told to editors, in their
language, by the message catalogue (`field.<Model>.<name>`), which also feeds the JSON Schemas.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal

from pydantic import Field, StringConstraints

from servicebook.content.model.checklists import Item, Scoring, Section, Signer
from servicebook.content.model.declared import FieldInfo
from servicebook.content.model.media import Attachment, Image
from servicebook.content.model.types import (
    CaseRef,
    Channel,
    Citation,
    Confidence,
    CustomerRef,
    Date,
    Flag,
    FormerId,
    ItemId,
    KebabId,
    Level,
    Line,
    MetricRef,
    Model,
    Moment,
    Name,
    Number,
    PageSize,
    Part,
    Period,
    Pillar,
    Points,
    Principle,
    Ref,
    Role,
    Service,
    SignOffField,
    StandardId,
    StandardRef,
    Status,
    Team,
    Text,
    Title,
    is_unsaid,
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
    """What every entry has, whatever its kind.

    A kind says of itself its `folder`, the `facets` by which its lists can be narrowed (field: vocabulary),
    the path to its `summary`, and whether its ids are `codes` that people say and see. `own_fields` are
    those that a playbook declares.
    """

    kind: ClassVar[str]
    folder: ClassVar[str]
    facets: ClassVar[Mapping[str, str]] = {}
    summary_at: ClassVar[str] = "summary"
    codes: ClassVar[bool] = False
    own_fields: ClassVar[Mapping[str, FieldInfo]] = {}

    id: Annotated[KebabId, Part("clarified")]
    title: Annotated[Title, Part("editorial")]
    status: Annotated[Status, Part("substantive")] = "active"
    replaced_by: Annotated[Line | None, Part("substantive")] = None
    former_ids: Annotated[tuple[FormerId, ...], Part("editorial")] = ()
    revision: Annotated[int, Field(ge=1), Part("editorial")] = 1
    changes: Annotated[tuple[Change, ...], Part("editorial")] = ()
    owner: Annotated[Team, Part("editorial")]
    reviewed: Annotated[Date, Part("editorial")]
    review_every: Annotated[int, Field(ge=1, le=120), Part("editorial")] = 12
    urgent: Annotated[Flag, Part("editorial")] = False
    sources: Annotated[tuple[Citation, ...], Part("clarified")] = ()
    search_words: Annotated[tuple[Line, ...], Part("editorial")] = ()
    images: Annotated[tuple[Image, ...], Part("clarified", at="images", printed=False)] = ()
    attachments: Annotated[tuple[Attachment, ...], Part("clarified", printed=False)] = ()

    @property
    def media(self) -> tuple[str, ...]:
        """The files that the entry shows or hands on, below the playbook's folder."""
        return (*(one.file for one in self.images), *(one.file for one in self.attachments))


class Threshold(Model):
    """The measurable limit of a standard, and whose number it is."""

    at: Literal["most", "least", "exactly"]
    value: Number
    unit: Line
    origin: Literal["source", "own"]
    source: Annotated[Citation | None, Part("clarified")] = None
    note: Annotated[Text | None, Part("clarified")] = None


class Verification(Model):
    """How somebody watching tells whether the standard was met."""

    question: Text
    how: Text
    evidence: Text


class Mappings(Model):
    """Where the standard stands in the frameworks that the playbook declares: elements of each."""


class Standard(Entry):
    """One promise that somebody watching can see kept or broken."""

    kind = "standard"
    folder = "standards"
    facets: ClassVar[Mapping[str, str]] = {
        "pillar": "pillars",
        "channels": "channels",
        "roles": "roles",
        "moments": "moments",
        "principles": "principles",
        "services": "services",
        "level": "levels",
    }
    summary_at = "statement"
    codes = True

    id: Annotated[StandardId, Part("clarified")]
    replaced_by: Annotated[StandardRef | None, Part("substantive")] = None
    statement: Annotated[Text, Part("substantive", at="title")]
    intent: Annotated[Text, Part("editorial", at="intent")]
    pillar: Annotated[Pillar, Part("clarified")]
    principles: Annotated[tuple[Principle, ...], Part("editorial")] = ()
    channels: Annotated[tuple[Channel, ...], Field(min_length=1), Part("substantive")]
    roles: Annotated[tuple[Role, ...], Field(min_length=1), Part("substantive")]
    moments: Annotated[tuple[Moment, ...], Field(min_length=1), Part("substantive")]
    services: Annotated[tuple[Service, ...], Part("substantive")] = ()
    level: Annotated[Level, Part("substantive")]
    threshold: Annotated[Threshold | None, Part("substantive", at="title")] = None
    do: Annotated[tuple[Text, ...], Field(min_length=1), Part("substantive", at="do")]
    dont: Annotated[tuple[Text, ...], Field(min_length=1), Part("substantive", at="dont")]
    phrases: Annotated[tuple[Phrase, ...], Part("clarified", at="phrases")] = ()
    verification: Annotated[Verification, Part("substantive", at="verification")]
    items: Annotated[tuple[Item, ...], Field(min_length=1), Part("substantive", at="items", printed=False)]
    customers: Annotated[tuple[CustomerRef, ...], Part("editorial")] = ()
    metrics: Annotated[tuple[MetricRef, ...], Part("clarified")] = ()
    no_metric: Annotated[Text | None, Part("clarified")] = None
    cases: Annotated[tuple[CaseRef, ...], Part("editorial")] = ()
    related: Annotated[tuple[StandardRef, ...], Part("editorial")] = ()
    mappings: Annotated[Mappings, Part("editorial")] = Mappings()


class Conduct(Model):
    """One side of a behaviour: the act, and a short scene in which it is seen."""

    act: Text
    scene: Annotated[Text, Part("clarified")]


class Behaviour(Entry):
    """A do and a don't that belong together."""

    kind = "behaviour"
    folder = "behaviours"
    facets: ClassVar[Mapping[str, str]] = {"pillar": "pillars"}
    summary_at = "do.act"

    replaced_by: Annotated[Annotated[Name, Ref("behaviour")] | None, Part("substantive")] = None
    pillar: Annotated[Pillar, Part("clarified")]
    do: Annotated[Conduct, Part("substantive", at="do")]
    dont: Annotated[Conduct, Part("substantive", at="dont")]
    why: Annotated[Text, Part("editorial", at="why")]
    standards: Annotated[tuple[StandardRef, ...], Part("editorial")] = ()


class Step(Model):
    """One step of an approach."""

    title: Title
    text: Text


class Customer(Entry):
    """A guide to one type of customer, to a situation, or to an internal customer."""

    kind = "customer"
    folder = "customers"
    facets: ClassVar[Mapping[str, str]] = {"nature": "nature"}

    replaced_by: Annotated[CustomerRef | None, Part("substantive")] = None
    nature: Annotated[Literal["type", "situation", "internal"], Part("clarified")]
    summary: Annotated[Text, Part("clarified", at="title")]
    signals: Annotated[tuple[Text, ...], Field(min_length=1), Part("clarified", at="signals")]
    needs: Annotated[tuple[Text, ...], Field(min_length=1), Part("clarified", at="needs")]
    approach: Annotated[tuple[Step, ...], Field(min_length=1), Part("clarified", at="approach")]
    phrases: Annotated[tuple[Phrase, ...], Field(min_length=1), Part("clarified", at="phrases")]
    mistakes: Annotated[tuple[Text, ...], Field(min_length=1), Part("clarified", at="mistakes")]
    standards: Annotated[tuple[StandardRef, ...], Field(min_length=1), Part("clarified")]
    metrics: Annotated[tuple[MetricRef, ...], Part("clarified")] = ()


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
    folder = "cases"

    replaced_by: Annotated[CaseRef | None, Part("substantive")] = None
    company: Annotated[Title, Part("editorial")]
    summary: Annotated[Text, Part("clarified", at="title")]
    claims: Annotated[tuple[Claim, ...], Field(min_length=1), Part("clarified", at="claims")]
    lessons: Annotated[tuple[Text, ...], Field(min_length=1), Part("clarified", at="lessons")]
    practice: Annotated[tuple[Text, ...], Field(min_length=1), Part("clarified", at="practice")]
    standards: Annotated[tuple[StandardRef, ...], Field(min_length=1), Part("clarified")]


class Variable(Model):
    """A quantity in a formula."""

    label: Annotated[Line, Part("clarified")]
    unit: Line


class Formula(Model):
    """How a metric is computed: in words, and as arithmetic over named variables."""

    words: Annotated[Text, Part("clarified")]
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

    title: Annotated[Title | None, Part("clarified")] = Field(default=None, exclude_if=is_unsaid)
    range: Line
    at_least: Points | None = Field(default=None, exclude_if=is_unsaid)
    meaning: Annotated[Text, Part("clarified")]


class Metric(Entry):
    """A number that tells whether standards are kept."""

    kind = "metric"
    folder = "metrics"

    replaced_by: Annotated[MetricRef | None, Part("substantive")] = None
    summary: Annotated[Text, Part("clarified", at="title")]
    measures: Annotated[Text, Part("substantive", at="measures")]
    formula: Annotated[Formula, Part("substantive", at="formula")]
    collection: Annotated[tuple[Text, ...], Field(min_length=1), Part("clarified", at="collection")]
    example: Annotated[Example, Part("clarified", at="example")]
    reading: Annotated[tuple[Reading, ...], Field(min_length=1), Part("substantive", at="reading")]
    reading_origin: Annotated[Literal["source", "own"], Part("clarified")] = "own"
    causes: Annotated[tuple[Text, ...], Part("clarified", at="causes")] = ()
    standards: Annotated[tuple[StandardRef, ...], Part("clarified")] = ()


class Checklist(Entry):
    """Items to tick, on screen and on paper."""

    kind = "checklist"
    folder = "checklists"
    facets: ClassVar[Mapping[str, str]] = {"roles": "roles", "channels": "channels"}
    summary_at = "use"

    replaced_by: Annotated[Annotated[Name, Ref("checklist")] | None, Part("substantive")] = None
    use: Annotated[Text, Part("substantive", at="title")]
    roles: Annotated[tuple[Role, ...], Field(min_length=1), Part("substantive")]
    channels: Annotated[tuple[Channel, ...], Part("substantive")] = ()
    frequency: Annotated[Line, Part("substantive", printed=True)]
    period: Annotated[Period, Part("substantive")] = "visit"
    scored: Annotated[Flag, Part("substantive")] = False
    scoring: Annotated[Scoring | None, Part("substantive", printed=True)] = None
    reminder: Annotated[Flag, Part("substantive")] = False
    sections: Annotated[tuple[Section, ...], Field(min_length=1), Part("substantive")]
    dated: Annotated[Flag, Part("substantive", printed=True)] = False
    sign_off: Annotated[tuple[SignOffField, ...], Part("substantive", printed=True)] = (
        "name",
        "place",
        "date",
    )
    signers: Annotated[tuple[Signer, ...], Part("substantive", printed=True)] = ()
    page_size: Annotated[PageSize, Part("editorial")] = "Letter"


class Utterance(Model):
    """One line of a dialogue."""

    who: Literal["customer", "staff"]
    text: Text


class Scenario(Entry):
    """A role-play for trainers."""

    kind = "scenario"
    folder = "scenarios"
    facets: ClassVar[Mapping[str, str]] = {"channel": "channels"}
    summary_at = "situation"

    replaced_by: Annotated[Annotated[Name, Ref("scenario")] | None, Part("substantive")] = None
    customer: Annotated[CustomerRef, Part("clarified")]
    channel: Annotated[Channel, Part("clarified")]
    situation: Annotated[Text, Part("clarified", at="title")]
    customer_side: Annotated[Text, Part("clarified", at="sides")]
    staff_side: Annotated[Text, Part("clarified", at="sides")]
    goes_wrong: Annotated[Text, Part("clarified", at="goes_wrong")]
    good_answer: Annotated[tuple[Utterance, ...], Field(min_length=2), Part("clarified", at="good_answer")]
    debrief: Annotated[tuple[Text, ...], Field(min_length=1), Part("clarified", at="debrief")]
    standards: Annotated[tuple[StandardRef, ...], Field(min_length=1), Part("clarified")]


ENTRY_TYPES: dict[str, type[Entry]] = {
    model.kind: model for model in (Standard, Behaviour, Customer, Case, Metric, Checklist, Scenario)
}


FOLDERS: dict[str, str] = {kind: model.folder for kind, model in ENTRY_TYPES.items()}
