"""Saved runs over time: trends against hand computation, files of all sorts, many of them."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import io
import json
import os
import random
import re
import resource
import time
import zipfile
from pathlib import Path
from typing import Any

import pytest

from servicebook.cli.main import run
from servicebook.views.audits import summarise
from servicebook.views.runs import Refused, Run, day_in, read_run, read_runs
from tests.conftest import ROOT
from tests.office import calculate

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


def test_a_visit_whose_day_was_emptied_is_of_the_day_on_which_it_was_begun() -> None:
    one = saved("yyyy", "Sur", "")
    told = read_run("a.json", json.dumps(one | {"run": one["run"] | {"day": "2026-01-10"}}).encode())
    assert isinstance(told, Run)
    assert told.date == dt.date(2026, 1, 10)
    assert read_run("a.json", json.dumps(one).encode()) == Refused("a.json", "damaged", "run.date")


DAYS = json.loads((ROOT / "tests/cases/days.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize(("text", "day"), DAYS.items())
def test_a_day_is_read_by_the_rule_of_the_page(text: str, day: str | None) -> None:
    assert day_in(text) == (dt.date.fromisoformat(day) if day else None)
    told = read_run("a.json", json.dumps(saved("yyyy", "Sur", text)).encode())
    assert told == Refused("a.json", "damaged", "run.date") if day is None else isinstance(told, Run)
    if isinstance(told, Run):
        assert told.date.isoformat() == day


def test_what_was_to_be_done_by_a_year_of_two_digits_is_overdue_since_this_century(tmp_path: Path) -> None:
    write(tmp_path, saved("nyyy", "Sur", "0026-01-10", a={"action": {"what": "Ordenar", "by": "0026-01-20"}}))
    ((place,),) = ([one["places"] for one in told_of(tmp_path)["checklists"]],)
    assert [run["date"] for run in place[0]["runs"]] == ["2026-01-10"]
    ((action,),) = ([one["overdue"] for one in told_of(tmp_path)["checklists"]],)
    assert [(row["by"], row["days"] < 1000) for row in action] == [("2026-01-20", True)]


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
    "huge.json": odd(run={"date": "2026-01-10", "touched": 7}).replace(b'"touched": 7', b'"touched": 1e400'),
    "no-rows.json": odd(items=[]),
    "rows-as-map.json": odd(items={"length": 2}),
    "rows-of-null.json": odd(items=[None]),
    "answers.json": odd(items=[{"id": "a", "text": "a", "digest": "a", "answer": "constructor"}]),
    "long.json": odd(items=[{"id": "a", "text": "a" * 1001, "digest": "a", "answer": "no"}]),
    "many.json": odd(items=[{"id": "a", "text": "a", "digest": "a", "answer": "no"}] * 2001),
}


def with_rule(told: dict[str, Any], **rule: Any) -> dict[str, Any]:
    return {**told, "rule": {**RULE, **rule}}


def at_the_hour(hour: str, run: dict[str, Any]) -> dict[str, Any]:
    return {**run, "run": {**run["run"], "hour": hour}}


def edge_sets() -> list[dict[str, dict[str, Any]]]:
    """Return sets of files at the edges of what a run may be and of what is told, for either reader."""
    names = [*RULE["weights"], *(f"nivel-{i}" for i in range(17))]
    weights = dict(zip(names, (100, 0, 1, *range(17)), strict=True))
    few = [{"at_least": at, "title": f"Desde {at}"} for at in (10, 34, 25)]
    bands = [{"at_least": at, "title": f"Desde {at}"} for at in (*range(34, 52), 25, 100)]
    most = saved("nyyn", "Centro", "2026-01-10")
    rows = [{**most["items"][0], "id": f"l.{i}", "text": f"{i}", "digest": f"{i}"} for i in range(2000)]
    letters = {"id": "\U0001f600" * 200, "text": "\U0001f600" * 1000, "note": "\U0001f600" * 1000}
    full = {**saved("yyyy", "\U0001f600" * 200, "2026-02-10", a=letters), "items": rows}
    twice = saved("nyyy", "Centro", "2026-03-10")
    seen = saved("yyyy", "Norte", "2026-03-10", b={"answer": "unobserved"}, c={"answer": ""})
    usual = {name: RULE[name] for name in ("weights", "gate", "bands")}
    late, today = (
        {"action": {"what": "Ya", "who": "", "by": by}} for by in ("2026-02-01", TODAY.isoformat())
    )
    again = {"gate": ["excellence"]}
    return [
        {
            "rule.json": with_rule(most, weights=weights, gate=names, bands=bands),
            "rows.json": full,
            "letters.json": saved("yyyy", "Sur", "2026-02-11", a=letters),
            "twice.json": {**twice, "items": [*twice["items"], {**twice["items"][0], "answer": "yes"}]},
            "usual.json": {**seen, "rule": usual},
            "unobserved.json": {
                **saved("yyyy", "Sur", "2026-04-10", b={"answer": "unobserved"}),
                "rule": usual,
            },
        },
        {
            "1.json": at_the_hour("18:00", saved("yyyn", "Centro", "2026-01-10", "Ana")),
            "2.json": at_the_hour("08:00", saved("nyyy", "Centro", "2026-01-10", "Aná", a=late)),
            "3.json": saved("ayny", "Centro", "2026-02-10", "Beto", c=late),
            "4.json": saved("yyny", "Ámbar", "2026-02-10", "Beto", c=late),
            "5.json": saved("nyyn", "Zona", "2026-02-10", "Beto", a=late, d=today),
        },
        {
            f"{i}.json": with_rule(saved(answers, "Centro", f"2026-0{i}-10"), **again)
            for i, answers in enumerate(("nnyn", "anan", "nnyn"), 1)
        },
        {f"{i:02}.json": saved("yyyn", "Norte", f"2026-01-{i:02}") for i in range(1, 14)},
        {
            "1.json": with_rule(saved("yyny", "Centro", "2026-01-10"), gate=["essential", "expected"]),
            "2.json": with_rule(saved("yyny", "Centro", "2026-02-10"), gate=["expected", "essential"]),
            "3.json": with_rule(saved("ynyy", "Centro", "2026-03-10"), weights={**weights, "expected": 10}),
            "4.json": saved("ynyy", "Centro", "2026-04-10", b={"level": "excellence"}),
            "5.json": with_rule(saved("nnn-", "Sur", "2026-05-10"), gate=[], blank="excluded", bands=few),
            "6.json": saved("nny-", "Sur", "2026-05-10", "Beto"),
            "7.json": with_rule(saved("nnnn", "Sur", "2026-06-10"), gate=[], bands=few),
        },
    ]


HOSTILE = {
    "not-json": b"{",
    "foreign": b'{"format": "other"}',
    "damaged": b'{"format": "servicebook-run", "version": 2, "run": {"__proto__": 3}, "items": null}',
}


def test_what_a_run_may_be_at_most_is_read_and_its_edges_are_told(tmp_path: Path) -> None:
    found = []
    for i, files in enumerate(edge_sets()):
        folder = tmp_path / str(i)
        folder.mkdir()
        for name, one in files.items():
            (folder / name).write_text(json.dumps(one), encoding="utf-8")
        found.append(told_of(folder))
    assert [told["refused"] for told in found] == [[]] * 5
    (places, days, again, _, lists) = (told["checklists"][0] for told in found)
    results = {run["file"]: run for place in places["places"] for run in place["runs"]}
    assert (results["rule.json"]["verdict"], results["rule.json"]["band"]) == ("gate", "Desde 25")
    assert results["twice.json"]["percent"] == 100
    assert results["usual.json"]["verdict"] == "partial"
    assert results["unobserved.json"]["percent"] == 100
    assert [run["file"] for run in days["places"][1]["runs"]] == ["2.json", "1.json", "3.json"]
    # What is due today is not late; what was met on the day on which it failed is late all the same.
    assert [(one["place"], one["id"]) for one in days["overdue"]] == [
        ("Ámbar", "l.c"),
        ("Centro", "l.a"),
        ("Centro", "l.c"),
        ("Zona", "l.a"),
    ]
    assert days["calibration"] == [], "«Ana» and «Aná» are one"
    # What may not fail comes before what weighs more.
    assert [(row["id"], row["times"]) for row in again["places"][0]["again"]] == [
        ("l.d", 3),
        ("l.b", 3),
        ("l.a", 2),
    ]
    assert [one["runs"] for one in lists["lists"]][:3] == [2, 1, 1]
    assert [run["band"] for run in lists["places"][1]["runs"]] == ["Desde 10", None, "Desde 10"]
    assert [(one["count"], one["agreed"]) for one in lists["calibration"]] == [(3, 2)]
    assert [run["alike"] for run in lists["places"][0]["runs"][2:]] == [
        {"rows": 4, "before": 91, "percent": 91},
        {"rows": 4, "before": 85, "percent": 85},
    ]


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
    # Whatever can be pointed at is named with its place: `path:line:col`, or the path of a value.
    for start in ("damaged.json:checklist: ", "foreign.json:format: ", "lying.json:rule.weights: "):
        assert f"\n{start}" in f"\n{err}", start
    for start in ("not-json.json:1:1: ", "deep.json:1:202: ", "large.json: "):
        assert f"\n{start}" in f"\n{err}", start
    assert data["checklists"][0]["places"][0]["place"] == "=1+1<script>"


def test_a_thousand_files_are_quick_and_small(tmp_path: Path) -> None:
    write(tmp_path, *(saved("ynyn", PLACES[i % 5], f"2026-{i % 12 + 1:02}-15") for i in range(1000)))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = time.process_time()
    (found,) = told_of(tmp_path)["checklists"]
    assert time.process_time() - started < 10
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 300_000
    assert sum(len(place["runs"]) for place in found["places"]) == 1000


SCRIPT = '<script>alert(1)</script><img src=x onerror="alert(1)">'


def report(folder: Path, form: str, *options: str) -> int:
    return run(["audits", str(folder), "--format", form, "--today", "2026-12-31", "--lang", "es", *options])


def test_the_page_stands_alone_and_runs_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "runs"
    folder.mkdir()
    told = {row: {"text": SCRIPT, "title": SCRIPT} for row in "abcd"}
    action = {"action": {"what": SCRIPT, "who": SCRIPT, "by": "2026-01-20"}}
    first = saved("ynyy", SCRIPT, "2026-01-10", SCRIPT, **told | {"b": told["b"] | action})
    write(folder, first, saved("ynyy", SCRIPT, "2026-02-10", SCRIPT, **told))
    assert report(folder, "html") == 0
    page = capsys.readouterr().out
    assert "<script" not in page.lower()
    assert "<img" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert not re.search(r'\b(?:src|href|action)="|@import|url\(["\']?(?:https?:)?//', page)
    style = page.partition("<style>")[2].partition("</style>")[0]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"default-src 'none'; style-src 'sha256-{digest}'" in page
    assert page.count('role="img"') == 3  # the place and its two sections
    assert "75\u00a0% el 10 de enero de 2026, 75\u00a0% el 10 de febrero de 2026" in page
    # The same runs give the same bytes, into a file as well.
    assert report(folder, "html", "--out", str(tmp_path / "a.html")) == 0
    assert (tmp_path / "a.html").read_text(encoding="utf-8") == page
    # It is written anew, and nothing in its place that somebody else wrote.
    assert report(folder, "html", "--out", str(tmp_path / "a.html")) == 0
    (tmp_path / "a.html").write_text("Mi informe", encoding="utf-8")
    assert report(folder, "html", "--out", str(tmp_path / "a.html")) == 2
    assert "a.html» no lo escribió esta orden" in capsys.readouterr().err
    assert (tmp_path / "a.html").read_text(encoding="utf-8") == "Mi informe"


def test_the_workbook_has_every_visit_and_no_formula(
    tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    folder = tmp_path / "runs"
    folder.mkdir()
    formula = '=HYPERLINK("http://x";"y")'
    action = {"action": {"what": formula, "who": "+1", "by": "2026-02-01"}}
    write(
        folder,
        saved("ynyy", formula, "2026-01-10", "@SUM(1)", b=action),
        saved("yyyn", formula, "2026-02-10", "-1"),
        saved("yy-y", "Norte", "2026-02-10"),
    )
    (folder / "x.json").write_text("{", encoding="utf-8")
    out = tmp_path / "a.xlsx"
    assert report(folder, "xlsx") == 1
    content = capsysbinary.readouterr().out
    assert report(folder, "xlsx", "--out", str(out)) == 1
    assert out.read_bytes() == content
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        sheets = [book.read(name).decode() for name in book.namelist() if "worksheets/sheet" in name]
        assert not any("<f>" in sheet for sheet in sheets)
        (chart,) = (book.read(name).decode() for name in book.namelist() if "charts/chart" in name)
    # A line for each place, over its own visits; one without a per cent leaves a gap. Who sorts or filters
    # the visits moves no line.
    lines = re.findall(r"<c:f>_!([^<]+)</c:f>", chart)
    assert lines == ["$A$1:$A$2", "$B$1:$B$2", "$A$3", "$B$3"]
    assert "Verificaciones" not in chart
    assert "dispBlanksAs" not in chart
    assert '<c:plotVisOnly val="1"/>' not in chart
    found = calculate({"a": content}, tmp_path / "office")["a"]
    assert [row[1] for row in found["_"]] == ["75", "87", ""]
    visits = found["Verificaciones"]
    assert visits[0][:4] == ["Lista", "Lugar", "Fecha", "Hora"]
    assert [(row[1], row[2], row[4], *row[6:8]) for row in visits[1:]] == [
        (formula, "2026-01-10", "@SUM(1)", "Bien", "75"),
        (formula, "2026-02-10", "-1", "Bien", "87"),
        ("Norte", "2026-02-10", "Ana", "Parcial", ""),
    ]
    assert [row[3:] for row in found["Por sección"][1:3]] == [["uno", "60"], ["uno", "100"]]
    assert found["Archivos que no se usaron"][1][0] == "x.json"
    assert report(folder, "xlsx", "--out", str(tmp_path / "b.xlsx")) == 1
    assert (tmp_path / "b.xlsx").read_bytes() == content


def test_two_copies_of_a_run_are_one_and_places_are_told_alike(tmp_path: Path) -> None:
    first, ended = saved("yn--", "Centro", "2026-01-10"), saved("ynyy", " CÉNTRO ", "2026-01-10")
    for one, touched, end in ((first, 9, None), (ended, 5, {"at": 5})):
        one["run"] |= {"id": "abc", "touched": touched, "ended": end}
    write(tmp_path, first, ended, saved("ynyy", "centro", "2026-02-10"))
    found = told_of(tmp_path)
    # What was ended holds, whatever was touched after it.
    assert found["copies"] == [{"file": "0000.json", "of": "0001.json"}]
    # Nor does it matter which file stands first.
    write(tmp_path, ended, first)
    assert told_of(tmp_path)["copies"] == [{"file": "0001.json", "of": "0000.json"}]
    (place,) = found["checklists"][0]["places"]
    assert [run["verdict"] for run in place["runs"]] == ["graded", "graded"]
    assert place["place"] == "centro"


def test_a_visit_at_which_nobody_judged_a_row_hides_no_failure(tmp_path: Path) -> None:
    write(
        tmp_path,
        saved("ynyy", "Centro", "2026-01-10"),
        saved("yayy", "Centro", "2026-02-10"),
        saved("ynyy", "Centro", "2026-03-10"),
        saved("ynyy", "Centro", "2026-03-10", "Beto"),
    )
    (place,) = told_of(tmp_path)["checklists"][0]["places"]
    # Two people at one visit saw it fail once.
    assert [(row["id"], row["times"], row["since"]) for row in place["again"]] == [("l.b", 2, "2026-01-10")]


def test_another_day_for_an_action_takes_the_place_of_the_first(tmp_path: Path) -> None:
    late, later = (
        {"action": {"what": "Practicar", "who": "Beto", "by": by}} for by in ("2026-02-01", "2027-02-01")
    )
    write(
        tmp_path,
        saved("ynyy", "Centro", "2026-01-10", b=late),
        saved("ynyy", "Centro", "2026-02-10", b=later),
        saved("ynyy", "Norte", "2026-01-10", b=late),
        saved("yyyy", "Norte", "2026-01-10", "Beto"),
    )
    overdue = told_of(tmp_path)["checklists"][0]["overdue"]
    assert [(one["place"], one["days"]) for one in overdue] == [("Norte", 333)]


@pytest.mark.parametrize("name", ODD)
def test_spoiled_files_are_told_and_the_rest_is_used(tmp_path: Path, name: str) -> None:
    write(tmp_path, saved("yyyy", "Centro", "2026-01-10"))
    (tmp_path / name).write_bytes(ODD[name])
    found = told_of(tmp_path)
    assert [one["file"] for one in found["refused"]] == [name]
    assert len(found["checklists"][0]["places"][0]["runs"]) == 1


@pytest.mark.skipif(os.name == "nt", reason="there are no such files")
def test_what_is_no_file_is_told_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.json")
    (tmp_path / "zero.json").symlink_to("/dev/zero")
    (tmp_path / "folder.json").mkdir()
    refused = told_of(tmp_path)["refused"]
    assert [(one["file"], one["trouble"]) for one in refused] == [
        (name, "unreadable") for name in ("folder.json", "pipe.json", "zero.json")
    ]


def test_a_mark_before_the_text_is_none_of_it(tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text(json.dumps(saved("yyyy", "Centro", "2026-01-10")), encoding="utf-8-sig")
    assert told_of(tmp_path)["refused"] == []


def test_a_folder_of_spreadsheets_is_not_taken_for_no_visits(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "auditoria.xlsx").write_bytes(b"PK")
    assert report(tmp_path, "json") == 0
    told = capsys.readouterr()
    assert json.loads(told.out)["checklists"] == []
    assert "Las hojas de cálculo no se comparan" in told.err


def test_a_folder_that_is_not_there_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert report(tmp_path / "nada", "json") == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert f"{tmp_path / 'nada'}" in told.err.replace("\n", "")
