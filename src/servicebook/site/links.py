"""Links of pages written by hand that lead nowhere, found in the finished site."""

from __future__ import annotations

import html
import posixpath
import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

from servicebook.base.problems import Location, Problem

_ATTRIBUTES = frozenset({"href", "src", "poster", "data"})
_ANCHOR = re.compile(r"""\b(?:id|name)=(?:"([^"]*)"|'([^']*)'|([^\s>"']+))""")
# A scheme has an end: in a line of points or dashes each letter might begin one that is as long as the line.
_ADDRESS = re.compile(r"""\b[a-z][a-z0-9+.-]{0,30}://[^\s<>"')]*""", re.IGNORECASE)


class _Targets(HTMLParser):
    """Collects where the elements of a page lead."""

    def __init__(self, content: str) -> None:
        super().__init__()
        self.found: dict[str, None] = {}
        self.feed(content)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.update((value.strip(), None) for name, value in attrs if name in _ATTRIBUTES and value)


class DeadLinks:
    """Tells which links lead nowhere in a site."""

    def __init__(
        self, place_of: Callable[[str], Path], base: str, is_made_later: Callable[[str], bool]
    ) -> None:
        """`place_of` gives the place of each of the site's files, `base` is the path of the site's address;
        `is_made_later` knows what is made when asked for.
        """
        self._place_of = place_of
        self._base = base
        self._is_made_later = is_made_later
        self._anchors = lru_cache(maxsize=None)(_anchors_in)

    def find(self, url: str, content: str) -> Iterator[tuple[str, str]]:
        """Yield each dead link of a page's content, as it is written, with the rule that it breaks.

        `url` is the page's own address, from the site's root.
        """
        for target in _Targets(content).found:
            if rule := self._rule_broken(url, target):
                yield target, rule

    def _rule_broken(self, url: str, target: str) -> str | None:
        try:
            parts = urlsplit(target)
        except ValueError:
            return "dead-link"
        if parts.scheme or parts.netloc:
            return None  # another site's own business
        path = self._path_of(url, unquote(parts.path))
        if path is None:
            return "dead-link"
        if self._is_made_later(path):
            return None
        file = self._place_of(path.rstrip("/"))
        if not file.is_file():
            file = self._place_of(f"{path.rstrip('/')}/index.html".lstrip("/"))
        if "\0" in path or not file.is_file():
            return "dead-link"
        anchor = unquote(parts.fragment)
        if anchor in ("", "top") or "=" in anchor or file.suffix != ".html":
            return None
        return None if anchor in self._anchors(file) else "dead-anchor"

    def _path_of(self, url: str, path: str) -> str | None:
        """Return where a path leads to from the site's root; None when it leads out of the site."""
        if not path:
            return url
        if path.startswith("/"):
            if not f"{path}/".startswith(self._base):
                return None
            path = path[len(self._base) :]
        else:
            path = posixpath.join(posixpath.dirname(url), path)
        path = posixpath.normpath(path) if path else ""
        return None if path.startswith("../") or path == ".." else path.removeprefix("./").rstrip(".")


def find_unreadable(page: str, first_line: int, markdown: str) -> list[Problem]:
    """Return a problem for each address that cannot be taken apart, in a page's text from `first_line` on."""
    return [
        Problem(Location(page, number), "dead-link", {"target": target})
        for number, line in enumerate(markdown.splitlines(), first_line)
        for target in _ADDRESS.findall(line)
        if not _is_readable(target)
    ]


def _is_readable(target: str) -> bool:
    try:
        urlsplit(target)
    except ValueError:
        return False
    return True


def lines_of(target: str, source: str) -> list[int]:
    """Return the lines of a page's source that lead to a target, from 1; the first when none does."""
    fragment = target.partition("#")[2]
    anchor = f"#{fragment}" if fragment else target
    written = (target, unquote(target), html.escape(target), target.replace('"', "'"), anchor)
    lines = source.splitlines()
    for text in written:
        if found := [number for number, line in enumerate(lines, 1) if text in line]:
            return found
    return [1]


def _anchors_in(file: Path) -> frozenset[str]:
    text = file.read_text(encoding="utf-8")
    return frozenset(
        html.unescape(next(filter(None, match.groups()), "")) for match in _ANCHOR.finditer(text)
    )
