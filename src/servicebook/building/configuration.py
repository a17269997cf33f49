"""mkdocs.yml: what the product asks of it, what it cannot serve, and what a page may use of it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup, escape
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import Files
from mkdocs.structure.pages import Page

from servicebook.base.files import files_in
from servicebook.base.problems import BuildError, ContentError, Location, Problem
from servicebook.base.resources import theme_folder
from servicebook.building.engine import require_theme
from servicebook.building.failures import near_template
from servicebook.building.written_pages import written_files
from servicebook.content.model.settings import Settings
from servicebook.content.playbook import Playbook
from servicebook.content.project import read_project
from servicebook.language.messages import Messages, language_of, messages_in
from servicebook.site.named import find_lost_pages, find_missing_files
from servicebook.site.sandbox import PageEnvironment
from servicebook.views.taken import find_hidden

# The extensions of Markdown that make tables, and where those that bring others along keep their options.
_TABLES = (
    ("tables", ""),
    ("markdown.extensions.tables", ""),
    ("extra", "tables"),
    ("markdown.extensions.extra", "tables"),
    ("pymdownx.extra", "markdown.extensions.tables"),
)


def require_servable(config: MkDocsConfig, say: Messages) -> None:
    """Raise BuildError for a configuration that this product cannot make a site of."""
    for name in ("servicebook", "macros"):
        if name not in config.plugins:
            raise BuildError(say("build.plugin-missing", name=name))
    require_theme(config.theme.name, say)
    macros: Any = config.plugins["macros"]
    if folder := macros.config["include_dir"]:
        # As every other path of the file, from where the file is and not from where somebody happens to be.
        path = Path(config.config_file_path).parent / folder
        if not path.is_dir():
            raise BuildError(say("build.no-include-dir", folder=folder))
        macros.config["include_dir"] = str(path)
    for module in macros.config["modules"]:
        # mkdocs-macros itself does not say which one is missing.
        name = str(module).partition(":")[0]
        if not find_spec(name.partition(".")[0]) and not _stands_in(
            Path(config.config_file_path).parent, name
        ):
            raise BuildError(say("build.no-module", name=name))


def find_missing_assets(config: MkDocsConfig, place_of: Callable[[str], Path]) -> Iterator[Problem]:
    """Find the style sheets and scripts of mkdocs.yml that a finished site lacks; `place_of` says where each
    file of it stands."""
    names = [str(name) for option in ("extra_css", "extra_javascript") for name in config[option]]
    if names:
        site = Path(config.site_dir)
        known = (Path(file.path).relative_to(site).as_posix() for file in files_in(site))
        project = read_project(Path(config.config_file_path))
        yield from find_missing_files(project, names, lambda path: place_of(path).is_file(), known)


def _stands_in(project: Path, module: str) -> bool:
    return (project / f"{module}.py").is_file() or (project / module).is_dir()


def messages_for(config: MkDocsConfig) -> Messages:
    """Return the sentences for a playbook that may have faults: in its language, or the locale's."""
    try:
        say = read_project(Path(config.config_file_path)).say
    except ContentError:
        say = None
    return say or messages_in(language_of())


def add_templates(config: MkDocsConfig) -> list[Path]:
    """Let the project's own templates come before ours, and ours before the theme's.

    Returns the folder of the project's own, if it has any: mkdocs.yml need not name it.
    """
    own = read_project(Path(config.config_file_path)).overrides
    if own and not config.theme.custom_dir:
        config.theme.dirs.insert(0, str(own))
    if str(theme_folder()) not in config.theme.dirs:
        config.theme.dirs.insert(1 if own else 0, str(theme_folder()))
    return [own] if own else []


def take_settings(config: MkDocsConfig, settings: Settings) -> None:
    """Give the theme what the playbook says of itself, escaped: it prints these as they are."""
    if read_project(Path(config.config_file_path)).theme_language is None:
        config.theme["language"] = settings.language
    config.site_name = escape(settings.title)
    config.site_description = escape(settings.description)
    # Columns of a Markdown table are aligned by an attribute: the policy of our pages refuses a style inside.
    for name, inner in _TABLES:
        if name in config.markdown_extensions:
            own = config.mdx_configs.setdefault(name, {})
            (own.setdefault(inner, {}) if inner else own)["use_align_attribute"] = True
    links = config.validation.links
    # Every link is looked at in the finished site, and told in the playbook's language.
    links.not_found = links.absolute_links = links.unrecognized_links = links.anchors = logging.DEBUG
    config.validation.nav.not_found = logging.DEBUG


def quote_metadata(meta: Any) -> None:
    """Escape what a page's own head says and the theme prints as it is."""
    for name in ("title", "description", "author"):
        if name in meta and not isinstance(meta[name], Markup):
            meta[name] = escape(str(meta[name]))


def close_pages(config: MkDocsConfig) -> None:
    """Let pages written by hand see macros and plain values alone."""
    macros: Any = config.plugins["macros"]
    macros._env = PageEnvironment(macros.env, macros.macros)


def find_misplaced_pages(config: MkDocsConfig, files: Files, playbook: Playbook) -> Iterator[Problem]:
    """Find what the navigation names and nobody wrote, and what is written where the site makes another."""
    yield from find_hidden(playbook, written_files(files, config))
    pages = {file.src_uri for file in files}
    yield from find_lost_pages(read_project(Path(config.config_file_path)), _pages_in(config.nav), pages)


def find_missing_templates(
    pages: Iterable[Page], env: jinja2.Environment, name_of: Callable[[Page], str]
) -> Iterator[Problem]:
    """Find the pages whose head asks for a template that the theme has not; `name_of` says their names."""
    asking = [page for page in pages if "template" in page.meta]
    known = env.list_templates(extensions=("html",)) if asking else []
    for page in asking:
        name, source = str(page.meta["template"]), page.file.content_string
        if name not in known:
            lines = [number for number, line in enumerate(source.splitlines(), 1) if "template" in line]
            place = Location(name_of(page), lines[0] if lines else 1)
            yield Problem(place, "no-template", {"name": name, "suggestion": near_template(name, known)})


def _pages_in(nav: Any) -> Iterator[str]:
    if isinstance(nav, str):
        yield nav
    elif isinstance(nav, list):
        for item in nav:
            yield from _pages_in(item)
    elif isinstance(nav, dict):
        for item in nav.values():
            yield from _pages_in(item)
