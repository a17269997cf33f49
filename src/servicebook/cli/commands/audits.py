"""`servicebook audits`: what the runs saved in a folder tell over time."""

from __future__ import annotations

import datetime as dt
import json
import os
import sys
from pathlib import Path

import click

from servicebook.base.files import Made
from servicebook.cli.calls import EXIT_CLEAN, EXIT_PROBLEMS, CallError
from servicebook.cli.printing import shown
from servicebook.cli.shared import PlainOption, Shared
from servicebook.language.messages import Messages, on_one_line

AUDIT_FORMATS = ("html", "xlsx", "json")


def make(shared: Shared) -> click.Command:
    """Return the command in the language of `shared`."""
    say = shared.say

    @shared.command("audits", "publish")
    @click.argument(
        "folder",
        metavar=say("cli.metavar.path"),
        type=shared.path,
    )
    @click.option(
        "--format",
        "form",
        cls=PlainOption,
        type=click.Choice(AUDIT_FORMATS),
        default="json",
        help=say("cli.option.audits-format"),
    )
    @click.option("--out", type=shared.path, help=say("cli.option.audits-out"))
    @shared.today
    def audits(folder: Path, form: str, out: Path | None, today: dt.datetime | None) -> int:
        from servicebook.views.audits import summarise
        from servicebook.views.runs import read_runs

        if form == "xlsx" and out is None and sys.stdout.isatty():
            raise CallError(say("audits.no-terminal"))
        made = Made(out.parent) if out else None
        if out and made and made.find_foreign([out.name]):
            raise CallError(say("cli.not-ours", file=shown(out)))
        os.scandir(folder).close()  # none, or one that may not be read, has no runs to tell of
        day = today.date() if today else dt.date.today()
        summary = summarise(read_runs(folder), day)
        for refused in summary["refused"]:
            where = ":".join(filter(None, (on_one_line(refused["file"]), refused["place"])))
            click.echo(say(f"audits.refused.{refused['trouble']}", file=where), err=True)
        if not summary["checklists"] and not summary["refused"]:
            click.echo(say("audits.nothing", folder=shown(folder)), err=True)
        content = _content(form, summary, day, say)
        if out is None or made is None:
            click.echo(content, nl=False)
        else:
            with made:
                made.write(out.name, content)
            click.echo(say("audits.written", file=shown(out)))
        return EXIT_PROBLEMS if summary["refused"] else EXIT_CLEAN

    return audits


def _content(form: str, summary: dict[str, object], day: dt.date, say: Messages) -> bytes:
    if form == "json":
        return (json.dumps(summary, ensure_ascii=False, indent=1) + "\n").encode()
    if form == "xlsx":
        from servicebook.paper.audits_workbook import audits_workbook

        return audits_workbook(summary, day, say)
    from servicebook.site.audit_report import render_report

    return render_report(summary, day, say).encode()
