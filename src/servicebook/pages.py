"""The macros of hand-written pages.

A macro leaves a small mark in the page, and the component's HTML takes its place after Markdown and
theme are done: Markdown cannot break what it never sees, and an edited entry needs no page rendered anew.
"""

from __future__ import annotations

import re
import sys
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from inspect import Parameter, signature
from typing import Any

import jinja2
from jinja2 import meta, nodes
from markupsafe import Markup

from servicebook import views
from servicebook.load import suggest
from servicebook.model import ENTRY_TYPES, Entry
from servicebook.news import latest, news_of
from servicebook.problems import Location, Problem
from servicebook.render import relative_to
from servicebook.review import board_of
from servicebook.site import Site

_SLOT = re.compile(r'(?:<p>)?<(span|div) data-servicebook="(\d+)"></\1>(?:</p>)?')
INLINE = frozenset({"ref", "term", "edition"})
# The macros that give text of their own; the others list what is found at its own address.
PROSE = INLINE | {"foundation", "sources"}


class MacroError(Exception):
    """Raised by a macro that was called with something that is not there."""

    def __init__(self, rule: str, **values: object) -> None:
        self.rule = rule
        self.values = values
        super().__init__(rule)


# Jinja's messages, and the rules that say the same in plain words.
_SLIPS = (
    (r"^unexpected char ['\"](?P<character>.+)['\"] at", "macro-character"),
    (r"^unexpected '(?P<sign>[^']+)', expected '(?P<wanted>[^']+)'", "macro-bracket"),
    (r"nexpected end of template|^Missing end of", "macro-not-closed"),
    (r"^No (?:filter|test) named '(?P<name>[^']+)'", "macro-no-filter"),
    (r"nknown tag '(?P<name>[^']+)'", "macro-no-tag"),
)


@dataclass(frozen=True)
class Call:
    """One macro call on a page."""

    name: str
    arguments: tuple[Any, ...]
    options: dict[str, Any]
    location: Location


class Macros:
    """What each macro gives, over one site. Methods are the macros; their names are what pages call."""

    def __init__(self, site: Site) -> None:
        self._site = site
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

    def choices(self, kind: str, field: str) -> Markup:
        """A link for each word of a field, to the entries of a kind that have it."""
        if kind not in ENTRY_TYPES:
            raise MacroError("macro-unknown-kind", name=kind, suggestion=suggest(kind, ENTRY_TYPES))
        if field not in views.FACETS[kind]:
            raise MacroError("macro-unknown-filter", **_unknown_field(kind, field))
        return self._render("choices", views.choices_of(kind, field, self._site.playbook, self._site.say))

    def urgent(self) -> Markup:
        """What whoever is in trouble needs now."""
        return self._render("urgent", views.urgent_entries(self._site.playbook))

    def jobs(self) -> Markup:
        """The reader's own job, which the device remembers: its standards and its checklists."""
        playbook = self._site.playbook
        roles = views.choices_of("standard", "roles", playbook, self._site.say)
        return self._render("jobs", roles, playbook.of_kind("checklist"))

    def matrix(self, rows: str, columns: str) -> Markup:
        """A table of one kind by another, or by a field that entries are classed by."""
        if rows not in ENTRY_TYPES:
            raise MacroError("macro-unknown-kind", name=rows, suggestion=suggest(rows, ENTRY_TYPES))
        known = {*ENTRY_TYPES, *views.FACETS[rows]}
        if columns not in known:
            raise MacroError("macro-unknown-kind", name=columns, suggestion=suggest(columns, known))
        return self._render("matrix", views.matrix_of(rows, columns, self._site.playbook, self._site.say))

    def ref(self, id: str, text: str = "") -> Markup:
        """A link to an entry."""
        entry = self._site.playbook.entries.get(id)
        if entry is None:
            raise MacroError("macro-unknown-id", id=id, suggestion=suggest(id, self._site.playbook.entries))
        return self._render("ref", entry, text)

    def term(self, id: str, text: str = "") -> Markup:
        """A word of the glossary with its definition."""
        return self._render("term", self._listed("term", self._site.playbook.terms, id), text)

    def glossary(self) -> Markup:
        """All terms, in the alphabet's order."""
        terms = sorted(self._site.playbook.terms.values(), key=lambda term: views.sort_key(term.title))
        return self._render("glossary", terms)

    def sources(self) -> Markup:
        """The bibliography."""
        works = sorted(self._site.playbook.sources.values(), key=lambda work: views.sort_key(work.author))
        return self._render("sources", works)

    def foundation(self, id: str) -> Markup:
        """A foundation with its points and sources."""
        return self._render("foundation", self._listed("foundation", self._site.playbook.foundations, id))

    def news(self) -> Markup:
        """What each edition brought."""
        return self._render("news", news_of(self._site.playbook))

    def latest(self) -> Markup:
        """The newest changes, in short."""
        return self._render("latest", latest(news_of(self._site.playbook), 3))

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

    def _entry(self, kind: str, identity: str) -> Entry:
        entry = self._site.playbook.entries.get(identity)
        if entry is None or entry.kind != kind:
            known = [entry.id for entry in self._site.playbook.of_kind(kind)]
            raise MacroError("unknown-reference", id=identity, kind=kind, suggestion=suggest(identity, known))
        return entry

    def _listed(self, kind: str, known: dict[str, Any], identity: str) -> Any:
        if identity not in known:
            raise MacroError("unknown-reference", id=identity, kind=kind, suggestion=suggest(identity, known))
        return known[identity]

    def _one(self, kind: str, identity: str) -> Markup:
        return self._render("cards", [self._entry(kind, identity)])

    def _many(self, kind: str, with_facets: bool, filters: dict[str, str | Sequence[str]]) -> Markup:
        facets = views.FACETS[kind]
        for name, wanted in filters.items():
            if not facets:
                raise MacroError("macro-without-filters", name=f"{kind}s")
            if name not in facets:
                raise MacroError("macro-unknown-filter", **_unknown_field(kind, name))
            words = self._site.words(facets[name])
            for word in [wanted] if isinstance(wanted, str) else wanted:
                if word not in words:
                    raise MacroError(
                        "macro-unknown-word", word=word, field=name, suggestion=suggest(word, words)
                    )
        entries = views.filter_entries(self._site.playbook.of_kind(kind), **filters)
        if not with_facets:
            return self._render("cards", entries)
        fields = [field for field in facets if field not in filters]
        return self._render(
            "facets", entries, views.facets_of(entries, fields, self._site.playbook, self._site.say)
        )


def _unknown_field(kind: str, name: str) -> dict[str, object]:
    known = views.FACETS[kind]
    return {"field": name, "known": ", ".join(known), "suggestion": suggest(name, known)}


NAMES = tuple(name for name in vars(Macros) if not name.startswith("_"))


class Pages:
    """The macro calls of every hand-written page, and the problems found in them."""

    def __init__(self, site: Site) -> None:
        self.macros = Macros(site)
        self.problems: list[Problem] = []
        self._calls: dict[str, list[Call]] = defaultdict(list)
        self._given: dict[tuple[str, int], Markup] = {}

    def start(self, page: str) -> None:
        """Forget the calls of a page that is read anew."""
        self._calls.pop(page, None)

    def call(self, page: str, line: int, name: str, /, *arguments: Any, **options: Any) -> str:
        """Note a macro call and return its mark, which `fill` replaces."""
        call = Call(name, arguments, options, Location(page, line))
        calls = self._calls[page]
        calls.append(call)
        tag = "span" if name in INLINE else "div"
        # Given here and not only when the page is filled, so that every problem is found before any page
        # is written.
        self._given[page, len(calls) - 1] = self.give(call) or Markup()
        return f'<{tag} data-servicebook="{len(calls) - 1}"></{tag}>'

    def give(self, call: Call) -> Markup | None:
        """Return the HTML of a call, or None with its problem noted."""
        macro = getattr(self.macros, call.name)
        if not _fits(macro, call):
            self.problems.append(_wrong_call(call.name, call.location))
            return None
        try:
            html: Markup = macro(*call.arguments, **call.options)
        except MacroError as error:
            self.problems.append(Problem(call.location, error.rule, error.values))
            return None
        return html

    def fill(self, page: str, output: str, depth: int) -> str:
        """Return a page's HTML with every mark replaced by what its macro gives, `depth` folders down."""
        calls = self._calls.get(page, [])

        def replace(match: re.Match[str]) -> str:
            place = int(match.group(2))
            html = self._given.pop((page, place), None)
            return relative_to(html if html is not None else self.give(calls[place]) or "", depth)

        return _SLOT.sub(replace, output) if calls else output

    def prose(self, page: str, content: str) -> str:
        """Return a page's content with the text that its macros give, without the lists that they make."""
        calls = self._calls.get(page, [])

        def replace(match: re.Match[str]) -> str:
            call = calls[int(match.group(2))]
            return self.give(call) or "" if call.name in PROSE else ""

        return _SLOT.sub(replace, content)

    def check(
        self, page: str, markdown: str, first_line: int, known: set[str], environment: jinja2.Environment
    ) -> bool:
        """Find what is wrong with the macro calls of a page before they run; tell whether all is well.

        `known` holds every other name that the page may use, and `environment` is what will render it;
        `first_line` is the line of the file at which `markdown` starts.
        """
        try:
            tree = environment.parse(markdown)
            unknown = meta.find_undeclared_variables(tree) - known - set(NAMES)
        except jinja2.TemplateSyntaxError as error:
            location = Location(page, first_line + error.lineno - 1)
            self.problems.append(Problem(location, *_slip_of(error.message or "")))
            return False
        found = len(self.problems)
        called = {id(call.node) for call in tree.find_all(nodes.Call)}
        assigned = {name.name for name in tree.find_all(nodes.Name) if name.ctx in ("store", "param")}
        for name in tree.find_all(nodes.Name):
            if name.ctx == "load" and name.name in unknown - assigned:
                values = {"name": name.name, "suggestion": suggest(name.name, [*NAMES, *known])}
                location = Location(page, first_line + name.lineno - 1)
                self.problems.append(Problem(location, "macro-unknown", values))
            elif name.name in NAMES and name.name not in assigned and id(name) not in called:
                self.problems.append(_wrong_call(name.name, Location(page, first_line + name.lineno - 1)))
        return len(self.problems) == found


def _slip_of(message: str) -> tuple[str, dict[str, object]]:
    """Return the rule that says in plain words what Jinja says of a call, and its values."""
    for pattern, rule in _SLIPS:
        if match := re.search(pattern, message):
            return rule, dict(match.groupdict())
    return "macro-syntax", {}


def failure_of(error: BaseException) -> tuple[str, dict[str, object]]:
    """Return the rule that says why a page could not be rendered, and its values."""
    if isinstance(error, jinja2.TemplateNotFound):
        return "macro-no-file", {"name": error.name}
    if isinstance(error, jinja2.UndefinedError) and (names := re.findall("'([^']+)'", str(error))):
        return "macro-undefined", {"name": names[-1]}
    return "macro-failed", {"reason": str(error)}


def page_line() -> int:
    """Return the line of the page whose template is running, counted from its first line of Markdown."""
    frame = sys._getframe(1)
    while frame:
        template = frame.f_globals.get("__jinja_template__")
        if template is not None:
            return int(template.get_corresponding_lineno(frame.f_lineno))
        if frame.f_back is None:
            break
        frame = frame.f_back
    return 1


def _fits(macro: Callable[..., Any], call: Call) -> bool:
    """Tell whether a call has the arguments that its macro takes: texts, lists of texts as filters, a yes."""
    try:
        bound = signature(macro).bind(*call.arguments, **call.options).arguments
    except TypeError:
        return False
    filters = [word for value in bound.pop("filters", {}).values() for word in _words_in(value)]
    has_facets = bound.pop("facets", False)
    return isinstance(has_facets, bool) and all(isinstance(it, str) for it in (*bound.values(), *filters))


def _words_in(value: Any) -> Sequence[Any]:
    return value if isinstance(value, list | tuple) else [value]


def _wrong_call(name: str, location: Location) -> Problem:
    example = f"{name}{_signature_text(getattr(Macros, name))}"
    return Problem(location, "macro-arguments", {"name": name, "example": example})


def _signature_text(macro: Callable[..., Any]) -> str:
    parameters = [parameter for name, parameter in signature(macro).parameters.items() if name != "self"]
    return f"({', '.join(_parameter_text(parameter) for parameter in parameters)})"


def _parameter_text(parameter: Parameter) -> str:
    if parameter.kind is parameter.VAR_KEYWORD:
        return "field='word'"
    return f"{parameter.name}=True" if parameter.kind is parameter.KEYWORD_ONLY else f"'{parameter.name}'"
