"""A project's site, built once or again and again: what commands and the preview call."""

from __future__ import annotations

import datetime as dt
import logging
import os
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import jinja2
from mkdocs.commands.build import build
from mkdocs.config import load_config
from mkdocs.config.base import ValidationError
from mkdocs.config.config_options import Hooks
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort, ConfigurationError

from servicebook.base import processes
from servicebook.base.problems import BuildError, ContentError, Problem, Severity, has_errors
from servicebook.base.resources import theme_folder
from servicebook.building.configuration import require_usable
from servicebook.building.earlier_pages import EarlierPages
from servicebook.building.engine import LOGGERS
from servicebook.building.events import ServicebookPlugin, plugin_of
from servicebook.building.failures import (
    bad_options,
    explain_failure,
    is_own_code,
    missing_template,
    option_at_fault,
)
from servicebook.checks.files import check_files
from servicebook.checks.project import find_unknown_parts
from servicebook.content.content import EDITIONS_FOLDER, MEDIA_FOLDER
from servicebook.content.languages import LOCALE_FOLDER
from servicebook.content.load import Memory, load_content
from servicebook.content.playbook import Playbook
from servicebook.content.project import read_project
from servicebook.content.reading import Reading
from servicebook.language.messages import Messages, language_of, messages_in
from servicebook.site.site import check_loaded, read_playbook


class SiteBuilder:
    """Builds the site of one mkdocs.yml, again and again where a preview asks for it.

    One thing at a time: who asks for a sheet while the site is built anew waits for that.
    """

    def __init__(self, config_file: Path, *, keeps_pages: bool = False, prints: bool = True) -> None:
        """With `keeps_pages`, what a build made is kept so that `update` can write the differences.

        Without `prints`, or while pages are kept, the files of the sheets that pages offer are not made.
        """
        self._config_file = config_file
        self._keeps_pages = keeps_pages
        self._prints = prints and not keeps_pages
        self._memory: Memory | None = {} if keeps_pages else None
        self._config: MkDocsConfig | None = None
        self._can_update = False
        self._folders: list[Path] = []
        self._modules: set[str] = set()
        self._at_work = threading.RLock()

    def build(
        self, site_dir: Path, reading: Reading | None = None, earlier: EarlierPages | None = None
    ) -> list[Problem]:
        """Build the whole site into `site_dir`, strictly. Returns the content's warnings.

        A `reading` of the playbook that is under way already is taken up; of the `earlier` site's pages,
        those are kept that can be.

        Raises ContentError for problems in content or pages, BuildError with what MkDocs said otherwise.
        """
        os.environ.setdefault("NO_MKDOCS_2_WARNING", "1")
        with self._at_work, _no_stale_code(self._modules, self._project):
            self._can_update = False
            if earlier and reading:
                earlier.read_from(reading.digests)
            config = self._build(site_dir, reading, earlier)
            self._config, self._can_update = config, True
            return plugin_of(config).warnings

    def _build(self, site_dir: Path, reading: Reading | None, earlier: EarlierPages | None) -> MkDocsConfig:
        heard = _Heard(logging.WARNING)
        loggers = [logging.getLogger(name) for name in LOGGERS]
        for logger in loggers:
            logger.addHandler(heard)
        plugin: ServicebookPlugin | None = None
        plugins: dict[str, object] = {}
        for _, option in MkDocsConfig._schema:
            option.reset_warnings()  # MkDocs keeps those of a configuration that it refused for the next one
        project = read_project(self._config_file)
        try:
            require_usable(project)
            config = load_config(str(self._config_file), site_dir=str(site_dir), strict=True)
            plugins = dict(config.plugins)
            self._folders = [*map(Path, config.theme.dirs), theme_folder()]
            plugin = plugin_of(config)
            plugin.keeps_pages, plugin.prints = self._keeps_pages, self._prints
            plugin.prepared = self._read(config, reading)
            plugin.earlier = earlier
            with self._templates_told():
                build(config)
        except (Abort, ConfigurationError, ValidationError) as error:
            found = plugin.problems if plugin else [*find_unknown_parts(project)]
            if found := found or bad_options(heard.lines, project):
                raise ContentError(found) from None
            raise BuildError("\n".join(heard.lines or [str(error)])) from error
        except SystemExit as stop:
            if problems := plugin.explain_stop(stop, self._project) if plugin else []:
                raise ContentError(problems) from None
            failed = stop.__context__ or stop
            sentence = explain_failure(failed, self._project, self._say(), plugins)
            raise BuildError(sentence or "\n".join(heard.lines or [str(stop)])) from stop
        except (ContentError, BuildError, OSError):
            raise
        except Exception as error:
            if sentence := explain_failure(error, self._project, self._say(), plugins):
                raise BuildError(sentence) from error
            if name := option_at_fault(error, self._folders):
                raise ContentError([self._bad_option(name, error)]) from error
            raise
        finally:
            for logger in loggers:
                logger.removeHandler(heard)
            processes.end_all()
        return config

    @contextmanager
    def _templates_told(self) -> Iterator[None]:
        """Make a problem, with its place, of a template that is missing: Jinja calls it an OSError."""
        try:
            yield
        except jinja2.TemplateNotFound as error:
            raise ContentError([missing_template(error, self._folders, self._config_file)]) from error

    def _bad_option(self, name: str, error: Exception) -> Problem:
        place = read_project(self._config_file).locate(name)
        return Problem(place, "bad-option", {"name": name, "reason": f"{type(error).__name__}: {error}"})

    @property
    def _project(self) -> Path:
        return self._config_file.resolve().parent

    def _say(self) -> Messages:
        """Return the language of the site last built, or the playbook's, or the locale's."""
        if self._config:
            return plugin_of(self._config).site.say
        return read_project(self._config_file).say or messages_in(language_of())

    def update(self, changed: Iterable[Path], shown: Callable[[], None] = lambda: None) -> bool:
        """Write the differences that changed files of the playbook make; False when only `build` will do.

        The changed entries' pages come first, and `shown` is called. After it comes what takes longer with
        every entry that there is: the checks across entries, and the pages that list them. The search index
        stays as it was until `update_search`. Raises ContentError like `build`.
        """
        with self._at_work:
            return self._update(changed, shown)

    def _update(self, changed: Iterable[Path], shown: Callable[[], None]) -> bool:
        if not self._can_update or self._config is None or self._memory is None:
            return False
        changed = list(changed)
        plugin = plugin_of(self._config)
        names = (EDITIONS_FOLDER, LOCALE_FOLDER, MEDIA_FOLDER)
        rooms = {plugin.site.playbook.folder.resolve() / name for name in names}
        if any(rooms.intersection(path.parents) for path in changed):
            return False  # any page may show a picture or a sentence, or tell what an edition brought
        for path in changed:
            self._memory.pop(path, None)
        content, problems = load_content(read_project(self._config_file).playbook, memory=self._memory)
        failure: Exception | None = None
        if not has_errors(content.published(problems)):
            playbook = Playbook(content)
            if not _same_outline(plugin.site.playbook, playbook):
                return False
            drafts = playbook.drafts
            try:
                with self._templates_told():
                    plugin.show(playbook, self._config)
                    if any(draft.is_in(path.parent.name, path.name) for path in changed for draft in drafts):
                        checked, _ = check_loaded(content, problems, dt.date.today())
                        plugin.write_drafts(checked)
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
        from servicebook.paper.files import site_files

        with self._at_work:
            if self._config is None:
                return None
            site = plugin_of(self._config).site
            file = next((file for file in site_files(site.playbook, site.say) if file.path == path), None)
            return file.make() if file else None

    def paper_page(self, path: str) -> str | None:
        """Return the page at `path` that sheets of paper lead to, as it stands now."""
        with self._at_work:
            return plugin_of(self._config).site.paper_page(path) if self._config else None

    @property
    def root(self) -> str:
        """The path at which the site that was built will stand on its host: `/`, or `/manual/`."""
        return urlsplit(self._config.site_url or "").path if self._config else "/"

    def update_search(self) -> None:
        """Write the search index anew after `update`; it takes longer than all the rest of a small change."""
        with self._at_work:
            if self._can_update and self._config is not None:
                plugin_of(self._config).write_search(self._config)

    def _read(self, config: MkDocsConfig, reading: Reading | None = None) -> tuple[Playbook, list[Problem]]:
        project = read_project(self._config_file)
        found = check_files(self._project, project.playbook, Path(config.docs_dir))
        errors = [problem for problem in found if problem.severity is Severity.ERROR]
        try:
            read = read_playbook(self._config_file, dt.date.today(), self._memory, reading)
        except ContentError as error:
            raise ContentError([*error.problems, *errors]) from None
        if errors:
            raise ContentError(errors)
        return read


def _same_outline(one: Playbook, other: Playbook) -> bool:
    """Tell whether two playbooks differ only in what their entries say, not in what every page shows."""
    return (
        one.settings == other.settings
        and one.terms == other.terms
        and one.sources == other.sources
        and one.foundations == other.foundations
        and [(it.kind, it.id, it.title) for it in one.drafts]
        == [(it.kind, it.id, it.title) for it in other.drafts]
        and one.media(drafts=True) == other.media(drafts=True)
        and one.entries.keys() == other.entries.keys()
        and all(
            (entry.status, entry.former_ids) == (other.entries[id_].status, other.entries[id_].former_ids)
            for id_, entry in one.entries.items()
        )
    )


@contextmanager
def _no_stale_code(modules: set[str], project: Path) -> Iterator[None]:
    """Let a build run the project's own modules as they are now, and not as an earlier one loaded them.

    `modules` are those that an earlier build loaded; afterwards, those that this one did.
    """
    for name in modules:
        sys.modules.pop(name, None)
    Hooks._load_hook.cache_clear()
    before = {*sys.modules}
    writes = sys.dont_write_bytecode
    # What was compiled is told from newer code by its second and its size, and both may be the same.
    sys.dont_write_bytecode = True
    try:
        yield
    finally:
        sys.dont_write_bytecode = writes
        modules.clear()
        for name in {*sys.modules} - before:
            if is_own_code(getattr(sys.modules[name], "__file__", None), project):
                modules.add(name)


class _Heard(logging.Handler):
    """Keeps what MkDocs warns of."""

    def __init__(self, level: int) -> None:
        super().__init__(level)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())
