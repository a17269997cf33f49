"""Why a query does not find what it should: one cause for each miss, told by what became of its words.

Takes how near a query came (`asking.Aim`); knows nothing of what it asks about.
"""

from __future__ import annotations

from servicebook.site.asking import Aim

# What each of them means, the catalogue says (`search-command.cause`). The first that is true is the cause.
CAUSES = ("misread", "misspelt", "unused", "common", "faint", "partly", "story", "outranked", "buried")
# A word that this part of all pages has does not tell them apart.
COMMON = 0.1
# Who looks at more results than these looks for something else.
SHOWN = 8


def cause_of(aim: Aim, *, stories: bool) -> str:
    """Return why an answer is not among the first; `stories` tells that all answers are scenarios or cases.

    - `misread`: a word of the query is a slip of one that the answer has, and was taken for another.
    - `misspelt`: a word of the query is a slip of one that the answer has, and was taken for none.
    - `unused`: the answer has no word of the query, in no field, and neither has what the thesaurus gives it.
    - `common`: the query tells one thing, which more than a tenth of all pages say.
    - `faint`: the answer has so little of it that it is not shown.
    - `partly`: the answer has less than half of what the query says.
    - `story`: it has most of it, but is of a kind of which a passing mention counts for less.
    - `outranked`: it has most of it, and stands among the first eight; `buried`: below them.
    """
    slips = [term for term in aim.terms if term.slip]
    told = (
        any(term.taken for term in slips),
        bool(slips),
        not any(term.held for term in aim.terms),
        len(aim.terms) == 1 and aim.terms[0].spread > COMMON,
        not aim.place,
        aim.covered < 1 / 2,
        stories,
        aim.place <= SHOWN,
        True,
    )
    return next(cause for cause, is_true in zip(CAUSES, told, strict=True) if is_true)
