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

from servicebook.base.problems import Location, Problem
from servicebook.content.complaints import suggest
from servicebook.site.macros import NAMES, MacroError, Macros
from servicebook.site.render import relative_to
from servicebook.site.site import Site

_SLOT = re.compile(r'(?:<p>)?<(span|div) data-servicebook="(\d{1,9})"></\1>(?:</p>)?')


INLINE = frozenset({"ref", "term", "edition"})


# The macros that give text of their own; the others list what is found at its own address.
PROSE = INLINE | {"foundation", "sources"}


# What keeps a sample of code from being taken for a call.
_RAW: dict[str, object] = {"start": "{% raw %}", "end": "{% endraw %}"}
_FENCE = re.compile(r" *(`{3,}|~{3,})")
_CODE_SPAN = re.compile(r"`[^`]*\{[{%#][^`]*`")
# Jinja's messages, and the rules that say the same in plain words.
_SLIPS = (
    (r"^unexpected char ['\"](?P<character>.+)['\"] at", "macro-character"),
    (r"^unexpected '(?P<sign>[^']+)', expected '(?P<wanted>[^']+)'", "macro-bracket"),
    (r"^Missing end of comment", "macro-comment"),
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
            if place >= len(calls):  # somebody wrote it by hand
                return match.group()
            html = self._given.pop((page, place), None)
            return relative_to(html if html is not None else self.give(calls[place]) or "", depth)

        return _SLOT.sub(replace, output) if calls else output

    def prose(self, page: str, content: str) -> str:
        """Return a page's content with the text that its macros give, without the lists that they make."""
        calls = self._calls.get(page, [])

        def replace(match: re.Match[str]) -> str:
            place = int(match.group(2))
            if place >= len(calls):
                return match.group()
            return self.give(calls[place]) or "" if calls[place].name in PROSE else ""

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
            rule, values = _slip_of(error.message or "")
            if rule != "macro-comment" and error.lineno in code_lines(markdown):
                rule, values = "macro-in-code", _RAW
            if rule == "macro-comment":
                values = {**_RAW, "sign": "{#", "example": "{ #ancla }"}
            self.problems.append(Problem(location, rule, values))
            return False
        found = len(self.problems)
        called = {id(call.node) for call in tree.find_all(nodes.Call)}
        assigned = {name.name for name in tree.find_all(nodes.Name) if name.ctx in ("store", "param")}
        for name in tree.find_all(nodes.Name):
            if name.ctx == "load" and name.name in unknown - assigned:
                location = Location(page, first_line + name.lineno - 1)
                if name.lineno in code_lines(markdown):
                    self.problems.append(Problem(location, "macro-in-code", _RAW))
                    continue
                values = {"name": name.name, "suggestion": suggest(name.name, [*NAMES, *known])}
                self.problems.append(Problem(location, "macro-unknown", values))
            elif name.name in NAMES and name.name not in assigned and id(name) not in called:
                self.problems.append(_wrong_call(name.name, Location(page, first_line + name.lineno - 1)))
        return len(self.problems) == found


def code_lines(markdown: str) -> set[int]:
    """Return the lines of a page that show code, counted from 1: fenced, indented, or between backticks."""
    found: set[int] = set()
    fence = ""
    blank = True
    for number, line in enumerate(markdown.splitlines(), 1):
        mark = _FENCE.match(line)
        if fence or mark or (blank and line.startswith(("    ", "\t"))) or _CODE_SPAN.search(line):
            found.add(number)
        if mark and (not fence or mark[1].startswith(fence)):
            fence = "" if fence else mark[1]
        blank = not line.strip() or (number in found and line.startswith(("    ", "\t")))
    return found


def _slip_of(message: str) -> tuple[str, dict[str, object]]:
    """Return the rule that says in plain words what Jinja says of a call, and its values."""
    for pattern, rule in _SLIPS:
        if match := re.search(pattern, message):
            return rule, dict(match.groupdict())
    return "macro-syntax", {}


def failure_of(error: BaseException) -> tuple[str, dict[str, object]]:
    """Return the rule that says why a page could not be rendered, and its values."""
    if isinstance(error, jinja2.exceptions.SecurityError):
        return "macro-forbidden", {"reason": str(error)}
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
    return Problem(location, "macro-arguments", {"name": name, "example": example_of(name)})


def example_of(name: str) -> str:
    """Return how a macro is called: `standard('id')`."""
    parameters = [one for one in signature(getattr(Macros, name)).parameters.values() if one.name != "self"]
    return f"{name}({', '.join(_parameter_text(parameter) for parameter in parameters)})"


def _parameter_text(parameter: Parameter) -> str:
    if parameter.kind is parameter.VAR_KEYWORD:
        return "field='word'"
    return f"{parameter.name}=True" if parameter.kind is parameter.KEYWORD_ONLY else f"'{parameter.name}'"
