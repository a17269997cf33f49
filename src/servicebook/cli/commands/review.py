"""`servicebook review`: what is to be reviewed, by team."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import click

from servicebook.base.problems import ContentError
from servicebook.cli.calls import EXIT_CLEAN
from servicebook.cli.project import load
from servicebook.cli.shared import Shared

REVIEW_FORMATS = ("text", "markdown", "json")


def make(shared: Shared) -> click.Command:
    """Return the command in the language of `shared`."""
    say = shared.say

    @shared.command("review", "edit")
    @shared.directory
    @click.option(
        "--format",
        "form",
        type=click.Choice(REVIEW_FORMATS),
        default="text",
        help=say("cli.option.review-format"),
    )
    @shared.today
    def review(directory: Path, form: str, today: dt.datetime | None) -> int:
        from servicebook.views import upkeep

        _, content, problems = load(directory, say)
        if content.settings is None:
            raise ContentError(problems)
        day = today.date() if today else dt.date.today()
        tasks = upkeep.find_tasks(content.entries, content.settings, day)
        if form == "json":
            text = json.dumps(upkeep.as_data(tasks, day, say), ensure_ascii=False, indent=1)
        elif form == "markdown":
            text = upkeep.as_markdown(tasks, content.settings, day, say)
        else:
            text = upkeep.as_text(tasks, content.settings, say)
        click.echo(text.rstrip("\n"))
        return EXIT_CLEAN

    return review
