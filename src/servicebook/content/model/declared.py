"""What an organisation may declare in `playbook.yml` about its own playbook: vocabularies, levels,
frameworks, fields, forms of ids and kinds of entries."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from servicebook.content.model.types import (
    FORMATS,
    Citation,
    Flag,
    Line,
    Model,
    Part,
    Points,
    SourceRef,
    Text,
    Title,
    WordId,
)

FieldId = Annotated[str, StringConstraints(pattern=FORMATS["field"], max_length=30)]


KindId = Annotated[str, StringConstraints(pattern=FORMATS["kind"], max_length=30)]


# Where a declared field is seen besides its entry's page and `playbook.json`, which hold it always.
Place = Literal["facts", "card", "paper", "spreadsheet", "facet"]


class VocabularyWord(Model):
    """A word that entries are classed by."""

    title: Title
    description: Text | None = None
    sources: tuple[Citation, ...] = ()


Vocabulary = Annotated[dict[WordId, VocabularyWord], Field(min_length=1)]


class LevelInfo(Model):
    """How much it matters that something is kept. `gate` says that an audit fails when one row of it does."""

    title: Title
    description: Text | None = None
    weight: Points
    gate: Flag = False
    colour: Annotated[str, StringConstraints(pattern=FORMATS["colour"])] | None = None


class Framework(Model):
    """A model of the field that standards are mapped to, and its elements by id."""

    title: Title
    source: SourceRef | None = None
    elements: Annotated[dict[WordId, Title], Field(min_length=1)]


class FieldInfo(Model):
    """A field of the organisation's own. A word is one of a `vocabulary`, a reference leads to a `kind`."""

    type: Literal["line", "text", "number", "date", "flag", "word", "list", "url", "reference"]
    vocabulary: WordId | None = None
    kind: WordId | None = None
    several: Flag = False
    required: Flag = False
    label: Title
    help: Line | None = None
    shows: tuple[Place, ...] = ("facts",)
    change: Annotated[Literal["substantive", "clarified", "editorial"], Field(alias="class")] = "clarified"


class KindInfo(Model):
    """The names and the address of a kind; of one of the organisation's own also its folder and fields."""

    title: Title | None = None
    title_one: Title | None = None
    folder: WordId | None = None
    address: WordId | None = None
    fields: dict[FieldId, FieldInfo] = Field(default_factory=dict)
    summary: FieldId | None = None


def usual_levels() -> dict[str, LevelInfo]:
    """Return the levels of a playbook that declares none; their titles stand in the catalogues."""
    weights = {"essential": 3, "expected": 2, "excellence": 1}
    return {
        name: LevelInfo.model_construct(title="", weight=weight, gate=name == "essential")
        for name, weight in weights.items()
    }


class Declarations(Model):
    """What of `playbook.yml` says which entries there may be and what they may hold."""

    pillars: Annotated[Vocabulary, Part("clarified")]
    principles: Annotated[Vocabulary, Part("clarified")] = Field(default_factory=dict)
    channels: Annotated[Vocabulary, Part("clarified")] = Field(default_factory=dict)
    roles: Annotated[Vocabulary, Part("clarified")] = Field(default_factory=dict)
    moments: Annotated[Vocabulary, Part("clarified")] = Field(default_factory=dict)
    services: Annotated[Vocabulary, Part("clarified")] = Field(default_factory=dict)
    vocabularies: Annotated[dict[WordId, Vocabulary], Part("clarified")] = Field(default_factory=dict)
    levels: Annotated[dict[WordId, LevelInfo], Field(min_length=1), Part("substantive")] = Field(
        default_factory=usual_levels
    )
    frameworks: Annotated[dict[WordId, Framework], Part("clarified")] = Field(default_factory=dict)
    fields: Annotated[dict[WordId, dict[FieldId, FieldInfo]], Part("clarified")] = Field(default_factory=dict)
    ids: Annotated[dict[WordId, Line], Part("editorial")] = Field(default_factory=dict)
    kinds: Annotated[dict[KindId, KindInfo], Part("clarified")] = Field(default_factory=dict)
