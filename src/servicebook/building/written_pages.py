"""Pages not for every reader: drafts, which a preview alone shows, and what is not to be found."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page
from mkdocs.utils import meta

from servicebook.site.render import relative_to
from servicebook.site.site import Site


def arrange_drafts(files: Files, config: MkDocsConfig, site: Site, *, shown: bool) -> None:
    """Let pages that are drafts be seen, with a list of the drafts among the entries, or hold them back."""
    if shown:
        _add_list(files, config, site)
    else:
        _hold_back(files, config)


def _hold_back(files: Files, config: MkDocsConfig) -> None:
    """Leave pages that say `draft: true` out of the site, and out of the navigation where it names them."""
    held = set()
    for file in files.documentation_pages():
        # A page without a head is not worth reading twice.
        if file.generated_by is None and is_draft(_head_of(file.content_bytes)):
            files.remove(file)
            held.add(file.src_uri)
    if held and config.nav is not None:
        config.nav = list(_without(config.nav, held))


def _add_list(files: Files, config: MkDocsConfig, site: Site) -> None:
    """Add the page that lists a preview's drafts, where there are some, last in the navigation."""
    if site.playbook.drafts:
        name, title = f"{site.say('path.drafts')}/index.md", site.say("drafts.title")
        files.append(File.generated(config, name, content=f"---\ndraft: true\n---\n# {title}\n"))
        if config.nav is not None:
            config.nav.append({title: name})


def written_files(files: Files, config: MkDocsConfig) -> list[tuple[str, str]]:
    """Return the path on the site of each file in the folder of pages, and how problems name it."""
    folder = Path(config.docs_dir)
    return [
        (file.dest_uri, f"{folder.name}/{file.src_uri}")
        for file in files
        if file.inclusion.is_included()
        and file.generated_by is None
        and file.src_dir
        and Path(file.src_dir) == folder
    ]


def is_draft(head: Mapping[str, Any]) -> bool:
    """Tell whether a page's head says that it is not to be published."""
    return head.get("draft") is True


def mark_draft(html: str, page: Page, site: Site) -> str:
    """Return the content of a draft of a page as a preview shows it; of the list of drafts, with them."""
    render = site.renderer.render
    if page.file.src_uri != f"{site.say('path.drafts')}/index.md":
        return f"{render('draft')}{html}"
    return html + relative_to(render("drafts", site.playbook.drafts), page.url.count("/"))


def is_findable(head: Mapping[str, Any]) -> bool:
    """Tell whether a page belongs in the search: not what says `search: exclude: true`, and no draft."""
    said = head.get("search")
    return not is_draft(head) and not (isinstance(said, dict) and said.get("exclude") is True)


def _head_of(content: bytes) -> Mapping[str, Any]:
    if not content.lstrip(b"\xef\xbb\xbf").startswith(b"---"):
        return {}
    return meta.get_data(content.decode("utf-8-sig", "replace"))[1]


def _without(nav: Any, held: set[str]) -> Iterator[Any]:
    """Yield the items of a navigation that lead to none of these pages, and no section that is empty then."""
    for item in nav:
        if isinstance(item, dict):
            kept = {
                title: list(_without(inner, held)) if isinstance(inner, list) else inner
                for title, inner in item.items()
                if not (isinstance(inner, str) and inner in held)
            }
            if kept := {title: inner for title, inner in kept.items() if inner != []}:
                yield kept
        elif item not in held:
            yield item
