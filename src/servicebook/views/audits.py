"""Saved runs over time: how places and sections fare, what fails again, what is overdue, who sees alike.

`overrides/assets/js/audits.js` says the same in the browser, and `tests/browser/test_compare.py` holds both
to the same files.
"""

from __future__ import annotations

import datetime as dt
import itertools
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any

from servicebook.views.agreement import agreement_of
from servicebook.views.drift import alike, lists_of
from servicebook.views.runs import Line, Refused, Run, latest_copies
from servicebook.views.scoring import score

# A row that failed at so many visits to a place, one after the other, fails again.
AGAIN = 2


def summarise(found: Iterable[Run | Refused], today: dt.date) -> dict[str, Any]:
    """Return what saved runs tell, as plain data: of each checklist by itself, and the files not used."""
    read: list[Run] = []
    refused: list[Refused] = []
    for one in found:
        if isinstance(one, Run):
            read.append(one)
        else:
            refused.append(one)
    runs, copies = latest_copies(read)
    lists: dict[str, list[Run]] = defaultdict(list)
    for run in runs:
        lists[run.checklist].append(run)
    return {
        "checklists": [_checklist(lists[name], today) for name in sorted(lists)],
        "refused": [asdict(one) for one in sorted(refused, key=lambda one: one.file)],
        "copies": sorted(({"file": one.file, "of": run.file} for one, run in copies), key=_by_file),
    }


def _by_file(copy: dict[str, str]) -> str:
    return copy["file"]


def _checklist(runs: Sequence[Run], today: dt.date) -> dict[str, Any]:
    lists, numbers = lists_of(runs)
    list_of = {run.file: number for run, number in zip(runs, numbers, strict=True)}
    places: dict[str, list[Run]] = defaultdict(list)
    for run in runs:
        places[_folded(run.place)].append(run)
    order = [places[name] for name in sorted(places)]
    return {
        "checklist": runs[-1].checklist,
        "title": runs[-1].title,
        "from": runs[0].date.isoformat(),
        "to": runs[-1].date.isoformat(),
        "bands": [asdict(band) for band in runs[-1].rule.bands],
        "lists": lists,
        "places": [_place(some, list_of) for some in order],
        "overdue": _overdue(order, today),
        "calibration": [pair for some in order for pair in _calibration(some)],
    }


def _folded(name: str) -> str:
    """Return a place's name as it is told from others: no two people write it quite alike."""
    parts = unicodedata.normalize("NFD", name)
    return "".join(char for char in parts if not unicodedata.category(char).startswith("M")).lower()


def _place(runs: Sequence[Run], list_of: dict[str, int]) -> dict[str, Any]:
    points = []
    for i, run in enumerate(runs):
        number = list_of[run.file]
        changed = i > 0 and list_of[runs[i - 1].file] != number
        points.append({**_point(run, number), "alike": alike(runs[i - 1], run) if changed else None})
    return {
        "place": runs[-1].place,
        "runs": points,
        "sections": _sections(runs),
        "again": _again(runs),
    }


def _point(run: Run, number: int) -> dict[str, Any]:
    result = run.result
    band = run.rule.bands[result.band].title if result.band is not None else None
    visit = {"file": run.file, "date": run.date.isoformat(), "hour": run.hour, "name": run.name}
    return {
        **visit,
        "edition": run.edition,
        "list": number,
        "verdict": result.verdict,
        "done": result.done,
        "all": result.all,
        "percent": result.percent,
        "band": band,
        "gates": list(result.gates),
    }


def _sections(runs: Sequence[Run]) -> list[dict[str, Any]]:
    """Return how each section fared: a per cent for each run, or nothing where it has none."""
    titles: dict[str, str] = {}
    lines: dict[str, dict[str, list[Line]]] = defaultdict(lambda: defaultdict(list))
    for run in runs:
        for line in run.lines:
            titles[line.section] = line.title
            lines[line.section][run.file].append(line)
    return [
        {
            "section": section,
            "title": title,
            "points": [
                {"date": run.date.isoformat(), "percent": score(lines[section][run.file], run.rule).percent}
                for run in runs
            ],
        }
        for section, title in titles.items()
    ]


def _visits(runs: Sequence[Run]) -> list[list[Run]]:
    """Return the runs of each day: two people who looked together made one visit."""
    return [list(some) for _, some in itertools.groupby(runs, key=lambda run: run.date)]


def _again(runs: Sequence[Run]) -> list[dict[str, Any]]:
    """Return the rows that failed at the last visits in a row, in the same words, the most often first.

    A visit at which nobody could judge the row says nothing of it.
    """
    visits, last = _visits(runs), runs[-1]
    found: list[dict[str, Any]] = []
    for line in last.lines:
        since, times = "", 0
        for visit in reversed(visits):
            asked = [then for run in visit if (then := run.by_id.get(line.id))]
            if any(then.digest != line.digest for then in asked):
                break
            answers = {then.answer for then in asked}
            if "no" in answers:
                since, times = visit[0].date.isoformat(), times + 1
            elif "yes" in answers:
                break
        if times >= AGAIN:
            gate = line.level in last.rule.gate
            about = {"id": line.id, "text": line.text, "level": line.level, "gate": gate}
            found.append({**about, "times": times, "since": since})
    return sorted(found, key=lambda row: (-row["times"], not row["gate"], -last.rule.weights[row["level"]]))


def _overdue(places: Iterable[Sequence[Run]], today: dt.date) -> list[dict[str, Any]]:
    """Return the actions whose day has passed, unless the row was met on a later day or a new day was set."""
    found: list[dict[str, Any]] = []
    for runs in places:
        open_: dict[tuple[str, str], tuple[Run, Line, dt.date]] = {}
        for run in runs:
            for line in run.lines:
                key, due = (line.id, line.digest), line.action.due
                if line.answer == "no" and due:
                    open_[key] = (run, line, due)
                elif line.answer == "yes" and key in open_ and open_[key][0].date < run.date:
                    del open_[key]
        for run, line, due in open_.values():
            if due < today:
                row = {"date": run.date.isoformat(), "id": line.id, "text": line.text, "level": line.level}
                days = {"days": (today - due).days}
                found.append({"place": runs[-1].place, **row, **line.action.model_dump(), **days})
    return sorted(found, key=lambda action: (action["by"], _folded(action["place"]), action["id"]))


def _calibration(runs: Sequence[Run]) -> list[dict[str, Any]]:
    """Return, for two runs of one visit by two people, how far they agree and where they part."""
    found = []
    for visit in _visits(runs):
        for one, other in itertools.combinations(visit, 2):
            if _folded(one.name) == _folded(other.name):
                continue
            both = [(line, then) for line in one.lines if (then := _same(other, line))]
            agreement = agreement_of([(line.answer, then.answer) for line, then in both])
            parted = [
                {"id": line.id, "text": line.text, "answers": [line.answer, then.answer]}
                for line, then in both
                if line.answer != then.answer
            ]
            names = [one.name, other.name]
            about = {"place": one.place, "date": one.date.isoformat(), "names": names}
            found.append({**about, **asdict(agreement), "parted": parted})
    return found


def _same(run: Run, line: Line) -> Line | None:
    """Return the row of another run that asked the same, if both were answered."""
    then = run.by_id.get(line.id)
    return then if then and then.digest == line.digest and line.answer and then.answer else None
