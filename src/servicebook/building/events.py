"""MkDocs: its events mapped to the site."""

from __future__ import annotations

import datetime as dt
import json
import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

import jinja2
from mkdocs.config import config_options as opt
from mkdocs.config.base import Config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.plugins import BasePlugin, CombinedEvent, event_priority
from mkdocs.structure.files import File, Files
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page
from mkdocs.utils import write_file
from mkdocs.utils.templates import TemplateContext

from servicebook.base import processes
from servicebook.base.problems import BuildError, ContentError, Location, Problem, sort_problems
from servicebook.building.bundles import add_media, join_assets
from servicebook.building.configuration import (
    add_templates,
    close_pages,
    find_misplaced_pages,
    find_missing_assets,
    find_missing_templates,
    messages_for,
    quote_metadata,
    require_servable,
    take_settings,
)
from servicebook.building.earlier_pages import EarlierPages
from servicebook.building.engine import DEFAULT, ENGINES
from servicebook.building.entry_pages import EntryPages
from servicebook.building.failures import ProblemsError, line_of_page
from servicebook.building.indexes import add_indexes, title_of_index
from servicebook.building.theme import quicken
from servicebook.building.written_pages import arrange_drafts, is_draft, is_findable, mark_draft
from servicebook.content.playbook import Playbook, touched
from servicebook.site import offline, search, search_index
from servicebook.site.links import DeadLinks, find_unreadable, lines_of
from servicebook.site.refused import find_refused
from servicebook.site.sandbox import visible
from servicebook.site.shell import repeat
from servicebook.site.site import Site, read_playbook
from servicebook.site.slots import Pages, failure_of
from servicebook.views.addresses import entry_path

log = logging.getLogger("mkdocs.plugins.servicebook")


class ServicebookConfig(Config):
    """The plugin's options in mkdocs.yml."""

    playbook = opt.Type(str, default=".")
    # Read before any engine is: here it is only refused where there is no such engine.
    engine = opt.Choice(ENGINES, default=DEFAULT)
    # `full` renders every page by the theme; the pages are the same, later. It is how that is proved.
    pages = opt.Choice(("spliced", "full"), default="spliced")
    search = opt.Type(bool, default=True)
    paper = opt.Type(bool, default=True)
    # Off, the site keeps nothing in its readers' browsers, and takes away what it kept there before.
    offline = opt.Type(bool, default=True)


class ServicebookPlugin(BasePlugin[ServicebookConfig]):
    """Renders a playbook's entries into the theme, and gives pages their macros."""

    site: Site
    pages: Pages

    def __init__(self) -> None:
        # A playbook that was read already, what is known of the pages that stand, whether `update` will be
        # asked for, and whether the sheets that pages offer are made now: set by SiteBuilder.
        self.prepared: tuple[Playbook, list[Problem]] | None = None
        self.earlier: EarlierPages | None = None
        self.keeps_pages = False
        self.prints = True
        self._serving = False
        self._forget()

    def _forget(self) -> None:
        """Start anew: MkDocs keeps a plugin for all builds of a process."""
        self.problems: list[Problem] = []
        self.warnings: list[Problem] = []
        self._kept: dict[str, _KeptPage] = {}
        self._front_matter: dict[str, int] = {}
        self._contents: dict[str, tuple[str, str, str]] = {}
        self._sources: dict[str, File] = {}
        self._under_way: Page | None = None
        self._helpers: list[processes.Ahead[Any, Any, Any] | processes.Begun[Any, Any]] = []

    def on_startup(self, *, command: Literal["build", "gh-deploy", "serve"], dirty: bool) -> None:
        self._serving = command == "serve"

    @property
    def _shows_drafts(self) -> bool:
        """Whether this is a preview, in which drafts are seen too."""
        return self._serving or self.keeps_pages

    @event_priority(100)  # before macros, which asks for the pages in its own on_config
    def _on_config_first(self, config: MkDocsConfig) -> MkDocsConfig:
        self._forget()
        try:
            require_servable(config, messages_for(config))
            file = Path(config.config_file_path)
            playbook, self.warnings = self.prepared or read_playbook(file, dt.date.today())
        except ContentError as error:
            self.problems = error.problems
            raise ProblemsError(error.problems, messages_for(config)) from None
        self.site = Site(playbook, add_templates(config), paper=self.config.paper)
        if self.earlier:
            self.earlier.begin(self.site, paper=self.config.paper)
        spliced = self.config.pages == "spliced"
        self._entries = EntryPages(self.site, config, spliced=spliced, earlier=self.earlier)
        self._ahead = self._entries.start_ahead()
        # The index is made from the data: it waits for the pages written by hand, and for none of an entry.
        # A preview makes it when somebody searches: it takes as long as all the rest.
        self._makes_search = self.config.search and not self.keeps_pages
        self._search: processes.Begun[list[search.Document], None] = processes.Begun(
            lambda receive: self._write_index(receive, config), alone=not self._makes_search
        )
        self._helpers += [self._ahead, self._search]
        self.pages = Pages(self.site)
        for warning in self.warnings:
            log.info("%s: %s", warning.location, self.site.say.explain(warning))
        take_settings(config, playbook.settings)
        if not self._serving:
            config.site_url = playbook.settings.address
        config.extra["servicebook"] = self.site.theme_data(offline=self.config.offline)
        make = config.theme.get_env
        config.theme.get_env = lambda: quicken(make())  # type: ignore[method-assign]
        return config

    @event_priority(-100)  # after macros, which makes its environment there
    def _on_config_last(self, config: MkDocsConfig) -> MkDocsConfig:
        close_pages(config)
        return config

    on_config = CombinedEvent(_on_config_first, _on_config_last)

    def on_files(self, files: Files, *, config: MkDocsConfig) -> Files:
        playbook = self.site.playbook
        join_assets(files, config, playbook.settings)
        media = playbook.media(drafts=self._shows_drafts)
        add_media(files, config, playbook.settings.brand, media, playbook.folder)
        arrange_drafts(files, config, self.site, shown=self._shows_drafts)
        add_indexes(files, config, self.site)
        return files

    def on_nav(self, nav: Navigation, *, config: MkDocsConfig, files: Files) -> Navigation:
        self._entries.nav, self._entries.files = nav, files
        self.pages.problems += find_misplaced_pages(config, files, self.site.playbook)
        return nav

    @event_priority(100)  # before macros, which would stop at the first mistake with a traceback
    def on_page_markdown(self, markdown: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:
        name = self.page_name(page)
        self._front_matter[name] = _front_matter_lines(page, markdown)
        self.pages.start(name)
        self._under_way = page
        macros: Any = config.plugins["macros"]
        known = {*visible(macros.variables), "page", *macros.env.globals, *page.meta}
        if title := title_of_index(page.file, self.site):
            page.meta["title"] = title
        quote_metadata(page.meta)
        if page.meta.get("render_macros") is not False and not self.pages.check(
            name, markdown, self.first_line(page), known, macros.env
        ):
            page.meta["render_macros"] = False
        unreadable = find_unreadable(name, self.first_line(page), markdown)
        self.pages.problems += unreadable
        return "" if unreadable else markdown

    def on_page_content(self, html: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:
        self._contents[self.page_name(page)] = (page.url, str(page.title), html)
        return mark_draft(html, page, self.site) if is_draft(page.meta) else html

    def on_env(self, env: jinja2.Environment, *, config: MkDocsConfig, files: Files) -> jinja2.Environment:
        pages = [file.page for file in files.documentation_pages() if file.page]
        self.pages.problems += find_missing_templates(pages, env, self.page_name)
        if self.pages.problems:
            self.problems = sort_problems(self.pages.problems)
            raise ProblemsError(self.problems, self.site.say)
        self._env = self._entries.env = env
        # Whatever MkDocs stamps (sitemap.xml and its archive) carries the edition's date and not the day's,
        # so that the same content gives the same bytes.
        for page in pages:
            self._sources[self.page_name(page)] = page.file
            page.update_date = str(self.site.playbook.settings.edition.date)
            self._contents[self.page_name(page)] = (page.url, str(page.title), page.content or "")
        self._search.give(self._pages_found())
        return env

    def on_post_page(self, output: str, *, page: Page, config: MkDocsConfig) -> str:
        name, depth = self.page_name(page), page.url.count("/")
        filled = self.pages.fill(name, output, depth)
        if self.keeps_pages:
            self._kept[name] = _KeptPage(page.file.dest_uri, output, depth, filled)
        return filled

    def on_template_context(
        self, context: TemplateContext, *, template_name: str, config: MkDocsConfig
    ) -> TemplateContext:
        if template_name == "sitemap.xml":
            context["pages"] = [*context["pages"], self._entries.stand_in()]
        return context

    def on_post_template(self, output_content: str, *, template_name: str, config: MkDocsConfig) -> str:
        if template_name == "sitemap.xml":
            paths = (entry_path(entry, self.site.say) for entry in self.site.entries())
            output_content = repeat(output_content, "url", ({"slug": path} for path in paths))
        return output_content

    def on_post_build(self, *, config: MkDocsConfig) -> None:
        entries = list(self.site.entries())
        shells = self._entries.shells_of(entries)
        self._entries.give(self._ahead, shells)
        for entry in entries:
            if not shells[entry.kind]:
                self._entries.write(entry, None)
        self._entries.write_redirects()
        if self._shows_drafts:
            self.write_drafts(self.site.playbook)
        self._write(*self.site.feed(), config)
        self._write("playbook.schema.json", self.site.schema_text(), config)
        if self.config.paper and self.prints:
            self._write_paper(config)
        self._write(offline.AWAY, self._env.get_template("away.html").render(say=self.site.say), config)
        known = self._entries.take(self._ahead)
        self._entries.write_whole()
        if self._makes_search:
            try:
                self._search.result()
            except BuildError as error:
                raise PluginError(str(error)) from error
        self._require_living_links(config)
        if self._serving or self.keeps_pages or not self.config.offline:
            offline.write_leaving_worker(Path(config.site_dir))
        else:
            playbook, say, place_of = self.site.playbook, self.site.say, self._entries.place_of
            offline.write_offline(Path(config.site_dir), playbook, say, known, place_of)

    def _require_living_links(self, config: MkDocsConfig) -> None:
        """Raise ProblemsError for what is dead on pages written by hand: links, and what no browser runs."""
        base = urlsplit(self.site.playbook.settings.address).path
        links = DeadLinks(self._entries.place_of, base, self._is_made_later)
        self.problems = [
            Problem(Location(name, line), rule, {"target": target})
            for name, (url, _, content) in self._contents.items()
            if (page := self._sources[name].page) and not is_draft(page.meta)
            for target, rule in (*links.find(url, content), *find_refused(content))
            for line in lines_of(target, self._sources[name].content_string)
        ] + [*find_missing_assets(config, self._entries.place_of)]
        if self.problems:
            raise ProblemsError(self.problems, self.site.say)

    def _is_made_later(self, path: str) -> bool:
        is_paper = path.endswith((".pdf", ".xlsx", ".csv")) or path.startswith("p/")
        return is_paper and self.config.paper and not self.prints

    def on_build_error(self, *, error: Exception) -> None:
        self.stop_helpers()

    def stop_helpers(self) -> None:
        """End what other processes still do for a build that failed."""
        for helper in self._helpers:
            helper.end()
        self._helpers.clear()

    def page_name(self, page: Page) -> str:
        """Return how problems name a page: `docs/index.md`."""
        return f"{Path(page.file.src_dir or 'docs').name}/{page.file.src_uri}"

    def first_line(self, page: Page) -> int:
        """Return the line of a page's file at which its Markdown starts, after the front matter."""
        return self._front_matter.get(self.page_name(page), 0) + 1

    def explain_stop(self, stop: SystemExit, project: Path) -> list[Problem]:
        """Return the problem of the page at which mkdocs-macros ended the process for a call.

        There is none where it is code of the project's own that failed, which the page only calls.
        """
        error, page = stop.__context__, self._under_way
        line = line_of_page(error, project) if error and page else None
        if error is None or page is None or line is None:
            return []
        location = Location(self.page_name(page), self.first_line(page) + line - 1)
        return [Problem(location, *failure_of(error))]

    def show(self, playbook: Playbook, config: MkDocsConfig) -> None:
        """Write the pages of what differs in `playbook` from the one shown so far, and of what is near to it.

        Both have the same entries' ids.
        """
        changed = touched(self.site.playbook, playbook)
        self.site.show(playbook)
        shells = self._entries.shells_of(changed)
        for entry in changed:
            self._entries.write(entry, shells[entry.kind])

    def write_drafts(self, playbook: Playbook) -> None:
        """Write the pages that a preview has of the drafts of a playbook with the entries shown so far."""
        self._entries.write_drafts(playbook)

    def fill_again(self, config: MkDocsConfig) -> None:
        """Write what else shows entries, after `show`: the pages written by hand, the data, the feed.

        Raises ContentError when a hand-written page calls for what is no longer there.
        """
        self.pages.problems.clear()
        for name, kept in self._kept.items():
            filled = self.pages.fill(name, kept.output, kept.depth)
            if filled != kept.filled and not self.pages.problems:
                self._write(kept.path, filled, config)
                kept.filled = filled
        if self.pages.problems:
            raise ContentError(self.pages.problems)
        self._write(*self.site.feed(), config)
        self._entries.write_whole()

    def write_search(self, config: MkDocsConfig) -> None:
        """Write the search index of what is shown now, unless the site is to have none."""
        self._write_index(self._pages_found, config)

    def _pages_found(self) -> list[search.Document]:
        """Return the pages written by hand as they can be found."""
        return [
            search.page_document(url, title, self.pages.prose(name, content), self.site)
            for name, (url, title, content) in self._contents.items()
            if (page := self._sources[name].page) and is_findable(page.meta)
        ]

    def _write_index(self, pages: Callable[[], list[search.Document]], config: MkDocsConfig) -> None:
        """Write the index of the entries and terms, then of the `pages`, which may come later."""
        if self.config.search:
            documents = (found for make in (self._entries_found, pages) for found in make())
            search_index.write_index(documents, self.site, Path(config.site_dir))

    def _entries_found(self) -> Iterable[search.Document]:
        return search.documents_of(self.site)

    def _write_paper(self, config: MkDocsConfig) -> None:
        """Write the pages that sheets lead to, and every file to print or to open in a spreadsheet.

        A preview makes a sheet, and the page that it leads to, when somebody asks for it.
        """
        for path, html in self.site.paper_pages():
            self._write(f"{path}index.html", html, config)
        # Imported here: a site without paper, such as a preview's, needs no typesetter.
        from servicebook.base.cache import FileCache
        from servicebook.paper.files import site_files, write_files
        from servicebook.paper.pages import pages_in

        folder = Path(config.site_dir)
        offered = list(site_files(self.site.playbook, self.site.say))
        cache = FileCache(Path(config.config_file_path).parent)
        sizes: dict[str, list[int]] = {}

        def write(path: str, content: bytes) -> None:
            write_file(content, str(folder / path))
            sizes[path] = [len(content), *([pages_in(content)] if path.endswith(".pdf") else [])]

        write_files(offered, write, cache)
        self._write("assets/sizes.json", json.dumps(sizes, sort_keys=True), config)

    def _write(self, path: str, text: str, config: MkDocsConfig) -> None:
        write_file(text.encode(), str(Path(config.site_dir) / path))


def plugin_of(config: MkDocsConfig) -> ServicebookPlugin:
    plugin = config.plugins["servicebook"]
    assert isinstance(plugin, ServicebookPlugin)  # noqa: S101 - the name is ours
    return plugin


@dataclass
class _KeptPage:
    """A hand-written page as the theme rendered it, its macros' marks still in place."""

    path: str
    output: str
    depth: int
    filled: str


def _front_matter_lines(page: Page, markdown: str) -> int:
    source = page.file.content_string
    return source.count("\n") - markdown.count("\n") if markdown and source.endswith(markdown[-20:]) else 0
