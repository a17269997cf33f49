"""`servicebook new`: a skeleton of an entry."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from servicebook.cli.calls import EXIT_CLEAN, CallError
from servicebook.cli.printing import shown
from servicebook.cli.project import playbook_of
from servicebook.cli.shared import Shared
from servicebook.language.messages import Messages

if TYPE_CHECKING:
    from servicebook.editing.new import NewError

# What `new` begins besides entries, where the playbook has no kind of that name.
_LANGUAGE = "language"


def make(shared: Shared) -> click.Command:
    """Return the command in the language of `shared`."""
    say = shared.say

    @shared.command("new", "edit")
    @click.argument("kind", metavar=f"[{say('cli.metavar.kind')}]", required=False)
    @click.argument("identity", metavar="[ID]", required=False)
    @shared.project
    def new(kind: str | None, identity: str | None, project: Path) -> int:
        from servicebook.content.load import kinds_at
        from servicebook.content.project import read_project
        from servicebook.editing.new import NewError, write_skeleton

        root = playbook_of(project, say)
        try:
            if kind == _LANGUAGE and identity and _LANGUAGE not in kinds_at(root):
                return _write_language(root, identity, say)
            kind, identity, answers = _ask_what_is_missing(root, kind, identity, say)
            path = write_skeleton(root, kind, identity, say, answers, read_project(project).folder)
        except NewError as error:
            raise CallError(_new_sentence(error, say)) from error
        click.echo(say("new.done", path=shown(path)))
        return EXIT_CLEAN

    return new


def _write_language(root: Path, language: str, say: Messages) -> int:
    """Write the files to translate of a language that the engine lacks."""
    from servicebook.content.languages import LOCALE_FOLDER
    from servicebook.editing.languages import write_language

    count = len(write_language(root, language, say))
    folder = shown(root / LOCALE_FOLDER / language)
    rule = "language-done" if count else "language-whole"
    click.echo(say(f"new.{rule}", count=count, folder=folder, name=language))
    return EXIT_CLEAN


def _ask_what_is_missing(
    root: Path, kind: str | None, identity: str | None, say: Messages
) -> tuple[str, str, dict[str, str]]:
    """Return the kind, the id and the answers of a new entry; asks only a person at a terminal."""
    from servicebook.content.load import kinds_at
    from servicebook.editing.new import questions_for

    if not sys.stdin.isatty():
        for name, value in ((say("cli.metavar.kind"), kind), ("ID", identity)):
            if not value:
                raise CallError(f"{say('cli.missing-argument', name=name)} {say('cli.see-help')}")
        return kind or "", identity or "", {}
    kinds = kinds_at(root)
    named = say.with_words(kinds.words)
    kind = kind or _ask("kind", {name: named(f"name.{name}") for name in kinds}, say)
    questions = questions_for(root, kind)
    identity = identity or _ask_id(root, kind, say)
    return (
        kind,
        identity,
        {question.field: _ask(question.field, question.choices, say) for question in questions},
    )


def _ask_id(root: Path, kind: str, say: Messages) -> str:
    """Ask for the id of a new entry until it is one that can be used."""
    from servicebook.editing.new import NewError, free_ids, path_of_new

    usual = f"new.example.{kind}"
    free = free_ids(root, kind) or [say(usual if usual in say else "new.local-id")]
    while True:
        identity: str = click.prompt(say("new.ask.id", examples=", ".join(free))).strip()
        try:
            path_of_new(root, kind, identity, say)
        except NewError as error:
            click.echo(_new_sentence(error, say))
        else:
            return identity


def _new_sentence(error: NewError, say: Messages) -> str:
    """Return why an entry cannot be made, in plain words."""
    sentence = say(f"new.{error.rule}", **error.values)
    if error.values.get("suggestion"):
        sentence += f" {say('problem.did-you-mean', **error.values)}"
    return sentence


def _ask(name: str, choices: Mapping[str, str], say: Messages) -> str:
    """Ask until there is an answer: one of `choices` by its id or its number, or any text without them."""
    numbered = dict(enumerate(choices, start=1))
    for number, word in numbered.items():
        click.echo(f"  {number}. {choices[word]} ({word})")
    while True:
        answer: str = click.prompt(say(f"new.ask.{name}")).strip()
        if not choices or answer in choices:
            return answer
        if answer.isdecimal() and int(answer) in numbered:
            return numbered[int(answer)]
        click.echo(say("cli.choices", choices=", ".join(choices)))
