"""What commands print: problems in their formats, paths as people see them, the step under way."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import click

from servicebook.base.problems import Problem
from servicebook.language.messages import Messages, on_one_line

FORMATS = ("text", "github", "json")


def shown(path: Path) -> str:
    """Return a path as the person sees it from where they are."""
    try:
        return Path(os.path.realpath(path)).relative_to(Path.cwd()).as_posix()
    except ValueError:
        return path.as_posix()


def print_problems(problems: Sequence[Problem], form: str, say: Messages, stream: Any = None) -> None:
    """Print problems as text, as annotations of GitHub's workflow commands, or as JSON."""
    if form == "json":
        found = [problem_data(problem, say) for problem in problems]
        click.echo(json.dumps({"problems": found}, ensure_ascii=False, indent=1))
        return
    for problem in problems:
        place, sentence = problem.location, say.explain(problem)
        if form == "github":
            spot = f"file={github_text(place.path, ',:')},line={place.line},col={place.column}"
            click.echo(f"::{problem.severity} {spot},title={problem.rule}::{github_text(sentence)}")
        else:
            spot = f"{on_one_line(place.path)}:{place.line}:{place.column}"
            click.echo(f"{spot}: {problem.severity}[{problem.rule}]: {sentence}", file=stream)
    if form == "text" and problems and stream is None:
        errors = sum(problem.severity == "error" for problem in problems)
        counts = (say("check.errors", count=errors), say("check.warnings", count=len(problems) - errors))
        click.echo(", ".join(counts), err=True)


def problem_data(problem: Problem, say: Messages) -> dict[str, object]:
    return {
        "path": problem.location.path,
        "line": problem.location.line,
        "column": problem.location.column,
        "severity": str(problem.severity),
        "rule": problem.rule,
        "message": say.explain(problem),
    }


def github_text(text: str, also: str = "") -> str:
    """Escape what a workflow command would read as its own syntax; a property escapes `,` and `:` also."""
    for character in f"%\r\n{also}":
        text = text.replace(character, f"%{ord(character):02X}")
    return text


def complain(sentence: str) -> None:
    click.echo(sentence, err=True)


class Progress:
    """Shows the step under way on a terminal, and nothing where nobody watches (CI, a pipe).

    A line that is written over: a spinner would need a thread, and a process with threads cannot share
    its work.
    """

    def __init__(self, say: Messages) -> None:
        self._say = say
        self._watched = sys.stderr.isatty() and not os.environ.get("CI")

    def __enter__(self) -> Callable[[str], None]:
        self._step("read")
        return self._step

    def __exit__(self, *_: object) -> None:
        self._write("")

    def _step(self, name: str) -> None:
        self._write(self._say(f"build.step.{name}"))

    def _write(self, text: str) -> None:
        if self._watched:
            click.echo(f"\r\033[K{text}", nl=False, err=True)
