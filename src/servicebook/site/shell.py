"""The theme's page, rendered once per kind of entry and joined with each entry's own parts.

A page of an entry differs from another of its kind only in its parts: title, addresses, description,
sections, content. So the theme renders one page of each kind with a marker in the place of every part, and
the pages are that text with the markers replaced. A theme that looks at more than the parts would make pages
that differ; `fits` compares a joined page with one that the theme rendered in full, and the plugin renders
every page of a kind in full when they are not the same bytes.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass

from servicebook.site.render import Heading

_MARKER = re.compile(r"xservicebook([a-z]+)x")
# One entry of the table of contents; nothing stands between it and the next.
_TOC_ITEM = re.compile(r'<li class="md-nav__item">\s*<a href="#xservicebooktocidx".*?</li>', re.DOTALL)


def _marker(name: str) -> str:
    return f"xservicebook{name}x"


@dataclass(frozen=True)
class PageParts:
    """What is an entry's own on its page. Texts are HTML, already escaped; `content` has relative links."""

    slug: str
    id: str
    title: str
    description: str
    content: str
    headings: tuple[Heading, ...]


# The theme adds a heading of its own to content that has none, so the marker brings one that is cut again.
_CONTENT = f"{_marker('content')}<h1"
MARKED = PageParts(
    slug=_marker("slug"),
    id=_marker("id"),
    title=_marker("title"),
    description=_marker("description"),
    content=_CONTENT,
    headings=(Heading(_marker("tocid"), _marker("toctitle")),),
)


class Shell:
    """A page of one kind with places for the parts."""

    def __init__(self, rendered: str) -> None:
        """`rendered` is the theme's page for the parts in MARKED."""
        text = rendered.replace(_CONTENT, _marker("content"))
        self._toc_item: list[str] = []
        if match := _TOC_ITEM.search(text):
            self._toc_item = _MARKER.split(match.group())
            text = _TOC_ITEM.sub(_marker("toc"), text)
        self._pieces = _MARKER.split(text)

    @property
    def digest(self) -> str:
        """What tells this shell from another."""
        return hashlib.sha256("\0".join((*self._pieces, "", *self._toc_item)).encode()).hexdigest()

    def join(self, parts: PageParts) -> str:
        """Return the page of an entry. Raises KeyError for a marker that no part fills."""
        values = {
            "slug": parts.slug,
            "id": parts.id,
            "title": parts.title,
            "description": parts.description,
            "content": parts.content,
            "toc": "".join(self._join_heading(heading) for heading in parts.headings),
        }
        return _fill(self._pieces, values)

    def _join_heading(self, heading: Heading) -> str:
        return _fill(self._toc_item, {"tocid": heading.id, "toctitle": heading.title})

    def fits(self, parts: PageParts, rendered: str) -> bool:
        """Tell whether the joined page is the one that the theme renders in full."""
        try:
            return self.join(parts) == rendered
        except KeyError:
            return False


def repeat(rendered: str, element: str, parts: Iterable[dict[str, str]]) -> str:
    """Return a text with the one element that holds markers repeated, each time filled with other parts.

    Raises ValueError when no such element holds a marker.
    """
    marked = re.compile(rf"\s*<{element}>(?:(?!</{element}>).)*{_MARKER.pattern}.*?</{element}>", re.DOTALL)
    match = marked.search(rendered)
    if match is None:
        raise ValueError(f"no <{element}> holds a marker")
    pieces = _MARKER.split(match.group())
    filled = "".join(_fill(pieces, values) for values in parts)
    return f"{rendered[: match.start()]}{filled}{rendered[match.end() :]}"


def _fill(pieces: list[str], values: dict[str, str]) -> str:
    """Join pieces: text at even places, names of parts at odd ones."""
    out = pieces.copy()
    out[1::2] = [values[name] for name in pieces[1::2]]
    return "".join(out)
