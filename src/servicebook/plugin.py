"""MkDocs: its events mapped to the site. The only module that imports mkdocs."""

from __future__ import annotations

import datetime as dt
import logging
import os
from pathlib import Path
from typing import Any, Literal

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

from servicebook import schema, views
from servicebook.messages import Messages, messages_in
from servicebook.model import ENTRY_TYPES, FOLDERS, Entry
from servicebook.pages import Pages
from servicebook.parallel import count_workers, share
from servicebook.problems import BuildError, ContentError, Problem, sort_problems
from servicebook.render import theme_folder
from servicebook.shell import MARKED, PageParts, Shell
from servicebook.site import Site, read_playbook

log = logging.getLogger("mkdocs.plugins.servicebook")


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


class ServicebookPlugin(BasePlugin[ServicebookConfig]):
    """Renders a playbook's entries into the theme, and gives pages their macros."""

    site: Site
    pages: Pages

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.warnings: list[Problem] = []
        self._serving = False
        self._nav = Navigation([], [])
        self._files = Files([])
        self._front_matter: dict[str, int] = {}

    def on_startup(self, *, command: Literal["build", "gh-deploy", "serve"], dirty: bool) -> None:
        self._serving = command == "serve"

    @event_priority(100)  # before macros, which asks for the pages in its own on_config
    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        root = Path(config.config_file_path).parent / self.config.playbook
        try:
            playbook, self.warnings = read_playbook(root, dt.date.today())
        except ContentError as error:
            self.problems = error.problems
            raise ProblemsError(error.problems, _language_of(config)) from None
        overrides = [Path(folder) for folder in config.theme.dirs if folder == config.theme.custom_dir]
        self.site = Site(playbook, overrides)
        self.pages = Pages(self.site)
        for warning in self.warnings:
            log.info("%s: %s", warning.location, self.site.say.explain(warning))
        settings = playbook.settings
        config.site_name, config.site_description = settings.title, settings.description
        if not self._serving:
            config.site_url = settings.address
        if str(theme_folder()) not in config.theme.dirs:
            config.theme.dirs.insert(1 if config.theme.custom_dir else 0, str(theme_folder()))
        # Whatever MkDocs stamps (sitemap.xml.gz) carries the edition's date, so that the same content
        # gives the same bytes on any day.
        midnight = dt.datetime.combine(settings.edition.date, dt.time(), dt.UTC)
        os.environ.setdefault("SOURCE_DATE_EPOCH", str(int(midnight.timestamp())))
        return config

    def on_nav(self, nav: Navigation, *, config: MkDocsConfig, files: Files) -> Navigation:
        self._nav, self._files = nav, files
        return nav

    @event_priority(100)  # before macros, which would stop at the first mistake with a traceback
    def on_page_markdown(self, markdown: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:
        name = self.page_name(page)
        self._front_matter[name] = _front_matter_lines(page, markdown)
        self.pages.start(name)
        if not self.pages.check(name, markdown, self.first_line(page), _names_known_to(config)):
            page.meta["render_macros"] = False
        return markdown

    def on_env(self, env: jinja2.Environment, *, config: MkDocsConfig, files: Files) -> jinja2.Environment:
        if self.pages.problems:
            self.problems = sort_problems(self.pages.problems)
            raise ProblemsError(self.problems, self.site.say.language)
        self._env = env
        for page in files.documentation_pages():
            if page.page:
                page.page.update_date = str(self.site.playbook.settings.edition.date)
        return env

    def on_post_page(self, output: str, *, page: Page, config: MkDocsConfig) -> str:
        return self.pages.fill(self.page_name(page), output, page.url.count("/"))

    def on_template_context(
        self, context: TemplateContext, *, template_name: str, config: MkDocsConfig
    ) -> TemplateContext:
        if template_name == "sitemap.xml":
            context["pages"] = [
                *context["pages"],
                *(self._sitemap_entry(e, config) for e in self.site.entries()),
            ]
        return context

    def on_post_build(self, *, config: MkDocsConfig) -> None:
        self._spliced: list[tuple[Entry, Shell]] = []
        for kind in ENTRY_TYPES:
            self._write_kind(kind, config)
        self._write_spliced(config)
        for address, entry in self.site.redirects():
            self._write_redirect(address, entry, config)
        self._write("playbook.json", self.site.data_text(), config)
        self._write("playbook.schema.json", schema.site_schema_text(), config)

    def page_name(self, page: Page) -> str:
        """Return how problems name a page: `docs/index.md`."""
        return f"{Path(page.file.src_dir or 'docs').name}/{page.file.src_uri}"

    def first_line(self, page: Page) -> int:
        """Return the line of a page's file at which its Markdown starts, after the front matter."""
        return self._front_matter.get(self.page_name(page), 0) + 1

    def _write_kind(self, kind: str, config: MkDocsConfig) -> None:
        entries = self.site.playbook.of_kind(kind, retired=True)
        if not entries:
            return
        shell = Shell(self._render(kind, MARKED, config)) if self.config.pages == "spliced" else None
        if shell and not self._fits(shell, kind, entries[0], config):
            shell = None
        if shell:
            self._spliced += [(entry, shell) for entry in entries]
            return
        for entry in entries:
            page = self._render(kind, self.site.parts_of(entry), config)
            self._write(f"{self._path(entry)}index.html", page, config)

    def _write_spliced(self, config: MkDocsConfig) -> None:
        def write(part: int, parts: int) -> None:
            for entry, shell in self._spliced[part::parts]:
                page = shell.join(self.site.parts_of(entry))
                self._write(f"{self._path(entry)}index.html", page, config)

        share(write, count_workers(len(self._spliced), least=100))

    def _fits(self, shell: Shell, kind: str, entry: Entry, config: MkDocsConfig) -> bool:
        parts = self.site.parts_of(entry)
        if shell.fits(parts, self._render(kind, parts, config)):
            return True
        log.info(self.site.say("build.shell-differs", kind=self.site.say(f"kind.{kind}")))
        return False

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
        file.edit_uri = f"../playbook/{_source_folder(kind)}/{parts.id}.yml"
        page = Page(None, file, config)
        # Markup, so that no filter of the theme escapes a second time what is escaped already.
        page.title = Markup(parts.title)  # noqa: S704
        page.meta = {"title": page.title, "description": parts.description, "servicebook": kind}
        page.content = parts.content
        headings = [AnchorLink(heading.title, heading.id, 2) for heading in parts.headings]
        top = AnchorLink(parts.title, "title", 1)
        top.children = headings
        page.toc = TableOfContents([top])
        page.parent = next((item.parent for item in self._nav.pages if item.url == f"{folder}/"), None)
        page.update_date = str(self.site.playbook.settings.edition.date)
        return page

    def _path(self, entry: Entry) -> str:
        return views.entry_path(entry, self.site.say)

    def _write(self, path: str, text: str, config: MkDocsConfig) -> None:
        write_file(text.encode(), str(Path(config.site_dir) / path))

    def _write_redirect(self, address: str, entry: Entry, config: MkDocsConfig) -> None:
        target = f"../../{self._path(entry)}"
        context = {"target": target, "title": entry.title, "say": self.site.say}
        html = self._env.get_template("redirect_entry.html").render(context)
        self._write(f"{address}index.html", html, config)

    def _sitemap_entry(self, entry: Entry, config: MkDocsConfig) -> Any:
        url = f"{config.site_url or '/'}{self._path(entry)}"
        date = str(self.site.playbook.settings.edition.date)
        return {"page": {"canonical_url": url, "update_date": date}}


def build_site(config_file: Path, site_dir: Path, say: Messages) -> list[Problem]:
    """Build the site that a mkdocs.yml describes into `site_dir`, strictly. Returns the content's warnings.

    Raises ContentError for problems in content or pages, BuildError with what MkDocs had to say otherwise.
    """
    os.environ.setdefault("NO_MKDOCS_2_WARNING", "1")
    heard = _Heard(logging.WARNING)
    logger = logging.getLogger("mkdocs")
    logger.addHandler(heard)
    plugin: Any = None
    try:
        config = load_config(str(config_file), site_dir=str(site_dir), strict=True)
        plugin = config.plugins["servicebook"]
        build(config)
    except ProblemsError as error:
        raise ContentError(error.problems) from None
    except (Abort, ConfigurationError) as error:
        if plugin and plugin.problems:
            raise ContentError(plugin.problems) from None
        said = heard.lines or [str(error)]
        raise BuildError("\n".join([*said, say("build.failed")])) from error
    finally:
        logger.removeHandler(heard)
    found: list[Problem] = plugin.warnings
    return found


class _Heard(logging.Handler):
    """Keeps what MkDocs warns of."""

    def __init__(self, level: int) -> None:
        super().__init__(level)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())


def _source_folder(kind: str) -> str:
    return FOLDERS[kind]


def _language_of(config: MkDocsConfig) -> str:
    language = str(config.theme.get("language", "es"))
    return language if language in ("es", "en") else "es"


def _front_matter_lines(page: Page, markdown: str) -> int:
    source = page.file.content_string
    return source.count("\n") - markdown.count("\n") if markdown and source.endswith(markdown[-20:]) else 0


def _names_known_to(config: MkDocsConfig) -> set[str]:
    macros: Any = config.plugins["macros"]
    return {*macros.variables, *macros.env.globals, *macros.macros}
