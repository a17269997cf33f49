"""`servicebook codeowners`: the owners of entries for the code host."""

from __future__ import annotations

from pathlib import Path

import click

from servicebook.base.files import write_file
from servicebook.base.problems import ContentError
from servicebook.cli.calls import EXIT_CLEAN
from servicebook.cli.project import load
from servicebook.cli.shared import Shared


def make(shared: Shared) -> click.Command:
    """Return the command in the language of `shared`."""
    say = shared.say

    @shared.command("codeowners", "set-up")
    @click.option(
        "--out",
        type=shared.path,
        default=Path(".github/CODEOWNERS"),
        help=say("cli.option.codeowners-out"),
    )
    @shared.project
    def codeowners(out: Path, project: Path) -> int:
        from servicebook.editing.codeowners import codeowners_text

        content, problems = load(project, say)
        if content.settings is None:
            raise ContentError(problems)
        text = codeowners_text(content.settings, content.entries, content.root.name)
        write_file(out, text)
        click.echo(say("codeowners.done", file=out))
        return EXIT_CLEAN

    return codeowners
