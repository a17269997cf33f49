"""`servicebook upgrade`: what a newer engine asks of a project."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import click

from servicebook.base.problems import ContentError
from servicebook.base.yaml_source import SourceError
from servicebook.building.engine import THEMES
from servicebook.cli.calls import EXIT_CLEAN, EXIT_PROBLEMS, CallError
from servicebook.cli.printing import shown
from servicebook.cli.project import playbook_of
from servicebook.cli.shared import Shared


def make(shared: Shared) -> click.Command:
    """Return the command in the language of `shared`."""
    say = shared.say

    @shared.command("upgrade", "set-up")
    @shared.directory
    @click.option("--check", "only_look", is_flag=True, help=say("cli.option.upgrade-check"))
    @click.option("--keep", multiple=True, type=shared.text, help=say("cli.option.upgrade-keep"))
    @shared.engine
    @click.option("--theme", type=click.Choice(list(THEMES)), help=say("cli.option.theme"))
    def upgrade(
        directory: Path, only_look: bool, keep: tuple[str, ...], engine: str | None, theme: str | None
    ) -> int:
        from servicebook.content.model.settings import FORMAT
        from servicebook.content.project import read_project
        from servicebook.editing.formats import FormatError
        from servicebook.editing.upgrade import ASIDE, carry_out, name_twins, plan_upgrade

        playbook_of(directory, say)
        kept = {Path(name).as_posix() for name in keep}
        try:
            plan = plan_upgrade(read_project(directory), say, dt.date.today(), kept)
            name_twins(plan, engine, theme)
        except SourceError as error:
            raise ContentError([error.problem]) from error
        except FormatError as error:
            near = error.values.get("suggestion")
            meant = f" {say('problem.did-you-mean', suggestion=near)}" if near else ""
            raise CallError(say(f"upgrade.{error.rule}", **error.values) + meant) from error
        for rule in plan.asked:
            click.echo(say(f"upgrade.{rule}"))
        for step in plan.steps:
            beside = shown(plan.folder / ASIDE / step.name)
            click.echo(f"{shown(plan.folder / step.name)}: {say(f'upgrade.{step.rule}', aside=beside)}")
        if not only_look:
            carry_out(plan)
        for name in filter(None, (engine, theme)):
            click.echo(say(f"upgrade.with-{name}"))
        counts = {"format": FORMAT, "count": len(plan.writes)}
        click.echo(say("upgrade.would" if only_look and plan.writes else "upgrade.done", **counts))
        return EXIT_PROBLEMS if plan.unsettled or (only_look and plan.writes) else EXIT_CLEAN

    return upgrade
