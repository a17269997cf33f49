"""What an SVG holds, as a browser would read it: whole or not, and whether anything in it runs or is fetched.

It is looked through element by element. The bytes alone would tell little: a prefix, an entity or another
encoding writes the same script in other letters.
"""

from __future__ import annotations

import re
from xml.parsers import expat  # what it is given has no entities: it stops at the first sign of them

_ENCODING = "utf-8"
# What runs, holds a page, or changes an attribute after it was looked at.
_RUNNING = re.compile(r"script|foreignobject|iframe|embed|object|handler|set|animate\w*", re.IGNORECASE)
_XHTML = "http://www.w3.org/1999/xhtml"
# What leads elsewhere in an attribute or a style: a drawing refers to its own parts alone.
_ELSEWHERE = re.compile(r"javascript:|@import|image-set|url\((?!\s*+[\"']?\s*+#)[^)]{0,40}", re.IGNORECASE)
# A style may write any letter by its number.
_ESCAPE = re.compile(r"\\(?:([0-9a-f]{1,6})\s?|(.))", re.IGNORECASE)
_LARGEST_CODE = 0x10FFFF
_DAMAGED = (expat.ExpatError, UnicodeDecodeError)


class _LiveError(Exception):
    """Raised at the first piece that runs or comes from elsewhere."""


def live_piece(data: bytes) -> str | None:
    """Return the first piece of an SVG that runs code or takes something from elsewhere; None without one."""
    try:
        _parse(data)
    except _LiveError as error:
        return str(error)
    except _DAMAGED:
        return None
    return None


def is_whole_drawing(data: bytes) -> bool:
    """Tell whether an SVG is XML from its beginning to its end, in the one encoding that is read here."""
    try:
        _parse(data)
    except _LiveError:
        return True
    except _DAMAGED:
        return False
    return True


def _parse(data: bytes) -> None:
    """Read an SVG to its end. Raises one of _DAMAGED, or _LiveError at the first live piece."""
    parser = expat.ParserCreate()
    texts: list[str] = []
    parser.XmlDeclHandler = _require_encoding
    parser.StartDoctypeDeclHandler = lambda name, *_: _refuse("<!DOCTYPE")
    parser.ProcessingInstructionHandler = _look_at_instruction
    parser.StartElementHandler = _look_at_element
    parser.CharacterDataHandler = texts.append
    # As text: of bytes, the reader would guess another encoding by their first two.
    parser.Parse(data.decode(_ENCODING), True)
    # A style may be told in pieces, with comments between them.
    _look_at_text("".join(texts))


def _refuse(piece: str) -> None:
    raise _LiveError(piece)


def _require_encoding(version: str, encoding: str | None, standalone: int) -> None:
    if encoding and encoding.lower() != _ENCODING:
        raise expat.ExpatError(encoding)


def _look_at_instruction(target: str, text: str) -> None:
    if target.lower() == "xml-stylesheet":
        _refuse(f"<?{target}")


def _look_at_element(name: str, attributes: dict[str, str]) -> None:
    if _RUNNING.fullmatch(_own_name(name)):
        _refuse(f"<{name}")
    for attribute, value in attributes.items():
        own = _own_name(attribute).lower()
        is_link = own in ("href", "src") and not value.strip().startswith("#")
        if is_link or own.startswith("on") or value.strip() == _XHTML:
            _refuse(f"{attribute}={value[:40]}")
        _look_at_text(value)


def _look_at_text(text: str) -> None:
    if found := _ELSEWHERE.search(_ESCAPE.sub(_letter, text) if "\\" in text else text):
        _refuse(found[0])


def _letter(escape: re.Match[str]) -> str:
    if not escape[1]:
        return str(escape[2])
    code = int(escape[1], 16)
    return chr(code) if code <= _LARGEST_CODE else ""


def _own_name(name: str) -> str:
    """Return a name without the prefix of its namespace."""
    return name.rpartition(":")[2]
