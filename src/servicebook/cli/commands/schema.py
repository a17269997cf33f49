"""`servicebook schema`: JSON Schemas for editors."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from servicebook.cli.calls import EXIT_CLEAN
from servicebook.cli.shared import Shared

if TYPE_CHECKING:
    pass


def make(shared: Shared) -> click.Command:
    """Return the command in the language of `shared`."""
    say = shared.say

    @shared.command("schema", "set-up")
    @click.option("--out", type=shared.path, default=Path("schemas"), help=say("cli.option.schema-out"))
    def schema(out: Path) -> int:
        from servicebook.content.load import kinds_at
        from servicebook.content.schema import schema_names, schema_text

        out.mkdir(parents=True, exist_ok=True)
        kinds = kinds_at(Path())
        for name in schema_names(kinds):
            (out / f"{name}.json").write_text(schema_text(name, say, kinds), encoding="utf-8", newline="\n")
        click.echo(say("schema.done", count=len(schema_names(kinds)), folder=out))
        return EXIT_CLEAN

    return schema
