"""Failures of code that a project brings itself: hooks, macros, templates; told with their place in it."""

from __future__ import annotations

import os
import re
import sys
import traceback
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path, PurePosixPath

import jinja2
from mkdocs.config import base
from mkdocs.exceptions import PluginError

from servicebook.base.files import files_in, path_below
from servicebook.base.problems import Location, Problem, sort_problems
from servicebook.base.resources import PACKAGE, theme_folder
from servicebook.content.complaints import suggest
from servicebook.content.project import Project
from servicebook.content.reading import shown
from servicebook.language.messages import Messages

_JINJA = Path(jinja2.__file__).parent
_MKDOCS = Path(base.__file__).parents[1]
# How MkDocs says that it refuses the value of an option, or one of a plugin's options.
_REFUSED = re.compile(r"Config value '(?P<name>\w+)': (?P<reason>.*)", re.DOTALL)
_OF_PLUGIN = re.compile(r"Plugin '(?P<name>[^']+)' option '(?P<option>[^']+)'")
_STANDARD = Path(traceback.__file__).parent


class ProblemsError(PluginError):
    """Raised when content or pages have problems; MkDocs prints it, our command line reads `problems`."""

    def __init__(self, problems: list[Problem], say: Messages) -> None:
        self.problems = sort_problems(problems)
        lines = [f"{problem.location}: {say.explain(problem)}" for problem in self.problems]
        super().__init__("\n".join(["", *lines]))


def explain_failure(
    error: BaseException, project: Path, say: Messages, plugins: Mapping[str, object]
) -> str | None:
    """Return the sentence for an error of a project's own code, or None when it is none of its own.

    Its own is also what mkdocs.yml has run: `plugins` are the site's, by their names.
    """
    reason = f"{type(error).__name__}: {error}"
    if isinstance(error, jinja2.TemplateSyntaxError) and is_own_code(error.filename, project):
        place = f"{shown(Path(str(error.filename)))}:{error.lineno}"
        return say("build.code-failed", place=place, reason=error.message)
    if isinstance(error, SyntaxError) and is_own_code(error.filename, project):
        place = f"{shown(Path(str(error.filename)))}:{error.lineno}"
        return say("build.code-failed", place=place, reason=error.msg)
    for file, line in _frames_of(error):
        if is_own_code(file, project):
            return say("build.code-failed", place=f"{shown(Path(file))}:{line}", reason=reason)
    if isinstance(error, ImportError):
        return say("build.no-module", name=error.name or error.msg)
    if name := _failed_plugin(error, plugins):
        return say("build.plugin-failed", name=name, reason=reason)
    return None


def line_of_page(error: BaseException, project: Path) -> int | None:
    """Return the line of a page at which its rendering failed; None where code of the project's own did."""
    for file, line in _frames_of(error):
        if file == "<template>":
            return line
        if is_own_code(file, project):
            return None
    return 1


def option_at_fault(error: BaseException, theme: Iterable[Path]) -> str | None:
    """Return the option of mkdocs.yml over whose value MkDocs or the theme stumbled; None for other errors.

    `theme` are the folders of the theme's templates.
    """
    frames = [frame for frame, _ in traceback.walk_tb(error.__traceback__)]
    for frame in frames:
        if frame.f_code.co_filename == base.__file__ and frame.f_code.co_name.endswith("_validate"):
            return str(frame.f_locals.get("key"))
    # Jinja and Python itself work for whoever called them, and so does what has no file.
    called = (frame for frame in reversed(frames) if not _is_servant(frame.f_code.co_filename))
    caller = next(called, None)
    if caller is None or Path(caller.f_code.co_filename).is_relative_to(theme_folder()):
        return None
    file = Path(caller.f_code.co_filename)
    of_theme = file.is_relative_to(_MKDOCS) and "theme" in caller.f_code.co_qualname
    return "theme" if of_theme or any(file.is_relative_to(folder) for folder in theme) else None


def bad_options(lines: Iterable[str], project: Project) -> list[Problem]:
    """Return with its place what MkDocs says of options that it refuses; nothing if `lines` say else too."""
    found = []
    for line in lines:
        said = _REFUSED.fullmatch(line)
        if said is None:
            return []
        place = project.locate(said["name"])
        if plugin := _OF_PLUGIN.match(said["reason"]):
            path, _ = project.plugin(plugin["name"])
            place = project.locate(*path, plugin["option"]) if path else place
        found.append(Problem(place, "bad-option", {"name": said["name"], "reason": said["reason"]}))
    return found


def _is_servant(file: str) -> bool:
    path = Path(file)
    is_standard = path.is_relative_to(_STANDARD) and "site-packages" not in path.parts
    return file.startswith("<") or path.is_relative_to(_JINJA) or is_standard


def _failed_plugin(error: BaseException, plugins: Mapping[str, object]) -> str | None:
    """Return the name of the plugin that an error comes out of; None when it is ours, or of none."""
    homes = {
        Path(str(sys.modules[type(plugin).__module__.partition(".")[0]].__file__)).resolve().parent: name
        for name, plugin in plugins.items()
    }
    for file, _ in _frames_of(error):
        folders = Path(file).resolve().parents
        if PACKAGE in folders:
            return None
        if home := next((home for home in homes if home in folders), None):
            return homes[home]
    return None


def missing_template(error: jinja2.TemplateNotFound, folders: Iterable[Path], config_file: Path) -> Problem:
    """Return the problem of a template that one in these `folders` asks for, and that is in none of them."""
    rooms = [folder.resolve() for folder in folders]
    known = {
        path_below(room, file)
        for room in rooms
        for file in files_in(room, lambda inner: not inner.name.startswith("."))
    }
    name = str(error.name)
    asking = (
        Location(shown(Path(file)), line)
        for file, line in _frames_of(error)
        if any(room in Path(file).resolve().parents for room in rooms)
    )
    values = {"name": name, "suggestion": near_template(name, known)}
    return Problem(next(asking, Location(shown(config_file))), "no-template", values)


def near_template(name: str, known: Iterable[str]) -> str | None:
    """Return which of the known templates was meant: one with nearly the same name, in the same folder."""
    folder = PurePosixPath(name).parent
    paths = [path for path in map(PurePosixPath, known) if path.parent == folder and path.suffix == ".html"]
    meant = suggest(PurePosixPath(name).stem, (path.stem for path in paths))
    return str(folder / f"{meant}.html") if meant else None


def _frames_of(error: BaseException) -> Iterator[tuple[str, int]]:
    """Yield the file and the line of each call that led to an error, the last one first."""
    frames = []
    trace = error.__traceback__
    while trace:
        line = trace.tb_lineno
        # What Jinja made of a template has lines of its own, and knows which they were.
        template = trace.tb_frame.f_globals.get("__jinja_template__")
        if isinstance(template, jinja2.Template):
            line = template.get_corresponding_lineno(line)
        frames.append((trace.tb_frame.f_code.co_filename, line))
        trace = trace.tb_next
    return reversed(frames)


def is_own_code(file: str | None, project: Path) -> bool:
    """Tell whether a file of code is a project's own, and neither ours nor that of what is installed."""
    if not file or file.startswith("<"):
        return False
    path = os.path.realpath(file)  # hundreds are asked about: a `Path` for each takes longer
    return path.startswith(os.path.join(project, "")) and not path.startswith(_foreign())  # noqa: PTH118


@cache
def _foreign() -> tuple[str, ...]:
    """Return the folders of our own code and of what is installed, each with its last slash."""
    folders = (PACKAGE, sys.prefix, sys.base_prefix)
    return tuple(os.path.join(os.path.realpath(folder), "") for folder in folders)  # noqa: PTH118
