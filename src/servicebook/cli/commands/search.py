"""`servicebook search`: what the search finds, and why; and whether it finds what `queries.yml` expects."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from servicebook.base.problems import BuildError
from servicebook.cli.calls import EXIT_CLEAN, EXIT_PROBLEMS, CallError
from servicebook.cli.printing import Progress, complain
from servicebook.cli.project import load, require_project
from servicebook.cli.shared import PlainOption, Shared
from servicebook.language.messages import Messages

if TYPE_CHECKING:
    from servicebook.content.content import Content
    from servicebook.content.playbook import Playbook
    from servicebook.site.asking import Answer

MOST = 20


def make(shared: Shared) -> click.Command:
    """Return the command in the language of `shared`."""
    say = shared.say

    @shared.command("search", "edit")
    @click.argument("words", nargs=-1, metavar=f"[{say('cli.metavar.text')}]...", type=shared.text)
    @click.option(
        "--most",
        cls=PlainOption,
        type=click.IntRange(1, MOST),
        default=5,
        metavar=say("cli.metavar.number"),
        help=say("cli.option.search-most"),
    )
    @shared.project
    def search(words: tuple[str, ...], most: int, project: Path) -> int:
        from servicebook.building.site_folder import FolderError
        from servicebook.site.asking import ask
        from servicebook.site.site import check_loaded

        require_project(project, say)
        _, content, problems = load(project, say)
        playbook, _ = check_loaded(content, problems, dt.date.today())
        query = " ".join(words).strip()
        if not query and not content.queries:
            raise CallError(say("search-command.nothing-asked"))
        ids = _ids(playbook)
        urls = {id_: url for url, id_ in ids.items()}
        wanted = [] if query else [[urls[id_] for id_ in one.expect] for one in content.queries]
        queries = [query] if query else [one.query for one in content.queries]
        try:
            answers = ask(_site_of(project, say), queries, most if query else MOST, say, wanted)
        except BuildError as error:
            complain(str(error))
            return EXIT_PROBLEMS
        except FolderError as error:
            raise CallError(say(f"build.{error.rule}", **error.values)) from error
        if query:
            _tell(answers[0], ids, say)
            return EXIT_CLEAN
        return _judge(answers, content, playbook, ids)

    return search


def _site_of(project: Path, say: Messages) -> Path:
    """Return a site of the project as it stands, kept apart from the one that is published."""
    from servicebook.building.build import build_project
    from servicebook.building.engine import engine_of

    home = project / ".servicebook"
    home.mkdir(exist_ok=True)
    with Progress(say) as step:
        # Whoever asks waits: the search finds no sheet, and to print all takes longer than all the rest.
        build_project(project, home / "search", engine_of(project, None), say, step, prints=False)
    return home / "search"


def _ids(playbook: Playbook) -> dict[str, str]:
    """Return the id of what stands at each address."""
    from servicebook.views.addresses import entry_path

    found = {entry_path(entry, playbook.say): entry.id for entry in playbook.entries.values()}
    return found | {f"{playbook.say('path.glossary')}/#{term}": term for term in playbook.terms}


def _tell(answer: Answer, ids: Mapping[str, str], say: Messages) -> None:
    """Print what a query finds, with the words that it was found by."""
    if answer.corrected:
        click.echo(say("search-command.corrected", words=", ".join(answer.corrected)))
    if not answer.results:
        click.echo(say("search-command.nothing"))
    elif answer.vague:
        click.echo(say("search-command.vague"))
    for place, found in enumerate(answer.results, 1):
        click.echo(f"{place}. {found.title} ({found.kind}, {ids.get(found.url, found.url)})")
        if found.sentence:
            section = f"{found.section}: " if found.section else ""
            click.echo(f"   {section}{found.sentence.strip()}")
        words = ", ".join(dict.fromkeys(found.words))
        why = "search-command.why-urgent" if found.urgent else "search-command.why"
        click.echo(f"   {say(why, words=words)}")


def _judge(answers: list[Answer], content: Content, playbook: Playbook, ids: Mapping[str, str]) -> int:
    """Print which expectations are not met and why, as errors of their file, and how many are."""
    from servicebook.site.causes import cause_of
    from servicebook.site.search import is_story

    say = playbook.say
    missed = 0
    for wanted, answer in zip(content.queries, answers, strict=True):
        found = [ids.get(one.url, one.url) for one in answer.results]
        if set(found[: wanted.within]) & set(wanted.expect):
            continue
        missed += 1
        place = content.locate(wanted, ("query",))
        key = "search-command.missed" if found else "search-command.missed-all"
        values = {"query": wanted.query, "expect": ", ".join(wanted.expect), "found": ", ".join(found[:3])}
        told = say(key, within=wanted.within, **values)
        if answer.aim:
            entries = [playbook.entries.get(id_) for id_ in wanted.expect]
            stories = all(entry is not None and is_story(entry) for entry in entries)
            told += " " + say(f"search-command.cause.{cause_of(answer.aim, stories=stories)}")
        click.echo(f"{place}: {told}", err=True)
    all_ = len(answers)
    click.echo(say("search-command.judged", met=all_ - missed, all=all_))
    return EXIT_PROBLEMS if missed else EXIT_CLEAN
