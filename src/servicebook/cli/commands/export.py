"""`servicebook export`: sheets and tables as files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from servicebook.base.files import Made, require_inside
from servicebook.cli.calls import EXIT_CLEAN, CallError
from servicebook.cli.printing import shown
from servicebook.cli.project import read
from servicebook.cli.shared import PlainOption, Shared
from servicebook.language.messages import Messages

if TYPE_CHECKING:
    from servicebook.content.playbook import Playbook
    from servicebook.paper.files import File

EXPORT_FORMATS = ("pdf", "xlsx", "csv", "json", "gift")


def make(shared: Shared) -> click.Command:
    """Return the command in the language of `shared`."""
    say = shared.say

    @shared.command("export", "publish")
    @click.argument("identities", metavar="[ID]...", nargs=-1)
    @click.option(
        "--format",
        "form",
        cls=PlainOption,
        type=click.Choice(EXPORT_FORMATS),
        default="pdf",
        help=say("cli.option.export-format"),
    )
    @click.option("--out", type=shared.path, default=Path("export"), help=say("cli.option.export-out"))
    @shared.project
    def export(identities: tuple[str, ...], form: str, out: Path, project: Path) -> int:
        from servicebook.paper.files import files_of, other_weeks, write_files

        playbook = read(project, say)
        files = [*files_of(playbook, playbook.say)]
        if form == "pdf" and not {*identities} <= {file.id for file in files}:
            files += other_weeks(playbook, playbook.say)
        chosen = _chosen([file for file in files if file.format == form], form, identities, playbook, say)

        for file in chosen:
            require_inside(file.path)
        with Made(out) as made:
            if foreign := made.find_foreign(file.path for file in chosen):
                raise CallError(say("cli.not-ours", file=shown(foreign)))
            count = write_files(chosen, made.write)
        click.echo(say("export.done", count=count, folder=shown(out)))
        return EXIT_CLEAN

    return export


def _chosen(
    files: Sequence[File], form: str, identities: Sequence[str], playbook: Playbook, say: Messages
) -> list[File]:
    """Return the files of the names given, or all of them; a name without a file is a mistake to tell."""
    from servicebook.content.complaints import suggest_id
    from servicebook.content.select import heir_of

    known = {file.id for file in files}
    for identity in identities:
        if identity not in known:
            text = say("export.unknown", id=identity, format=form)
            if heir := heir_of(identity, playbook.entries.values()):
                raise CallError(say("problem.former-reference", id=identity, now=heir.id))
            near = suggest_id(identity, known)
            raise CallError(f"{text} {say('problem.did-you-mean', suggestion=near)}" if near else text)
    return [file for file in files if not identities or file.id in identities]
