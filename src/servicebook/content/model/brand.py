"""What a playbook looks like: its owner's colours, and the files of its logo, icon, card and typeface."""

from __future__ import annotations

from typing import Annotated

from pydantic import StringConstraints

from servicebook.content.model.media import MediaFile
from servicebook.content.model.types import FORMATS, Model

Colour = Annotated[str, StringConstraints(pattern=FORMATS["colour"])]


class Brand(Model):
    """What is left out is the engine's own. Files stand in the playbook's `media` folder."""

    colour: Colour | None = None
    link: Colour | None = None
    accent: Colour | None = None
    logo: MediaFile | None = None
    icon: MediaFile | None = None
    card: MediaFile | None = None
    font: MediaFile | None = None
    fonts: tuple[MediaFile, ...] = ()

    @property
    def files(self) -> dict[str, str]:
        """The files of its pages, below the playbook's folder, by what each is."""
        return {name: path for name in FILES if (path := getattr(self, name))}

    @property
    def named(self) -> tuple[str, ...]:
        """All files that are named, with those of paper alone."""
        return (*self.files.values(), *self.fonts)


# The colour of a playbook that names none.
COLOUR = "#0f4347"
# What of it is a file, with the endings that it may have and the most kilobytes.
FILES: dict[str, tuple[tuple[str, ...], int]] = {
    "logo": ((".svg", ".png"), 100),
    "icon": ((".png",), 300),
    "card": ((".png", ".jpg"), 600),
    "font": ((".woff2",), 200),
}
# The typefaces of paper, before the engine's own; those of Chinese and Japanese are the largest.
FONTS = ((".ttf", ".otf"), 20_000)
# Each colour with what it is seen against, and the contrast that it needs: text, links, ink on the accent.
CONTRASTS = {"colour": ("#ffffff", 4.5), "link": ("#f4f2ec", 4.5), "accent": ("#16211f", 4.5)}
