"""The commands and their options, as the command line itself has them."""

from __future__ import annotations

from collections.abc import Iterator

import click

from servicebook.cli.main import make_cli
from servicebook.language.messages import Messages
from servicebook.reference.told import Named, Topic


def commands_of(say: Messages) -> list[Topic]:
    """Return what all commands share, and then each of them."""
    line = make_cli(say)
    shared = {option.name for option in line.params} | {"help"}
    topics = [Topic("servicebook", "servicebook", str(line.help), tuple(_rows(line, frozenset())))]
    for name, command in line.commands.items():
        context = command.make_context(name, [], resilient_parsing=True)
        usage = " ".join(("servicebook", name, *command.collect_usage_pieces(context)))
        topics.append(Topic(name, usage, str(command.help), tuple(_rows(command, frozenset(shared)))))
    return topics


def _rows(command: click.Command, left_out: frozenset[str | None]) -> Iterator[Named]:
    """Yield the options of a command; the usage, which is its title, has its arguments."""
    context = click.Context(command)
    for option in command.params:
        if isinstance(option, click.Option) and option.name not in left_out:
            names = ", ".join((*option.opts, *option.secondary_opts))
            form = "" if option.is_flag else option.make_metavar(context)
            yield Named(names, str(option.help), form, option.required)
