"""A playbook as a site: the parts of its pages, the slots of hand-written pages, the files beside them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from markupsafe import escape

from servicebook.base.problems import ContentError, Problem, has_errors, sort_problems
from servicebook.checks.check import check_content
from servicebook.checks.project import check_project
from servicebook.content.content import Content
from servicebook.content.load import Memory, load_content
from servicebook.content.model.brand import COLOUR
from servicebook.content.model.entries import Entry
from servicebook.content.playbook import Playbook
from servicebook.content.project import read_project
from servicebook.content.reading import Reading
from servicebook.language.messages import Messages
from servicebook.paper.sheet import page_path
from servicebook.paper.sheets import Sheets
from servicebook.site import data
from servicebook.site.assets import brand_path
from servicebook.site.plain import Plain
from servicebook.site.render import Renderer, headings_of, relative_to
from servicebook.site.shell import PageParts
from servicebook.views import editions
from servicebook.views.addresses import entry_slug, missed_address
from servicebook.views.facets import titles_of
from servicebook.views.news import latest, news_of
from servicebook.views.summaries import edition_said, summary_of, titled

# An entry's page stands two folders below the root: `estandares/ext-07/`.
ENTRY_DEPTH = 2


class Site:
    """Everything that is made from the data, without the theme."""

    def __init__(self, playbook: Playbook, folders: Sequence[Path] = (), *, paper: bool = True) -> None:
        """`folders` hold components that replace the engine's; without `paper`, there is nothing to print."""
        self.say: Messages = playbook.say
        self.folders = folders
        self.renderer = Renderer(playbook, self.say, folders, paper=paper)
        self._plain = Plain(playbook)

    @property
    def playbook(self) -> Playbook:
        """The playbook that is shown."""
        return self.renderer.playbook

    def show(self, playbook: Playbook) -> None:
        """Show this playbook from now on, in the same language."""
        self.renderer.show(playbook)
        self._plain = Plain(playbook)

    def entries(self) -> Iterator[Entry]:
        """Yield every entry that has a page: those in force, and the retired, whose address must hold."""
        for kind in self.playbook.kinds:
            yield from self.playbook.of_kind(kind, retired=True)

    def parts_of(self, entry: Entry) -> PageParts:
        """Return what is the entry's own on its page."""
        html = self.renderer.entry_page(entry)
        return PageParts(
            slug=entry_slug(entry),
            id=entry.id,
            title=str(escape(titled(entry))),
            description=str(escape(summary_of(entry))),
            content=relative_to(html, ENTRY_DEPTH),
            headings=tuple(headings_of(html)),
        )

    def draft_pages(self, playbook: Playbook) -> Iterator[tuple[str, PageParts]]:
        """Yield the kind and the page of each draft of a playbook, as a preview shows them.

        What no page can be made of yet says what it lacks. None offers paper.
        """
        if not playbook.drafts:
            return
        renderer = Renderer(playbook.with_drafts(), self.say, self.folders, paper=False)
        for draft in playbook.drafts:
            html = renderer.entry_page(draft.entry) if draft.entry else renderer.render("unfinished", draft)
            yield (
                draft.kind,
                PageParts(
                    slug=draft.id.lower(),
                    id=draft.id,
                    title=str(escape(draft.title)),
                    description="",
                    content=relative_to(html, ENTRY_DEPTH),
                    headings=tuple(headings_of(html)),
                ),
            )

    def words(self, vocabulary: str) -> dict[str, str]:
        """Return the words of a vocabulary with their titles, the model's own vocabularies included."""
        return titles_of(vocabulary, self.playbook)

    def redirects(self) -> Iterator[tuple[str, Entry]]:
        """Yield each old address and the entry that it leads to now."""
        for entry in self.entries():
            for former in entry.former_ids:
                yield f"{self.say(f'path.{entry.kind}')}/{former.lower()}/", entry

    def paper_pages(self) -> Iterator[tuple[str, str]]:
        """Yield the address and the HTML of each page that sheets of paper lead to."""
        for page in self._paper_pages():
            path = page_path(page.id)
            yield path, self._paper_page(page, path)

    def paper_page(self, path: str) -> str | None:
        """Return the HTML of the page at this address that sheets of paper lead to, or None."""
        if not path.startswith(page_path()):
            return None  # most are not, and need not look into the editions
        pages = {page_path(page.id): page for page in self._paper_pages()}
        return self._paper_page(pages[path], path) if path in pages else None

    def _paper_pages(self) -> Iterator[editions.PaperPage]:
        return editions.paper_pages(self.playbook, Sheets(self.playbook, self.say).now)

    def _paper_page(self, page: editions.PaperPage, path: str) -> str:
        return relative_to(self.renderer.paper_page(page), path.count("/"))

    def feed(self) -> tuple[str, str]:
        """Return the address of the feed of changes, from the site's root, and its text."""
        items = latest(news_of(self.playbook))
        return self.say("path.feed"), f"{self.renderer.render('feed', items)}".lstrip()

    def theme_data(self, *, offline: bool = True) -> dict[str, Any]:
        """Return what the theme's own templates show of the playbook: plain texts, whatever the engine.

        Without `offline`, pages do not speak of reading without a connection.
        """
        settings = self.playbook.settings
        return {
            "edition": edition_said(settings.edition, self.say),
            "organisation": settings.organisation,
            "locale": self.say("language.locale"),
            "address": settings.address,
            "feed": self.say("path.feed"),
            "news": f"{self.say('path.news')}/",
            # What the search opens at its top; the rest is longer, and opens at what was found.
            "top": [self.say(f"path.{kind}") for kind in ("standard", "behaviour", "customer", "scenario")],
            "missed": missed_address(settings, self.say),
            "brand": {name: brand_path(path) for name, path in settings.brand.files.items()},
            "colour": settings.brand.colour or COLOUR,
            "email": settings.feedback.email or "",
            "words": self.say.under("theme"),
            "search": self.say.under("searching"),
            "offline": self._words_at_the_foot() if offline else {},
        }

    def _words_at_the_foot(self) -> dict[str, str]:
        """Return what every page says of reading without a connection.

        Of sheets their own page does, and of what is not kept the page that stands in for it.
        """
        words = self.say.under("offline")
        return {key: text for key, text in words.items() if not key.startswith(("sheets-", "away-"))}

    def data_text(self) -> str:
        """Return `playbook.json`."""
        return self.data_of(data.entry_text(entry, self.playbook) for entry in self.entries())

    def data_of(self, entries: Iterable[str]) -> str:
        """Return `playbook.json` from the data of each entry, where that is made already."""
        return data.data_text(entries, self.playbook)

    def schema_text(self) -> str:
        """Return the schema of `playbook.json`."""
        return data.schema_text(self.playbook)

    def entry_text(self, entry: Entry) -> str:
        """Return the data of one entry, as it stands beside its page."""
        return data.entry_text(entry, self.playbook) + "\n"

    def entry_plain(self, entry: Entry) -> str:
        """Return an entry as Markdown, as it stands beside its page."""
        return self._plain.entry(entry)

    def overview(self) -> str:
        """Return what the playbook holds, for programs that read: `llms.txt`."""
        return self._plain.overview(self.entries())


def read_playbook(
    place: Path, today: dt.date, memory: Memory | None = None, reading: Reading | None = None
) -> tuple[Playbook, list[Problem]]:
    """Load and check the playbook of a project, by its folder or its configuration file.

    Returns it with its warnings. With a `memory`, files that have not changed since it was last used are not
    read again; a `reading` that is under way already is taken up. Raises ContentError with every problem when
    one of them is an error, and FileNotFoundError when there is no playbook.
    """
    project = read_project(place)
    content, problems = load_content(project.playbook, memory=memory, reading=reading)
    return check_loaded(content, [*problems, *check_project(project, content.settings)], today)


def check_loaded(content: Content, problems: list[Problem], today: dt.date) -> tuple[Playbook, list[Problem]]:
    """Check what was loaded; returns its playbook with its warnings. Raises ContentError for errors.

    What is wrong with drafts stops nothing.
    """
    found = sort_problems([*problems, *check_content(content, today)])
    problems = content.published(found)
    if has_errors(problems):
        raise ContentError(problems)
    return Playbook(content, found), problems
