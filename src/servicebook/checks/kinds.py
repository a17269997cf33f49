"""Rules of one kind of entry."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from servicebook.base.problems import Problem
from servicebook.checks import arithmetic
from servicebook.checks.finding import problem_at, unknown_words
from servicebook.content.complaints import suggest
from servicebook.content.content import Content
from servicebook.content.marked import Loc
from servicebook.content.model.checklists import Section
from servicebook.content.model.entries import Checklist, Metric, Standard
from servicebook.content.select import select_standards


def check_sections(content: Content) -> Iterator[Problem]:
    """A checklist never comes out empty: each section has items, and each `select` matches."""
    standards = [entry for entry in content.entries if isinstance(entry, Standard)]
    for entry in content.entries:
        if not isinstance(entry, Checklist):
            continue
        for i, section in enumerate(entry.sections):
            if section.select is not None:
                yield from _check_select(content, entry, i, section, standards)
            elif not section.take and not section.items:
                yield problem_at(content, entry, ("sections", i), "section-empty", title=section.title)


def _check_select(
    content: Content, entry: Checklist, i: int, section: Section, standards: list[Standard]
) -> Iterator[Problem]:
    select = section.select
    assert select is not None  # noqa: S101 - the caller looked
    if not any(words for _, words in select):
        yield problem_at(content, entry, ("sections", i, "select"), "select-everything")
    elif content.unusable or any(unknown_words(content, select)):
        return  # what was refused might have matched, and a misspelt word is told by its own rule
    elif not select_standards(select, standards):
        yield problem_at(content, entry, ("sections", i, "select"), "select-nothing")


def check_thresholds(content: Content) -> Iterator[Problem]:
    """A number is either somebody's, and cited, or the playbook's own proposal."""
    for entry in content.entries:
        if isinstance(entry, Standard) and (threshold := entry.threshold):
            if threshold.origin == "source" and threshold.source is None:
                yield problem_at(content, entry, ("threshold", "origin"), "threshold-without-source")
            if threshold.origin == "own" and threshold.source is not None:
                yield problem_at(content, entry, ("threshold", "source"), "own-threshold-with-source")


def check_metrics(content: Content) -> Iterator[Problem]:
    """A metric's formula is arithmetic, and its worked example is right."""
    for entry in content.entries:
        if isinstance(entry, Metric):
            yield from _check_formula(content, entry)


def _check_formula(content: Content, metric: Metric) -> Iterator[Problem]:
    formula, example = metric.formula, metric.example
    place: Loc = ("formula", "expression")
    try:
        names = arithmetic.names_in(formula.expression)
        for name in sorted(names - set(formula.variables)):
            near = suggest(name, formula.variables)
            yield problem_at(content, metric, place, "formula-unknown-name", name=name, suggestion=near)
        for name in sorted(set(formula.variables) - names):
            yield problem_at(
                content, metric, ("formula", "variables", name), "formula-unused-name", name=name
            )
        if names != set(formula.variables):
            return
        for name in sorted(names ^ set(example.values)):
            yield problem_at(content, metric, ("example", "values"), "example-values", name=name)
        if names != set(example.values):
            return
        value = arithmetic.evaluate(formula.expression, example.values)
    except arithmetic.FormulaError as error:
        yield problem_at(content, metric, place, "formula-not-arithmetic", piece=error.piece)
        return
    except ZeroDivisionError:
        yield problem_at(content, metric, ("example", "values"), "example-divides-by-zero")
        return
    written = Decimal(str(example.result)).normalize()
    decimals = max(0, -int(written.as_tuple().exponent))
    # Said this way round, so that a result that is no number (inf - inf) does not pass as equal.
    if not abs(value - example.result) <= 0.5 * 10**-decimals + 1e-9:
        values = {"written": _number(example.result), "computed": _number(round(value, max(decimals, 2)))}
        yield problem_at(content, metric, ("example", "result"), "example-arithmetic", **values)


def _number(value: float) -> str:
    return f"{value:.6f}".rstrip("0").rstrip(".")
