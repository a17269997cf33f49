"""Rules of checklists: no line vanishes, and a rule of scoring can be followed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from servicebook.base.problems import Problem, Severity
from servicebook.checks.finding import problem_at
from servicebook.content.content import Content
from servicebook.content.marked import Loc
from servicebook.content.model.checklists import Section
from servicebook.content.model.entries import Checklist, Metric, Standard
from servicebook.content.select import owner_of, select_standards


def check_repeats(content: Content) -> Iterator[Problem]:
    """A line stands in a checklist once: a second place would come out without it."""
    if content.unusable:
        return
    standards = {entry.id: entry for entry in content.entries if isinstance(entry, Standard)}
    for entry in content.entries:
        if not isinstance(entry, Checklist):
            continue
        places: dict[str, Section] = {}
        for i, section in enumerate(entry.sections):
            lines = list(_lines_of(section, standards))
            named: set[str] = set()
            for loc, identity in lines:
                first = places.setdefault(identity, section)
                # In one section a `select` may well find again what was named before it for the order's sake.
                again = identity in named and loc[0] == "take"
                named.add(identity)
                if first is not section or again:
                    values = {"id": identity, "title": first.title}
                    place = ("sections", i, *loc)
                    yield problem_at(content, entry, place, "line-repeated", Severity.WARNING, **values)
            if lines and not section.items and all(places[id_] is not section for _, id_ in lines):
                yield problem_at(
                    content, entry, ("sections", i), "section-repeated", Severity.WARNING, title=section.title
                )


def _lines_of(section: Section, standards: Mapping[str, Standard]) -> Iterator[tuple[Loc, str]]:
    """Yield where each line that a section takes from standards, by id, is asked for, and its id."""
    for i, address in enumerate(section.take):
        standard = standards.get(owner_of(address, standards))
        lines = list(dict.fromkeys(f"{standard.id}.{item.id}" for item in standard.items)) if standard else []
        yield from ((("take", i), line) for line in lines if standard and address in (line, standard.id))
    for standard in select_standards(section.select, standards.values()) if section.select else ():
        yield from ((("select",), f"{standard.id}.{item.id}") for item in standard.items)


def check_scoring(content: Content) -> Iterator[Problem]:
    """A rule of scoring stands on a scored list, and the metric of its bands tells where each begins."""
    metrics = {entry.id: entry for entry in content.entries if isinstance(entry, Metric)}
    for entry in content.entries:
        if not isinstance(entry, Checklist) or not entry.scoring:
            continue
        if not entry.scored:
            yield problem_at(content, entry, ("scoring",), "scoring-unscored")
        metric = metrics.get(entry.scoring.bands or "")
        starts = [reading.at_least for reading in metric.reading] if metric else [0]
        told = [start for start in starts if start is not None]
        if len(told) < len(starts) or told[-1] != 0 or told != sorted(set(told), reverse=True):
            values = {"id": entry.scoring.bands}
            yield problem_at(content, entry, ("scoring", "bands"), "scoring-bands", **values)
