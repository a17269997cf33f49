"""`servicebook fetch-cms`: the program of the forms for the browser."""

from __future__ import annotations

from pathlib import Path

import click

from servicebook.cli.calls import EXIT_CLEAN, CallError
from servicebook.cli.commands.admin import CMS
from servicebook.cli.printing import shown
from servicebook.cli.shared import Shared


def make(shared: Shared) -> click.Command:
    """Return the command in the language of `shared`."""
    say = shared.say

    @shared.command("fetch-cms", "set-up")
    @click.option("--cms", type=shared.path, default=CMS, help=say("cli.option.fetch-cms-cms"))
    @click.option("--npm", type=shared.text, default="npm", help=say("cli.option.npm"))
    def fetch_cms(cms: Path, npm: str) -> int:
        from servicebook.editing.cms_program import FetchError, fetch_program

        try:
            fetch_program(npm, cms, lambda name: click.echo(say("fetch-cms.step", package=name), err=True))
        except FetchError as error:
            raise CallError(say(f"fetch-cms.{error.rule}", **error.values)) from error
        click.echo(say("fetch-cms.done", folder=shown(cms)))
        return EXIT_CLEAN

    return fetch_cms
