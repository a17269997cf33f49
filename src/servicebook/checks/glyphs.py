"""The signs that printed sheets can show: what the paper's fonts have a drawing of."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from servicebook.base.resources import FONTS

# Every font of ours draws the letters and signs of western European languages.
_RARE = re.compile("[^\x00-\xff]")
# In the order in which a sign is looked for; each has its licence beside it.
_FILES = (
    "AtkinsonHyperlegibleNext-Regular.ttf",
    "AtkinsonHyperlegibleNext-Bold.ttf",
    "SourceSans3-Regular.otf",
    "NotoEmoji-Regular.ttf",
)


class FontMissingError(Exception):
    """Raised when a font that comes with the engine is not in the folder where it should be."""

    def __init__(self, name: str, folder: Path) -> None:
        super().__init__(name, folder)
        self.name = name
        self.folder = folder


def font_files() -> list[Path]:
    """Return the paper's fonts. Raises FontMissingError when one is not there."""
    for name in _FILES:
        if not (FONTS / name).is_file():
            raise FontMissingError(name, FONTS)
    return [FONTS / name for name in _FILES]


@cache
def printable() -> frozenset[int]:
    """Return the code points that the paper's fonts can draw. Raises FontMissingError."""
    fonts = [path.read_bytes() for path in font_files()]
    return frozenset(code for font in fonts for code in _code_points(font))


def find_unprintable(text: str) -> list[str]:
    """Return the signs of a text that no sheet can show, each once."""
    return list(dict.fromkeys(sign for sign in _RARE.findall(text) if ord(sign) not in printable()))


def _code_points(font: bytes) -> Iterator[int]:
    """Yield what a font's character map covers, from its subtable of format 12 (OpenType's `cmap`)."""
    tables = struct.unpack_from(">H", font, 4)[0]
    entries = (struct.unpack_from(">4sLLL", font, 12 + 16 * i) for i in range(tables))
    start = next(offset for tag, _, offset, _ in entries if tag == b"cmap")
    for i in range(struct.unpack_from(">H", font, start + 2)[0]):
        subtable = start + struct.unpack_from(">HHL", font, start + 4 + 8 * i)[2]
        if struct.unpack_from(">H", font, subtable)[0] == 12:
            for j in range(struct.unpack_from(">L", font, subtable + 12)[0]):
                first, last, _ = struct.unpack_from(">LLL", font, subtable + 16 + 12 * j)
                yield from range(first, last + 1)
