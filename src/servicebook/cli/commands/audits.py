"""`servicebook audits`: what the runs saved in a folder tell over time."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import click

from servicebook.cli.calls import EXIT_CLEAN, EXIT_PROBLEMS
from servicebook.cli.shared import PlainOption, Shared

AUDIT_FORMATS = ("json",)


def make(shared: Shared) -> click.Command:
    """Return the command in the language of `shared`."""
    say = shared.say

    @shared.command("audits", "publish")
    @click.argument(
        "folder",
        metavar=say("cli.metavar.path"),
        type=click.Path(exists=True, file_okay=False, path_type=Path),
    )
    @click.option(
        "--format",
        "form",
        cls=PlainOption,
        type=click.Choice(AUDIT_FORMATS),
        default="json",
        help=say("cli.option.audits-format"),
    )
    @shared.today
    def audits(folder: Path, form: str, today: dt.datetime | None) -> int:
        from servicebook.views.audits import summarise
        from servicebook.views.runs import read_runs

        day = today.date() if today else dt.date.today()
        summary = summarise(read_runs(folder), day)
        for refused in summary["refused"]:
            told = say(f"audits.refused.{refused['trouble']}", file=refused["file"])
            click.echo(told, err=True)
        click.echo(json.dumps(summary, ensure_ascii=False, indent=1))
        return EXIT_PROBLEMS if summary["refused"] else EXIT_CLEAN

    return audits
