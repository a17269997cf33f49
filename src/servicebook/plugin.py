"""MkDocs: its events mapped to the site. The only module that imports mkdocs."""

from __future__ import annotations

import datetime as dt
import logging
import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, Literal
from urllib.parse import urlsplit

import jinja2
from markupsafe import Markup
from mkdocs.commands.build import build, get_context
from mkdocs.config import config_options as opt
from mkdocs.config import load_config
from mkdocs.config.base import Config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort, ConfigurationError, PluginError
from mkdocs.plugins import BasePlugin, event_priority
from mkdocs.structure.files import File, Files
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page
from mkdocs.structure.toc import AnchorLink, TableOfContents
from mkdocs.utils import write_file
from mkdocs.utils.templates import TemplateContext

from servicebook import assets, offline, parallel, schema, search, views
from servicebook.load import Memory, find_playbook, load_content
from servicebook.messages import messages_in
from servicebook.model import ENTRY_TYPES, FOLDERS, Entry
from servicebook.pages import Pages, failure_of
from servicebook.playbook import Playbook
from servicebook.problems import BuildError, ContentError, Location, Problem, has_errors, sort_problems
from servicebook.reading import Reading
from servicebook.shell import MARKED, PageParts, Shell, repeat
from servicebook.site import Site, check_loaded, read_playbook
from servicebook.templates import TemplateCache
from servicebook.theme import theme_folder

log = logging.getLogger("mkdocs.plugins.servicebook")
Shells = dict[str, Shell | None]
Known = dict[str, offline.Kept]


class ProblemsError(PluginError):
    """Raised when content or pages have problems; MkDocs prints it, our command line reads `problems`."""

    def __init__(self, problems: list[Problem], language: str) -> None:
        self.problems = sort_problems(problems)
        say = messages_in(language)
        lines = [f"{problem.location}: {say.explain(problem)}" for problem in self.problems]
        super().__init__("\n".join(["", *lines]))


class ServicebookConfig(Config):
    """The plugin's options in mkdocs.yml."""

    playbook = opt.Type(str, default=".")
    # `full` renders every page by the theme; the pages are the same, later. It is how that is proved.
    pages = opt.Choice(("spliced", "full"), default="spliced")
    search = opt.Type(bool, default=True)
    paper = opt.Type(bool, default=True)


class ServicebookPlugin(BasePlugin[ServicebookConfig]):
    """Renders a playbook's entries into the theme, and gives pages their macros."""

    site: Site
    pages: Pages

    def __init__(self) -> None:
        # A playbook that was read already, and whether `update` will be asked for: set by SiteBuilder.
        self.prepared: tuple[Playbook, list[Problem]] | None = None
        self.keeps_pages = False
        self._serving = False
        self._forget()

    def _forget(self) -> None:
        """Start anew: MkDocs keeps a plugin for all builds of a process."""
        self.problems: list[Problem] = []
        self.warnings: list[Problem] = []
        self._kept: dict[str, _KeptPage] = {}
        self._shells: dict[str, Shell | None] = {}
        self._nav = Navigation([], [])
        self._files = Files([])
        self._front_matter: dict[str, int] = {}
        self._contents: dict[str, tuple[str, str, str]] = {}
        self._under_way: Page | None = None
        self._helpers: list[parallel.Ahead[Any, Any, Any] | parallel.Begun[Any, Any]] = []

    def on_startup(self, *, command: Literal["build", "gh-deploy", "serve"], dirty: bool) -> None:
        self._serving = command == "serve"

    @event_priority(100)  # before macros, which asks for the pages in its own on_config
    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        self._forget()
        try:
            playbook, self.warnings = self.prepared or read_playbook(_root_of(config), dt.date.today())
        except ContentError as error:
            self.problems = error.problems
            raise ProblemsError(error.problems, _language_of(config)) from None
        overrides = [Path(folder) for folder in config.theme.dirs if folder == config.theme.custom_dir]
        self.site = Site(playbook, overrides, paper=self.config.paper)
        self._ahead = self._start_ahead(config)
        # The index is made from the data: it waits for the pages written by hand, and for none of an entry.
        self._search: parallel.Begun[list[search.Document], None] = parallel.Begun(
            lambda receive: self._write_index(receive, config), alone=not self.config.search
        )
        self._helpers += [self._ahead, self._search]
        self.pages = Pages(self.site)
        for warning in self.warnings:
            log.info("%s: %s", warning.location, self.site.say.explain(warning))
        settings = playbook.settings
        config.site_name, config.site_description = settings.title, settings.description
        if not self._serving:
            config.site_url = settings.address
        if str(theme_folder()) not in config.theme.dirs:
            config.theme.dirs.insert(1 if config.theme.custom_dir else 0, str(theme_folder()))
        config.extra["servicebook"] = self.site.theme_data()
        make = config.theme.get_env
        config.theme.get_env = lambda: _quicken(make())  # type: ignore[method-assign]
        return config

    def on_files(self, files: Files, *, config: MkDocsConfig) -> Files:
        parts = {match[1]: file for file in files if (match := assets.PARTS.fullmatch(file.src_uri))}
        for file in [*parts.values(), *(file for file in files if file.src_uri.startswith(assets.TOOLS))]:
            files.remove(file)
        styles = assets.join_styles({name: file.content_string for name, file in parts.items()})
        files.append(File.generated(config, assets.BUNDLE, content=styles))
        return files

    def on_nav(self, nav: Navigation, *, config: MkDocsConfig, files: Files) -> Navigation:
        self._nav, self._files = nav, files
        return nav

    @event_priority(100)  # before macros, which would stop at the first mistake with a traceback
    def on_page_markdown(self, markdown: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:
        name = self.page_name(page)
        self._front_matter[name] = _front_matter_lines(page, markdown)
        self.pages.start(name)
        self._under_way = page
        macros: Any = config.plugins["macros"]
        known = {*macros.variables, *macros.env.globals, *macros.macros, *page.meta}
        if page.meta.get("render_macros") is not False and not self.pages.check(
            name, markdown, self.first_line(page), known, macros.env
        ):
            page.meta["render_macros"] = False
        return markdown

    def on_page_content(self, html: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:
        self._contents[self.page_name(page)] = (page.url, str(page.title), html)
        return html

    def on_env(self, env: jinja2.Environment, *, config: MkDocsConfig, files: Files) -> jinja2.Environment:
        if self.pages.problems:
            self.problems = sort_problems(self.pages.problems)
            raise ProblemsError(self.problems, self.site.say.language)
        self._env = env
        # Whatever MkDocs stamps (sitemap.xml and its archive) carries the edition's date and not the day's,
        # so that the same content gives the same bytes.
        for page in (file.page for file in files.documentation_pages() if file.page):
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
            marked = self._sitemap_entry(MARKED.slug, config)
            context["pages"] = [*context["pages"], marked]
        return context

    def on_post_template(self, output_content: str, *, template_name: str, config: MkDocsConfig) -> str:
        if template_name == "sitemap.xml":
            paths = (self._path(entry) for entry in self.site.entries())
            output_content = repeat(output_content, "url", ({"slug": path} for path in paths))
        return output_content

    def on_post_build(self, *, config: MkDocsConfig) -> None:
        entries = list(self.site.entries())
        shells = self._shells_of(entries, config)
        self._ahead.give(shells)
        for entry in entries:
            if not shells[entry.kind]:
                self._write_entry(entry, None, config)
        for address, entry in self.site.redirects():
            self._write_redirect(address, entry, config)
        self._write("playbook.json", self.site.data_text(), config)
        self._write(*self.site.feed(), config)
        self._write("playbook.schema.json", schema.site_schema_text(), config)
        if self.config.paper:
            self._write_paper(config)
        away = {"root": urlsplit(config.site_url or "/").path, "say": self.site.say}
        self._write(offline.AWAY, self._env.get_template("away.html").render(away), config)
        known = {path: kept for _, page in self._ahead.results() for path, kept in page.items()}
        try:
            self._search.result()
        except BuildError as error:
            raise PluginError(str(error)) from error
        if self._serving or self.keeps_pages:
            offline.write_preview_worker(Path(config.site_dir))
        else:
            # Beside an entry's page there is nothing else, unless a page written by hand stands below it.
            shared = {folder for file in self._files for folder in PurePosixPath(file.dest_uri).parents}
            alone = {path: kept for path, kept in known.items() if PurePosixPath(path).parent not in shared}
            offline.write_offline(Path(config.site_dir), self.site.playbook.settings, alone)

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

    def explain_stop(self, stop: SystemExit) -> list[Problem]:
        """Return the problem of the page at which mkdocs-macros ended the process for a call."""
        error, page = stop.__context__, self._under_way
        if error is None or page is None:
            return []
        line, trace = 1, error.__traceback__
        while trace:
            if trace.tb_frame.f_code.co_filename == "<template>":
                line = trace.tb_lineno
            trace = trace.tb_next
        location = Location(self.page_name(page), self.first_line(page) + line - 1)
        return [Problem(location, *failure_of(error))]

    def show(self, playbook: Playbook, config: MkDocsConfig) -> None:
        """Write the pages of what differs in `playbook` from the one shown so far, and of what is near to it.

        Both have the same entries' ids.
        """
        touched = _touched(self.site.playbook, playbook)
        self.site.show(playbook)
        shells = self._shells_of(touched, config)
        for entry in touched:
            self._write_entry(entry, shells[entry.kind], config)

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
        self._write("playbook.json", self.site.data_text(), config)
        self._write(*self.site.feed(), config)

    def write_search(self, config: MkDocsConfig) -> None:
        """Write the search index of what is shown now, unless the site is to have none."""
        self._write_index(self._pages_found, config)

    def _pages_found(self) -> list[search.Document]:
        """Return the pages written by hand as they can be found."""
        return [
            search.page_document(url, title, self.pages.prose(name, content), self.site)
            for name, (url, title, content) in self._contents.items()
        ]

    def _write_index(self, pages: Callable[[], list[search.Document]], config: MkDocsConfig) -> None:
        """Write the index of the entries and terms, then of the `pages`, which may come later."""
        if self.config.search:
            documents = (found for make in (self._entries_found, pages) for found in make())
            search.write_index(documents, self.site, Path(config.site_dir))

    def _entries_found(self) -> Iterable[search.Document]:
        return search.documents_of(self.site)

    def _write_paper(self, config: MkDocsConfig) -> None:
        """Write the pages that sheets lead to, and every file to print or to open in a spreadsheet."""
        if self.keeps_pages:
            return  # a preview makes a sheet, and the page that it leads to, when somebody asks for it
        for path, html in self.site.paper_pages():
            self._write(f"{path}index.html", html, config)
        # Imported here: a site without paper, such as a preview's, needs no typesetter.
        from servicebook.cache import FileCache
        from servicebook.export import SITE_FORMATS, files_of, write_files

        folder = Path(config.site_dir)
        files = files_of(self.site.playbook, self.site.say)
        offered = (file for file in files if file.format in SITE_FORMATS)
        cache = FileCache(Path(config.config_file_path).parent)
        write_files(offered, lambda path, content: write_file(content, str(folder / path)), cache)

    def _start_ahead(self, config: MkDocsConfig) -> parallel.Ahead[PageParts, Shells, Known]:
        """Let the other cores make the entries' own parts while MkDocs renders the pages written by hand."""
        entries = list(self.site.entries())

        def finish(i: int, parts: PageParts, shells: Shells) -> Known:
            shell = shells[entries[i].kind]
            if shell is None:
                return {}
            path, page = f"{self._path(entries[i])}index.html", shell.join(parts).encode()
            write_file(page, str(Path(config.site_dir) / path))
            return {path: offline.kept(page)}

        return parallel.Ahead(len(entries), lambda i: self.site.parts_of(entries[i]), finish, least=100)

    def _write_entry(self, entry: Entry, shell: Shell | None, config: MkDocsConfig) -> None:
        parts = self.site.parts_of(entry)
        page = shell.join(parts) if shell else self._render(entry.kind, parts, config)
        self._write(f"{self._path(entry)}index.html", page, config)

    def _shells_of(self, entries: list[Entry], config: MkDocsConfig) -> Shells:
        return {kind: self._shell_of(kind, config) for kind in dict.fromkeys(entry.kind for entry in entries)}

    def _shell_of(self, kind: str, config: MkDocsConfig) -> Shell | None:
        """Return the shell of a kind; None when its pages are to be rendered by the theme in full."""
        if kind not in self._shells:
            shell = Shell(self._render(kind, MARKED, config)) if self.config.pages == "spliced" else None
            parts = self.site.parts_of(self.site.playbook.of_kind(kind, retired=True)[0])
            if shell and not shell.fits(parts, self._render(kind, parts, config)):
                log.info(self.site.say("build.shell-differs", kind=self.site.say(f"kind.{kind}")))
                shell = None
            self._shells[kind] = shell
        return self._shells[kind]

    def _render(self, kind: str, parts: PageParts, config: MkDocsConfig) -> str:
        """Return a page rendered by the theme in full."""
        page = self._page(kind, parts, config)
        page.active = True
        try:
            context = get_context(self._nav, self._files, config, page)
            context = config.plugins.on_page_context(context, page=page, config=config, nav=self._nav)
            return self._env.get_template("main.html").render(context)
        finally:
            page.active = False

    def _page(self, kind: str, parts: PageParts, config: MkDocsConfig) -> Page:
        folder = self.site.say(f"path.{kind}")
        file = File.generated(config, f"{folder}/{parts.slug}.md", content="")
        file.edit_uri = f"../playbook/{FOLDERS[kind]}/{parts.id}.yml"
        page = Page(None, file, config)
        # Markup, so that no filter of the theme escapes a second time what is escaped already.
        page.title = Markup(parts.title)  # noqa: S704
        index = next((item for item in self._nav.pages if item.url == f"{folder}/"), None)
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
        page.update_date = str(self.site.playbook.settings.edition.date)
        return page

    def _path(self, entry: Entry) -> str:
        return views.entry_path(entry, self.site.say)

    def _write(self, path: str, text: str, config: MkDocsConfig) -> None:
        write_file(text.encode(), str(Path(config.site_dir) / path))

    def _write_redirect(self, address: str, entry: Entry, config: MkDocsConfig) -> None:
        target = f"../../{self._path(entry)}"
        context = {"target": target, "root": "../../", "title": entry.title, "say": self.site.say}
        html = self._env.get_template("redirect_entry.html").render(context)
        self._write(f"{address}index.html", html, config)

    def _sitemap_entry(self, path: str, config: MkDocsConfig) -> Any:
        url = f"{config.site_url or '/'}{path}"
        date = str(self.site.playbook.settings.edition.date)
        return {"page": {"canonical_url": url, "update_date": date}}


class SiteBuilder:
    """Builds the site of one mkdocs.yml, again and again where a preview asks for it."""

    def __init__(self, config_file: Path, *, keeps_pages: bool = False) -> None:
        """With `keeps_pages`, what a build made is kept so that `update` can write the differences."""
        self._config_file = config_file
        self._keeps_pages = keeps_pages
        self._memory: Memory | None = {} if keeps_pages else None
        self._config: MkDocsConfig | None = None

    def build(self, site_dir: Path, reading: Reading | None = None) -> list[Problem]:
        """Build the whole site into `site_dir`, strictly. Returns the content's warnings.

        A `reading` of the playbook that is under way already is taken up.

        Raises ContentError for problems in content or pages, BuildError with what MkDocs said otherwise.
        """
        os.environ.setdefault("NO_MKDOCS_2_WARNING", "1")
        self._config = None
        heard = _Heard(logging.WARNING)
        logger = logging.getLogger("mkdocs")
        logger.addHandler(heard)
        plugin: ServicebookPlugin | None = None
        try:
            config = load_config(str(self._config_file), site_dir=str(site_dir), strict=True)
            _require_plugins(config)
            plugin = _plugin_of(config)
            plugin.keeps_pages = self._keeps_pages
            plugin.prepared = self._read(config, reading)
            build(config)
        except (Abort, ConfigurationError) as error:
            if plugin and plugin.problems:
                raise ContentError(plugin.problems) from None
            raise BuildError("\n".join(heard.lines or [str(error)])) from error
        except SystemExit as stop:
            problems = plugin.explain_stop(stop) if plugin else []
            if plugin:
                plugin.stop_helpers()
            if not problems:
                raise BuildError("\n".join(heard.lines or [str(stop)])) from stop
            raise ContentError(problems) from None
        finally:
            logger.removeHandler(heard)
        self._config = config
        return plugin.warnings

    def update(self, changed: Iterable[Path], shown: Callable[[], None] = lambda: None) -> bool:
        """Write the differences that changed files of the playbook make; False when only `build` will do.

        The changed entries' pages come first, and `shown` is called. After it comes what takes longer with
        every entry that there is: the checks across entries, and the pages that list them. The search index
        stays as it was until `update_search`. Raises ContentError like `build`.
        """
        if self._config is None or self._memory is None:
            return False
        for path in changed:
            self._memory.pop(path, None)
        plugin = _plugin_of(self._config)
        content, problems = load_content(find_playbook(_root_of(self._config)), memory=self._memory)
        failure: Exception | None = None
        if not has_errors(problems):
            playbook = Playbook(content)
            if not _same_outline(plugin.site.playbook, playbook):
                return False
            try:
                plugin.show(playbook, self._config)
                shown()
            except Exception as error:
                failure = error  # the checks to come say what is wrong with the content
        check_loaded(content, problems, dt.date.today())
        if failure:
            raise failure
        plugin.fill_again(self._config)
        return True

    def paper(self, path: str) -> bytes | None:
        """Return the file to print or to open in a spreadsheet that the site has at `path`, made now."""
        if self._config is None:
            return None
        from servicebook.export import files_of

        site = _plugin_of(self._config).site
        file = next((file for file in files_of(site.playbook, site.say) if file.path == path), None)
        return file.make() if file else None

    def paper_page(self, path: str) -> str | None:
        """Return the page at `path` that sheets of paper lead to, as it stands now."""
        return _plugin_of(self._config).site.paper_page(path) if self._config else None

    def update_search(self) -> None:
        """Write the search index anew after `update`; it takes longer than all the rest of a small change."""
        if self._config is not None:
            _plugin_of(self._config).write_search(self._config)

    def _read(self, config: MkDocsConfig, reading: Reading | None = None) -> tuple[Playbook, list[Problem]]:
        return read_playbook(_root_of(config), dt.date.today(), self._memory, reading)


def _quicken(env: jinja2.Environment) -> jinja2.Environment:
    """Return the theme's environment such that it finds and compiles its templates without delay."""
    assert isinstance(env.loader, jinja2.FileSystemLoader)  # noqa: S101 - MkDocs has no other
    env.loader = _ThemeLoader(env.loader.searchpath)
    # A page need not carry the lines that only held a block's tag: every tenth byte would be one of theirs.
    env.trim_blocks = env.lstrip_blocks = True
    env.bytecode_cache = TemplateCache(f"trimmed {' '.join(sorted(env.extensions))}")
    return env


class _ThemeLoader(jinja2.FileSystemLoader):
    """Does not list what MkDocs then leaves out: hidden folders, such as Material's of ten thousand icons."""

    def list_templates(self) -> list[str]:
        """Return the names of all templates, in order."""
        found = set()
        for top in self.searchpath:
            for folder, folders, names in os.walk(top):
                folders[:] = [name for name in folders if not name.startswith(".")]
                found |= {Path(folder, name).relative_to(top).as_posix() for name in names}
        return sorted(found)


def _require_plugins(config: MkDocsConfig) -> None:
    for name in ("servicebook", "macros"):
        if name not in config.plugins:
            raise BuildError(messages_in(_language_of(config))("build.plugin-missing", name=name))


def _plugin_of(config: MkDocsConfig) -> ServicebookPlugin:
    plugin = config.plugins["servicebook"]
    assert isinstance(plugin, ServicebookPlugin)  # noqa: S101 - the name is ours
    return plugin


def _root_of(config: MkDocsConfig) -> Path:
    return Path(config.config_file_path).parent / _plugin_of(config).config.playbook


def _same_outline(one: Playbook, other: Playbook) -> bool:
    """Tell whether two playbooks differ only in what their entries say, not in what every page shows."""
    return (
        one.settings == other.settings
        and one.terms == other.terms
        and one.sources == other.sources
        and one.foundations == other.foundations
        and one.entries.keys() == other.entries.keys()
        and all(
            (entry.status, entry.former_ids) == (other.entries[id_].status, other.entries[id_].former_ids)
            for id_, entry in one.entries.items()
        )
    )


def _touched(old: Playbook, new: Playbook) -> list[Entry]:
    """Return the entries that were changed, then those that show something of them."""
    changed = [entry for id_, entry in new.entries.items() if entry is not old.entries[id_]]
    near: dict[str, Entry] = {entry.id: entry for entry in changed}
    for entry in changed:
        for neighbour in (*old.beside(entry), *new.beside(entry)):
            if neighbour:
                near.setdefault(neighbour.id, new.entries[neighbour.id])
        for kind in ENTRY_TYPES:
            for other in (*old.linked(old.entries[entry.id], kind), *new.linked(entry, kind)):
                near.setdefault(other.id, new.entries[other.id])
    return list(near.values())


@dataclass
class _KeptPage:
    """A hand-written page as the theme rendered it, its macros' marks still in place."""

    path: str
    output: str
    depth: int
    filled: str


class _Heard(logging.Handler):
    """Keeps what MkDocs warns of."""

    def __init__(self, level: int) -> None:
        super().__init__(level)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())


def _language_of(config: MkDocsConfig) -> str:
    language = str(config.theme.get("language", "es"))
    return language if language in ("es", "en") else "es"


def _front_matter_lines(page: Page, markdown: str) -> int:
    source = page.file.content_string
    return source.count("\n") - markdown.count("\n") if markdown and source.endswith(markdown[-20:]) else 0
