"""Agreement of two people against worked examples that were published."""

from __future__ import annotations

import pytest

from servicebook.views.agreement import agreement_of

# The rows of a table are one person's answers, its columns the other's.
PUBLISHED = {
    # J. Cohen, "A Coefficient of Agreement for Nominal Scales", 1960, table 1, of 200 cases.
    "Cohen 1960": ([[88, 14, 18], [10, 40, 10], [2, 6, 12]], 0.70, 0.492, 3),
    # J. L. Fleiss, "Statistical Methods for Rates and Proportions", second edition, 1981, chapter 13.
    "Fleiss 1981": ([[75, 1, 4], [5, 4, 1], [0, 0, 10]], 0.89, 0.68, 2),
    # A. J. Viera and J. M. Garrett, "Understanding Interobserver Agreement", Family Medicine 37, 2005.
    "Viera and Garrett 2005": ([[15, 5], [10, 70]], 0.85, 0.57, 2),
}


@pytest.mark.parametrize(("table", "share", "kappa", "places"), PUBLISHED.values(), ids=PUBLISHED.keys())
def test_kappa_is_as_published(table: list[list[int]], share: float, kappa: float, places: int) -> None:
    pairs = [
        (str(i), str(j)) for i, row in enumerate(table) for j, count in enumerate(row) for _ in range(count)
    ]
    found = agreement_of(pairs)
    assert found.count == sum(map(sum, table))
    assert found.agreed / found.count == pytest.approx(share)
    assert found.kappa is not None
    assert round(found.kappa, places) == kappa


def test_where_nothing_can_be_told_there_is_no_kappa() -> None:
    assert agreement_of([]).kappa is None
    assert agreement_of([("yes", "yes")] * 9).kappa is None
    one = agreement_of([("yes", "no"), ("no", "yes")])
    assert (one.agreed, one.kappa) == (0, -1.0)
