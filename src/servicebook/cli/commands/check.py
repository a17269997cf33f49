"""`servicebook check`: every problem of a playbook."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import click

from servicebook.base.problems import Problem, has_errors, sort_problems
from servicebook.cli.calls import EXIT_CLEAN, EXIT_PROBLEMS
from servicebook.cli.printing import FORMATS, print_problems
from servicebook.cli.project import load
from servicebook.cli.shared import Shared
from servicebook.language.messages import Messages


def make(shared: Shared) -> click.Command:
    """Return the command in the language of `shared`."""
    say = shared.say

    @shared.command("check", "edit")
    @shared.directory
    @click.option(
        "--format", "form", type=click.Choice(FORMATS), default="text", help=say("cli.option.format")
    )
    @click.option("--strict", is_flag=True, help=say("cli.option.strict"))
    @click.option("--drafts", is_flag=True, help=say("cli.option.drafts"))
    @shared.today
    def check(directory: Path, form: str, strict: bool, drafts: bool, today: dt.datetime | None) -> int:
        day = today.date() if today else dt.date.today()
        problems = _find_problems(directory, day, say, drafts=drafts)
        print_problems(problems, form, say)
        return EXIT_PROBLEMS if has_errors(problems) or (strict and problems) else EXIT_CLEAN

    return check


def _find_problems(directory: Path, today: dt.date, say: Messages, *, drafts: bool) -> list[Problem]:
    from servicebook.checks.check import check_content
    from servicebook.checks.files import check_files
    from servicebook.checks.options import find_unusable
    from servicebook.checks.project import check_project, find_unknown_parts
    from servicebook.content.playbook import Playbook
    from servicebook.site.named import find_missing
    from servicebook.views.taken import find_hidden, written_in

    project, content, problems = load(directory, say)
    pages = project.pages
    found = [
        *problems,
        *check_project(project, content.settings),
        *find_unknown_parts(project),
        *find_unusable(project),
        *check_content(content, today),
        *check_files(project.folder, content.root, pages),
    ]
    # What stands at whose address is known of a playbook without faults, and there are pages where there is
    # a mkdocs.yml and a folder for them.
    if project.files and pages.is_dir() and not has_errors(content.published(found)):
        playbook = Playbook(content)
        written = written_in(pages, project.is_excluded)
        found += [*find_hidden(playbook, written), *find_missing(project, playbook, pages)]
    return sort_problems(found if drafts else content.published(found))
