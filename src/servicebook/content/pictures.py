"""How large a picture is, and whether it is whole: pages leave it its room before it is there.

Only the heads of five formats are read, so that no library that opens pictures has to be trusted with them.
"""

from __future__ import annotations

import re
import struct
import zlib
from pathlib import Path

from servicebook.content.drawings import is_whole_drawing

_SVG = re.compile(rb"<svg\b[^>]*>")
_VIEW_BOX = re.compile(rb"""\sviewBox\s*=\s*["'][\d.+-]+[\s,]+[\d.+-]+[\s,]+([\d.]+)[\s,]+([\d.]+)\s*["']""")
_SIDES = tuple(
    re.compile(rb"""\s%s\s*=\s*["']\s*([\d.]+)(?:px)?\s*["']""" % side) for side in (b"width", b"height")
)
# The segments of a JPEG that say its size, and those that have no length.
_FRAMES = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})
_BARE = frozenset({0x01, *range(0xD0, 0xD9)})


def size_of(path: Path) -> tuple[int, int] | None:
    """Return the width and height of a picture in pixels, or None where it does not say them."""
    data = path.read_bytes()
    try:
        found = _READERS[path.suffix.lower()](data)
    except (struct.error, IndexError, ValueError):
        return None
    return found if found and min(found) >= 1 else None


def _png(data: bytes) -> tuple[int, int]:
    width, height = struct.unpack_from(">II", data, 16)
    return width, height


def _jpeg(data: bytes) -> tuple[int, int] | None:
    place = 2
    while data[place] == 0xFF:
        mark = data[place + 1]
        if mark in _FRAMES:
            height, width = struct.unpack_from(">HH", data, place + 5)
            return width, height
        # A mark may be filled up with more of the same byte.
        place += 1 if mark == 0xFF else 2 if mark in _BARE else 2 + _length(data, place + 2)
    return None


def _length(data: bytes, place: int) -> int:
    (length,) = struct.unpack_from(">H", data, place)
    return int(length)


def _webp(data: bytes) -> tuple[int, int] | None:
    match data[12:16]:
        case b"VP8 ":
            width, height = struct.unpack_from("<HH", data, 26)
            return width & 0x3FFF, height & 0x3FFF
        case b"VP8L":
            (packed,) = struct.unpack_from("<I", data, 21)
            return (packed & 0x3FFF) + 1, (packed >> 14 & 0x3FFF) + 1
        case b"VP8X":
            return int.from_bytes(data[24:27], "little") + 1, int.from_bytes(data[27:30], "little") + 1
    return None


def _svg(data: bytes) -> tuple[int, int] | None:
    head = _SVG.search(data)
    if not head:
        return None
    if box := _VIEW_BOX.search(head[0]):
        return round(float(box[1])), round(float(box[2]))
    sides = [side.search(head[0]) for side in _SIDES]
    width, height = (round(float(side[1])) if side else 0 for side in sides)
    return width, height


_READERS = {".png": _png, ".jpg": _jpeg, ".jpeg": _jpeg, ".webp": _webp, ".svg": _svg}


def is_whole(path: Path) -> bool:
    """Tell whether nothing of a picture is missing or damaged, as far as its format tells undrawn."""
    data = path.read_bytes()
    match path.suffix.lower():
        case ".png":
            return _has_whole_chunks(data)
        case ".jpg" | ".jpeg":
            return b"\xff\xd9" in data[-4096:]  # some cameras write more after the end
        case ".webp":
            return int.from_bytes(data[4:8], "little") + 8 <= len(data)
        case ".svg":
            return is_whole_drawing(data)
    return True


def _has_whole_chunks(data: bytes) -> bool:
    """Tell whether the chunks of a PNG are as they were written, to the last one."""
    place = 8
    while place + 12 <= len(data):
        length = int.from_bytes(data[place : place + 4], "big")
        name, end = data[place + 4 : place + 8], place + 8 + length
        if data[end : end + 4] != struct.pack(">I", zlib.crc32(data[place + 4 : end])):
            return False
        if name == b"IEND":
            return True
        place = end + 4
    return False
