"""`servicebook fmt`: the canonical form of the content files."""

from __future__ import annotations

from pathlib import Path

import click

from servicebook.base.problems import sort_problems
from servicebook.cli.calls import EXIT_CLEAN, EXIT_PROBLEMS
from servicebook.cli.printing import FORMATS, print_problems, shown
from servicebook.cli.project import playbook_of
from servicebook.cli.shared import Shared

FMT_FORMATS = (*FORMATS, "markdown")


def make(shared: Shared) -> click.Command:
    """Return the command in the language of `shared`."""
    say = shared.say

    @shared.command("fmt", "edit")
    @shared.directory
    @click.option("--check", "only_look", is_flag=True, help=say("cli.option.fmt-check"))
    @click.option(
        "--format", "form", type=click.Choice(FMT_FORMATS), default="text", help=say("cli.option.fmt-format")
    )
    def fmt(directory: Path, only_look: bool, form: str) -> int:
        from servicebook.editing.explain import forms_as_markdown
        from servicebook.editing.form.form import find_unformatted, format_playbook

        root = playbook_of(directory, say)
        if form == "markdown":
            texts = {one.shown: one.written for one in find_unformatted(root, shown(root), [])}
            click.echo(forms_as_markdown(texts, say), nl=False)
            return EXIT_PROBLEMS if texts else EXIT_CLEAN
        changed, problems = format_playbook(root, shown(root), write=not only_look)
        print_problems(sort_problems(problems), form, say)
        if form == "text" and only_look and not problems:
            click.echo(say("fmt.clean"))
        if form == "text" and not only_look:
            click.echo("\n".join([*changed, say("fmt.done", count=len(changed))]))
        return EXIT_PROBLEMS if problems else EXIT_CLEAN

    return fmt
