"""`servicebook admin`: the page of forms for the browser."""

from __future__ import annotations

import re
from pathlib import Path

import click

from servicebook.base.problems import ContentError
from servicebook.cli.calls import EXIT_CLEAN, CallError
from servicebook.cli.printing import shown
from servicebook.cli.project import load
from servicebook.cli.shared import Shared

# Where the forms' program is, if nobody says otherwise; git ignores it.
CMS = Path(".servicebook/cms")

# Owner and name; what GitLab groups has more parts.
_REPOSITORY = re.compile(r"[\w.-]+(?:/[\w.-]+)+")


def make(shared: Shared) -> click.Command:
    """Return the command in the language of `shared`."""
    say = shared.say

    @shared.command("admin", "set-up")
    @click.option("--cms", type=shared.path, default=CMS, help=say("cli.option.cms"))
    @click.option("--out", type=shared.path, default=Path("site/admin"), help=say("cli.option.admin-out"))
    @click.option(
        "--backend", type=click.Choice(("github", "gitlab")), default="github", help=say("cli.option.backend")
    )
    @click.option("--repository", default="", type=shared.text, help=say("cli.option.repository"))
    @click.option("--base-url", default="", type=shared.text, help=say("cli.option.base-url"))
    @click.option("--proxy", default="", type=shared.text, help=say("cli.option.proxy"))
    @shared.project
    def admin(
        cms: Path, out: Path, backend: str, repository: str, base_url: str, proxy: str, project: Path
    ) -> int:
        from servicebook.content.project import path_from, repository_of
        from servicebook.editing.cms import PROGRAM, Backend, CmsError, write_admin

        place, content, problems = load(project, say)
        if content.settings is None:
            raise ContentError(problems)
        if not (repository or proxy):
            raise CallError(f"{say('cli.missing-argument', name='--repository')} {say('cli.see-help')}")
        if repository and not _REPOSITORY.fullmatch(repository):
            sentence = say("cli.bad-value", name="--repository")
            raise CallError(f"{sentence} {say('cms.bad-repository')} {say('cli.see-help')}")
        page = out / "index.html"
        if page.exists() and PROGRAM.encode() not in page.read_bytes():
            raise CallError(say("cli.not-ours", file=shown(page)))
        host = Backend(backend, repository, base_url=base_url, proxy=proxy)
        try:
            folder = path_from(repository_of(content.root) or place.folder, content.root)
            write_admin(out, cms, content.settings, host, content.root, folder, say, place.folder)
        except CmsError as error:
            raise CallError(say("cms.missing", folder=shown(cms))) from error
        click.echo(say("cms.done", folder=shown(out)))
        return EXIT_CLEAN

    return admin
