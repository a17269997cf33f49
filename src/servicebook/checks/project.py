"""What mkdocs.yml says that no site can be made of, or that contradicts the playbook."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.util import find_spec

from servicebook.base.problems import Problem, Severity
from servicebook.base.resources import templates_of
from servicebook.checks.overrides import check_overrides
from servicebook.content.complaints import suggest
from servicebook.content.model.settings import Settings
from servicebook.content.project import Project
from servicebook.language.messages import LANGUAGES, primary_of

# What either engine takes at the top of mkdocs.yml. Loading one of them takes longer than all that is checked
# here; a test holds this list to both.
OPTIONS = frozenset(
    [
        "config_file_path",
        "copyright",
        "dev_addr",
        "docs_dir",
        "draft_docs",
        "edit_uri",
        "edit_uri_template",
        "exclude_docs",
        "extra",
        "extra_css",
        "extra_javascript",
        "extra_templates",
        "google_analytics",
        "hooks",
        "markdown_extensions",
        "mdx_configs",
        "nav",
        "not_in_nav",
        "pages",
        "plugins",
        "remote_branch",
        "remote_name",
        "repo_name",
        "repo_url",
        "site_author",
        "site_description",
        "site_dir",
        "site_name",
        "site_url",
        "strict",
        "theme",
        "use_directory_urls",
        "validation",
        "watch",
    ]
)
# Where the theme has its own words, a file a language.
THEME_LANGUAGES = "partials/languages"
# Where programs that are installed name the plugins that they bring, and the extensions of Markdown.
_PLUGINS, _EXTENSIONS = ("mkdocs.plugins", "properdocs.plugins"), "markdown.extensions"


def check_project(project: Project, settings: Settings | None) -> Iterator[Problem]:
    """Yield what is wrong with a project's configuration; the `settings` are None where they have faults."""
    if project.options.get("use_directory_urls") is False:
        yield Problem(project.locate("use_directory_urls"), "directory-urls")
    said = project.theme_language
    if said is not None and settings and primary_of(said) != settings.language:
        values = {"theme": said, "language": settings.language}
        yield Problem(project.locate("theme", "language"), "theme-language", values)
    address = project.options.get("site_url")
    if settings and isinstance(address, str) and f"{address.rstrip('/')}/" != settings.address:
        values = {"said": address, "address": settings.address}
        yield Problem(project.locate("site_url"), "other-address", values, Severity.WARNING)
    if settings and project.files and not _has_words_of_theme(project, settings.language):
        place = project.locate("theme", "name")
        yield Problem(place, "theme-without", {"name": settings.language, "folder": THEME_LANGUAGES})
    yield from project.repeated_options()
    yield from project.unseen_characters()
    if project.overrides:
        yield from check_overrides(project.overrides)


def _has_words_of_theme(project: Project, language: str) -> bool:
    """Tell whether the theme, or the project for it, has the words of a language that the engine lacks."""
    if language in LANGUAGES:
        return True
    folders = filter(None, (templates_of("material"), project.overrides))
    return any((folder / THEME_LANGUAGES / f"{language}.html").is_file() for folder in folders)


def find_unknown_parts(project: Project) -> Iterator[Problem]:
    """Find the options that no engine knows, and plugins and extensions of Markdown that nobody installed."""
    for name in map(str, project.options):
        if name not in OPTIONS:
            place = project.locate(name, at_key=True)
            yield Problem(place, "unknown-option", {"name": name, "suggestion": suggest(name, OPTIONS)})
    theme = project.options.get("theme")
    above = str(theme.get("name") if isinstance(theme, dict) else theme)
    plugins = installed_plugins()
    for name, place in project.names_in("plugins"):
        if plugins.isdisjoint({name, name.removeprefix("/"), f"{above}/{name}"}):
            yield Problem(place, "no-plugin", {"name": name, "suggestion": suggest(name, plugins)})
    extensions = _names_of(_EXTENSIONS)
    for name, place in project.names_in("markdown_extensions"):
        if name not in extensions and not can_import(name.partition(":")[0]):
            yield Problem(place, "no-extension", {"name": name, "suggestion": suggest(name, extensions)})


def installed_plugins() -> set[str]:
    """Return the names of the plugins that are installed, for either engine."""
    return {name for group in _PLUGINS for name in _names_of(group)}


def _names_of(group: str) -> set[str]:
    from importlib.metadata import entry_points  # slow to load, and asked for by two commands alone

    return {point.name for point in entry_points(group=group)}


def can_import(module: str) -> bool:
    """Tell whether a module is installed, by its name."""
    try:
        return find_spec(module) is not None
    except (ImportError, ValueError):
        return False
