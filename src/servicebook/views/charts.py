"""Charts of per cents over time: where lines, marks and numbers stand, in the units of the picture.

A chart's template draws what is told here, on a page as in a file; `trends.js` tells the same in the browser.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

# A chart's size, and the frame round its lines.
WIDTH, HEIGHT = 360, 170
_LEFT, _RIGHT, _TOP, _BOTTOM = 34, 12, 14, 26
_LEAST_GAP = 12


class Mark(NamedTuple):
    """A visit in a chart: where, and whether it was graded, failed what may not fail, or was not finished."""

    x: int
    y: int
    form: str


class Chart(NamedTuple):
    """Per cents over time. `lines` are the points of each unbroken line; `changes` where the list changed."""

    title: str
    description: str
    bands: tuple[tuple[int, str], ...]
    lines: tuple[str, ...]
    changes: tuple[int, ...]
    marks: tuple[Mark, ...]
    ends: tuple[str, str]
    kind: str = "chart"


class Frame:
    """The frame that charts share: one span of time, and the per cents at which grades begin."""

    def __init__(self, first: dt.date, last: dt.date, starts: Sequence[int]) -> None:
        self.first = first
        self.span = (last - first).days
        self.bands = tuple(_bands(starts))

    def draw(
        self, title: str, description: str, ends: tuple[str, str], runs: Sequence[dict[str, Any]]
    ) -> Chart:
        """Return the chart of runs in their order; where the list changed, its line breaks."""
        marks: list[Mark] = []
        changes: list[int] = []
        lines: list[list[str]] = [[]]
        for i, run in enumerate(runs):
            x = self._across(run["date"])
            if i and run["list"] != runs[i - 1]["list"]:
                changes.append(x)
                lines.append([])
            if run["percent"] is None:
                marks.append(Mark(x, HEIGHT - _BOTTOM, "partial"))
                continue
            y = _down(run["percent"])
            marks.append(Mark(x, y, "gate" if run["verdict"] == "gate" else "graded"))
            lines[-1].append(f"{x},{y}")
        unbroken = tuple(" ".join(points) for points in lines if len(points) > 1)
        return Chart(title, description, self.bands, unbroken, tuple(changes), tuple(marks), ends)

    def _across(self, date: str) -> int:
        width = WIDTH - _LEFT - _RIGHT
        days = (dt.date.fromisoformat(date) - self.first).days
        return _LEFT + (width * days // self.span if self.span else width // 2)


def _bands(starts: Sequence[int]) -> Iterator[tuple[int, str]]:
    """Yield the lines across: where grades begin, and the ends; what has no room has no number."""
    taken: list[int] = []
    for percent in (0, 100, *starts):
        y = _down(percent)
        if y in taken:
            continue
        free = all(abs(y - other) >= _LEAST_GAP for other in taken)
        taken.append(y)
        yield y, str(percent) if free else ""


def _down(percent: int) -> int:
    return HEIGHT - _BOTTOM - (HEIGHT - _TOP - _BOTTOM) * percent // 100
