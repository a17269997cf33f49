"""Saved runs over time: how places and sections fare, what fails again, what is overdue, who sees alike."""

from __future__ import annotations

import datetime as dt
import itertools
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any

from servicebook.views.agreement import agreement_of
from servicebook.views.runs import Line, Refused, Run
from servicebook.views.scoring import score

# A row that failed in so many runs of a place in a row fails again.
AGAIN = 2


def summarise(found: Iterable[Run | Refused], today: dt.date) -> dict[str, Any]:
    """Return what saved runs tell, as plain data: of each checklist by itself, and the files not used."""
    runs: list[Run] = []
    refused: list[Refused] = []
    for one in found:
        if isinstance(one, Run):
            runs.append(one)
        else:
            refused.append(one)
    lists: dict[str, list[Run]] = defaultdict(list)
    for run in sorted(runs, key=lambda run: (run.date, run.file)):
        lists[run.checklist].append(run)
    return {
        "checklists": [_checklist(lists[name], today) for name in sorted(lists)],
        "refused": [asdict(one) for one in refused],
    }


def _checklist(runs: Sequence[Run], today: dt.date) -> dict[str, Any]:
    places: dict[str, list[Run]] = defaultdict(list)
    for run in runs:
        places[run.place].append(run)
    return {
        "checklist": runs[-1].checklist,
        "title": runs[-1].title,
        "editions": sorted({run.edition for run in runs}),
        "reworded": _reworded(runs),
        "places": [
            {
                "place": place,
                "runs": [_point(run) for run in some],
                "sections": _sections(some),
                "again": _again(some),
            }
            for place, some in sorted(places.items())
        ],
        "overdue": _overdue(places, today),
        "calibration": _calibration(runs),
    }


def _point(run: Run) -> dict[str, Any]:
    result = run.result
    band = run.rule.bands[result.band].title if result.band is not None else None
    visit = {"file": run.file, "date": run.date.isoformat(), "name": run.name, "edition": run.edition}
    return {
        **visit,
        "verdict": result.verdict,
        "percent": result.percent,
        "band": band,
        "gates": list(result.gates),
    }


def _sections(runs: Sequence[Run]) -> list[dict[str, Any]]:
    """Return how each section fared, run after run: its per cent, or nothing where it has none."""
    titles: dict[str, str] = {}
    points: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for run in runs:
        for section, lines in itertools.groupby(run.lines, key=lambda line: line.section):
            some = list(lines)
            titles[section] = some[0].title
            percent = score(some, run.rule).percent
            points[section].append({"date": run.date.isoformat(), "percent": percent})
    return [{"section": id_, "title": title, "points": points[id_]} for id_, title in titles.items()]


def _again(runs: Sequence[Run]) -> list[dict[str, Any]]:
    """Return the rows that failed in the last runs in a row, in the same words, the most often first."""
    found: list[dict[str, Any]] = []
    for line in runs[-1].lines:
        times = 0
        for run in reversed(runs):
            then = _line_of(run, line.id)
            if then is None or then.digest != line.digest or then.answer != "no":
                break
            times += 1
        if times >= AGAIN:
            found.append({"id": line.id, "text": line.text, "times": times})
    return sorted(found, key=lambda row: -row["times"])


def _overdue(places: dict[str, list[Run]], today: dt.date) -> list[dict[str, Any]]:
    """Return the actions whose day has passed, unless a later run at the place met the row."""
    found: list[dict[str, Any]] = []
    for place, runs in places.items():
        for i, run in enumerate(runs):
            for line in run.lines:
                due = line.action.due
                later = (_line_of(other, line.id) for other in runs[i + 1 :])
                if line.answer != "no" or due is None or due >= today:
                    continue
                if not any(then and then.answer == "yes" for then in later):
                    about = {"place": place, "date": run.date.isoformat(), "id": line.id, "text": line.text}
                    found.append({**about, **line.action.model_dump()})
    return sorted(found, key=lambda action: (action["by"], action["place"], action["id"]))


def _reworded(runs: Sequence[Run]) -> list[dict[str, Any]]:
    """Return the rows that did not ask the same in all runs: they are compared in the same words alone."""
    wordings: dict[str, dict[str, str]] = defaultdict(dict)
    for run in runs:
        for line in run.lines:
            wordings[line.id].setdefault(line.digest, line.text)
    return [{"id": id_, "texts": list(texts.values())} for id_, texts in wordings.items() if len(texts) > 1]


def _calibration(runs: Sequence[Run]) -> list[dict[str, Any]]:
    """Return, for two runs of one visit by two people, how far they agree and where they part."""
    found = []
    visits: dict[tuple[str, dt.date], list[Run]] = defaultdict(list)
    for run in runs:
        visits[run.place, run.date].append(run)
    for (place, date), some in visits.items():
        for one, other in itertools.combinations(some, 2):
            if one.name == other.name:
                continue
            both = [(line, then) for line in one.lines if (then := _same(other, line))]
            agreement = agreement_of([(line.answer, then.answer) for line, then in both])
            parted = [
                {"id": line.id, "text": line.text, "answers": [line.answer, then.answer]}
                for line, then in both
                if line.answer != then.answer
            ]
            about = {"place": place, "date": date.isoformat(), "names": [one.name, other.name]}
            found.append({**about, **asdict(agreement), "parted": parted})
    return found


def _same(run: Run, line: Line) -> Line | None:
    """Return the row of another run that asked the same, if both were answered."""
    then = _line_of(run, line.id)
    return then if then and then.digest == line.digest and line.answer and then.answer else None


def _line_of(run: Run, identity: str) -> Line | None:
    return run.by_id.get(identity)
