"""Saved runs over time as a workbook: every visit with its chart, each section, and what there is to do."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import xlsxwriter  # type: ignore[import-untyped]

from servicebook.language.messages import Messages
from servicebook.paper.workbook import Looks, add_sheet, close, set_page, write_row
from servicebook.views.trends import Heading, Table, report_of

# What of the report stands on sheets of its own, one for all checklists.
_TOLD = ("places", "overdue", "again", "changed", "calibration", "parted", "not-used")
_VISITS = ("checklist", "place", "date", "hour", "auditor", "edition", "result", "percent", "gates", "file")
_SECTIONS = ("checklist", "place", "date", "section", "percent")


class _Sheet(NamedTuple):
    """A sheet: its name, the titles of its columns, and its lines of texts, numbers and days."""

    title: str
    columns: tuple[str, ...]
    rows: list[tuple[str | int | dt.date | None, ...]]


def audits_workbook(summary: dict[str, Any], today: dt.date, say: Messages) -> bytes:
    """Return what `views.audits.summarise` found as a workbook; every text stays a text."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    created = dt.datetime.combine(today, dt.time())
    book.set_properties({"title": say("trends.title"), "created": created})
    looks = Looks(book)
    pages = []
    for sheet in _sheets(summary, say):
        pages.append(add_sheet(book, sheet.title, say))
        _write(pages[-1], sheet, looks)
    _draw(book, pages[0], summary, say)
    return close(book, out)


def _sheets(summary: dict[str, Any], say: Messages) -> Iterator[_Sheet]:
    yield _Sheet(say("trends.visits"), _titles(_VISITS, say), list(_visits(summary, say)))
    yield _Sheet(say("trends.sections"), _titles(_SECTIONS, say), list(_sections(summary)))
    found: dict[str, _Sheet] = {}
    title = ""
    for block in report_of(summary, say):
        if isinstance(block, Heading) and block.level == 2:
            title = block.text
        elif isinstance(block, Table) and block.name in _TOLD:
            head = () if block.name == "not-used" else (say("screen.column-checklist"),)
            name = say(f"trends.{block.name}")
            sheet = found.setdefault(block.name, _Sheet(name, (*head, *block.columns), []))
            sheet.rows.extend((*(title for _ in head), *row) for row in block.rows)
    yield from (found[name] for name in _TOLD if name in found)


def _titles(names: Sequence[str], say: Messages) -> tuple[str, ...]:
    return tuple(say(f"trends.column-{name}") for name in names)


def _visits(summary: dict[str, Any], say: Messages) -> Iterator[tuple[str | int | dt.date | None, ...]]:
    for told in summary["checklists"]:
        for place in told["places"]:
            for run in place["runs"]:
                result = run["band"] or (say("screen.partial") if run["verdict"] == "partial" else None)
                yield (
                    told["title"],
                    place["place"],
                    dt.date.fromisoformat(run["date"]),
                    run["hour"],
                    run["name"],
                    run["edition"],
                    result,
                    run["percent"],
                    ", ".join(run["gates"]),
                    run["file"],
                )


def _sections(summary: dict[str, Any]) -> Iterator[tuple[str | int | dt.date | None, ...]]:
    for told in summary["checklists"]:
        for place in told["places"]:
            for section in place["sections"]:
                for point in section["points"]:
                    date = dt.date.fromisoformat(point["date"])
                    yield told["title"], place["place"], date, section["title"], point["percent"]


def _write(page: Any, sheet: _Sheet, looks: Looks) -> None:
    widths = [
        max(10, min(48, max((len(str(row[i] or "")) for row in sheet.rows), default=0)), len(title))
        for i, title in enumerate(sheet.columns)
    ]
    for i, title in enumerate(sheet.columns):
        page.write_string(0, i, title, looks.head)
        page.set_column(i, i, widths[i] + 2)
    for number, row in enumerate(sheet.rows, 1):
        write_row(page, number, row, widths, looks)
    page.freeze_panes(1, 1)
    page.autofilter(0, 0, max(1, len(sheet.rows)), len(sheet.columns) - 1)
    set_page(page, "Letter", widths)
    page.repeat_rows(0)


def _draw(book: Any, page: Any, summary: dict[str, Any], say: Messages) -> None:
    """Draw the per cents of each checklist over time, a line for each place, beside the visits.

    The lines are drawn from a sheet out of sight: that of the visits is there to be sorted and filtered.
    """
    points, first = book.add_worksheet("_"), 0
    for number, told in enumerate(summary["checklists"]):
        chart = book.add_chart({"type": "scatter", "subtype": "straight_with_markers"})
        chart.show_hidden_data()
        for place in told["places"]:
            for line, run in enumerate(place["runs"], first):
                points.write_datetime(line, 0, dt.datetime.fromisoformat(run["date"]))
                if run["percent"] is not None:
                    points.write_number(line, 1, run["percent"])
            last = first + len(place["runs"]) - 1
            chart.add_series(
                {
                    "name": place["place"] or say("trends.unsaid"),
                    "categories": ["_", first, 0, last, 0],
                    "values": ["_", first, 1, last, 1],
                }
            )
            first = last + 1
        chart.set_title({"name": told["title"], "name_font": {"size": 12}})
        chart.set_x_axis({"num_format": "yyyy-mm-dd", "num_font": {"rotation": -45}})
        chart.set_y_axis({"min": 0, "max": 100})
        chart.set_size({"width": 760, "height": 340})
        page.insert_chart(1 + number * 18, len(_VISITS) + 1, chart, {"description": told["title"]})
    points.hide()
