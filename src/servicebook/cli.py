"""The command line: the only module that prints."""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path

import click

from servicebook.messages import language_of, messages_in
from servicebook.problems import has_errors

EXIT_CLEAN, EXIT_PROBLEMS, EXIT_USAGE = 0, 1, 2


def main() -> None:
    """Entry point."""
    cli()


@click.group()
def cli() -> None:
    pass


@cli.command()
@click.argument("directory", default=".", type=click.Path(path_type=Path))
@click.option("--format", "form", default="text")
def check(directory: Path, form: str) -> None:
    from servicebook.check import check_content
    from servicebook.load import find_playbook, load_content
    from servicebook.problems import sort_problems

    content, problems = load_content(find_playbook(directory))
    problems += check_content(content, dt.date.today())
    say = messages_in(language_of())
    for problem in sort_problems(problems):
        print(f"{problem.location}: {problem.severity}[{problem.rule}]: {say.explain(problem)}")
    sys.exit(1 if has_errors(problems) else 0)
