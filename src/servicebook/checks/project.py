"""What mkdocs.yml says that no site can be made of, or that contradicts the playbook."""

from __future__ import annotations

from collections.abc import Iterator

from servicebook.base.problems import Problem
from servicebook.checks.overrides import check_overrides
from servicebook.content.model.settings import Settings
from servicebook.content.project import Project
from servicebook.language.messages import language_named


def check_project(project: Project, settings: Settings | None) -> Iterator[Problem]:
    """Yield what is wrong with a project's configuration; the `settings` are None where they have faults."""
    if project.options.get("use_directory_urls") is False:
        yield Problem(project.locate("use_directory_urls"), "directory-urls")
    said = project.theme_language
    if said is not None and settings and language_named(said) != settings.language:
        values = {"theme": said, "language": settings.language}
        yield Problem(project.locate("theme", "language"), "theme-language", values)
    yield from project.repeated_options()
    if project.overrides:
        yield from check_overrides(project.overrides)
