"""The theme's Jinja environment, made quick."""

from __future__ import annotations

import os
from pathlib import Path

import jinja2

from servicebook.site.templates import JSON, TemplateCache


def quicken(env: jinja2.Environment) -> jinja2.Environment:
    """Return the theme's environment such that it finds and compiles its templates without delay."""
    assert isinstance(env.loader, jinja2.FileSystemLoader)  # noqa: S101 - MkDocs has no other
    env.loader = _ThemeLoader(env.loader.searchpath)
    # A page need not carry the lines that only held a block's tag: every tenth byte would be one of theirs.
    env.trim_blocks = env.lstrip_blocks = True
    env.policies["json.dumps_kwargs"] = env.policies["json.dumps_kwargs"] | JSON
    env.bytecode_cache = TemplateCache(f"trimmed {' '.join(sorted(env.extensions))}")
    return env


class _ThemeLoader(jinja2.FileSystemLoader):
    """Does not list what MkDocs then leaves out: hidden folders, such as Material's of ten thousand icons."""

    def list_templates(self) -> list[str]:
        """Return the names of all templates, in order."""
        found = set()
        for top in self.searchpath:
            for folder, folders, names in os.walk(top):
                folders[:] = [name for name in folders if not name.startswith(".")]
                found |= {Path(folder, name).relative_to(top).as_posix() for name in names}
        return sorted(found)
