"""Saved runs of checklists, as the browser hands them over: read by what a run may hold, whatever they say.

A file is another person's: its own result is not believed but computed again from its answers and its rule.
"""

from __future__ import annotations

import datetime as dt
import re
from codecs import BOM_UTF8
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic_core import from_json

from servicebook.content.model.types import Points, Unjudged
from servicebook.views.scoring import Answer, Band, Result, Rule, score

FORMAT = "servicebook-run"
# What the browser takes for a run at most, photographs and all.
LARGEST = 40_000_000
Trouble = Literal["large", "unreadable", "not-json", "foreign", "damaged"]
_Short = Annotated[str, Field(max_length=200)]
_Long = Annotated[str, Field(max_length=1000)]
# What either Python or browsers call blank: both read the same name of a place.
_BLANKS = re.compile(r"[\s\ufeff]+")


def _whole(value: object) -> object:
    return int(value) if isinstance(value, float) and value.is_integer() else value


# A number is a number: what only looks like one was not written by the browser. To that, 2.0 is 2.
_Count = Annotated[Points, BeforeValidator(_whole), Field(strict=True)]


def day_in(value: object) -> dt.date | None:
    """Return the day of the calendar that a text names, or None.

    Who types «26» into a browser's field of days writes the year 0026: a year below 100 is one of this
    century. `answer.js` reads days by the same rule.
    """
    if not isinstance(value, str) or not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        return None
    try:
        return dt.date.fromisoformat(re.sub("^00", "20", value))
    except ValueError:
        return None


def _day(value: object) -> dt.date:
    if day := day_in(value):
        return day
    raise ValueError


def _meant(text: str) -> str:
    return day.isoformat() if (day := day_in(text)) else text


_Day = Annotated[dt.date, BeforeValidator(_day)]


class _Told(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class Action(_Told):
    """What is done about a row that failed."""

    what: _Long = ""
    who: _Short = ""
    by: Annotated[_Short, AfterValidator(_meant)] = ""

    @property
    def due(self) -> dt.date | None:
        """The day until when, if it is one."""
        return day_in(self.by)


class Line(_Told):
    """A row as it was asked, and what was answered. `digest` tells its wording from another."""

    section: _Short = ""
    title: _Short = ""
    id: _Short
    text: _Long
    level: _Short = "expected"
    digest: _Short
    answer: Answer
    note: _Long = ""
    action: Action = Action()


class _Band(_Told):
    at_least: _Count
    title: _Short
    meaning: _Long = ""


class _Rule(_Told):
    weights: Annotated[dict[_Short, _Count], Field(max_length=20)]
    gate: Annotated[tuple[_Short, ...], Field(max_length=20)] = ()
    blank: Unjudged = "incomplete"
    unobserved: Unjudged = "excluded"
    bands: Annotated[tuple[_Band, ...], Field(max_length=20)] = ()


class _Visit(_Told):
    id: _Short = ""
    name: _Short = ""
    place: _Short = ""
    date: _Day
    hour: _Short = ""
    touched: Annotated[float, Field(strict=True, allow_inf_nan=False)] = 0
    ended: Any = None


def _dated(visit: object) -> object:
    """Return a visit; one whose day was emptied is of the day that it was begun on."""
    if isinstance(visit, dict) and visit.get("date") == "":
        return {**visit, "date": visit.get("day")}
    return visit


class _File(_Told):
    checklist: _Short
    title: _Short
    edition: _Short = ""
    rule: _Rule
    run: Annotated[_Visit, BeforeValidator(_dated)]
    items: Annotated[tuple[Line, ...], Field(min_length=1, max_length=2000)]


@dataclass(frozen=True)
class Run:
    """A run that was saved, with the result that its answers come to.

    `state` says whether it was ended and when it was last touched: of two copies the greater one holds.
    """

    file: str
    id: str
    checklist: str
    title: str
    edition: str
    name: str
    place: str
    date: dt.date
    hour: str
    state: tuple[bool, float]
    lines: tuple[Line, ...]
    rule: Rule
    result: Result

    @cached_property
    def by_id(self) -> dict[str, Line]:
        """The rows by their ids."""
        return {line.id: line for line in self.lines}


@dataclass(frozen=True)
class Refused:
    """A file that holds no run that can be used, and why.

    `place` is where: line and column of what is no JSON (`3:14`), else the path of the value
    (`items[3].answer`); nothing where it is the file as a whole.
    """

    file: str
    trouble: Trouble
    place: str = ""


def read_runs(folder: Path) -> Iterator[Run | Refused]:
    """Yield each run saved below a folder, in the order of their files' names, or why there is none."""
    for path in sorted(folder.rglob("*.json")):
        name = path.relative_to(folder).as_posix()
        if not path.is_file():  # to read a pipe is to wait for its other end, and a device has no end
            yield Refused(name, "unreadable")
            continue
        try:
            content = path.read_bytes() if path.stat().st_size <= LARGEST else None
        except OSError:
            yield Refused(name, "unreadable")
            continue
        yield Refused(name, "large") if content is None else read_run(name, content)


def read_run(name: str, content: bytes) -> Run | Refused:
    """Return the run in a file's bytes, or why there is none."""
    try:
        data: Any = from_json(content.removeprefix(BOM_UTF8), allow_inf_nan=False, cache_strings="keys")
    except ValueError as error:
        return Refused(name, "not-json", _place_told(str(error), content))
    if not isinstance(data, Mapping):
        return Refused(name, "foreign")
    for mark, wanted in (("format", FORMAT), ("version", 2)):
        if data.get(mark) != wanted:
            return Refused(name, "foreign", mark)
    try:
        file = _File.model_validate(data)
    except ValidationError as error:
        return Refused(name, "damaged", _place_of(error.errors(include_input=False)[0]["loc"]))
    rule = _rule(file.rule)
    # What an old list had may stand twice in a spoiled file; a row is graded once.
    rows = {line.id: (i, line) for i, line in enumerate(file.items)}
    for i, line in rows.values():
        if line.level not in rule.weights:
            return Refused(name, "damaged", f"items[{i}].level")
    lines = tuple(line for _, line in rows.values())
    visit = file.run
    return Run(
        name,
        visit.id,
        file.checklist,
        file.title,
        file.edition,
        _BLANKS.sub(" ", visit.name).strip(),
        _BLANKS.sub(" ", visit.place).strip(),
        visit.date,
        visit.hour,
        (isinstance(visit.ended, Mapping), visit.touched),
        lines,
        rule,
        score(lines, rule),
    )


def latest_copies(runs: Iterable[Run]) -> tuple[list[Run], list[tuple[Run, Run]]]:
    """Return each run once, in the order of visits, and every earlier copy beside the one that holds."""
    kept: dict[tuple[str, str], Run] = {}
    copies: list[Run] = []
    for run in sorted(runs, key=lambda run: run.state):
        # A run without an id was made by hand; nothing tells that two of them are one.
        key = (run.checklist, run.id or f"/{run.file}")
        if key in kept:
            copies.append(kept[key])
        kept[key] = run
    order = sorted(kept.values(), key=lambda run: (run.date, run.hour, run.file))
    return order, [(copy, kept[copy.checklist, copy.id]) for copy in copies]


def _place_told(sentence: str, content: bytes) -> str:
    """Return line and column of what the reader of JSON stumbled over, which it tells in its sentence."""
    found = re.search(r"at line (\d+) column (\d+)$", sentence)
    if not found:
        return ""
    line, column = map(int, found.groups())
    # It counts bytes, and says of an empty text that its line ends before the first column.
    start = content.split(b"\n", line)[line - 1][: max(0, column - 1)]
    return f"{line}:{len(start.decode(errors='replace')) + 1}"


def _place_of(path: Iterable[str | int]) -> str:
    """Return the path of a value as programs write it; what a file itself names is left out."""
    parts: list[str] = []
    for segment in path:
        parts.append(f"[{segment}]" if isinstance(segment, int) else f".{segment}")
        if segment == "weights":
            break
    return "".join(parts).removeprefix(".")


def _rule(told: _Rule) -> Rule:
    bands = [Band(band.at_least, band.title, band.meaning) for band in told.bands]
    bands.sort(key=lambda band: -band.at_least)
    # Whatever a file says, the lowest grade begins at nothing.
    lowest = [Band(0, band.title, band.meaning) for band in bands[-1:]]
    return Rule(told.weights, told.gate, told.blank, told.unobserved, (*bands[:-1], *lowest))
