"""`servicebook build`: the whole site, all or nothing."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from servicebook.base.problems import BuildError
from servicebook.cli.calls import EXIT_CLEAN, EXIT_PROBLEMS, CallError
from servicebook.cli.printing import Progress, complain, print_problems
from servicebook.cli.project import require_project
from servicebook.cli.shared import Shared


def make(shared: Shared) -> click.Command:
    """Return the command in the language of `shared`."""
    say = shared.say

    @shared.command("build", "publish")
    @shared.engine
    @click.option("--site-dir", type=shared.path, help=say("cli.option.site-dir"))
    @click.option("--force", is_flag=True, help=say("cli.option.force"))
    @shared.project
    def build(engine: str | None, site_dir: Path | None, force: bool, project: Path) -> int:
        from servicebook.building.build import build_project
        from servicebook.building.engine import engine_of
        from servicebook.building.site_folder import FolderError
        from servicebook.content.project import read_project

        require_project(project, say)
        site_dir = site_dir or read_project(project).site
        try:
            with Progress(say) as step:
                report = build_project(project, site_dir, engine_of(project, engine), say, step, force=force)
        except FolderError as error:
            raise CallError(say(f"build.{error.rule}", **{**error.values, "folder": site_dir})) from error
        except BuildError as error:
            complain(f"{error}\n{say('build.failed')}")
            return EXIT_PROBLEMS
        print_problems(report.warnings, "text", say, stream=sys.stderr)
        if report.in_place and report.made:
            click.echo(say("build.in-place", site=site_dir))
        key = "build.done" if report.made else "build.current"
        click.echo(say(key, site=site_dir, seconds=f"{report.seconds:.1f}", count=report.pages))
        return EXIT_CLEAN

    return build
