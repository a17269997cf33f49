"""The project around a playbook: what its mkdocs.yml says, read without the program that the file is for.

Every command asks here where the playbook stands and what language it speaks, so that all of them speak of
the one that is built.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from yaml_env_tag import construct_env_tag

from servicebook.base import yaml_source
from servicebook.base.invisible import explain_space, find_invisible
from servicebook.base.problems import ContentError, Location, Problem
from servicebook.content.reading import SETTINGS_FILE, shown
from servicebook.language.messages import LANGUAGES, Messages, language_named, messages_in

if TYPE_CHECKING:
    from pathspec.gitignore import GitIgnoreSpec

CONFIG_FILE = "mkdocs.yml"
# The endings of what its program reads as text, and renders.
PAGES = frozenset({".md", ".markdown", ".mdown", ".mkdn", ".mkd"})
# Where a project keeps templates of its own, unless its mkdocs.yml names another folder.
_OVERRIDES = "overrides"
_PLUGIN = "servicebook"
_PAGES, _SITE = "docs", "site"
_ENVIRONMENT = "!ENV"
# What is published of no project, unless it says otherwise: hidden files, and templates.
_NEVER = (".*", "/templates/")
# Names and what stands after them, in files that are no YAML.
_LANGUAGE, _PLAYBOOK = (
    re.compile(rb"""^[ \t]*(?:theme: *\{.*)?\b%s:[ \t]*["']?([^"'#\s,}]+)""" % name, re.MULTILINE)
    for name in (b"language", b"playbook")
)


class _Loader(yaml.CSafeLoader):
    """Reads the file as its program does, but runs nothing: a tag that names code has no value here."""


_Loader.add_constructor(_ENVIRONMENT, construct_env_tag)
_Loader.add_multi_constructor("", lambda loader, suffix, node: None)


@dataclass(frozen=True)
class _File:
    """One file of the configuration: how problems name it, its text, and its node."""

    shown: str
    text: str
    node: Node


@dataclass(frozen=True)
class Project:
    """A folder with a mkdocs.yml, or with a playbook alone.

    `files` are those of the configuration, the own one first, and `options` what they say together.
    """

    folder: Path
    files: tuple[_File, ...]
    options: dict[str, Any]

    @property
    def playbook(self) -> Path:
        """The folder that holds `playbook.yml`.

        Raises FileNotFoundError when there is none, ContentError when mkdocs.yml names one that is missing.
        """
        place, plugin = self.plugin(_PLUGIN)
        named = str(plugin.get("playbook") or ".")
        base = Path(os.path.normpath(self.folder / named))
        for candidate in (base / "playbook", base):
            if (candidate / SETTINGS_FILE).exists():
                return candidate
        if base == self.folder:
            raise FileNotFoundError(self.folder)
        raise ContentError([Problem(self.locate(*place, "playbook"), "no-playbook-there", {"name": named})])

    @property
    def engine(self) -> str | None:
        """The program that mkdocs.yml has the site made by; None where it names none."""
        _, plugin = self.plugin(_PLUGIN)
        return None if plugin.get("engine") is None else str(plugin["engine"])

    @property
    def language(self) -> str | None:
        """The language that the playbook speaks, or else the theme; None where neither names a known one."""
        said = str(self._settings.get("language") or "") or self._written_language
        return self._known_language(said) or self._known_language(self.theme_language or "")

    @property
    def say(self) -> Messages | None:
        """What is said in the playbook's language; None where it is not known."""
        language = self.language
        if language is None or language in LANGUAGES:
            return messages_in(language) if language else None
        # Here and below, since hardly any playbook brings a language, and whoever only asks for help waits.
        from servicebook.content.languages import messages_at

        return messages_at(self.playbook, language)

    def _known_language(self, said: str) -> str | None:
        """Return the language that a code names: one of ours, or one that the playbook brings."""
        if not said or language_named(said):
            return language_named(said)
        from servicebook.content.languages import language_at

        try:
            return language_at(self.playbook, said)
        except (FileNotFoundError, ContentError):
            return None

    @property
    def _written_language(self) -> str:
        """The language as a line of `playbook.yml` says it, whatever is wrong with the others."""
        try:
            return _written(_LANGUAGE, self.playbook / SETTINGS_FILE)
        except (FileNotFoundError, ContentError):
            return ""

    @property
    def words(self) -> dict[str, str]:
        """The sentences that the playbook says in its own words; they may have faults."""
        words = self._settings.get("words")
        return (
            {key: text for key, text in words.items() if isinstance(text, str)}
            if isinstance(words, dict)
            else {}
        )

    @cached_property
    def _settings(self) -> dict[str, Any]:
        """What `playbook.yml` says, unchecked; nothing where it cannot be read."""
        try:
            data = yaml_source.parse(yaml_source.read_text(self.playbook / SETTINGS_FILE))
        except (FileNotFoundError, ContentError, yaml_source.SourceError):
            return {}
        return data if isinstance(data, dict) else {}

    @property
    def theme_language(self) -> str | None:
        """The language that mkdocs.yml asks of the theme; None where it says nothing."""
        theme = self.options.get("theme")
        said = theme.get("language") if isinstance(theme, dict) else None
        return None if said is None else str(said)

    def locate(self, *path: str | int, at_key: bool = False) -> Location:
        """Return where an option stands, or its name, in whichever of the files it was taken from."""
        for file in self.files:
            if _has(file.node, path):
                return yaml_source.location_of(yaml_source.find_node(file.node, path, at_key), file.shown)
        return Location(self.files[0].shown if self.files else shown(self.folder / CONFIG_FILE))

    def names_in(self, option: str) -> Iterator[tuple[str, Location]]:
        """Yield what an option lists by name, with where: plugins and extensions, scripts by their paths."""
        listed = self.options.get(option)
        for place, one in enumerate(listed) if isinstance(listed, list) else ():
            name = (one.get("path") or next(iter(one), "")) if isinstance(one, dict) else one
            yield str(name), self.locate(option, place)
        for name in listed if isinstance(listed, dict) else ():
            yield str(name), self.locate(option, name, at_key=True)

    def pages_in_nav(self) -> Iterator[tuple[str, Location]]:
        """Yield each page or address that the navigation names, as it is written, with where."""
        for file in self.files:
            if _has(file.node, ("nav",)):
                for node in _values_below(yaml_source.find_node(file.node, ("nav",))):
                    yield node.value, yaml_source.location_of(node, file.shown)
                return

    @property
    def asks_environment(self) -> bool:
        """Whether the configuration takes a value from the environment, which leaves no trace on a disk."""
        return any(
            node.tag == _ENVIRONMENT for file in self.files for node in yaml_source.nodes_of(file.node)
        )

    def is_excluded(self, path: str) -> bool:
        """Tell whether a file in the folder of pages is not published, by its path there."""
        return any(patterns.match_file(path) for patterns in self._exclusions)

    @cached_property
    def _exclusions(self) -> list[GitIgnoreSpec]:
        from pathspec.gitignore import GitIgnoreSpec  # most commands ask for none of it

        said = [str(self.options.get(name) or "").splitlines() for name in ("exclude_docs", "draft_docs")]
        return [GitIgnoreSpec.from_lines(lines) for lines in ([*_NEVER, *said[0]], said[1])]

    @property
    def overrides(self) -> Path | None:
        """The folder of the project's own templates: the one that mkdocs.yml names, or `overrides/`."""
        theme = self.options.get("theme")
        named = theme.get("custom_dir") if isinstance(theme, dict) else None
        folder = self.folder / (named if isinstance(named, str) else _OVERRIDES)
        return folder if isinstance(named, str) or (self.files and folder.is_dir()) else None

    @property
    def pages(self) -> Path:
        """The folder of hand-written pages, whether it is there or not."""
        named = self.options.get("docs_dir")
        return self.folder / (named if isinstance(named, str) else _PAGES)

    @property
    def site(self) -> Path:
        """The folder of the site, from the project's, unless a command is told another."""
        named = self.options.get("site_dir")
        return Path(named if isinstance(named, str) else _SITE)

    @property
    def folders(self) -> tuple[Path, ...]:
        """The folders of hand-written pages and of the project's own templates, where it names them."""
        named = self.options.get("docs_dir")
        pages = [self.folder / named] if isinstance(named, str) else []
        return tuple(folder.resolve() for folder in (*pages, self.overrides) if folder)

    def repeated_options(self) -> Iterator[Problem]:
        """Yield each option that stands twice in one map: its program takes the last, and says nothing."""
        for file in self.files:
            for key, first in yaml_source.repeated_keys(file.node):
                values = {"key": key.value, "line": first.start_mark.line + 1}
                yield Problem(yaml_source.location_of(key, file.shown), "duplicate-key", values)

    def unseen_characters(self) -> Iterator[Problem]:
        """Yield each character that cannot be seen and has no work where it stands."""
        for file in self.files:
            yield from find_invisible(file.node, file.text, file.shown)

    def plugin(self, name: str) -> tuple[tuple[str | int, ...], dict[str, Any]]:
        """Return where the options of a plugin stand, and what they are; `plugins` may be a list or a map.

        A slash before its name says that it is no theme's.
        """
        plugins = self.options.get("plugins")
        listed = (
            [((place,), one) for place, one in enumerate(plugins)]
            if isinstance(plugins, list)
            else [((), plugins)]
        )
        for place, one in listed:
            for key in (name, f"/{name}"):
                if isinstance(one, dict) and isinstance(one.get(key), dict):
                    return ("plugins", *place, key), one[key]
        return (), {}


def read_project(place: Path) -> Project:
    """Return the project of a folder, or of a configuration file that may have another name.

    Raises ContentError when its mkdocs.yml, or one that this inherits from, cannot be read.
    """
    path = place if place.is_file() else place / CONFIG_FILE
    folder = path.parent.absolute()
    if not path.is_file():
        return Project(folder, (), {})
    try:
        files, options = _read(path, (), None)
    except yaml_source.SourceError as error:
        raise ContentError([error.problem]) from error
    return Project(folder, files, options)


def guess_project(folder: Path) -> Project:
    """Return what the lines of a mkdocs.yml that cannot be read seem to say: the playbook, and the language.

    It is good for the language in which the fault is told, and for nothing else.
    """
    playbook, language = (_written(name, folder / CONFIG_FILE) for name in (_PLAYBOOK, _LANGUAGE))
    options: dict[str, Any] = {"plugins": {_PLUGIN: {"playbook": playbook}}} if playbook else {}
    return Project(folder.absolute(), (), options | ({"theme": {"language": language}} if language else {}))


def _written(name: re.Pattern[bytes], path: Path) -> str:
    """Return the first value that a line of a file gives to a name; nothing where none does."""
    try:
        found = name.search(yaml_source.read_bytes(path, ""))
    except yaml_source.SourceError:
        return ""
    return found[1].decode(errors="replace").strip() if found else ""


def repository_of(path: Path) -> Path | None:
    """Return the top of the repository that a path is in; None where nothing tells of one."""
    path = path.resolve()
    return next((one for one in (path, *path.parents) if (one / ".git").exists()), None)


def bound_of(folder: Path) -> Path:
    """Return what nothing is written out of for a folder, whatever links say: its repository, else itself."""
    return repository_of(folder) or folder


def path_from(top: Path, path: Path) -> str:
    """Return the way from a folder to a path, written with slashes: `../group/playbook`."""
    return os.path.relpath(path.resolve(), top.resolve()).replace(os.sep, "/")


def _read(
    path: Path, heirs: tuple[Path, ...], named: Location | None
) -> tuple[tuple[_File, ...], dict[str, Any]]:
    """Return a file and those that it inherits from, and what they say together. Raises SourceError."""
    name = shown(path)
    if named and not path.is_file():
        raise yaml_source.SourceError(Problem(named, "no-inherited", {"name": name}))
    if named and path in heirs:
        raise yaml_source.SourceError(Problem(named, "inherits-itself", {"name": name}))
    text = yaml_source.read_text(path, name)
    if conflict := yaml_source.find_conflict(text, name):
        raise yaml_source.SourceError(conflict)
    node, options = _parse(text, name)
    file = _File(name, text, node)
    if "INHERIT" not in options:
        return (file,), options
    place = yaml_source.location_of(yaml_source.find_node(node, ("INHERIT",)), name)
    parent = Path(os.path.normpath(path.parent / str(options.pop("INHERIT"))))
    files, inherited = _read(parent, (*heirs, path), place)
    return (file, *files), _merged(inherited, options)


def _parse(text: str, name: str) -> tuple[Node, dict[str, Any]]:
    try:
        loader = _Loader(text)
        node = loader.get_single_node()
        options = loader.construct_document(node) if node else {}
    except yaml.MarkedYAMLError as error:
        raise yaml_source.SourceError(explain_space(text, yaml_source.explain(error, text, name))) from error
    except yaml.reader.ReaderError as error:
        raise yaml_source.SourceError(yaml_source.control_character(text, name)) from error
    if not isinstance(options, dict) or node is None:
        raise yaml_source.SourceError(Problem(Location(name), "not-options"))
    return node, options


def _merged(inherited: dict[str, Any], own: dict[str, Any]) -> dict[str, Any]:
    """Return what two files say together: maps are joined, and all else is the own file's."""
    both = {**inherited, **own}
    for key in inherited.keys() & own.keys():
        if isinstance(inherited[key], dict) and isinstance(own[key], dict):
            both[key] = _merged(inherited[key], own[key])
    return both


def _values_below(node: Node) -> Iterator[ScalarNode]:
    """Yield each text below a node that is no key, in their order; none that the environment says."""
    if isinstance(node, MappingNode | SequenceNode):
        for inner in node.value:
            yield from _values_below(inner[1] if isinstance(inner, tuple) else inner)
    elif isinstance(node, ScalarNode) and node.tag == "tag:yaml.org,2002:str":
        yield node


def _has(node: Node, path: tuple[str | int, ...]) -> bool:
    for segment in path:
        inner = next(_children(node, segment), None)
        if inner is None:
            return False
        node = inner
    return True


def _children(node: Node, segment: str | int) -> Iterator[Node]:
    if isinstance(node, MappingNode):
        yield from (value for key, value in node.value if getattr(key, "value", None) == segment)
    elif isinstance(segment, int) and isinstance(node.value, list) and segment < len(node.value):
        yield node.value[segment]
