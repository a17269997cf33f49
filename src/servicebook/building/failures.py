"""Failures of code that a project brings itself: hooks, macros, templates; told with their place in it."""

from __future__ import annotations

import sys
import traceback
from pathlib import Path

import jinja2

from servicebook.base.resources import PACKAGE
from servicebook.content.reading import shown
from servicebook.language.messages import Messages


def explain_failure(error: BaseException, project: Path, say: Messages) -> str | None:
    """Return the sentence for an error of a project's own code, or None when it is none of its own."""
    reason = f"{type(error).__name__}: {error}"
    if isinstance(error, jinja2.TemplateSyntaxError) and is_own_code(error.filename, project):
        place = f"{shown(Path(str(error.filename)))}:{error.lineno}"
        return say("build.code-failed", place=place, reason=error.message)
    if isinstance(error, SyntaxError) and is_own_code(error.filename, project):
        place = f"{shown(Path(str(error.filename)))}:{error.lineno}"
        return say("build.code-failed", place=place, reason=error.msg)
    for frame, number in reversed([*traceback.walk_tb(error.__traceback__)]):
        file = frame.f_code.co_filename
        if is_own_code(file, project):
            # A component's lines are those of what it was compiled to.
            template = frame.f_globals.get("__jinja_template__")
            line = template.get_corresponding_lineno(number) if template else number
            place = f"{shown(Path(file))}:{line}"
            return say("build.code-failed", place=place, reason=reason)
    if isinstance(error, jinja2.TemplateNotFound):
        return say("build.code-failed", place="overrides", reason=reason)
    if isinstance(error, ImportError):
        return say("build.no-module", name=error.name or error.msg)
    return None


def is_own_code(file: str | None, project: Path) -> bool:
    """Tell whether a file of code is a project's own, and neither ours nor that of what is installed."""
    if not file or file.startswith("<"):
        return False
    path = Path(file).resolve()
    foreign = (PACKAGE, Path(sys.prefix).resolve(), Path(sys.base_prefix).resolve())
    return project in path.parents and not any(folder in path.parents for folder in foreign)
