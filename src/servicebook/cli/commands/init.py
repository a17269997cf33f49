"""`servicebook init`: a new playbook that builds."""

from __future__ import annotations

import datetime as dt
import os
import shlex
import sys
from pathlib import Path

import click

from servicebook.cli.calls import EXIT_CLEAN, CallError
from servicebook.cli.printing import shown
from servicebook.cli.shared import Shared
from servicebook.language.messages import Messages


def make(shared: Shared) -> click.Command:
    """Return the command in the language of `shared`."""
    say = shared.say

    @shared.command("init", "set-up")
    @click.argument("folder", metavar=say("cli.metavar.folder"), type=shared.path)
    @click.option("--title", type=shared.text, help=say("cli.option.init-title"))
    @click.option("--organisation", type=shared.text, help=say("cli.option.init-organisation"))
    @click.option("--address", type=shared.text, help=say("cli.option.init-address"))
    def init(folder: Path, **given: str | None) -> int:
        from servicebook.editing.init import InitError, usual_answers, write_project

        answers = {
            name: given[name] or _answer(name, usual, say)
            for name, usual in usual_answers(say.language).items()
        }
        try:
            write_project(folder, say, dt.date.today(), answers)
        except InitError as error:
            raise CallError(say(f"init.{error.rule}", folder=shown(folder), **error.values)) from error
        click.echo(say("init.done", folder=shown(folder), command=_command_to_show(folder)))
        return EXIT_CLEAN

    return init


def _answer(name: str, usual: str, say: Messages) -> str:
    """Return what a person at a terminal says of the new playbook; where nobody is there, what is usual."""
    if not sys.stdin.isatty():
        return usual
    answer: str = click.prompt(say(f"init.ask.{name}"), default=usual)
    return answer.strip()


def _command_to_show(folder: Path) -> str:
    """Return what somebody can paste into a terminal to see the new playbook, whatever its folder's name."""
    if os.name == "nt":
        # Each shell of Windows chains commands in its own way; a name in double quotes is one to all of them.
        return f'servicebook serve --project "{shown(folder)}"'
    return f"cd {shlex.quote(shown(folder))} && servicebook serve"
