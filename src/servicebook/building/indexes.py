"""The page that lists a kind's entries, made where nobody wrote one: nothing published goes unlisted."""

from __future__ import annotations

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

from servicebook.site.site import Site


def add_indexes(files: Files, config: MkDocsConfig, site: Site) -> None:
    """Add a page for each kind that has entries in force and no page of its own, last in the navigation."""
    written = {file.dest_uri for file in files}
    for kind in site.playbook.kinds:
        folder = site.say(f"path.{kind}")
        if f"{folder}/index.html" in written or not site.playbook.of_kind(kind):
            continue
        title = site.say(f"kind.{kind}")
        text = f"# {title}\n\n{{{{ entries('{kind}', facets=True) }}}}\n"
        files.append(File.generated(config, f"{folder}/index.md", content=text))
        if config.nav is not None:
            config.nav.append({title: f"{folder}/index.md"})
