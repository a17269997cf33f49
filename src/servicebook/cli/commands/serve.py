"""`servicebook serve`: the live preview."""

from __future__ import annotations

import gc
from pathlib import Path

import click

from servicebook.cli.project import require_project
from servicebook.cli.shared import PlainOption, Shared


def make(shared: Shared) -> click.Command:
    """Return the command in the language of `shared`."""
    say = shared.say

    @shared.command("serve", "publish")
    @click.option(
        "--port",
        cls=PlainOption,
        type=click.IntRange(0, 65535),
        metavar=say("cli.metavar.number"),
        default=8000,
        help=say("cli.option.port"),
    )
    @shared.engine
    @shared.project
    def serve(port: int, engine: str | None, project: Path) -> int:
        from servicebook.building.engine import choose_engine, engine_of

        gc.enable()
        require_project(project, say)
        choose_engine(engine_of(project, engine), say)
        from servicebook.building.server import serve_project

        return serve_project(project, port, say, click.echo)

    return serve
