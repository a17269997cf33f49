"""Every rule across the entries of a playbook, run and sorted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator

from servicebook.base.problems import Problem, sort_problems
from servicebook.base.processes import Begun
from servicebook.checks.brand import check_brand
from servicebook.checks.checklists import check_repeats, check_scoring
from servicebook.checks.editions import check_editions
from servicebook.checks.ids import (
    check_file_names,
    check_former_ids,
    check_local_ids,
    check_slugs,
    check_unique_ids,
)
from servicebook.checks.kinds import check_metrics, check_sections, check_thresholds
from servicebook.checks.languages import check_languages
from servicebook.checks.lineup import check_country
from servicebook.checks.media import check_media, check_names, check_unnamed
from servicebook.checks.references import check_queries, check_references, check_replacements, check_words
from servicebook.checks.repeats import check_repeated, check_selves
from servicebook.checks.sentences import check_sentences
from servicebook.checks.texts import check_search_words, check_texts
from servicebook.checks.upkeep import (
    check_changes,
    check_future,
    check_handles,
    check_history,
    check_retold,
    check_use,
    find_ahead,
    find_overdue,
)
from servicebook.content.content import Content

Rule = Callable[[Content], Iterator[Problem]]


# From how many entries on a second process is worth its start.
MANY = 1000


def check_content(content: Content, today: dt.date) -> list[Problem]:
    """Return every problem across the entries of a playbook, sorted. `today` dates what is overdue."""
    # Texts take as long as all the rest.
    of_texts: Begun[None, list[Problem]] = Begun(
        lambda _: list(check_texts(content)), alone=len(content.entries) < MANY
    )
    found: list[Problem] = []
    for rule in RULES:
        found.extend(rule(content))
    found.extend(find_overdue(content, today))
    found.extend(find_ahead(content, today))
    return sort_problems([*found, *of_texts.result()])


RULES: tuple[Rule, ...] = (
    check_unique_ids,
    check_local_ids,
    check_former_ids,
    check_file_names,
    check_editions,
    check_slugs,
    check_references,
    check_queries,
    check_replacements,
    check_words,
    check_repeated,
    check_selves,
    check_sections,
    check_repeats,
    check_scoring,
    check_thresholds,
    check_metrics,
    check_changes,
    check_history,
    check_retold,
    check_handles,
    check_use,
    check_future,
    check_search_words,
    check_sentences,
    check_languages,
    check_brand,
    check_media,
    check_country,
    check_unnamed,
    check_names,
)
