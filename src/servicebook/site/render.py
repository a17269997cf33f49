"""Components to HTML: the one Jinja environment that entries' pages and macros share.

Addresses in the HTML made here are written from the site's root as `@/estandares/ext-07/`, so that a piece
of HTML is the same on every page; `relative_to` makes them relative when the page is put together.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict
from functools import lru_cache, partial
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

from markupsafe import Markup

from servicebook.base.resources import theme_folder
from servicebook.content.model.entries import Entry
from servicebook.content.pictures import size_of
from servicebook.content.playbook import Playbook
from servicebook.language import inline
from servicebook.language.messages import Messages
from servicebook.paper.earlier import EarlierSheets
from servicebook.paper.lineups import week_title
from servicebook.paper.sheet import (
    code_address,
    credo_downloads,
    deck_downloads,
    downloads_of,
    pack_downloads,
    quiz_downloads,
    training_downloads,
    week_downloads,
    whole_downloads,
)
from servicebook.site.templates import Components
from servicebook.site.terms import Terms
from servicebook.views.addresses import draft_path, entry_path, feedback_addresses
from servicebook.views.editions import PaperPage, brought
from servicebook.views.facets import facet_words, titles_of
from servicebook.views.fields import declared_fields
from servicebook.views.lineup import rota, week_name, weeks_of
from servicebook.views.news import badge_of
from servicebook.views.quiz import jobs_asked, question_text
from servicebook.views.rows import rows_digest, rows_of, standard_rows
from servicebook.views.scoring import VISIT, rule_of, rule_sentences
from servicebook.views.summaries import edition_said, summary_of, threshold_text, titled

ROOT = "@/"
_HEADING = '<h2 id="'
_AFTER_HEADING = re.compile(r'([^"]+)"[^>]*>(.*?)</h2>', re.DOTALL)
_TAG = re.compile(r"<[^>]+>")
# What components may ask besides: pure functions, each under its own name.
_ANSWERS = (
    badge_of,
    credo_downloads,
    deck_downloads,
    edition_said,
    entry_path,
    facet_words,
    feedback_addresses,
    jobs_asked,
    question_text,
    quiz_downloads,
    rota,
    rows_digest,
    summary_of,
    threshold_text,
    titled,
    pack_downloads,
    training_downloads,
    week_downloads,
    week_name,
    week_title,
    weeks_of,
    whole_downloads,
)


class Heading(NamedTuple):
    """A section of a page: its anchor and its title as HTML text."""

    id: str
    title: str


class Code(NamedTuple):
    """A QR code: how many modules it has on a side, and its dark ones as the path of an SVG."""

    size: int
    path: str


class Renderer:
    """Renders the components over one playbook, in one language."""

    def __init__(
        self, playbook: Playbook, say: Messages, folders: Sequence[Path] = (), *, paper: bool = True
    ) -> None:
        """`folders` are searched before the engine's own, so that a project can replace a component.

        Without `paper`, no page offers a file to print.
        """
        self.say = say
        self._paper = paper
        self._folders = (*folders, theme_folder())
        self.show(playbook)

    def show(self, playbook: Playbook) -> None:
        """Render this playbook from now on; the components stay compiled.

        The environment is a new one, because components that import each other keep what they saw first.
        """
        self.playbook = playbook
        self._components: dict[str, Any] = {}
        self._paths: dict[str, str] = {}
        self._titles: dict[str, dict[str, str]] = {}
        self._environment = Components(self._folders, self.say)
        self._environment.globals.update(
            playbook=playbook,
            settings=playbook.settings,
            rows_of=partial(rows_of, playbook=playbook),
            brought=partial(brought, playbook=playbook),
            rule_of=partial(rule_of, playbook=playbook),
            path=self.path,
            picture_size=lru_cache(maxsize=None)(lambda file: size_of(playbook.folder / file)),
            word=self.word,
            words=lru_cache(maxsize=None)(self.words),
            root=ROOT,
            **{name.__name__: name for name in _ANSWERS},
            VISIT=VISIT,
            draft_path=partial(draft_path, say=self.say),
            rule_data=lambda entry: asdict(rule_of(entry, playbook)),
            rule_sentences=partial(rule_sentences, say=self.say),
            declared_fields=partial(declared_fields, playbook=playbook),
            standard_rows=partial(standard_rows, playbook=playbook),
            downloads_of=partial(downloads_of, say=self.say) if self._paper else lambda entry: [],
            code_of=self._code_of if self._paper else lambda entry: None,
            earlier=EarlierSheets(playbook, self.say) if self._paper else None,
        )
        terms = self._terms = Terms(playbook.terms.values())
        text = lru_cache(maxsize=20_000)(lambda text: inline.render_inline(text, self._resolve))
        prose = lru_cache(maxsize=20_000)(lambda written: terms.mark(text(written)))
        self._environment.filters.update(
            text=text, prose=prose, plain=inline.plain, split_at_ids=inline.split_at_ids
        )

    def render(self, component: str, /, *arguments: object, **options: object) -> Markup:
        """Return the HTML of a component called with these arguments.

        Of each term of the glossary, the first mention in its prose leads to the definition.
        """
        html = self._call(component, *arguments, **options)
        return Markup(self._terms.link_first(html, self._link_term))  # noqa: S704 - the environment escapes

    def _call(self, component: str, /, *arguments: object, **options: object) -> str:
        macro = self._components.get(component)
        if macro is None:
            module = self._environment.get_template(f"components/{component}.html").module
            macro = self._components[component] = getattr(module, component)
        return str(macro(*arguments, **options))

    def _link_term(self, identity: str, text: str) -> str:
        return self._call("term", self.playbook.terms[identity], Markup(text))  # noqa: S704 - it is HTML already

    def entry_page(self, entry: Entry) -> Markup:
        """Return the content of an entry's page."""
        return self.render("own_entry" if entry.kind in self.playbook.kinds.own else entry.kind, entry)

    def paper_page(self, page: PaperPage) -> str:
        """Return the page that a sheet of paper leads to, complete: it stands outside the theme."""
        return self._environment.get_template("paper_page.html").render(page=page)

    def path(self, entry: Entry) -> str:
        """Return the rooted address of an entry's page."""
        path = self._paths.get(entry.id)
        if path is None:
            path = self._paths[entry.id] = ROOT + entry_path(entry, self.say)
        return path

    def _code_of(self, entry: Entry) -> Code | None:
        """Return an entry's code; none where it has no sheet of its own."""
        address = code_address(entry, self.playbook.settings)
        return _drawn(address) if address else None

    def word(self, vocabulary: str, identity: str) -> str:
        """Return the title of a word: of the playbook's vocabularies, or of those that the model fixes."""
        titles = self._titles.get(vocabulary)
        if titles is None:
            titles = self._titles[vocabulary] = titles_of(vocabulary, self.playbook)
        return titles[identity]

    def words(self, vocabulary: str, identities: str | tuple[str, ...]) -> str:
        """Return the titles of one word or of several, as a list in a sentence."""
        several = (identities,) if isinstance(identities, str) else identities
        return ", ".join(self.word(vocabulary, identity) for identity in several)

    def _resolve(self, identity: str) -> str | None:
        entry = self.playbook.entries.get(identity)
        return self.path(entry) if entry else None


def _drawn(address: str) -> Code:
    """Return the QR code of an address in as few letters as can be: it stands in the page, on every page."""
    import segno  # here, since a site without paper has no codes

    code = segno.make(address, error="l", boost_error=False, micro=False)
    path, x, y = "M0 .5", 0, 0
    for line, row in enumerate(code.matrix):
        place = 0
        for dark, run in groupby(row):
            length = len([*run])
            if dark:
                path += f"m{place - x} {line - y}h{length}"
                x, y = place + length, line
            place += length
    return Code(len(code.matrix), path)


def relative_to(html: str, depth: int) -> str:
    """Return the HTML with its rooted addresses made relative to a page `depth` folders below the root."""
    # Content cannot hold this: a quotation mark in it is escaped. As plain text, because Markup's own method
    # would escape the mark that it puts in.
    return str(html).replace(f'"{ROOT}', f'"{"../" * depth or "./"}')


def headings_of(html: str) -> list[Heading]:
    """Return the sections of a page's content, in order."""
    # As plain text, because Markup's own method would wrap each piece.
    found = (_AFTER_HEADING.match(piece) for piece in str(html).split(_HEADING)[1:])
    return [Heading(match[1], _TAG.sub("", match[2]).strip()) for match in found if match]


def render_alone(component: str, say: Messages, /, *arguments: object) -> str:
    """Return the HTML of a component that needs no playbook: what is shown when there is none."""
    environment = Components((theme_folder(),), say)
    module = environment.get_template(f"components/{component}.html").module
    return str(getattr(module, component)(*arguments))
