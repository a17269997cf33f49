"""mkdocs.yml: what the product asks of it, what it cannot serve, and what a page may use of it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup, escape
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import Files
from mkdocs.structure.pages import Page

from servicebook.base.files import files_in, path_below
from servicebook.base.problems import ContentError, Location, Problem
from servicebook.base.resources import theme_folder
from servicebook.building.engine import require_one_theme
from servicebook.building.failures import near_template
from servicebook.building.written_pages import written_files
from servicebook.checks.options import find_unusable
from servicebook.content.model.settings import Settings
from servicebook.content.playbook import Playbook
from servicebook.content.project import Project, read_project
from servicebook.language.messages import Messages, language_of, messages_in
from servicebook.site.named import OF_THEME, files_named, find_lost_pages, find_missing_files
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


def require_usable(project: Project) -> None:
    """Raise ContentError for a mkdocs.yml that no site can be made of, before its program reads it."""
    if found := [*find_unusable(project)]:
        raise ContentError(found)


def require_servable(config: MkDocsConfig, say: Messages) -> None:
    """Raise ContentError for a configuration that no site can be made of, BuildError for such a machine."""
    file = Path(config.config_file_path)
    require_usable(read_project(file))
    require_one_theme(say)
    macros: Any = config.plugins["macros"]
    if folder := macros.config["include_dir"]:
        # As every other path of the file, from where the file is and not from where somebody happens to be.
        macros.config["include_dir"] = str(file.parent / folder)


def find_missing_assets(config: MkDocsConfig, place_of: Callable[[str], Path]) -> Iterator[Problem]:
    """Find the style sheets, scripts and logos of mkdocs.yml that a finished site lacks.

    `place_of` says where each file of it stands.
    """
    project = read_project(Path(config.config_file_path))
    names = [str(name) for option in ("extra_css", "extra_javascript") for name in config[option]]
    names += [name for option, name, _ in files_named(project) if option in OF_THEME]
    if names:
        site = Path(config.site_dir)
        known = (path_below(site, file) for file in files_in(site))
        yield from find_missing_files(project, names, lambda path: place_of(path).is_file(), known)


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
    pages, project = {file.src_uri for file in files}, read_project(Path(config.config_file_path))
    yield from find_lost_pages(project, _pages_in(config.nav), pages)
    # MkDocs would pass over it with a warning of its own.
    yield from find_missing_files(project, config.extra_templates, pages.__contains__, pages)


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
