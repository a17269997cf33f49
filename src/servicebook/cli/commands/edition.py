"""`servicebook edition`: an edition frozen, to tell later what changed."""

from __future__ import annotations

from pathlib import Path

import click

from servicebook.base.files import inside, require_within, write_file
from servicebook.cli.calls import EXIT_CLEAN, CallError
from servicebook.cli.printing import shown
from servicebook.cli.project import read
from servicebook.cli.shared import Shared


def make(shared: Shared) -> click.Command:
    """Return the command in the language of `shared`."""
    say = shared.say

    @shared.command("edition", "publish")
    @click.argument("name", metavar=say("cli.metavar.name"))
    @shared.project
    def edition(name: str, project: Path) -> int:
        from servicebook.content.content import EDITIONS_FOLDER
        from servicebook.content.project import bound_of
        from servicebook.paper.earlier import freeze_printed
        from servicebook.views.editions import edition_text

        playbook = read(project, say)
        named = playbook.settings.edition.name
        if name != named:
            raise CallError(say("edition.other-name", name=name, named=named))
        path = inside(playbook.folder / EDITIONS_FOLDER, f"{name}.yml")
        if path.exists():
            raise CallError(say("edition.exists", path=shown(path)))
        require_within(path, bound_of(playbook.folder))
        write_file(path, edition_text(freeze_printed(playbook), playbook.say))
        click.echo(say("edition.done", path=shown(path)))
        return EXIT_CLEAN

    return edition
