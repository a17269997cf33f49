"""`servicebook codeowners`: the owners of entries for the code host."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from servicebook.base.files import require_within, write_file
from servicebook.base.problems import ContentError, sort_problems
from servicebook.cli.calls import EXIT_CLEAN, CallError
from servicebook.cli.printing import complain, print_problems, shown
from servicebook.cli.project import load
from servicebook.cli.shared import Shared

# Where hosts of code look for it, from the top of the repository.
_USUAL = Path(".github/CODEOWNERS")


def make(shared: Shared) -> click.Command:
    """Return the command in the language of `shared`."""
    say = shared.say

    @shared.command("codeowners", "set-up")
    @click.option(
        "--out",
        type=shared.path,
        default=_USUAL,
        help=say("cli.option.codeowners-out"),
    )
    @shared.project
    def codeowners(out: Path, project: Path) -> int:
        from servicebook.checks.upkeep import find_unasked
        from servicebook.content.project import bound_of, path_from, repository_of
        from servicebook.editing.codeowners import MARK, codeowners_text, read_held

        place, content, problems = load(project, say)
        if content.settings is None:
            raise ContentError(problems)
        top = repository_of(content.root) or place.folder
        folders = path_from(top, content.root), path_from(top, place.folder)
        held = read_held(out.read_bytes() if out.exists() else b"", folders[1])
        if held is None:
            raise CallError(say("codeowners.not-ours", file=shown(out), mark=MARK))
        text = codeowners_text(content.settings, content.entries, *folders, held.sharing)
        if out == _USUAL:  # whoever names another place knows where it is
            require_within(out, bound_of(Path()))
        write_file(out, held.with_part(text, folders[1]))
        print_problems(sort_problems(find_unasked(content)), "text", say, sys.stderr)
        click.echo(say("codeowners.done", file=out))
        if out == _USUAL and out.resolve() != (top / _USUAL).resolve():
            complain(say("codeowners.not-read", file=shown(out), place=shown(top / _USUAL)))
        return EXIT_CLEAN

    return codeowners
