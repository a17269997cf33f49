"""Sheets to PDF by Typst: the same sheet and size give the same bytes.

What a sheet says reaches its template as JSON, never as markup, so no text can be taken for a command.
Fonts are the package's own: a machine's fonts would make other bytes on another machine.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Set
from functools import cache, lru_cache
from pathlib import Path
from threading import Event, local
from typing import Any

import segno
import typst

from servicebook.base.files import version_of
from servicebook.base.problems import BuildError
from servicebook.checks.glyphs import families, font_files, looked_through, printable
from servicebook.content.model.settings import Settings
from servicebook.language.messages import Messages
from servicebook.paper.pages import pages_in
from servicebook.paper.sheet import Sheet
from servicebook.views.summaries import edition_said

FOLDER = Path(__file__).parent
_PAPER = {"A4": "a4", "Letter": "us-letter"}
# The areas of the catalogue that templates take their labels from.
_AREAS = ("paper", "scenario", "customer", "phrase", "standard")
# What stands for a character that our fonts have no drawing of; `check` warns of it.
_MISSING = ord("\N{WHITE SQUARE}")
# Nobody sees it, our fonts have it, and PDF/UA refuses it: text pasted from a file may begin with it.
_BYTE_ORDER_MARK = 0xFEFF
_LOOKS = range(4)  # as many as `common.typ` has
# What may only break by the rules of `breakable` in `common.typ`.
_DELICATE = re.compile(r"\S{22,}|\w-\w")
# A compiler keeps what it has read and set; each thread has its own.
_compilers = local()
# Fonts of a playbook, each with what tells its version.
_Fonts = tuple[tuple[Path, object], ...]
_started = Event()


def render_pdf(
    sheet: Sheet, size: str, settings: Settings, say: Messages, own: tuple[Path, ...] = ()
) -> bytes:
    """Return a sheet as a tagged PDF (PDF/UA-1) in a paper size of `sheets.SIZES`.

    A playbook's `own` fonts are looked through before the package's.
    """
    form = say(f"paper.form.{sheet.form}")
    data = {
        "paper": _PAPER[size],
        "language": say.language,
        "organisation": settings.organisation,
        "form": form,
        "id": sheet.id,
        "title": sheet.title,
        "document": f"{sheet.title} · {form}",
        "edition": edition_said(settings.edition, say),
        "edition_name": settings.edition.name,
        "address": sheet.address,
        "link": sheet.link,
        "colon": say("language.colon"),
        "rtl": say.direction == "rtl",
        "fonts": [*dict.fromkeys(families(own).values())],
        "say": {f"{area}.{key}": text for area in _AREAS for key, text in say.under(area).items()},
        **({"brand": settings.brand.colour} if settings.brand.colour else {}),
        **sheet.content,
    }
    return _set(
        sheet, {**_with_codes(data), "delicate": bool(_DELICATE.search(str(sheet.content)))}, say, own
    )


def _set(sheet: Sheet, data: dict[str, Any], say: Messages, own: tuple[Path, ...]) -> bytes:
    """Return the PDF at the roomiest look that keeps to the sheet's number of pages, or takes the fewest."""
    best: tuple[int, bytes] | None = None
    for look in _LOOKS:
        text = to_printable(json.dumps({**data, "look": look}, ensure_ascii=False), own)
        try:
            compiled = _compiler(sheet.form, own).compile(
                sys_inputs={"sheet": text}, format="pdf", pdf_standards=["ua-1"]
            )
        except typst.TypstError as error:
            # Our templates take any words; what they may stumble over is a picture that is not what it seems.
            raise BuildError(say("build.paper-failed", title=sheet.title, reason=str(error))) from error
        assert isinstance(compiled, bytes)  # noqa: S101 - a PDF is one file
        pages = pages_in(compiled)
        if best is None or pages < best[0]:
            best = (pages, compiled)
        if sheet.pages is None or pages <= sheet.pages:
            break
    assert best  # noqa: S101 - there are looks
    return best[1]


@cache
def qr_png(link: str) -> bytes:
    """Return the QR code of an address as a PNG with its quiet zone, eight dots to a module.

    A picture is stored once in a document of many pages, where a drawing is stored on every page.
    """
    out = io.BytesIO()
    segno.make(link, error="m", micro=False).save(out, kind="png", border=4, scale=8)
    return out.getvalue()


def has_threads() -> bool:
    """Tell whether Typst has set something in this process.

    It starts threads of its own then, and a process forked after that would wait for them forever.
    """
    return _started.is_set()


def to_printable(text: str, own: tuple[Path, ...] = ()) -> str:
    """Return the text with a box in the place of every character that no font of paper can draw."""
    return text.translate(_replacements(printable(own)))


class _Replacements(dict[int, int | None]):
    """A table for `str.translate`, filled as characters come up."""

    def __init__(self, drawn: Set[int]) -> None:
        super().__init__({_BYTE_ORDER_MARK: None})
        self._drawn = drawn

    def __missing__(self, code: int) -> int | None:
        self[code] = code if code in self._drawn else _MISSING
        return self[code]


@lru_cache(maxsize=8)
def _replacements(drawn: frozenset[int]) -> _Replacements:
    return _Replacements(drawn)


def _with_codes(value: Any) -> Any:
    """Return the data with a QR code beside every link in it."""
    if isinstance(value, list):
        return [_with_codes(inner) for inner in value]
    if not isinstance(value, dict):
        return value
    found = {key: _with_codes(inner) for key, inner in value.items()}
    return {**found, "qr": list(qr_png(found["link"]))} if "link" in found else found


def _compiler(form: str, own: tuple[Path, ...]) -> typst.Compiler:
    """Return this thread's compiler of a template, with these fonts as they are now."""
    if not hasattr(_compilers, "by_form"):
        _compilers.by_form = {}
    by_form: dict[str, tuple[_Fonts, typst.Compiler]] = _compilers.by_form
    _started.set()
    fonts = tuple((path, version_of(path)) for path in (*own, *looked_through(own)))
    if form not in by_form or by_form[form][0] != fonts:
        template = FOLDER / f"{form}.typ"
        faces = _fonts(tuple(path.parent for path in own), fonts)
        compiler = typst.Compiler(template, root=FOLDER, font_paths=faces, ignore_system_fonts=True)
        by_form[form] = (fonts, compiler)
    return by_form[form][1]


@lru_cache(maxsize=4)
def _fonts(own: tuple[Path, ...], versions: _Fonts) -> typst.Fonts:
    """Return the fonts in our folder and in these, which are read again where one has another version."""
    folders = dict.fromkeys((*(path.parent for path in font_files()), *own))
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[*folders])
