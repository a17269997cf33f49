"""Pages made where nobody wrote one: of a kind's entries, so that nothing published goes unlisted, and of the
weekly line-up and the quiz, to which their sheets lead."""

from __future__ import annotations

import re

from markupsafe import Markup
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

from servicebook.site.site import Site
from servicebook.views.taken import unwritten_indexes

# The pages that sheets lead to: what names their address and their title, and the macro that fills each.
_LED_TO = {"path.week": ("week.title", "lineup"), "path.quiz": ("quiz.title", "quiz")}
# What may mean something to Markdown, to a template or to HTML.
_SIGNS = re.compile(r"[^\w\s.,()/¿?¡;-]")


def add_indexes(files: Files, config: MkDocsConfig, site: Site) -> None:
    """Add a page for each kind that has entries in force and no page of its own, last in the navigation.

    Those of the weekly line-up and of the quiz are added where they are missing; the page of downloads leads
    to them.
    """
    written = {file.dest_uri for file in files}
    for path, folder in unwritten_indexes(site.playbook, written):
        key, macro = _LED_TO.get(path, ("", ""))
        kind = path.removeprefix("path.")
        title = site.say(key or f"kind.{kind}")
        call = f"{macro}()" if macro else f"entries('{kind}', facets=True)"
        text = f"# {_as_typed(title)}\n\n{{{{ {call} }}}}\n"
        files.append(File.generated(config, f"{folder}/index.md", content=text))
        if not macro and config.nav is not None:
            config.nav.append({_as_typed(title): f"{folder}/index.md"})


def title_of_index(file: File, site: Site) -> Markup | None:
    """Return the title of a page that was made here, as the theme may print it; None for any other."""
    if not file.generated_by:
        return None
    keys = {f"path.{kind}": f"kind.{kind}" for kind in site.playbook.kinds}
    keys |= {path: title for path, (title, _) in _LED_TO.items()}
    titles = (title for path, title in keys.items() if file.src_uri == f"{site.say(path)}/index.md")
    return next((_as_typed(site.say(title)) for title in titles), None)


def _as_typed(text: str) -> Markup:
    """Return Markdown that shows a text as it is: its signs as references, which nothing reads again."""
    return Markup(_SIGNS.sub(lambda match: f"&#{ord(match.group())};", text))  # noqa: S704 - no sign is left
