"""What mkdocs.yml names of its site (pages of the navigation, styles, scripts), and what is missing of it.

The build asks it of the files that it has, and `check` of those in the project's folders: both tell the same.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit

from servicebook.base.files import files_in, path_below
from servicebook.base.problems import Location, Problem
from servicebook.base.resources import templates_of, theme_folder
from servicebook.content.complaints import suggest
from servicebook.content.playbook import Playbook
from servicebook.content.project import CONFIG_FILE, Project
from servicebook.content.reading import shown
from servicebook.site import assets, scripts
from servicebook.views.taken import unwritten_indexes, written_in

# Options that name files of the site, and those of the theme that do.
_EXTRA = ("extra_css", "extra_javascript", "extra_templates")
OF_THEME = ("logo", "favicon")
# Plugins that add no page and no file. What others add, or a hook, is known of a build alone.
_ADDS_NOTHING = frozenset({"servicebook", "macros", "mkdocs-macros", "search", "material/search"})
# Where the theme's own styles and scripts are; found by name, since one room alone knows the program.
_THEME = "material"


def find_missing(project: Project, playbook: Playbook, docs: Path) -> Iterator[Problem]:
    """Find what a project's mkdocs.yml names that its site would lack; `docs` is the folder of its pages."""
    if project.options.get("hooks") or not {name for name, _ in project.names_in("plugins")} <= _ADDS_NOTHING:
        return
    names = [*project.pages_in_nav()]
    listed = [name for _, name, _ in files_named(project)]
    if not names and not listed:
        return
    pages = {path_below(docs, file) for file in files_in(docs)}
    published = {path for path, _ in written_in(docs, project.is_excluded)}
    made = {f"{folder}/index.md" for _, folder in unwritten_indexes(playbook, published)}
    yield from find_lost_pages(project, (name for name, _ in names), pages | made)
    if listed:
        known = {*published, *_assets_of(playbook), *_assets_in(project)}
        yield from find_missing_files(project, listed, known.__contains__, known)


def find_lost_pages(project: Project, names: Iterable[str], pages: Collection[str]) -> Iterator[Problem]:
    """Find which of the `names` that a navigation has are none of the `pages`, told by their sources."""
    lost = {name for name in names if _is_own(name) and PurePosixPath(name).as_posix() not in pages}
    for name in sorted(lost):
        # What a hook or a plugin put into the navigation stands in no file.
        places = [place for written, place in project.pages_in_nav() if written == name]
        near = suggest(name, (page for page in pages if page.endswith(".md")))
        for place in places or [Location(shown(project.folder / CONFIG_FILE))]:
            yield Problem(place, "nav-no-page", {"name": name, "suggestion": near})


def find_missing_files(
    project: Project, names: Iterable[str], is_there: Callable[[str], bool], known: Iterable[str] = ()
) -> Iterator[Problem]:
    """Find which of the files that mkdocs.yml names the site lacks: `names` are theirs.

    `is_there` knows the site's files by their path, and `known` are those that may be meant.
    """
    missing = {name for name in names if _is_own(name) and not is_there(_path_of(name))}
    for option, name, place in files_named(project) if missing else ():
        if name in missing:
            alike = (path for path in known if path.endswith(PurePosixPath(_path_of(name)).suffix))
            values = {"name": name, "option": option, "suggestion": suggest(_path_of(name), alike)}
            yield Problem(place, "no-extra-file", values)


def files_named(project: Project) -> Iterator[tuple[str, str, Location]]:
    """Yield each file of the site that mkdocs.yml names, behind its option, with where."""
    for option in _EXTRA:
        yield from ((option, name, place) for name, place in project.names_in(option))
    theme = project.options.get("theme")
    for option in OF_THEME:
        name = theme.get(option) if isinstance(theme, dict) else None
        if isinstance(name, str):
            yield option, name, project.locate("theme", option)


def _is_own(name: str) -> bool:
    """Tell whether a name is one of a file of the site's own, and not the address of something else."""
    try:
        parts = urlsplit(name)
    except ValueError:
        return True
    return bool(parts.path) and not parts.scheme and not parts.netloc and not name.startswith("/")


def _path_of(name: str) -> str:
    return PurePosixPath(name.partition("?")[0]).as_posix()


def _assets_of(playbook: Playbook) -> Iterator[str]:
    """Yield the path of each file that the site is given besides its pages and the theme's."""
    yield from (assets.BUNDLE, assets.LISTS_BUNDLE, scripts.ENTRY, scripts.SPOKEN)
    yield from playbook.media()
    yield from map(assets.brand_path, playbook.settings.brand.files.values())


def _assets_in(project: Project) -> Iterator[str]:
    """Yield the path of each file that the theme gives a site as it is: the project's, ours, the theme's."""
    for folder in filter(None, (project.overrides, theme_folder(), templates_of(_THEME))):
        for file in files_in(folder, lambda inner: not inner.name.startswith(".")):
            path = path_below(folder, file)
            is_part = assets.PARTS.fullmatch(path) or scripts.LANGUAGES.fullmatch(path)
            if not is_part and not path.startswith(assets.TOOLS) and not path.endswith(".html"):
                yield path
