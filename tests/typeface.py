"""A typeface made by hand: one square for each of its signs, so that what a sheet is set in can be told."""

from __future__ import annotations

import struct
from collections.abc import Sequence

_EM = 1000
# One contour of four points: a square of 600 units on the line.
_SQUARE = struct.pack(">hhhhhHH4B", 1, 100, 0, 700, 600, 3, 0, 1, 1, 1, 1) + struct.pack(
    ">8h", 100, 600, 0, -600, 0, 0, 600, 0
)


def make_typeface(family: str, signs: Sequence[str], weight: int = 400) -> bytes:
    """Return a TrueType font of this family that draws these signs, with a character map of form 4."""
    codes = sorted(map(ord, signs))
    glyphs = [_SQUARE] * (len(codes) + 1)  # the first stands for a sign that is not there
    places = [0]
    for glyph in glyphs:
        places.append(places[-1] + len(glyph))
    tables = {
        b"OS/2": _os2(weight, codes),
        b"cmap": _cmap(codes),
        b"glyf": b"".join(glyphs),
        b"head": struct.pack(
            ">LLLLHHqqhhhhHHhhh",
            0x10000,
            0x10000,
            0,
            0x5F0F3CF5,
            3,
            _EM,
            0,
            0,
            100,
            0,
            700,
            600,
            0,
            8,
            2,
            1,
            0,
        ),
        b"hhea": struct.pack(
            ">LhhhHhhhhhh4hhH", 0x10000, 800, -200, 0, 800, 100, 100, 700, 1, 0, 0, *[0] * 5, len(glyphs)
        ),
        b"hmtx": struct.pack(">Hh", 800, 100) * len(glyphs),
        b"loca": struct.pack(f">{len(places)}L", *places),
        b"maxp": struct.pack(">LH13H", 0x10000, len(glyphs), 4, 1, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0),
        b"name": _name(family, weight),
        b"post": struct.pack(">LLhhLLLLL", 0x30000, 0, 0, 0, 0, 0, 0, 0, 0),
    }
    return _file(tables)


def _cmap(codes: Sequence[int]) -> bytes:
    """Return a map with a segment for each sign: half of them by their distance, half by a list of glyphs."""
    count = len(codes) + 1
    listed = [i for i in range(len(codes)) if i % 2]
    offsets = [2 * (count - i) + 2 * listed.index(i) if i in listed else 0 for i in range(len(codes))]
    deltas = [0 if i in listed else (i + 1 - code) & 0xFFFF for i, code in enumerate(codes)]
    body = b"".join(
        struct.pack(f">{len(values)}H", *values)
        for values in (
            [*codes, 0xFFFF],
            [0],
            [*codes, 0xFFFF],
            [*deltas, 1],
            [*offsets, 0],
            [i + 1 for i in listed],
        )
    )
    subtable = struct.pack(">HHHHHHH", 4, 14 + len(body), 0, 2 * count, 2, 0, 0) + body
    return struct.pack(">HHHHL", 0, 1, 3, 1, 12) + subtable


def _name(family: str, weight: int) -> bytes:
    style = "Bold" if weight >= 700 else "Regular"
    named = {1: family, 2: style, 4: f"{family} {style}", 6: f"{family}-{style}".replace(" ", "")}
    texts = {number: text.encode("utf-16-be") for number, text in named.items()}
    rows, start = b"", 0
    for number, text in texts.items():
        rows += struct.pack(">6H", 3, 1, 0x409, number, len(text), start)
        start += len(text)
    return struct.pack(">3H", 0, len(texts), 6 + len(rows)) + rows + b"".join(texts.values())


def _os2(weight: int, codes: Sequence[int]) -> bytes:
    head = struct.pack(">HhHHH11h", 4, 800, weight, 5, 0, *[100] * 10, 0)
    kind = bytes(10) + struct.pack(">4L4s", 0, 0, 0, 0, b"NONE")
    rest = struct.pack(
        ">HHHhhhHHLLhhHHH",
        0x40,
        codes[0],
        min(codes[-1], 0xFFFF),
        800,
        -200,
        0,
        800,
        200,
        0,
        0,
        500,
        700,
        0,
        0,
        0,
    )
    return head + kind + rest


def _file(tables: dict[bytes, bytes]) -> bytes:
    rows, data = b"", b""
    start = 12 + 16 * len(tables)
    for tag, table in sorted(tables.items()):
        padded = table + bytes(-len(table) % 4)
        total = sum(struct.unpack(f">{len(padded) // 4}L", padded)) & 0xFFFFFFFF
        rows += tag + struct.pack(">LLL", total, start + len(data), len(table))
        data += padded
    return struct.pack(">LHHHH", 0x10000, len(tables), 128, 3, 0) + rows + data
