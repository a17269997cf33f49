"""What all commands share: their options, and help whose every word comes from the catalogue."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from servicebook import __version__
from servicebook.building.engine import ENGINES
from servicebook.cli.calls import CallError
from servicebook.language.messages import LANGUAGES, Messages

# The groups of commands in the help, in its order.
GROUPS = ("edit", "publish", "set-up")


class PlainOption(click.Option):
    """An option whose help is what the catalogue says and no English word of click's besides."""

    def get_help_extra(self, ctx: click.Context) -> click.types.OptionHelpExtra:
        return {}


class _Formatter(click.HelpFormatter):
    """Writes the headings of help in one language."""

    say: Messages

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        super().write_usage(prog, args, f"{self.say('cli.heading.usage')} ")

    def write_heading(self, heading: str) -> None:
        super().write_heading(self.say(f"cli.heading.{heading.lower()}"))


def _context_in(say: Messages) -> type[click.Context]:
    """Return the context of commands whose help has its headings in one language."""
    formatter = type("Formatter", (_Formatter,), {"say": say})
    return type("Context", (click.Context,), {"formatter_class": formatter})


class Commands(click.Group):
    """All commands; the help lists them by what they are for."""

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write a list of commands for each group."""
        width = formatter.width - 6 - max(map(len, self.commands))
        for group in GROUPS:
            its = [command for command in self.commands.values() if getattr(command, "group", "") == group]
            with formatter.section(group):
                formatter.write_dl(
                    [(str(command.name), command.get_short_help_str(width)) for command in its]
                )


class Shared:
    """Options and types in one language."""

    def __init__(self, say: Messages) -> None:
        self.say = say
        self.path = click.Path(path_type=Path)
        self.path.name = say("cli.metavar.path")
        self.text = click.types.StringParamType()
        self.text.name = say("cli.metavar.text")
        self._context = _context_in(say)
        self.directory = click.argument(
            "directory", metavar=f"[{say('cli.metavar.folder')}]", default=".", type=self.path
        )
        self.project = click.option("--project", default=".", type=self.path, help=say("cli.option.project"))
        self.engine = click.option("--engine", type=click.Choice(ENGINES), help=say("cli.option.engine"))
        self.today = click.option(
            "--today",
            type=click.DateTime(["%Y-%m-%d"]),
            metavar=say("cli.metavar.date"),
            help=say("cli.option.today"),
        )

    def group(self) -> Commands:
        """Return the command line without commands."""
        say = self.say

        @click.group(
            cls=Commands,
            help=say("cli.help"),
            add_help_option=False,
            invoke_without_command=True,
            options_metavar=say("cli.metavar.options"),
            subcommand_metavar=say("cli.metavar.command"),
        )
        @click.help_option("--help", "-h", help=say("cli.option.help"))
        @click.version_option(__version__, message="servicebook %(version)s", help=say("cli.option.version"))
        @self._language(hidden=False)
        @click.pass_context
        def group(context: click.Context) -> None:
            """Show the help to whoever names no command; every command stands beside this."""
            if context.invoked_subcommand is None:
                raise CallError(context.get_help())

        group.context_class = self._context
        return group

    def command(self, name: str, group: str) -> Callable[[Callable[..., int]], click.Command]:
        """Return the decorator of a command that stands in one of `GROUPS`."""
        said = self.say(f"cli.command.{name}")

        def make(function: Callable[..., int]) -> click.Command:
            wrapped = click.help_option("--help", "-h", help=self.say("cli.option.help"))(
                self._language(hidden=True)(function)
            )
            made = click.command(
                name,
                help=said,
                short_help=said,
                add_help_option=False,
                options_metavar=self.say("cli.metavar.options"),
            )(wrapped)
            made.context_class = self._context
            made.group = group  # type: ignore[attr-defined]
            return made

        return make

    def _language(self, *, hidden: bool) -> Callable[[Any], Any]:
        return click.option(
            "--lang",
            type=click.Choice([*dict.fromkeys([*LANGUAGES, self.say.language])]),
            help=self.say("cli.option.lang"),
            expose_value=False,
            hidden=hidden,
        )
