"""Characters that nobody sees, told by their code where they do no work."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Any

from yaml.nodes import Node, ScalarNode

from servicebook.base.problems import Location, Problem, Severity
from servicebook.base.yaml_source import location_after, location_of, nodes_of

_SPACES = "\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"
_JOINERS = "\u180e\u200c\u200d"
_DIRECTIONS = "\u061c\u200e\u200f\u202a-\u202c\u2066-\u2069"
_TAGS = "\U000e0020-\U000e007f"
_INVISIBLE = re.compile(
    f"[{_JOINERS}{_DIRECTIONS}{_TAGS}\u00ad\u115f\u200b\u202d\u202e\u2060-\u2064\u206a-\u206f\u3164\ufeff\uffa0]"
)
_ODD_SPACE = re.compile(f"[{_SPACES}]")
# A space of another kind where YAML looks for its own: of an indentation, after a colon or a dash.
_IN_PLACE_OF_SPACE = re.compile(f"^ *(?:- +)*(?:[\\w-]+:|-)?([{_SPACES}])", re.MULTILINE)
# A space of another kind that a text begins or ends with, or that follows a dash before it.
_AT_END = re.compile(f"(?<=^-)[{_SPACES}]|^[{_SPACES}]|[{_SPACES}]$")
# What a terminal obeys, and what has signs stand where they were not written.
_OBEYED = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
# Letters of other scripts that look like Latin ones, and these.
_TWINS = str.maketrans(
    "\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0456\u0458\u0455\u0501\u04cf"
    "\u0410\u0412\u0415\u041a\u041c\u041d\u041e\u0420\u0421\u0422\u0425\u0405\u0406\u0408"
    "\u0391\u0392\u0395\u0396\u0397\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a5\u03a7\u03bf",
    "aeopcyxijsdlABEKMHOPCTXSIJABEZHIKMNOPTYXo",
)
# What a letter of UTF-8 becomes where a program takes it for Windows' own encoding, and what that has for the
# second of its bytes. After a capital, as in Portuguese, it is a letter of the word.
_SECOND = "\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122"
_SPOILED = ("Ã", "Â", "â€")
_GARBLED = re.compile(f"(?<![^\\W\\d_a-zà-ÿ])[ÃÂ][{_SECOND}]|â€[{_SECOND}]")
_IN_PARTS = re.compile("[A-Za-z][\u0300-\u036f]")
_FLAG = re.compile(f"\U0001f3f4[{_TAGS}]+")
# A sign, an arrow, the colour of a skin, and what asks for a picture instead of a sign.
_EMOJI = ("So", "Sm", "Sk", "Mn")
# Scripts that join and part letters, and that are read from the right, begin here; Latin goes on far behind.
_OTHER_SCRIPTS, _MORE_LATIN, _AFTER_SIGNS = 0x0590, 0x1E00, 0x2E80


def find_invisible(root: Node, text: str, shown: str) -> Iterator[Problem]:
    """Yield a problem for each character of a file that cannot be seen and has no work there.

    A space that does not break has its place in a text, and none at its ends or in the name of a field.
    """
    yield from find_unseen(text, shown)
    has_odd, has_escapes = _ODD_SPACE.search(text), "\\" in text
    for node in nodes_of(root) if has_odd or has_escapes else ():
        if not isinstance(node, ScalarNode):
            continue
        start = node.start_mark
        if not node.style and (odd := _AT_END.search(node.value)):
            on_line = start.line == node.end_mark.line
            column = start.column + 1 + (odd.start() if on_line else 0)
            yield _problem(odd.group(), Location(shown, start.line + 1, column))
        elif node.style == '"' and not _INVISIBLE.search(text, start.index, node.end_mark.index):
            for found in _INVISIBLE.finditer(node.value):
                if not _works(node.value, found.start()):
                    yield _problem(found.group(), location_of(node, shown))


def find_unseen(text: str, shown: str) -> Iterator[Problem]:
    """Yield a problem for each character of any text that cannot be seen and has no work there."""
    flags = [range(*flag.span()) for flag in _FLAG.finditer(text)]
    for found in _INVISIBLE.finditer(text):
        place = found.start()
        if not (any(place in flag for flag in flags) or _works(text, place)):
            yield _problem(found.group(), location_after(text[:place], shown))


def find_garbled(text: str, shown: str) -> Iterator[Problem]:
    """Yield a warning for the first letter that another program spoiled, and for the first in two parts.

    Where there is one there are as many as the text has accents.
    """
    # Hardly any text has either, and to walk through all of them takes longer than to look whether one may.
    for found in _GARBLED.finditer(text) if any(sign in text for sign in _SPOILED) else ():
        meant = _as_meant(found.group())
        if meant:
            values = {"text": found.group(), "meant": meant}
            place = location_after(text[: found.start()], shown)
            yield Problem(place, "garbled", values, Severity.WARNING)
            break
    for found in () if unicodedata.is_normalized("NFC", text) else _IN_PARTS.finditer(text):
        letter = unicodedata.normalize("NFC", found.group())
        if len(letter) == 1:
            place = location_after(text[: found.start()], shown)
            yield Problem(place, "letter-in-parts", {"letter": letter}, Severity.WARNING)
            break


def _as_meant(garbled: str) -> str:
    """Return the letter that a text is what another encoding made of, or nothing."""
    try:
        meant = garbled.encode("cp1252").decode()
    except UnicodeError:
        return ""
    return meant if len(meant) == 1 and meant.isprintable() else ""


def explain_space(text: str, problem: Problem) -> Problem:
    """Return a problem of YAML's form, or where such a space caused it, on its line, the problem of that."""
    lines = text.splitlines()
    for number in (problem.location.line, problem.location.line - 1):
        line = lines[number - 1] if 0 < number <= len(lines) else ""
        if odd := _IN_PLACE_OF_SPACE.match(line):
            return _problem(odd[1], Location(problem.location.path, number, odd.start(1) + 1))
    return problem


def without_invisible(data: Any) -> Any:
    """Return a file's data as it reads, so that of a character that is told nothing else is said."""
    if isinstance(data, str):
        return _INVISIBLE.sub("", data).strip()
    if isinstance(data, list):
        return [without_invisible(one) for one in data]
    if isinstance(data, dict):
        return {without_invisible(key): without_invisible(value) for key, value in data.items()}
    return data


def with_codes(text: str) -> str:
    """Return a text that nobody has checked with the codes of what a terminal would obey in their places."""
    return _OBEYED.sub(lambda found: f"(U+{ord(found.group()):04X})", text)


def look_alike(one: str, other: str) -> bool:
    """Tell whether nobody can see what two texts differ in."""
    return _looks(one) == _looks(other)


def with_unseen(text: str) -> str:
    """Return a text with the codes of what looks like something else, or like nothing at all."""
    parts = []
    for sign in text:
        code = f"(U+{ord(sign):04X})"
        if _INVISIBLE.match(sign) or _ODD_SPACE.match(sign):
            parts.append(code)
        else:
            is_odd = ord(sign) in _TWINS or unicodedata.combining(sign)
            parts.append(sign + code if is_odd else sign)
    return "".join(parts)


def _looks(text: str) -> str:
    seen = _INVISIBLE.sub("", text).translate(_TWINS)
    return " ".join(unicodedata.normalize("NFC", seen).split())


def _problem(sign: str, location: Location) -> Problem:
    return Problem(location, "invisible-character", {"code": f"{ord(sign):04X}"})


def _works(text: str, place: int) -> bool:
    """Tell whether a character that cannot be seen changes how its neighbours look."""
    sign, before, after = text[place], text[place - 1 : place], text[place + 1 : place + 2]
    if re.match(f"[{_JOINERS}]", sign):
        joined = all(one and unicodedata.category(one) in _EMOJI for one in (before, after))
        return joined or _is_of_other_script(before)
    if re.match(f"[{_DIRECTIONS}]", sign):
        line = text[text.rfind("\n", 0, place) + 1 : (text + "\n").index("\n", place)]
        return any(unicodedata.bidirectional(one) in ("R", "AL") for one in line if one.isalpha())
    return False


def _is_of_other_script(sign: str) -> bool:
    code = ord(sign or "\0")
    return (
        code >= _OTHER_SCRIPTS
        and not _MORE_LATIN <= code < _AFTER_SIGNS
        and unicodedata.category(sign)[0] in "LM"
    )
