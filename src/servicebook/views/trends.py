"""What saved runs tell, as a report: headings, sentences, tables and charts, in the order they are read.

One report feeds the page, the workbook and paper. `overrides/assets/js/trends.js` makes the same in the
browser, and `tests/browser/test_compare.py` holds it to this one.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from servicebook.language.messages import Messages
from servicebook.views.charts import Chart, Frame

# Tables show so many visits, the last ones; charts and data have all.
SHOWN = 12
_NONE = "—"


class Heading(NamedTuple):
    """A heading, of the second level or below."""

    level: int
    text: str
    kind: str = "heading"


class Text(NamedTuple):
    """A sentence."""

    text: str
    kind: str = "text"


class Table(NamedTuple):
    """A table whose first column names the row; no two of a report have the same title."""

    name: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    kind: str = "table"


class Charts(NamedTuple):
    """Charts beside each other, of one scale and one span of time."""

    charts: tuple[Chart, ...]
    kind: str = "charts"


Block = Heading | Text | Table | Charts


def report_of(summary: dict[str, Any], say: Messages) -> list[Block]:
    """Return the report of what `views.audits.summarise` found."""
    words = _Words(say)
    return [
        *(block for one in summary["checklists"] for block in _Report(one, words).blocks()),
        *_not_used(summary, words),
    ]


class _Words:
    """The sentences of reports, and those that the screen says of runs."""

    def __init__(self, say: Messages) -> None:
        self._say = say

    def __call__(self, key: str, **values: object) -> str:
        group = "trends" if f"trends.{key}" in self._say else "screen"
        return self._say(f"{group}.{key}", **values)

    def day(self, date: str) -> str:
        return self._say.date(dt.date.fromisoformat(date)) if date else ""

    def level(self, level: str) -> str:
        return self._say(f"level.{level}") if f"level.{level}" in self._say else level

    def answer(self, answer: str) -> str:
        return self(answer or "none")

    def kappa(self, kappa: float | None) -> str:
        return _NONE if kappa is None else self._say.number(round(kappa, 2))

    def titled(self, name: str, *of: str) -> tuple[str, str]:
        """Return a table's name, and its title: what it is of what."""
        return name, f"{self(name)}{self._say('language.colon')}{', '.join(of)}"

    def percent(self, percent: int | None) -> str:
        return _NONE if percent is None else self("percent", value=percent)


class _Report:
    """The report of one checklist."""

    def __init__(self, told: dict[str, Any], words: _Words) -> None:
        self.told = told
        self.words = words
        starts = [band["at_least"] for band in told["bands"]]
        self.frame = Frame(dt.date.fromisoformat(told["from"]), dt.date.fromisoformat(told["to"]), starts)

    def blocks(self) -> Iterator[Block]:
        told, words = self.told, self.words
        places = told["places"]
        yield Heading(2, told["title"])
        count = sum(len(place["runs"]) for place in places)
        yield Text(self._span(count, len(places)))
        yield from self._changes()
        yield Heading(3, words("places"))
        yield self._overview()
        yield Charts(tuple(self._chart(_named(place, words), place["runs"]) for place in places))
        yield from self._overdue()
        yield from self._again()
        for place in places:
            yield from self._place(place)
        yield from self._calibration()

    def _overview(self) -> Table:
        words, told = self.words, self.told
        columns = ("place", "last", "result", "share", "change", "again-short", "overdue-short")
        rows = []
        for place in told["places"]:
            last = place["runs"][-1]
            late = sum(action["place"] == place["place"] for action in told["overdue"])
            rows.append(
                (
                    _named(place, words),
                    words.day(last["date"]),
                    self._result(last),
                    words.percent(last["percent"]),
                    self._change(place["runs"]),
                    str(len(place["again"])),
                    str(late),
                )
            )
        return Table(*words.titled("places", told["title"]), tuple(map(words, columns)), tuple(rows))

    def _change(self, runs: Sequence[dict[str, Any]]) -> str:
        """Return what changed since the visit before, in the rows that both asked alike."""
        last = runs[-1]
        before = [run for run in runs if run["date"] < last["date"] and run["percent"] is not None]
        if last["alike"]:
            return self._alike(last)
        if last["percent"] is None or not before or before[-1]["list"] != last["list"]:
            return _NONE
        change = last["percent"] - before[-1]["percent"]
        return f"+{change}" if change > 0 else f"−{-change}" if change else "0"

    def _alike(self, run: dict[str, Any]) -> str:
        if not run["alike"]:
            return ""
        words, alike = self.words, run["alike"]
        shares = {name: words.percent(alike[name]) for name in ("before", "percent")}
        return words("alike", rows=alike["rows"], **shares)

    def _result(self, run: dict[str, Any]) -> str:
        words = self.words
        match run["verdict"]:
            case "partial":
                return words("verdict-partial", done=run["done"], all=run["all"])
            case "gate":
                return " ".join(filter(None, (words("verdict-gate"), run["band"])))
            case "empty":
                return _NONE
            case _:
                return run["band"] or words.percent(run["percent"])

    # --- what changed ----------------------------------------------------------------------------

    def _changes(self) -> Iterator[Block]:
        words, rows = self.words, []
        for one in self.told["lists"]:
            head = (words.day(one["since"]), one["edition"])
            rows += [(*head, *line) for line in self._changes_in(one["changes"] or {})]
        if rows:
            yield Heading(3, words("changed"))
            yield Text(words("changed-how"))
            columns = ("since", "edition", "what-changed", "before", "now")
            yield Table(*words.titled("changed", self.told["title"]), tuple(map(words, columns)), tuple(rows))

    def _changes_in(self, changes: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
        words = self.words
        for row in changes.get("added", ()):
            yield words("row-added"), _NONE, row["text"]
        for row in changes.get("removed", ()):
            yield words("row-removed"), row["text"], _NONE
        for row in changes.get("reworded", ()):
            yield words("row-reworded"), row["before"], row["text"]
        for row in changes.get("levels", ()):
            now = words.level(row["level"])
            yield words("row-level", row=row["text"]), words.level(row["before"]), now
        if changes.get("rule"):
            yield words("rule-changed"), _NONE, _NONE

    # --- what to do ------------------------------------------------------------------------------

    def _overdue(self) -> Iterator[Block]:
        words, rows = self.words, []
        for one in self.told["overdue"]:
            what = one["what"] or words("action-unsaid")
            late = words("days", days=one["days"])
            rows.append((what, one["who"] or _NONE, words.day(one["by"]), late, one["place"], one["text"]))
        columns = ("what", "who", "by", "late", "place", "row")
        yield from self._list("overdue", columns, rows)

    def _again(self) -> Iterator[Block]:
        words, rows = self.words, []
        for place in self.told["places"]:
            for row in place["again"]:
                level = words.level(row["level"]) + (words("may-not-fail") if row["gate"] else "")
                since = words.day(row["since"])
                rows.append((row["text"], level, str(row["times"]), since, _named(place, words)))
        yield from self._list("again", ("row", "level", "times", "since", "place"), rows)

    def _list(self, name: str, columns: Sequence[str], rows: Sequence[tuple[str, ...]]) -> Iterator[Block]:
        words = self.words
        yield Heading(3, words(name))
        if rows:
            yield Table(*words.titled(name, self.told["title"]), tuple(map(words, columns)), tuple(rows))
        else:
            yield Text(words(f"{name}-none"))

    # --- places ----------------------------------------------------------------------------------

    def _place(self, place: dict[str, Any]) -> Iterator[Block]:
        words, runs = self.words, place["runs"][-SHOWN:]
        of = (_named(place, words), self.told["title"])
        yield Heading(3, of[0])
        if len(runs) < len(place["runs"]):
            yield Text(words("shown", shown=len(runs), all=len(place["runs"])))
        visits = tuple(
            (
                words.day(run["date"]),
                run["name"] or _NONE,
                self._result(run),
                words.percent(run["percent"]),
                run["edition"],
                self._alike(run),
            )
            for run in runs
        )
        columns = ("date", "auditor", "result", "share", "edition", "list-changed")
        yield Heading(4, words("visits"))
        yield Table(*words.titled("visits", *of), tuple(map(words, columns)), visits)
        sections = place["sections"]
        lines = tuple(
            (
                section["title"] or _NONE,
                *(words.percent(point["percent"]) for point in section["points"][-SHOWN:]),
            )
            for section in sections
        )
        yield Heading(4, words("sections"))
        yield Table(*words.titled("sections", *of), (words("section"), *_columns(runs)), lines)
        yield Charts(
            tuple(
                self._chart(
                    section["title"] or _NONE,
                    [
                        # Which row may not fail is a matter of the whole list: no section has a verdict.
                        {**run, "verdict": None, "percent": point["percent"]}
                        for run, point in zip(place["runs"], section["points"], strict=True)
                        if point["percent"] is not None
                    ],
                )
                for section in sections
            )
        )

    # --- charts ----------------------------------------------------------------------------------

    def _chart(self, title: str, runs: Sequence[dict[str, Any]]) -> Chart:
        words, told = self.words, self.told
        ends = (words.day(told["from"]), words.day(told["to"]) if self.frame.span else "")
        return self.frame.draw(title, self._description(title, runs), ends, runs)

    def _description(self, title: str, runs: Sequence[dict[str, Any]]) -> str:
        words = self.words
        graded = [run for run in runs if run["percent"] is not None]
        if not graded:
            return words("chart-empty", title=title)
        first, last = ({"day": words.day(run["date"]), **run} for run in (graded[0], graded[-1]))
        gates = sum(run["verdict"] == "gate" for run in runs)
        values = {"first": words.percent(first["percent"]), "last": words.percent(last["percent"])}
        days = {"from": first["day"], "to": last["day"]}
        key = "chart" if runs[0]["verdict"] else "chart-section"
        if len(graded) == 1:
            key, values, days = f"{key}-day", {"value": values["first"]}, {"day": first["day"]}
        return words(key, title=title, count=len(runs), gates=gates, **values, **days)

    def _span(self, runs: int, places: int) -> str:
        """Return how many runs there are of how many places, and when: on one day, or from one to another."""
        first, last = (self.words.day(self.told[end]) for end in ("from", "to"))
        if first == last:
            return self.words("span-day", runs=runs, places=places, day=first)
        return self.words("span", runs=runs, places=places, **{"from": first, "to": last})

    # --- calibration -----------------------------------------------------------------------------

    def _calibration(self) -> Iterator[Block]:
        words, pairs = self.words, self.told["calibration"]
        if not pairs:
            return
        yield Heading(3, words("calibration"))
        yield Text(words("calibration-how"))
        columns = ("date", "place", "people", "rows-both", "agreed", "kappa")
        rows = tuple(
            (
                words.day(pair["date"]),
                pair["place"] or words("unsaid"),
                _people(pair),
                str(pair["count"]),
                words.percent(100 * pair["agreed"] // pair["count"] if pair["count"] else None),
                words.kappa(pair["kappa"]),
            )
            for pair in pairs
        )
        yield Table(*words.titled("calibration", self.told["title"]), tuple(map(words, columns)), rows)
        parted = tuple(
            (row["text"], words.day(pair["date"]), _people(pair), *map(words.answer, row["answers"]))
            for pair in pairs
            for row in pair["parted"]
        )
        if parted:
            titles = ("row", "date", "people", "first-person", "second-person")
            yield Heading(4, words("parted"))
            yield Table(*words.titled("parted", self.told["title"]), tuple(map(words, titles)), parted)


def _columns(runs: Sequence[dict[str, Any]]) -> Iterator[str]:
    """Yield what tells a run from the others of a place: its day, and who looked where two did that day."""
    days = [run["date"] for run in runs]
    for run in runs:
        yield run["date"] if days.count(run["date"]) == 1 else f"{run['date']} {run['name'] or _NONE}"


def _not_used(summary: dict[str, Any], words: _Words) -> Iterator[Block]:
    rows = [
        (one["file"], words(f"trouble-{one['trouble']}"), one["place"] or _NONE) for one in summary["refused"]
    ]
    rows += [(one["file"], words("copy", file=one["of"]), _NONE) for one in summary["copies"]]
    if rows:
        yield Heading(2, words("not-used"))
        yield Table("not-used", words("not-used"), tuple(map(words, ("file", "why", "where"))), tuple(rows))


def _named(place: dict[str, Any], words: _Words) -> str:
    return place["place"] or words("unsaid")


def _people(pair: dict[str, Any]) -> str:
    return " · ".join(name or _NONE for name in pair["names"])
