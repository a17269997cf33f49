"""What each macro of hand-written pages gives, over one site."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from inspect import isfunction
from typing import Any

from markupsafe import Markup

from servicebook.base.problems import RuleError
from servicebook.content.complaints import suggest, suggest_id
from servicebook.content.model.entries import Checklist, Entry
from servicebook.content.select import heir_of
from servicebook.site.site import Site
from servicebook.views.facets import choices_of, facets_of, filter_entries, urgent_entries
from servicebook.views.matrices import matrix_of
from servicebook.views.news import latest, news_of
from servicebook.views.quiz import asked_of, questions_of
from servicebook.views.upkeep import board_of

# Periods of checklists that come round by the calendar, the most frequent first.
_REGULAR = ("shift", "day", "week", "month")
# Entries of each job that the quiz asks of on screen, twelve rounds of ten: more would be megabytes.
_ASKED = 120


class MacroError(RuleError):
    """Raised by a macro that was called with something that is not there."""


class Macros:
    """What each macro gives, over one site. Methods are the macros; their names are what pages call."""

    # What makes each part of the reference, by its name; what knows all of them stands above this room.
    reference_of: Callable[[Site], Mapping[str, Callable[[], Sequence[object]]]] = staticmethod(
        lambda site: {}
    )

    def __init__(self, site: Site) -> None:
        self._site = site
        self._kinds = site.playbook.kinds
        self._render = site.renderer.render

    def standard(self, id: str) -> Markup:
        """The short form of a standard."""
        return self._render("brief", self._entry("standard", id))

    def behaviour(self, id: str) -> Markup:
        """A behaviour as a card."""
        return self._one("behaviour", id)

    def customer(self, id: str) -> Markup:
        """A customer guide as a card."""
        return self._one("customer", id)

    def case(self, id: str) -> Markup:
        """A case as a card."""
        return self._one("case", id)

    def metric(self, id: str) -> Markup:
        """A metric as a card."""
        return self._one("metric", id)

    def checklist(self, id: str) -> Markup:
        """A checklist as a card."""
        return self._one("checklist", id)

    def scenario(self, id: str) -> Markup:
        """A scenario as a card."""
        return self._one("scenario", id)

    def standards(self, *, facets: bool = False, **filters: str | Sequence[str]) -> Markup:
        """The standards that have the words asked for."""
        return self._many("standard", facets, filters)

    def behaviours(self, *, facets: bool = False, **filters: str | Sequence[str]) -> Markup:
        """The behaviours that have the words asked for."""
        return self._many("behaviour", facets, filters)

    def customers(self, *, facets: bool = False, **filters: str | Sequence[str]) -> Markup:
        """The customer guides that have the words asked for."""
        return self._many("customer", facets, filters)

    def cases(self, *, facets: bool = False, **filters: str | Sequence[str]) -> Markup:
        """All cases."""
        return self._many("case", facets, filters)

    def metrics(self, *, facets: bool = False, **filters: str | Sequence[str]) -> Markup:
        """All metrics."""
        return self._many("metric", facets, filters)

    def checklists(self, *, facets: bool = False, **filters: str | Sequence[str]) -> Markup:
        """The checklists that have the words asked for."""
        return self._many("checklist", facets, filters)

    def scenarios(self, *, facets: bool = False, **filters: str | Sequence[str]) -> Markup:
        """The scenarios that have the words asked for."""
        return self._many("scenario", facets, filters)

    def entries(self, kind: str, *, facets: bool = False, **filters: str | Sequence[str]) -> Markup:
        """The entries of any kind, also of one that the playbook declares, that have the words asked for."""
        if kind not in self._kinds:
            raise MacroError("macro-unknown-kind", name=kind, suggestion=suggest(kind, self._kinds))
        return self._many(kind, facets, filters)

    def choices(self, kind: str, field: str) -> Markup:
        """A link for each word of a field, to the entries of a kind that have it."""
        if kind not in self._kinds:
            raise MacroError("macro-unknown-kind", name=kind, suggestion=suggest(kind, self._kinds))
        if field not in self._facets(kind):
            raise MacroError("macro-unknown-filter", **self._unknown_field(kind, field))
        return self._render("choices", choices_of(kind, field, self._site.playbook, self._site.say))

    def urgent(self) -> Markup:
        """What whoever is in trouble needs now."""
        return self._render("urgent", urgent_entries(self._site.playbook))

    def jobs(self) -> Markup:
        """The reader's own job, which the device remembers: its standards and its checklists."""
        playbook = self._site.playbook
        roles = choices_of("standard", "roles", playbook, self._site.say)
        lists = [one for one in playbook.of_kind("checklist") if isinstance(one, Checklist)]
        regular = [one for period in _REGULAR for one in lists if one.period == period]
        occasional = [one for one in lists if one.period not in _REGULAR]
        return self._render("jobs", roles, regular, occasional)

    def matrix(self, rows: str, columns: str) -> Markup:
        """A table of one kind by another, or by a field that entries are classed by."""
        if rows not in self._kinds:
            raise MacroError("macro-unknown-kind", name=rows, suggestion=suggest(rows, self._kinds))
        known = {*self._kinds, *self._facets(rows), *self._frameworks(rows)}
        if columns not in known:
            raise MacroError("macro-unknown-kind", name=columns, suggestion=suggest(columns, known))
        return self._render("matrix", matrix_of(rows, columns, self._site.playbook, self._site.say))

    def ref(self, id: str, text: str = "") -> Markup:
        """A link to an entry."""
        entry = self._site.playbook.entries.get(id)
        if entry is None:
            self._refuse_former(id)
            near = suggest_id(id, self._site.playbook.entries)
            raise MacroError("macro-unknown-id", id=id, suggestion=near)
        return self._render("ref", entry, text)

    def term(self, id: str, text: str = "") -> Markup:
        """A word of the glossary with its definition."""
        return self._render("term", self._listed("term", self._site.playbook.terms, id), text)

    def glossary(self) -> Markup:
        """All terms, in the alphabet's order."""
        terms = sorted(
            self._site.playbook.terms.values(), key=lambda term: self._site.say.sort_key(term.title)
        )
        return self._render("glossary", terms)

    def sources(self) -> Markup:
        """The bibliography."""
        works = sorted(
            self._site.playbook.sources.values(), key=lambda work: self._site.say.sort_key(work.author)
        )
        return self._render("sources", works)

    def foundation(self, id: str) -> Markup:
        """A foundation with its points and sources."""
        return self._render("foundation", self._listed("foundation", self._site.playbook.foundations, id))

    def news(self) -> Markup:
        """What each edition brought."""
        return self._render("news", news_of(self._site.playbook))

    def latest(self) -> Markup:
        """The newest changes, in short."""
        return self._render("latest", latest(news_of(self._site.playbook), 2))

    def review_board(self) -> Markup:
        """What is to be reviewed, by team."""
        playbook = self._site.playbook
        return self._render("review_board", board_of(playbook.entries.values(), playbook.settings))

    def edition(self) -> Markup:
        """The name and date of the edition in force."""
        return self._render("edition", self._site.playbook.settings.edition)

    def downloads(self) -> Markup:
        """Everything to print or to open in a spreadsheet."""
        return self._render("downloads", self._site.playbook)

    def lineup(self) -> Markup:
        """The weekly line-up: this week's standards and the calendar, for everybody and by job."""
        return self._render("lineup", self._site.playbook)

    def compare(self) -> Markup:
        """The tool that sets saved runs beside each other, read from files that stay with the reader."""
        return self._render("compare")

    def searches(self) -> Markup:
        """What was searched on this device and led nowhere, to be downloaded."""
        return self._render("searches")

    def quiz(self) -> Markup:
        """The quiz: questions of what to do and what to say, of everybody and of each job."""
        playbook = self._site.playbook
        asked = asked_of(playbook, most=_ASKED)
        is_part = len(asked) < len(asked_of(playbook))
        return self._render("quiz", questions_of(playbook, one_each=True, entries=asked), is_part)

    def reference(self, part: str) -> Markup:
        """What can be written: fields, settings, macros, commands, words or templates."""
        parts = self.reference_of(self._site)
        if part not in parts:
            known = ", ".join(parts)
            raise MacroError("macro-unknown-part", name=part, known=known, suggestion=suggest(part, parts))
        return self._render("reference", part, parts[part]())

    def _entry(self, kind: str, identity: str) -> Entry:
        entry = self._site.playbook.entries.get(identity)
        if entry is None or entry.kind != kind:
            self._refuse_former(identity, kind)
            known = [entry.id for entry in self._site.playbook.of_kind(kind)]
            near = suggest_id(identity, known)
            raise MacroError("unknown-reference", id=identity, kind=kind, suggestion=near)
        return entry

    def _refuse_former(self, identity: str, kind: str = "entry") -> None:
        if heir := heir_of(identity, self._site.playbook.entries.values(), kind):
            raise MacroError("former-reference", id=identity, now=heir.id)

    def _listed(self, kind: str, known: dict[str, Any], identity: str) -> Any:
        if identity not in known:
            near = suggest_id(identity, known)
            raise MacroError("unknown-reference", id=identity, kind=kind, suggestion=near)
        return known[identity]

    def _one(self, kind: str, identity: str) -> Markup:
        return self._render("cards", [self._entry(kind, identity)])

    def _many(self, kind: str, with_facets: bool, filters: dict[str, str | Sequence[str]]) -> Markup:
        facets = self._facets(kind)
        for name, wanted in filters.items():
            if not facets:
                raise MacroError("macro-without-filters", name=f"{kind}s")
            if name not in facets:
                raise MacroError("macro-unknown-filter", **self._unknown_field(kind, name))
            words = self._site.words(facets[name])
            for word in [wanted] if isinstance(wanted, str) else wanted:
                if word not in words:
                    raise MacroError(
                        "macro-unknown-word", word=word, field=name, suggestion=suggest(word, words)
                    )
        entries = filter_entries(self._site.playbook.of_kind(kind), **filters)
        if not with_facets:
            return self._render("cards", entries)
        fields = [field for field in facets if field not in filters]
        return self._render(
            "facets", entries, facets_of(entries, fields, self._site.playbook, self._site.say)
        )

    def _frameworks(self, kind: str) -> Iterable[str]:
        return self._site.playbook.settings.frameworks if kind == "standard" else ()

    def _facets(self, kind: str) -> Mapping[str, str]:
        return self._kinds[kind].facets

    def _unknown_field(self, kind: str, name: str) -> dict[str, object]:
        known = self._facets(kind)
        return {"field": name, "known": ", ".join(known), "suggestion": suggest(name, known)}


NAMES = tuple(name for name, macro in vars(Macros).items() if isfunction(macro) and not name.startswith("_"))
