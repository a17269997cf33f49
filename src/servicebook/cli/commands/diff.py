"""`servicebook diff`: what changed between two versions of the content."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from servicebook.base.problems import Problem, has_errors, sort_problems
from servicebook.cli.calls import EXIT_CLEAN, EXIT_PROBLEMS, CallError
from servicebook.cli.printing import (
    github_text,
    print_problems,
    problem_data,
    shown,
)
from servicebook.cli.project import playbook_of
from servicebook.cli.shared import Shared
from servicebook.language.messages import Messages

if TYPE_CHECKING:
    from servicebook.editing.difference import Difference

DIFF_FORMATS = ("text", "markdown", "json", "github")


def make(shared: Shared) -> click.Command:
    """Return the command in the language of `shared`."""
    say = shared.say

    @shared.command("diff", "edit")
    @click.argument("old", metavar=say("cli.metavar.revision"))
    @click.argument("new", metavar=f"[{say('cli.metavar.revision')}]", required=False)
    @click.option(
        "--format",
        "form",
        type=click.Choice(DIFF_FORMATS),
        default="text",
        help=say("cli.option.diff-format"),
    )
    @click.option("--enforce", is_flag=True, help=say("cli.option.diff-enforce"))
    @click.option("--preview", type=shared.text, help=say("cli.option.diff-preview"))
    @shared.project
    def diff(old: str, new: str | None, form: str, enforce: bool, preview: str | None, project: Path) -> int:
        from servicebook.editing.compare import find_differences
        from servicebook.editing.explain import as_markdown, escape_markdown
        from servicebook.editing.policy import find_breaches
        from servicebook.editing.versions import VersionError, read_commit, read_folder

        root = playbook_of(project, say)
        place = shown(root)
        try:
            before = read_commit(root, place, old)
            after = read_commit(root, place, new) if new else read_folder(root, place)
        except VersionError as error:
            sentence = say(f"diff.error.{error.rule}", **error.values)
            if form == "markdown":
                # What is posted must not look as if nothing had changed.
                click.echo(f"⚠️ {escape_markdown(sentence)}")
            raise CallError(sentence) from error
        differences = find_differences(before, after, say("diff.numbers").split())
        problems = list(after.problems)
        if enforce:
            problems += find_breaches(before, after, differences)
        problems = sort_problems(problems)
        named = say.with_words({**before.words, **after.words})
        if form == "markdown":
            click.echo(as_markdown(differences, problems, after, named, preview).rstrip("\n"))
        else:
            _print_differences(differences, problems, form, named)
        return EXIT_PROBLEMS if has_errors(problems) else EXIT_CLEAN

    return diff


def _print_differences(
    differences: Sequence[Difference], problems: Sequence[Problem], form: str, say: Messages
) -> None:
    """Print what changed and what the changes lack, for a terminal, for annotations, or as data."""
    from servicebook.editing import explain

    if form == "json":
        data = {
            **explain.as_data(differences, say),
            "problems": [problem_data(one, say) for one in problems],
        }
        click.echo(json.dumps(data, ensure_ascii=False, indent=1))
    elif form == "github":
        for one in differences:
            title, sentence = explain.as_annotation(one, say)
            spot = f"file={github_text(one.location.path, ',:')},line={one.location.line}"
            click.echo(f"::notice {spot},title={github_text(title, ',:')}::{github_text(sentence)}")
        print_problems(problems, form, say)
    else:
        click.echo(explain.as_text(differences, say))
        print_problems(problems, form, say, stream=sys.stderr)
