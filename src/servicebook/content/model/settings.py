"""What belongs to a playbook as a whole: its settings, glossary, sources, foundations and frozen editions."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, Field, StringConstraints
from pydantic_core import PydanticCustomError

from servicebook.content.model.brand import Brand
from servicebook.content.model.declared import Declarations
from servicebook.content.model.printed import Printed
from servicebook.content.model.types import (
    FORMATS,
    Citation,
    Date,
    FileName,
    FrozenId,
    ItemText,
    KebabId,
    Line,
    Model,
    Name,
    Part,
    Role,
    StandardRef,
    Text,
    Title,
    Url,
    WordId,
)
from servicebook.language.messages import LANGUAGES


class Term(Model):
    """A word of the trade. `also` lists the other forms in which it is met in a text."""

    id: Annotated[KebabId, Part("clarified")]
    title: Annotated[Title, Part("clarified")]
    definition: Annotated[Text, Part("clarified")]
    also: Annotated[tuple[Line, ...], Part("clarified")] = ()
    sources: Annotated[tuple[Citation, ...], Part("clarified")] = ()


class Query(Model):
    """What somebody may type into the search, and what must be found for it: an editor's expectation."""

    key: ClassVar[str] = "query"

    query: Line
    expect: Annotated[tuple[Name, ...], Field(min_length=1)]
    within: Annotated[int, Field(ge=1, le=20)] = 3


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

    id: Annotated[KebabId, Part("clarified")]
    title: Annotated[Title, Part("clarified")]
    text: Annotated[tuple[Text, ...], Field(min_length=1), Part("clarified")]
    points: Annotated[tuple[Point, ...], Part("clarified")] = ()
    standards: Annotated[tuple[StandardRef, ...], Part("clarified")] = ()
    sources: Annotated[tuple[Citation, ...], Field(min_length=1), Part("clarified")]


class TeamInfo(Model):
    """Who answers for entries; `handle` is its name at the code host, for CODEOWNERS."""

    title: Title
    contact: Line | None = None
    handle: Annotated[str, StringConstraints(pattern=FORMATS["handle"])] | None = None


class Edition(Model):
    """The edition in force: what is printed on every sheet. Its file is named like it when it is frozen."""

    name: FileName
    date: Date


class Feedback(Model):
    """Where readers' reports go: an e-mail address, an address of an issue form, or both."""

    email: Annotated[str, StringConstraints(pattern=FORMATS["email"])] | None = None
    form: Url | None = None


class Spreadsheet(Model):
    """What the spreadsheet programs of a playbook's readers expect.

    Without a `separator`, it is the one that most countries of the playbook's language use.
    """

    separator: Literal[",", ";"] | None = None


class Search(Model):
    """How a playbook's entries are found: more than `most_words` of an entry's own are told."""

    most_words: Annotated[int, Field(ge=1)] = 20


class LineUp(Model):
    """How a playbook's teams meet before they start: on how many days of the week, and when not.

    Besides the one for everybody, the `jobs` have a line-up of their own on paper.
    """

    days: Literal["weekdays", "all"] = "weekdays"
    closed: tuple[Date, ...] = ()
    jobs: tuple[Role, ...] = ()


# Which languages a playbook can be in depends on what it brings; `load` tells of any other.
Language = Annotated[str, Field(json_schema_extra={"enum": [*LANGUAGES]})]


# What of a playbook's YAML this engine knows; a playbook that says nothing is of the first. `editing.formats`
# tells what each asks of one that is older.
FORMAT = 2


def _known_format(number: int) -> int:
    """Refuse a format that only a newer engine knows."""
    if number > FORMAT:
        raise PydanticCustomError("format_newer", "of a newer engine", {"format": number, "known": FORMAT})
    return number


Format = Annotated[int, Field(ge=1), AfterValidator(_known_format)]


# As many letters as a card of 85 × 54 mm has room for.
PROMISE = 180


class About(Model):
    """What a playbook is called, whose it is, and who answers for it."""

    title: Title
    description: Line
    promise: Annotated[Line, StringConstraints(max_length=PROMISE)] | None = None
    organisation: Title
    language: Language
    format: Format = 1
    address: Annotated[Url, AfterValidator(lambda url: url.rstrip("/") + "/")]
    edition: Edition
    feedback: Feedback = Feedback()
    spreadsheet: Spreadsheet = Spreadsheet()
    search: Search = Search()
    brand: Brand = Brand()
    country: Annotated[str, StringConstraints(pattern=FORMATS["country"])] | None = None
    lineup: LineUp = LineUp()
    teams: Annotated[dict[WordId, TeamInfo], Field(min_length=1)]
    sentences: Annotated[dict[Line, Line], Field(alias="words")] = Field(default_factory=dict)


class Settings(Declarations, About):
    """`playbook.yml`: what belongs to the playbook as a whole.

    The fields of the last base come first.
    """

    @property
    def separator(self) -> str:
        """What separates the columns of a CSV: a comma where a comma does not separate decimals."""
        return self.spreadsheet.separator or ("," if self.language == "en" else ";")

    @cached_property
    def words(self) -> Mapping[str, Mapping[str, str]]:
        """The words of each vocabulary with their titles, by the vocabulary's name.

        Besides the built-in vocabularies and those declared, each framework is one: `frameworks.<id>`. The
        title of a usual level is empty: the catalogue has it.
        """
        vocabularies = {**{name: getattr(self, name) for name in VOCABULARIES}, **self.vocabularies}
        elements = {f"frameworks.{name}": info.elements for name, info in self.frameworks.items()}
        titles = {name: {id_: it.title for id_, it in words.items()} for name, words in vocabularies.items()}
        return {**titles, **elements}


class FrozenItem(Model):
    """A line of a checklist as an edition printed it."""

    level: WordId
    text: ItemText


class FrozenEntry(Model):
    """An entry as an edition printed it: a short hash of each part, its words where it has no more than
    words, for a checklist its lines, and what its sheet said, from which the sheet can be set again.

    `in_book` is a short hash of what the book said of it.
    """

    kind: Line
    title: Title
    parts: dict[Line, Line] = {}  # noqa: RUF012 - a model copies its defaults
    texts: dict[Line, str] = {}  # noqa: RUF012 - a model copies its defaults
    items: tuple[FrozenId, ...] = ()
    sheet: Printed | None = None
    in_book: Line | None = None


# The parts of the whole that are no entry.
BOOK_PARTS = ("cover", "foundations", "glossary", "sources", "training", "credo")


class FrozenEdition(Model):
    """An edition as it was: what later changes are computed from, without asking git.

    One that was frozen before sheets were kept has no organisation, and none of its entries a sheet.
    `book` is a short hash of each part of the book that is no entry, of what is printed for training, and of
    the credo.
    """

    name: FileName
    date: Date
    organisation: Title | None = None
    items: dict[FrozenId, FrozenItem]
    entries: dict[FrozenId, FrozenEntry]
    book: dict[Line, Line] = {}  # noqa: RUF012 - a model copies its defaults


# The vocabularies of every playbook; more may be declared under `vocabularies`.
VOCABULARIES = ("pillars", "principles", "channels", "roles", "moments", "services", "levels", "teams")
