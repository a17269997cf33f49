"""What the browser's forms take for a text: the model's patterns as a browser tries them.

The forms' program knows one pattern for each field, and one sentence for a text that does not fit it. What is
saved loses the space at its ends, so a pattern forgives it: whoever pastes brings it along.
"""

from __future__ import annotations

import re
from typing import Any

from servicebook.content.model.types import FORMATS
from servicebook.content.shapes import Shape
from servicebook.language.messages import Messages

_NAMES = {pattern: name for name, pattern in FORMATS.items()}
# A day of the calendar: to a browser, 2026-02-30 is a text like any other.
_LEAP = r"(?:\d\d(?:0[48]|[2468][048]|[13579][26])|(?:[02468][048]|[13579][26])00)-02-29"
_DAY = rf"""
(?!0000)(?:\d{{4}}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\d|3[01])
|(?:0[469]|11)-(?:0[1-9]|[12]\d|30)|02-(?:0[1-9]|1\d|2[0-8]))|{_LEAP})
""".replace("\n", "")
# To a browser, `\w` is English alone. These are letters, and neither signs nor accents apart from theirs.
_LETTERS = r"\w\u00aa\u00b5\u00ba\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u1fff\u2c00-\ud7ff"
_WORDLIKE = re.compile(r"(?<!\\)\\w")
_CLASS = re.compile(r"\[(?:[^\]\\]|\\.)*\]")


def pattern_of(shape: Shape, required: bool, label: str, say: Messages) -> dict[str, Any]:
    """Return what a text must look like and how a form says so; nothing for one that may be anything."""
    form = (
        "date" if shape.form == "date" else _NAMES.get(shape.pattern, "declared" if shape.pattern else "line")
    )
    limit = shape.max_length
    if form == "line":
        body = r"[\s\S]*"
        said = []
    else:
        written = shape.pattern.removeprefix("^").removesuffix("$")
        body = _DAY if form == "date" else _in_a_browser(written)
        # What a playbook declares is said as it declares it.
        declared = written.removeprefix("(?:").removesuffix(")")
        said = [say(f"cms.format.{form}", pattern=declared)]
    before = ""
    if limit is not None:
        before += rf"(?=[\s\S]{{0,{limit}}}\s*$)"
        said.append(say("cms.format.length", limit=limit))
    if required and form == "line":
        before += r"(?=\S)"
        said.append(say("cms.format.blank"))
    if not said:
        return {}
    return {"pattern": [rf"^\s*{before}(?:{body})\s*$", f"{label}: {' '.join(said)}"]}


def _in_a_browser(pattern: str) -> str:
    """Return a pattern with every language's letters where it says `\\w`."""
    inside = _CLASS.sub(lambda found: _WORDLIKE.sub(lambda _: _LETTERS, found[0]), pattern)
    parts = re.split(f"({_CLASS.pattern})", inside)
    return "".join(
        part if part.startswith("[") else _WORDLIKE.sub(lambda _: f"[{_LETTERS}]", part) for part in parts
    )
