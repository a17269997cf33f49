"""The line-up: a country whose holidays are known."""

from __future__ import annotations

from collections.abc import Iterator

from servicebook.base.problems import Problem
from servicebook.checks.finding import problem_at
from servicebook.content.complaints import suggest
from servicebook.content.content import Content


def check_country(content: Content) -> Iterator[Problem]:
    """The country is one of which the holidays are known."""
    settings = content.settings
    if settings is None or settings.country is None:
        return
    # The names alone: to list what is known of each, a module of every country would be loaded.
    from holidays.registry import EntityLoader

    known = [*EntityLoader.get_country_codes()]
    if settings.country not in known:
        found = {"country": settings.country, "suggestion": suggest(settings.country, known)}
        yield problem_at(content, settings, ("country",), "unknown-country", **found)
