"""One rule: the same answers give the same per cent, band and verdict, whoever computes them."""

from __future__ import annotations

from decimal import ROUND_FLOOR, Decimal
from fractions import Fraction

import pytest

from servicebook.views.scoring import Result, score
from tests.scoring import Case, random_cases, told_cases

TOLD = list(told_cases())
RANDOM = list(random_cases())


def outcome(result: Result) -> tuple[int | None, int | None, str]:
    return result.percent, result.band, result.verdict


def by_definition(case: Case) -> tuple[int | None, int | None, str]:
    """Compute a case from the sentences of the definition, another way than the product does."""
    rule = case.rule
    meaning = {"yes": "met", "no": "failed", "na": "excluded"}
    meaning |= {"": rule.blank, "unobserved": rule.unobserved}
    found = [(row.level, meaning[row.answer]) for row in case.rows]
    if "incomplete" in [how for _, how in found]:
        return None, None, "partial"
    possible = sum((Fraction(rule.weights[level]) for level, how in found if how != "excluded"), Fraction())
    reached = sum((Fraction(rule.weights[level]) for level, how in found if how == "met"), Fraction())
    percent = None
    if possible:
        share = Decimal((reached / possible * 100).numerator) / Decimal(
            (reached / possible * 100).denominator
        )
        percent = int(share.to_integral_value(ROUND_FLOOR))
    gate = any(how == "failed" and level in rule.gate for level, how in found)
    verdict = "gate" if gate else "graded" if possible else "empty"
    starts = [band.at_least for band in rule.bands]
    if not starts or verdict == "empty":
        return percent, None, verdict
    assert gate or percent is not None
    band = len(starts) - 1 if gate else min(i for i, start in enumerate(starts) if (percent or 0) >= start)
    return percent, band, verdict


def test_the_table_is_long_and_the_random_ones_are_of_all_sorts() -> None:
    assert len(TOLD) >= 60
    assert len(RANDOM) == 500
    verdicts = [score(case.rows, case.rule).verdict for case in RANDOM]
    assert min(verdicts.count(one) for one in ("partial", "empty", "gate", "graded")) >= 20


@pytest.mark.parametrize("case", TOLD, ids=lambda case: case.name)
def test_python_scores_as_the_table_says(case: Case) -> None:
    assert outcome(score(case.rows, case.rule)) == case.expected
    assert by_definition(case) == case.expected


def test_python_scores_as_the_definition_says() -> None:
    for case in RANDOM:
        assert outcome(score(case.rows, case.rule)) == by_definition(case), case
