"""The site without a connection: its web manifest, and the worker that keeps its files."""

from __future__ import annotations

import hashlib
import itertools
import json
import os
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from servicebook.base.files import files_in, path_below
from servicebook.content.model.brand import COLOUR
from servicebook.content.model.settings import Settings
from servicebook.content.playbook import Playbook
from servicebook.language.messages import Messages
from servicebook.paper.sheet import earlier_folder, page_path
from servicebook.site.assets import BUNDLE, brand_path
from servicebook.site.search_index import FOLDER, PAGES, WORDS
from servicebook.views.addresses import entry_path
from servicebook.views.facets import urgent_entries

WORKER = "service-worker.js"
MANIFEST = "manifest.webmanifest"
AWAY = "away.html"

# What is kept unasked weighs at most this, as it travels: compressed. A site that is lighter is kept whole.
UNASKED = 1_000_000
# What is urgent has at most this part of it: some 25 pages, more than anybody looks through in need. Where
# all is urgent, the lists still have their room: what was opened before is reached by them.
URGENT = 250_000
# Text travels in a quarter of its size or less: a site above this need not be weighed.
_TOO_LARGE = 8_000_000
# Files that no compression makes smaller.
_DENSE = (".woff2", ".png", ".jpg", ".jpeg", ".webp")
# Sheets are kept for who asks for them.
_SHEETS = (".pdf", ".xlsx")
# Maps are for developers, data for programs; the theme's own scripts are not ours. The pages that sheets lead
# to tell what holds today, so they are never kept.
_LEFT_OUT = (".csv", ".map", ".xml", ".gz", ".zip", ".md", "/index.json")
_UNUSED = (WORKER, "_headers", "llms", "404.html", "playbook.", "assets/javascripts/", page_path())
# Without these, not even a page can be shown that says that there is no connection.
_LEAST = (AWAY, BUNDLE, "assets/js/scheme-now.js")
# What every page is made of, and what a search needs before it looks anything up.
_SHELL = (".css", ".js", ".woff2", ".svg", ".webmanifest", ".json")
# A search gets of these what it asks for.
_LOOKED_UP = tuple(f"{FOLDER}/{room}/" for room in (WORDS, PAGES))


def manifest_of(settings: Settings, say: Messages) -> dict[str, Any]:
    """Return the web manifest, by which the site can be installed."""
    icons = [
        {"src": "assets/icons/icon.svg", "type": "image/svg+xml", "sizes": "any"},
        *(_png_icon(f"icon-{size}", size, "any") for size in (192, 512)),
        _png_icon("maskable-512", 512, "maskable"),
    ]
    return {
        "name": settings.title,
        "short_name": settings.title,
        "description": settings.description,
        "lang": settings.language,
        "dir": say.direction,
        "start_url": "./",
        "scope": "./",
        "display": "standalone",
        "background_color": "#ffffff",
        "theme_color": settings.brand.colour or COLOUR,
        "icons": [_brand_icon(settings.brand.icon)] if settings.brand.icon else icons,
    }


def _brand_icon(written: str) -> dict[str, str]:
    """Return the one icon of a brand, which programs make smaller themselves."""
    return {"src": brand_path(written), "type": "image/png", "sizes": "512x512", "purpose": "any"}


@dataclass(frozen=True)
class Kept:
    """What the worker knows of a file: what tells it from another version, and its size in bytes."""

    digest: str
    size: int


def kept(data: bytes) -> Kept:
    """Return what the worker knows of a file that holds `data`."""
    return Kept(hashlib.sha256(data).hexdigest()[:12], len(data))


def write_offline(
    site_dir: Path,
    playbook: Playbook,
    say: Messages,
    known: Mapping[str, Kept],
    place_of: Callable[[str], Path],
) -> None:
    """Write the manifest, and into the worker what it keeps of the site, which is complete but for them.

    The sheets of earlier editions, which only grow in number, are not among it. What is `known` of a page by
    whoever wrote it spares reading it again; nothing else is in its folder. `place_of` tells where it stands.
    """
    settings = playbook.settings
    manifest = json.dumps(manifest_of(settings, say), ensure_ascii=False, indent=1) + "\n"
    (site_dir / MANIFEST).write_bytes(manifest.encode())
    found = {path: kept((site_dir / path).read_bytes()) for path in _others_in(site_dir, known)}
    earlier = earlier_folder(say)
    all_ = {
        path: file for path, file in sorted([*found.items(), *known.items()]) if not path.startswith(earlier)
    }
    files = {path: file for path, file in all_.items() if not path.endswith(_SHEETS)}
    urgent = [f"{entry_path(entry, say)}index.html" for entry in urgent_entries(playbook)]
    build = {
        "edition": settings.edition.name,
        "date": str(settings.edition.date),
        "away": AWAY,
        "least": [path for path in _LEAST if path in files],
        "kept": _kept_unasked(files, urgent, place_of),
        "files": {_address_of(path): file.digest for path, file in files.items()},
        "sheets": {path: file.digest for path, file in all_.items() if path not in files},
    }
    _give(site_dir, build)


def write_leaving_worker(site_dir: Path) -> None:
    """Write a worker that undoes what an earlier site kept at this address, and itself.

    A preview is always fresh; and so is the site of an owner who wants nothing kept any more.
    """
    _give(site_dir, None)


def _give(site_dir: Path, build: dict[str, Any] | None) -> None:
    worker = site_dir / WORKER
    code = worker.read_text(encoding="utf-8")
    if build:
        whole = json.dumps(build, ensure_ascii=False) + code
        build = {"version": hashlib.sha256(whole.encode()).hexdigest()[:12], **build}
    given = json.dumps(build, ensure_ascii=False, separators=(",", ":"))
    worker.write_bytes(f"const BUILD = {given};\n{code}".encode())


def _others_in(site_dir: Path, known: Mapping[str, Kept]) -> Iterator[str]:
    """Yield the files worth keeping, below the site's folder, but for those in the folders of known pages."""

    def enter(folder: os.DirEntry[str]) -> bool:
        return f"{path_below(site_dir, folder)}/index.html" not in known

    for file in files_in(site_dir, enter):
        path = path_below(site_dir, file)
        if not path.endswith(_LEFT_OUT) and not path.startswith(_UNUSED):
            yield path


def _kept_unasked(
    files: Mapping[str, Kept], urgent: Sequence[str], place_of: Callable[[str], Path]
) -> list[str] | None:
    """Return the addresses of what is kept from the first visit on; None for all of a light site.

    Of another, it is what makes any page, the home page, what is `urgent` and the lists of each kind, as far
    as they are light.
    """

    def weight(path: str) -> int:
        return _weight(place_of(path), files[path])

    if sum(file.size for file in files.values()) <= _TOO_LARGE and sum(map(weight, files)) <= UNASKED:
        return None
    # What comes first is kept first: the least, then what pages are made of.
    shell = [
        path for path in files if path == AWAY or (path.endswith(_SHELL) and not path.startswith(_LOOKED_UP))
    ]
    shell.sort(key=lambda path: (path not in _LEAST, path.count("/")))
    lists = sorted(filter(_is_list, files), key=lambda path: path.count("/"))
    pressing = _while_light([path for path in urgent if path in files], weight, URGENT)
    home = [path for path in lists if "/" not in path]
    wanted = dict.fromkeys([*shell, *home, *pressing, *lists])
    return sorted(map(_address_of, _while_light(wanted, weight, UNASKED)))


def _while_light(paths: Iterable[str], weight: Callable[[str], int], most: int) -> list[str]:
    """Return the first of some files, as many as weigh no more than `most` together."""
    together = itertools.accumulate(map(weight, paths := list(paths)))
    return [path for path, so_far in zip(paths, together, strict=True) if so_far <= most]


def _is_list(path: str) -> bool:
    return path.endswith("index.html") and path.count("/") <= 1


def _weight(path: Path, file: Kept) -> int:
    """Return how many bytes of a file travel; the quick compression gives a little more than a host's."""
    return file.size if path.name.endswith(_DENSE) else len(zlib.compress(path.read_bytes(), 1))


def _address_of(path: str) -> str:
    return path.removesuffix("index.html") if path == "index.html" or path.endswith("/index.html") else path


def _png_icon(name: str, size: int, purpose: str) -> dict[str, str]:
    return {
        "src": f"assets/icons/{name}.png",
        "type": "image/png",
        "sizes": f"{size}x{size}",
        "purpose": purpose,
    }
