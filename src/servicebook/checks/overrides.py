"""What a project puts in the place of the engine's templates: misspelt, broken, or leading nowhere."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import jinja2
from jinja2 import nodes

from servicebook.base.files import files_in, path_below
from servicebook.base.problems import Location, Problem
from servicebook.base.resources import templates_of, theme_folder
from servicebook.content.complaints import suggest
from servicebook.content.reading import shown

_COMPONENTS = "components/"
# The page, what one of a project's own begins with, and what the theme's documentation has it begin with.
_PAGE, _FRAME, _THEME_PAGE = "main.html", "frame.html", "base.html"
# The block of the frame that brings in the table of contents of our own.
_OF_FRAME = "site_nav"
# How alike a name is that was misspelt: «otra» is no slip of «footer».
_A_SLIP = 0.75
# Whose templates the theme's stand on; found by name, since one room alone knows the program.
_BELOW = ("material", "mkdocs")


def check_overrides(folder: Path) -> Iterator[Problem]:
    """Yield what is wrong with the templates in a project's folder of its own."""
    if not folder.is_dir() or folder.resolve() == theme_folder().resolve():
        return
    own = _templates_in(folder)
    engines = _templates_in(theme_folder())
    given = {**_templates_below(), **engines}
    known = {**given, **own}
    trees = {}
    for name, path in own.items():
        try:
            source = path.read_text(encoding="utf-8")
            trees[name] = jinja2.Environment(autoescape=True, extensions=["jinja2.ext.do"]).parse(source)
        except UnicodeDecodeError:
            yield Problem(Location(shown(path)), "override-not-text")
        except jinja2.TemplateSyntaxError as error:
            yield Problem(Location(shown(path), error.lineno), "override-syntax", {"reason": error.message})
    for name in trees.keys() & {_PAGE}:
        yield from _check_frame(trees[name], own[name])
    named = {target for tree in trees.values() for target, _ in _named_in(tree)}
    used = {*given, *named}
    for name, tree in trees.items():
        place = shown(own[name])
        yield from _check_macro(name, tree, place)
        for target, line in _named_in(tree):
            if target not in known:
                values = {"name": target, "suggestion": suggest(target, known)}
                yield Problem(Location(place, line), "override-no-template", values)
        near = None if name in used else _meant(name, known.keys() - own.keys())
        if near:
            yield Problem(Location(place), "override-unused", {"name": name, "suggestion": near})


def _check_frame(tree: nodes.Template, path: Path) -> Iterator[Problem]:
    """A page that begins at the theme's is without all that the engine's parts of it stand on."""
    for node in tree.find_all(nodes.Extends):
        is_theme = isinstance(node.template, nodes.Const) and node.template.value == _THEME_PAGE
        # Who copied the whole frame has its blocks.
        if is_theme and _OF_FRAME not in {block.name for block in tree.find_all(nodes.Block)}:
            yield Problem(Location(shown(path), node.lineno), "override-frame", {"name": _FRAME})


def _check_macro(name: str, tree: nodes.Template, place: str) -> Iterator[Problem]:
    """A component is the macro that is called like its file."""
    wanted = Path(name).stem
    macros = {macro.name: macro.lineno for macro in tree.find_all(nodes.Macro)}
    if name.startswith(_COMPONENTS) and wanted not in macros:
        near = suggest(wanted, macros)
        line = macros[near] if near else 1
        yield Problem(Location(place, line), "override-no-macro", {"name": wanted, "suggestion": near})


def _meant(name: str, known: set[str]) -> str | None:
    """Return what one of no known name was meant for: the same name elsewhere, or one like it beside."""
    path = Path(name)
    elsewhere = next((one for one in sorted(known) if Path(one).name == path.name), None)
    beside = {Path(one).stem: one for one in known if Path(one).parent == path.parent}
    return elsewhere or beside.get(suggest(path.stem, beside, _A_SLIP) or "")


def _named_in(tree: nodes.Template) -> Iterator[tuple[str, int]]:
    """Yield each template that another names outright, and the line."""
    for node in tree.find_all((nodes.Extends, nodes.Include, nodes.Import, nodes.FromImport)):
        if isinstance(node, nodes.Include) and node.ignore_missing:
            continue
        name = getattr(node, "template", None)
        if isinstance(name, nodes.Const) and isinstance(name.value, str):
            yield name.value, node.lineno


def _templates_in(folder: Path) -> dict[str, Path]:
    found = files_in(folder, lambda inner: not inner.name.startswith("."))
    return {path_below(folder, one): Path(one.path) for one in found if one.name.endswith(".html")}


def _templates_below() -> dict[str, Path]:
    found: dict[str, Path] = {}
    for package in _BELOW:
        if folder := templates_of(package):
            found |= _templates_in(folder)
    return found
