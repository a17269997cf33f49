"""How a scored checklist is graded: the one definition, which screen, workbook, paper and exports follow.

A row is answered yes, no, not applicable or not observed, or left blank. It weighs what its level weighs.
The grade is the weight of the rows met out of that of the rows judged, as a whole per cent rounded down, so
that neither 100 nor a band is reached by rounding. What applies to nobody is not judged; the rule says what
becomes of blanks and of what was not observed. A list that is not finished has no grade. One failed row of
a gate's level gives the lowest band whatever the per cent.

The weighing and the gate are those of the metric that the rule takes its bands from, and are cited there.
`tests/cases/scoring/` holds every reader of this rule against the same answers.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, Protocol

from servicebook.content.model.checklists import Scoring
from servicebook.content.model.declared import LevelInfo
from servicebook.content.model.entries import Checklist, Metric
from servicebook.content.model.types import Unjudged
from servicebook.content.playbook import Playbook
from servicebook.language.messages import Messages

Answer = Literal["", "yes", "no", "na", "unobserved"]
Verdict = Literal["partial", "empty", "gate", "graded"]


@dataclass(frozen=True)
class Band:
    """A grade: the whole per cent from which it is given, its name, and what it asks for."""

    at_least: int
    title: str
    meaning: str


@dataclass(frozen=True)
class Rule:
    """The rule of one checklist. `bands` come highest first; `metric` is the id of the one they are from."""

    weights: Mapping[str, int]
    gate: tuple[str, ...]
    blank: Unjudged
    unobserved: Unjudged
    bands: tuple[Band, ...] = ()
    metric: str = ""


# What is written of the visit at the head of a scored checklist.
VISIT = ("place", "date", "hour", "name", "audited", "shift", "sample")


class Answered(Protocol):
    """A row with what was answered."""

    @property
    def id(self) -> str: ...
    @property
    def level(self) -> str: ...
    @property
    def answer(self) -> Answer: ...


@dataclass(frozen=True)
class Result:
    """What a run comes to: how far it is, what was reached of what was possible, and how it is judged.

    `percent` is None while there is nothing to judge by, `band` the number of one of the rule's bands.
    """

    verdict: Verdict
    done: int
    all: int
    judged: int
    reached: int
    possible: int
    percent: int | None
    band: int | None
    gates: tuple[str, ...]


def rule_of(checklist: Checklist, playbook: Playbook) -> Rule:
    """Return the rule by which a checklist is graded; one that is not scored has the plain one."""
    scoring = checklist.scoring or Scoring()
    metric = playbook.entries.get(scoring.bands or "")
    readings = metric.reading if isinstance(metric, Metric) else ()
    bands = tuple(Band(one.at_least or 0, one.title or one.range, one.meaning) for one in readings)
    return make_rule(scoring, playbook.settings.levels, bands)


def make_rule(scoring: Scoring, levels: Mapping[str, LevelInfo], bands: tuple[Band, ...]) -> Rule:
    """Return a rule: what the playbook says of its levels, where the checklist says nothing else."""
    weights = {name: level.weight for name, level in levels.items()}
    gates = tuple(name for name, level in levels.items() if level.gate)
    return Rule(
        {**weights, **scoring.weights.model_dump(exclude_none=True)},
        gates if scoring.gate is None else scoring.gate,
        scoring.blank,
        scoring.unobserved,
        bands,
        scoring.bands or "",
    )


def score(rows: Iterable[Answered], rule: Rule) -> Result:
    """Return what the answers to rows come to under a rule."""
    rows = list(rows)
    judged = [(row, _judge(row.answer, rule)) for row in rows]
    met = [row for row, how in judged if how == "met"]
    failed = [row for row, how in judged if how == "failed"]
    reached = sum(rule.weights[row.level] for row in met)
    possible = reached + sum(rule.weights[row.level] for row in failed)
    gates = tuple(row.id for row in failed if row.level in rule.gate)
    done, count = sum(bool(row.answer) for row in rows), len(met) + len(failed)
    if any(how == "incomplete" for _, how in judged):
        return Result("partial", done, len(rows), count, reached, possible, None, None, gates)
    percent = 100 * reached // possible if possible else None
    verdict: Verdict = "gate" if gates else "empty" if percent is None else "graded"
    band = _band(percent, verdict, rule)
    return Result(verdict, done, len(rows), count, reached, possible, percent, band, gates)


def rule_sentences(rule: Rule, say: Messages) -> list[str]:
    """Return a rule in words, for whoever grades by hand: what each screen, sheet and workbook says of it."""
    levels = f" {say('scoring.or')} ".join(_inside(say(f"level.{level}")) for level in rule.gate)
    weights = ", ".join(
        f"{_inside(say(f'level.{level}'))} {weight}" for level, weight in rule.weights.items()
    )
    starts = [band.at_least for band in rule.bands]
    bands = [say("scoring.band", at_least=band.at_least, title=band.title) for band in rule.bands[:-1]]
    last = [say("scoring.lowest", below=starts[-2], title=rule.bands[-1].title)] if len(starts) > 1 else []
    return [
        say("scoring.weights", levels=weights),
        say("scoring.share"),
        say("scoring.na"),
        say(f"scoring.unobserved.{rule.unobserved}"),
        say(f"scoring.blank.{rule.blank}"),
        say("scoring.empty"),
        *([say("scoring.gate", levels=levels)] if levels else []),
        *bands,
        *last,
    ]


def _inside(title: str) -> str:
    """Return a title as it stands inside a sentence; a name all in capitals keeps them."""
    return title if title[1:2].isupper() or title[1:2].isdigit() else f"{title[:1].lower()}{title[1:]}"


def _judge(answer: Answer, rule: Rule) -> Literal["met", "failed", "excluded", "incomplete"]:
    match answer:
        case "yes":
            return "met"
        case "no":
            return "failed"
        case "na":
            return "excluded"
        case "unobserved":
            return rule.unobserved
        case _:
            return rule.blank


def _band(percent: int | None, verdict: Verdict, rule: Rule) -> int | None:
    if not rule.bands:
        return None
    if verdict == "gate":
        return len(rule.bands) - 1
    if percent is None:
        return None
    return next(i for i, band in enumerate(rule.bands) if percent >= band.at_least)
