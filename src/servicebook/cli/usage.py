"""What was wrong with a call, in plain words."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from servicebook.base.problems import ContentError
from servicebook.language.messages import LANGUAGES, Messages, language_of, messages_in

if TYPE_CHECKING:
    from servicebook.content.project import Project


def messages_asked(arguments: Sequence[str]) -> Messages:
    """Return what to speak in: the language of `--lang`, or the playbook's, or the locale's.

    In the playbook's own language, what it says in its own words is said so. Help needs this before parsing.
    """
    asked = next((value for value in _values_of("--lang", arguments) if value in LANGUAGES), None)
    project = None if "init" in arguments else _project_of(arguments)
    say = messages_in(asked) if asked else (project and project.say) or messages_in(language_of())
    if project is None or not project.words or say.language != project.language:
        return say
    from servicebook.content.sentences import usable

    return say.with_words(usable(project.words, say))


def _project_of(arguments: Sequence[str]) -> Project | None:
    """Return the project that a call is about, where its language is known; None otherwise."""
    from servicebook.content.project import guess_project, read_project

    # Which of the words is a command's folder is known after parsing only: any that holds a playbook will do.
    for place in (*_values_of("--project", arguments), *arguments, "."):
        try:
            if not Path(place).is_dir():
                continue
            try:
                project = read_project(Path(place))
            except ContentError:  # the command itself tells what is wrong with it
                project = guess_project(Path(place))
            if project.language:
                return project
        except (OSError, ValueError):
            continue
    return None


def _values_of(option: str, arguments: Sequence[str]) -> Iterator[str]:
    """Yield the values that an option has, wherever it stands."""
    for argument, following in itertools.zip_longest(arguments, arguments[1:], fillvalue=""):
        if argument == option:
            yield following
        elif argument.startswith(f"{option}="):
            yield argument.partition("=")[2]


def _name_of(parameter: click.Parameter | None) -> str:
    """Return how a person writes a parameter: an option with its dashes, an argument as the help does."""
    if isinstance(parameter, click.Option):
        return parameter.opts[0]
    return parameter.human_readable_name if parameter else ""


def _form_of(parameter: click.Parameter | None, say: Messages) -> str:
    """Return what a parameter can be, or how it is written; nothing where anything will do."""
    match parameter.type if parameter else None:
        case click.Choice(choices=choices):
            return say("cli.choices", choices=", ".join(choices))
        case click.DateTime():
            return say("cli.bad-date")
        case click.IntRange(min=least, max=most):
            return say("cli.bad-number", least=least, most=most)
        case _:
            return ""


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
            text, near = say("cli.missing-argument", name=_name_of(error.param)), None
        case click.BadParameter():
            name = error.param.opts[0] if error.param else ""
            text = f"{say('cli.bad-value', name=name)} {_form_of(error.param, say)}".strip()
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
