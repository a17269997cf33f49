"""Saved runs over time: trends against hand computation, files of all sorts, many of them."""

from __future__ import annotations

import datetime as dt
import json
import random
import resource
import time
from pathlib import Path
from typing import Any

import pytest

from servicebook.cli.main import run
from servicebook.views.audits import summarise
from servicebook.views.runs import read_runs

TODAY = dt.date(2026, 12, 31)
PLACES = ("Centro", "Norte", "Sur", "Oriente", "Poniente")
RULE: dict[str, Any] = {
    "weights": {"essential": 3, "expected": 2, "excellence": 1},
    "gate": ["essential"],
    "blank": "incomplete",
    "unobserved": "excluded",
    "bands": [{"at_least": 75, "title": "Bien"}, {"at_least": 0, "title": "Mal"}],
}
ROWS = [
    ("uno", "a", "essential"),
    ("uno", "b", "expected"),
    ("dos", "c", "expected"),
    ("dos", "d", "excellence"),
]


def saved(answers: str, place: str, date: str, name: str = "Ana", **told: Any) -> dict[str, Any]:
    """Return a saved run: `y`, `n` or `a` for each of the four rows."""
    words = {"y": "yes", "n": "no", "a": "na", "-": ""}
    items = [
        {"section": section, "title": section, "id": f"l.{row}", "text": row, "level": level, "digest": row}
        | {"answer": words[answer]}
        | told.get(row, {})
        for (section, row, level), answer in zip(ROWS, answers, strict=True)
    ]
    about = {"format": "servicebook-run", "version": 2, "checklist": "l", "title": "Lista"}
    visit = {"name": name, "place": place, "date": date}
    return {**about, "edition": told.get("edition", "1"), "rule": RULE, "run": visit, "items": items}


def write(folder: Path, *runs: dict[str, Any]) -> None:
    for i, one in enumerate(runs):
        (folder / f"{i:04}.json").write_text(json.dumps(one), encoding="utf-8")


def told_of(folder: Path) -> dict[str, Any]:
    return summarise(read_runs(folder), TODAY)


def test_twelve_months_at_five_places_are_as_computed_by_hand(tmp_path: Path) -> None:
    # Of 8 points: all met 100; without d 7/8 = 87; without b and d 5/8 = 62; without a 5/8 = 62 and a gate.
    by_hand = {"yyyy": (100, "graded"), "yyyn": (87, "graded"), "ynyn": (62, "graded"), "nyyy": (62, "gate")}
    sections = {"yyyy": (100, 100), "yyyn": (100, 66), "ynyn": (60, 66), "nyyy": (40, 100)}
    order = list(by_hand)
    runs, expected = [], {}
    for i, place in enumerate(PLACES):
        expected[place] = [order[(i + month) % 4] for month in range(12)]
        dates = [f"2026-{month:02}-15" for month in range(1, 13)]
        runs += [saved(answers, place, date) for answers, date in zip(expected[place], dates, strict=True)]
    random.Random(1).shuffle(runs)  # noqa: S311 - nothing secret
    write(tmp_path, *runs)
    (found,) = told_of(tmp_path)["checklists"]
    assert [place["place"] for place in found["places"]] == sorted(PLACES)
    for place in found["places"]:
        answers = expected[place["place"]]
        assert [(one["percent"], one["verdict"]) for one in place["runs"]] == [
            by_hand[one] for one in answers
        ]
        for number, section in enumerate(place["sections"]):
            assert [one["percent"] for one in section["points"]] == [sections[one][number] for one in answers]


def test_what_fails_again_and_what_is_overdue(tmp_path: Path) -> None:
    action = {"action": {"what": "Practicar", "who": "Beto", "by": "2026-02-01"}}
    write(
        tmp_path,
        saved("ynyy", "Centro", "2026-01-10", b=action),
        saved("ynny", "Centro", "2026-02-10"),
        saved("ynny", "Centro", "2026-03-10"),
        saved("nyyy", "Norte", "2026-01-10", a=action),
        saved("yyyy", "Norte", "2026-02-10"),
    )
    (found,) = told_of(tmp_path)["checklists"]
    centre, north = found["places"]
    assert [(row["id"], row["times"]) for row in centre["again"]] == [("l.b", 3), ("l.c", 2)]
    assert north["again"] == []
    # In the north the row was met later: nothing is owed there.
    assert [(one["place"], one["id"], one["who"]) for one in found["overdue"]] == [("Centro", "l.b", "Beto")]


def test_another_wording_is_told_and_not_mixed(tmp_path: Path) -> None:
    other = {"digest": "b2", "text": "b de otra manera"}
    write(
        tmp_path,
        saved("ynyy", "Centro", "2026-01-10"),
        saved("ynyy", "Centro", "2026-02-10", b=other, edition="2"),
    )
    (found,) = told_of(tmp_path)["checklists"]
    first, second = found["lists"]
    assert (first["edition"], first["changes"], second["edition"]) == ("1", None, "2")
    assert second["changes"]["reworded"] == [{"id": "l.b", "before": "b", "text": "b de otra manera"}]
    (place,) = found["places"]
    assert place["again"] == []
    # Without the row that asks something else, all of what both asked was met.
    assert [run["percent"] for run in place["runs"]] == [75, 75]
    assert place["runs"][1]["alike"] == {"rows": 3, "before": 100, "percent": 100}


def test_two_people_at_one_visit_are_compared(tmp_path: Path) -> None:
    write(tmp_path, saved("yyyn", "Centro", "2026-01-10"), saved("yynn", "Centro", "2026-01-10", "Beto"))
    ((found,),) = ([one["calibration"] for one in told_of(tmp_path)["checklists"]],)
    (pair,) = found
    assert (pair["count"], pair["agreed"], pair["names"]) == (4, 3, ["Ana", "Beto"])
    # Observed 3/4; by chance (3·2 + 1·2) / 16 = 1/2; so (3/4 - 1/2) / (1/2).
    assert pair["kappa"] == 0.5
    assert [row["id"] for row in pair["parted"]] == ["l.c"]


def odd(**changed: Any) -> bytes:
    """Return a run whose parts are spoiled."""
    return json.dumps(saved("yyyy", "Sur", "2026-01-10") | changed).encode()


# Files that are no runs, or spoiled ones.
ODD = {
    "cut.json": odd()[:-9],
    "empty.json": b"",
    "list.json": b"[]",
    "null.json": b"null",
    "number.json": b"1e5",
    "other.json": b'{"format": "other"}',
    "future.json": odd(version=3),
    "old.json": odd(version="2"),
    "no-run.json": odd(run=None),
    "no-day.json": odd(run={"date": "2026-02-30"}),
    "seconds.json": odd(run={"date": 1767000000}),
    "day-as-list.json": odd(run={"date": ["2026-01-10"]}),
    "no-rule.json": odd(rule=[]),
    "weights-as-text.json": odd(rule={"weights": {"essential": "3", "expected": 2, "excellence": 1}}),
    "weights-below.json": odd(rule={"weights": {"essential": -1, "expected": 2, "excellence": 1}}),
    "weights-missing.json": odd(rule={"weights": {"essential": 3}}),
    "proto.json": (
        b'{"format": "servicebook-run", "version": 2, "checklist": "l", "title": "l", '
        b'"rule": {"weights": {"__proto__": 3}}, "run": {"date": "2026-01-10", "__proto__": {"value": 1}}, '
        b'"items": [{"id": "__proto__", "text": "a", "level": "toString", "digest": "a", "answer": "no"}]}'
    ),
    "no-rows.json": odd(items=[]),
    "rows-as-map.json": odd(items={"length": 2}),
    "rows-of-null.json": odd(items=[None]),
    "answers.json": odd(items=[{"id": "a", "text": "a", "digest": "a", "answer": "constructor"}]),
    "long.json": odd(items=[{"id": "a", "text": "a" * 1001, "digest": "a", "answer": "no"}]),
    "many.json": odd(items=[{"id": "a", "text": "a", "digest": "a", "answer": "no"}] * 2001),
}

HOSTILE = {
    "not-json": b"{",
    "foreign": b'{"format": "other"}',
    "damaged": b'{"format": "servicebook-run", "version": 2, "run": {"__proto__": 3}, "items": null}',
}


def test_files_that_cannot_be_used_are_told_one_by_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(tmp_path, saved("yyyy", "=1+1<script>", "2026-01-10"))
    for name, content in HOSTILE.items():
        (tmp_path / f"{name}.json").write_bytes(content)
    (tmp_path / "deep.json").write_bytes(b"[" * 200_000)
    with (tmp_path / "large.json").open("wb") as large:
        large.truncate(50_000_000)
    lying = saved("yyyy", "Sur", "2026-01-10") | {"rule": {"weights": {"essential": -1}}}
    (tmp_path / "lying.json").write_text(json.dumps(lying), encoding="utf-8")
    assert run(["audits", str(tmp_path), "--today", "2026-12-31", "--lang", "es"]) == 1
    out, err = capsys.readouterr()
    data = json.loads(out)
    assert {one["file"]: one["trouble"] for one in data["refused"]} == {
        **{f"{name}.json": name for name in HOSTILE},
        "deep.json": "not-json",
        "large.json": "large",
        "lying.json": "damaged",
    }
    assert len(err.splitlines()) == len(data["refused"])
    assert data["checklists"][0]["places"][0]["place"] == "=1+1<script>"


def test_a_thousand_files_are_quick_and_small(tmp_path: Path) -> None:
    write(tmp_path, *(saved("ynyn", PLACES[i % 5], f"2026-{i % 12 + 1:02}-15") for i in range(1000)))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = time.process_time()
    (found,) = told_of(tmp_path)["checklists"]
    assert time.process_time() - started < 10
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 300_000
    assert sum(len(place["runs"]) for place in found["places"]) == 1000
