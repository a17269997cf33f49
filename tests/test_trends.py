"""The report of saved runs, whole: every heading, sentence, row and point of a chart, as it is read."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from servicebook.language.messages import messages_in
from servicebook.views.audits import summarise
from servicebook.views.runs import read_runs
from servicebook.views.trends import Block, Charts, Heading, Table, Text, report_of
from tests.test_audits import TODAY, saved

CASES = sorted((Path(__file__).parent / "cases" / "reports").glob("*.yml"))


def run_of(told: dict[str, Any], rule: dict[str, Any]) -> dict[str, Any]:
    """Return the saved run that a case tells: answers, and where its list asks otherwise, by a rule."""
    rows: dict[str, Any] = {row: dict(of) for row, of in told.get("rows", {}).items()}
    for row, action in told.get("actions", {}).items():
        rows.setdefault(row, {})["action"] = {**action, "by": str(action["by"])}
    edition = {"edition": told["edition"]} if "edition" in told else {}
    run = saved(told["answers"], told["place"], str(told["date"]), told.get("name", "Ana"), **rows, **edition)
    run["items"] = [item for item in run["items"] if item["text"] not in told.get("without", ())]
    run["items"] += told.get("more", ())
    run["run"]["id"] = told.get("id", "")
    run["rule"] = {**run["rule"], **rule}
    run["rule"]["blank"] = told.get("blank", run["rule"]["blank"])
    return run


def write_runs(case: dict[str, Any], folder: Path) -> None:
    rule = case.get("rule", {})
    for name, told in case["runs"].items():
        path = folder / f"{name}.json"
        if "copy" in told:
            path.write_bytes((folder / f"{told['copy']}.json").read_bytes())
        else:
            path.write_text(told.get("text") or json.dumps(run_of(told, rule)), encoding="utf-8")


def lines_of(block: Block) -> Iterator[str]:
    """Yield a block of a report as it is read."""
    match block:
        case Heading(level, text):
            yield f"{'#' * level} {text}"
        case Text(text):
            yield text
        case Table(name, title, columns, rows):
            yield f"[{name}] {title}"
            yield from (" | ".join(row) for row in (columns, *rows))
        case Charts(charts):
            for chart in charts:
                yield f"({chart.title}) {chart.description}"
                yield f"{' to '.join(chart.ends)}; bands {' '.join(f'{y}:{text}' for y, text in chart.bands)}"
                yield f"lines {' / '.join(chart.lines)}; changes {' '.join(map(str, chart.changes))}"
                yield f"marks {' '.join(f'{x},{y},{form}' for x, y, form in chart.marks)}"


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.stem)
def test_a_report_says_all_that_it_should(case: Path, tmp_path: Path) -> None:
    told = yaml.safe_load(case.read_text(encoding="utf-8"))
    write_runs(told, tmp_path)
    blocks = report_of(summarise(read_runs(tmp_path), TODAY), messages_in("es"))
    assert [line for block in blocks for line in lines_of(block)] == told["report"]
