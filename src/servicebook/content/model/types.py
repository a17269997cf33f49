"""The types of fields: how a text is written, what it refers to, and the marks that say so.

YAML scalars arrive here as text; the field's type alone decides what they mean.
"""

from __future__ import annotations

import datetime as dt
import re
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Literal
from urllib.parse import urlsplit

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

ChangeClass = Literal["substantive", "clarified", "editorial"]


def _readable_url(url: str) -> str:
    """Refuse an address that no program can take apart, such as one with an odd host or port."""
    try:
        _ = urlsplit(url).port
    except ValueError:
        pattern = {"pattern": FORMATS["url"]}
        raise PydanticCustomError("string_pattern_mismatch", "an address", pattern) from None
    return url


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


@dataclass(frozen=True)
class Part(Mark):
    """Marks what a field is to whoever works by it: how much a `change` to it, or below it, matters.

    `at` is the anchor under which its text stands on the entry's page (`title` is the page's top) and is
    found; without one it is no text of the page. What is printed is compared with the sheets on the wall.
    """

    change: ChangeClass
    at: str = ""
    printed: bool | None = None

    @property
    def is_printed(self) -> bool:
        """Tell whether a sheet of paper says it, which its text does unless the mark says otherwise."""
        return bool(self.at) if self.printed is None else self.printed

    def note(self) -> dict[str, object]:
        return {"x-change": self.change}


_DATE = re.compile(r"\d{4}-\d{2}-\d{2}").fullmatch


def _iso_date(value: object) -> object:
    """Refuse what pydantic would read as a timestamp: only `2026-01-31` is a date here."""
    if isinstance(value, str) and not _DATE(value):
        raise PydanticCustomError("date_format", "a date is written 2026-01-31")
    return value


def _true_or_false(value: object) -> object:
    """Refuse YAML 1.1's `yes`, `no`, `on`: only `true` and `false` are answers here."""
    if isinstance(value, str) and value not in ("true", "false"):
        raise PydanticCustomError("bool_parsing", "write true or false")
    return value


KEBAB = r"[a-z0-9]+(?:-[a-z0-9]+)*"


STANDARD = r"[A-Z]{2,6}-[0-9]{2,4}"


# What may follow an id in the address of one of its items.
ITEM_TAIL = rf"(\.{KEBAB})?$"


# How texts of some fields are written; `problem.format-<name>` says it to the editor.
FORMATS = {
    "line": r"^[^\n]*$",
    "kebab": rf"^{KEBAB}$",
    "standard": rf"^{STANDARD}$",
    "item": f"^{STANDARD}{ITEM_TAIL}",
    "former": rf"^({STANDARD}|{KEBAB})$",
    "url": r'^https?://[^\s"<>\\^`{|}\[\]/?#]+[^\s"<>\\^`{|}\[\]]*$',
    # What any system takes as the name of a file.
    "name": r"^\w(?:[\w .-]*\w)?$",
    # An id of whatever pattern, and of a line the line's own after a dot: no way out of a folder.
    "frozen": r"^[\w-]+(?:\.[\w-]+)*$",
    "email": r"^[^@\s]+@[^@\s]+\.[^@\s]+$",
    "handle": r"^@[\w./-]+$",
    "field": r"^[a-z][a-z0-9_]*$",
    "kind": r"^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$",
    # A file below the folder of media: no way out of it.
    "media": r"^media/[\w-]+(?:[/.][\w-]+)*$",
    # As ISO 3166 writes it.
    "country": r"^[A-Z]{2}$",
    "colour": r"^#[0-9a-fA-F]{6}$",
}


# The name of something else: an id, a word of a vocabulary.
Name = Annotated[str, StringConstraints(min_length=1)]


Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, pattern=FORMATS["line"])]


Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1), Inline()]


Title = Annotated[Line, StringConstraints(max_length=120)]


ItemText = Annotated[Text, StringConstraints(max_length=300)]


Date = Annotated[dt.date, BeforeValidator(_iso_date)]


Flag = Annotated[bool, BeforeValidator(_true_or_false)]


Number = Annotated[float, Field(allow_inf_nan=False)]


Points = Annotated[int, Field(ge=0, le=100)]


KebabId = Annotated[str, StringConstraints(pattern=FORMATS["kebab"], max_length=60)]


StandardId = Annotated[str, StringConstraints(pattern=FORMATS["standard"])]


FormerId = Annotated[str, StringConstraints(pattern=FORMATS["former"], max_length=60)]


ItemId = Annotated[str, StringConstraints(pattern=FORMATS["kebab"], max_length=20)]


WordId = Annotated[str, StringConstraints(pattern=FORMATS["kebab"])]


ItemAddress = Annotated[str, StringConstraints(pattern=FORMATS["item"])]


Url = Annotated[str, StringConstraints(pattern=FORMATS["url"]), AfterValidator(_readable_url)]


FileName = Annotated[Line, StringConstraints(pattern=FORMATS["name"], max_length=60)]


# An entry or a line of a list as an edition has it, whose standard or list may be gone.
FrozenId = Annotated[str, StringConstraints(pattern=FORMATS["frozen"], max_length=120)]


Status = Literal["draft", "active", "retired"]


# The usual ones; a playbook that declares its own has other types (`kinds`).
Level = Annotated[Literal["essential", "expected", "excellence"], Word("levels")]


Confidence = Literal["high", "medium", "low"]


Period = Literal["visit", "shift", "day", "week", "month", "once"]


# What no answer means for the grade: the audit is not finished, the row is left out, or it fails.
Unjudged = Literal["incomplete", "excluded", "failed"]


SignOffField = Literal["name", "place", "date", "signature", "observations"]


PageSize = Literal["A4", "Letter"]


Pillar = Annotated[Name, Word("pillars")]


Principle = Annotated[Name, Word("principles")]


Channel = Annotated[Name, Word("channels")]


Role = Annotated[Name, Word("roles")]


Moment = Annotated[Name, Word("moments")]


Service = Annotated[Name, Word("services")]


Team = Annotated[Name, Word("teams")]


StandardRef = Annotated[Name, Ref("standard")]


CustomerRef = Annotated[Name, Ref("customer")]


MetricRef = Annotated[Name, Ref("metric")]


CaseRef = Annotated[Name, Ref("case")]


SourceRef = Annotated[Name, Ref("source")]


class Model(BaseModel):
    """Base of everything read from YAML: unknown keys are refused, values do not change afterwards."""

    # What stands only inside other models is never validated by itself, so its validator need not be built.
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=False, defer_build=True)
    # The field that tells one from another in a file that lists them.
    key: ClassVar[str] = "id"


class Citation(Model):
    """Where a statement comes from: a source and, where known, the place in it."""

    source: SourceRef
    where: Line | None = None


def is_unsaid(value: object) -> bool:
    """Tell what a field that the model gained later is left out by: digests of earlier editions hold."""
    return value is None
