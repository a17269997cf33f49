"""Upkeep: history, use, and dates that have passed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from itertools import pairwise

from servicebook.base.problems import Problem, Severity
from servicebook.checks.finding import problem_at
from servicebook.content.content import Content
from servicebook.content.marked import Loc
from servicebook.content.model.entries import Case, Checklist, Standard
from servicebook.content.select import owner_of, select_standards
from servicebook.language.dates import months_after

_A_HISTORY = 2  # changes: of one alone there is nothing before it


def check_changes(content: Content) -> Iterator[Problem]:
    """The history of an entry ends at the revision that it says it has."""
    for entry in content.entries:
        if entry.changes and max(change.revision for change in entry.changes) != entry.revision:
            last = max(change.revision for change in entry.changes)
            yield problem_at(
                content, entry, ("revision",), "revision-differs", revision=entry.revision, last=last
            )


def check_history(content: Content) -> Iterator[Problem]:
    """The revisions of a history follow each other, in number and in time, in whichever order they stand."""
    for entry in content.entries:
        if len(entry.changes) < _A_HISTORY:
            continue
        told = sorted(enumerate(entry.changes), key=lambda one: one[1].revision)
        latest = told[0][1]
        for (_, before), (place, change) in pairwise(told):
            if change.revision > before.revision + 1:
                values = {"revision": change.revision, "before": before.revision, "next": before.revision + 1}
                loc: Loc = ("changes", place, "revision")
                yield problem_at(content, entry, loc, "change-skips", Severity.WARNING, **values)
            if change.date < latest.date and change.revision > latest.revision:
                yield problem_at(
                    content,
                    entry,
                    ("changes", place, "date"),
                    "change-before-earlier",
                    Severity.WARNING,
                    revision=change.revision,
                    date=change.date,
                    before=latest.revision,
                    earlier=latest.date,
                )
            latest = change if change.date >= latest.date else latest


def check_retold(content: Content) -> Iterator[Problem]:
    """A history tells each revision once: the news know a change by its entry and its revision."""
    for entry in content.entries:
        first: dict[int, int] = {}
        for place, change in enumerate(entry.changes):
            if first.setdefault(change.revision, place) != place:
                loc: Loc = ("changes", place, "revision")
                earlier = content.locate(entry, ("changes", first[change.revision], "revision"))
                yield problem_at(
                    content,
                    entry,
                    loc,
                    "change-retold",
                    Severity.WARNING,
                    revision=change.revision,
                    line=earlier.line,
                )


def find_unasked(content: Content) -> Iterator[Problem]:
    """Find the teams that nobody can be asked through at the code host: they have no handle."""
    if content.settings is None:
        return
    for name, team in content.settings.teams.items():
        if not team.handle:
            place = content.locate(content.settings, ("teams", name), at_key=True)
            yield Problem(place, "team-without-handle", {"team": team.title}, Severity.WARNING)


def check_handles(content: Content) -> Iterator[Problem]:
    """Where one team has a handle every team has: a playbook that uses none has no reviewers to name."""
    if content.settings and any(team.handle for team in content.settings.teams.values()):
        yield from find_unasked(content)


def check_use(content: Content) -> Iterator[Problem]:
    """A standard that nobody uses or measures is a wish: say where it is used, or why not measured."""
    if content.unusable:
        return  # what was refused might use or measure it
    used: set[str] = set()
    measured: set[str] = set()
    # That an id is a former one is told of where it stands, and is no reason to call its standard unused.
    now = {former: entry.id for entry in content.entries for former in entry.former_ids}
    now |= {entry.id: entry.id for entry in content.entries}
    for entry in content.entries:
        named = {
            now.get(owner := owner_of(target, now), owner)
            for _, target, mark in content.references_of(entry)
            if mark.kind in ("standard", "item")
        }
        if entry.kind in ("customer", "checklist", "scenario"):
            used |= named
        if entry.kind == "metric":
            measured |= named
    standards = [entry for entry in content.entries if isinstance(entry, Standard)]
    for entry in content.entries:
        if isinstance(entry, Checklist):
            selects = [section.select for section in entry.sections if section.select]
            used |= {found.id for select in selects for found in select_standards(select, standards)}
    for standard in standards:
        if standard.status != "active":
            continue
        if standard.id not in used and not standard.customers:
            yield problem_at(content, standard, ("id",), "standard-unused", Severity.WARNING, id=standard.id)
        if standard.id not in measured and not standard.metrics and not standard.no_metric:
            yield problem_at(
                content, standard, ("id",), "standard-unmeasured", Severity.WARNING, id=standard.id
            )


def find_overdue(content: Content, today: dt.date) -> Iterator[Problem]:
    """What is past its date of review, and claims past their date of re-check."""
    for entry in content.entries:
        if entry.status == "retired":
            continue
        due = months_after(entry.reviewed, entry.review_every)
        if due < today:
            values = {"due": due, "team": entry.owner}
            yield problem_at(content, entry, ("reviewed",), "review-overdue", Severity.WARNING, **values)
        if isinstance(entry, Case):
            for i, claim in enumerate(entry.claims):
                if claim.recheck < today:
                    place: Loc = ("claims", i, "recheck")
                    yield problem_at(
                        content, entry, place, "recheck-overdue", Severity.WARNING, due=claim.recheck
                    )


def check_future(content: Content) -> Iterator[Problem]:
    """An edition cannot hold a review that was made after it; such a date is a slip of the pen."""
    if content.settings is None:
        return
    edition = content.settings.edition.date
    for entry in content.entries:
        if entry.reviewed > edition:
            values = {"date": entry.reviewed, "edition": edition}
            yield problem_at(
                content, entry, ("reviewed",), "reviewed-after-edition", Severity.WARNING, **values
            )


def find_ahead(content: Content, today: dt.date) -> Iterator[Problem]:
    """A change dated later than today, and than the edition that it may be written for, is a slip."""
    last = max(today, content.settings.edition.date) if content.settings else today
    for entry in content.entries:
        for place, change in enumerate(entry.changes):
            if change.date > last:
                loc: Loc = ("changes", place, "date")
                yield problem_at(content, entry, loc, "change-ahead", Severity.WARNING, date=change.date)
