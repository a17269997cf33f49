"""How far two people who saw the same visit agree: the share of rows, and Cohen's kappa.

Kappa tells how much of the agreement that chance leaves open was reached (J. Cohen, "A Coefficient of
Agreement for Nominal Scales", Educational and Psychological Measurement 20, 1960, pages 37 to 46).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True)
class Agreement:
    """Of how many rows both gave an answer, in how many it was the same, and kappa.

    `kappa` is None where chance alone would agree on all: then there is nothing to tell by.
    """

    count: int
    agreed: int
    kappa: float | None


def agreement_of(pairs: Sequence[tuple[str, str]]) -> Agreement:
    """Return how far two people agree, from the answers that each gave to the same rows."""
    count, agreed = len(pairs), sum(one == other for one, other in pairs)
    if not count:
        return Agreement(0, 0, None)
    first, second = Counter(one for one, _ in pairs), Counter(other for _, other in pairs)
    observed = Fraction(agreed, count)
    expected = sum((Fraction(first[word] * second[word], count * count) for word in first), Fraction())
    kappa = None if expected == 1 else float((observed - expected) / (1 - expected))
    return Agreement(count, agreed, kappa)
