"""How many pages a sheet of one entry should take, reckoned from what is set on it.

The goal is rough on purpose: `typeset` sets a sheet tighter to reach it, and takes what it gets where it
cannot. It is reckoned in rows of one line, as a list has them at its tightest on Letter, the lower paper.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from typing import Any

from servicebook.paper.sheet import Form

# What a sheet has room for under its head.
ROWS_ON_A_SHEET = 36
# What the visit at the head of an audit, the sum and the rule at its foot take.
AROUND_AN_AUDIT = 18
# A line of text beside a box, which is higher than one line and lower than two.
LINE = 0.65
HEADING = 1.1
# The two titles of the reminder with its edges, and a line of it.
REMINDER, REMINDER_LINE = 1.4, 0.62
# A pair of blanks side by side, and the ruled lines that observations get in any case.
BLANKS, OBSERVATIONS = 1.35, 2.7
# Letters to a line: beside a box and an id, and in half the width.
LETTERS, LETTERS_IN_HALF = 80, 50

_PAGE = re.compile(rb"/Type\s*/Page\b")


def pages_in(pdf: bytes) -> int:
    """Return how many pages a PDF has that Typst made."""
    return len(_PAGE.findall(pdf))


def count_pages(form: Form, content: Mapping[str, Any]) -> int | None:
    """Return how many pages a sheet should take: one, unless it holds too much; None for as many as come."""
    if form in ("pocket", "role_play"):
        return None  # cards are set as tight as can be from the start
    if form in ("standard", "poster"):
        return 1  # what such a sheet has no room for it tells
    rows = _in_sections(content.get("sections", ())) + _in_reminder(content.get("reminders", ()))
    rows += AROUND_AN_AUDIT if form == "audit" else _in_sign_off(content.get("sign_off", ()))
    return max(1, math.ceil(rows / ROWS_ON_A_SHEET))


def _in_sections(sections: Sequence[Mapping[str, Any]]) -> float:
    texts = [row["text"] for section in sections for row in section["rows"]]
    return HEADING * len(sections) + sum(max(1, LINE * _lines(text, LETTERS)) for text in texts)


def _in_reminder(pairs: Sequence[Mapping[str, str]]) -> float:
    lines = sum(max(_lines(text, LETTERS_IN_HALF) for text in pair.values()) for pair in pairs)
    return REMINDER + REMINDER_LINE * lines if pairs else 0


def _in_sign_off(fields: Sequence[Mapping[str, str]]) -> float:
    names = [field["name"] for field in fields]
    open_, signed = names.count("observations"), names.count("signer")
    short = len(names) - open_ - signed
    return BLANKS * (math.ceil(short / 2) + math.ceil(signed / 2)) + OBSERVATIONS * open_


def _lines(text: str, letters: int) -> int:
    return math.ceil(len(text) / letters)
