"""The signs that printed sheets can show: what the paper's fonts have a drawing of."""

from __future__ import annotations

import os
import re
import struct
from collections.abc import Iterable, Iterator, Sequence, Set
from functools import lru_cache
from pathlib import Path
from unicodedata import category

from servicebook.base.files import files_in, version_of
from servicebook.base.resources import FONTS, FontMissingError
from servicebook.content.model.settings import Settings

# Every font of ours draws the letters and signs of western European languages.
_RARE = re.compile("[^\x00-\xff]")
# What ends a character map of format 4, and is no sign.
_NO_SIGN = 0xFFFF
# Unicode ends here, whatever a map claims.
_LAST = 0x10FFFF
# What the typesetter takes for fonts in a folder.
_SUFFIXES = (".ttf", ".otf", ".ttc", ".otc")
# In the order in which a sign is looked for; each has its licence beside it.
_FILES = (
    "AtkinsonHyperlegibleNext-Regular.ttf",
    "AtkinsonHyperlegibleNext-Bold.ttf",
    "SourceSans3-Regular.otf",
    "NotoEmoji-Regular.ttf",
)


def font_files() -> list[Path]:
    """Return the paper's fonts. Raises FontMissingError when one is not there."""
    for name in _FILES:
        if not (FONTS / name).is_file():
            raise FontMissingError(name, FONTS)
    return [FONTS / name for name in _FILES]


def own_fonts(settings: Settings | None, root: Path) -> tuple[Path, ...]:
    """Return the fonts that a playbook brings for its paper and that can be used, as it orders them."""
    named = [root / written for written in settings.brand.fonts] if settings else []
    return tuple(path for path in families(filter(Path.is_file, named)) if _signs_in(path, version_of(path)))


def is_font(path: Path) -> bool:
    """Tell whether a file is a font: the typesetter knows its family, and it draws some signs."""
    return path in families((path,)) and bool(_signs_in(path, version_of(path)))


def looked_through(own: Iterable[Path]) -> list[Path]:
    """Return every font that the typesetter finds with a playbook's own: it is given their folders."""
    folders = dict.fromkeys(path.parent for path in own)
    files = (Path(file.path) for folder in folders for file in files_in(folder))
    return [path for path in files if path.suffix.lower() in _SUFFIXES and os.access(path, os.R_OK)]


def families(fonts: Iterable[Path]) -> dict[Path, str]:
    """Return the names that the typesetter knows fonts by; one that it cannot use is left out."""
    return _families(tuple((path, version_of(path)) for path in fonts))


def printable(own: Sequence[Path] = ()) -> frozenset[int]:
    """Return the code points that the paper's fonts and these can draw. Raises FontMissingError."""
    return _signs_of(tuple((path, version_of(path)) for path in (*font_files(), *own)))


def find_unprintable(text: str, drawn: Set[int]) -> list[str]:
    """Return the signs of a text that no sheet can show, each once, where fonts draw these code points."""
    # What joins signs or turns their direction is no sign; it has its own check.
    rare = (sign for sign in _RARE.findall(text) if ord(sign) not in drawn)
    return list(dict.fromkeys(sign for sign in rare if category(sign) != "Cf"))


@lru_cache(maxsize=8)
def _families(fonts: tuple[tuple[Path, object], ...]) -> dict[Path, str]:
    if not fonts:
        return {}
    import typst  # here, since nearly no playbook has fonts of its own

    found: dict[Path, str] = {}
    for folder in dict.fromkeys(path.parent for path, _ in fonts):
        known = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder])
        found |= {Path(font.path): font.family for font in known.fonts() if font.path}
    return {path: found[path] for path, _ in fonts if path in found}


@lru_cache(maxsize=8)
def _signs_of(fonts: tuple[tuple[Path, object], ...]) -> frozenset[int]:
    return frozenset().union(*(_signs_in(*font) for font in fonts))


@lru_cache(maxsize=32)
def _signs_in(path: Path, version: object) -> frozenset[int]:
    """Return the code points that a version of a font can draw; none of what is no font."""
    try:
        return frozenset(_code_points(path.read_bytes()))
    except (struct.error, StopIteration, IndexError):
        return frozenset()


def _code_points(font: bytes) -> Iterator[int]:
    """Yield what a font's character map (OpenType's `cmap`) covers, by its form 12 or else 4."""
    tables = struct.unpack_from(">H", font, 4)[0]
    entries = (struct.unpack_from(">4sLLL", font, 12 + 16 * i) for i in range(tables))
    start = next(offset for tag, _, offset, _ in entries if tag == b"cmap")
    count = struct.unpack_from(">H", font, start + 2)[0]
    subtables = [start + struct.unpack_from(">HHL", font, start + 4 + 8 * i)[2] for i in range(count)]
    forms = {place: struct.unpack_from(">H", font, place)[0] for place in subtables}
    for wanted, read in ((12, _groups), (4, _segments)):
        if wanted in forms.values():
            for place in (place for place, form in forms.items() if form == wanted):
                yield from read(font, place)
            return


def _groups(font: bytes, start: int) -> Iterator[int]:
    done = -1  # groups are in order, so what one claims of those before it would only be told again
    for j in range(struct.unpack_from(">L", font, start + 12)[0]):
        first, last, _ = struct.unpack_from(">LLL", font, start + 16 + 12 * j)
        last = min(last, _LAST)
        yield from range(max(first, done + 1), last + 1)
        done = max(done, last)


def _segments(font: bytes, start: int) -> Iterator[int]:
    count = struct.unpack_from(">H", font, start + 6)[0] // 2
    ends, starts, deltas, offsets = (
        struct.unpack_from(f">{count}H", font, start + place + 2 * count * i)
        for i, place in enumerate((14, 16, 16, 16))
    )
    done = -1
    for j, (first, last, delta, offset) in enumerate(zip(starts, ends, deltas, offsets, strict=True)):
        begin, done = max(first, done + 1), max(done, last)
        for code in range(begin, last + 1):
            glyph = code + delta
            if offset:
                place = start + 16 + 6 * count + 2 * j + offset + 2 * (code - first)
                glyph = struct.unpack_from(">H", font, place)[0]
            if glyph & 0xFFFF and code != _NO_SIGN:
                yield code
