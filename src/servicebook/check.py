"""The rules across entries: each a small function that reads the content and yields problems."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal

from servicebook import arithmetic, glyphs, inline
from servicebook.fields import Loc, find_marked
from servicebook.load import SOURCES_FILE, Content, suggest
from servicebook.messages import LANGUAGES, messages_in
from servicebook.model import (
    Case,
    Checklist,
    Entry,
    Foundation,
    Inline,
    Metric,
    Model,
    Ref,
    Section,
    Select,
    Source,
    Standard,
    Term,
    Word,
)
from servicebook.parallel import Begun
from servicebook.problems import Problem, Severity, sort_problems

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
    return sort_problems([*found, *of_texts.result()])


def is_published(entry: Entry) -> bool:
    """Tell whether an entry has a page: a draft has none, a retired one keeps its own with a notice."""
    return entry.status != "draft"


def months_after(date: dt.date, months: int) -> dt.date:
    """Return the day `months` calendar months after `date` (the month's last day where it is shorter)."""
    years, month = divmod(date.month - 1 + months, 12)
    first_of_next = dt.date(date.year + years + (month == 11), (month + 1) % 12 + 1, 1)
    last_day = (first_of_next - dt.timedelta(days=1)).day
    return dt.date(date.year + years, month + 1, min(date.day, last_day))


def select_standards(select: Select, standards: Iterable[Standard]) -> list[Standard]:
    """Return the standards that have one of the words in each field that `select` names."""
    wanted = {name: set(words) for name, words in select if words}

    def matches(standard: Standard) -> bool:
        for name, words in wanted.items():
            value = getattr(standard, name)
            if not words & ({value} if isinstance(value, str) else set(value)):
                return False
        return True

    return [standard for standard in standards if standard.status == "active" and matches(standard)]


# --- ids ---------------------------------------------------------------------------------------------


def check_unique_ids(content: Content) -> Iterator[Problem]:
    """An id names one thing in the whole playbook: it is an address, and a word in links."""
    listed: list[Sequence[Entry | Term | Source | Foundation]]
    listed = [content.entries, content.terms, content.sources, content.foundations]
    for values in listed:
        seen: dict[str, Entry | Term | Source | Foundation] = {}
        for value in values:
            first = seen.setdefault(value.id, value)
            if first is not value:
                place = content.locate(first, ("id",))
                yield _problem(content, value, ("id",), "duplicate-id", id=value.id, place=place)


def check_local_ids(content: Content) -> Iterator[Problem]:
    """Items, claims and sections carry ids of their own, unique in their entry."""
    for entry in content.entries:
        seen: set[str] = set()
        for loc, identity in _local_ids(entry):
            if identity in seen:
                yield _problem(content, entry, loc, "duplicate-item", id=identity)
            seen.add(identity)


def _local_ids(entry: Entry) -> Iterator[tuple[Loc, str]]:
    if isinstance(entry, Standard):
        yield from ((("items", i, "id"), item.id) for i, item in enumerate(entry.items))
    elif isinstance(entry, Case):
        yield from ((("claims", i, "id"), claim.id) for i, claim in enumerate(entry.claims))
    elif isinstance(entry, Checklist):
        for i, section in enumerate(entry.sections):
            yield ("sections", i, "id"), f"{section.id}/"
            yield from ((("sections", i, "items", j, "id"), item.id) for j, item in enumerate(section.items))


def check_former_ids(content: Content) -> Iterator[Problem]:
    """An id that an entry once had leads to it for ever, so nothing else may take it."""
    current = {entry.id for entry in content.entries}
    claimed: dict[str, str] = {}
    for entry in content.entries:
        for i, former in enumerate(entry.former_ids):
            if former in current or claimed.setdefault(former, entry.id) != entry.id:
                yield _problem(content, entry, ("former_ids", i), "former-id-taken", id=former)


# --- references --------------------------------------------------------------------------------------


def check_references(content: Content) -> Iterator[Problem]:
    """Every id that a field names exists, is of the right kind, and is in force."""
    entries = {(entry.kind, entry.id): entry for entry in content.entries}
    sources = {source.id for source in content.sources}
    items = {
        f"{entry.id}.{item.id}"
        for entry in content.entries
        if isinstance(entry, Standard)
        for item in entry.items
    }
    for value in _values(content):
        for loc, target, mark in find_marked(value, Ref):
            if target in content.unusable or target.partition(".")[0] in content.unusable:
                continue
            if mark.kind == "source":
                if target not in sources and SOURCES_FILE not in content.unusable:
                    yield _unknown(content, value, loc, target, "source", sources)
            elif mark.kind == "item":
                standard = entries.get(("standard", target.partition(".")[0]))
                if standard is None or ("." in target and target not in items):
                    known = items | {id_ for kind, id_ in entries if kind == "standard"}
                    yield _unknown(content, value, loc, target, "item", known)
                else:
                    yield from _check_in_force(content, value, loc, standard)
            else:
                other = entries.get((mark.kind, target))
                if other is None:
                    known = {id_ for kind, id_ in entries if kind == mark.kind}
                    yield _unknown(content, value, loc, target, mark.kind, known)
                else:
                    yield from _check_in_force(content, value, loc, other)


def _unknown(content: Content, value: Model, loc: Loc, target: str, kind: str, known: set[str]) -> Problem:
    return _problem(
        content, value, loc, "unknown-reference", id=target, kind=kind, suggestion=suggest(target, known)
    )


def _check_in_force(content: Content, value: Model, loc: Loc, target: Entry) -> Iterator[Problem]:
    """A page in force leads only to pages in force, and a retired one to pages; a draft may name anything."""
    status = value.status if isinstance(value, Entry) else "active"
    if target.status == "draft" and status != "draft":
        yield _problem(content, value, loc, "draft-reference", id=target.id)
    elif target.status == "retired" and status == "active" and loc != ("replaced_by",):
        if target.replaced_by:
            values = {"id": target.id, "replacement": target.replaced_by}
            yield _problem(content, value, loc, "retired-reference", **values)
        else:
            yield _problem(content, value, loc, "retired-without-replacement", id=target.id)


def check_replacements(content: Content) -> Iterator[Problem]:
    """`replaced_by` belongs to a retired entry, and following it ends."""
    entries = {entry.id: entry for entry in content.entries}
    for entry in content.entries:
        if entry.replaced_by and entry.status != "retired":
            yield _problem(content, entry, ("replaced_by",), "replaced-not-retired", id=entry.id)
        trail = [entry.id]
        following = entries.get(entry.replaced_by or "")
        while following and following.id not in trail:
            trail.append(following.id)
            following = entries.get(following.replaced_by or "")
        if following and following.id == entry.id:
            yield _problem(
                content, entry, ("replaced_by",), "replaced-in-circle", trail=" → ".join([*trail, entry.id])
            )


def check_texts(content: Content) -> Iterator[Problem]:
    """Links in a text go to http(s), mailto or an entry; HTML is shown as typed; paper shows every sign."""
    entries = {entry.id: entry for entry in content.entries}
    for value in _values(content):
        texts = find_marked(value, Inline)
        if isinstance(value, Entry) and value.status == "active":
            yield from _check_written(content, value, texts)
        for loc, text, _ in texts:
            if tag := inline.find_html(text):
                yield _problem(content, value, loc, "html-in-text", Severity.WARNING, tag=tag)
            if sign := glyphs.find_unprintable(text):
                yield _problem(content, value, loc, "unprintable", Severity.WARNING, sign=sign)
            for target in inline.find_links(text):
                if inline.is_external(target) or target in content.unusable:
                    continue
                if not inline.is_entry_id(target):
                    yield _problem(content, value, loc, "link-not-allowed", target=target)
                elif target not in entries:
                    yield _unknown(content, value, loc, target, "entry", set(entries))
                else:
                    yield from _check_in_force(content, value, loc, entries[target])


def _check_written(
    content: Content, entry: Entry, texts: Iterable[tuple[Loc, str, Inline]]
) -> Iterator[Problem]:
    """A page in force says nothing that `servicebook new` put there to be written over."""
    unwritten = {messages_in(language)("new.placeholder") for language in LANGUAGES}
    for loc, text in ((("title",), entry.title), *((loc, text) for loc, text, _ in texts)):
        if text in unwritten:
            yield _problem(content, entry, loc, "unwritten", text=text)


# --- vocabulary --------------------------------------------------------------------------------------


def check_words(content: Content) -> Iterator[Problem]:
    """Every word that classes an entry is in the playbook's own vocabulary."""
    for value in _values(content):
        for loc, word, mark in _unknown_words(content, value):
            vocabulary = getattr(content.settings, mark.vocabulary)
            values = {"word": word, "vocabulary": mark.vocabulary, "known": ", ".join(vocabulary)}
            yield _problem(
                content, value, loc, "unknown-word", suggestion=suggest(word, vocabulary), **values
            )


def _unknown_words(content: Content, value: Model) -> Iterator[tuple[Loc, str, Word]]:
    """Yield the words of a value that no vocabulary has; none while `playbook.yml` cannot be used."""
    if content.settings is None:
        return
    for loc, word, mark in find_marked(value, Word):
        if word not in getattr(content.settings, mark.vocabulary):
            yield loc, word, mark


# --- rules of one kind -------------------------------------------------------------------------------


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
                yield _problem(content, entry, ("sections", i), "section-empty", title=section.title)


def check_repeats(content: Content) -> Iterator[Problem]:
    """A line stands in a checklist once: a second place would come out without it."""
    if content.unusable:
        return
    standards = [entry for entry in content.entries if isinstance(entry, Standard)]
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
                    yield _problem(content, entry, place, "line-repeated", Severity.WARNING, **values)
            if lines and not section.items and all(places[id_] is not section for _, id_ in lines):
                yield _problem(
                    content, entry, ("sections", i), "section-repeated", Severity.WARNING, title=section.title
                )


def _lines_of(section: Section, standards: Sequence[Standard]) -> Iterator[tuple[Loc, str]]:
    """Yield where each line that a section takes from standards is asked for, and its id."""
    by_id = {standard.id: standard for standard in standards}
    for i, address in enumerate(section.take):
        standard = by_id.get(address.partition(".")[0])
        lines = list(dict.fromkeys(f"{standard.id}.{item.id}" for item in standard.items)) if standard else []
        yield from ((("take", i), line) for line in lines if address in (line, line.partition(".")[0]))
    for standard in select_standards(section.select, standards) if section.select else ():
        yield from ((("select",), f"{standard.id}.{item.id}") for item in standard.items)


def check_scoring(content: Content) -> Iterator[Problem]:
    """A rule of scoring stands on a scored list, and the metric of its bands tells where each begins."""
    metrics = {entry.id: entry for entry in content.entries if isinstance(entry, Metric)}
    for entry in content.entries:
        if not isinstance(entry, Checklist) or not entry.scoring:
            continue
        if not entry.scored:
            yield _problem(content, entry, ("scoring",), "scoring-unscored")
        metric = metrics.get(entry.scoring.bands or "")
        starts = [reading.at_least for reading in metric.reading] if metric else [0]
        told = [start for start in starts if start is not None]
        if len(told) < len(starts) or told[-1] != 0 or told != sorted(set(told), reverse=True):
            values = {"id": entry.scoring.bands}
            yield _problem(content, entry, ("scoring", "bands"), "scoring-bands", **values)


def _check_select(
    content: Content, entry: Checklist, i: int, section: Section, standards: list[Standard]
) -> Iterator[Problem]:
    select = section.select
    assert select is not None  # noqa: S101 - the caller looked
    if not any(words for _, words in select):
        yield _problem(content, entry, ("sections", i, "select"), "select-everything")
    elif content.unusable or any(_unknown_words(content, select)):
        return  # what was refused might have matched, and a misspelt word is told by its own rule
    elif not select_standards(select, standards):
        yield _problem(content, entry, ("sections", i, "select"), "select-nothing")


def check_thresholds(content: Content) -> Iterator[Problem]:
    """A number is either somebody's, and cited, or the playbook's own proposal."""
    for entry in content.entries:
        if isinstance(entry, Standard) and (threshold := entry.threshold):
            if threshold.origin == "source" and threshold.source is None:
                yield _problem(content, entry, ("threshold", "origin"), "threshold-without-source")
            if threshold.origin == "own" and threshold.source is not None:
                yield _problem(content, entry, ("threshold", "source"), "own-threshold-with-source")


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
            yield _problem(content, metric, place, "formula-unknown-name", name=name, suggestion=near)
        for name in sorted(set(formula.variables) - names):
            yield _problem(content, metric, ("formula", "variables", name), "formula-unused-name", name=name)
        if names != set(formula.variables):
            return
        for name in sorted(names ^ set(example.values)):
            yield _problem(content, metric, ("example", "values"), "example-values", name=name)
        if names != set(example.values):
            return
        value = arithmetic.evaluate(formula.expression, example.values)
    except arithmetic.FormulaError as error:
        yield _problem(content, metric, place, "formula-not-arithmetic", piece=error.piece)
        return
    except ZeroDivisionError:
        yield _problem(content, metric, ("example", "values"), "example-divides-by-zero")
        return
    written = Decimal(str(example.result)).normalize()
    exponent = written.as_tuple().exponent
    decimals = max(0, -exponent) if isinstance(exponent, int) else 0
    # Said this way round, so that a result that is no number (inf - inf) does not pass as equal.
    if not abs(value - example.result) <= 0.5 * 10**-decimals + 1e-9:
        values = {"written": _number(example.result), "computed": _number(round(value, max(decimals, 2)))}
        yield _problem(content, metric, ("example", "result"), "example-arithmetic", **values)


def _number(value: float) -> str:
    return f"{value:.6f}".rstrip("0").rstrip(".")


def check_changes(content: Content) -> Iterator[Problem]:
    """The history of an entry ends at the revision that it says it has."""
    for entry in content.entries:
        if entry.changes and max(change.revision for change in entry.changes) != entry.revision:
            last = max(change.revision for change in entry.changes)
            yield _problem(
                content, entry, ("revision",), "revision-differs", revision=entry.revision, last=last
            )


# --- completeness: warnings --------------------------------------------------------------------------


def check_use(content: Content) -> Iterator[Problem]:
    """A standard that nobody uses or measures is a wish: say where it is used, or why not measured."""
    if content.unusable:
        return  # what was refused might use or measure it
    used: set[str] = set()
    measured: set[str] = set()
    for entry in content.entries:
        named = {
            target.partition(".")[0]
            for _, target, mark in find_marked(entry, Ref)
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
            yield _problem(content, standard, ("id",), "standard-unused", Severity.WARNING, id=standard.id)
        if standard.id not in measured and not standard.metrics and not standard.no_metric:
            yield _problem(
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
            yield _problem(content, entry, ("reviewed",), "review-overdue", Severity.WARNING, **values)
        if isinstance(entry, Case):
            for i, claim in enumerate(entry.claims):
                if claim.recheck < today:
                    place: Loc = ("claims", i, "recheck")
                    yield _problem(
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
            yield _problem(
                content, entry, ("reviewed",), "reviewed-after-edition", Severity.WARNING, **values
            )


RULES: tuple[Rule, ...] = (
    check_unique_ids,
    check_local_ids,
    check_former_ids,
    check_references,
    check_replacements,
    check_words,
    check_sections,
    check_repeats,
    check_scoring,
    check_thresholds,
    check_metrics,
    check_changes,
    check_use,
    check_future,
)


def _values(content: Content) -> Iterator[Model]:
    """Yield everything that may hold marked fields."""
    if content.settings:
        yield content.settings
    yield from content.entries
    yield from content.terms
    yield from content.sources
    yield from content.foundations


def _problem(
    content: Content,
    value: Model,
    loc: Loc,
    rule: str,
    severity: Severity = Severity.ERROR,
    /,
    **values: object,
) -> Problem:
    return Problem(content.locate(value, loc), rule, values, severity)
