"""`servicebook init`: a new playbook that builds."""

from __future__ import annotations

import datetime as dt
import os
import shlex
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
        click.echo(say("init.done", folder=shown(folder), command=_command_to_show(folder)))
        return EXIT_CLEAN

    return init


def _command_to_show(folder: Path) -> str:
    """Return what somebody can paste into a terminal to see the new playbook, whatever its folder's name."""
    if os.name == "nt":
        # Each shell of Windows chains commands in its own way; a name in double quotes is one to all of them.
        return f'servicebook serve --project "{shown(folder)}"'
    return f"cd {shlex.quote(shown(folder))} && servicebook serve"
