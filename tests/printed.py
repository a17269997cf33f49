"""What a finished PDF says and shows, read from its bytes alone: the measure of the tests of paper.

A reading is plain data, so that documents can be read by one process a core.
"""

from __future__ import annotations

import ctypes
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pypdf
import pypdfium2 as pdfium  # type: ignore[import-untyped]
import pypdfium2.raw as raw  # type: ignore[import-untyped]
import zxingcpp

MM = 72 / 25.4
# Dots for each point of the page: what an office printer draws a code with, and half of it.
_SCALE = 150 / 72
_SPACE = re.compile(r"\s+")
_TICK_SIDES = (5 * MM, 6 * MM)
_SIGN_SIDES = (2.5 * MM, 6.5 * MM)
# What people read standing up is of this size or more.
READABLE = 10.5

# What is cut out, and the lines across a sheet, are longer than this.
_LONG = 40 * MM

Box = tuple[float, float, float, float]  # left, bottom, right, top
Colour = tuple[int, int, int]


@dataclass(frozen=True)
class Card:
    """A large rectangle that is drawn, and the text in it without spaces."""

    box: Box
    text: str


@dataclass(frozen=True)
class Stroke:
    """A long line across a sheet: where it lies, and whether it is dashed."""

    box: Box
    is_dashed: bool


@dataclass(frozen=True)
class PageReading:
    """One page: its texts without spaces, as they stand and in the order in which they are read aloud."""

    width: float
    height: float
    text: str
    spoken: str
    lines: list[Box]
    font_sizes: set[float]
    # What is drawn in one go, with its size, and the texts of `READABLE` size or more, without spaces.
    runs: list[tuple[str, float]]
    readable: str
    # What is drawn in one go, with where it stands.
    placed: list[tuple[str, Box]]
    # The name of each font, and whether it travels with the file.
    fonts: set[tuple[str, bool]]
    # The squares to tick, from the middle of one line to the middle of the other.
    ticks: list[Box]
    # The small squares that say what to do and what not to: whether each is dark.
    signs: list[bool]
    pictures: list[Box]
    cards: list[Card]
    strokes: list[Stroke]
    inks: set[Colour]
    other_colours: set[Colour]
    # What the codes say, and whether all that a picture has of colour is grey.
    codes: list[str]
    has_grey_pictures: bool


@dataclass(frozen=True)
class Reading:
    """A document: its pages, and what a program that speaks is told of it."""

    pages: list[PageReading]
    title: str
    language: str
    is_tagged: bool
    says_ua_1: bool


def read_pdf(pdf: bytes) -> Reading:
    """Return what is on the pages of a PDF, and what it says of itself."""
    document = pdfium.PdfDocument(pdf)
    root: Any = pypdf.PdfReader(io.BytesIO(pdf)).trailer["/Root"]
    return Reading(
        pages=[_read_page(document[i]) for i in range(len(document))],
        title=document.get_metadata_value("Title"),
        language=str(root["/Lang"]),
        is_tagged=bool(root["/MarkInfo"]["/Marked"]) and "/StructTreeRoot" in root,
        says_ua_1=b"<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_object().get_data(),
    )


def text_of(pdf: bytes) -> str:
    """Return all that a PDF says, without spaces."""
    document = pdfium.PdfDocument(pdf)
    return squeeze("".join(page.get_textpage().get_text_range() for page in document))


def lefts_of(pdf: bytes, signs: str) -> list[float]:
    """Return where on the first page each of these signs begins, in points from the left."""
    reader = pdfium.PdfDocument(pdf)[0].get_textpage()
    text = [reader.get_text_range(i, 1) for i in range(reader.count_chars())]
    return [reader.get_charbox(text.index(sign))[0] for sign in signs]


def squeeze(text: str) -> str:
    """Return a text without spaces, breaks and invisible joiners: what is left is what was printed."""
    return _SPACE.sub("", text).replace("￾", "-").replace("\u2060", "").replace("\x02", "-")


def _read_page(page: Any) -> PageReading:
    reader = page.get_textpage()
    objects = list(page.get_objects(max_depth=8))
    texts = [item for item in objects if item.type == raw.FPDF_PAGEOBJ_TEXT]
    paths = [item for item in objects if item.type == raw.FPDF_PAGEOBJ_PATH]
    images = [item for item in objects if item.type == raw.FPDF_PAGEOBJ_IMAGE]
    fonts = [raw.FPDFTextObj_GetFont(item) for item in texts]
    runs = [_run(item, reader) for item in texts]
    drawn = [_Drawn(page, item.get_bounds()) for item in images]
    width, height = page.get_size()
    return PageReading(
        width=width,
        height=height,
        text=squeeze(reader.get_text_range()),
        spoken=squeeze(_spoken(page, runs)),
        lines=[reader.get_rect(i) for i in range(reader.count_rects())],
        font_sizes={run.size for run in runs},
        runs=[(run.text, run.size) for run in runs],
        readable=squeeze("".join(run.text for run in runs if run.size >= READABLE)),
        placed=[(run.text, item.get_bounds()) for run, item in zip(runs, texts, strict=True)],
        fonts={(_name(font), raw.FPDFFont_GetIsEmbedded(font) == 1) for font in fonts},
        ticks=[box for item in paths if (box := _tick(item))],
        signs=[dark for item in paths if (dark := _sign(item)) is not None],
        pictures=[item.get_bounds() for item in images],
        cards=[_card(box, reader) for item in paths if (box := _frame(item))],
        strokes=[stroke for item in paths if (stroke := _stroke(item))],
        inks={_colour(raw.FPDFPageObj_GetFillColor, item) for item in texts},
        other_colours={colour for item in paths for colour in _drawn_with(item)},
        codes=[code.text for picture in drawn for code in zxingcpp.read_barcodes(picture.grey())],
        has_grey_pictures=all(picture.is_grey() for picture in drawn),
    )


@dataclass(frozen=True)
class _Run:
    """Letters drawn in one go: what they say, how large they are, and the number of their tag."""

    text: str
    size: float
    mark: int


# More letters than any run of ours has; a longer one is read a second time.
_LETTERS = 4096


def _run(item: Any, reader: Any) -> _Run:
    """Read a run once: the reader looks through the whole page for it."""
    buffer = (ctypes.c_ushort * _LETTERS)()
    length = raw.FPDFTextObj_GetText(item, reader, buffer, ctypes.sizeof(buffer)) // 2
    if length > _LETTERS:
        buffer = (ctypes.c_ushort * length)()
        raw.FPDFTextObj_GetText(item, reader, buffer, ctypes.sizeof(buffer))
    text = bytes(memoryview(buffer)[:length]).decode("utf-16-le").rstrip("\0")
    size = ctypes.c_float()
    assert raw.FPDFTextObj_GetFontSize(item, size)
    return _Run(text, round(size.value, 2), raw.FPDFPageObj_GetMarkedContentID(item))


def _name(font: Any) -> str:
    buffer = ctypes.create_string_buffer(200)
    raw.FPDFFont_GetBaseFontName(font, buffer, len(buffer))
    return buffer.value.decode()


def _tick(path: Any) -> Box | None:
    """Return the square that a path draws, if it is one to tick in."""
    left, bottom, right, top = path.get_bounds()
    # The bounds of a path are found with the whole width of its line, one point, on each side.
    box = (left + 1, bottom + 1, right - 1, top - 1)
    wide, high = box[2] - box[0], box[3] - box[1]
    least, most = _TICK_SIDES
    return box if abs(wide - high) < 0.1 and least <= wide <= most else None


def _sign(path: Any) -> bool | None:
    """Tell whether a small square is dark; None for a path that is none."""
    left, bottom, right, top = path.get_bounds()
    least, most = _SIGN_SIDES
    if abs((right - left) - (top - bottom)) > 0.2 or not least <= right - left <= most:
        return None
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    raw.FPDFPath_GetDrawMode(path, ctypes.byref(fill), ctypes.byref(stroke))
    return _colour(raw.FPDFPageObj_GetFillColor, path)[0] < 128 if fill.value else None


def _frame(path: Any) -> Box | None:
    """Return the middle of the line of a large rectangle; None for a path that is none."""
    left, bottom, right, top = path.get_bounds()
    width = _line_width(path)
    return (
        (left + width, bottom + width, right - width, top - width)
        if min(right - left, top - bottom) > _LONG
        else None
    )


def _card(box: Box, reader: Any) -> Card:
    left, bottom, right, top = box
    return Card(box, squeeze(reader.get_text_bounded(left, bottom, right, top)))


def _stroke(path: Any) -> Stroke | None:
    """Return a long line; None for a path that is none."""
    left, bottom, right, top = path.get_bounds()
    short, long = sorted((right - left, top - bottom))
    if long <= _LONG or short > 3:
        return None
    return Stroke((left, bottom, right, top), raw.FPDFPageObj_GetDashCount(path) > 0)


def _line_width(path: Any) -> float:
    width = ctypes.c_float()
    assert raw.FPDFPageObj_GetStrokeWidth(path, width)
    return width.value


def _colour(get: Any, item: Any) -> Colour:
    parts = [ctypes.c_uint() for _ in range(4)]
    assert get(item, *(ctypes.byref(part) for part in parts))
    red, green, blue, _ = (part.value for part in parts)
    return red, green, blue


def _drawn_with(path: Any) -> Iterator[Colour]:
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    raw.FPDFPath_GetDrawMode(path, ctypes.byref(fill), ctypes.byref(stroke))
    if fill.value:
        yield _colour(raw.FPDFPageObj_GetFillColor, path)
    if stroke.value:
        yield _colour(raw.FPDFPageObj_GetStrokeColor, path)


def _spoken(page: Any, runs: list[_Run]) -> str:
    """Return the page's text in the order of its tags; what is no content, such as a foot, is left out."""
    by_mark: dict[int, list[str]] = {}
    for run in runs:
        by_mark.setdefault(run.mark, []).append(run.text)
    tree = raw.FPDF_StructTree_GetForPage(page)
    try:
        tops = [
            raw.FPDF_StructTree_GetChildAtIndex(tree, i)
            for i in range(raw.FPDF_StructTree_CountChildren(tree))
        ]
        return "".join("".join(by_mark.get(mark, ())) for top in tops for mark in _marks(top))
    finally:
        raw.FPDF_StructTree_Close(tree)


def _marks(element: Any) -> Iterator[int]:
    for i in range(raw.FPDF_StructElement_CountChildren(element)):
        child = raw.FPDF_StructElement_GetChildAtIndex(element, i)
        if child:
            yield from _marks(child)
        elif (mark := raw.FPDF_StructElement_GetChildMarkedContentID(element, i)) >= 0:
            yield mark


class _Drawn:
    """A part of a page as a printer draws it, in three colours."""

    def __init__(self, page: Any, box: Box) -> None:
        left, bottom, right, top = box
        width, height = page.get_size()
        # A row more than the picture has, or rounding cuts its edge off.
        crop = (max(0, left - 1), max(0, bottom - 1), max(0, width - right - 1), max(0, height - top - 1))
        bitmap = page.render(scale=_SCALE, crop=crop)
        data = bytes(bitmap.buffer)
        self._channels = [data[i :: bitmap.n_channels] for i in range(3)]
        self._shape = (bitmap.height, bitmap.stride // bitmap.n_channels)

    def is_grey(self) -> bool:
        return len(set(self._channels)) == 1

    def grey(self) -> Any:
        """Return the pixels as rows of grey."""
        height, width = self._shape
        return memoryview(self._channels[1][: height * width]).cast("B", self._shape)
