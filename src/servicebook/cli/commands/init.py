"""`servicebook init`: a new playbook that builds."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

import click

from servicebook.cli.calls import EXIT_CLEAN, CallError
from servicebook.cli.printing import (
    shown,
)
from servicebook.cli.shared import Shared

if TYPE_CHECKING:
    pass


def make(shared: Shared) -> click.Command:
    """Return the command in the language of `shared`."""
    say = shared.say

    @shared.command("init", "set-up")
    @click.argument("folder", metavar=say("cli.metavar.folder"), type=shared.path)
    def init(folder: Path) -> int:
        from servicebook.editing.init import InitError, write_project

        try:
            write_project(folder, say, dt.date.today())
        except InitError as error:
            raise CallError(say(f"init.{error.rule}", folder=shown(folder), **error.values)) from error
        click.echo(say("init.done", folder=shown(folder)))
        return EXIT_CLEAN

    return init
