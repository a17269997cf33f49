"""How a checklist changed between the runs that were made with it: which rows were not asked alike.

Runs of one list are told apart by what they asked (ids, text marks, levels) and by their rule, since an
edition's name alone does not tell. What changed stands beside every comparison, and two lists are never
compared without the shares of the rows that both asked alike.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from servicebook.views.runs import Line, Run
from servicebook.views.scoring import score

_Asked = tuple[frozenset[tuple[str, str, str]], str]


def lists_of(runs: Sequence[Run]) -> tuple[list[dict[str, Any]], list[int]]:
    """Return the lists that runs were made with, the first used first, and the number of each run's own."""
    asked = [_asked(run) for run in runs]
    first: dict[_Asked, Run] = {}
    for what, run in zip(asked, runs, strict=True):
        first.setdefault(what, run)
    numbers = {what: i for i, what in enumerate(first)}
    found: list[dict[str, Any]] = []
    before: Run | None = None
    for what, run in first.items():
        about = {"edition": run.edition, "since": run.date.isoformat(), "runs": asked.count(what)}
        changes = _changes(before, run) if before else None
        found.append({**about, "rows": len(run.lines), "changes": changes})
        before = run
    return found, [numbers[what] for what in asked]


def alike(before: Run, now: Run) -> dict[str, Any]:
    """Return how two runs of different lists compare in the rows that both asked in the same words."""
    ids = {line.id for line in now.lines if (then := before.by_id.get(line.id)) and _same(then, line)}
    here = [line for line in now.lines if line.id in ids]
    # Both are weighed as the newer list weighs, so that what differs is what was seen.
    there = [before.by_id[line.id].model_copy(update={"level": line.level}) for line in here]
    shares = (score(there, now.rule).percent, score(here, now.rule).percent)
    return {"rows": len(ids), "before": shares[0], "percent": shares[1]}


def _same(one: Line, other: Line) -> bool:
    return one.digest == other.digest


def _asked(run: Run) -> _Asked:
    rule = run.rule
    told = (sorted(rule.weights.items()), sorted(rule.gate), rule.blank, rule.unobserved, rule.bands)
    return frozenset((line.id, line.digest, line.level) for line in run.lines), repr(told)


def _changes(before: Run, now: Run) -> dict[str, Any]:
    both = [(before.by_id[line.id], line) for line in now.lines if line.id in before.by_id]
    return {
        "added": [_row(line) for line in now.lines if line.id not in before.by_id],
        "removed": [_row(line) for line in before.lines if line.id not in now.by_id],
        "reworded": [
            {"id": line.id, "before": then.text, "text": line.text}
            for then, line in both
            if not _same(then, line)
        ],
        "levels": [
            {"id": line.id, "text": line.text, "before": then.level, "level": line.level}
            for then, line in both
            if then.level != line.level
        ],
        "rule": _asked(before)[1] != _asked(now)[1],
    }


def _row(line: Line) -> dict[str, str]:
    return {"id": line.id, "text": line.text}
