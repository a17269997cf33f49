"""The page that lists a kind's entries, made where nobody wrote one: nothing published goes unlisted."""

from __future__ import annotations

import json
import re

from markupsafe import escape
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

from servicebook.site.site import Site

# What may mean something to Markdown, to a template or to HTML.
_SIGNS = re.compile(r"[^\w\s.,()/¿?¡;-]")


def add_indexes(files: Files, config: MkDocsConfig, site: Site) -> None:
    """Add a page for each kind that has entries in force and no page of its own, last in the navigation."""
    written = {file.dest_uri for file in files}
    for kind in site.playbook.kinds:
        folder = site.say(f"path.{kind}")
        if f"{folder}/index.html" in written or not site.playbook.of_kind(kind):
            continue
        title = site.say(f"kind.{kind}")
        # The title in a page's head is escaped; the theme prints that of its heading as it is.
        head = f"---\ntitle: {json.dumps(title)}\n---\n"
        text = f"{head}# {_as_typed(title)}\n\n{{{{ entries('{kind}', facets=True) }}}}\n"
        files.append(File.generated(config, f"{folder}/index.md", content=text))
        if config.nav is not None:
            config.nav.append({escape(title): f"{folder}/index.md"})


def _as_typed(text: str) -> str:
    """Return Markdown that shows a text as it is: its signs as references, which nothing reads again."""
    return _SIGNS.sub(lambda match: f"&#{ord(match.group())};", text)
