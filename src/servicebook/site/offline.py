"""The site without a connection: its web manifest, and the worker that keeps its files."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from servicebook.base.files import files_in
from servicebook.content.model.settings import Settings

WORKER = "service-worker.js"
MANIFEST = "manifest.webmanifest"
AWAY = "away.html"

# A site up to this size is kept whole from the first visit on; text travels in a quarter of its size.
WHOLE = 10_000_000
# Sheets are for printing, maps for developers, data for programs, and the theme's own search is not ours.
_LEFT_OUT = (".pdf", ".xlsx", ".csv", ".map", ".xml", ".gz", ".zip")
_UNUSED = (
    WORKER,
    "_headers",
    "404.html",
    "playbook.",
    "assets/javascripts/lunr/",
    "assets/javascripts/workers/",
)
# What every page is made of, and what a search needs before it looks anything up.
_SHELL = (".css", ".js", ".woff2", ".svg", ".webmanifest", ".pagefind", ".pf_meta", ".json")
_BRAND = "#0f4347"


def manifest_of(settings: Settings) -> dict[str, Any]:
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
        "start_url": "./",
        "scope": "./",
        "display": "standalone",
        "background_color": "#ffffff",
        "theme_color": _BRAND,
        "icons": icons,
    }


@dataclass(frozen=True)
class Kept:
    """What the worker knows of a file: what tells it from another version, and its size in bytes."""

    digest: str
    size: int


def kept(data: bytes) -> Kept:
    """Return what the worker knows of a file that holds `data`."""
    return Kept(hashlib.sha256(data).hexdigest()[:12], len(data))


def write_offline(site_dir: Path, settings: Settings, known: Mapping[str, Kept]) -> None:
    """Write the manifest, and into the worker what it keeps of the site, which is complete but for them.

    What is `known` of a page by whoever wrote it spares reading it again; nothing else is in its folder.
    """
    manifest = json.dumps(manifest_of(settings), ensure_ascii=False, indent=1) + "\n"
    (site_dir / MANIFEST).write_text(manifest, encoding="utf-8")
    found = {path: kept((site_dir / path).read_bytes()) for path in _others_in(site_dir, known)}
    files = dict(sorted([*found.items(), *known.items()]))
    build = {
        "edition": settings.edition.name,
        "away": AWAY,
        "kept": None if sum(file.size for file in files.values()) <= WHOLE else _shell_of(files),
        "files": {_address_of(path): file.digest for path, file in files.items()},
    }
    _give(site_dir, build)


def write_preview_worker(site_dir: Path) -> None:
    """Write a worker that undoes what an earlier site kept at this address: a preview is always fresh."""
    _give(site_dir, None)


def _give(site_dir: Path, build: dict[str, Any] | None) -> None:
    worker = site_dir / WORKER
    code = worker.read_text(encoding="utf-8")
    given = json.dumps(build, ensure_ascii=False, separators=(",", ":"))
    worker.write_text(f"const BUILD = {given};\n{code}", encoding="utf-8")


def _others_in(site_dir: Path, known: Mapping[str, Kept]) -> Iterator[str]:
    """Yield the files worth keeping, below the site's folder, but for those in the folders of known pages."""
    start = len(str(site_dir)) + 1

    def enter(folder: os.DirEntry[str]) -> bool:
        return f"{folder.path[start:].replace(os.sep, '/')}/index.html" not in known

    for file in files_in(site_dir, enter):
        path = file.path[start:].replace(os.sep, "/")
        if not path.endswith(_LEFT_OUT) and not path.startswith(_UNUSED):
            yield path


def _shell_of(files: Iterable[str]) -> list[str]:
    """Return the addresses of what makes any page, of the home page, and of the lists of each kind."""
    return [
        _address_of(path)
        for path in files
        if path.endswith(_SHELL) or path == AWAY or (path.endswith("index.html") and path.count("/") <= 1)
    ]


def _address_of(path: str) -> str:
    return path.removesuffix("index.html") if path == "index.html" or path.endswith("/index.html") else path


def _png_icon(name: str, size: int, purpose: str) -> dict[str, str]:
    return {
        "src": f"assets/icons/{name}.png",
        "type": "image/png",
        "sizes": f"{size}x{size}",
        "purpose": purpose,
    }
