"""The brand: colours that can be read, and files that are there, of the right form, and harmless."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from pathlib import Path

from servicebook.base.problems import Problem
from servicebook.checks.finding import problem_at
from servicebook.content.colours import contrast, nearest, rounded
from servicebook.content.content import Content
from servicebook.content.model.brand import CONTRASTS, FILES

# What an image must not do: run code, take anything from elsewhere, or hold what a reader of XML unfolds.
_LIVE = re.compile(
    rb"<\s*(?:[\w-]+:)?(?:script|foreignObject|iframe|embed|object|handler|set|animate\w*)\b|\bon\w+\s*=|<!DOCTYPE|<!ENTITY"
    rb"|javascript:|<\?xml-stylesheet|@import|(?:href|src)\s*=\s*[\"'](?!\s*#)|url\(\s*[\"']?(?!\s*#)",
    re.IGNORECASE,
)
# The size that the manifest names; browsers refuse an icon of another.
_ICON = 512


def check_brand(content: Content) -> Iterator[Problem]:
    """Text is readable on the brand's colours, and its files can be published."""
    settings = content.settings
    if settings is None:
        return
    for name, (against, least) in CONTRASTS.items():
        colour = getattr(settings.brand, name)
        if colour and contrast(colour, against) < least:
            values = {"value": colour, "against": against, "ratio": rounded(contrast(colour, against))}
            found = {"least": least, "nearest": nearest(colour, against, least)}
            yield problem_at(content, settings, ("brand", name), "brand-contrast", **values, **found)
    for name, written in settings.brand.files.items():
        for rule, values in _faults_of(content.root, name, written):
            yield problem_at(content, settings, ("brand", name), rule, name=written, **values)


def _faults_of(root: Path, name: str, written: str) -> Iterator[tuple[str, dict[str, object]]]:
    endings, limit = FILES[name]
    path = root / written
    if path.suffix.lower() not in endings:
        yield "media-format", {"formats": ", ".join(endings)}
    elif not path.is_file():
        yield "no-media", {}
    elif not path.resolve().is_relative_to((root / "media").resolve()):
        yield "media-outside", {}
    elif path.stat().st_size > limit * 1000:
        yield "media-too-large", {"kilobytes": round(path.stat().st_size / 1000), "limit": limit}
    else:
        yield from _faults_inside(path.suffix.lower(), name, path.read_bytes())


def _faults_inside(suffix: str, name: str, data: bytes) -> Iterator[tuple[str, dict[str, object]]]:
    """Find what is wrong with what a file holds."""
    if suffix == ".svg":
        if live := _LIVE.search(data):
            yield "svg-live", {"piece": live[0].decode("utf-8", "replace").strip()}
        elif b"<svg" not in data:
            yield "media-other", {"format": suffix}
    elif not data.startswith(_FIRST[suffix]):
        yield "media-other", {"format": suffix}
    elif name == "icon":
        width, height = struct.unpack(">II", data[16:24]) if len(data) >= 24 else (0, 0)
        if (width, height) != (_ICON, _ICON):
            yield "icon-size", {"width": width, "height": height, "wanted": _ICON}


# How a file of each form begins.
_FIRST = {".png": b"\x89PNG\r\n\x1a\n", ".jpg": b"\xff\xd8\xff", ".woff2": b"wOF2"}
