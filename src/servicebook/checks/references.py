"""References and words: what a field names exists, is of the right kind, and is in force."""

from __future__ import annotations

from collections.abc import Iterator

from servicebook.base.problems import Problem
from servicebook.checks.finding import (
    check_finished,
    check_in_force,
    problem_at,
    unknown_reference,
    unknown_words,
    values_of,
)
from servicebook.content.complaints import suggest
from servicebook.content.content import SOURCES_FILE, Content
from servicebook.content.model.entries import Standard
from servicebook.content.select import owner_of


def check_references(content: Content) -> Iterator[Problem]:
    """Every id that a field names exists, is of the right kind, and is in force."""
    entries = {(entry.kind, entry.id): entry for entry in content.entries}
    standards = {id_ for kind, id_ in entries if kind == "standard"}
    sources = {source.id for source in content.sources}
    items = {
        f"{entry.id}.{item.id}"
        for entry in content.entries
        if isinstance(entry, Standard)
        for item in entry.items
    }
    for value in values_of(content):
        for loc, target, mark in content.references_of(value):
            owner = owner_of(target, standards)
            if target in content.unusable or owner in content.unusable:
                continue
            if mark.kind != "source" and not {target, owner}.isdisjoint(content.unfinished):
                yield from check_finished(content, value, loc, owner)
            elif mark.kind == "source":
                if target not in sources and SOURCES_FILE not in content.unusable:
                    yield unknown_reference(content, value, loc, target, "source", sources)
            elif mark.kind == "item":
                standard = entries.get(("standard", owner))
                if standard is None or (target != owner and target not in items):
                    yield unknown_reference(content, value, loc, target, "item", items | standards)
                else:
                    yield from check_in_force(content, value, loc, standard)
            else:
                other = entries.get((mark.kind, target))
                if other is None:
                    known = {id_ for kind, id_ in entries if kind == mark.kind}
                    yield unknown_reference(content, value, loc, target, mark.kind, known)
                else:
                    yield from check_in_force(content, value, loc, other)


def check_queries(content: Content) -> Iterator[Problem]:
    """What is expected of the search is there to be found: an entry in force, or a term."""
    entries = content.by_id
    known = {*entries, *(term.id for term in content.terms)}
    for query in content.queries:
        for place, target in enumerate(query.expect):
            if target in content.unusable:
                continue
            if target not in known:
                yield unknown_reference(content, query, ("expect", place), target, "entry", known)
            elif target in entries:
                yield from check_in_force(content, query, ("expect", place), entries[target])


def check_replacements(content: Content) -> Iterator[Problem]:
    """`replaced_by` belongs to a retired entry, and following it ends."""
    entries = content.by_id
    for entry in content.entries:
        if entry.replaced_by and entry.status != "retired":
            yield problem_at(content, entry, ("replaced_by",), "replaced-not-retired", id=entry.id)
        trail = [entry.id]
        following = entries.get(entry.replaced_by or "")
        while following and following.id not in trail:
            trail.append(following.id)
            following = entries.get(following.replaced_by or "")
        if following and following.id == entry.id:
            yield problem_at(
                content, entry, ("replaced_by",), "replaced-in-circle", trail=" → ".join([*trail, entry.id])
            )


def check_words(content: Content) -> Iterator[Problem]:
    """Every word that classes an entry is in the playbook's own vocabulary."""
    for value in values_of(content):
        for loc, word, mark in unknown_words(content, value):
            known = content.settings.words[mark.vocabulary] if content.settings else {}
            values = {"word": word, "vocabulary": mark.vocabulary, "known": ", ".join(known)}
            if known:
                # Who writes what readers see means the word that is titled so.
                titled = {title: name for name, title in known.items() if title}
                near = suggest(word, known) or titled.get(suggest(word, titled) or "")
                yield problem_at(content, value, loc, "unknown-word", suggestion=near, **values)
            else:
                yield problem_at(content, value, loc, "no-vocabulary", **values)
