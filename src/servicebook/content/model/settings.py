"""What belongs to a playbook as a whole: its settings, glossary, sources, foundations and frozen editions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import (
    AfterValidator,
    Field,
    StringConstraints,
)

from servicebook.content.model.types import (
    FORMATS,
    Citation,
    Date,
    ItemText,
    KebabId,
    Level,
    Line,
    Model,
    StandardRef,
    Text,
    Title,
    Url,
    WordId,
)
from servicebook.language.messages import LANGUAGES


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
    accessed: Date | None = None
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

if TYPE_CHECKING:
    Language = str
else:
    Language = Literal[LANGUAGES]


class Settings(Model):
    """`playbook.yml`: what belongs to the playbook as a whole."""

    title: Title
    description: Line
    organisation: Title
    language: Language
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
    """An entry as an edition printed it: a short hash of each part, and for a checklist its lines."""

    kind: Line
    title: Title
    parts: dict[Line, Line] = {}  # noqa: RUF012 - a model copies its defaults
    items: tuple[Line, ...] = ()


class FrozenEdition(Model):
    """An edition as it was: what later changes are computed from, without asking git."""

    name: Line
    date: Date
    items: dict[Line, FrozenItem]
    entries: dict[Line, FrozenEntry]


VOCABULARIES = ("pillars", "principles", "channels", "roles", "moments", "services")
