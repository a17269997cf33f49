"""`servicebook schema`: JSON Schemas for editors."""

from __future__ import annotations

from pathlib import Path

import click

from servicebook.base.files import require_within, write_file
from servicebook.cli.calls import EXIT_CLEAN, CallError
from servicebook.cli.printing import shown
from servicebook.cli.shared import Shared

_USUAL = Path("schemas")


def make(shared: Shared) -> click.Command:
    """Return the command in the language of `shared`."""
    say = shared.say

    @shared.command("schema", "set-up")
    @click.option("--out", type=shared.path, default=_USUAL, help=say("cli.option.schema-out"))
    def schema(out: Path) -> int:
        from servicebook.content.load import kinds_at
        from servicebook.content.project import bound_of
        from servicebook.content.schema import is_schema, schema_names, schema_text

        kinds = kinds_at(Path())
        files = {out / f"{name}.json": name for name in schema_names(kinds)}
        for file in files:
            if file.exists() and not is_schema(file.read_bytes()):
                raise CallError(say("cli.not-ours", file=shown(file)))
        if out == _USUAL:  # whoever names another place knows where it is
            require_within(out, bound_of(Path()))
        for file, name in files.items():
            write_file(file, schema_text(name, say, kinds))
        click.echo(say("schema.done", count=len(files), folder=out))
        return EXIT_CLEAN

    return schema
