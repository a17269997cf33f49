"""The table of answers that every reader of the scoring rule is held against, and 500 more by seed."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml

from servicebook.content.model.checklists import Scoring
from servicebook.content.model.declared import usual_levels
from servicebook.content.model.types import Level
from servicebook.views.scoring import Answer, Band, Rule
from servicebook.views.scoring import make_rule as rule_from
from tests.conftest import ROOT

LEVELS: dict[str, Level] = {"E": "essential", "X": "expected", "+": "excellence"}
ANSWERS: dict[str, Answer] = {"y": "yes", "n": "no", "a": "na", "u": "unobserved", ".": ""}


@dataclass(frozen=True)
class Row:
    """A row with its answer, as the rule needs it."""

    id: str
    level: Level
    answer: Answer


@dataclass(frozen=True)
class Case:
    """Answers to rows under a rule; `expected` is the per cent, the band and the verdict, where told."""

    name: str
    rule: Rule
    levels: str
    answers: str
    expected: tuple[int | None, int | None, str] | None = None

    @property
    def rows(self) -> list[Row]:
        """Return the rows with their answers."""
        pairs = zip(self.levels, self.answers, strict=True)
        return [Row(f"r{i}", LEVELS[level], ANSWERS[answer]) for i, (level, answer) in enumerate(pairs)]


def told_cases() -> Iterator[Case]:
    """Yield the cases of the table."""
    for path in sorted((ROOT / "tests/cases/scoring").glob("*.yml")):
        data = yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)
        rule = make_rule(data["rule"])
        for name, (levels, answers, *expected) in data["cases"].items():
            yield Case(f"{path.stem}: {name}", rule, levels, answers, tuple(expected))


def random_cases(count: int = 500, seed: int = 20261125) -> Iterator[Case]:
    """Yield answers at random under the rules of the table, half of them without blanks."""
    dice = random.Random(seed)  # noqa: S311 - nothing secret
    rules = list({id(case.rule): case.rule for case in told_cases()}.values())
    for i in range(count):
        size = dice.randint(1, 60)
        likely = dice.choice(["yyyyyyyyn", "yyyna", "yyynau", "yn.", "aau", "yyyyyyyyyyyyyyyyyyyyyyyyyn"])
        levels = "".join(dice.choices("EX+", k=size))
        yield Case(f"random {i}", dice.choice(rules), levels, "".join(dice.choices(likely, k=size)))


def make_rule(data: dict[str, Any]) -> Rule:
    """Return the rule that a table declares, its bands by where they begin."""
    bands = tuple(
        Band(start, f"Resultado {i}", "Qué hacer.") for i, start in enumerate(data.get("bands", ()))
    )
    scoring = Scoring.model_validate({name: value for name, value in data.items() if name != "bands"})
    return rule_from(scoring, usual_levels(), bands)
