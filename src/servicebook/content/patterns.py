"""Patterns for ids that a playbook may declare: so little of regular expressions that nothing can go wrong.

Every id is a file's name and a part of an address, so letters, digits and `-`, `_`, `.` are all that a
pattern can be made of; and every editor's browser tries it, so none may take long on any text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

LONGEST = 120
_TOKEN = re.compile(
    r"(?P<open>\((?:\?:)?)|(?P<close>\))|(?P<either>\|)"
    r"|(?P<repeat>[*+?]|\{[0-9]{1,2}(?:,(?:[0-9]{1,2})?)?\})"
    r"|(?P<one>\[(?:[A-Za-z0-9](?:-[A-Za-z0-9])?|[._])+-?\]|[A-Za-z0-9_-]|\\[.-])"
)


@dataclass
class _Group:
    """What stands between two parentheses: its signs in order, and whether its length is open."""

    signs: list[str] = field(default_factory=list)
    is_loose: bool = False
    has_choice: bool = False

    @property
    def may_run_away(self) -> bool:
        """Tell whether, repeated, it may match one text in many ways.

        It cannot if its length is fixed, or if it begins with a sign that parts one round from the next.
        """
        parted = self.signs[:1] in (["-"], ["_"], ["."]) and self.signs.count(self.signs[0]) == 1
        return self.has_choice or (self.is_loose and not parted)


def fault_of(pattern: str) -> str | None:
    """Return the rule that a pattern breaks (`id-pattern`, `id-pattern-slow`), or None."""
    groups, place = [_Group()], 0
    closed: _Group | None = None
    while place < len(pattern):
        token = _TOKEN.match(pattern, place)
        if token is None or (token["close"] and len(groups) == 1):
            return "id-pattern"
        place, before, closed = token.end(), closed, None
        if token["open"]:
            groups.append(_Group())
        elif token["close"]:
            closed = groups.pop()
            groups[-1].signs += closed.signs
            groups[-1].is_loose |= closed.is_loose
        elif token["either"]:
            groups[-1].has_choice = True
        elif token["one"]:
            groups[-1].signs += _signs_of(token["one"])
        elif _is_loose(token["repeat"]):
            if before and token["repeat"] != "?" and before.may_run_away:
                return "id-pattern-slow"
            groups[-1].is_loose = True
    return None if len(groups) == 1 and _is_whole(pattern) else "id-pattern"


def _is_whole(pattern: str) -> bool:
    try:
        return len(pattern) <= LONGEST and not re.compile(pattern).fullmatch("")
    except re.error:
        return False


def _is_loose(repeat: str) -> bool:
    """Tell whether a repetition may be of several lengths: `{2}` is not."""
    return not re.fullmatch(r"\{[0-9]+\}", repeat)


def _signs_of(one: str) -> list[str]:
    """Return what a sign or a class of signs may be, as far as it parts anything: letters are one."""
    if not one.startswith("["):
        return [one.removeprefix("\\")]
    parting = [sign for sign in "._" if sign in one] + (["-"] if one.endswith("-]") else [])
    return ["letters", *parting]
