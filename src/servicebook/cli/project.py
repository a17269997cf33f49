"""The project that a command is about: its playbook found, read and required."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

from servicebook.base.problems import Problem
from servicebook.cli.calls import CallError
from servicebook.cli.printing import shown
from servicebook.language.messages import Messages

if TYPE_CHECKING:
    from servicebook.content.content import Content
    from servicebook.content.playbook import Playbook
    from servicebook.content.project import Project


def load(directory: Path, say: Messages) -> tuple[Project, Content, list[Problem]]:
    """Return the project in a folder, and its playbook as it was read, with all problems."""
    from servicebook.content.load import load_content
    from servicebook.content.project import read_project

    return read_project(directory), *load_content(playbook_of(directory, say))


def playbook_of(directory: Path, say: Messages) -> Path:
    """Return the playbook's folder of a project. Raises CallError where there is none."""
    from servicebook.content.project import read_project

    try:
        return read_project(directory).playbook
    except FileNotFoundError:
        raise CallError(say("cli.no-playbook", folder=shown(directory))) from None


def read(project: Path, say: Messages) -> Playbook:
    """Return the playbook of a project. Raises ContentError for errors, CallError where there is none."""
    from servicebook.site.site import read_playbook

    playbook_of(project, say)
    playbook, _ = read_playbook(project, dt.date.today())
    return playbook


def require_project(directory: Path, say: Messages) -> None:
    """Raise CallError where no site can be built: there is no mkdocs.yml, or no playbook."""
    if not (directory / "mkdocs.yml").is_file():
        raise CallError(say("cli.no-project", folder=shown(directory)))
    playbook_of(directory, say)
