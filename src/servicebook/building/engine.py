"""Which program makes pages of Markdown, and in which theme: all that knows of more than one.

MkDocs has had no release since 2024 and Material is at its end. Each has a twin that goes on: ProperDocs
takes MkDocs's place for whatever says `mkdocs`, MaterialX takes Material's folder.
"""

from __future__ import annotations

import sys
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from servicebook.base.problems import BuildError
from servicebook.content.project import read_project
from servicebook.language.messages import Messages

ENGINES = ("mkdocs", "properdocs")
DEFAULT = ENGINES[0]
# The packages of the themes; both bring the same folder, so that of two the one installed last is read.
THEMES = {"material": "mkdocs-material", "materialx": "mkdocs-materialx"}
# What each engine calls its logger; plugins write to that of the first, whichever runs them.
LOGGERS = ENGINES


def engine_of(project: Path, asked: str | None) -> str:
    """Return the engine that was asked for, or that the project's mkdocs.yml names, or else the default one.

    Where an engine is loaded already, that one is the default.

    Raises ContentError for a mkdocs.yml that cannot be read; what it names that is no engine is refused when
    it is loaded.
    """
    named = asked or read_project(project).engine or _loaded()
    return named if named in ENGINES else DEFAULT


def choose_engine(name: str, say: Messages) -> None:
    """Let whatever imports `mkdocs` from here on get the engine `name`, once for this process.

    Raises BuildError where it is not installed; RuntimeError where the other is loaded already.
    """
    if find_spec(name) is None:
        raise BuildError(say("build.no-engine", engine=name))
    loaded = _loaded()
    if loaded not in (None, name):
        raise RuntimeError(f"{loaded} is loaded already: {name} cannot take its place")
    if name == "properdocs":
        import_module("properdocs.replacement")


def _loaded() -> str | None:
    """Return what answers to the name `mkdocs` in this process; None where nothing was asked to yet."""
    return getattr(sys.modules.get("mkdocs"), "__name__", None)


def require_one_theme(say: Messages) -> None:
    """Raise BuildError where one of the themes that this product is made for has written over the other."""
    if len(installed := [theme for theme in THEMES.values() if _is_installed(theme)]) > 1:
        raise BuildError(say("build.two-themes", packages=" + ".join(installed)))


def _is_installed(package: str) -> bool:
    from importlib import metadata  # slow to load, and asked for by a build alone

    try:
        metadata.distribution(package)
    except metadata.PackageNotFoundError:
        return False
    return True
