"""What was wrong with a call, in plain words."""

from __future__ import annotations

import re
from collections.abc import Sequence

import click

from servicebook.language.messages import LANGUAGES, Messages, language_of


def language_asked(arguments: Sequence[str]) -> str:
    """Return the language of `--lang`, wherever it stands, or the locale's; help needs it before parsing."""
    for i, argument in enumerate(arguments):
        value = argument.partition("=")[2] if argument.startswith("--lang=") else ""
        if argument == "--lang" and i + 1 < len(arguments):
            value = arguments[i + 1]
        if value in LANGUAGES:
            return value
    return language_of()


def usage_sentence(error: Exception, say: Messages) -> str:
    """Return what was wrong with a call, in plain words: click's own sentences are English only."""
    match error:
        case click.NoSuchOption():
            text = say("cli.no-such-option", name=error.option_name)
            near = error.possibilities
        case click.exceptions.NoSuchCommand():
            text = say("cli.no-such-command", name=error.command_name)
            near = error.possibilities
        case click.MissingParameter():
            name = error.param.human_readable_name if error.param else ""
            text, near = say("cli.missing-argument", name=name), None
        case click.BadParameter():
            name = error.param.opts[0] if error.param else ""
            choices = getattr(error.param.type, "choices", ()) if error.param else ()
            text = say("cli.bad-value", name=name)
            text += f" {say('cli.choices', choices=', '.join(choices))}" if choices else ""
            near = None
        case click.BadOptionUsage():
            text, near = say("cli.option-value", name=error.option_name), None
        case click.UsageError():
            # What is left of click's own complaints is words that no argument takes.
            extra = re.search(r"\((.*)\)$", error.message)
            text, near = say("cli.too-many", words=extra[1]) if extra else say("cli.usage"), None
        case _:
            text, near = str(error), None
    if near:
        text += f" {say('problem.did-you-mean', suggestion=next(iter(near)))}"
    return f"{text} {say('cli.see-help')}" if isinstance(error, click.UsageError) else text
