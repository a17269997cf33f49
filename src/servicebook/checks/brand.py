"""The brand: colours that can be read, and files that are there, of the right form, and harmless."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from servicebook.base.problems import Problem
from servicebook.checks.finding import problem_at
from servicebook.checks.glyphs import is_font
from servicebook.checks.media import Fault, faults_of
from servicebook.content.colours import contrast, nearest, rounded
from servicebook.content.content import Content
from servicebook.content.model.brand import CONTRASTS, FILES, FONTS
from servicebook.content.pictures import size_of

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
    for place, written in enumerate(settings.brand.fonts):
        for rule, values in _faults_of_font(content.root, written):
            yield problem_at(content, settings, ("brand", "fonts", place), rule, name=written, **values)


def _faults_of(root: Path, name: str, written: str) -> Iterator[Fault]:
    found = list(faults_of(root, written, *FILES[name]))
    yield from found
    if name == "icon" and not found:
        width, height = size_of(root / written) or (0, 0)
        if (width, height) != (_ICON, _ICON):
            yield "icon-size", {"width": width, "height": height, "wanted": _ICON}


def _faults_of_font(root: Path, written: str) -> Iterator[Fault]:
    found = list(faults_of(root, written, *FONTS))
    yield from found
    if not found and not is_font(root / written):
        yield "media-broken", {}
