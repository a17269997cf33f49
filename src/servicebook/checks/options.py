"""Values of mkdocs.yml of which no site can be made: paths that lead nowhere, and what the engine stands on.

`check` tells them, and so does a build before MkDocs reads the file: MkDocs says them in English, without
their place, and stops at the first that somebody else has to say.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from servicebook.base.problems import Location, Problem
from servicebook.checks.project import can_import, installed_plugins
from servicebook.content.complaints import suggest
from servicebook.content.project import Project

THEMES = ("material", "materialx")
# What our two plugins take; a test holds this to what they say themselves. MkDocs adds the last one to all.
PLUGIN_OPTIONS = {
    "servicebook": frozenset(["playbook", "engine", "pages", "search", "paper", "offline", "enabled"]),
    "macros": frozenset(
        [
            "enabled",
            "force_render_paths",
            "include_dir",
            "include_yaml",
            "j2_block_end_string",
            "j2_block_start_string",
            "j2_comment_end_string",
            "j2_comment_start_string",
            "j2_extensions",
            "j2_variable_end_string",
            "j2_variable_start_string",
            "module_name",
            "modules",
            "on_error_fail",
            "on_undefined",
            "render_by_default",
            "verbose",
        ]
    ),
}


def find_unusable(project: Project) -> Iterator[Problem]:
    """Find what a project's mkdocs.yml says of which no site can be made; nothing where there is none."""
    if project.files:
        if not project.options.get("site_name"):
            yield Problem(project.locate("site_name"), "no-site-name")
        yield from _check_pages(project)
        yield from _check_theme(project)
        yield from _check_paths(project)
        yield from _check_plugins(project)


def _check_pages(project: Project) -> Iterator[Problem]:
    named = project.options.get("docs_dir", "docs")
    folder = project.folder / str(named)
    if not isinstance(named, str) or folder.is_symlink():
        return  # of a link, its own check tells
    if not folder.is_dir():
        values = {"name": named, "suggestion": _near(folder)}
        yield Problem(project.locate("docs_dir"), "no-pages-folder", values)
    elif project.folder.resolve().is_relative_to(folder.resolve()):
        yield Problem(project.locate("docs_dir"), "pages-around-project", {"name": named})


def _check_theme(project: Project) -> Iterator[Problem]:
    theme = project.options.get("theme")
    name = theme.get("name") if isinstance(theme, dict) else theme
    at_theme = project.locate("theme")
    # What is neither a name nor missing is no theme's: MkDocs tells what it is.
    if (name is None or isinstance(name, str)) and name not in THEMES:
        place = project.locate("theme", "name") if isinstance(theme, dict) and "name" in theme else at_theme
        yield Problem(place, "other-theme", {"name": name or "mkdocs"})
    folder = theme.get("custom_dir") if isinstance(theme, dict) else None
    if isinstance(folder, str):
        yield from _check_folder(project, folder, "custom_dir", project.locate("theme", "custom_dir"))


def _check_paths(project: Project) -> Iterator[Problem]:
    for option, exists in (("hooks", Path.is_file), ("watch", Path.exists)):
        for name, place in project.names_in(option):
            if not exists(project.folder / name):
                values = {"option": option, "name": name, "suggestion": _near(project.folder / name)}
                yield Problem(place, "no-named-file", values)


def _check_plugins(project: Project) -> Iterator[Problem]:
    listed = {name.removeprefix("/"): place for name, place in project.names_in("plugins")}
    for plugin, known in PLUGIN_OPTIONS.items():
        path, options = project.plugin(plugin)
        if plugin not in listed or options.get("enabled") is False:
            place = listed.get(plugin) or project.locate("plugins", at_key=True)
            # One that is misspelt is told where it stands, with what was meant.
            near = suggest(plugin, listed.keys() - PLUGIN_OPTIONS.keys())
            if near is None or near in installed_plugins():
                yield Problem(place, "plugin-missing", {"name": plugin})
        for name in map(str, options):
            if name not in known:
                values = {"plugin": plugin, "name": name, "suggestion": suggest(name, known)}
                yield Problem(project.locate(*path, name, at_key=True), "no-plugin-option", values)
    path, options = project.plugin("macros")
    folder = options.get("include_dir")
    if isinstance(folder, str) and folder:
        yield from _check_folder(project, folder, "include_dir", project.locate(*path, "include_dir"))
    modules = options.get("modules")
    for at, module in enumerate(modules if isinstance(modules, list) else ()):
        name = str(module).partition(":")[0]
        # mkdocs-macros itself does not say which one is missing.
        if not can_import(name.partition(".")[0]) and not _stands_in(project.folder, name):
            yield Problem(project.locate(*path, "modules", at), "no-module", {"name": name})


def _check_folder(project: Project, name: str, option: str, place: Location) -> Iterator[Problem]:
    """As every other path of the file, one starts where the file is, not where somebody happens to be."""
    folder = project.folder / name
    if not folder.is_dir():
        values = {"option": option, "name": name, "suggestion": _near(folder)}
        yield Problem(place, "no-named-folder", values)


def _near(path: Path) -> str | None:
    """Return the name beside a missing path that is like its own."""
    beside = [one.name for one in path.parent.iterdir()] if path.parent.is_dir() else []
    # What is there but of another sort, a folder in a file's place, is not meant by its own name.
    return suggest(path.name, (name for name in beside if not name.startswith(".") and name != path.name))


def _stands_in(project: Path, module: str) -> bool:
    return (project / f"{module}.py").is_file() or (project / module).is_dir()
