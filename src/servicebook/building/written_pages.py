"""Pages written by hand that ask, in their heads, to be held back or not to be found."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import Files
from mkdocs.utils import meta


def hold_back_drafts(files: Files, config: MkDocsConfig) -> None:
    """Leave pages that say `draft: true` out of the site, and out of the navigation where it names them."""
    held = set()
    for file in files.documentation_pages():
        # A page without a head is not worth reading twice.
        if file.generated_by is None and is_draft(_head_of(file.content_bytes)):
            files.remove(file)
            held.add(file.src_uri)
    if held and config.nav is not None:
        config.nav = list(_without(config.nav, held))


def is_draft(head: Mapping[str, Any]) -> bool:
    """Tell whether a page's head says that it is not to be published."""
    return head.get("draft") is True


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
