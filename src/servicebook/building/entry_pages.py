"""The pages of entries: joined from a shell of their kind, or rendered by the theme in full."""

from __future__ import annotations

import logging
from pathlib import Path, PurePosixPath
from typing import NamedTuple

import jinja2
from markupsafe import Markup
from mkdocs.commands.build import get_context
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page
from mkdocs.structure.toc import AnchorLink, TableOfContents
from mkdocs.utils import write_file

from servicebook.base import processes
from servicebook.base.files import write_together
from servicebook.building.earlier_pages import BETWEEN, DATA_OF_ALL, EarlierPages
from servicebook.building.edit_links import edit_address
from servicebook.content.model.entries import Entry
from servicebook.content.playbook import Playbook
from servicebook.site import offline, plain
from servicebook.site.shell import MARKED, PageParts, Shell
from servicebook.site.site import Site
from servicebook.views.addresses import entry_path

# Beside an entry's page, as its Markdown is.
PAGE, DATA = "index.html", "index.json"
log = logging.getLogger("mkdocs.plugins.servicebook")
_STAND_IN = "servicebook-entry"
Shells = dict[str, Shell | None]
Known = dict[str, offline.Kept]
# What stands beside an entry's page: what it says as data, and as Markdown.
Beside = tuple[bytes, bytes]


class Finished(NamedTuple):
    """An entry whose page is written: of what, where it stands, and what is told of it elsewhere.

    Nothing is `beside` a page that stood already and stays: it is there too.
    """

    entry: str
    key: str
    folder: str
    kept: offline.Kept
    beside: Beside | None


class Begun(NamedTuple):
    """An entry's page, begun: what it is made of, and what is known of one that stands, or its own parts."""

    key: str
    kept: offline.Kept | None
    parts: PageParts | None


class Given(NamedTuple):
    """What the theme gives: the shell of each kind, the kinds whose shell is as it was, the folders that
    pages written by hand stand in, or below.
    """

    shells: Shells
    alike: frozenset[str]
    shared: frozenset[str]


Ahead = processes.Ahead[Begun, Given, Finished | None]


class EntryPages:
    """Writes the pages of a site's entries into the folder of a build.

    MkDocs gives the navigation, the files and the theme's environment one after the other; until then only
    `start_ahead` may be called.
    """

    def __init__(
        self, site: Site, config: MkDocsConfig, *, spliced: bool, earlier: EarlierPages | None = None
    ) -> None:
        """Without `spliced`, the theme renders every page in full; of the `earlier`, those stay that can."""
        self._site = site
        self._config = config
        self._spliced = spliced
        self._earlier = earlier
        self._shells: Shells = {}
        self._beside: dict[str, Beside] = {}
        self.nav = Navigation([], [])
        self.files = Files([])
        self.env: jinja2.Environment

    def start_ahead(self) -> Ahead:
        """Let the other cores make the entries' own parts while MkDocs renders the pages written by hand."""
        entries = list(self._site.entries())

        def prepare(i: int) -> Begun:
            key = self._earlier.key_of(entries[i]) if self._earlier else ""
            kept = self._earlier.page_of(entries[i], key) if self._earlier else None
            return Begun(key, kept, None if kept else self._site.parts_of(entries[i]))

        return processes.Ahead(
            len(entries), prepare, lambda i, begun, given: self._finish(entries[i], begun, given), least=100
        )

    def _finish(self, entry: Entry, begun: Begun, given: Given) -> Finished | None:
        """Write an entry's page, or keep the one that stands; None where the theme must render it in full."""
        shell = given.shells[entry.kind]
        if shell is None:
            return None
        folder = entry_path(entry, self._site.say)
        # What is found offline beside a page written by hand is looked up in the folder that is made.
        if begun.kept and self._earlier and entry.kind in given.alike and folder not in given.shared:
            return Finished(entry.id, begun.key, folder, begun.kept, None)
        page = shell.join(begun.parts or self._site.parts_of(entry)).encode()
        return Finished(entry.id, begun.key, folder, offline.kept(page), self._write(entry, page))

    def give(self, ahead: Ahead, shells: Shells) -> None:
        """Give the theme's shells to what was begun ahead."""
        digests = {kind: shell.digest for kind, shell in shells.items() if shell}
        project = Path(self._config.config_file_path).parent
        alike = self._earlier.kinds_alike(digests, self._config.plugins, project) if self._earlier else ()
        paths = (PurePosixPath(file.dest_uri) for file in self.files)
        self._shared = frozenset(f"{folder}/" for path in paths for folder in path.parents)
        ahead.give(Given(shells, frozenset(alike), self._shared))

    def take(self, ahead: Ahead) -> Known:
        """Wait for what was begun ahead; returns what is kept offline of the pages that stand alone."""
        known: Known = {}
        for _, done in ahead.results():
            if done:
                if done.beside:
                    self._beside[done.entry] = done.beside
                if done.folder not in self._shared:
                    known[f"{done.folder}{PAGE}"] = done.kept
                if self._earlier:
                    self._earlier.remember(done.entry, done.key, done.kept)
                    if not done.beside:
                        self._earlier.staying.update(
                            f"{done.folder}{name}" for name in (PAGE, DATA, plain.ENTRY)
                        )
        return known

    def place_of(self, path: str) -> Path:
        """Return where a file of the new site stands: in the folder that is made, or where it stays."""
        stays = self._earlier and path in self._earlier.staying
        return (self._earlier.site_dir if self._earlier and stays else Path(self._config.site_dir)) / path

    def write(self, entry: Entry, shell: Shell | None) -> None:
        """Write the page of an entry."""
        parts = self._site.parts_of(entry)
        page = shell.join(parts) if shell else self._render(entry.kind, parts)
        self._beside[entry.id] = self._write(entry, page.encode())

    def write_redirects(self) -> None:
        """Write a page at each address that an entry had, which leads to the one that it has."""
        template = self.env.get_template("redirect_entry.html")
        for address, entry in self._site.redirects():
            target = f"../../{entry_path(entry, self._site.say)}"
            html = template.render(target=target, root="../../", title=entry.title, say=self._site.say)
            write_file(html.encode(), f"{self._config.site_dir}/{address}{PAGE}")

    def write_drafts(self, playbook: Playbook) -> None:
        """Write the pages that a preview has of a playbook's drafts, and nothing else of them."""
        for kind, parts in self._site.draft_pages(playbook):
            path = Path(self._config.site_dir, self._site.say(f"path.{kind}"), parts.slug, "index.html")
            write_file(self._render(kind, parts).encode(), str(path))

    def _write(self, entry: Entry, page: bytes) -> Beside:
        """Write an entry's page, and beside it what it says as data and as Markdown."""
        folder = f"{self._config.site_dir}/{entry_path(entry, self._site.say)}"
        beside = self._site.entry_text(entry).encode(), self._site.entry_plain(entry).encode()
        write_together(folder, {PAGE: page, DATA: beside[0], plain.ENTRY: beside[1]})
        return beside

    def write_whole(self) -> None:
        """Write what tells of all entries, as data and in Markdown, once each stands beside its page."""
        site_dir = Path(self._config.site_dir)
        earlier = self._earlier.beside() if self._earlier and self._earlier.staying else {}
        beside = [self._beside.get(entry.id) or earlier[entry.id] for entry in self._site.entries()]
        if self._earlier:
            self._earlier.texts = [len(text) for _, text in beside]
        data = self._site.data_of(data.decode().rstrip("\n") for data, _ in beside)
        write_file(data.encode(), str(site_dir / DATA_OF_ALL))
        write_file(self._site.overview().encode(), str(site_dir / plain.OVERVIEW))
        write_file(BETWEEN.join(text for _, text in beside), str(site_dir / plain.WHOLE))

    def shells_of(self, entries: list[Entry]) -> Shells:
        """Return the shell of each of their kinds; None where the theme must render every page in full."""
        return {kind: self._shell_of(kind) for kind in dict.fromkeys(entry.kind for entry in entries)}

    def _shell_of(self, kind: str) -> Shell | None:
        if kind not in self._shells:
            shell = Shell(self._render(kind, MARKED)) if self._spliced else None
            parts = self._site.parts_of(self._site.playbook.of_kind(kind, retired=True)[0])
            if shell and not shell.fits(parts, self._render(kind, parts)):
                log.info(self._site.say("build.shell-differs", kind=self._site.say(f"kind.{kind}")))
                shell = None
            self._shells[kind] = shell
        return self._shells[kind]

    def _render(self, kind: str, parts: PageParts) -> str:
        """Return a page rendered by the theme in full."""
        page = self._page(kind, parts)
        page.active = True
        config, nav = self._config, self.nav
        try:
            context = get_context(nav, self.files, config, page)
            context = config.plugins.on_page_context(context, page=page, config=config, nav=nav)
            return self.env.get_template("main.html").render(context)
        finally:
            page.active = False

    def _page(self, kind: str, parts: PageParts) -> Page:
        folder = self._site.say(f"path.{kind}")
        file = File.generated(self._config, f"{folder}/{parts.slug}.md", content="")
        page = Page(None, file, self._config)
        name = f"{self._site.playbook.kinds[kind].folder}/{parts.id}.yml"
        page.edit_url = edit_address(self._config, self._site.playbook.folder, name)
        # Markup, so that no filter of the theme escapes a second time what is escaped already.
        page.title = Markup(parts.title)  # noqa: S704
        index = next((item for item in self.nav.pages if item.url == f"{folder}/"), None)
        description = Markup(parts.description)  # noqa: S704
        page.meta = {"title": page.title, "description": description, "servicebook": kind, "id": parts.id}
        if index:
            page.parent = index.parent
            page.meta["index"] = {"title": index.title, "url": index.url}
        page.content = parts.content
        headings = [AnchorLink(heading.title, heading.id, 2) for heading in parts.headings]
        top = AnchorLink(parts.title, "title", 1)
        top.children = headings
        page.toc = TableOfContents([top])
        page.update_date = str(self._site.playbook.settings.edition.date)
        return page

    def stand_in(self) -> File:
        """Return the file that stands for every entry's where a theme lists pages, with the marks of a path.

        Its page is whole, whatever of it the theme reads.
        """
        file = File.generated(self._config, f"{_STAND_IN}.md", content="")
        file.url = MARKED.slug
        page = Page(None, file, self._config)
        page.update_date = str(self._site.playbook.settings.edition.date)
        return file
