"""Where an entry is edited: the link from its page to its file at the code host."""

from __future__ import annotations

import re
from pathlib import Path
from string import Formatter
from urllib.parse import quote, urljoin

from mkdocs.config.defaults import MkDocsConfig

from servicebook.content.project import path_from, repository_of

# The last folder that an address names, however its slash is written; a query's `path=` is none.
_LAST_FOLDER = re.compile(r"(?:(?!%2F)[^/?#=&:])+(?:/|%2F)$", re.IGNORECASE)


def edit_address(config: MkDocsConfig, playbook: Path, name: str) -> str | None:
    """Return the address at which a file of the playbook is edited; `name` is its path in the playbook.

    None where mkdocs.yml names no such address, or where the playbook is in another repository than it.
    """
    template = _template_of(config)
    if template is None or repository_of(playbook) != repository_of(Path(config.config_file_path).parent):
        return None
    # MkDocs's templates begin at the folder of pages; ours may stand anywhere beside it.
    steps = path_from(Path(config.docs_dir), playbook / name).split("/")
    up = steps.count("..")
    path = "/".join(steps[up:])
    filled = "".join(
        _up(before, up) + _written(field, conversion, path) if field else before
        for before, field, _, conversion in Formatter().parse(template)
    )
    repository = config.repo_url or ""
    if repository and not repository.endswith("/") and not filled.startswith(("?", "#")):
        repository += "/"
    return urljoin(repository, filled)


def _template_of(config: MkDocsConfig) -> str | None:
    if config.edit_uri_template:
        return str(config.edit_uri_template)
    if config.edit_uri:
        return config.edit_uri.replace("{", "{{").replace("}", "}}") + "{path}"
    return None


def _up(before: str, folders: int) -> str:
    """Return the text before a path without its last folders, as many as the path goes up."""
    for _ in range(folders):
        before = _LAST_FOLDER.sub("", before)
    return before


def _written(field: str, conversion: str | None, path: str) -> str:
    value = path.rpartition(".")[0] if field == "path_noext" else path
    return quote(value, safe="") if conversion == "q" else value
